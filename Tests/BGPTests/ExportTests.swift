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
    filter(&edited)
    let done = ExportRules.prepare(
      &edited, original: route.header, originalRecords: route.records.span.bytes, family: family, via: gateway, to: session)
    return done ? edited : nil
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

  static func to(_ remoteAS: UInt32, _ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    session(
      configurationA {
        $0.neighborAS = .number(remoteAS)
        $0.reach = .direct
        change(&$0)
      })
  }

  @Test func `A path that the filter of the 1_6 language has changed has our AS already`() {
    let session = Self.to(65002) { $0.filterSeesOwnAS = true }
    #expect(ExportRules.leadingAS(session) == 65001)
    #expect(ExportRules.leadingAS(Self.to(65002)) == 0)
    #expect(ExportRules.leadingAS(Self.to(65001) { $0.filterSeesOwnAS = true }) == 0)
    #expect(
      ExportRules.leadingAS(
        Self.to(65002) {
          $0.filterSeesOwnAS = true
          $0.routeServerClient = true
        }) == 0)
    let changed = Self.prepared(Self.received(), to: session) {
      $0.set(.asPath, flags: 0x40, hex("0203 0000fde9 0000fde9 0000ffdc"))
      $0.header.flags.insert(.hasOwnAS)
    }
    #expect(Self.lines(changed)[1] == "as_path 65001 65001 65500")
    #expect(Self.lines(Self.prepared(Self.received(), to: session))[1] == "as_path 65001 65500")
  }

  @Test func `Our own routes go to external peers with our AS and our addresses`() {
    #expect(
      Self.lines(Self.prepared(Self.own(), to: Self.to(65002))) == ["origin IGP", "as_path 65001", "next_hop 2001:db8:ff:: fe80::a"])
    #expect(Self.lines(Self.prepared(Self.own(.ospfExternal2), to: Self.to(65002)))[0] == "origin Incomplete")
    #expect(Self.lines(Self.prepared(Self.own(.ospf), to: Self.to(65002)))[0] == "origin IGP")
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
    // Unless the filter has set it.
    #expect(Self.lines(Self.prepared(Self.received(), to: Self.to(65002)) { $0.header.med = 5 }).contains("med 5"))
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
    let set = Self.prepared(Self.own(), to: Self.to(65002)) { $0.set(.nextHop, address("2001:db8:99::9").bytes) }
    #expect(Self.lines(set)[2] == "next_hop 2001:db8:99::9")
    #expect(Self.prepared(Self.own(), via: ExportGateway(address: address("2001:db8:ff::1"), interface: 2), to: Self.to(65002)) == nil)
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
    ASPath.prepend(1, to: &route)
    #expect(route.value(.asPath) == hex("0201 00000001 0101 00000007"))
    route.set(.asPath, [2, 255] + [UInt8](repeating: 9, count: 1020))
    ASPath.prepend(1, to: &route)
    #expect(route.value(.asPath).map { hexText(Array($0.prefix(8))) } == "02010000000102ff")
  }

  @Test func `Routes that are announced alike are equal`() {
    var other = Self.own(.device)
    other.header.preference = 240
    other.set(.kernelMetric, u32: 9)
    #expect(Self.prepared(Self.own(), to: Self.to(65002)) == Self.prepared(other, to: Self.to(65002)))
  }
}
