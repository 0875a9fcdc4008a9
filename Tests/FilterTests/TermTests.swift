import Testing

@testable import Configuration
@testable import RouteCore

@Suite struct TermTests {
  @Test(arguments: [
    // Scalars.
    "1 = 1", "1 != 2", "1 < 2", "2 <= 2", "3 > 2", "3 >= 3", "!(1 = 2)", "1 = 1 && 2 = 2", "1 = 2 || 2 = 2",
    "(1,2) < (1,3)", "(1,2,3) = (1,2,3)", "(rt,1,2) != (ro,1,2)", "RTS_BGP = source", "source != RTS_STATIC", "true", "!false",
    // Text.
    "ifname ~ \"eth*\"", "ifname !~ \"wan*\"", "ifname = \"eth1\"", "proto ~ \"bgp_?p*\"", "\"\" ~ \"*\"", "\"abc\" ~ \"*b*\"",
    "\"a*\" ~ \"a\\*\" || true",
    // Numbers in sets.
    "5 ~ [1, 3..7]", "8 !~ [1, 3..7]", "1 ~ [1, 3..7]", "7 ~ [1..3, 3..7]", "4294967295 ~ [4294967295]", "bgp_med ~ [ 10 ]",
    "source ~ [ RTS_STATIC, RTS_BGP ]", "source !~ [ RTS_STATIC ]",
    // Pairs.
    "(1,2) ~ [(1,*)]", "(2,2) !~ [(1,*)]", "(1,2) ~ [(1,2..3)]", "(1,4) !~ [(1,2..3)]", "(2,6) ~ [(1..3,5..7)]", "(2,8) !~ [(1..3,5..7)]",
    "(9,5) ~ [(*,5)]", "(9,6) !~ [(*,5)]", "(2,6) ~ [(1,5)..(3,7)]",
    // Addresses and prefixes.
    "10.1.2.3 ~ 10.0.0.0/8", "11.1.2.3 !~ 10.0.0.0/8", "10.1.0.0/16 ~ 10.0.0.0/8", "10.0.0.0/8 !~ 10.1.0.0/16", "10.1.0.0/16 ~ 0.0.0.0/0",
    "10.1.0.0/16 !~ ::/0", "1.2.3.4 ~ [1.2.3.0..1.2.3.255]", "1.2.4.4 !~ [1.2.3.0..1.2.3.255]", "1.2.3.4 < 1.2.3.5",
    "2001:db8::1 ~ 2001:db8::/32", "10.1.2.3 ~ [ 10.0.0.0/8+ ]", "10.1.2.3 !~ [ 10.0.0.0/8 ]",
    "net ~ 2001:db8::/32", "net = 2001:db8:1::/48", "net.len = 48", "net.ip = 2001:db8:1::", "net.type = NET_IP6",
    "net ~ [ 2001:db8::/32{40,48} ]",
    "net !~ [ 2001:db8::/32{49,64} ]", "net ~ [ 2001:db8:1:2::/64- ]", "net !~ [ 2001:db8:1:2::/64 ]", "net ~ [ ::/0{48,48} ]",
    "10.0.0.0/8 ~ [ 10.1.0.0/16{8,12} ]", "10.0.0.0/7 !~ [ 10.1.0.0/16{8,12} ]", "10.2.0.0/15 !~ [ 10.1.0.0/16{8,15} ]",
    // Attributes of BGP.
    "bgp_path.len = 4", "bgp_path.first = 65001", "bgp_path.last = 65005", "bgp_path.last_nonaggregated = 65002",
    "65003 ~ bgp_path", "65009 !~ bgp_path", "bgp_path ~ [65005, 1]", "bgp_path !~ [1..5]",
    "bgp_path ~ [= 65001 * =]", "bgp_path ~ [= * 65005 =]", "bgp_path ~ [= 65001 65002 65004 65005 =]", "bgp_path !~ [= 65001 =]",
    "bgp_path ~ [= ? ? ? ? =]", "bgp_path !~ [= ? ? ? =]", "bgp_path ~ [= * 65000..65002 65003 ? =]", "bgp_path ~ [= * (65000 + 5) =]",
    "bgp_path ~ [= 65001 + * =]", "bgp_path ~ [= * (bgp_path.first) * =]",
    "bgp_origin = ORIGIN_IGP", "bgp_med = 10", "bgp_next_hop = 2001:db8::1", "!defined(bgp_local_pref)", "defined(bgp_med)",
    "bgp_local_pref != 100", "!(bgp_local_pref = 100)", "!defined(bgp_atomic_aggr)", "!defined(bgp_cluster_list)",
    "bgp_cluster_list.len = 0",
    "(65001,100) ~ bgp_community", "(65001,101) !~ bgp_community", "bgp_community ~ [(65001,*)]", "bgp_community !~ [(65002,*)]",
    "bgp_community.len = 2", "bgp_community ~ [(65001,150..250)]", "bgp_community ~ [(65000..65009,100..101)]",
    "(rt,10,20) ~ bgp_ext_community", "(ro,10,20) !~ bgp_ext_community", "bgp_ext_community ~ [(rt,10,*)]",
    "bgp_ext_community !~ [(rt,11,*)]",
    "(65001,1,2) ~ bgp_large_community", "bgp_large_community ~ [(65001,1,*)]", "bgp_large_community !~ [(65002,*,*)]",
    // Others.
    "from = 2001:db8::1", "gw = fe80::1", "ifindex = 3", "preference = 100", "weight = 1", "scope = SCOPE_UNIVERSE", "dest = RTD_UNICAST",
    "!defined(igp_metric)", "!defined(ospf_metric1)", "!defined(krt_source)", "bgp_path.empty.len = 0",
  ])
  func `the term is true for the example route`(term: String) throws { #expect(try holds(term) == true) }

  @Test(arguments: [
    "1 = 2", "1 != 1", "2 < 1", "3 <= 2", "2 > 3", "2 >= 3", "!(1 = 1)", "1 = 1 && 2 = 3", "1 = 2 || 2 = 3", "(1,3) < (1,3)",
    "(1,2,3) = (1,2,4)", "(rt,1,2) = (ro,1,2)", "RTS_STATIC = source", "ifname ~ \"et?\"", "ifname !~ \"eth*\"", "ifname = \"eth\"",
    "\"abc\" ~ \"*c*b*\"", "2 ~ [1, 3..7]", "5 !~ [1, 3..7]", "source ~ [ RTS_STATIC ]", "(1,2) ~ [(2,*)]", "(1,2) !~ [(1,2)]",
    "11.1.2.3 ~ 10.0.0.0/8", "10.0.0.0/8 ~ 10.1.0.0/16", "net ~ 2001:db8:2::/48", "net ~ [ 2001:db8::/32 ]", "net ~ [ 2001:db8::/32- ]",
    "65009 ~ bgp_path", "bgp_path ~ [= 65002 * =]", "bgp_path ~ [= 65001 65002 65005 =]", "bgp_path ~ [= =]", "bgp_path ~ [9]",
    "(65001,101) ~ bgp_community", "bgp_community ~ [(65002,*)]", "bgp_community !~ [(65001,100)]", "(rt,10,21) ~ bgp_ext_community",
    "(65001,1,3) ~ bgp_large_community", "bgp_ext_community ~ [(rt,10,0..19)]", "defined(bgp_local_pref)", "bgp_local_pref = 100",
    "defined(bgp_atomic_aggr)", "dest = RTD_BLACKHOLE", "proto = \"bgp\"",
  ])
  func `the term is false for the example route`(term: String) throws { #expect(try holds(term) == false) }

  @Test(arguments: ["bgp_local_pref > 100", "bgp_local_pref + 1 = 2", "igp_metric ~ [1]", "net.maxlen = 5", "1 / (ifindex - 3) = 1"])
  func `what an undefined value cannot do fails when the filter runs`(term: String) throws { #expect(try holds(term) == nil) }

  @Test func `the destinations of 1_6 tell routers from devices and multipath`() throws {
    var route = PolicyRoute.example
    #expect(try holds("dest = RTD_ROUTER", .bird1(.ipv6), route) == true)
    route.nextHopCount = 2
    #expect(try holds("dest = RTD_MULTIPATH", .bird1(.ipv6), route) == true)
    route.nextHopCount = 1
    route.gateway = .unspecified
    #expect(try holds("dest = RTD_DEVICE", .bird1(.ipv6), route) == true)
    #expect(try holds("cast = RTC_UNICAST", .bird1(.ipv6), route) == true)
  }

  @Test(arguments: [
    ("1 < \"x\"", "1:3: '<' cannot compare int with string"), ("1 ~ 2", "1:3: '~' cannot match int against int"),
    ("net ~ 5", "1:5: '~' cannot match prefix against int"),
    ("bgp_path < bgp_path", "1:10: '<' cannot compare bgppath with bgppath"),
    ("!net ~ [10.0.0.0/8]", "1:2: '!' needs bool, but this is of type prefix"),
    ("1 && true", "1:1: '&&' needs bool, but this is of type int"), ("true || 1", "1:9: '||' needs bool, but this is of type int"),
    ("net + 1 = 2", "1:1: '+' needs int, but this is of type prefix"), ("5", "1:1: 'where' needs bool, but this is of type int"),
    ("bgp_med.len = 1", "1:9: int has no member 'len'"), ("net.first = 1", "1:5: prefix has no member 'first'"),
    ("sorce = RTS_BGP", "1:1: 'sorce' is not defined, expected a value, an attribute or a function"),
    ("source = RTS_BGB", "1:10: 'RTS_BGB' is not defined, expected a value, an attribute or a function"),
    ("source ~ [ SCOPE_LINK ]", "1:8: '~' cannot match enum RTS against enum SCOPE set"),
    ("bgp_community ~ [1]", "1:15: '~' cannot match clist against int set"), ("krt_congctl = 5", "1:1: 'krt_congctl' is not supported yet"),
    ("(1,net) ~ bgp_community", "1:4: a pair needs int, but this is of type prefix"), ("1 ~ [bgp_med]", "1:6: expected a constant"),
    ("net ~ [10.0.0.0/8, 5]", "1:20: The set is of prefix, but this is of type int"),
    ("(1 = 1", "1:7: syntax error: unexpected end of file, expected ')'"),
  ])
  func `a wrong type is refused where it stands`(term: String, message: String) { #expect(refusal(term) == message) }

  @Test func `near misses are suggested`() {
    do {
      _ = try holds("ifnme ~ \"eth*\"")
      Issue.record("accepted")
    } catch {
      #expect((error as? Filter.Refused)?.diagnostics.first?.hint == "did you mean 'ifname'?")
    }
  }
}
