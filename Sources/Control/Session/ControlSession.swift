import ControlLanguage
import RouteCore

/// The server's side of one connection: bytes in, commands out, replies written into `reply`.
///
/// The daemon feeds `receive`, calls `next` when the previous reply is complete, executes the request and writes into `reply`; bytes of
/// `reply` may be sent at any time (`reply.drop`). Requests are handled one after the other, in the order of arrival.
package struct ControlSession: Sendable {
  /// The longest request, without its newline; BIRD's limit.
  package static let requestLimit = 4094
  /// Beyond this much unhandled input the daemon should stop reading until requests have been handled.
  package static let inputLimit = 64 * 1024

  package let format: CLIFormat
  package private(set) var isRestricted: Bool
  /// What is to be sent.
  package var reply = ReplyWriter()
  private var input: [UInt8] = []
  /// Where the first unhandled request begins.
  private var start = 0
  /// How far the input has been searched for a newline.
  private var scanned = 0
  /// The current request is too long: it is dropped up to its newline.
  private var isSkipping = false

  package init(_ format: CLIFormat, isRestricted: Bool = false) {
    self.format = format
    self.isRestricted = isRestricted
    // All clients look for `BIRD <version> ready.`
    reply.final(.welcome, "BIRD \(format.version) ready.")
  }

  /// Whether the daemon should go on reading.
  package var wantsInput: Bool { input.count - start < ControlSession.inputLimit }

  /// Takes in what was read from the socket.
  package mutating func receive(_ bytes: RawSpan) {
    if start > 0 {
      input.removeFirst(start)
      scanned -= start
      start = 0
    }
    bytes.withUnsafeBytes { bytes in
      for byte in bytes where byte != UInt8(ascii: "\r") { input.append(byte) }
    }
  }

  /// The next request to execute, or nil when more input is needed. Errors of framing and syntax, `restrict` and what it forbids are
  /// answered on the way.
  package mutating func next() -> Request? {
    while let line = nextLine() {
      do throws(ControlError) {
        let request = try CommandParser.parse(line, format)
        if isRestricted, request.command.isMutating(in: format) { throw .accessDenied }
        switch request.command {
        case .restrict:
          isRestricted = true
          reply.final(.accessRestricted, "Access restricted")
        case .echoOff: reply.final(.ok)
        default: return request
        }
      } catch {
        reply.fail(error)
      }
    }
    return nil
  }

  private mutating func nextLine() -> String? {
    while true {
      guard let end = input[scanned...].firstIndex(of: 0x0a) else {
        scanned = input.count
        if scanned - start > ControlSession.requestLimit {
          isSkipping = true
          start = scanned
        }
        return nil
      }
      let line = input[start..<end]
      start = end + 1
      scanned = start
      if isSkipping || line.count > ControlSession.requestLimit {
        isSkipping = false
        reply.final(.commandTooLong, "Command too long")
        continue
      }
      return String(decoding: line, as: UTF8.self)
    }
  }
}
