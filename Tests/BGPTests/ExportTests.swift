import RouteCore
import Testing

@testable import BGP

@Suite struct ExportTests {
  /// A route as `prepare` makes it for a session.
  static func prepared(
    _ route: RouteAttributes, via gateway: ExportGateway = .none, to session: SessionParameters, _ family: AddressFamily = .ipv6,
    filter: (inout RouteAttributes) -> Void = { _ in }
  ) -> RouteAttributes? {
    var edited = route
    if session.configuration.presetsAttributes { ExportRules.preset(&edited, family: family, via: gateway, to: session) }
    filter(&edited)
    return ExportRules.prepare(&edited, family: family, via: gateway, to: session) ? edited : nil
  }

  static func lines(_ route: RouteAttributes?) -> [String] {
    guard let route else { return ["not announced"] }
    return AttributeText.lines(route.header, route.records.span.bytes).map { "\($0.name.dropFirst(4)) \($0.texts[0])" }
  }

  static func mayExport(_ route: RouteAttributes, _ session: SessionParameters) -> Bool {
    ExportRules.mayExport(route.header, route.records.span.bytes, to: session)
  }

  static func own(_ source: RouteSource = .static) -> RouteAttributes { RouteAttributes(AttributeHeader(source: source, preference: 200)) }

  /// A route received from an external (or internal) peer at 2001:db8:77::7.
  static func received(external: Bool = true) -> RouteAttributes {
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.from = address("2001:db8:77::7")
    header.flags = external ? [.hasOrigin, .hasMED, .hasLocalPref, .external] : [.hasOrigin, .hasMED, .hasLocalPref]
    header.origin = .egp
    header.med = 50
    header.localPref = 300
    header.routerID = 0x0707_0707
    var route = RouteAttributes(header)
    route.set(.asPath, flags: 0x40, hex("0201 0000ffdc"))
    route.set(.nextHop, flags: 0x40, (address("2001:db8:77::7").bytes + address("fe80::7").bytes))
    route.set(.communities, flags: 0xc0, hex("fde90001"))
    route.set(.ospfTag, u32: 7)
    return route
  }

  /// What an export filter does with `bgp_med = `.
  static func setMED(_ route: inout RouteAttributes, _ value: UInt32) {
    route.header.med = value
    route.header.flags.formUnion([.hasMED, .medSetByFilter])
  }

  /// What an export filter does with `bgp_next_hop = `.
  static func setNextHop(_ route: inout RouteAttributes, _ text: String) {
    let address = address(text)
    if let v4 = address.ipv4 { route.set(.nextHop, u32: v4) } else { route.set(.nextHop, address.bytes) }
    route.header.flags.insert(.nextHopAttributeSetByFilter)
  }

  static func to(_ remoteAS: UInt32, _ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    session(
      configurationA {
        $0.neighborAS = .number(remoteAS)
        $0.reach = .direct
        change(&$0)
      })
  }

  @Test func `extended communities that are not transitive stay in their AS`() {
    var route = ExportTests.received()
    route.set(.extendedCommunities, flags: 0xc0, hex("4002fde800000001 0002fde800000002 4306000000000003 0003fde800000004"))
    func communities(_ session: SessionParameters) -> [UInt8]? { ExportTests.prepared(route, to: session)?.value(.extendedCommunities) }
    #expect(communities(ExportTests.to(65002)) == hex("0002fde800000002 0003fde800000004"))
    #expect(communities(ExportTests.to(65001)) == route.value(.extendedCommunities))
    #expect(communities(ExportTests.to(65002) { ($0.confederation, $0.confederationMember) = (65000, true) })?.count == 32)
    route.set(.extendedCommunities, flags: 0xc0, hex("4002fde800000001"))
    #expect(communities(ExportTests.to(65002)) == nil)
  }

