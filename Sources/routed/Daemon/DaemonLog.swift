import Configuration
import Linux

/// The daemon's log: targets and classes of the configuration, and the trace lines of protocols that ask for them.
final class DaemonLog {
  let log: Log

  init(_ log: Log) { self.log = log }

  func write(_ level: LogClass, _ text: @autoclosure () -> String) { log.write(level, text()) }
  func info(_ text: @autoclosure () -> String) { write(.info, text()) }
  func warning(_ text: @autoclosure () -> String) { write(.warning, text()) }
  func error(_ text: @autoclosure () -> String) { write(.error, text()) }
  func remote(_ text: @autoclosure () -> String) { write(.remote, text()) }
  func fatal(_ text: @autoclosure () -> String) { write(.fatal, text()) }

  /// A trace line of a protocol, if its `debug` flags ask for it.
  func trace(_ instance: ProtocolInstance, _ flag: DebugMask, _ text: @autoclosure () -> String) {
    if instance.configuration.debug.contains(flag) { write(.trace, "\(instance.name): \(text())") }
  }

  /// Waits for everything logged to be written before the end, at most this long.
  func flush(within limit: Duration) { log.flush(within: limit) }

  /// Sends the log to the targets of a configuration. Without `log` that is syslog, or standard error in the foreground.
  func configure(_ configuration: Configuration, _ options: CommandOptions) {
    var targets = configuration.logTargets.map { target in
      switch target.destination {
      case .file(let path, let limit):
        Linux.LogTarget(
          .file(path, limit: limit.map { Linux.LogTarget.FileLimit(size: Int($0.size), backup: $0.backup) }),
          classes: target.classes.rawValue)
      case .syslog(let name): Linux.LogTarget(.syslog(name: name ?? "routed"), classes: target.classes.rawValue)
      case .standardError: Linux.LogTarget(.standardError, classes: target.classes.rawValue)
      }
    }
    if options.debugToStandardError {
      targets.removeAll { $0.destination == .standardError }
      targets.append(Linux.LogTarget(.standardError))
    } else if targets.isEmpty {
      targets.append(options.isForeground ? Linux.LogTarget(.standardError) : Linux.LogTarget(.syslog(name: "routed")))
    }
    if let path = options.debugFile { targets.append(Linux.LogTarget(.file(path))) }
    log.timePattern = configuration.timeFormats.log.recentPattern
    for problem in log.setTargets(targets) { error("\(problem)") }
  }
}

extension TimeFormat {
  /// The pattern of a time that is now.
  fileprivate var recentPattern: String {
    switch self {
    case .isoShort(let fraction): "%T\(fraction.pattern)"
    case .isoLong(let fraction): "%F %T\(fraction.pattern)"
    case .oldShort: "%H:%M"
    case .oldLong: "%d-%m-%Y %T"
    case .custom(let recent, _, _): recent
    }
  }
}

extension TimeFormat.Fraction {
  fileprivate var pattern: String {
    switch self {
    case .none: ""
    case .milliseconds: ".%3f"
    case .microseconds: ".%6f"
    }
  }
}
