/// A network: an address whose bits after `length` are zero.
public struct Prefix: Hashable, Sendable, BitwiseCopyable {
  /// The first address of the network.
  public let address: IPAddress
  /// Bits of the family's own address: 0...32 or 0...128.
  public let length: UInt8
  /// Which table it belongs to; an IPv4 address is held IPv4-mapped.
  public let family: AddressFamily

  /// Host bits are cleared and `length` is clamped to the family's width.
  @inlinable public init(_ address: IPAddress, _ length: UInt8, _ family: AddressFamily) {
    self.length = min(length, family.bitWidth)
    self.family = family
    self.address = address.masked(length, family)
  }

  /// Takes over an address whose host bits are known to be zero.
  @inlinable package init(unchecked address: IPAddress, _ length: UInt8, _ family: AddressFamily) {
    self.address = address
    self.length = length
    self.family = family
  }

  /// The family is the address's own.
  @inlinable public init(_ address: IPAddress, _ length: UInt8) { self.init(address, length, address.family) }

  /// The host route of an address.
  @inlinable public init(host address: IPAddress) { self.init(address, 128, address.family) }

  /// The network of all addresses, which a default route leads to.
  @inlinable public static func everything(_ family: AddressFamily) -> Prefix {
    Prefix(unchecked: family == .ipv4 ? IPAddress(ipv4: 0) : .unspecified, 0, family)
  }

  /// Whether an address of the same family lies in this network.
  @inlinable public func contains(_ other: IPAddress) -> Bool { other.masked(length, family) == address }

  /// Whether `other` is this network or a part of it.
  @inlinable public func contains(_ other: Prefix) -> Bool {
    family == other.family && length <= other.length && contains(other.address)
  }

  /// The length counted in the 128 bits of the mapped form.
  @inlinable package var mappedLength: UInt8 { family == .ipv4 ? length + 96 : length }

  /// Whether packets for it may be routed: not multicast, link-local (IPv6) or loopback (RFC 4291 §2.5, RFC 1122 §3.2.1.3).
  @inlinable package var isRoutable: Bool {
    if length == 0 { return true }
    if family == .ipv4 {
      let first = UInt8(truncatingIfNeeded: address.low >> 24)
      return first < 224 && first != 127
    }
    return !address.isMulticast && !(length >= 10 && address.isLinkLocal) && !address.isLoopback
  }
}

extension Prefix: Comparable {
  /// IPv4 before IPv6, then by address, shorter first: the order of `show route`.
  @inlinable public static func < (a: Prefix, b: Prefix) -> Bool {
    if a.family != b.family { return a.family == .ipv4 }
    return a.address != b.address ? a.address < b.address : a.length < b.length
  }
}

extension Prefix: LosslessStringConvertible, CustomStringConvertible {
  /// Reads `ADDRESS/LENGTH`; host bits must be zero.
  public init?(_ text: String) {
    guard let slash = text.lastIndex(of: "/"), let address = IPAddress(String(text[..<slash])),
      let length = UInt8(text[text.index(after: slash)...]), length <= address.family.bitWidth
    else { return nil }
    self.init(address, length)
    guard self.address == address else { return nil }
  }

  public var description: String {
    var out = ""
    address.write(to: &out)
    out += "/"
    out += String(length)
    return out
  }
}