  @Test func `Our own routes go to external peers with our AS and our addresses`() {
    #expect(
      Self.lines(Self.prepared(Self.own(), to: Self.to(65002))) == ["origin IGP", "as_path 65001", "next_hop 2001:db8:ff:: fe80::a"])
    #expect(Self.lines(Self.prepared(Self.own(.ospfExternal2), to: Self.to(65002)))[0] == "origin IGP")
  }

  @Test func `Internal peers get LOCAL_PREF and an empty path`() {
    #expect(
      Self.lines(Self.prepared(Self.own(), to: Self.to(65001))) == [
        "origin IGP", "as_path ", "next_hop 2001:db8:ff:: fe80::a", "local_pref 100",
      ])
    // Over several hops a link-local address would mean nothing.
    #expect(Self.lines(Self.prepared(Self.own(), to: Self.to(65001) { $0.reach = .multihop(64) }))[2] == "next_hop 2001:db8:ff::")
  }

  @Test func `A received route loses MED and LOCAL_PREF towards another AS`() {
    #expect(
      Self.lines(Self.prepared(Self.received(), to: Self.to(65002))) == [
        "origin EGP", "as_path 65001 65500", "next_hop 2001:db8:ff:: fe80::a", "community (65001,1)",
      ])
    // Unless the filter has set it, be it to what it was.
    #expect(Self.lines(Self.prepared(Self.received(), to: Self.to(65002)) { Self.setMED(&$0, 5) }).contains("med 5"))
    #expect(Self.lines(Self.prepared(Self.received(), to: Self.to(65002)) { Self.setMED(&$0, 50) }).contains("med 50"))
    // What the route of another protocol brought is no word of the filter's.
    #expect(!Self.lines(Self.prepared(Self.own(), to: Self.to(65002)) { $0.header.flags.insert(.hasMED) }).contains("med 0"))
    #expect(Self.lines(Self.prepared(Self.received(), to: Self.to(65002) { $0.allowLocalPref = true })).contains("local_pref 300"))
  }

  @Test func `Internal peers get the received next hop without its link-local part`() {
    #expect(
      Self.lines(Self.prepared(Self.received(), to: Self.to(65001))) == [
        "origin EGP", "as_path 65500", "next_hop 2001:db8:77::7", "med 50", "local_pref 300", "community (65001,1)",
      ])
    #expect(
      Self.lines(Self.prepared(Self.received(), to: Self.to(65001) { (c: inout PeerConfiguration) in c.ipv6?.nextHopSelf = .yes }))[2]
        == "next_hop 2001:db8:ff:: fe80::a")
    #expect(
      Self.lines(Self.prepared(Self.received(), to: Self.to(65001) { (c: inout PeerConfiguration) in c.ipv6?.nextHopSelf = .ebgp }))[2]
        == "next_hop 2001:db8:ff:: fe80::a")
    #expect(
      Self.lines(Self.prepared(Self.received(), to: Self.to(65001) { (c: inout PeerConfiguration) in c.ipv6?.nextHopSelf = .ibgp }))[2]
        == "next_hop 2001:db8:77::7")
  }

  @Test func `On a shared network the next hop stays, with its link-local part`() {
    let shared = ExportGateway(address: address("2001:db8:77::7"), interface: 2)
    #expect(Self.lines(Self.prepared(Self.received(), via: shared, to: Self.to(65002)))[2] == "next_hop 2001:db8:77::7 fe80::7")
    // A gateway of a static route has no known link-local address: missing lladdr decides.
    let gateway = ExportGateway(address: address("2001:db8:ff::5"), interface: 2)
    #expect(Self.lines(Self.prepared(Self.own(), via: gateway, to: Self.to(65002)))[2] == "next_hop 2001:db8:ff:: fe80::a")
    #expect(
      Self.lines(
        Self.prepared(Self.own(), via: gateway, to: Self.to(65002) { (c: inout PeerConfiguration) in c.ipv6?.missingLinkLocal = .ignore }))[
          2] == "next_hop 2001:db8:ff::5")
    #expect(
      Self.prepared(Self.own(), via: gateway, to: Self.to(65002) { (c: inout PeerConfiguration) in c.ipv6?.missingLinkLocal = .drop })
        == nil)
    #expect(
      Self.lines(Self.prepared(Self.own(), via: ExportGateway(address: address("2001:db8:ff::5"), interface: 3), to: Self.to(65002)))[2]
        == "next_hop 2001:db8:ff:: fe80::a")
    // Link-local gateways are nobody else's business.
    #expect(
      Self.lines(Self.prepared(Self.own(), via: ExportGateway(address: address("fe80::5"), interface: 2), to: Self.to(65002)))[2]
        == "next_hop 2001:db8:ff:: fe80::a")
  }

  @Test func `A next hop set by the filter is obeyed, and the peer's own address never announced`() {
    let set = Self.prepared(Self.own(), to: Self.to(65002)) { Self.setNextHop(&$0, "2001:db8:99::9") }
    #expect(Self.lines(set)[2] == "next_hop 2001:db8:99::9")
    #expect(Self.prepared(Self.own(), via: ExportGateway(address: address("2001:db8:ff::1"), interface: 2), to: Self.to(65002)) == nil)
  }

  @Test func `In the 2_x language next hop self goes before the filter's next hop, and a gateway is not kept for external peers`() {
    let own = Self.to(65002) { (c: inout PeerConfiguration) in c.ipv6?.nextHopSelf = .yes }
    #expect(
      Self.lines(Self.prepared(Self.own(), to: own) { Self.setNextHop(&$0, "2001:db8:99::9") })[2] == "next_hop 2001:db8:ff:: fe80::a")
    let kept = Self.to(65002) { (c: inout PeerConfiguration) in c.ipv6?.nextHopKeep = .yes }
    let far = ExportGateway(address: address("2001:db8:5::5"), interface: 3)
    #expect(Self.lines(Self.prepared(Self.own(), via: far, to: kept))[2] == "next_hop 2001:db8:ff:: fe80::a")
    #expect(Self.lines(Self.prepared(Self.own(), via: far, to: Self.to(65001)))[2] == "next_hop 2001:db8:5::5")
    // The received one, where the filter sets it to what it was.
    #expect(
      Self.lines(Self.prepared(Self.received(), to: Self.to(65002)) { Self.setNextHop(&$0, "2001:db8:77::7") })[2]
        == "next_hop 2001:db8:77::7")
    // An import filter's word counts for internal peers.
    var route = Self.own()
    route.set(.nextHop, address("2001:db8:99::9").bytes)
    #expect(Self.lines(Self.prepared(route, to: Self.to(65001)))[2] == "next_hop 2001:db8:99::9")
    #expect(Self.lines(Self.prepared(route, to: Self.to(65002)))[2] == "next_hop 2001:db8:ff:: fe80::a")
  }

  @Test func `What the filter of the 2_x language takes away is added again`() {
    let lines = Self.lines(
      Self.prepared(Self.received(), to: Self.to(65001)) {
        $0.header.flags.subtract([.hasOrigin, .hasLocalPref, .hasMED])
        $0.remove(.asPath)
        $0.remove(.nextHop)
      })
    #expect(lines == ["origin Incomplete", "as_path ", "next_hop 2001:db8:ff:: fe80::a", "local_pref 100", "community (65001,1)"])
    // Not to an external peer, even where it is allowed.
    #expect(
      !Self.lines(Self.prepared(Self.own(), to: Self.to(65002) { $0.allowLocalPref = true })).contains { $0.hasPrefix("local_pref") })
  }

  @Test func `The other family needs an address of ours`() {
    let both = Self.to(65002) { $0.ipv4 = ChannelOptions() }
    #expect(Self.lines(Self.prepared(Self.own(), to: both, .ipv4))[2] == "next_hop 192.0.2.1")
    let option = Self.to(65002) {
      $0.ipv4 = ChannelOptions()
      $0.ipv4?.nextHopAddress = address("203.0.113.9")
    }
    #expect(Self.lines(Self.prepared(Self.own(), to: option, .ipv4))[2] == "next_hop 203.0.113.9")
  }

  @Test func `A reflector names the originator and its cluster`() {
    let client = Self.to(65001) { $0.routeReflectorClient = true }
    var route = Self.received(external: false)
    #expect(Self.mayExport(route, client))
    #expect(!Self.mayExport(route, Self.to(65001)))
    #expect(Self.mayExport(route, Self.to(65002)))
    route.set(.clusterList, hex("05050505"))
    #expect(Self.lines(Self.prepared(route, to: client)).suffix(2) == ["originator_id 7.7.7.7", "cluster_list 1.0.0.1 5.5.5.5"])
    #expect(!Self.lines(Self.prepared(route, to: Self.to(65002))).contains("cluster_list 5.5.5.5"))
    route.header.flags.insert(.reflectorClient)
    #expect(Self.mayExport(route, Self.to(65001)))
  }

  @Test(arguments: [
    ("ffffff01", true, false), ("ffffff02", false, false), ("ffffff03", true, false), ("fde90001", true, true),
  ])
  func `Well-known communities keep routes inside`(input: (String, Bool, Bool)) {
    var route = Self.own()
    route.set(.communities, hex(input.0))
    #expect(Self.mayExport(route, Self.to(65001)) == input.1)
    #expect(Self.mayExport(route, Self.to(65002)) == input.2)
    #expect(Self.mayExport(route, Self.to(65002) { $0.interpretCommunities = false }))
  }

  @Test func `A route server changes nothing`() {
    let lines = Self.lines(
      Self.prepared(
        Self.received(), via: ExportGateway(address: address("2001:db8:77::7"), interface: 2),
        to: Self.to(65002) { $0.routeServerClient = true }))
    #expect(lines == ["origin EGP", "as_path 65500", "next_hop 2001:db8:77::7 fe80::7", "med 50", "community (65001,1)"])
  }

  @Test func `Prepending begins a new segment where the first is full or a set`() {
    var route = Self.own()
    route.set(.asPath, hex("0101 00000007"))
    ASPathAttribute.prepend(1, to: &route)
    #expect(route.value(.asPath) == hex("0201 00000001 0101 00000007"))
    route.set(.asPath, [2, 255] + [UInt8](repeating: 9, count: 1020))
    ASPathAttribute.prepend(1, to: &route)
    #expect(route.value(.asPath).map { hexText(Array($0.prefix(8))) } == "02010000000102ff")
  }

  @Test func `Routes that are announced alike are equal`() {
    var other = Self.own(.device)
    other.header.preference = 240
    other.set(.kernelMetric, u32: 9)
    #expect(Self.prepared(Self.own(), to: Self.to(65002)) == Self.prepared(other, to: Self.to(65002)))
  }
}
