/// JSON as reply lines (code 1900): one document, broken into lines between tokens, so that lines stay short. Whoever puts the texts of
/// the lines one after the other has the document.
extension ReplyWriter {
  /// A line that has reached this column is ended at the next comma.
  private static let jsonColumn = 320

  package mutating func beginJSON() {
    jsonNeedsComma = false
    begin(.json)
  }

  package mutating func endJSON() { end() }

  private mutating func separate() {
    if jsonNeedsComma {
      text.append(byte: UInt8(ascii: ","))
      if column > ReplyWriter.jsonColumn {
        end()
        begin(.json)
      }
    }
    jsonNeedsComma = true
  }

  private mutating func open(_ bracket: Character) {
    separate()
    text.append(byte: bracket.asciiValue ?? 0x7b)
    jsonNeedsComma = false
  }

  private mutating func close(_ bracket: Character) {
    text.append(byte: bracket.asciiValue ?? 0x7d)
    jsonNeedsComma = true
  }

  package mutating func openObject() { open("{") }
  package mutating func closeObject() { close("}") }
  package mutating func openArray() { open("[") }
  package mutating func closeArray() { close("]") }

  /// `"name":`, a value must follow.
  package mutating func key(_ name: String) {
    separate()
    quote(name)
    text.append(byte: UInt8(ascii: ":"))
    jsonNeedsComma = false
  }

  package mutating func value(_ string: String) {
    separate()
    quote(string)
  }

  package mutating func value(_ number: UInt64) {
    separate()
    text.append(number)
  }

  package mutating func value(_ truth: Bool) {
    separate()
    text.append(truth ? "true" : "false")
  }

  /// A string that `write` writes as text without anything that would need an escape.
  package mutating func value(plain write: (inout TextBuffer) -> Void) {
    separate()
    text.append(byte: UInt8(ascii: "\""))
    write(&text)
    text.append(byte: UInt8(ascii: "\""))
  }

  package mutating func member(_ name: String, _ string: String) {
    key(name)
    value(string)
  }

  /// Nothing for nil.
  package mutating func member(_ name: String, _ string: String?) { if let string { member(name, string) } }
  package mutating func member(_ name: String, _ number: UInt64) {
    key(name)
    value(number)
  }
  package mutating func member(_ name: String, _ truth: Bool) {
    key(name)
    value(truth)
  }
  package mutating func member(_ name: String, plain write: (inout TextBuffer) -> Void) {
    key(name)
    value(plain: write)
  }
  package mutating func member(_ name: String, _ strings: [String]) {
    key(name)
    openArray()
    for string in strings { value(string) }
    closeArray()
  }
  package mutating func member(_ name: String, _ time: LocalTime) { member(name, plain: { TimeFormat.writeISO(time, to: &$0) }) }

  /// RFC 8259 §7.
  private mutating func quote(_ string: String) {
    text.append(byte: UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(byte: UInt8(ascii: "\\"))
        text.append(byte: byte)
      case 0..<0x20, 0x7f:
        text.append("\\u")
        text.append(hex: UInt64(byte), width: 4)
      default: text.append(byte: byte)
      }
    }
    text.append(byte: UInt8(ascii: "\""))
  }
}
