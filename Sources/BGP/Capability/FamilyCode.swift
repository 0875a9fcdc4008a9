import RouteCore

/// An AFI and SAFI (RFC 4760 §3) as announced; we only route two of them.
public struct FamilyCode: Hashable, Sendable {
  /// The Address Family Identifier (IANA "Address Family Numbers"): 1 is IPv4, 2 is IPv6.
  public var afi: UInt16
  /// The Subsequent Address Family Identifier (IANA "SAFI Values"): 1 is unicast.
  public var safi: UInt8

  /// Any pair, registered or not.
  public init(afi: UInt16, safi: UInt8) {
    self.afi = afi
    self.safi = safi
  }
  /// Unicast of a family.
  public init(_ family: AddressFamily) { self.init(afi: family == .ipv4 ? 1 : 2, safi: 1) }

  /// The family, if it is one that we route.
  public var unicast: AddressFamily? {
    guard safi == 1 else { return nil }
    return afi == 1 ? .ipv4 : afi == 2 ? .ipv6 : nil
  }

  /// `ipv6`, `ipv4-mc`, or `<AFI>/<SAFI>` for one without a name.
  public var name: String {
    switch (afi, safi) {
    case (1, 1): "ipv4"
    case (2, 1): "ipv6"
    case (1, 2): "ipv4-mc"
    case (2, 2): "ipv6-mc"
    case (1, 4): "ipv4-mpls"
    case (2, 4): "ipv6-mpls"
    case (1, 128): "vpn4-mpls"
    case (2, 128): "vpn6-mpls"
    case (1, 133): "flow4"
    case (2, 133): "flow6"
    default: "<\(afi)/\(safi)>"
    }
  }
}

extension WireReader {
  /// AFI (2) and SAFI (1).
  @_lifetime(self: copy self)
  mutating func family() throws(Truncated) -> FamilyCode { FamilyCode(afi: try u16(), safi: try u8()) }
}

extension WireWriter {
  /// AFI (2) and SAFI (1).
  mutating func family(_ family: FamilyCode) {
    u16(family.afi)
    u8(family.safi)
  }
}

extension CapabilityDescription {
  /// A capability that is there or not: always a member, and a word and a line if it is there.
  mutating func add(_ name: String, word: String, line: String, if isThere: Bool) {
    members.append(Member(name, .flag(isThere)))
    guard isThere else { return }
    words.append(word)
    lines.append(line)
  }

  /// A line below the first: `  Label: ipv4 ipv6`.
  mutating func add(_ label: String, _ families: [FamilyCode]) { lines.append("  \(label):\(families.map { " " + $0.name }.joined())") }

  mutating func add(member name: String, _ families: [FamilyCode]) { members.append(Member(name, .list(families.map { $0.name }))) }
}
