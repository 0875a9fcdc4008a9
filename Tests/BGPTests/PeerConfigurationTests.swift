import RouteCore
import Testing

@testable import BGP

@Suite struct PeerConfigurationTests {
  static func configuration() throws -> PeerConfiguration {
    var value = PeerConfiguration(
      localAS: 65001, routerID: RouterID(rawValue: 0x0100_0001), neighborAddress: try #require(IPAddress("2001:db8:ff::1")),
      neighborAS: .number(65002))
    value.ipv6 = ChannelOptions()
    return value
  }

  @Test func `External peers are direct and internal ones 64 hops away by default`() throws {
    var value = try Self.configuration()
    #expect(value.isDirect && !value.isInternal)
    #expect(value.hopLimit == (1, 0))
    #expect(value.gatewayMode(.ipv6) == .direct)
    value.neighborAS = .internal
    #expect(value.effectiveReach == .multihop(64))
    #expect(value.gatewayMode(.ipv6) == .recursive)
  }

  @Test func `TTL security sends 255 and accepts what the reach allows`() throws {
    var value = try Self.configuration()
    value.ttlSecurity = true
    #expect(value.hopLimit == (255, 255))
    value.reach = .multihop(3)
    #expect(value.hopLimit == (255, 253))
  }

  @Test func `A valid configuration has no problems and impossible ones are named`() throws {
    var value = try Self.configuration()
    #expect(value.problems() == [])
    value.routeReflectorClient = true
    value.reach = .multihop(2)
    value.interface = "eth0"
    value.ipv6?.gateway = .direct
    #expect(
      value.problems() == [
        "Only internal neighbor can be RR client", "Multihop BGP cannot use direct gateway mode",
        "Multihop BGP cannot be bound to interface",
      ])
  }
}
