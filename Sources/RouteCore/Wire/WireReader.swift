/// What a `WireReader` throws when fewer bytes remain than were asked for.
public struct Truncated: Error, Hashable, Sendable {
  /// It carries nothing: the caller knows what it asked for.
  @inlinable public init() {}
}

/// A bounds-checked cursor over received bytes: big-endian integers, addresses, sub-ranges. It never traps and never copies.
public struct WireReader: ~Escapable {
  @usableFromInline var span: RawSpan

  /// Reads from the first byte on.
  @inlinable @_lifetime(copy span) public init(_ span: RawSpan) { self.span = span }

  /// Bytes not yet read.
  @inlinable public var remaining: Int { span.byteCount }
  /// Whether everything has been read.
  @inlinable public var isEmpty: Bool { span.byteCount == 0 }
  /// The bytes not yet read.
  @inlinable public var rest: RawSpan { @_lifetime(copy self) get { span } }

  /// The next byte; throws if nothing is left.
  @inlinable @_lifetime(self: copy self) public mutating func u8() throws(Truncated) -> UInt8 {
    if span.byteCount < 1 { throw Truncated() }
    let value = span.unsafeLoad(as: UInt8.self)
    span = span.extracting(droppingFirst: 1)
    return value
  }

  /// The next 2 bytes as an integer; throws if fewer are left.
  @inlinable @_lifetime(self: copy self) public mutating func u16() throws(Truncated) -> UInt16 {
    if span.byteCount < 2 { throw Truncated() }
    let value = span.unsafeLoadUnaligned(as: UInt16.self)
    span = span.extracting(droppingFirst: 2)
    return UInt16(bigEndian: value)
  }

  /// A 24-bit integer.
  @inlinable @_lifetime(self: copy self) public mutating func u24() throws(Truncated) -> UInt32 {
    let high = try u8()
    return try UInt32(high) << 16 | UInt32(u16())
  }

  /// The next 4 bytes as an integer; throws if fewer are left.
  @inlinable @_lifetime(self: copy self) public mutating func u32() throws(Truncated) -> UInt32 {
    if span.byteCount < 4 { throw Truncated() }
    let value = span.unsafeLoadUnaligned(as: UInt32.self)
    span = span.extracting(droppingFirst: 4)
    return UInt32(bigEndian: value)
  }

  /// The next 8 bytes as an integer; throws if fewer are left.
  @inlinable @_lifetime(self: copy self) public mutating func u64() throws(Truncated) -> UInt64 {
    if span.byteCount < 8 { throw Truncated() }
    let value = span.unsafeLoadUnaligned(as: UInt64.self)
    span = span.extracting(droppingFirst: 8)
    return UInt64(bigEndian: value)
  }

  /// A 16-byte IPv6 address.
  @inlinable @_lifetime(self: copy self) public mutating func ipv6() throws(Truncated) -> IPAddress {
    if span.byteCount < 16 { throw Truncated() }
    let high = UInt64(bigEndian: span.unsafeLoadUnaligned(as: UInt64.self))
    let low = UInt64(bigEndian: span.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
    span = span.extracting(droppingFirst: 16)
    return IPAddress(high: high, low: low)
  }

  /// A 4-byte IPv4 address.
  @inlinable @_lifetime(self: copy self) public mutating func ipv4() throws(Truncated) -> IPAddress {
    try IPAddress(ipv4: u32())
  }

  /// The next `count` bytes as a range of their own.
  @inlinable @_lifetime(copy self) @_lifetime(self: copy self)
  public mutating func take(_ count: Int) throws(Truncated) -> RawSpan {
    if count < 0 || count > span.byteCount { throw Truncated() }
    let taken = span.extracting(first: count)
    span = span.extracting(droppingFirst: count)
    return taken
  }

  /// Passes over `count` bytes; throws if there are not so many left, or `count` is negative.
  @inlinable @_lifetime(self: copy self) public mutating func skip(_ count: Int) throws(Truncated) {
    if count < 0 || count > span.byteCount { throw Truncated() }
    span = span.extracting(droppingFirst: count)
  }

  /// The most significant bytes of an address, as many as `bits` need, zero-filled: the body of an NLRI field (RFC 4271 §4.3).
  @inlinable @_lifetime(self: copy self)
  public mutating func prefixBits(_ bits: UInt8, _ family: AddressFamily) throws(Truncated) -> IPAddress {
    let count = (Int(bits) + 7) / 8
    if count > span.byteCount || count > family.byteCount { throw Truncated() }
    var high: UInt64 = 0
    var low: UInt64 = 0
    if span.byteCount >= 16 {
      high = UInt64(bigEndian: span.unsafeLoadUnaligned(as: UInt64.self))
      low = UInt64(bigEndian: span.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
    } else {
      for index in 0..<count {
        let byte = UInt64(span.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        if index < 8 { high |= byte << UInt64(56 - 8 * index) } else { low |= byte << UInt64(120 - 8 * index) }
      }
    }
    span = span.extracting(droppingFirst: count)
    if family == .ipv4 { return IPAddress(ipv4: UInt32(truncatingIfNeeded: high >> 32)).masked(bits, .ipv4) }
    return IPAddress(high: high, low: low).masked(bits, .ipv6)
  }
}
