import CLinux

/// Writes messages to all targets that take their class.
///
/// A target that cannot take a message loses it but counts it, and says so with its next message: the daemon neither waits for a
/// full syslog nor stops for a full disk.
package final class Log {
  /// The `strftime` pattern of the time in files; see `WallClock.formatted`.
  package var timePattern = "%F %T.%3f"
  /// What stands before each line on standard error.
  package let programName: String
  /// Gets every message as well: the echo of control sessions.
  package var onMessage: ((LogClass, String) -> Void)?

  private var sinks = [Sink]()
  private var classes: UInt16 = 0

  private struct Sink {
    var target: LogTarget
    var writer: Writer
    var lost = 0
  }

  private enum Writer {
    case descriptor(Int32, isFile: Bool)
    case syslog(SyslogWriter)
    case unavailable
  }

  package init(programName: String) {
    self.programName = programName
    sinks = [Sink(target: LogTarget(.standardError), writer: .descriptor(2, isFile: false))]
    classes = 0x1ff
  }

  /// Whether anybody takes messages of the class: ask before composing a long one.
  package func takes(_ messageClass: LogClass) -> Bool { classes & messageClass.bit != 0 || onMessage != nil }

  /// Replaces the targets and opens files anew, so that a rotated file can be let go. What cannot be opened is returned, and tried
  /// again the next time; the others work.
  package func setTargets(_ targets: [LogTarget]) -> [SystemError] {
    for sink in sinks { close(sink) }
    var errors = [SystemError]()
    sinks = targets.map { target in
      switch target.destination {
      case .standardError: return Sink(target: target, writer: .descriptor(2, isFile: false))
      case .syslog(let name, let socket): return Sink(target: target, writer: .syslog(SyslogWriter(name: name, path: socket)))
      case .file(let path, _):
        let descriptor = Log.open(path)
        if descriptor >= 0 { return Sink(target: target, writer: .descriptor(descriptor, isFile: true)) }
        errors.append(SystemError(-descriptor, "open \(path)"))
        return Sink(target: target, writer: .unavailable)
      }
    }
    classes = targets.reduce(0) { $0 | $1.classes }
    return errors
  }

  /// Messages lost and not yet told of.
  package var lost: Int { sinks.reduce(0) { $0 + $1.lost } }

  package func close() {
    for sink in sinks { close(sink) }
    sinks = []
    classes = 0
  }

  private static func open(_ path: String) -> Int32 { cl_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640) }

  private func close(_ sink: Sink) {
    switch sink.writer {
    case .descriptor(let descriptor, isFile: true): CLinux.close(descriptor)
    case .syslog(let writer): writer.close()
    case .descriptor, .unavailable: break
    }
  }

  /// Logs one message. Control characters, which may have come from a peer, become spaces.
  package func write(_ messageClass: LogClass, _ text: @autoclosure () -> String) {
    guard takes(messageClass) else { return }
    let text = Log.printable(text())
    onMessage?(messageClass, text)
    guard classes & messageClass.bit != 0 else { return }
    let now = Clock.wallClock()
    for index in sinks.indices where sinks[index].target.classes & messageClass.bit != 0 {
      if sinks[index].lost > 0, emit("\(sinks[index].lost) messages lost", .warning, now, to: index) { sinks[index].lost = 0 }
      if !emit(text, messageClass, now, to: index) { sinks[index].lost += 1 }
    }
  }

  private func emit(_ text: String, _ messageClass: LogClass, _ now: WallClock, to index: Int) -> Bool {
    switch sinks[index].writer {
    case .descriptor(let descriptor, isFile: false): return Log.writeLine("\(programName): \(text)\n", to: descriptor)
    case .descriptor(_, isFile: true):
      let line = "\(now.formatted(timePattern)) <\(messageClass.label)> \(text)\n"
      makeRoom(for: line.utf8.count, in: index)
      // Another one now, if the file had no room.
      guard case .descriptor(let descriptor, _) = sinks[index].writer else { return false }
      return Log.writeLine(line, to: descriptor)
    case .syslog(let writer): return writer.write(messageClass, text, at: now)
    case .unavailable: return false
    }
  }

  /// Gives a file that would grow beyond its limit its other name, and opens it anew for all who write to it.
  private func makeRoom(for count: Int, in index: Int) {
    guard case .file(let path, let limit?) = sinks[index].target.destination, case .descriptor(let descriptor, _) = sinks[index].writer
    else { return }
    var information = stat()
    // What is no file, such as a pipe or /dev/null, has no size.
    guard fstat(descriptor, &information) == 0, information.st_mode & UInt32(S_IFMT) == UInt32(S_IFREG),
      Int(information.st_size) + count > limit.size
    else { return }
    let isOut = rename(path, limit.backup) == 0 || unlink(path) == 0
    for other in sinks.indices {
      guard case .file(path, _) = sinks[other].target.destination, case .descriptor = sinks[other].writer else { continue }
      close(sinks[other])
      // A file that can be neither renamed nor removed must not grow.
      let descriptor = isOut ? Log.open(path) : -1
      sinks[other].writer = descriptor >= 0 ? .descriptor(descriptor, isFile: true) : .unavailable
    }
  }

  private static func writeLine(_ line: String, to descriptor: Int32) -> Bool {
    var line = line
    return line.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = CLinux.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        written += count
      }
      return true
    }
  }

  /// The text in one line.
  static func printable(_ text: String) -> String {
    let isClean = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    if isClean { return text }
    return String(decoding: text.utf8.map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 }, as: UTF8.self)
  }
}
