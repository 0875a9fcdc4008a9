import Testing

@testable import Configuration

/// Options that are misspelt, misplaced or missing: the whole message as it is shown.
@Suite struct MessagePlaceTests {
  @Test func `options with a slip`() {
    #expect(
      said(
        """
        protocol device { scn time 10; desription "x"; }
        protocol bgp A { neighbr ::1 as 2; HOLD TIME 5; ipv6 { imprt all; nxt hop self; }; }
        protocol ospf v3 { aera 0 { }; area 1 { interfce "a"; interface "b" { helo 5; type brodcast; }; interface "c" { type p2p; }; }; }
        """, as: .bird2)
          == """
          routed.conf:1:19: unknown option 'scn' in protocol device
            protocol device { scn time 10; desription "x"; }
                              ^~~
            hint: did you mean 'scan time'?
          routed.conf:1:32: unknown option 'desription' in protocol device
            protocol device { scn time 10; desription "x"; }
                                           ^~~~~~~~~~
            hint: did you mean 'description'?
          routed.conf:2:18: unknown option 'neighbr' in protocol bgp
            protocol bgp A { neighbr ::1 as 2; HOLD TIME 5; ipv6 { imprt all; nxt hop self; }; }
                             ^~~~~~~
            hint: did you mean 'neighbor'?
          routed.conf:2:36: unknown option 'HOLD' in protocol bgp
            protocol bgp A { neighbr ::1 as 2; HOLD TIME 5; ipv6 { imprt all; nxt hop self; }; }
                                               ^~~~
            hint: did you mean 'hold time'?
          routed.conf:2:56: unknown option 'imprt' in channel ipv6
            protocol bgp A { neighbr ::1 as 2; HOLD TIME 5; ipv6 { imprt all; nxt hop self; }; }
                                                                   ^~~~~
            hint: did you mean 'import'?
          routed.conf:2:67: unknown option 'nxt' in channel ipv6
            protocol bgp A { neighbr ::1 as 2; HOLD TIME 5; ipv6 { imprt all; nxt hop self; }; }
                                                                              ^~~
            hint: did you mean 'next hop self'?
          routed.conf:3:20: unknown option 'aera' in protocol ospf
            protocol ospf v3 { aera 0 { }; area 1 { interfce "a"; interface "b" { helo 5; type brodcast; }; interface "c" { type p2p; }; }; }
                               ^~~~
            hint: did you mean 'area'?
          routed.conf:3:41: unknown option 'interfce' in area 0.0.0.1
            protocol ospf v3 { aera 0 { }; area 1 { interfce "a"; interface "b" { helo 5; type brodcast; }; interface "c" { type p2p; }; }; }
                                                    ^~~~~~~~
            hint: did you mean 'interface'?
          routed.conf:3:71: unknown option 'helo' in interface
            protocol ospf v3 { aera 0 { }; area 1 { interfce "a"; interface "b" { helo 5; type brodcast; }; interface "c" { type p2p; }; }; }
                                                                                  ^~~~
            hint: did you mean 'hello'?
          routed.conf:3:84: syntax error: unexpected 'brodcast', expected 'broadcast', 'bcast', 'pointopoint', 'ptp', 'nonbroadcast', 'nbma', 'pointomultipoint' or 'ptmp'
            protocol ospf v3 { aera 0 { }; area 1 { interfce "a"; interface "b" { helo 5; type brodcast; }; interface "c" { type p2p; }; }; }
                                                                                               ^~~~~~~~
            hint: did you mean 'broadcast'?
          routed.conf:3:118: syntax error: unexpected 'p2p', expected 'broadcast', 'bcast', 'pointopoint', 'ptp', 'nonbroadcast', 'nbma', 'pointomultipoint' or 'ptmp'
            protocol ospf v3 { aera 0 { }; area 1 { interfce "a"; interface "b" { helo 5; type brodcast; }; interface "c" { type p2p; }; }; }
                                                                                                                                 ^~~
            hint: did you mean 'ptp'?
          """)
  }

  @Test func `options with a slip in a 1.6 file`() {
    #expect(
      said(
        """
        router id 192.0.2.1;
        protocol kernel { lern; exprt all; device route; }
        protocol static { improt all; rout ::/0 blackhole; }
        protocol pipe { peer tabel t; }
        protcol device { }
        lgo stderr all;
        """, as: .bird1(.ipv6))
          == """
          routed.conf:2:19: unknown option 'lern' in protocol kernel
            protocol kernel { lern; exprt all; device route; }
                              ^~~~
            hint: did you mean 'learn'?
          routed.conf:2:25: unknown option 'exprt' in protocol kernel
            protocol kernel { lern; exprt all; device route; }
                                    ^~~~~
            hint: did you mean 'export'?
          routed.conf:2:36: unknown option 'device' in protocol kernel
            protocol kernel { lern; exprt all; device route; }
                                               ^~~~~~
            hint: did you mean 'device routes'?
          routed.conf:3:19: unknown option 'improt' in protocol static
            protocol static { improt all; rout ::/0 blackhole; }
                              ^~~~~~
            hint: did you mean 'import'?
          routed.conf:3:31: unknown option 'rout' in protocol static
            protocol static { improt all; rout ::/0 blackhole; }
                                          ^~~~
            hint: did you mean 'route'?
          routed.conf:4:17: unknown option 'peer' in protocol pipe
            protocol pipe { peer tabel t; }
                            ^~~~
            hint: did you mean 'peer table'?
          routed.conf:5:1: syntax error: unexpected 'protcol', expected a definition
            protcol device { }
            ^~~~~~~
            hint: did you mean 'protocol'?
          routed.conf:6:1: syntax error: unexpected 'lgo', expected a definition
            lgo stderr all;
            ^~~
            hint: did you mean 'log'?
          """)
  }

  @Test func `options of the protocol in a channel`() {
    #expect(
      said(
        """
        protocol bgp A {
          ipv6 {
            local as 65001;
            hold time 10;
            description "x";
            scan time 10;
          };
        }
        """)
          == """
          routed.conf:3:5: 'local' is no option of channel ipv6
                local as 65001;
                ^~~~~
            hint: it belongs directly in the protocol
          routed.conf:4:5: 'hold time' is no option of channel ipv6
                hold time 10;
                ^~~~~~~~~
            hint: it belongs directly in the protocol
          routed.conf:5:5: 'description' is no option of channel ipv6
                description "x";
                ^~~~~~~~~~~
            hint: it belongs directly in the protocol
          routed.conf:6:5: 'scan time' is no option of channel ipv6
                scan time 10;
                ^~~~~~~~~
            hint: it is an option of protocol device
          """)
  }

  @Test func `options of a channel in the protocol`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 65001;
          next hop self;
          import all;
          ipv6;
        }
        protocol ospf v3 { area 0 { interface "eth0" { import all; }; }; }
        """, as: .bird2)
          == """
          routed.conf:3:3: 'next hop self' stands directly in the protocol, as in BIRD 1.6
              next hop self;
              ^~~~
            hint: in BIRD 2 it belongs in a channel: ipv6 { next hop self …; };  (the file is read as BIRD 2 as the command line says)
          routed.conf:4:3: 'import' stands directly in the protocol, as in BIRD 1.6
              import all;
              ^~~~~~
            hint: in BIRD 2 it belongs in a channel: ipv6 { import …; };  (the file is read as BIRD 2 as the command line says)
          routed.conf:7:48: 'import' is no option of interface
            protocol ospf v3 { area 0 { interface "eth0" { import all; }; }; }
                                                           ^~~~~~
            hint: it belongs in a channel: ipv6 { … };
          """)
  }

  @Test func `options of areas and interfaces elsewhere`() {
    #expect(
      said(
        """
        protocol ospf v3 {
          cost 5;
          stubnet 2001:db8::/64;
          area 0 {
            hello 5;
            tick 2;
            interface "eth0" { area 5; networks { }; stub yes; };
          };
        }
        """)
          == """
          routed.conf:2:3: 'cost' is no option of protocol ospf
              cost 5;
              ^~~~
            hint: it belongs in an interface: area 0 { interface "…" { cost …; }; };
          routed.conf:3:3: 'stubnet' is no option of protocol ospf
              stubnet 2001:db8::/64;
              ^~~~~~~
            hint: it belongs in an area: area 0 { stubnet …; };
          routed.conf:5:5: 'hello' is no option of area 0.0.0.0
                hello 5;
                ^~~~~
            hint: it belongs in an interface: area 0 { interface "…" { hello …; }; };
          routed.conf:6:5: 'tick' is no option of area 0.0.0.0
                tick 2;
                ^~~~
            hint: it belongs directly in the protocol
          routed.conf:7:24: 'area' is no option of interface
                interface "eth0" { area 5; networks { }; stub yes; };
                                   ^~~~
            hint: it belongs directly in the protocol
          routed.conf:7:32: 'networks' is no option of interface
                interface "eth0" { area 5; networks { }; stub yes; };
                                           ^~~~~~~~
            hint: it belongs in an area: area 0 { networks …; };
          """)
  }

  @Test func `options of other protocols`() {
    #expect(
      said(
        """
        protocol ospf v3 {
          hold time 10;
          next hop self;
          route ::/0 blackhole;
          area 0 { };
        }
        protocol kernel { ipv4; peer table master6; }
        """)
          == """
          routed.conf:2:3: 'hold time' is no option of protocol ospf
              hold time 10;
              ^~~~~~~~~
            hint: it is an option of protocol bgp
          routed.conf:3:3: 'next hop self' is no option of protocol ospf
              next hop self;
              ^~~~~~~~~~~~~
            hint: it is an option of the channels of protocol bgp
          routed.conf:4:3: 'route' is no option of protocol ospf
              route ::/0 blackhole;
              ^~~~~
            hint: it is an option of protocol static
          routed.conf:7:25: 'peer table' is no option of protocol kernel
            protocol kernel { ipv4; peer table master6; }
                                    ^~~~~~~~~~
            hint: it is an option of protocol pipe
          """)
  }

  @Test func `options outside of a protocol`() {
    #expect(
      said(
        """
        protocol device { }
        }
        hold time 10;
        import all;
        interface "eth0";
        """)
          == """
          routed.conf:2:1: syntax error: unexpected '}'
            }
            ^
            hint: there is no block open here
          routed.conf:3:1: 'hold time' stands outside of a protocol
            hold time 10;
            ^~~~
            hint: is a '}' too many before it?
          routed.conf:4:1: 'import' stands outside of a protocol
            import all;
            ^~~~~~
            hint: is a '}' too many before it?
          routed.conf:5:1: 'interface' stands outside of a protocol
            interface "eth0";
            ^~~~~~~~~
            hint: is a '}' too many before it?
          """)
  }

  @Test func `definitions inside of a protocol`() {
    #expect(
      said(
        """
        protocol device {
          log stderr all;
          define X = 5;
          filter f { accept; }
        }
        """)
          == """
          routed.conf:2:3: 'log' is no option of protocol device
              log stderr all;
              ^~~
            hint: it belongs outside of the protocol
          routed.conf:3:3: 'define' is no option of protocol device
              define X = 5;
              ^~~~~~
            hint: it belongs outside of the protocol
          routed.conf:4:3: 'filter' is no option of protocol device
              filter f { accept; }
              ^~~~~~
            hint: it belongs outside of the protocol
          """)
  }

  @Test func `what BIRD has and routed does not`() {
    #expect(
      said(
        """
        cli "x";
        ipv6 sadr table x;
        protocol babel { }
        protocol bgp A {
          tx size warning 5;
          authentication md5;
          ipv4 multicast;
          vpn4 mpls { };
        }
        protocol ospf v3 { area 1 { interface "a" { password "x"; }; }; }
        """)
          == """
          routed.conf:1:1: 'cli' is not supported yet
            cli "x";
            ^~~
          routed.conf:2:1: tables of type 'ipv6 sadr' are not supported yet
            ipv6 sadr table x;
            ^~~~~~~~~
          routed.conf:3:10: protocol babel is not supported yet
            protocol babel { }
                     ^~~~~
          routed.conf:5:3: 'tx size warning' is not supported yet
              tx size warning 5;
              ^~~~~~~~~~~~~~~
          routed.conf:6:3: 'authentication' is not supported yet
              authentication md5;
              ^~~~~~~~~~~~~~
          routed.conf:7:3: channels of type 'ipv4 multicast' are not supported yet
              ipv4 multicast;
              ^~~~~~~~~~~~~~
          routed.conf:8:3: channels of type 'vpn4 mpls' are not supported yet
              vpn4 mpls { };
              ^~~~~~~~~
          routed.conf:10:45: 'password' is not supported yet
            protocol ospf v3 { area 1 { interface "a" { password "x"; }; }; }
                                                        ^~~~~~~~
          """)
  }
}
