import RouteCore
import Testing

@testable import BGP

/// What export filters of the 1.6 language find, and what becomes of what they do.
@Suite struct PresetTests {
  typealias Base = ExportTests

  static func to(_ remoteAS: UInt32, _ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    Base.to(remoteAS) {
      $0.presetsAttributes = true
      change(&$0)
    }
  }

  /// What the filter finds.
  static func seen(
    _ route: RouteAttributes, via gateway: ExportGateway = .none, _ session: SessionParameters, _ family: AddressFamily = .ipv6
  ) -> [String] {
    var route = route
    ExportRules.preset(&route, family: family, via: gateway, to: session)
    return Base.lines(route).filter { !$0.contains("ospf") }
  }

  static func sent(
    _ route: RouteAttributes, via gateway: ExportGateway = .none, _ session: SessionParameters, filter: (inout RouteAttributes) -> Void
  ) -> [String] { Base.lines(Base.prepared(route, via: gateway, to: session, filter: filter)) }

  static let gateway = ExportGateway(address: address("2001:db8:ff::5"), interface: 2)
  static let far = ExportGateway(address: address("2001:db8:5::5"), interface: 3)

  @Test func `An external filter finds a route of ours with our AS, our address and the default LOCAL_PREF`() {
    #expect(Self.seen(Base.own(), Self.to(65002)) == ["origin IGP", "as_path 65001", "next_hop 2001:db8:ff::", "local_pref 100"])
    #expect(Self.seen(Base.own(.ospf), Self.to(65002))[0] == "origin IGP")
    #expect(Self.seen(Base.own(.ospfExternal1), Self.to(65002))[0] == "origin Incomplete")
    #expect(Self.seen(Base.own(.ospfExternal2), Self.to(65002))[0] == "origin Incomplete")
    // A route server's client is no exception.
    #expect(Self.seen(Base.own(), Self.to(65002) { $0.routeServerClient = true })[1] == "as_path 65001")
  }

  @Test func `An internal filter finds a route of ours with an empty path`() {
    let session = Self.to(65001) { $0.defaultLocalPref = 70 }
    #expect(Self.seen(Base.own(), session) == ["origin IGP", "as_path ", "next_hop 2001:db8:ff::", "local_pref 70"])
    #expect(Self.sent(Base.own(), session) { _ in } == ["origin IGP", "as_path ", "next_hop 2001:db8:ff:: fe80::a", "local_pref 70"])
  }

