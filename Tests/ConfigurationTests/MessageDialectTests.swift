import Testing

@testable import Configuration

/// One BIRD's language in a file of the other: the whole message as it is shown.
@Suite struct MessageDialectTests {
  @Test func `1.6 in a 2 file`() {
    #expect(
      said(
        """
        ipv6 table x;
        protocol bgp A {
          ipv6 { import none; export none; };
          local as 65001;
          import all;
          route limit 100;
          advertise ipv4;
          secondary;
        }
        protocol kernel { ipv6; device routes; }
        protocol pipe { table x; peer table master6; mode opaque; }
        table y;
        listen bgp port 1790;
        """)
          == """
          routed.conf:5:3: 'import' stands directly in the protocol, as in BIRD 1.6
              import all;
              ^~~~~~
            hint: in BIRD 2 it belongs in a channel: ipv6 { import …; };  (the file is read as BIRD 2 because of 'ipv6' at line 1)
          routed.conf:6:3: 'route limit' is an option of BIRD 1.6
              route limit 100;
              ^~~~~
            hint: the file is read as BIRD 2 because of 'ipv6' at line 1
          routed.conf:7:3: 'advertise ipv4' is an option of BIRD 1.6
              advertise ipv4;
              ^~~~~~~~~
            hint: the file is read as BIRD 2 because of 'ipv6' at line 1
          routed.conf:8:3: 'secondary' stands directly in the protocol, as in BIRD 1.6
              secondary;
              ^~~~~~~~~
            hint: in BIRD 2 it belongs in a channel: ipv6 { secondary …; };  (the file is read as BIRD 2 because of 'ipv6' at line 1)
          routed.conf:10:25: 'device routes' is an option of BIRD 1.6
            protocol kernel { ipv6; device routes; }
                                    ^~~~~~
            hint: the file is read as BIRD 2 because of 'ipv6' at line 1
          routed.conf:11:46: 'mode' is an option of BIRD 1.6
            protocol pipe { table x; peer table master6; mode opaque; }
                                                         ^~~~
            hint: the file is read as BIRD 2 because of 'ipv6' at line 1
          routed.conf:12:1: the table's type is missing
            table y;
            ^~~~~
            hint: in BIRD 2 write ipv4 table NAME; or ipv6 table NAME;  (the file is read as BIRD 2 because of 'ipv6' at line 1)
          routed.conf:13:1: 'listen bgp' is of BIRD 1.6
            listen bgp port 1790;
            ^~~~~~
            hint: in BIRD 2 write local ADDRESS port N in the protocol
          """)
  }

  @Test func `2 in a 1.6 file`() {
    #expect(
      said(
        """
        router id 192.0.2.1;
        protocol kernel { import all; export all; }
        protocol bgp A {
          local 2001:db8::1 port 1790 as 65001;
          neighbor 2001:db8::2 internal;
          strict bind;
          next hop address 2001:db8::1;
          next hop self ebgp;
          import all; export all; preference 5;
        }
        protocol static { ipv6; import all; route ::/0 via fe80::1 dev "eth0"; }
        protocol ospf v3 O { import all; }
        ipv6 table y;
        attribute int x;
        timeformat route iso short ms;
        """)
          == """
          routed.conf:4:21: 'port' is of BIRD 2 here
              local 2001:db8::1 port 1790 as 65001;
                                ^~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:5:24: 'internal' is of BIRD 2 here
              neighbor 2001:db8::2 internal;
                                   ^~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:6:3: 'strict bind' is an option of BIRD 2
              strict bind;
              ^~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:7:3: 'next hop address' is an option of BIRD 2
              next hop address 2001:db8::1;
              ^~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:8:17: 'ebgp' is of BIRD 2 here
              next hop self ebgp;
                            ^~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:11:19: 'ipv6' is a channel of BIRD 2
            protocol static { ipv6; import all; route ::/0 via fe80::1 dev "eth0"; }
                              ^~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:11:52: Link-local next hop needs an interface
            protocol static { ipv6; import all; route ::/0 via fe80::1 dev "eth0"; }
                                                               ^~~~~~~
            hint: write fe80::1%eth0
          routed.conf:11:60: 'dev' is of BIRD 2 here
            protocol static { ipv6; import all; route ::/0 via fe80::1 dev "eth0"; }
                                                                       ^~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:12:15: 'ospf v3' is of BIRD 2
            protocol ospf v3 O { import all; }
                          ^~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:13:1: 'ipv6 table' is of BIRD 2
            ipv6 table y;
            ^~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:14:1: 'attribute' is of BIRD 2
            attribute int x;
            ^~~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          routed.conf:15:28: 'ms' is of BIRD 2 here
            timeformat route iso short ms;
                                       ^~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'import' at line 2
          """)
  }

  @Test func `the wrong family in a 1.6 file`() {
    #expect(
      said(
        """
        router id 192.0.2.1;
        protocol static {
          import all;
          route 10.0.0.0/8 blackhole;
        }
        protocol bgp A {
          local as 1;
          neighbor 10.0.0.1 as 2;
          source address 2001:db8::1;
        }
        """, as: .bird1(.ipv6))
          == """
          routed.conf:4:9: This is an IPv6 router, therefore IPv4 addresses are not supported
              route 10.0.0.0/8 blackhole;
                    ^~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 as the command line says
          routed.conf:8:12: This is an IPv6 router, therefore IPv4 addresses are not supported
              neighbor 10.0.0.1 as 2;
                       ^~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 as the command line says
          """)
  }

  @Test func `the wrong family in a 1.6 file for IPv4`() {
    #expect(
      said(
        """
        protocol static {
          route 2001:db8::/32 blackhole;
        }
        protocol bgp A {
          local as 1;
          neighbor 2001:db8::1 as 2;
        }
        """, as: .bird1(.ipv4))
          == """
          routed.conf:2:9: This is an IPv4 router, therefore IPv6 addresses are not supported
              route 2001:db8::/32 blackhole;
                    ^~~~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv4 as the command line says
          routed.conf:6:12: This is an IPv4 router, therefore IPv6 addresses are not supported
              neighbor 2001:db8::1 as 2;
                       ^~~~~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv4 as the command line says
          """)
  }

  @Test func `a 1.6 file for IPv6 without a router ID`() {
    #expect(
      said(
        """
        protocol device { }
        protocol kernel { export all; }
        protocol ospf CORE { export all; area 0 { interface "eth0"; }; }
        """, as: .bird1(.ipv6))
          == """
          routed.conf:3:15: Router ID must be configured manually
            protocol ospf CORE { export all; area 0 { interface "eth0"; }; }
                          ^~~~
            hint: an IPv6 router has no address to take it from: write router id 192.0.2.1; outside of the protocols
          """)
  }
}
