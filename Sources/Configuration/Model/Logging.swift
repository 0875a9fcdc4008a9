/// `log …`.
package struct LogTarget: Hashable, Sendable {
  package enum Destination: Hashable, Sendable {
    case file(String, limit: FileLimit? = nil)
    /// With the name that precedes the messages; nil is the program's.
    case syslog(name: String?)
    case standardError
  }
  /// How large a log file may grow, in bytes, and what it is renamed to then.
  package struct FileLimit: Hashable, Sendable {
    package var size: UInt32
    package var backup: String
  }
  package var destination: Destination
  package var classes: LogClasses
}

/// Classes of log messages.
package struct LogClasses: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let debug = LogClasses(rawValue: 1 << 0)
  package static let trace = LogClasses(rawValue: 1 << 1)
  package static let info = LogClasses(rawValue: 1 << 2)
  package static let remote = LogClasses(rawValue: 1 << 3)
  package static let warning = LogClasses(rawValue: 1 << 4)
  package static let error = LogClasses(rawValue: 1 << 5)
  package static let auth = LogClasses(rawValue: 1 << 6)
  package static let fatal = LogClasses(rawValue: 1 << 7)
  package static let bug = LogClasses(rawValue: 1 << 8)
  package static let all = LogClasses(rawValue: (1 << 9) - 1)

  static let names: [(name: String, value: LogClasses)] = [
    ("debug", .debug), ("trace", .trace), ("info", .info), ("remote", .remote), ("warning", .warning), ("error", .error), ("auth", .auth),
    ("fatal", .fatal), ("bug", .bug),
  ]
}

/// What a protocol writes to the log besides its errors: `debug`.
package struct DebugMask: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let states = DebugMask(rawValue: 1 << 0)
  package static let routes = DebugMask(rawValue: 1 << 1)
  package static let filters = DebugMask(rawValue: 1 << 2)
  package static let interfaces = DebugMask(rawValue: 1 << 3)
  package static let events = DebugMask(rawValue: 1 << 4)
  package static let packets = DebugMask(rawValue: 1 << 5)
  package static let all = DebugMask(rawValue: (1 << 6) - 1)

  static let names: [(name: String, value: DebugMask)] = [
    ("states", .states), ("routes", .routes), ("filters", .filters), ("interfaces", .interfaces), ("events", .events),
    ("packets", .packets),
  ]
}

/// `timeformat`: how times are shown in the four places that can be set.
package struct TimeFormats: Hashable, Sendable {
  package var route: TimeFormat
  package var `protocol`: TimeFormat
  package var base: TimeFormat
  package var log: TimeFormat

  /// The defaults: 2.x shows milliseconds, 1.6 whole seconds.
  init(dialect: Dialect) {
    let fraction: TimeFormat.Fraction = dialect == .bird2 ? .milliseconds : .none
    route = .isoShort(fraction)
    `protocol` = .isoShort(fraction)
    base = .isoLong(fraction)
    log = .isoLong(fraction)
  }
}

package enum TimeFormat: Hashable, Sendable {
  package enum Fraction: Hashable, Sendable {
    case none, milliseconds, microseconds
  }
  /// The time of day when less than 20 hours ago, else the date.
  case isoShort(Fraction)
  /// Date and time.
  case isoLong(Fraction)
  /// `10:20`, `Mar07`, `2010`, by age.
  case oldShort
  /// `07-03-2010 10:20:30`.
  case oldLong
  /// strftime formats: the first, and for times longer ago than so many seconds the second.
  case custom(recent: String, limit: UInt32, older: String?)
}
