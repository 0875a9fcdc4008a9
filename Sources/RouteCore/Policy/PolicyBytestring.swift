// Bytestrings: bytes that are written and shown as hexadecimal digits.

package enum PolicyBytestring {
  /// Hands over the bytes that a text names, with spaces, `-`, `.` and `:` between them as one likes. False if the text has something
  /// else, or half a byte.
  package static func decode(_ text: some Sequence<UInt8>, _ take: (UInt8) -> Void) -> Bool {
    var high: UInt8?
    for character in text {
      guard let digit = value(of: character) else {
        guard high == nil, isSeparator(character) else { return false }
        continue
      }
      if let first = high {
        take(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil
  }

  private static func isSeparator(_ character: UInt8) -> Bool {
    character == UInt8(ascii: ":") || character == UInt8(ascii: " ") || character == UInt8(ascii: "-") || character == UInt8(ascii: ".")
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// `01:23:…`; BIRD's room for it is a thousand characters.
  static func describe(_ bytes: UnsafeRawBufferPointer) -> String {
    let isCut = bytes.count > maximumShown
    let shown = isCut ? bytes.prefix(maximumShown - 1) : bytes[...]
    return shown.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":") + (isCut ? "..." : "")
  }

  private static var maximumShown: Int { 333 }
}

extension PolicyInterpreter {
  /// `from_hex(TEXT)`
  mutating func readHex(_ program: PolicyProgram, _ route: inout PolicyRoute) {
    let text = stack.pop()
    guard text.kind == .string else { return failure = .invalidValue }
    scratch.removeAll()
    let isHex = PolicyInterpreter.withBytes(text, arena.view, program, route) { bytes in
      PolicyBytestring.decode(bytes) { scratch.append($0) }
    }
    if !isHex { return failure = .invalidHex }
    stack.push(madeOfScratch(.bytestring))
  }
}
