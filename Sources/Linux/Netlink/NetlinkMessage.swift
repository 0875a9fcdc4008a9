import RouteCore

//  struct nlmsghdr, all in host order:          struct rtattr, aligned to 4:
//   0  u32 length, with this header              0  u16 length, with this header
//   4  u16 type                                  2  u16 type (two high bits are flags)
//   6  u16 flags                                 4  value
//   8  u32 sequence
//  12  u32 port id

/// The header of one netlink message.
package struct NetlinkHeader: Hashable, Sendable {
  package var type: UInt16
  package var flags: UInt16
  package var sequence: UInt32
  package var port: UInt32
}

/// Walks received bytes. A length that does not fit ends the walk; nothing traps. The result says whether everything was consumed.
package enum NetlinkMessages {
  /// Calls `body` for each message with what follows its header.
  @discardableResult
  package static func forEach(in bytes: RawSpan, _ body: (NetlinkHeader, RawSpan) -> Void) -> Bool {
    var offset = 0
    while bytes.byteCount - offset >= 16 {
      let length = Int(bytes.hostU32(offset))
      guard length >= 16, length <= bytes.byteCount - offset else { return false }
      let header = NetlinkHeader(
        type: bytes.hostU16(offset + 4), flags: bytes.hostU16(offset + 6), sequence: bytes.hostU32(offset + 8),
        port: bytes.hostU32(offset + 12))
      body(header, bytes.extracting(offset + 16..<offset + length))
      offset += (length + 3) & ~3
    }
    return offset >= bytes.byteCount
  }

  /// Calls `body` for each attribute from `start` on, with its type (flags removed) and value.
  @discardableResult
  package static func forEachAttribute(in bytes: RawSpan, from start: Int = 0, _ body: (UInt16, RawSpan) -> Void) -> Bool {
    var offset = start
    while bytes.byteCount - offset >= 4 {
      let length = Int(bytes.hostU16(offset))
      guard length >= 4, length <= bytes.byteCount - offset else { return false }
      body(bytes.hostU16(offset + 2) & 0x3fff, bytes.extracting(offset + 4..<offset + length))
      offset += (length + 3) & ~3
    }
    return offset >= bytes.byteCount
  }
}

extension RawSpan {
  /// Host-order integers; 0 beyond the end of the bytes.
  func hostU32(_ offset: Int) -> UInt32 {
    offset >= 0 && byteCount - offset >= 4 ? unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self) : 0
  }
  func hostU16(_ offset: Int) -> UInt16 {
    offset >= 0 && byteCount - offset >= 2 ? unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self) : 0
  }
  func byte(_ offset: Int) -> UInt8 {
    offset >= 0 && offset < byteCount ? unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
  }

  /// A whole attribute of one integer; nil if it is shorter.
  var u32: UInt32? { byteCount >= 4 ? hostU32(0) : nil }

  /// An address of 4 or 16 bytes; nil for any other length.
  var address: IPAddress? {
    switch byteCount {
    case 4: return IPAddress(ipv4: UInt32(bigEndian: hostU32(0)))
    case 16:
      let high = unsafeLoadUnaligned(as: UInt64.self)
      let low = unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self)
      return IPAddress(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    default: return nil
    }
  }

  /// Text up to the first NUL; invalid UTF-8 is replaced.
  var text: String {
    withUnsafeBytes { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