  @Test func `Of what a route of ours brought only MED and communities stay`() {
    var route = Base.received()
    route.header.source = .static
    #expect(
      Self.seen(route, Self.to(65002)) == [
        "origin IGP", "as_path 65001", "next_hop 2001:db8:ff::", "med 50", "local_pref 100", "community (65001,1)",
      ])
  }

  @Test func `A gateway is the next hop for internal peers and on a shared network`() {
    func hop(_ gateway: ExportGateway, _ session: SessionParameters) -> String { Self.seen(Base.own(), via: gateway, session)[2] }
    #expect(hop(Self.far, Self.to(65001)) == "next_hop 2001:db8:5::5")
    #expect(hop(Self.far, Self.to(65002)) == "next_hop 2001:db8:ff::")
    #expect(hop(Self.gateway, Self.to(65002)) == "next_hop 2001:db8:ff::5")
    #expect(hop(Self.far, Self.to(65002) { (c: inout PeerConfiguration) in c.ipv6?.nextHopKeep = .yes }) == "next_hop 2001:db8:5::5")
    #expect(hop(Self.far, Self.to(65001) { (c: inout PeerConfiguration) in c.ipv6?.nextHopSelf = .yes }) == "next_hop 2001:db8:ff::")
    #expect(hop(ExportGateway(address: address("fe80::5"), interface: 2), Self.to(65002)) == "next_hop 2001:db8:ff::")
  }

  @Test func `An external filter finds a received MED as zero, and it is sent so`() {
    #expect(
      Self.seen(Base.received(), Self.to(65002)) == [
        "origin EGP", "as_path 65001 65500", "next_hop 2001:db8:ff::", "med 0", "local_pref 300", "community (65001,1)",
      ])
    #expect(Self.sent(Base.received(), Self.to(65002)) { _ in }.contains("med 0"))
    #expect(Self.sent(Base.received(), Self.to(65002)) { $0.header.med = 50 }.contains("med 50"))
    #expect(!Self.sent(Base.received(), Self.to(65002)) { $0.header.flags.remove(.hasMED) }.contains { $0.hasPrefix("med") })
    var without = Base.received()
    without.header.flags.remove(.hasMED)
    #expect(!Self.seen(without, Self.to(65002)).contains { $0.hasPrefix("med") })
    // Internal peers and a route server's clients get it as it came.
    #expect(Self.seen(Base.received(), Self.to(65001)).contains("med 50"))
    #expect(Self.seen(Base.received(), Self.to(65002) { $0.routeServerClient = true }).contains("med 50"))
  }

  @Test func `An internal filter finds a received route as it came`() {
    #expect(
      Self.seen(Base.received(), Self.to(65001)) == [
        "origin EGP", "as_path 65500", "next_hop 2001:db8:77::7 fe80::7", "med 50", "local_pref 300", "community (65001,1)",
      ])
    #expect(
      Self.seen(Base.received(), Self.to(65001) { (c: inout PeerConfiguration) in c.ipv6?.nextHopSelf = .yes })[2]
        == "next_hop 2001:db8:ff::")
    #expect(
      Self.seen(Base.received(), Self.to(65002) { (c: inout PeerConfiguration) in c.ipv6?.nextHopKeep = .yes })[2]
        == "next_hop 2001:db8:77::7 fe80::7")
  }

  @Test func `A route server's client gets a path without us`() {
    #expect(Self.seen(Base.received(), Self.to(65002) { $0.routeServerClient = true })[1] == "as_path 65500")
  }

  @Test func `A reflector's filter finds originator and cluster, and may change them`() {
    let client = Self.to(65001) { $0.routeReflectorClient = true }
    var route = Base.received(external: false)
    route.set(.clusterList, hex("05050505"))
    #expect(Self.seen(route, client).suffix(2) == ["originator_id 7.7.7.7", "cluster_list 1.0.0.1 5.5.5.5"])
    #expect(
      Self.sent(route, client) {
        $0.set(.originatorID, u32: 0x0909_0909)
        $0.remove(.clusterList)
      }.suffix(2) == ["community (65001,1)", "originator_id 9.9.9.9"])
    #expect(!Self.seen(Base.received(), client).contains { $0.hasPrefix("originator") })
    // External peers never get them.
    #expect(!Self.sent(route, Self.to(65002)) { $0.set(.originatorID, u32: 1) }.contains { $0.hasPrefix("originator") })
  }

  @Test func `What a filter sets is sent`() {
    let lines = Self.sent(Base.own(), Self.to(65002)) {
      $0.header.origin = .incomplete
      Base.setMED(&$0, 7)
      Base.setNextHop(&$0, "2001:db8:99::9")
      $0.set(.asPath, flags: 0x40, hex("0202 0000fde9 0000fde9"))
    }
    #expect(lines == ["origin Incomplete", "as_path 65001 65001", "next_hop 2001:db8:99::9", "med 7"])
  }

  @Test func `LOCAL_PREF goes to an external peer only where it is allowed, and from there as the filter left it`() {
    let allowed = Self.to(65002) { $0.allowLocalPref = true }
    #expect(Self.sent(Base.own(), allowed) { _ in }.contains("local_pref 100"))
    #expect(Self.sent(Base.own(), allowed) { $0.header.localPref = 200 }.contains("local_pref 200"))
    #expect(!Self.sent(Base.own(), Self.to(65002)) { $0.header.localPref = 200 }.contains("local_pref 200"))
    #expect(!Self.sent(Base.own(), Self.to(65001)) { $0.header.flags.remove(.hasLocalPref) }.contains { $0.hasPrefix("local_pref") })
  }

  @Test func `A route without ORIGIN, AS_PATH or NEXT_HOP is not announced`() {
    #expect(Self.sent(Base.own(), Self.to(65002)) { $0.header.flags.remove(.hasOrigin) } == ["not announced"])
    #expect(Self.sent(Base.own(), Self.to(65002)) { $0.remove(.asPath) } == ["not announced"])
    #expect(Self.sent(Base.own(), Self.to(65002)) { $0.remove(.nextHop) } == ["not announced"])
  }

  @Test func `A next hop that is the peer's own is not announced unless the filter sets another`() {
    let peer = ExportGateway(address: address("2001:db8:ff::1"), interface: 2)
    #expect(Self.sent(Base.own(), via: peer, Self.to(65002)) { _ in } == ["not announced"])
    #expect(
      Self.sent(Base.own(), via: peer, Self.to(65002)) { Base.setNextHop(&$0, "2001:db8:ff::") }[2] == "next_hop 2001:db8:ff:: fe80::a")
  }

  @Test func `A route that no filter has looked at is announced as one that the filter left alone`() {
    for session in [Self.to(65002), Self.to(65001), Self.to(65002) { $0.routeServerClient = true }] {
      for route in [Base.own(), Base.own(.ospfExternal2), Base.received(), Base.received(external: false)] {
        var alone = route
        let done = ExportRules.prepare(&alone, family: .ipv6, via: Self.gateway, to: session)
        #expect(done && alone == Base.prepared(route, via: Self.gateway, to: session))
      }
    }
  }
}
