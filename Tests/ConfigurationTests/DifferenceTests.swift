import RouteCore
import Testing

@testable import Configuration

@Suite struct DifferenceTests {
  private let base = """
    router id 192.0.2.1;
    table t;
    protocol device { scan time 10; }
    protocol kernel { scan time 20; export all; }
    protocol static ST { route 2001:db8:1::/48 via 2001:db8::2; route 2001:db8:2::/48 blackhole; }
    protocol ospf O { export none; area 0 { interface "eth0" { cost 5; }; }; }
    protocol bgp B { local as 1; neighbor 2001:db8::2 as 2; hold time 30; import all; export none; description "x"; }

    """

  /// What one replacement in the base file does: each changed protocol with its effect and reasons.
  private func difference(_ old: String, _ new: String) throws -> ConfigurationDifference {
    let changed = base.replacing(old, with: new)
    #expect(changed != base)
    return ConfigurationDifference(from: try configuration(base), to: try configuration(changed))
  }

  private func changes(_ old: String, _ new: String) throws -> [String] {
    try difference(old, new).changes.filter { $0.effect != .none }.map { "\($0.name) \($0.effect): \($0.reasons.joined(separator: ", "))" }
  }

  @Test func `the same text, moved and commented, changes nothing`() throws {
    let same = ConfigurationDifference(from: try configuration(base), to: try configuration("# first\n\n" + base))
    #expect(same.isEmpty)
    #expect(same.changes.count == 5)
  }

  @Test func `each option has its effect and its reason`() throws {
    #expect(try changes("hold time 30", "hold time 31") == ["B adjust: hold time"])
    #expect(try changes("local as 1", "local as 3") == ["B restart: local as"])
    #expect(try changes("import all", "import none") == ["B reload: import filter of ipv6"])
    #expect(try changes("import all", "import all; preference 5; import limit 9") == ["B reload: preference of ipv6, import limit of ipv6"])
    #expect(try changes("import all; export none", "table t") == ["B restart: table of ipv6"])
    #expect(try changes("\"x\"", "\"y\"; debug all") == ["B adjust: description, debug"])
    #expect(try changes("\"x\"", "\"x\"; mrtdump { messages }") == ["B adjust: mrtdump"])
    #expect(try changes("\"x\"", "\"x\"; disabled") == ["B restart: disabled"])
    #expect(try changes("2::/48 blackhole", "2::/48 prohibit") == ["ST adjust: routes"])
    #expect(try changes("cost 5", "cost 6") == ["O adjust: interfaces"])
    #expect(try changes("scan time 20", "scan time 21") == ["kernel1 adjust: scan time"])
    #expect(try changes("scan time 20", "learn") == ["kernel1 restart: scan time, learn"])
    #expect(try changes("scan time 20", "scan time 20; graceful restart") == ["kernel1 adjust: graceful restart"])
    #expect(try changes("hold time 30", "rr client off; path metric off") == ["B adjust: hold time, path metric"])
    #expect(try changes("hold time 30", "hold time 31; ttl security") == ["B restart: ttl security, hold time"])
    #expect(try changes("scan time 10", "scan time 11") == ["device1 adjust: scan time"])
    #expect(try changes("neighbor 2001:db8::2 as 2", "neighbor 2001:db8::2 as 2; next hop self") == ["B adjust: next hop self of ipv6"])
  }

  @Test func `a filter is the same if it does the same, wherever and under whatever name it is written`() throws {
    func text(_ filter: String, _ policy: String) -> String {
      "router id 1.1.1.1; \(filter) protocol direct D { import all; export \(policy); }"
    }
    let old = try configuration(text("filter a { if net.len > 48 then reject; accept; }", "filter a"))
    let effects: [(String, ConfigurationDifference.Effect)] = [
      (text("filter a { if net.len > 48 then reject; accept; }", "filter a"), .none),
      (text("\n# moved\nfilter b { if net.len>48 then reject;  accept; }", "filter b"), .none),
      (text("filter a { if net.len > 47 then reject; accept; }", "filter a"), .reload), (text("", "all"), .reload),
      (text("", "where net.len <= 48"), .reload),
    ]
    for (new, effect) in effects {
      let found = ConfigurationDifference(from: old, to: try configuration(new))
      #expect(found.changes.map(\.effect) == [effect], "\(new)")
    }
  }

