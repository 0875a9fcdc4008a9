import ControlLanguage

/// The words of a command line, with their places in it, so that the rest can be handed on as it stands.
struct CommandLexer {
  enum Kind: Hashable {
    /// Anything between spaces: keyword, name, number, address, prefix.
    case word
    /// `'name'`: never a keyword.
    case quotedName
    /// `"text"`
    case text
    /// One of `{ } ( ) [ ] , ;`
    case punctuation
  }
  struct Token: Hashable {
    var kind: Kind
    /// Without its quotes.
    var text: String
    var range: Range<Int>
  }

  let line: [UInt8]
  private(set) var position = 0

  init(_ line: String) { self.line = Array(line.utf8) }

  mutating func next() throws(ControlError) -> Token? {
    guard let token = try peek() else { return nil }
    position = token.range.upperBound
    return token
  }

  func peek() throws(ControlError) -> Token? {
    var start = position
    while start < line.count, CommandLexer.isSpace(line[start]) { start += 1 }
    // What follows `#` is a comment.
    guard start < line.count, line[start] != UInt8(ascii: "#") else { return nil }
    let first = line[start]
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      guard let end = line[(start + 1)...].firstIndex(of: first) else {
        throw ControlError(.parseError, first == UInt8(ascii: "\"") ? "Unterminated string" : "syntax error")
      }
      let text = String(decoding: line[(start + 1)..<end], as: UTF8.self)
      return Token(kind: first == UInt8(ascii: "\"") ? .text : .quotedName, text: text, range: start..<(end + 1))
    }
    var end = start
    while end < line.count, !CommandLexer.isSpace(line[end]), !CommandLexer.isDelimiter(line[end]) { end += 1 }
    let kind: Kind = end == start ? .punctuation : .word
    if end == start { end += 1 }
    return Token(kind: kind, text: String(decoding: line[start..<end], as: UTF8.self), range: start..<end)
  }

  /// The rest of the line without the spaces around it; nothing is left afterwards.
  mutating func rest() -> String {
    let rest = CommandLexer.trimmed(line[position...])
    position = line.count
    return rest
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
    while let last = bytes.last, isSpace(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    switch UnicodeScalar(byte) {
    case "{", "}", "(", ")", "[", "]", ",", ";", "\"": true
    default: false
    }
  }
}

extension CommandLexer {
  /// The text from the next token, an opening brace, up to and including the matching one; nil if there is none.
  mutating func bracedText() throws(ControlError) -> String? {
    guard let open = try peek(), open.kind == .punctuation, open.text == "{" else { return nil }
    var depth = 0
    var index = open.range.lowerBound
    while index < line.count {
      switch line[index] {
      case UInt8(ascii: "\""):
        guard let end = line[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
          throw ControlError(.parseError, "Unterminated string")
        }
        index = end
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      default: break
      }
      index += 1
      if depth == 0 {
        position = index
        return String(decoding: line[open.range.lowerBound..<index], as: UTF8.self)
      }
    }
    return nil
  }

  /// The term that begins here. It ends where, outside of all brackets, an operand is followed by one of the option words: in a term
  /// two operands never stand side by side.
  mutating func term(until isOption: (String) -> Bool) throws(ControlError) -> String {
    let start = position
    var depth = 0
    var afterOperand = false
    while position < line.count, line[position] != UInt8(ascii: "#") {
      let byte = line[position]
      if CommandLexer.isSpace(byte) {
        position += 1
        continue
      }
      if byte == UInt8(ascii: "\"") {
        guard let end = line[(position + 1)...].firstIndex(of: byte) else { throw ControlError(.parseError, "Unterminated string") }
        position = end + 1
        afterOperand = true
      } else if CommandLexer.isOperandByte(byte) {
        var end = position
        while end < line.count, CommandLexer.isOperandByte(line[end]) { end += 1 }
        let word = String(decoding: line[position..<end], as: UTF8.self)
        if depth == 0, afterOperand, isOption(word) { break }
        position = end
        // `if defined(x)`, `-5`: an operator word leaves an operand to come, but none of them is an option word.
        afterOperand = true
      } else {
        switch UnicodeScalar(byte) {
        case "(", "[", "{":
          depth += 1
          afterOperand = false
        case ")", "]", "}":
          depth = max(depth - 1, 0)
          afterOperand = true
        default:
          afterOperand = false
        }
        position += 1
      }
    }
    return CommandLexer.trimmed(line[start..<position])
  }

  private static func isOperandByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "'"): true
    default: byte >= 0x80
    }
  }
}
