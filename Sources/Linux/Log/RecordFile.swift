import CLinux
import RouteCore

/// A file to which whole records are appended, without ever blocking: a record that does not fit is dropped, and the file stays readable.
package final class RecordFile {
  package let path: String
  private let appender: Appender
  private let failures: Failures
  private var isCrowded = false

  /// Called on the loop's thread with what went wrong; once until something could be written again, so that the daemon does not log the
  /// same for each message.
  package init(_ path: String, _ loop: EventLoop, onError: @escaping (SystemError) -> Void) throws(SystemError) {
    self.path = path
    failures = Failures(path, loop, onError)
    failures.loop.begin()
    appender = Appender(capacity: 8 << 20, onFailure: { [failures] code in failures.loop.post { failures.tell(code) } })
    try reopen()
  }

  /// Reopens the file, so that one that was moved away is released.
  package func reopen() throws(SystemError) {
    appender.begin(try check(Appender.open(path, regularOnly: true), "open \(path)"), owned: true)
  }

  /// Appends a record.
  package func append(_ record: [UInt8]) {
    let isTaken = appender.append(record)
    if !isTaken, !isCrowded { failures.tell(ENOBUFS) }
    isCrowded = !isTaken
  }

  /// What was appended before is still written.
  package func close() {
    failures.onError = { _ in }
    appender.begin(-1, owned: false)
  }

  /// Waits until all is written; false if that takes longer.
  @discardableResult
  package func flush(within limit: Duration) -> Bool { appender.flush(withinNanoseconds: limit.nanoseconds) }

  /// The loop's.
  private final class Failures: @unchecked Sendable {
    let path: String
    let loop: EventLoop
    var onError: (SystemError) -> Void

    init(_ path: String, _ loop: EventLoop, _ onError: @escaping (SystemError) -> Void) {
      self.path = path
      self.loop = loop
      self.onError = onError
    }

    func tell(_ code: Int32) { onError(SystemError(code, "write \(path)")) }
  }
}