  @Test func `a changed constant changes the filters that use it, through functions too`() throws {
    func text(_ value: String) -> String {
      """
      router id 1.1.1.1; define LIMIT = \(value); function short() { return net.len <= LIMIT; }
      filter f { if short() then accept; reject; }
      protocol direct D { import filter f; } protocol direct E { import where net.len = LIMIT; } protocol direct N { import all; }
      """
    }
    let found = ConfigurationDifference(from: try configuration(text("48")), to: try configuration(text("40")))
    #expect(found.changes.map(\.effect) == [.reload, .reload, .none])
    #expect(found.changes.first?.reasons == ["import filter of ipv6"])
  }

  @Test func `a reload says which direction of which channel`() throws {
    let change = try #require(try difference("export none; description", "export all; description").changes.last)
    #expect(change.effect == .reload)
    #expect(change.reloads == [.init(family: .ipv6, imports: false, exports: true)])
  }

  @Test func `OSPF takes over what its machine can, and restarts for the rest`() throws {
    // An AS boundary router says so in its router-LSA.
    #expect(try changes("export none; area", "export all; area") == ["O reload: begins to export, export filter of ipv6"])
    #expect(try changes("\"eth0\" { cost 5; };", "\"eth1\"; stubnet 2001:db8:9::/48;") == ["O adjust: interfaces, stubnet"])
    #expect(try changes("cost 5;", "cost 5; neighbors { fe80::1; }; poll 5; strict nonbroadcast;") == ["O adjust: interfaces"])
    #expect(try changes("area 0 {", "area 1 {") == ["O adjust: area 0.0.0.1 added, area 0.0.0.0 removed"])
    #expect(try changes("area 0 {", "area 1 { stub; }; area 0 {") == ["O adjust: area 0.0.0.1 added"])
    #expect(try changes("cost 5; };", "cost 5; }; networks { 2001:db8::/32; };") == ["O adjust: networks"])
    func areas(_ text: String) throws -> ProtocolConfiguration? {
      try configuration("router id 1.1.1.1; protocol ospf v3 O { \(text) }").protocols.first
    }
    let cases = [
      ("area 0 { }; area 1 { };", "area 0 { }; area 1 { stub; };", ["area 0.0.0.1 begins anew"]),
      ("area 0 { }; area 1 { stub; };", "area 0 { }; area 1 { stub; summary; };", ["options of area 0.0.0.1"]),
      ("area 1 { nssa; };", "area 1 { nssa; external { 2001:db8::/32; }; };", ["options of area 0.0.0.1"]),
      ("area 0 { }; area 1 { };", "area 1 { }; area 0 { };", ["order of areas"]),
      ("area 0 { }; area 1 { };", "area 0 { }; area 1 { virtual link 5; };", ["virtual links"]),
      ("area 0 { }; area 1 { virtual link 5; };", "area 0 { }; area 1 { virtual link 5 { hello 5; }; };", ["virtual links"]),
    ]
    for (old, new, reasons) in cases {
      let change = ConfigurationDifference.ProtocolChange(
        from: try #require(try areas(old)), to: try #require(try areas(new)), changedTables: [])
      #expect(change.effect == .adjust && change.reasons == reasons)
    }
    #expect(try changes("export none; area", "export none; ecmp; stub router; tick 5; area") == ["O adjust: ecmp, stub router, tick"])
    #expect(try changes("export none; area", "export none; rfc1583compat; area") == ["O restart: rfc1583compat"])
    let restarts = ConfigurationDifference.ProtocolChange(
      from: try #require(try areas("area 0 { };")),
      to: try #require(try areas("graceful restart; graceful restart time 5; area 0 { };")), changedTables: [])
    #expect(restarts.effect == .adjust && restarts.reasons == ["graceful restart", "graceful restart time"])
  }

  @Test func `options of BGP 2 are noticed, in the protocol and in its channels`() throws {
    func text(_ options: String, _ channel: String = "") -> String {
      "ipv4 table t4; protocol bgp B { local as 1; neighbor 2001:db8::2 as 2; \(options) ipv6 { import all; export all; \(channel) }; }"
    }
    let changes: [(String, String, String)] = [
      ("allow as sets no;", "", "adjust: allow as sets"), ("free bind;", "", "restart: free bind"),
      ("advertise hostname;", "", "restart: advertise hostname"), ("local role peer;", "", "restart: local role"),
      ("confederation 5;", "", "restart: confederation"),
      ("confederation 5; confederation member;", "", "restart: confederation, confederation member"),
      ("local role peer; require roles;", "", "restart: local role, require roles"), ("", "mandatory;", "restart: mandatory of ipv6"),
      ("", "cost 5;", "adjust: cost of ipv6"), ("", "next hop prefer global;", "adjust: next hop prefer of ipv6"),
      ("", "aigp off;", "adjust: aigp of ipv6"), ("", "extended next hop;", "restart: extended next hop of ipv6"),
      ("", "extended next hop; igp table t4;", "restart: extended next hop of ipv6, igp table of ipv6"),
    ]
    let before = try configuration(text(""))
    for (options, channel, reasons) in changes {
      let found = ConfigurationDifference(from: before, to: try configuration(text(options, channel)))
      #expect(
        found.changes.map { "\($0.effect): \($0.reasons.joined(separator: ", "))" } == [reasons], "\(options)\(channel)")
    }
    let named = ConfigurationDifference(from: before, to: try configuration("hostname \"x\"; " + text("")))
    #expect(named.globals == ["hostname"] && named.changes.map(\.effect) == [.none])
  }

  @Test func `a new router ID restarts whoever speaks with it`() throws {
    let found = try difference("192.0.2.1", "192.0.2.7")
    #expect(found.globals == ["router id"])
    #expect(found.changes.filter { $0.effect == .restart }.map(\.name) == ["O", "B"])
  }

  @Test func `protocols and tables come and go`() throws {
    let found = try difference("protocol bgp B {", "table u; protocol bgp C {")
    #expect(found.added == ["C"] && found.removed == ["B"] && found.addedTables == ["u"] && found.removedTables.isEmpty)
    let type = try difference(
      "protocol static ST { route 2001:db8:1::/48 via 2001:db8::2; route 2001:db8:2::/48 blackhole; }", "protocol direct ST { }")
    #expect(type.changes.first { $0.name == "ST" }?.reasons == ["type"])
    #expect(
      try difference("table t;", "table t; log stderr all; timeformat log iso short; debug commands 2;").globals == [
        "log", "debug commands", "timeformat",
      ])
    #expect(try difference("table t;", "table t; mrtdump \"/var/log/mrt\";").globals == ["mrtdump"])
    #expect(try difference("table t;", "table t; graceful restart wait 60;").globals == ["graceful restart wait"])
  }

