import Testing

@testable import Configuration
@testable import RouteCore

@Suite struct CommandTests {
  @Test func `a filter accepts, rejects, or fails when it does neither`() throws {
    #expect(try Filter("accept;").run() == .accept)
    #expect(try Filter("reject;").run() == .reject)
    let filter = try Filter("if false then accept;")
    guard case .failed(let fault) = filter.run() else {
      Issue.record("no failure")
      return
    }
    #expect(filter.program.describe(fault, filter: "test") == "Filter test did not return accept nor reject. Make up your mind")
  }

  @Test func `a failure names the file and the line`() throws {
    let filter = try Filter("\nif bgp_local_pref > 5 then accept;\nreject;")
    guard case .failed(let fault) = filter.run() else {
      Issue.record("no failure")
      return
    }
    #expect(
      filter.program.describe(fault, filter: nil)
        == "filters, t.conf line 3: can't compare values of different types, or an undefined one")
  }

  @Test func `if, else and blocks nest, and else belongs to the nearest if`() throws {
    #expect(try Filter("if true then if false then accept; else reject; accept;").run() == .reject)
    #expect(try Filter("if false then { accept; } else { if true then reject; }").run() == .reject)
    #expect(try Filter("if 1 = 2 then reject; else if 1 = 1 then accept; reject;").run() == .accept)
  }

  @Test func `the right side of a boolean operator is left alone when it does not matter`() throws {
    #expect(try holds("true || bgp_local_pref > 5") == true)
    #expect(try holds("false && bgp_local_pref > 5") == false)
    #expect(try holds("true && bgp_local_pref > 5") == nil)
  }

  @Test func `case takes the arm that holds the value, else the else`() throws {
    let body = { (arms: String) in "case bgp_med { \(arms) } reject;" }
    #expect(try Filter(body("1: reject; 5..15: accept; else: reject;")).run() == .accept)
    #expect(try Filter(body("1, 2: accept; else: reject;")).run() == .reject)
    #expect(try Filter(body("1: accept;")).run() == .reject)
    #expect(try Filter("case source { RTS_STATIC: reject; RTS_BGP, RTS_OSPF: { print \"x\"; accept; } }").run() == .accept)
    #expect(try Filter("case (1,5) { (1,*): accept; } reject;").run() == .accept)
    #expect(try Filter("case bgp_med { 10: preference = 5; if true then accept; 11: reject; } reject;").run() == .accept)
  }

  @Test func `case takes the right one of very many arms`() throws {
    let arms = (0..<66_000).map { "\($0): \($0 == 65538 ? "accept" : "reject");" }.joined(separator: "\n")
    #expect(try Filter("int x = 65538; case x { \(arms) }").run() == .accept)
  }

  @Test func `In 1_6 a list that a route does not have is defined all the same`() throws {
    let body = "if defined(bgp_cluster_list) && !defined(bgp_originator_id) then accept; reject;"
    #expect(try Filter(body, .bird1(.ipv6)).run() == .accept)
    #expect(try Filter(body).run() == .reject)
  }

  /// RFC 4271 §5.
  @Test func `What is attached to another's route has the Partial bit, and what was there keeps its own`() throws {
    func flags(_ source: RouteSource, _ body: String, _ key: AttributeKey, has flags: UInt8? = nil) throws -> UInt8? {
      var route = PolicyRoute(
        prefix: try #require(Prefix("10.0.0.0/8")), attributes: RouteAttributes(AttributeHeader(source: source, preference: 0)))
      if let flags { route.attributes.set(key, flags: flags, [0, 1, 0, 1]) }
      #expect(try Filter(body).run(&route) == .accept)
      return AttributeRecords.find(key, in: route.attributes.records.span.bytes)?.flags
    }
    let twice = "bgp_community.add((1, 2)); bgp_community.add((1, 3)); accept;"
    #expect(try flags(.bgp, twice, .communities) == 0xe0)
    #expect(try flags(.static, twice, .communities) == 0xc0)
    #expect(try flags(.bgp, twice, .communities, has: 0xc0) == 0xc0)
    #expect(try flags(.bgp, twice, .communities, has: 0xe0) == 0xe0)
    #expect(try flags(.bgp, "bgp_originator_id = 1.2.3.4; accept;", .originatorID) == 0x80)
  }

  @Test func `variables have scopes, types and empty values`() throws {
    #expect(try Filter("int a = 5; { int a = 6; if a != 6 then reject; } if a = 5 then accept; reject;").run() == .accept)
    #expect(try Filter("bgppath p; clist c; if p.len = 0 && c.len = 0 then accept; reject;").run() == .accept)
    #expect(try Filter("int a; if defined(a) then reject; a = 1; if defined(a) then accept;").run() == .accept)
    #expect(try Filter("prefix set s; s = [ 2001:db8::/32+ ]; if net ~ s then accept; reject;").run() == .accept)
    #expect(try Filter("int set s = [ 1..20 ]; if bgp_med ~ s then accept; reject;").run() == .accept)
    #expect(
      try Filter(file: "filter f int a; string s; { a = 5; s = \"x\"; if a = 5 && s = \"x\" then accept; reject; }", .bird1(.ipv6)).run()
        == .accept)
  }

  @Test func `what was read before a change stays as it was`() throws {
    let body = """
      bgppath p = bgp_path; clist c = bgp_community; string s = ifname;
      bgp_path.prepend(1); bgp_community.empty; ifname = "lo";
      if p.len = 4 && c.len = 2 && s = "eth1" && bgp_path.len = 5 && bgp_community.len = 0 && ifname = "lo" then accept;
      reject;
      """
    #expect(try Filter(body).run() == .accept)
  }

  @Test func `a function that changes the route does not change what was read before it`() throws {
    let text = """
      function shorten() -> bgppath { bgp_path = +empty+; bgp_path.prepend(7); return bgp_path; }
      filter f { if bgp_path != shorten() && bgp_path = prepend(+empty+, 7) then accept; reject; }
      """
    #expect(try Filter(file: text).run() == .accept)
  }

  @Test func `functions take arguments, return values and call themselves`() throws {
    let text = """
      function fact(int n) -> int { if n <= 1 then return 1; return n * fact(n - 1); }
      function both(bool a; bool b) { return a && b; }
      function stop() { reject; }
      filter f { if both(fact(5) = 120, fact(1) = 1) then accept; stop(); }
      """
    #expect(try Filter(file: text).run() == .accept)
    #expect(try Filter(file: "function stop() { reject; } filter f { stop(); accept; }").run() == .reject)
    let old = "function above(int a; int b) int c; { c = a; return c > b; } filter f { if above(bgp_med, 5) then accept; reject; }"
    #expect(try Filter(file: old, .bird1(.ipv6)).run() == .accept)
  }

  @Test func `for visits paths and lists`() throws {
    #expect(
      try Filter("int n = 0; for int a in bgp_path do n = n + a; if n = 65001+65002+65003+65004+65005 then accept; reject;").run()
        == .accept)
    #expect(try Filter("int n = 0; for pair p in bgp_community do { n = n + p.data; } if n = 300 then accept; reject;").run() == .accept)
    #expect(try Filter("for lc l in bgp_large_community do if l.data2 = 2 then accept; reject;").run() == .accept)
    #expect(try Filter("for ec e in bgp_ext_community do if e = (rt,10,20) then accept; reject;").run() == .accept)
    #expect(try Filter("for int a in +empty+ do accept; reject;").run() == .reject)
  }

  @Test func `print writes lines, printn parts of them, and accept may say why`() throws {
    let (lines, verdict) = try Filter("print \"net \", net, \" \", bgp_path; printn 1; printn (2,3); print \"\"; accept \"fine \", 7;")
      .output()
    #expect(lines == ["net 2001:db8:1::/48 (path 65001 65002 { 65003 65004 } 65005)", "1(2,3)", "fine 7"])
    #expect(verdict == .accept)
  }

  @Test func `attributes are set and unset`() throws {
    var route = PolicyRoute.example
    let filter = try Filter(
      """
      bgp_local_pref = 200; unset(bgp_med); bgp_origin = ORIGIN_INCOMPLETE; preference = 150; igp_metric = 9;
      bgp_next_hop = 2001:db8::2; bgp_originator_id = 1.2.3.4; ospf_metric1 = 5; krt_prefsrc = 2001:db8::9; scope = SCOPE_SITE;
      bgp_community.add((1,2)); bgp_community.delete([(65001,100)]); bgp_large_community.filter([(9,*,*)]);
      bgp_ext_community.add((ro,1,2)); accept;
      """)
    #expect(filter.run(&route) == .accept)
    let header = route.attributes.header
    #expect(header.localPref == 200 && header.flags.contains(.hasLocalPref) && !header.flags.contains(.hasMED))
    #expect(header.origin == .incomplete && header.preference == 150 && header.scope == .site && header.routerID == 0x0102_0304)
    #expect(route.igpMetric == 9)
    #expect(route.attributes.value(.nextHop) == IPAddress("2001:db8::2")?.bytes)
    #expect(route.attributes.u32(.ospfMetric1) == 5)
    #expect(route.attributes.value(.communities) == words(65001 << 16 | 200, 1 << 16 | 2))
    #expect(!route.attributes.contains(.largeCommunities))
    #expect(route.attributes.value(.extendedCommunities) == words(0x0002_000a, 20, 0x0003_0001, 2))
    #expect(route.attributesChanged && !route.nextHopChanged && filter.program.writesAttributes && !filter.program.writesNextHop)
  }

  @Test func `a changed path is known to the decision`() throws {
    var route = PolicyRoute.example
    #expect(try Filter("bgp_path.prepend(65000); bgp_path.prepend(65000); bgp_path.delete([65005]); accept;").run(&route) == .accept)
    #expect(route.attributes.header.pathLength == 5)
    #expect(route.attributes.header.neighborAS == 65000)
    #expect(route.attributes.value(.asPath) == path((2, [65000, 65000, 65001, 65002]), (1, [65003, 65004])))
    #expect(try Filter("bgp_path.empty; accept;").run(&route) == .accept)
    #expect(route.attributes.header.pathLength == 0 && route.attributes.header.neighborAS == 0)
  }

  @Test func `next hops are changed one way only`() throws {
    var route = PolicyRoute.example
    #expect(try Filter("gw = 2001:db8::5; accept;").run(&route) == .accept)
    #expect(route.gateway == IPAddress("2001:db8::5") && route.changes.contains(.gateway) && route.interfaceIndex == 0)
    route = .example
    #expect(try Filter("dest = RTD_BLACKHOLE; accept;").run(&route) == .accept)
    #expect(route.attributes.header.destination == .blackhole && route.gateway.isUnspecified)
    #expect(try Filter("dest = RTD_UNICAST; accept;").run() != .accept)
    #expect(try Filter("weight = 257; accept;").run() != .accept)
    #expect(try Filter("preference = 65536; accept;").run() != .accept)
    #expect(try Filter("ifname = \"sixteen_letters_\"; accept;").run() != .accept)
  }

  @Test func `custom attributes keep values of every type`() throws {
    let text = """
      attribute int a; attribute bgppath p; attribute lc l; attribute string s; attribute prefix n; attribute ip i; attribute bool b;
      filter f {
        if defined(a) || defined(p) then reject;
        a = 5; p = prepend(bgp_path, 9); l = (1,2,3); s = "x" ; n = net; i = 10.0.0.1; b = true;
        if a = 5 && p.len = 5 && l.data1 = 2 && s = "x" && n = net && i = 10.0.0.1 && b then { unset(a); if !defined(a) then accept; }
        reject;
      }
      """
    let filter = try Filter(file: text)
    #expect(filter.run() == .accept)
    #expect(filter.program.effects.contains(.usesCustomAttributes))
  }

  @Test func `bt_assert and bt_check_assign count what is false`() throws {
    let filter = try Filter("bt_assert(1 = 1); bt_assert(1 = 2); bt_check_assign(bgp_med, 77); accept;")
    var route = PolicyRoute.example
    var interpreter = PolicyInterpreter()
    #expect(interpreter.run(filter.program, on: &route) == .accept)
    #expect(interpreter.assertions == 3)
    #expect(interpreter.failedAssertions(of: filter.program).map { $0.line } == [2])
  }

  @Test(arguments: [
    ("net = 10.0.0.0/8; accept;", "2:1: 'net' cannot be set"),
    ("bgp_med = \"x\"; accept;", "2:11: 'bgp_med' needs int, but this is of type string"),
    ("if 5 then accept;", "2:4: 'if' needs bool, but this is of type int"),
    ("if true accept;", "2:9: syntax error: unexpected 'accept', expected 'then'"),
    ("acept;", "2:1: 'acept' is not defined, expected a command, a variable or an attribute"),
    ("unset(preference);", "2:7: 'preference' cannot be unset"),
    ("bgp_path.add(5);", "2:10: a path has no 'add'"),
    ("bgp_community.add(5);", "2:19: 'add' on clist needs pair or clist, but this is of type int"),
    ("bgp_path.prepend(net);", "2:18: 'prepend' needs int, but this is of type prefix"),
    ("return 5;", "2:8: 'return' in a filter needs bool, but this is of type int"),
    ("case net { 1: accept; }", "2:12: 'case' is over prefix, but this is of type int"), ("int a; int a;", "2:12: Symbol already defined"),
    ("for int a in net do accept;", "2:14: 'for' needs a path or a community list, but this is of type prefix"),
    ("nofunc(1);", "2:1: 'nofunc' is not defined, expected a function or a command"),
    ("int a = 5\naccept;", "2:10: syntax error: missing ';'"), ("quitbird;", "2:1: 'quitbird' is of BIRD 1.6"),
    ("bgp_aggregator = 5;", "2:1: 'bgp_aggregator' cannot be set"),
  ])
  func `a wrong command is refused where it stands`(body: String, message: String) {
    do {
      _ = try Filter(body)
      Issue.record("accepted")
    } catch {
      #expect((error as? Filter.Refused)?.first == message)
    }
  }

  @Test func `all errors of a filter are found`() {
    do {
      _ = try Filter("if 1 then accept;\nbgp_med = net;\nfoo = 1;\naccept;")
      Issue.record("accepted")
    } catch {
      #expect((error as? Filter.Refused)?.diagnostics.map { $0.location.line } == [2, 3, 4])
    }
  }

  @Test(arguments: [
    ("function f(int a) { return a; } filter x { if f(net) = 1 then accept; }", "1:49: 'f' needs int, but this is of type prefix"),
    ("function f(int a) { return a; } filter x { if f() = 1 then accept; }", "1:47: 'f' takes 1 argument, not 0"),
    ("function f() -> int { return \"x\"; } filter x { accept; }", "1:30: 'return' needs int, but this is of type string"),
    ("function f() { g(); } function g() { accept; } filter x { accept; }", "1:16: 'g' is not defined, expected a function or a command"),
  ])
  func `wrong uses of functions are refused`(text: String, message: String) {
    do {
      _ = try Filter(file: text)
      Issue.record("accepted")
    } catch {
      #expect((error as? Filter.Refused)?.first == message)
    }
  }

  @Test func `programs are equal when they do the same, wherever they are written`() throws {
    let text = "if net ~ [ 10.0.0.0/8+ ] && bgp_path ~ [= 1 * =] then reject; accept;"
    #expect(try Filter(text).program == Filter("\n\n  \(text)").program)
    #expect(try Filter(text).program != Filter(swap(text, "10.0", "11.0")).program)
    #expect(try Filter(text).program != Filter(swap(text, "= 1", "= 2")).program)
    #expect(try Filter("accept;").program != Filter("reject;").program)
  }

  @Test func `a program says what it reads`() throws {
    #expect(try Filter("if ifname ~ \"eth*\" then accept; reject;").program.readsNextHop)
    #expect(try Filter("if bgp_med = 5 then accept; reject;").program.isUniformOverPrefixes)
    #expect(try !Filter("if net.len > 48 then reject; accept;").program.isUniformOverPrefixes)
    let nested = try Filter(file: "function l() { return net.len; } filter f { if l() > 48 then reject; accept; }").program
    #expect(nested.readsPrefix)
  }
}
