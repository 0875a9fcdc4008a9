import RouteCore

/// A growing buffer of text bytes. Reuse one: `removeAll()` keeps its storage, so that writing a route allocates nothing.
package struct TextBuffer: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var count: Int { bytes.count }
  package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
  package mutating func reserve(_ capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Forgets everything after the first `count` bytes.
  package mutating func truncate(to count: Int) { if count >= 0, count < bytes.count { bytes.removeLast(bytes.count - count) } }

  /// Drops the first `count` bytes: what has been sent.
  package mutating func drop(first count: Int) { bytes.removeFirst(min(max(count, 0), bytes.count)) }

  @inline(__always) package mutating func append(byte: UInt8) { bytes.append(byte) }
  @inline(__always) package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  package mutating func append(spaces count: Int) { if count > 0 { bytes.append(contentsOf: repeatElement(0x20, count: count)) } }

  /// Adds spaces until the text that began at `start` is `width` bytes wide.
  package mutating func pad(from start: Int, to width: Int) { append(spaces: width - (bytes.count - start)) }

  /// Moves the text that began at `start` to the right end of a field of `width` bytes.
  package mutating func alignRight(from start: Int, to width: Int) {
    let missing = width - (bytes.count - start)
    guard missing > 0, start >= 0, start <= bytes.count else { return }
    bytes.insert(contentsOf: repeatElement(0x20, count: missing), at: start)
  }

  /// Replaces control characters from `start` on (all but TAB), so that a name or a peer's message cannot end a line early.
  package mutating func neutralize(from start: Int) {
    guard start >= 0, start < bytes.count else { return }
    bytes.withUnsafeMutableBufferPointer { bytes in
      for index in start..<bytes.count where (bytes[index] < 0x20 && bytes[index] != 0x09) || bytes[index] == 0x7f {
        bytes[index] = UInt8(ascii: "?")
      }
    }
  }

  package mutating func replace(at index: Int, with byte: UInt8) { if index >= 0, index < bytes.count { bytes[index] = byte } }
}

extension TextBuffer {
  /// A number in decimal, right-aligned in `width`, filled with spaces.
  package mutating func append(_ value: UInt64, width: Int = 0) { append(digits: value, radix: 10, width: width, fill: 0x20) }
  package mutating func append(_ value: UInt32, width: Int = 0) { append(UInt64(value), width: width) }
  package mutating func append(_ value: UInt16, width: Int = 0) { append(UInt64(value), width: width) }
  package mutating func append(_ value: UInt8, width: Int = 0) { append(UInt64(value), width: width) }
  package mutating func append(_ value: Int, width: Int = 0) {
    if value >= 0 { return append(UInt64(value), width: width) }
    append(spaces: width - 1 - TextBuffer.digitCount(UInt64(value.magnitude)))
    append(byte: UInt8(ascii: "-"))
    append(UInt64(value.magnitude))
  }

  /// A number in decimal, filled with zeros to `width`.
  package mutating func append(zeroPadded value: UInt64, width: Int) { append(digits: value, radix: 10, width: width, fill: 0x30) }

  /// A number in lower-case hexadecimal, filled with zeros to `width`.
  package mutating func append(hex value: UInt64, width: Int = 0) { append(digits: value, radix: 16, width: width, fill: 0x30) }

  private static func digitCount(_ value: UInt64) -> Int {
    var count = 1
    var rest = value / 10
    while rest > 0 {
      count += 1
      rest /= 10
    }
    return count
  }

  private mutating func append(digits value: UInt64, radix: UInt64, width: Int, fill: UInt8) {
    var divisor: UInt64 = 1
    var count = 1
    while value / divisor >= radix {
      divisor *= radix
      count += 1
    }
    if count < width { bytes.append(contentsOf: repeatElement(fill, count: width - count)) }
    var rest = value
    while divisor > 0 {
      let digit = UInt8(truncatingIfNeeded: rest / divisor)
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      rest %= divisor
      divisor /= radix
    }
  }
}

extension TextBuffer {
  /// An address in the form of RFC 5952, as `IPAddress.description` but without allocating.
  package mutating func append(_ address: IPAddress) {
    if let v4 = address.ipv4 { return append(RouterID(rawValue: v4)) }
    // RFC 5952 §4.2.3: the longest run of zero groups, the first of equals, and never a run of one.
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, TextBuffer.group(end, of: address) == 0 { end += 1 }
      if end - index > max(best.count, 1) { best = index..<end }
      index = max(end, index + 1)
    }
    index = 0
    while index < 8 {
      if index == best.lowerBound, !best.isEmpty {
        append("::" as StaticString)
        index = best.upperBound
        continue
      }
      if index > 0, index != best.upperBound || best.isEmpty { append(byte: UInt8(ascii: ":")) }
      append(hex: UInt64(TextBuffer.group(index, of: address)))
      index += 1
    }
  }

  private static func group(_ index: Int, of address: IPAddress) -> UInt16 {
    UInt16(truncatingIfNeeded: (index < 4 ? address.high : address.low) >> UInt64(48 - 16 * (index & 3)))
  }

  package mutating func append(_ prefix: Prefix) {
    append(prefix.address)
    append(byte: UInt8(ascii: "/"))
    append(prefix.length)
  }

  package mutating func append(_ id: RouterID) {
    append(id.rawValue >> 24)
    for shift in stride(from: UInt32(16), through: 0, by: -8) {
      append(byte: UInt8(ascii: "."))
      append(id.rawValue >> shift & 0xff)
    }
  }
}
