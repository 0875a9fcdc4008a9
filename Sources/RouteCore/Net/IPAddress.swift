/// The two address families routed carries routes for.
public enum AddressFamily: UInt8, Sendable, BitwiseCopyable, Hashable, CaseIterable {
  /// IPv4, written first wherever both are listed.
  case ipv4
  /// IPv6, also for the next hops of IPv4 routes where RFC 8950 is used.
  case ipv6

  /// Bits in an address of the family: 32 or 128.
  @inlinable public var bitWidth: UInt8 { self == .ipv4 ? 32 : 128 }
  /// The one of the two that this is not.
  @inlinable public var other: AddressFamily { self == .ipv4 ? .ipv6 : .ipv4 }
  /// Bytes in an address of the family: 4 or 16.
  @inlinable public var byteCount: Int { self == .ipv4 ? 4 : 16 }
}

extension AddressFamily: CustomStringConvertible {
  /// As channels are called.
  public var description: String { self == .ipv4 ? "ipv4" : "ipv6" }
}

/// An IPv4 or IPv6 address in 16 bytes.
///
/// An IPv4 address is held in its IPv4-mapped form ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), so that one table, one index and one
/// comparison serve both families. Which family a *prefix* belongs to is said by `Prefix.family`, never guessed from the bits.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// The first eight bytes, in host order.
  public var high: UInt64
  /// The last eight bytes, in host order.
  public var low: UInt64

  /// An address from its two halves, in host order.
  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// An IPv4 address in host order: 192.0.2.1 is 0xc000_0201.
  @inlinable public init(ipv4 value: UInt32) {
    high = 0
    low = 0x0000_ffff_0000_0000 | UInt64(value)
  }

  /// `::`, which also stands for "no address".
  @inlinable public static var unspecified: IPAddress { IPAddress(high: 0, low: 0) }

  /// Whether the address is IPv4 (held IPv4-mapped).
  @inlinable public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }
  /// The IPv4 address in host order, or nil for an IPv6 address.
  @inlinable public var ipv4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }
  /// `.ipv4` for IPv4-mapped addresses, `.ipv6` for all others.
  @inlinable public var family: AddressFamily { isIPv4 ? .ipv4 : .ipv6 }
  /// `::` or 0.0.0.0.
  @inlinable public var isUnspecified: Bool { high == 0 && (low == 0 || low == 0x0000_ffff_0000_0000) }

  /// fe80::/10 (RFC 4291 §2.5.6). IPv4's 169.254/16 is routed like any other network and does not count.
  @inlinable public var isLinkLocal: Bool { high >> 54 == 0x3fa }

  /// ff00::/8 or 224.0.0.0/4.
  @inlinable public var isMulticast: Bool {
    isIPv4 ? UInt32(truncatingIfNeeded: low) >> 28 == 0xe : high >> 56 == 0xff
  }

  /// ::1 or 127.0.0.0/8.
  @inlinable public var isLoopback: Bool {
    isIPv4 ? UInt32(truncatingIfNeeded: low) >> 24 == 127 : high == 0 && low == 1
  }

  /// Of a site only: fc00::/7 (RFC 4193) and fec0::/10, or 10/8, 172.16/12 and 192.168/16 (RFC 1918).
  @inlinable public var isPrivate: Bool {
    guard isIPv4 else { return high >> 57 == 0x7e || high >> 54 == 0x3fb }
    let address = UInt32(truncatingIfNeeded: low)
    return address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8
  }

  /// The address with all bits after the first `length` cleared; `length` counts the family's own bits and is clamped to them.
  @inlinable public func masked(_ length: UInt8, _ family: AddressFamily) -> IPAddress {
    let bits = family == .ipv4 ? 96 + min(length, 32) : min(length, 128)
    let mask = IPAddress.mask(bits)
    return IPAddress(high: high & mask.high, low: low & mask.low)
  }

  /// The address of `bits` ones followed by zeros.
  @inlinable package static func mask(_ bits: UInt8) -> IPAddress {
    // Swift's smart shifts give zero for shifts of the width and more, which is just what a mask needs.
    IPAddress(high: ~(UInt64.max >> UInt64(min(bits, 64))), low: bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64)))
  }

  /// Bit `index` counted from the first of the 128.
  @inlinable package func bit(_ index: UInt8) -> Bool {
    index < 64 ? (high >> (63 - UInt64(index))) & 1 == 1 : (low >> (63 - UInt64(index & 63))) & 1 == 1
  }

  /// How many leading bits of the 128 two addresses share.
  @inlinable package func commonBits(with other: IPAddress) -> UInt8 {
    let difference = high ^ other.high
    if difference != 0 { return UInt8(difference.leadingZeroBitCount) }
    return UInt8(64 + (low ^ other.low).leadingZeroBitCount)
  }

  /// The 16 bytes in network order.
  package var bytes: [UInt8] {
    var out = [UInt8]()
    out.reserveCapacity(16)
    for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: high >> UInt64(shift))) }
    for shift in stride(from: 56, through: 0, by: -8) { out.append(UInt8(truncatingIfNeeded: low >> UInt64(shift))) }
    return out
  }
}

extension IPAddress: Comparable {
  @inlinable public static func < (a: IPAddress, b: IPAddress) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
}
