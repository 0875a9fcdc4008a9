import Testing

@testable import Configuration

/// Names and combinations of options: the whole message as it is shown.
@Suite struct MessageMeaningTests {
  @Test func `a name that means nothing`() {
    #expect(
      said(
        """
        define AREA = 1;
        filter to_kernel { accept; }
        ipv4 table customers;
        template bgp peers { local as 65001; }
        protocol kernel { ipv4 { export filter to_kernle; table custmers; }; }
        protocol bgp A from peesr { }
        protocol ospf v3 { area AERA { }; }
        protocol device { scan time INTERVAL; }
        """)
          == """
          routed.conf:5:40: 'to_kernle' is not defined, expected a filter
            protocol kernel { ipv4 { export filter to_kernle; table custmers; }; }
                                                   ^~~~~~~~~
            hint: did you mean 'to_kernel'?
          routed.conf:5:57: 'custmers' is not defined, expected a routing table
            protocol kernel { ipv4 { export filter to_kernle; table custmers; }; }
                                                                    ^~~~~~~~
            hint: did you mean 'customers'?
          routed.conf:6:21: 'peesr' is not defined, expected a template or protocol
            protocol bgp A from peesr { }
                                ^~~~~
            hint: did you mean 'peers'?
          routed.conf:7:25: 'AERA' is not defined, expected an area ID such as 0.0.0.1
            protocol ospf v3 { area AERA { }; }
                                    ^~~~
            hint: did you mean 'AREA'?
          routed.conf:8:29: 'INTERVAL' is not defined, expected a number
            protocol device { scan time INTERVAL; }
                                        ^~~~~~~~
          """)
  }

  @Test func `a name that means something else`() {
    #expect(
      said(
        """
        define NUMBER = 5;
        filter f { accept; }
        function g() { return 1; }
        ipv4 table t;
        template bgp peers { }
        protocol kernel { ipv4 { export filter NUMBER; import filter g; table f; }; scan time f; }
        protocol bgp A from t { }
        protocol kernel B from peers { }
        protocol kernel C { ipv6 { table t; }; }
        """)
          == """
          routed.conf:6:40: 'NUMBER' is a constant, expected a filter
            protocol kernel { ipv4 { export filter NUMBER; import filter g; table f; }; scan time f; }
                                                   ^~~~~~
          routed.conf:6:62: 'g' is a function, expected a filter
            protocol kernel { ipv4 { export filter NUMBER; import filter g; table f; }; scan time f; }
                                                                         ^
          routed.conf:6:71: 'f' is a filter, expected a routing table
            protocol kernel { ipv4 { export filter NUMBER; import filter g; table f; }; scan time f; }
                                                                                  ^
          routed.conf:6:87: 'f' is a filter, expected a number
            protocol kernel { ipv4 { export filter NUMBER; import filter g; table f; }; scan time f; }
                                                                                                  ^
          routed.conf:7:21: 't' is a routing table, expected a template or protocol
            protocol bgp A from t { }
                                ^
          routed.conf:8:24: Protocol type differs from that of 'peers', which is bgp
            protocol kernel B from peers { }
                                   ^~~~~
          routed.conf:9:34: 't' is an ipv4 table, expected an ipv6 table
            protocol kernel C { ipv6 { table t; }; }
                                             ^
          """)
  }

  @Test func `names that are defined twice`() {
    #expect(
      said(
        """
        filter f { accept; }
        function f() { return 1; }
        define f = 1;
        ipv4 table f;
        protocol device f { }
        template bgp f { }
        ipv6 table master4;
        """)
          == """
          routed.conf:2:10: Symbol already defined
            function f() { return 1; }
                     ^
            hint: 'f' is a filter since routed.conf:1:8
          routed.conf:3:8: Symbol already defined
            define f = 1;
                   ^
            hint: 'f' is a filter since routed.conf:1:8
          routed.conf:4:12: Symbol already defined
            ipv4 table f;
                       ^
            hint: 'f' is a filter since routed.conf:1:8
          routed.conf:5:17: Symbol already defined
            protocol device f { }
                            ^
            hint: 'f' is a filter since routed.conf:1:8
          routed.conf:6:14: Symbol already defined
            template bgp f { }
                         ^
            hint: 'f' is a filter since routed.conf:1:8
          routed.conf:7:12: 'master4' is an ipv4 table
            ipv6 table master4;
                       ^~~~~~~
            hint: write ipv4 table master4, or another name
          """)
  }

  @Test func `a BGP protocol without the essentials`() {
    #expect(
      said(
        "protocol bgp A { }")
          == """
          routed.conf:1:14: Local AS number must be set
            protocol bgp A { }
                         ^
            hint: local as 65001;
          routed.conf:1:14: Neighbor must be configured
            protocol bgp A { }
                         ^
            hint: neighbor 2001:db8::1 as 65002;
          """)
  }

  @Test func `AS numbers that contradict each other`() {
    #expect(
      said(
        """
        protocol bgp A { local as 1; neighbor ::1 as 2 internal; ipv6 { import all; export all; }; }
        protocol bgp B { local as 1; neighbor ::1 as 1 external; ipv6; }
        protocol bgp C { local as 1; neighbor ::1 as 70000; enable as4 no; ipv6 { import all; export all; }; }
        protocol bgp D { local as 1; neighbor ::1 as 1; enforce first as; ipv6; }
        """)
          == """
          routed.conf:1:30: IBGP cannot have different ASNs
            protocol bgp A { local as 1; neighbor ::1 as 2 internal; ipv6 { import all; export all; }; }
                                         ^~~~~~~~
            hint: 'internal' is AS 1, but 'as 2' is given too
          routed.conf:2:30: EBGP cannot have the same ASNs
            protocol bgp B { local as 1; neighbor ::1 as 1 external; ipv6; }
                                         ^~~~~~~~
            hint: 'external' is not AS 1
          routed.conf:3:53: Neighbor AS number out of range (AS4 not available)
            protocol bgp C { local as 1; neighbor ::1 as 70000; enable as4 no; ipv6 { import all; export all; }; }
                                                                ^~~~~~~~~~
            hint: AS 70000 needs 4 octets (RFC 6793)
          routed.conf:4:49: Enforce first AS check requires EBGP sessions
            protocol bgp D { local as 1; neighbor ::1 as 1; enforce first as; ipv6; }
                                                            ^~~~~~~~~~~~~~~~
          """)
  }

  @Test func `times that contradict each other`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 1; neighbor ::1 as 1; ipv6;
          hold time 30;
          keepalive time 31;
          min hold time 60;
          min keepalive time 40;
        }
        protocol bgp B {
          local as 1; neighbor ::1 as 1; ipv6;
          hold time 30;
          keepalive time 20;
          error wait time 300, 60;
        }
        """)
          == """
          routed.conf:4:3: Keepalive time must be at most hold time
              keepalive time 31;
              ^~~~~~~~~~~~~~
            hint: hold time is 30
          routed.conf:5:3: Min hold time (60) exceeds hold time (30)
              min hold time 60;
              ^~~~~~~~~~~~~
          routed.conf:6:3: Min keepalive time (40) exceeds keepalive time (31)
              min keepalive time 40;
              ^~~~~~~~~~~~~~~~~~
          routed.conf:11:3: warning: Keepalive time should be at most 1/2 of hold time
              keepalive time 20;
              ^~~~~~~~~~~~~~
            hint: hold time is 30
          routed.conf:12:19: warning: the shortest wait exceeds the longest one
              error wait time 300, 60;
                              ^~~~~~~
            hint: it will always be 60 s
          """)
  }

  @Test func `reach, addresses and tables that contradict each other`() {
    #expect(
      said(
        """
        ipv6 table s sorted;
        protocol bgp A { local as 1; neighbor ::1 as 2; multihop; interface "eth0"; check link; ipv6 { import all; export all; gateway direct; }; }
        protocol bgp B { local as 1; neighbor fe80::1 as 1; ipv6; }
        protocol bgp C { local fe80::5 as 1; neighbor 2001:db8::1 as 2; strict bind; ipv6 { import all; export all; }; }
        protocol bgp D { local as 1; neighbor ::1 as 1; strict bind; ipv6 { table s; }; }
        protocol bgp E { local as 1; neighbor ::1 as 2; deterministic med; ipv6 { table s; import all; export all; }; }
        protocol bgp F { local 10.0.0.1 as 1; neighbor ::1 as 1; ipv6; }
        """)
          == """
          routed.conf:2:59: Multihop BGP cannot be bound to interface
            protocol bgp A { local as 1; neighbor ::1 as 2; multihop; interface "eth0"; check link; ipv6 { import all; export all; gateway direct; }; }
                                                                      ^~~~~~~~~
            hint: write direct;
          routed.conf:2:77: Multihop BGP cannot depend on link state
            protocol bgp A { local as 1; neighbor ::1 as 2; multihop; interface "eth0"; check link; ipv6 { import all; export all; gateway direct; }; }
                                                                                        ^~~~~~~~~~
            hint: write direct;
          routed.conf:2:120: Multihop BGP cannot use direct gateway mode
            protocol bgp A { local as 1; neighbor ::1 as 2; multihop; interface "eth0"; check link; ipv6 { import all; export all; gateway direct; }; }
                                                                                                                                   ^~~~~~~
            hint: write gateway recursive; or direct; (internal sessions are multihop by default)
          routed.conf:3:30: Link-local neighbor address requires specified interface
            protocol bgp B { local as 1; neighbor fe80::1 as 1; ipv6; }
                                         ^~~~~~~~
            hint: neighbor fe80::1%eth0 as …, or interface "eth0";
          routed.conf:3:30: Multihop BGP cannot be used with link-local addresses
            protocol bgp B { local as 1; neighbor fe80::1 as 1; ipv6; }
                                         ^~~~~~~~
            hint: write direct;
          routed.conf:4:18: Link-local addresses require defined interface
            protocol bgp C { local fe80::5 as 1; neighbor 2001:db8::1 as 2; strict bind; ipv6 { import all; export all; }; }
                             ^~~~~
            hint: interface "eth0";
          routed.conf:5:49: Local address must be configured for strict bind
            protocol bgp D { local as 1; neighbor ::1 as 1; strict bind; ipv6 { table s; }; }
                                                            ^~~~~~~~~~~
            hint: local ADDRESS as …;
          routed.conf:5:69: BGP in recursive mode prohibits sorted table
            protocol bgp D { local as 1; neighbor ::1 as 1; strict bind; ipv6 { table s; }; }
                                                                                ^~~~~
            hint: write gateway direct; or use a table without 'sorted'
          routed.conf:6:75: BGP with deterministic MED prohibits sorted table
            protocol bgp E { local as 1; neighbor ::1 as 2; deterministic med; ipv6 { table s; import all; export all; }; }
                                                                                      ^~~~~
          routed.conf:7:18: warning: the local address is ipv4, the neighbor's is ipv6
            protocol bgp F { local 10.0.0.1 as 1; neighbor ::1 as 1; ipv6; }
                             ^~~~~
            hint: the session cannot come up like that
          """)
  }

  @Test func `clients of the wrong kind, and missing policies`() {
    #expect(
      said(
        """
        protocol bgp A { local as 1; neighbor ::1 as 2; rr client; ipv6 { import all; }; }
        protocol bgp B { local as 1; neighbor ::1 as 1; rs client; ipv6; }
        """)
          == """
          routed.conf:1:49: Only internal neighbor can be RR client
            protocol bgp A { local as 1; neighbor ::1 as 2; rr client; ipv6 { import all; }; }
                                                            ^~~~~~~~~
            hint: the neighbor's AS differs from the local one
          routed.conf:1:60: External BGP requires an explicit export policy (RFC 8212)
            protocol bgp A { local as 1; neighbor ::1 as 2; rr client; ipv6 { import all; }; }
                                                                       ^~~~
            hint: write export all; or none, or a filter
          routed.conf:2:49: Only external neighbor can be RS client
            protocol bgp B { local as 1; neighbor ::1 as 1; rs client; ipv6; }
                                                            ^~~~~~~~~
            hint: the neighbor's AS is the local one
          """)
  }

  @Test func `kernel protocols that are in each other's way`() {
    #expect(
      said(
        """
        ipv4 table t;
        protocol kernel A { ipv4; }
        protocol kernel B { ipv4; }
        protocol kernel C { ipv4 { table t; }; }
        protocol kernel D { }
        """)
          == """
          routed.conf:3:17: Kernel syncer 'A' already attached to table master4
            protocol kernel B { ipv4; }
                            ^
          routed.conf:4:17: Kernel table 254 already used by 'A'
            protocol kernel C { ipv4 { table t; }; }
                            ^
            hint: kernel table N; names another
          routed.conf:4:17: Kernel table 254 already used by 'B'
            protocol kernel C { ipv4 { table t; }; }
                            ^
            hint: kernel table N; names another
          routed.conf:5:17: protocol kernel needs exactly one channel
            protocol kernel D { }
                            ^
            hint: write ipv4; or ipv6; or ipv6 { import …; export …; };
          """)
  }

  @Test func `pipes`() {
    #expect(
      said(
        """
        ipv6 table t;
        protocol pipe A { peer table t; }
        protocol pipe B { table t; }
        protocol pipe C { table t; peer table t; }
        protocol pipe D { table t; peer table master4; }
        protocol pipe E { table t; peer table master6; receive limit 10; import keep filtered; }
        """)
          == """
          routed.conf:2:15: Primary routing table not specified
            protocol pipe A { peer table t; }
                          ^
            hint: write table NAME;
          routed.conf:3:15: Name of peer routing table not specified
            protocol pipe B { table t; }
                          ^
            hint: write peer table NAME;
          routed.conf:4:28: Primary table and peer table must be different
            protocol pipe C { table t; peer table t; }
                                       ^~~~~~~~~~
          routed.conf:5:28: Primary table and peer table must have the same type
            protocol pipe D { table t; peer table master4; }
                                       ^~~~~~~~~~
          routed.conf:6:48: Pipe protocol does not support receive limits
            protocol pipe E { table t; peer table master6; receive limit 10; import keep filtered; }
                                                           ^~~~~~~~~~~~~
            hint: import limit does
          routed.conf:6:66: Pipe protocol prohibits keeping filtered routes
            protocol pipe E { table t; peer table master6; receive limit 10; import keep filtered; }
                                                                             ^~~~~~~~~~~~~~~~~~~~
          """)
  }

  @Test func `OSPF`() {
    #expect(
      said(
        """
        protocol ospf v3 A { }
        protocol ospf v3 B { instance id 40; area 0 { interface "a" instance 64; }; }
        protocol ospf v3 C { ipv4; rfc5838 no; area 0 { }; }
        protocol ospf v3 D { area 0 { stub; interface "a"; }; area 1 { summary; stub no; interface "b"; }; }
        protocol ospf v3 E { ipv6 { export all; }; area 1 { stub yes; default cost 0; }; }
        protocol ospf v3 F { ipv6 { export all; }; area 1 { stub yes; default cost 5; }; }
        protocol ospf v3 G { area 1 { nssa; default nssa; }; area 2 { nssa; default cost2 5; }; }
        """)
          == """
          routed.conf:1:18: No configured areas in OSPF
            protocol ospf v3 A { }
                             ^
            hint: area 0 { interface "eth*"; };
          routed.conf:2:34: Instance ID 40 invalid for given channel type
            protocol ospf v3 B { instance id 40; area 0 { interface "a" instance 64; }; }
                                             ^~
            hint: 0 to 31 are for IPv6 (RFC 5838); or write rfc5838 no;
          routed.conf:2:70: Instance ID 64 invalid for given channel type
            protocol ospf v3 B { instance id 40; area 0 { interface "a" instance 64; }; }
                                                                                 ^~
            hint: 0 to 31 are for IPv6 (RFC 5838); or write rfc5838 no;
          routed.conf:3:22: Different channel type
            protocol ospf v3 C { ipv4; rfc5838 no; area 0 { }; }
                                 ^~~~
            hint: without rfc5838 OSPFv3 is for IPv6 only
          routed.conf:4:31: Backbone area cannot be stub/NSSA
            protocol ospf v3 D { area 0 { stub; interface "a"; }; area 1 { summary; stub no; interface "b"; }; }
                                          ^~~~
          routed.conf:4:64: Only stub/NSSA areas can use summary propagation
            protocol ospf v3 D { area 0 { stub; interface "a"; }; area 1 { summary; stub no; interface "b"; }; }
                                                                           ^~~~~~~
          routed.conf:5:76: 'default cost' must be in range 1-16777214
            protocol ospf v3 E { ipv6 { export all; }; area 1 { stub yes; default cost 0; }; }
                                                                                       ^
          routed.conf:6:18: ASBR must be in non-stub area
            protocol ospf v3 F { ipv6 { export all; }; area 1 { stub yes; default cost 5; }; }
                             ^
          routed.conf:7:37: Only NSSA areas with summary propagation can use NSSA default route
            protocol ospf v3 G { area 1 { nssa; default nssa; }; area 2 { nssa; default cost2 5; }; }
                                                ^~~~~~~~~~~~
          routed.conf:7:69: Only NSSA default route can use type 2 metric
            protocol ospf v3 G { area 1 { nssa; default nssa; }; area 2 { nssa; default cost2 5; }; }
                                                                                ^~~~~~~~~~~~~
          """)
  }
}
