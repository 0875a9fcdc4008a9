/// One value on the interpreter's stack: trivially copyable, so that scalar work touches no reference count.
///
/// What does not fit in 128 bits is bytes held elsewhere, and the value says where: `low` is offset and length.
struct PolicyValue: BitwiseCopyable, Hashable, Sendable {
  var high: UInt64
  var low: UInt64
  var kind: PolicyKind
  /// The code of an enumeration; the `Place` of bytes; the family of a prefix.
  var detail: UInt8
  /// The length of a prefix; for bytes 1 if the attribute they come from is missing.
  var length: UInt8

  /// Where the bytes of a value are.
  enum Place: UInt8, Sendable {
    /// In the program's constants.
    case program
    /// Made while the filter ran.
    case arena
    /// In the route's attribute records.
    case records
    /// The route's interface name.
    case interfaceName
    /// The name of the route's protocol.
    case protocolName
  }

  @inline(__always) init(_ kind: PolicyKind, high: UInt64 = 0, low: UInt64 = 0, detail: UInt8 = 0, length: UInt8 = 0) {
    (self.high, self.low, self.kind, self.detail, self.length) = (high, low, kind, detail, length)
  }

  static var void: PolicyValue { PolicyValue(.void) }
  @inline(__always) init(_ value: Bool) { self.init(.bool, low: value ? 1 : 0) }
  @inline(__always) init(int value: UInt32) { self.init(.int, low: UInt64(value)) }
  @inline(__always) init(_ kind: PolicyKind, _ value: UInt32) { self.init(kind, low: UInt64(value)) }
  @inline(__always) init(_ enumeration: PolicyEnum, _ value: UInt8) {
    self.init(.enumeration, low: UInt64(value), detail: enumeration.rawValue)
  }
  @inline(__always) init(_ address: IPAddress) { self.init(.ip, high: address.high, low: address.low) }
  @inline(__always) init(_ prefix: Prefix) {
    self.init(
      .prefix, high: prefix.address.high, low: prefix.address.low, detail: prefix.family.rawValue, length: prefix.length)
  }
  @inline(__always) init(_ kind: PolicyKind, _ place: Place, _ range: Range<Int>) {
    self.init(
      kind, low: UInt64(UInt32(truncatingIfNeeded: range.lowerBound)) << 32 | UInt64(UInt32(truncatingIfNeeded: range.count)),
      detail: place.rawValue)
  }
  /// A set of the program.
  init(set index: Int, _ kind: PolicyKind) { self.init(kind, low: UInt64(index)) }

  @inline(__always) var word: UInt32 { UInt32(truncatingIfNeeded: low) }
  @inline(__always) var isTrue: Bool { low != 0 }
  @inline(__always) var address: IPAddress { IPAddress(high: high, low: low) }
  @inline(__always) var family: AddressFamily { detail == AddressFamily.ipv4.rawValue ? .ipv4 : .ipv6 }
  @inline(__always) var prefix: Prefix { Prefix(address, length, family) }
  @inline(__always) var place: Place { Place(rawValue: detail) ?? .program }
  @inline(__always) var range: Range<Int> {
    let offset = Int(low >> 32)
    return offset..<(offset + Int(low & 0xffff_ffff))
  }
  /// The bytes of an attribute that is not there.
  var isMissing: Bool { kind.isBytes && length != 0 }
  /// A quad, or an IPv4 address taken as one.
  var quad: UInt32? {
    switch kind {
    case .quad: word
    case .ip: address.ipv4
    default: nil
    }
  }
}

/// A value known when the configuration is read, with everything it consists of.
package struct PolicyConstant: Hashable, Sendable {
  package var type: PolicyType
  var value: PolicyValue
  /// The content of strings, paths, masks and lists.
  package var bytes: [UInt8]
  package var set: PolicySet?

  init(_ type: PolicyType, _ value: PolicyValue, bytes: [UInt8] = [], set: PolicySet? = nil) {
    (self.type, self.value, self.bytes, self.set) = (type, value, bytes, set)
  }

  package static var void: PolicyConstant { PolicyConstant(.void, .void) }
  package init(_ value: Bool) { self.init(.bool, PolicyValue(value)) }
  package init(int value: UInt32) { self.init(.int, PolicyValue(int: value)) }
  package init(pair value: UInt32) { self.init(PolicyType(.pair), PolicyValue(.pair, value)) }
  package init(quad value: UInt32) { self.init(PolicyType(.quad), PolicyValue(.quad, value)) }
  package init(_ value: IPAddress) { self.init(PolicyType(.ip), PolicyValue(value)) }
  package init(_ value: Prefix) { self.init(PolicyType(.prefix), PolicyValue(value)) }
  package init(_ enumeration: PolicyEnum, _ value: UInt8) { self.init(PolicyType(enumeration), PolicyValue(enumeration, value)) }
  package init(ec value: UInt64) { self.init(PolicyType(.ec), PolicyValue(.ec, low: value)) }
  package init(rd value: UInt64) { self.init(PolicyType(.rd), PolicyValue(.rd, low: value)) }
  package init(lc asn: UInt32, _ data1: UInt32, _ data2: UInt32) {
    self.init(PolicyType(.lc), PolicyValue(.lc, high: UInt64(asn), low: UInt64(data1) << 32 | UInt64(data2)))
  }
  package init(_ text: String) { self.init(PolicyType(.string), PolicyValue(.string), bytes: Array(text.utf8)) }
  package init(_ network: PolicyNetwork) { self.init(PolicyType(.prefix), PolicyValue(.network), bytes: network.encoded) }
  package init(_ kind: PolicyKind, bytes: [UInt8]) { self.init(PolicyType(kind), PolicyValue(kind), bytes: bytes) }
  package init(_ set: PolicySet) { self.init(set.type, PolicyValue(set.type.kind), set: set) }

  package var bool: Bool? { value.kind == .bool ? value.isTrue : nil }
  package var int: UInt32? { value.kind == .int ? value.word : nil }
  package var pair: UInt32? { value.kind == .pair ? value.word : nil }
  package var quad: UInt32? { value.kind == .quad ? value.word : nil }
  package var ip: IPAddress? { value.kind == .ip ? value.address : nil }
  package var prefix: Prefix? { value.kind == .prefix ? value.prefix : nil }
  package var ec: UInt64? { value.kind == .ec ? value.low : nil }
  package var rd: UInt64? { value.kind == .rd ? value.low : nil }
  package var lc: (asn: UInt32, data1: UInt32, data2: UInt32)? {
    guard value.kind == .lc else { return nil }
    return (UInt32(truncatingIfNeeded: value.high), UInt32(truncatingIfNeeded: value.low >> 32), value.word)
  }
  package var enumeration: (PolicyEnum, UInt8)? {
    guard value.kind == .enumeration else { return nil }
    return (type.enumeration, UInt8(truncatingIfNeeded: value.low))
  }
  package var string: String? { value.kind == .string ? String(decoding: bytes, as: UTF8.self) : nil }
  /// The value as a key of a set: any scalar that can be in one.
  package var key: PolicySet.Key? {
    switch value.kind {
    case .int, .pair, .quad, .ip, .rd, .ec, .lc, .enumeration: PolicySet.Key(high: value.high, low: value.low)
    default: nil
    }
  }
}