  @Test func `a comment, an unused function and the order of definitions change no filter`() throws {
    func text(_ definitions: String) -> String {
      "router id 1.1.1.1; \(definitions) protocol direct D { import filter f; export where len(); } protocol direct E { import where net ~ S; }"
    }
    let base = "define S = [2001:db8::/32+]; function len() { return net.len < 48; } filter f { if len() && net ~ S then accept; reject; }"
    let old = try configuration(text(base))
    let same = [
      "# said otherwise\n" + base, base + " function unused(int a) { return a + 1; } define X = 5;",
      "function unused() { return true; } define S = [ 2001:db8::/32+ ]; function other() { return false; }"
        + " function len() { # shorter\n return net.len < 48; } filter g { accept; } filter f { if len() && net ~ S then accept; reject; }",
    ]
    for definitions in same {
      let found = ConfigurationDifference(from: old, to: try configuration(text(definitions)))
      #expect(found.changes.map(\.effect) == [.none, .none], "\(definitions)")
    }
    let set = try configuration(text(base.replacing("/32+", with: "/33+")))
    #expect(ConfigurationDifference(from: old, to: set).changes.map(\.reasons) == [["import filter of ipv6"], ["import filter of ipv6"]])
    let function = try configuration(text(base.replacing("< 48", with: "< 47")))
    #expect(
      ConfigurationDifference(from: old, to: function).changes.map(\.reasons) == [["import filter of ipv6", "export filter of ipv6"], []])
  }

  @Test func `a table that changes restarts all that look into it`() throws {
    func text(_ options: String) -> String {
      """
      ipv6 table t\(options); ipv6 table u; router id 1.1.1.1;
      protocol pipe p { table u; peer table t; }
      protocol static s { ipv6 { table u; }; igp table t; route 2001:db8::/32 blackhole; }
      protocol bgp b { local as 1; neighbor 2001:db8::2 as 2; ipv6 { igp table t; table u; import all; export none; }; }
      protocol direct d { ipv6 { table u; }; }
      """
    }
    let found = ConfigurationDifference(from: try configuration(text("")), to: try configuration(text(" sorted")))
    #expect(found.changes.filter { $0.effect == .restart }.map(\.name) == ["p", "s", "b"])
  }

  @Test func `a table that becomes sorted restarts its users`() throws {
    let before = try configuration("ipv6 table t; protocol static s { ipv6 { table t; }; } protocol direct d { ipv6; }")
    let after = try configuration("ipv6 table t sorted; protocol static s { ipv6 { table t; }; } protocol direct d { ipv6; }")
    let found = ConfigurationDifference(from: before, to: after)
    #expect(found.changes.filter { $0.effect != .none }.map(\.name) == ["s"])
    #expect(found.changes.first?.reasons == ["table t changed"])
  }
}
