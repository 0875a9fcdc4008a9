import CLinux
import RouteCore

/// Writes messages to all targets that accept their class.
///
/// A target that cannot accept a message drops and counts it, and says so with its next message: the daemon never waits for a full syslog
/// or disk, a slow file or the reader of a pipe (files and pipes have an `Appender` each).
package final class Log {
  /// The `strftime` pattern of the time in files; see `WallClock.formatted`. Set it before the targets.
  package var timePattern = "%F %T.%3f"
  /// Precedes each line on standard error.
  package let programName: String
  /// Gets every message as well: the echo of control sessions.
  package var onMessage: ((LogClass, String) -> Void)?

  private var sinks = [Sink]()
  private var classes: UInt16 = 0

  private struct Sink {
    var target: LogTarget
    var writer: Writer
    /// In addition to what its appender counts.
    var lost = 0
  }

  private enum Writer {
    case standardError(Appender)
    /// Shared by all targets that write to the file.
    case file(Appender, path: String, pattern: String, Appender.Limit?)
    case syslog(SyslogWriter)
    case unavailable

    var appender: Appender? {
      switch self {
      case .standardError(let appender), .file(let appender, _, _, _): appender
      case .syslog, .unavailable: nil
      }
    }
  }

  package init(programName: String) {
    self.programName = programName
    classes = 0x1ff
    sinks = [Sink(target: LogTarget(.standardError), writer: .standardError(standardError()))]
  }

  /// Whether any target accepts messages of the class: ask before composing a long one.
  package func takes(_ messageClass: LogClass) -> Bool { classes & messageClass.bit != 0 || onMessage != nil }

  /// Replaces the targets and reopens files, so that rotated files are released. Returns the targets that cannot be opened; they are tried
  /// again the next time.
  package func setTargets(_ targets: [LogTarget]) -> [SystemError] {
    let before = sinks
    var errors = [SystemError]()
    sinks = []
    for target in targets {
      var writer = Writer.unavailable
      switch target.destination {
      case .standardError: writer = .standardError(standardErrorAppender(in: before) ?? standardError())
      case .syslog(let name, let socket): writer = .syslog(SyslogWriter(name: name, path: socket))
      case .file(let path, let limit):
        let appenderLimit = limit.map { Appender.Limit(size: $0.size, path: path, backup: $0.backup) }
        if let appender = appender(of: path, in: sinks) {
          writer = .file(appender, path: path, pattern: timePattern, appenderLimit)
        } else {
          let descriptor = Appender.open(path)
          if descriptor >= 0 {
            // The appender that had the file is kept, so that messages stay in order.
            let appender = appender(of: path, in: before) ?? file()
            appender.begin(descriptor, owned: true)
            writer = .file(appender, path: path, pattern: timePattern, appenderLimit)
          } else {
            errors.append(SystemError(-descriptor, "open \(path)"))
          }
        }
      }
      sinks.append(Sink(target: target, writer: writer))
    }
    for case .syslog(let writer) in before.map({ $0.writer }) { writer.close() }
    classes = targets.reduce(0) { $0 | $1.classes }
    return errors
  }

  private func appender(of path: String, in sinks: [Sink]) -> Appender? {
    for sink in sinks { if case .file(let appender, path, _, _) = sink.writer { return appender } }
    return nil
  }

  private func standardErrorAppender(in sinks: [Sink]) -> Appender? {
    for sink in sinks { if case .standardError(let appender) = sink.writer { return appender } }
    return nil
  }

  private func standardError() -> Appender {
    let name = programName
    let appender = Appender(note: { Array("\(name): \($0) messages lost\n".utf8) })
    appender.begin(2, owned: false)
    return appender
  }

  private func file() -> Appender {
    let pattern = timePattern
    return Appender(note: { Log.line("\($0) messages lost", .warning, Clock.wallClock(), pattern) })
  }

  private static func line(_ text: String, _ messageClass: LogClass, _ now: WallClock, _ pattern: String) -> [UInt8] {
    Array("\(now.formatted(pattern)) <\(messageClass.label)> \(text)\n".utf8)
  }

  /// Messages lost and not yet reported.
  package var lost: Int {
    var counted = [Appender]()
    var count = 0
    for sink in sinks {
      count += sink.lost
      guard let appender = sink.writer.appender, !counted.contains(where: { $0 === appender }) else { continue }
      counted.append(appender)
      count += appender.untold
    }
    return count
  }

  /// Waits until everything logged is written, or the time is over; returns whether it is.
  @discardableResult
  package func flush(within limit: Duration) -> Bool {
    let end = Clock.now() + limit
    var isDone = true
    for sink in sinks {
      guard let appender = sink.writer.appender else { continue }
      if !appender.flush(withinNanoseconds: max((end - Clock.now()).nanoseconds, 0)) { isDone = false }
    }
    return isDone
  }

  /// What was logged before is still written.
  package func close() {
    _ = setTargets([])
  }

  /// Logs one message. Control characters, which may have come from a peer, become spaces.
  package func write(_ messageClass: LogClass, _ text: @autoclosure () -> String) {
    guard takes(messageClass) else { return }
    let text = Log.printable(text())
    onMessage?(messageClass, text)
    guard classes & messageClass.bit != 0 else { return }
    let now = Clock.wallClock()
    for index in sinks.indices where sinks[index].target.classes & messageClass.bit != 0 {
      switch sinks[index].writer {
      case .standardError(let appender): appender.append(Array("\(programName): \(text)\n".utf8))
      case .file(let appender, _, let pattern, let limit):
        appender.append(Log.line(text, messageClass, now, pattern), limit: limit)
      case .syslog(let writer):
        if sinks[index].lost > 0, writer.write(.warning, "\(sinks[index].lost) messages lost", at: now) { sinks[index].lost = 0 }
        if !writer.write(messageClass, text, at: now) { sinks[index].lost += 1 }
      case .unavailable: sinks[index].lost += 1
      }
    }
  }

  /// The text on one line.
  static func printable(_ text: String) -> String {
    let isClean = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    if isClean { return text }
    return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 }, as: UTF8.self)
  }
}
