/// One line of a reply as the client sees it.
package struct ReplyLine: Hashable, Sendable {
  package enum Position: Hashable, Sendable {
    /// More lines of this reply follow.
    case more
    /// The reply ends here.
    case last
    /// `+`: an asynchronous message, not part of a reply.
    case asynchronous
  }
  package var code: ReplyCode
  package var position: Position
  package var text: String
  /// The line began with one space: its code is that of the line before.
  package var isAbbreviated: Bool
}

/// The client's side of the framing: bytes in, lines out. A continuation line takes the code of the line before, also across
/// replies, as BIRD 1.6 daemons need it.
package struct ReplyParser: Sendable {
  /// A line longer than this ends the connection: no daemon sends one.
  package static let lineLimit = 1 << 20

  private var buffer: [UInt8] = []
  private var consumed = 0
  private var lastCode = ReplyCode.ok

  /// Input that no daemon sends.
  package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    case lineTooLong
    case malformed(String)

    package var description: String {
      switch self {
      case .lineTooLong: "a line without end"
      case .malformed(let line): "'\(line)'"
      }
    }
  }

  package init() {}

  package mutating func receive(_ bytes: some Sequence<UInt8>) {
    if consumed > 0 {
      buffer.removeFirst(consumed)
      consumed = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next complete line, or nil until more bytes have arrived.
  package mutating func next() throws(Failure) -> ReplyLine? {
    guard let end = buffer[consumed...].firstIndex(of: 0x0a) else {
      if buffer.count - consumed > ReplyParser.lineLimit { throw .lineTooLong }
      return nil
    }
    let line = buffer[consumed..<end]
    consumed = end + 1
    return try parse(line)
  }

  private mutating func parse(_ line: ArraySlice<UInt8>) throws(Failure) -> ReplyLine {
    func text(after count: Int) -> String { String(decoding: line.dropFirst(count), as: UTF8.self) }
    switch line.first {
    case UInt8(ascii: " "):
      return ReplyLine(code: lastCode, position: .more, text: text(after: 1), isAbbreviated: true)
    case UInt8(ascii: "+"):
      return ReplyLine(code: .ok, position: .asynchronous, text: text(after: 1), isAbbreviated: false)
    default:
      break
    }
    var code: UInt16 = 0
    for digit in line.prefix(4) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { throw .malformed(text(after: 0)) }
      code = code * 10 + UInt16(digit - UInt8(ascii: "0"))
    }
    guard line.count >= 5 else { throw .malformed(text(after: 0)) }
    let position: ReplyLine.Position
    switch line[line.startIndex + 4] {
    case UInt8(ascii: "-"): position = .more
    case UInt8(ascii: " "): position = .last
    default: throw .malformed(text(after: 0))
    }
    lastCode = ReplyCode(rawValue: code)
    return ReplyLine(code: lastCode, position: position, text: text(after: 5), isAbbreviated: false)
  }
}
