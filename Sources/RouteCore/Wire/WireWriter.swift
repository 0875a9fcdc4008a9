/// A growing buffer of big-endian fields. Reuse one: `removeAll()` keeps its storage, so the steady state allocates nothing.
public struct WireWriter: Sendable {
  /// Everything written so far.
  public private(set) var bytes: [UInt8]

  /// An empty buffer without storage.
  @inlinable public init() { self.init(reserving: 0) }
  /// An empty buffer with room for `capacity` bytes.
  public init(reserving capacity: Int) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Bytes written so far.
  public var count: Int { bytes.count }

  /// Forgets everything, keeping the storage.
  public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }
  /// Forgets everything written after `count` bytes.
  public mutating func truncate(to count: Int) { if count >= 0, count < bytes.count { bytes.removeLast(bytes.count - count) } }

  /// Appends 1 byte.
  public mutating func u8(_ value: UInt8) { bytes.append(value) }
  /// Appends 2 bytes.
  public mutating func u16(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }
  /// Appends the low 24 bits as 3 bytes.
  public mutating func u24(_ value: UInt32) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 16))
    u16(UInt16(truncatingIfNeeded: value))
  }
  /// Appends 4 bytes.
  public mutating func u32(_ value: UInt32) { withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) } }
  /// Appends 8 bytes.
  public mutating func u64(_ value: UInt64) { withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) } }
  /// 4 bytes for an IPv4 address, 16 for an IPv6 one.
  public mutating func address(_ value: IPAddress) {
    if let v4 = value.ipv4 { u32(v4) } else { ipv6(value) }
  }
  /// 16 bytes, whatever the address.
  public mutating func ipv6(_ value: IPAddress) {
    u64(value.high)
    u64(value.low)
  }
  /// Appends the bytes as they are.
  public mutating func append(_ other: [UInt8]) { bytes.append(contentsOf: other) }
  /// Appends the bytes as they are.
  public mutating func append(_ span: RawSpan) { span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
  /// Appends `count` zero bytes; none if it is negative.
  public mutating func zeros(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: max(count, 0))) }

  /// The first `ceil(bits/8)` bytes of the family's own address: the body of an NLRI field.
  public mutating func prefixBits(_ prefix: Prefix) {
    var high = prefix.address.high
    var low = prefix.address.low
    if prefix.family == .ipv4 {
      high = low << 32
      low = 0
    }
    let count = (Int(prefix.length) + 7) / 8
    withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
  }

  /// Overwrites two bytes written before, such as a length known only afterwards. Out of range does nothing.
  public mutating func patch(_ value: UInt16, at offset: Int) {
    guard offset >= 0, offset + 1 < bytes.count else { return }
    bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
  }
  /// Overwrites one byte written before. Out of range does nothing.
  public mutating func patch(_ value: UInt8, at offset: Int) {
    guard offset >= 0, offset < bytes.count else { return }
    bytes[offset] = value
  }
}
