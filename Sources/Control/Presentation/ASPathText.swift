import RouteCore

/// Walks an AS_PATH (RFC 4271 §4.3, 4-octet AS numbers) item by item as it is written: numbers, and the brackets around sets and
/// confederation segments (RFC 5065 §3).
struct ASPathText: ~Escapable {
  private enum Item {
    case open, number(UInt32), close
  }
  private var reader: WireReader
  private var type: UInt8 = 2
  private var left = 0
  private var isOpen = false
  private var item = Item.close

  @_lifetime(copy value) init(_ value: RawSpan) { reader = WireReader(value) }

  var isAtOpen: Bool { if case .open = item { true } else { false } }
  var isAtClose: Bool { if case .close = item { true } else { false } }

  private var hasBrackets: Bool { type != 2 }

  /// Goes to the next item; false at the end, which a truncated path reaches early.
  @_lifetime(self: copy self)
  mutating func next() -> Bool {
    do throws(Truncated) {
      if left > 0 {
        left -= 1
        item = .number(try reader.u32())
        return true
      }
      if isOpen {
        isOpen = false
        item = .close
        return true
      }
      while !reader.isEmpty {
        type = try reader.u8()
        left = Int(try reader.u8())
        if hasBrackets {
          isOpen = true
          item = .open
          return true
        }
        if left > 0 {
          left -= 1
          item = .number(try reader.u32())
          return true
        }
      }
      return false
    } catch {
      return false
    }
  }

  func writeItem(to text: inout TextBuffer) {
    switch item {
    case .number(let number): text.append(number)
    case .open: text.append(type == 1 ? "{" : type == 3 ? "(" : type == 4 ? "({" : "<")
    case .close: text.append(type == 1 ? "}" : type == 3 ? ")" : type == 4 ? "})" : ">")
    }
  }

  /// The AS that the route began in: the last number of the last segment, if that is a sequence.
  static func last(_ value: RawSpan) -> UInt32? {
    var reader = WireReader(value)
    var last: UInt32?
    do throws(Truncated) {
      while !reader.isEmpty {
        let type = try reader.u8()
        let count = Int(try reader.u8())
        if type == 2 || type == 3, count > 0 {
          try reader.skip(4 * (count - 1))
          last = try reader.u32()
        } else {
          try reader.skip(4 * count)
          if type != 2, type != 3 { last = nil }
        }
      }
    } catch {
      return nil
    }
    return last
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
