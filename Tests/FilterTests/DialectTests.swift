import Testing

@testable import Configuration
@testable import RouteCore

/// Both texts are taken by BIRD itself (2.0.12 and 1.6.8).
@Suite struct DialectTests {
  static let bird2 = """
    attribute int mytag;
    define S = [ (1..3,*), (4,5..6) ];
    function a(int x; prefix set ps) { int y = x * 2; if net ~ ps then return y > 5; else return false; }
    function b(bgppath p) { for int q in p do { if q = 5 then return q; } return 0; }
    filter one { int i; bgppath q; if (a(3, [10.0.0.0/8+]) && b(bgp_path) = 5) || ! defined(bgp_med) then { bgp_path.prepend(1); mytag = 3; unset(bgp_med); accept; }
      case bgp_path.len { 1..3: bgp_local_pref = 5; 4, 6: print "x"; else: reject "no"; }
      bgp_community.delete([(1,2..3)]); bgp_ext_community.add((rt, 1.2.3.4, 5)); bgp_large_community.add((1,2,3));
      if bgp_path ~ [= * 5 (2+3) * =] then gw = 1.2.3.4;
      q = prepend(bgp_path, 5); if q.last_nonaggregated ~ [1,2] then dest = RTD_BLACKHOLE;
      if format(q) ~ "*5*" then accept; reject; }
    """

  static let bird1 = """
    define S = [ (1..3,*), (4,5..6) ];
    function a(int x; prefix set ps) int y; { y = x * 2; if net ~ ps then return y > 5; else return false; }
    filter one int i; bgppath q; { if (a(3, [2001:db8::/32+]) && (i = 5)) || ! defined(bgp_med) then { bgp_path.prepend(1); unset(bgp_med); accept; }
      case bgp_path.len { 1..3: bgp_local_pref = 5; 4, 6: print "x"; else: reject; }
      bgp_community.delete([(1,2..3)]); bgp_ext_community.add((rt, 1.2.3.4, 5)); bgp_large_community.add((1,2,3));
      if bgp_path ~ / 1 2 ? / then gw = 2001:db8::1;
      ospf_router_id = 1.2.3.4; bgp_originator_id = 1.2.3.4;
      if bgp_cluster_list ~ [1.2.3.4] then reject;
      if 1.2.3.4 ~ bgp_cluster_list then reject;
      if from ~ [2001:db8::1 .. 2001:db8::5] then reject;
      q = prepend(bgp_path, 5); if q.last_nonaggregated ~ [1,2] then dest = RTD_BLACKHOLE;
      preference = 7; if source ~ [RTS_OSPF, RTS_BGP] && proto ~ "bgp*" then accept; reject; }
    """

  @Test func `what BIRD 2 reads is read, and does what it says`() throws {
    #expect(try Filter(file: DialectTests.bird2).run() == .accept)
    var route = PolicyRoute.example
    route.attributes.header.flags.remove(.hasMED)
    #expect(try Filter(file: DialectTests.bird2).run(&route) == .accept)
    #expect(route.attributes.u32(AttributeKey(.custom, 0)) == 3 && route.attributes.header.pathLength == 5)
  }

  @Test func `what BIRD 1_6 reads is read, and does what it says`() throws {
    var route = PolicyRoute.example
    // From the range of addresses that it refuses.
    #expect(try Filter(file: DialectTests.bird1, .bird1(.ipv6)).run(&route) == .reject)
    #expect(route.attributes.u32(.ospfRouterID) == 0x0102_0304 && route.attributes.header.routerID == 0x0102_0304)
    route.attributes.header.from = IPAddress("2001:db8::6") ?? .unspecified
    #expect(try Filter(file: DialectTests.bird1, .bird1(.ipv6)).run(&route) == .accept)
    #expect(route.attributes.header.preference == 7)
  }

  @Test func `the words of one dialect are unknown to the other`() {
    #expect(refusal("dest = RTD_ROUTER") != nil && refusal("dest = RTD_ROUTER", .bird1(.ipv6)) == nil)
    #expect(refusal("weight = 1") == nil && refusal("weight = 1", .bird1(.ipv6)) != nil)
    #expect(throws: Filter.Refused.self) { try Filter("int a; accept;", .bird1(.ipv6)) }
    #expect(throws: Filter.Refused.self) { try Filter("for int a in bgp_path do accept;", .bird1(.ipv6)) }
  }
}
