import RouteCore
import Testing

@testable import Configuration

/// Every class of mistake: what is said, where the caret stands, and the hint.
@Suite struct MessageTests {
  private static let sizeHint = "write the size in bytes and the name of the old file: log \"file\" 1000000 \"file.old\" all;"
  private static let oneNeighbor = "Only one neighbor per BGP instance is allowed"
  /// The diagnostics without their headlines' file.
  private func messages(_ text: String, _ options: ConfigurationReader.Options = .init()) -> [String] {
    read(text, [:], options).diagnostics.map { String($0.description.dropFirst("routed.conf:".count)) }
  }
  private let v1 = ConfigurationReader.Options(dialect: .bird1(.ipv6))
  private let v4 = ConfigurationReader.Options(dialect: .bird1(.ipv4))
  private let v2 = ConfigurationReader.Options(dialect: .bird2)

  @Test func `an unknown option is shown with the one that was meant`() {
    #expect(
      messages("protocol device {\n\tscn time 10;\n}") == [
        "2:2: unknown option 'scn' in protocol device\n  \tscn time 10;\n  \t^~~\n  hint: did you mean 'scan time'?"
      ])
    #expect(
      messages("router id 1.1.1.1; protocol bgp { local as 1; neighbor ::1 as 2; hold tme 6; }", v1) == [
        """
        1:66: unknown option 'hold' in protocol bgp
          router id 1.1.1.1; protocol bgp { local as 1; neighbor ::1 as 2; hold tme 6; }
                                                                           ^~~~
          hint: did you mean 'hold time'?
        """
      ])
  }

  @Test func `a missing semicolon is shown where it belongs, and nothing else is complained about`() {
    #expect(
      messages("router id 1.1.1.1\nprotocol device { scan time 10 }\n", v1) == [
        "1:18: syntax error: missing ';'\n  router id 1.1.1.1\n                   ^\n  hint: a statement ends with ';'",
        "2:31: syntax error: missing ';'\n  protocol device { scan time 10 }\n                                ^\n  hint: a statement ends with ';'",
      ])
  }

  @Test func `a missing brace is found before the next definition`() {
    let found = messages("protocol device {\n scan time 10;\nprotocol direct {\n ipv4;\n}\n")
    #expect(
      found == [
        "1:17: syntax error: missing '}'\n  protocol device {\n                  ^\n  hint: the block that begins here is not closed before line 3"
      ])
    #expect(messages("protocol device { }\n}\n").first?.hasPrefix("2:1: syntax error: unexpected '}'") == true)
  }

  @Test(
    arguments: [
      ("define A = 1;\ndefine A = 2;", "2:8: Symbol already defined", "'A' is a constant since routed.conf:1:8"),
      ("protocol device X {}\nprotocol direct X { ipv4; }", "2:17: Symbol already defined", "'X' is a protocol since routed.conf:1:17"),
      ("protocol device {}\nprotocol device {}", "2:10: Kernel device protocol already defined", nil),
      ("protocol devise {}", "1:10: 'devise' is no type of protocol", "did you mean 'device'?"),
      ("protocol rip {}", "1:10: protocol rip is not supported yet", nil),
      ("protcol device {}", "1:1: syntax error: unexpected 'protcol', expected a definition", "did you mean 'protocol'?"),
      ("mrtdump protocols { statse };", "1:21: 'statse' is no MRT dump flag", "did you mean 'states'?"),
      ("roa table x;", "1:1: 'roa table' is not supported yet", nil),
      ("log \"x\" 100 all;", "1:13: syntax error: unexpected 'all', expected the name of the old file in quotes", MessageTests.sizeHint),
      ("log \"x\" limit 100 all;", "1:9: syntax error: unexpected 'limit', expected a size, 'all' or { classes }", MessageTests.sizeHint),
      ("log stderr { errror };", "1:14: 'errror' is no class of messages", "did you mean 'error'?"),
      ("debug protocols { routs };", "1:19: 'routs' is no debug flag", "did you mean 'routes'?"),
      ("define X = 1; protocol device { scan time Y; }", "1:43: 'Y' is not defined, expected a number", nil),
      ("define AREA = 1; protocol device { scan time AERA; }", "1:46: 'AERA' is not defined, expected a number", "did you mean 'AREA'?"),
      ("protocol device { scan time \"x\"; }", "1:29: syntax error: unexpected text \"x\", expected a number", nil),
      ("define X = \"a\"; protocol device { scan time X; }", "1:45: 'scan time' takes a number", nil),
      ("protocol device { disabled maybe; }", "1:28: 'maybe' is not defined, expected yes or no", nil),
      ("protocol device { description foo; }", "1:31: syntax error: unexpected 'foo', expected a text in quotes", "write \"foo\""),
      (
        "protocol device { vrf red; }", "1:23: syntax error: unexpected 'red', expected the name of a VRF in quotes, or 'default'",
        "write \"red\""
      ),
      ("protocol device x from y { }", "1:24: 'y' is not defined, expected a template or protocol", nil),
      ("template bgp y {} protocol device x from y { }", "1:42: Protocol type differs from that of 'y', which is bgp", nil),
      ("x include \"foo\";", "1:1: syntax error: unexpected 'x', expected a definition", nil),
      (
        "timeformat rout \"%T\";", "1:12: syntax error: unexpected 'rout', expected 'route', 'protocol', 'base' or 'log'",
        "did you mean 'route'?"
      ),
    ] as [(String, String, String?)])
  func `mistakes outside of routing protocols`(text: String, headline: String, hint: String?) {
    let found = read(text, [:], .init(dialect: .bird2)).diagnostics
    #expect(found.map(\.headline) == ["routed.conf:" + headline])
    #expect(found.first?.hint == hint)
  }

  @Test(
    arguments: [
      ("protocol static { route 2001:db8::1/64 blackhole; }", "1:25: Invalid prefix 2001:db8::1/64", "maybe you wanted 2001:db8::/64"),
      ("protocol static { route ::/129 blackhole; }", "1:28: Invalid prefix length 129", "128 is the longest"),
      ("protocol static { route ::/0 via fe80::1; }", "1:34: Link-local next hop needs an interface", "write fe80::1%eth0"),
      ("protocol static { route ::/0 via ::1 via ::2; }", "1:38: several next hops need 'multipath'", "route … multipath via … via …"),
      (
        "protocol static { route ::/0; }", "1:29: syntax error: unexpected ';', expected where the route leads",
        "via ADDRESS, via \"INTERFACE\", recursive ADDRESS, blackhole, unreachable or prohibit"
      ),
      ("protocol static { route ::/0 multipath via ::1 weight 257; }", "1:55: 'weight' must be in range 1-256", nil),
      (
        "protocol static { ipv6 { import all; }; }", "1:19: 'ipv6' is a channel of BIRD 2",
        "the file is read as BIRD 1.6 for IPv6 as the command line says"
      ),
      ("ipv6 table x;", "1:1: 'ipv6 table' is of BIRD 2", "the file is read as BIRD 1.6 for IPv6 as the command line says"),
      ("protocol kernel { import filter foo; }", "1:33: 'foo' is not defined, expected a filter", nil),
      ("protocol kernel { table mastr; }", "1:25: 'mastr' is not defined, expected a routing table", "did you mean 'master'?"),
      ("protocol kernel {} protocol kernel {}", "1:29: Kernel syncer 'kernel1' already attached to table master", nil),
      (
        "table t; protocol kernel {} protocol kernel { table t; }", "1:38: Kernel table 254 already used by 'kernel1'",
        "kernel table N; names another"
      ),
      ("protocol kernel { merge paths yes limit 256; }", "1:41: 'limit' must be in range 1-255", nil),
      ("protocol kernel { import limit 5 action explode; }", "1:41: 'explode' is no action", "warn, block, restart or disable"),
      ("protocol direct { interface eth0; }", "1:29: syntax error: unexpected 'eth0', expected an interface pattern", "write \"eth0\""),
      ("protocol pipe {}", "1:10: Name of peer routing table not specified", "write peer table NAME;"),
      ("protocol pipe { peer table master; }", "1:17: Primary table and peer table must be different", nil),
      ("protocol ospf { }", "1:10: No configured areas in OSPF", "area 0 { interface \"eth*\"; };"),
      ("protocol ospf { area 0 { nssa; }; }", "1:26: Backbone area cannot be stub/NSSA", nil),
      (
        "protocol ospf { area 0 { interface \"a\" { authentication simple; }; }; }",
        "1:42: Authentication not supported in OSPFv3", nil
      ),
      (
        "protocol ospf { area 0 { interface 10.0.0.0/8; }; }",
        "1:36: This is an IPv6 router, therefore IPv4 addresses are not supported",
        "the file is read as BIRD 1.6 for IPv6 as the command line says"
      ),
      ("protocol ospf { area 0 { interface 2001:db8::/32; }; }", "1:36: Interface name/mask expected, not IP prefix", nil),
      ("protocol ospf { area 0 { interface \"a\" { cost 0; }; }; }", "1:47: 'cost' must be in range 1-65535", nil),
      ("protocol ospf { area 0 { interface \"a\" { real broadcast no; }; }; }", "1:42: Real broadcast option requires OSPFv2", nil),
      ("protocol ospf { area 0 { interface \"a\" { ptp netmask; }; }; }", "1:42: PtP netmask option requires OSPFv2", nil),
      (
        "protocol ospf { area 0 { interface \"a\" { ptp address; }; }; }", "1:42: 'ptp address' is an option of BIRD 2",
        "the file is read as BIRD 1.6 for IPv6 as the command line says"
      ),
      ("protocol ospf { area 0 { virtual link 1.1.1.1 {}; }; area 1 { }; }", "1:26: Virtual link cannot be in backbone", nil),
      ("protocol ospf { area 1 { virtual link 1.1.1.1; }; }", "1:10: Vlinks cannot be used on single area router", nil),
      (
        "protocol ospf { area 1 { virtual link \"x\"; }; area 2 { }; }",
        "1:39: syntax error: unexpected text \"x\", expected a router ID such as 0.0.0.1", nil
      ),
      (
        "protocol ospf { area 1 { virtual link 5 { cost 5; }; }; area 2 { }; }", "1:43: 'cost' is no option of virtual link",
        "it belongs in an interface: area 0 { interface \"…\" { cost …; }; };"
      ),
      (
        "protocol ospf { area 1 { virtual link 5 instance 256; }; area 2 { }; }", "1:50: 'instance' must be in range 0-255", nil
      ),
      (
        "protocol ospf { area 1 { virtual link 5 { hello 0; }; }; area 2 { }; }", "1:49: 'hello' must be in range 1-65535", nil
      ),
      (
        "protocol ospf { area 1 { virtual link 5 { dead count 1; }; }; area 2 { }; }", "1:54: 'dead count' must be in range 2-65535", nil
      ),
      (
        "protocol ospf { area 1 { virtual link 5 { hello 30000; dead count 9; }; }; area 2 { }; }",
        "1:56: Dead interval must be in range 1-65535", "it is dead count times hello: 270000 s"
      ),
      (
        "protocol ospf { area 1 { virtual link 5 { authentication simple; }; }; area 2 { }; }",
        "1:43: Authentication not supported in OSPFv3", nil
      ),
      ("protocol ospf { area 1 { virtual link 5 { password \"x\"; }; }; area 2 { }; }", "1:43: 'password' is not supported yet", nil),
      (
        "protocol ospf { area 0 { interface \"a\" { neighbors { 10.0.0.1; }; }; }; }",
        "1:54: This is an IPv6 router, therefore IPv4 addresses are not supported",
        "the file is read as BIRD 1.6 for IPv6 as the command line says"
      ),
      (
        "protocol ospf { area 0 { interface \"a\" { neighbors { fe80::1 elegible; }; }; }; }",
        "1:62: syntax error: unexpected 'elegible', expected ';'", nil
      ),
      ("protocol ospf { area 0 { interface \"a\" { poll 0; }; }; }", "1:47: 'poll' must be in range 1-4294967295", nil),
    ] as [(String, String, String?)])
  func `mistakes in a 1.6 file`(text: String, headline: String, hint: String?) {
    let found = read("\(text) router id 1.1.1.1;", [:], v1).diagnostics
    #expect(found.map(\.headline) == ["routed.conf:" + headline])
    #expect(found.first?.hint == hint)
  }

  @Test(
    arguments: [
      ("local as 1; neighbor as 2;", "2:28: Neighbor must be configured", nil),
      ("neighbor ::1 as 1;", "2:10: Local AS number must be set", nil),
      ("local as 1; neighbor ::1;", "2:28: Remote AS number must be set", nil),
      ("local as 1; neighbor fe80::1 as 2;", "2:28: Link-local neighbor address requires specified interface", nil),
      ("local as 1; neighbor ::1 as 2; rr client;", "2:47: Only internal neighbor can be RR client", "rr client"),
      ("local as 1; neighbor ::1 as 1; rs client;", "2:47: Only external neighbor can be RS client", "rs client"),
      ("local as 1; neighbor ::1 as 2; multihop; gateway direct;", "2:57: Multihop BGP cannot use direct gateway mode", "gateway"),
      ("local as 1; neighbor fe80::1%eth0 as 2; multihop;", "2:28: Multihop BGP cannot be used with link-local addresses", nil),
      ("local as 1; neighbor ::1 as 2; multihop; interface \"eth0\";", "2:57: Multihop BGP cannot be bound to interface", "interface"),
      ("local as 1; neighbor ::1 as 2; multihop; check link;", "2:57: Multihop BGP cannot depend on link state", "check link"),
      ("local as 1; neighbor ::1 as 1; table s;", "2:47: BGP in recursive mode prohibits sorted table", "table"),
      ("local as 1; neighbor range ::/0 as 2;", "2:37: 'neighbor range' is of BIRD 2", nil),
      ("local as 1; neighbor ::1 as 2; neighbor ::2 as 2;", "2:56: Only one neighbor per BGP instance is allowed", nil),
      ("local as 1; neighbor ::1 as 2; hold time 2;", "2:47: Hold time must be 0 or at least 3 seconds", "hold time"),
      ("local as 1; neighbor ::1 as 2; hold time 65536;", "2:57: 'hold time' must be in range 0-65535", nil),
      ("local as 1; neighbor ::1 as 0;", "2:44: 'as' must be in range 1-4294967295", nil),
      ("local as 1; neighbor ::1 as 2; multihop; bfd;", "2:57: Multihop BGP with BFD requires specified source address", nil),
      ("local as 1; neighbor ::1 as 2; graceful restart time 4096;", "2:69: 'graceful restart time' must be in range 0-4095", nil),
      (
        "local as 1; neighbor ::1 as 2; graceful restart off; long lived graceful restart aware;",
        "2:69: Long-lived graceful restart requires basic graceful restart", nil
      ),
      ("local as 1; neighbor ::1 as 2; add paths both;", "2:57: 'both' is not defined, expected yes or no", nil),
      ("local as 1; neighbor ::1 as 2; local role peer;", "2:53: 'local role' is an option of BIRD 2", nil),
    ] as [(String, String, String?)])
  func `impossible combinations of BGP options are refused in the words of BIRD`(options: String, headline: String, place: String?) {
    let found = read("router id 1.1.1.1; table s sorted\nprotocol bgp { \(options) }", [:], v1).diagnostics
    #expect(found.map(\.headline) == ["routed.conf:" + headline])
    if let place, let first = found.first {
      let start = Int(first.location.column) - 1
      let line = Array((first.sourceLine ?? "").utf8)
      #expect(String(decoding: line[start..<min(line.count, start + first.length)], as: UTF8.self).hasPrefix(place))
    }
  }

  @Test func `a template is not checked, what uses it is`() {
    #expect(messages("template bgp t { rr client; } router id 1.1.1.1;", v1).isEmpty)
    #expect(
      messages("router id 1.1.1.1; template bgp t { rr client; local as 1; }\nprotocol bgp from t { neighbor ::1 as 2; }", v1).count == 1)
  }

  @Test func `1.6 syntax in a 2 file is named as such`() {
    let found = read("protocol kernel { ipv6 { export all; }; import all; }\nprotocol kernel { device routes; ipv4; }").diagnostics
    #expect(
      found.map(\.headline) == [
        "routed.conf:1:41: 'import' stands directly in the protocol, as in BIRD 1.6",
        "routed.conf:2:19: 'device routes' is an option of BIRD 1.6",
      ])
    #expect(
      found.map(\.hint) == [
        "in BIRD 2 it belongs in a channel: ipv6 { import …; };  (the file is read as BIRD 2 because of 'ipv6' at line 1)",
        "the file is read as BIRD 2 because of 'ipv6' at line 1",
      ])
  }

  @Test func `2 syntax in a 1.6 file is named as such`() {
    let text = "router id 1.1.1.1;\nprotocol static { import all; export all; }\nprotocol kernel { ipv6 { export all; }; }"
    let found = read(text).diagnostics
    #expect(found.map(\.headline) == ["routed.conf:3:19: 'ipv6' is a channel of BIRD 2"])
    #expect(found.first?.hint == "the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2")
  }

  @Test(arguments: [
    ("protocol static { }", "protocol static needs a channel"), ("protocol kernel { }", "protocol kernel needs exactly one channel"),
    ("protocol kernel { ipv4; ipv6; }", "protocol kernel needs exactly one channel"),
    ("protocol static { ipv4; route ::/0 blackhole; }", "The route's type ipv6 has no channel here"),
    ("protocol ospf v3 { ipv4; rfc5838 no; area 0 {}; }", "Different channel type"),
    ("protocol ospf v3 { ipv4; ipv6; area 0 {}; }", "Different channel type"),
    (
      "protocol ospf v3 { ipv4; area 1 { virtual link 5; }; area 2 { }; }", "Vlinks not supported in AFs other than IPv6 unicast"
    ),
    ("protocol ospf v3 { graceful restart time 0; area 0 {}; }", "'graceful restart time' must be in range 1-1800"),
    ("protocol ospf v3 { graceful restart time 1801; area 0 {}; }", "'graceful restart time' must be in range 1-1800"),
    ("protocol ospf v3 { ipv4; area 0 { stubnet 2001:db8::/32; }; }", "Area 0.0.0.0: 2001:db8::/32 is not of the channel's type ipv4"),
    ("protocol ospf v3 { area 0 { interface \"a\" { real broadcast; }; }; }", "Real broadcast option requires OSPFv2"),
    ("protocol ospf v3 { area 0 { interface \"a\" { ptp netmask no; }; }; }", "PtP netmask option requires OSPFv2"),
    ("protocol ospf v3 { area 0 { interface \"a\" { ptp address; }; }; }", "PtP address option requires OSPFv2"),
    (
      "protocol bgp { local as 1; neighbor ::1 as 2; ipv6 { import all; }; }",
      "External BGP requires an explicit export policy (RFC 8212)"
    ),
    ("protocol bgp { local as 1; neighbor ::1 as 1; vpn4 mpls; }", "channels of type 'vpn4 mpls' are not supported yet"),
    ("protocol bgp { local as 1; neighbor range 10.0.0.0/8 as 1; neighbor 10.0.0.1; ipv4; }", MessageTests.oneNeighbor),
    ("protocol bgp { local as 1; neighbor ::1 as 1; neighbor range ::/0; ipv4; }", MessageTests.oneNeighbor),
    ("protocol bgp { local as 1; neighbor range 10.0.0.0/8; ipv4 { import all; export all; }; }", "Remote AS number must be set"),
    ("protocol bgp { local as 1; neighbor range 10.0.0.1/8 as 1; ipv4; }", "Invalid prefix 10.0.0.1/8"),
    ("protocol bgp { local as 1; neighbor as 1; ipv4; }", "Neighbor must be configured"),
    ("protocol bgp { local as 1; neighbor range ::/0 as 1; dynamic name \"a%d\"; ipv4; }", "Forbidden character '%' in dynamic name"),
    (
      "protocol bgp { local as 1; neighbor range ::/0 as 1; dynamic name \"\(String(repeating: "n", count: 49))\"; ipv4; }",
      "Dynamic name too long"
    ),
    (
      "protocol bgp { local as 1; neighbor range ::/0 as 1; dynamic name digits 11; ipv4; }",
      "'dynamic name digits' must be in range 0-10"
    ),
    (
      "protocol bgp { local as 1; neighbor range ::/0 as 1; multihop; interface \"eth0\"; ipv4; }",
      "Multihop BGP cannot be bound to interface"
    ),
    ("protocol bgp { local as 1; neighbor range ::/0 as 1; strict bind; ipv4; }", "Local address must be configured for strict bind"),
    (
      "protocol bgp { local 10.0.0.1 as 1; neighbor range ::/0 as 1; ipv4; }",
      "the local address is ipv4, the neighbor's is ipv6"
    ),
    (
      "protocol bgp { local as 1; neighbor range fe80::/10 as 1; direct; ipv6; }",
      "a range of link-local addresses is of one interface"
    ),
    ("ipv4 table t; protocol static { ipv6 { table t; }; }", "'t' is an ipv4 table, expected an ipv6 table"),
    ("table t;", "the table's type is missing"), ("listen bgp port 5;", "'listen bgp' is of BIRD 1.6"),
    ("protocol kernel { ipv4; learn all; }", "'learn all' is not supported yet"),
  ]) func `mistakes in a 2 file`(text: String, message: String) {
    #expect(read(text, [:], v2).diagnostics.map(\.message) == [message])
  }

  @Test func `an IPv6 address in an IPv4 configuration is refused in the words of BIRD`() {
    let text = "protocol bgp { local as 1; neighbor 10.0.0.1 as 2; source address ::1; }"
    #expect(
      read(text, [:], v4).diagnostics.map(\.headline) == [
        "routed.conf:1:67: This is an IPv4 router, therefore IPv6 addresses are not supported"
      ])
  }

  @Test func `without a router ID an IPv6 router of the 1.6 dialect does not start`() {
    let text = "protocol kernel { export all; }"
    #expect(read(text, [:], .init(family: .ipv6)).diagnostics.map(\.message) == ["Router ID must be configured manually"])
    #expect(read("protocol kernel { export all; }", [:], .init(family: .ipv4)).diagnostics.isEmpty)
  }

  @Test func `protocol direct of a 2 file may lack a channel, which BIRD's examples have disabled`() {
    #expect(read("protocol direct { disabled; }", [:], v2).diagnostics.isEmpty)
    #expect(
      read("protocol direct { }", [:], v2).diagnostics.map(\.headline) == [
        "routed.conf:1:10: warning: protocol direct has no channel and no effect"
      ])
  }

  @Test func `settings without effect are warnings, not errors`() throws {
    let result = read("router id 1.1.1.1; watchdog warning 5 s; debug latency on;", [:], v1)
    #expect(result.configuration != nil)
    #expect(result.diagnostics.map(\.severity) == [.warning, .warning])
    #expect(result.diagnostics.first?.headline == "routed.conf:1:20: warning: 'watchdog' has no effect")
    #expect(read("watchdog warning 5;").errors.map(\.hint) == ["write '5 s', '5 ms' or '5 us'"])
  }

  @Test func `all mistakes of a file are reported at once, in order, across includes`() {
    let result = read(
      "protocol devise {}\ninclude \"part\";\nfoo;\n", ["part": "protocol device { scan time; }\n\"x\"\n"], .init(dialect: .bird2))
    #expect(result.configuration == nil)
    #expect(
      result.diagnostics.map(\.headline) == [
        "routed.conf:1:10: 'devise' is no type of protocol", "routed.conf:3:1: syntax error: unexpected 'foo', expected a definition",
        "part:1:28: syntax error: unexpected ';', expected a number",
        "part:2:1: syntax error: unexpected text \"x\", expected a definition",
      ])
  }

  @Test func `the number of messages is bounded`() {
    #expect(read(String(repeating: "foo;\n", count: 5000)).diagnostics.count == Parser.maximumDiagnostics)
  }

  @Test func `deep nesting is refused`() {
    let deep = "define X = " + String(repeating: "(", count: 100_000)
    #expect(!read(deep).errors.isEmpty)
    #expect(!read(String(repeating: "protocol ospf { area 0 { interface \"x\" {", count: 10_000)).errors.isEmpty)
  }
}
