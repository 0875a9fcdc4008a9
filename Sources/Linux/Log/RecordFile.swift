import CLinux
import RouteCore

/// A file to which whole records are appended, without ever waiting: what does not fit is left out, and the file stays readable.
package final class RecordFile {
  package let path: String
  private let appender: Appender
  private let failures: Failures
  private var isCrowded = false

  /// Hears of what went wrong on the loop; once until something could be written again, as the daemon does not say the same of each
  /// message.
  package init(_ path: String, _ loop: EventLoop, onError: @escaping (SystemError) -> Void) throws(SystemError) {
    self.path = path
    failures = Failures(path, loop, onError)
    failures.loop.begin()
    appender = Appender(capacity: 8 << 20, onFailure: { [failures] code in failures.loop.post { failures.tell(code) } })
    try reopen()
  }

  /// Opens the file anew, so that one that was moved away can be let go.
  package func reopen() throws(SystemError) {
    appender.begin(try check(Appender.open(path, regularOnly: true), "open \(path)"), owned: true)
  }

  /// Appends a record.
  package func append(_ record: [UInt8]) {
    let isTaken = appender.append(record)
    if !isTaken, !isCrowded { failures.tell(ENOBUFS) }
    isCrowded = !isTaken
  }

  /// What was appended is written all the same.
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
