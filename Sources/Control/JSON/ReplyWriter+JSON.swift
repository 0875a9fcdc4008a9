import ControlLanguage

/// JSON as reply lines (code 1900): one document, broken into short lines between tokens. The texts of the lines, joined together, are
/// the document.
extension ReplyWriter {
  /// A line that has reached this column is ended at the next comma.
  private static let jsonColumn = 320

  mutating func beginJSON() {
    jsonNeedsComma = false
    begin(.json)
  }

  mutating func endJSON() { end() }

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

  mutating func openObject() { open("{") }
  mutating func closeObject() { close("}") }
  mutating func openArray() { open("[") }
  mutating func closeArray() { close("]") }

  mutating func object(_ write: (inout ReplyWriter) -> Void) {
    openObject()
    write(&self)
    closeObject()
  }
  mutating func object(_ name: String, _ write: (inout ReplyWriter) -> Void) {
    key(name)
    object(write)
  }
  mutating func array(_ write: (inout ReplyWriter) -> Void) {
    openArray()
    write(&self)
    closeArray()
  }
  mutating func array<Element>(_ elements: [Element], _ write: (inout ReplyWriter, Element) -> Void) {
    array { for element in elements { write(&$0, element) } }
  }
  mutating func array<Element>(_ name: String, _ elements: [Element], _ write: (inout ReplyWriter, Element) -> Void) {
    key(name)
    array(elements, write)
  }

  /// `"name":`, a value must follow.
  mutating func key(_ name: String) {
    separate()
    quote(name)
    text.append(byte: UInt8(ascii: ":"))
    jsonNeedsComma = false
  }

  mutating func value(_ string: String) {
    separate()
    quote(string)
  }

  mutating func value(_ number: UInt64) {
    separate()
    text.append(number)
  }

  mutating func value(_ truth: Bool) {
    separate()
    text.append(truth ? "true" : "false")
  }

  /// A string that `write` appends as text; it must not contain anything that needs an escape.
  mutating func value(plain write: (inout TextBuffer) -> Void) {
    separate()
    text.append(byte: UInt8(ascii: "\""))
    write(&text)
    text.append(byte: UInt8(ascii: "\""))
  }

  mutating func member(_ name: String, _ string: String) {
    key(name)
    value(string)
  }

  /// Nothing for nil.
  mutating func member(_ name: String, _ string: String?) { if let string { member(name, string) } }
  mutating func member(_ name: String, _ number: UInt64) {
    key(name)
    value(number)
  }
  mutating func member(_ name: String, _ truth: Bool) {
    key(name)
    value(truth)
  }
  mutating func member(_ name: String, plain write: (inout TextBuffer) -> Void) {
    key(name)
    value(plain: write)
  }
  mutating func member(_ name: String, _ strings: [String]) {
    array(name, strings) { $0.value($1) }
  }
  mutating func member(_ name: String, _ time: LocalTime) { member(name, plain: { TimeFormat.writeISO(time, to: &$0) }) }

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
