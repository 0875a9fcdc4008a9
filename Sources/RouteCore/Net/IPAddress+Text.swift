extension IPAddress: LosslessStringConvertible, CustomStringConvertible {
  /// Reads `a.b.c.d` or any textual form of RFC 4291 §2.2.
  public init?(_ text: String) {
    var text = text
    let value = text.withUTF8 { bytes in IPAddress.parse(bytes) }
    guard let value else { return nil }
    self = value
  }

  /// `a.b.c.d`, or the canonical form of RFC 5952.
  public var description: String {
    var out = ""
    write(to: &out)
    return out
  }

  package func write(to out: inout String) {
    if let v4 = ipv4 { return RouterID(rawValue: v4).write(to: &out) }
    let groups = (0..<8).map { index in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)))
    }
    // RFC 5952 §4.2.3: the longest run of zero groups, the first of equals, and never a run of one.
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > max(best.count, 1) { best = index..<end }
      index = max(end, index + 1)
    }
    index = 0
    while index < 8 {
      if index == best.lowerBound, !best.isEmpty {
        out += "::"
        index = best.upperBound
        continue
      }
      if index > 0, index != best.upperBound || best.isEmpty { out += ":" }
      out += String(groups[index], radix: 16)
      index += 1
    }
  }

  private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> IPAddress? {
    if text.contains(UInt8(ascii: ":")) { return parseIPv6(text) }
    return parseIPv4(text[...]).map { IPAddress(ipv4: $0) }
  }

  private static func parseIPv4(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
    let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count) else { return nil }
      var octet: UInt32 = 0
      for character in part {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
        octet = octet * 10 + UInt32(character - UInt8(ascii: "0"))
      }
      guard octet < 256 else { return nil }
      value = value << 8 | octet
    }
    return value
  }

  private static func parseIPv6(_ text: UnsafeBufferPointer<UInt8>) -> IPAddress? {
    var head = [UInt16]()
    var tail = [UInt16]()
    var compressed = false
    var index = 0
    if text.count >= 2, text[0] == UInt8(ascii: ":") {
      guard text[1] == UInt8(ascii: ":") else { return nil }
      compressed = true
      index = 2
    }
    while index < text.count {
      guard head.count + tail.count < 8 else { return nil }
      let end = text[index...].firstIndex(of: UInt8(ascii: ":")) ?? text.count
      let group = text[index..<end]
      if end == text.count, group.contains(UInt8(ascii: ".")) {
        guard let v4 = parseIPv4(group) else { return nil }
        let pair = [UInt16(truncatingIfNeeded: v4 >> 16), UInt16(truncatingIfNeeded: v4)]
        if compressed { tail += pair } else { head += pair }
        index = end
        break
      }
      guard let value = parseGroup(group) else { return nil }
      if compressed { tail.append(value) } else { head.append(value) }
      index = end
      if index == text.count { break }
      index += 1  // the colon
      if index < text.count, text[index] == UInt8(ascii: ":") {
        guard !compressed else { return nil }
        compressed = true
        index += 1
      } else if index == text.count {
        return nil  // a single colon at the end
      }
    }
    let count = head.count + tail.count
    guard compressed ? count < 8 : count == 8 else { return nil }
    let groups = head + [UInt16](repeating: 0, count: 8 - count) + tail
    var value = IPAddress.unspecified
    for (position, group) in groups.enumerated() {
      let shifted = UInt64(group) << UInt64(48 - 16 * (position & 3))
      if position < 4 { value.high |= shifted } else { value.low |= shifted }
    }
    return value
  }

  private static func parseGroup(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt16? {
    guard (1...4).contains(text.count) else { return nil }
    var value: UInt16 = 0
    for character in text {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
