import Testing

@testable import Configuration
@testable import RouteCore

/// Filters that say where a route goes, run by a router that knows eth1 with 2001:db8:1::/64 and eth2 without a network.
struct NextHopTests {
  private static var gateway: NextHop { NextHop(gateway: IPAddress(high: UInt64(0xfe80) << 48, low: 1), interface: 1) }
  private static var net: Prefix { Prefix("2001:db8:5::/48") ?? Prefix(.unspecified, 0) }

  /// What a static route's commands make of a route with these next hops, in the words of `show route`; or why it is rejected.
  private func outcome(_ body: String, _ hops: [NextHop] = [NextHopTests.gateway]) throws -> [String] {
    let program = try Filter(body).program
    var router = Router()
    let table = router.addTable("master6", .ipv6)
    let channel = router.addChannel(ChannelConfiguration(family: .ipv6, table: "master6", preference: 100), protocolName: "S", table: table)
    router.showsFirstHopOfMultipath = true
    router.interfaceNames = [1: "eth1", 2: "eth2"]
    router.networks = ConnectedNetworks([
      .init(try #require(IPAddress("2001:db8:1::ff")), try #require(Prefix("2001:db8:1::/64")), interface: 1)
    ])
    var attributes = RouteAttributes(AttributeHeader(source: .static, preference: 0))
    attributes.header.nextHops = router.nextHops.intern(hops)
    // A route that was looked at before leaves nothing behind.
    var other = RouteAttributes(AttributeHeader(source: .static, preference: 0))
    other.header.nextHops = router.nextHops.intern([NextHop(interface: 2)])
    _ = router.apply(try Filter("weight = 77; onlink = true; gw_mpls = 77; accept;").program, to: &other, prefix: NextHopTests.net, channel)
    guard router.apply(program, to: &attributes, prefix: NextHopTests.net, channel) else {
      let faults = router.policyFaults.drain().map { program.describe($0.fault, filter: nil) }
      return faults.isEmpty ? ["rejected"] : faults
    }
    if attributes.header.destination != .unicast { return [attributes.header.destination == .blackhole ? "blackhole" : "?"] }
    return router.nextHops.hops(attributes.header.nextHops).map { hop in
      var text = "\(hop.gateway) \(router.interfaceNames[hop.interface] ?? "?")"
      if !hop.labels.isEmpty { text += " mpls \(hop.labels)" }
      if hop.isOnLink { text += " onlink" }
      if hop.weight > 1 { text += " weight \(hop.weight)" }
      return text
    }
  }

  @Test(arguments: [
    ("accept;", "fe80::1 eth1"), ("weight = 5; accept;", "fe80::1 eth1 weight 5"), ("onlink = true; accept;", "fe80::1 eth1 onlink"),
    ("gw_mpls = 100; accept;", "fe80::1 eth1 mpls 100"), ("gw = 2001:db8:1::9; accept;", "2001:db8:1::9 eth1"),
    ("ifname = \"eth2\"; accept;", ":: eth2"), ("ifname = \"eth2\"; gw = fe80::9; accept;", "fe80::9 eth2"),
    ("gw = fe80::9; accept;", "fe80::9 eth1"), ("gw = fe80::9; ifname = \"eth2\"; accept;", ":: eth2"),
    ("ifname = \"eth2\"; gw = 2001:db8:1::9; accept;", "2001:db8:1::9 eth1"),
    ("ifname = \"eth2\"; onlink = true; gw = 2001:db8:9::9; accept;", "2001:db8:9::9 eth2 onlink"),
    ("gw_mpls = 100; gw = fe80::9; accept;", "fe80::9 eth1"), ("dest = RTD_BLACKHOLE; accept;", "blackhole"),
    ("if weight = 1 && !onlink && gw_mpls = 4294967295 then { weight = 3; accept; }", "fe80::1 eth1 weight 3"),
  ])
  func `a filter sends a route where it says`(body: String, expected: String) throws {
    #expect(try outcome(body) == [expected])
  }

  @Test func `weights are those of all next hops, labels and onlink of the first`() throws {
    let two = [NextHopTests.gateway, NextHop(interface: 2)]
    #expect(try outcome("weight = 5; accept;", two) == [":: eth2 weight 5", "fe80::1 eth1 weight 5"])
    #expect(try outcome("gw_mpls = 99; onlink = true; accept;", two) == [":: eth2 mpls 99 onlink", "fe80::1 eth1"])
    let equal = [NextHopTests.gateway, NextHop(gateway: NextHopTests.gateway.gateway, interface: 2)]
    #expect(try outcome("gw = fe80::9; accept;", equal) == ["fe80::9 eth1"])
  }

  @Test(arguments: [
    ("accept;\n", ""), ("print 1;\ngw = 2001:db8:9::9;\naccept;", "3"), ("ifname = \"eth3\"; accept;", "2"),
  ])
  func `a route that cannot go there is rejected, and the log says where`(body: String, line: String) throws {
    let outcome = try outcome(body)
    if line.isEmpty { return #expect(outcome == ["fe80::1 eth1"]) }
    #expect(outcome == ["filters, t.conf line \(line): no such interface, or a gateway that is on no link"])
  }

  @Test func `a label is at most twenty bits, and only a unicast route has a weight`() throws {
    #expect(try outcome("gw_mpls = 1048576; accept;") == ["filters, t.conf line 2: value out of bounds"])
    #expect(try outcome("dest = RTD_BLACKHOLE; weight = 2; accept;") == ["filters, t.conf line 2: value out of bounds"])
    #expect(refusal("onlink", .bird1(.ipv6)) != nil && refusal("gw_mpls = 1", .bird1(.ipv6)) != nil)
  }

  @Test func `the kernel's metrics are numbers, and their bits switches`() throws {
    var route = PolicyRoute.example
    let body = """
      if defined(krt_lock_mtu) || defined(krt_window) then reject;
      krt_window = 5; krt_ssthresh = 7; krt_lock_mtu = true; krt_lock_hoplimit = true; krt_lock_mtu = false; krt_feature_ecn = true;
      if krt_lock_mtu || !krt_lock_hoplimit || krt_lock_rtt || krt_sstresh != 7 then reject;
      unset(krt_window);
      if defined(krt_window) || !defined(krt_lock_rtt) then reject;
      accept;
      """
    #expect(try Filter(body).run(&route) == .accept)
    #expect(route.attributes.u32(KernelMetric.lock.key) == 1 << 10 && route.attributes.u32(KernelMetric.features.key) == 1)
    var details = KernelDetails()
    details.metrics[.ssthresh] = 7
    details.metrics[.lock] = 1 << 10
    details.metrics[.features] = 1
    #expect(KernelDetails(route.attributes.records.span.bytes, .ipv6) == details)
    #expect(try Filter("unset(krt_lock_mtu); accept;").run(&route) == .accept)
    #expect(route.attributes.u32(KernelMetric.lock.key) == nil)
    #expect(refusal("krt_lock_mtu + 1 = 1") == "1:1: '+' needs int, but this is of type bool")
  }
}
