import CLinux

/// The class of a log message: its subject, and so its severity.
package enum LogClass: UInt8, Sendable, CaseIterable {
  case debug, trace, info, remote, warning, error, auth, fatal, bug

  /// As written in front of a message: `<WARN>`.
  package var label: String {
    switch self {
    case .debug: "DBG"
    case .trace: "TRACE"
    case .info: "INFO"
    case .remote: "RMT"
    case .warning: "WARN"
    case .error: "ERR"
    case .auth: "AUTH"
    case .fatal: "FATAL"
    case .bug: "BUG"
    }
  }

  /// The syslog severity (RFC 3164 §4.1.1).
  package var severity: Int32 {
    switch self {
    case .debug, .trace: LOG_DEBUG
    case .info: LOG_INFO
    case .warning: LOG_WARNING
    case .remote, .error, .auth: LOG_ERR
    case .fatal, .bug: LOG_CRIT
    }
  }

  /// The class's bit in a mask of classes, `debug` the lowest.
  package var bit: UInt16 { 1 << UInt16(rawValue) }
}

/// Where messages go.
package struct LogTarget: Hashable, Sendable {
  package enum Destination: Hashable, Sendable {
    case standardError
    /// Appended to; reopened when the targets are set again, and when it has reached its limit.
    case file(String, limit: FileLimit? = nil)
    /// `name` precedes the messages. The socket's path is the system's except in tests.
    case syslog(name: String, socket: String = "/dev/log")
  }

  /// A file that would grow beyond `size` bytes is renamed to `backup`, replacing any file of that name.
  package struct FileLimit: Hashable, Sendable {
    package var size: Int
    package var backup: String

    package init(size: Int, backup: String) {
      self.size = size
      self.backup = backup
    }
  }

  package var destination: Destination
  /// The classes it accepts: the sum of their `bit`s.
  package var classes: UInt16

  package init(_ destination: Destination, classes: UInt16 = 0x1ff) {
    self.destination = destination
    self.classes = classes
  }
}
