import RouteCore

@testable import Configuration

/// Reads a text as a configuration.
///
/// Most texts here are about one thing and have no protocol.
func read(_ text: String, _ files: [String: String] = [:], _ options: ConfigurationReader.Options = .init()) -> ConfigurationReader.Result {
  var options = options
  options.mayLackProtocols = true
  return ConfigurationReader.read(
    file: "routed.conf", provider: MemorySources(files.merging(["routed.conf": text]) { $1 }), options: options)
}

/// All that is said about a text, as a user sees it.
func said(_ text: String, as dialect: Dialect? = nil, with files: [String: String] = [:]) -> String {
  let provider = MemorySources(files.merging(["routed.conf": text]) { $1 })
  let result = ConfigurationReader.read(file: "routed.conf", provider: provider, options: .init(dialect: dialect))
  return result.diagnostics.map { $0.description }.joined(separator: "\n")
}

/// The configuration of a text that has to be right.
func configuration(_ text: String, _ files: [String: String] = [:], _ options: ConfigurationReader.Options = .init()) throws
  -> Configuration
{
  let result = read(text, files, options)
  guard let configuration = result.configuration else { throw Unreadable(diagnostics: result.diagnostics) }
  return configuration
}

struct Unreadable: Error, CustomStringConvertible {
  var diagnostics: [Diagnostic]
  var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// A file that uses most options of the 1.6 dialect.
let bird1Sample = """
  log "/var/log/bird.log" { warning, error, fatal, bug };
  log syslog name "bird6" all;
  router id 192.0.2.1;
  define AS_LOCAL = 65001;
  define LOOPBACK = 2001:db8::1;
  debug protocols { states, events };
  debug commands 2;
  listen bgp address 2001:db8::1 port 1790 dual;
  timeformat route "%T" 72000 "%F";
  timeformat log old long;
  table other;
  table third sorted
  protocol device { scan time 10; primary "eth0" 2001:db8::/64; }
  protocol direct { interface "eth*", -"eth9", 2001:db8::/32; check link; }
  protocol kernel { persist; learn; scan time 20; merge paths yes limit 8; kernel table 100; metric 7; device routes; export all; }
  protocol kernel K2 { table other; kernel table 101; }
  protocol static ST {
    check link no; preference 201;
    route 2001:db8:1::/48 via 2001:db8::2;
    route 2001:db8:2::/48 via "eth0";
    route 2001:db8:3::/48 via fe80::1%eth1;
    route 2001:db8:4::/48 recursive LOOPBACK;
    route 2001:db8:5::/48 multipath via 2001:db8::2 weight 3 via 2001:db8::3%eth2;
    route 2001:db8:6::/48 blackhole; route 2001:db8:7::/48 reject; route 2001:db8:8::/48 prohibit; route 2001:db8:9::/48 drop;
  }
  protocol pipe { table other; peer table third; mode opaque; }
  protocol ospf O {
    rfc1583compat yes; stub router; tick 2; ecmp yes limit 4; merge external; instance id 3; router id 192.0.2.9;
    export all;
    area 0.0.0.1 {
      stubnet 2001:db8:aa::/64 { cost 5; summary; hidden; };
      networks { 2001:db8:10::/48; 2001:db8:11::/48 hidden; };
      interface "eth0", "eth1" instance 5 {
        cost 20; hello 5; dead 25; dead count 3; wait 12; retransmit 4; transmit delay 2; priority 7; type ptp; stub no; check link;
        ecmp weight 9; link lsa suppression; rx buffer large; tx class 0xc3; tx priority 6; tx length 1400; ttl security tx only; poll 9;
        strict nonbroadcast; neighbors { fe80::1; fe80::2 eligible; }; neighbors { 2001:db8::3; };
      };
    };
  }
  template bgp peers {
    local as AS_LOCAL; hold time 30; import limit 1000 action restart; receive limit 2000; export limit 10 action warn;
    import keep filtered; path metric off; error wait time 5, 50; error forget time 60; connect delay time 1; connect retry time 20;
    startup hold time 40; keepalive time 9; password "secret"; passive; ttl security; interpret communities no; next hop self;
    missing lladdr drop; disable after error; enable route refresh no; enable as4 no; default bgp_med 5; default bgp_local_pref 50;
  }
  protocol bgp E1 from peers { neighbor 2001:db8::2 as 65002; description "upstream"; preference 160; disabled; debug all; import none; }
  protocol bgp I1 from peers { neighbor 2001:db8::3 as (AS_LOCAL); rr client; rr cluster id 1.2.3.4; multihop 5; source address LOOPBACK;
    disable after cease { prefix limit hit, out of resources }; ttl security off; gateway recursive; igp table other; }
  define MARTIANS = [ 2001:db8:ffff::/48+, ::/0{0,8} ];
  function is_ours(int asn; prefix set nets) pair p; { p = (1, 2); if asn = AS_LOCAL then return true; return net ~ nets; }
  filter upstream_in int i; {
    if net ~ MARTIANS || bgp_path ~ [= * 65099 * =] then reject;
    case bgp_path.len { 1..3: bgp_local_pref = 200; else: bgp_local_pref = 50; }
    i = preference + 1; preference = i; bgp_community.add((65001, 7)); print "seen ", net;
    if ifname ~ "eth*" && ! is_ours(bgp_path.first, MARTIANS) then accept; else { reject; }
  }
  protocol bgp F1 from peers {
    neighbor 2001:db8::7 as 65007; import filter upstream_in; export where source = RTS_STATIC;
  }
  protocol static F2 { import filter { if net.len > 48 then reject; accept; }; route 2001:db8:f::/48 blackhole { preference = 7; bgp_med = 3; }; }
  protocol bgp L1 { local as 1; neighbor fe80::5%eth0 as 2 port 1179; bfd no; graceful restart off; allow local as; }
  """

/// The same of the 2.x dialect.
let bird2Sample = """
  log stderr all;
  router id from "lo", 192.0.2.0/24;
  timeformat base iso long us;
  ipv4 table t4;
  ipv6 table t6 sorted;
  ipv6 table t7 { sorted yes; };
  protocol device { interface "eth0" { preferred 192.0.2.1; }; }
  protocol direct { ipv4; ipv6 { import none; }; interface "*"; }
  protocol kernel { ipv4 { export all; import none; }; learn; }
  protocol kernel k6 { ipv6 { table t6; export all; }; metric 0; merge paths on; }
  protocol static s4 { ipv4; route 10.0.0.0:255.0.0.0 via 192.0.2.9 via 192.0.2.10%eth0 weight 4; route 192.0.2.128/25 unreachable; }
  protocol pipe { table t6; peer table t7; export none; }
  protocol ospf v3 o6 { ipv6 { export none; }; area 0 { interface "eth0" { type broadcast; }; }; }
  protocol ospf o4 { area 1.2.3.4 { interface 192.0.2.0/24; }; }
  define BOGONS = [ 10.0.0.0/8+, 0.0.0.0/0 ];
  function tag(int a; int b) { bgp_large_community.add((a, b, 3)); return true; }
  filter in4 { if net ~ BOGONS then reject "bogon"; if bgp_path.last != 65002 then reject; tag(65001, 2); accept; }
  protocol bgp f1 { local 192.0.2.1 as 65001; neighbor 192.0.2.7 as 65002; ipv4 { import filter in4; export where proto ~ "static*"; }; }
  template bgp upstream { local 192.0.2.1 as 65001; ipv4 { import all; export none; next hop self ebgp; preference 120; }; }
  protocol bgp b1 from upstream { neighbor 192.0.2.2 port 1790 as 65002; ipv6 { import none; export all; next hop address 2001:db8::1; }; }
  protocol bgp b2 from upstream { neighbor 192.0.2.3 internal; ipv4 { import none; }; strict bind yes; min hold time 3; rr client yes; direct; }
  """
