import RouteCore

extension ASPath.SegmentType {
  /// The brackets around sets and confederation segments (RFC 5065 §3).
  var brackets: (open: String, close: String)? {
    switch self {
    case .sequence: nil
    case .set: ("{", "}")
    case .confederationSequence: ("(", ")")
    case .confederationSet: ("({", "})")
    default: ("<", ">")
    }
  }
}

/// Extended communities in words: `(rt, 65001, 1)`.
enum ExtendedCommunityText {
  /// Reads eight bytes (RFC 4360 §3).
  static func write(_ reader: inout WireReader, to text: inout TextBuffer) throws(Truncated) {
    let type = try reader.u8()
    let subtype = try reader.u8()
    let high = try reader.u16()
    let low = try reader.u32()
    let upper = UInt32(high) << 16 | low >> 16
    text.append("(")
    switch type {
    case 0x00, 0x40:
      // RFC 4360 §3.1: two-octet AS
      kind(type, subtype, to: &text)
      text.append(high)
      text.append(", ")
      text.append(low)
    case 0x01, 0x41:
      // RFC 4360 §3.2: IPv4 address
      kind(type, subtype, to: &text)
      text.append(RouterID(rawValue: upper))
      text.append(", ")
      text.append(low & 0xffff)
    case 0x02, 0x42:
      // RFC 5668 §2: four-octet AS
      kind(type, subtype, to: &text)
      text.append(upper)
      text.append(", ")
      text.append(low & 0xffff)
    default:
      text.append("generic, 0x")
      text.append(hex: UInt64(type) << 24 | UInt64(subtype) << 16 | UInt64(high))
      text.append(", 0x")
      text.append(hex: UInt64(low))
    }
    text.append(")")
  }

  private static func kind(_ type: UInt8, _ subtype: UInt8, to text: inout TextBuffer) {
    switch subtype {
    case 0x02: text.append("rt, ")
    case 0x03: text.append("ro, ")
    default:
      text.append("unknown 0x")
      text.append(hex: UInt64(type) << 8 | UInt64(subtype))
      text.append(", ")
    }
  }
}
