import Testing

@testable import Configuration

/// Braces, semicolons and values: the whole message as it is shown.
@Suite struct MessageSyntaxTests {
  @Test func `a missing semicolon at the end of a line and before a brace`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 65001
          neighbor 2001:db8::1 as 65002;
          ipv6 { import all; export all };
        }
        """)
          == """
          routed.conf:2:17: syntax error: missing ';'
              local as 65001
                            ^
            hint: a statement ends with ';'
          routed.conf:4:32: syntax error: missing ';'
              ipv6 { import all; export all };
                                           ^
            hint: a statement ends with ';'
          """)
  }

  @Test func `a missing brace of an inner block`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 65001;
          neighbor 2001:db8::1 as 65002;
          ipv6 {
            import all;
            export all;
        }
        protocol device { }
        """)
          == """
          routed.conf:4:8: syntax error: missing '}'
              ipv6 {
                   ^
            hint: the '}' of line 7 looks like that of line 1, which is not closed before line 8
          """)
  }

  @Test func `two missing braces`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 65001;
          ipv6 {
            import all;

        protocol device { }
        """)
          == """
          routed.conf:1:16: syntax error: missing '}'
            protocol bgp A {
                           ^
            hint: the block that begins here is not closed before line 6
          routed.conf:3:8: syntax error: missing '}'
              ipv6 {
                   ^
            hint: the block that begins here is not closed before line 6
          """)
  }

  @Test func `a block that lasts until the end of the file`() {
    #expect(
      said(
        """
        protocol device {
          scan time 10;
        """)
          == """
          routed.conf:1:17: syntax error: missing '}'
            protocol device {
                            ^
            hint: the block that begins here is not closed before the end of the file
          """)
  }

  @Test func `a block without its first brace is read nevertheless`() {
    #expect(
      said(
        """
        protocol device D
          scan time x;
        }
        protocol ospf v3 {
          area 0
            interface "eth0" { cost y; };
          };
        }
        """)
          == """
          routed.conf:1:18: syntax error: missing '{'
            protocol device D
                             ^
            hint: a block begins with '{'
          routed.conf:2:13: 'x' is not defined, expected a number
              scan time x;
                        ^
          routed.conf:5:9: syntax error: missing '{'
              area 0
                    ^
            hint: a block begins with '{'
          routed.conf:6:29: 'y' is not defined, expected a number
                interface "eth0" { cost y; };
                                        ^
          """)
  }

  @Test func `a name of two words`() {
    #expect(
      said(
        """
        protocol device my name { scan time 10; }
        protocol direct { ipv4; }
        """)
          == """
          routed.conf:1:20: syntax error: unexpected 'name', expected '{'
            protocol device my name { scan time 10; }
                               ^~~~
          """)
  }

  @Test func `a brace too many`() {
    #expect(
      said(
        """
        protocol direct { ipv4; } }
        protocol device { }
        """)
          == """
          routed.conf:1:27: syntax error: unexpected '}'
            protocol direct { ipv4; } }
                                      ^
            hint: there is no block open here
          """)
  }

  @Test func `an unknown type of protocol, and those that are missing`() {
    #expect(
      said(
        """
        protocol bpg A { }
        protocol BGP B { }
        protocol ospfv3 C { }
        protocol rip D { }
        protocol { }
        """)
          == """
          routed.conf:1:10: 'bpg' is no type of protocol
            protocol bpg A { }
                     ^~~
            hint: did you mean 'bgp'?
          routed.conf:2:10: 'BGP' is no type of protocol
            protocol BGP B { }
                     ^~~
            hint: did you mean 'bgp'?
          routed.conf:3:10: 'ospfv3' is no type of protocol
            protocol ospfv3 C { }
                     ^~~~~~
            hint: did you mean 'ospf v3'?
          routed.conf:4:10: protocol rip is not supported yet
            protocol rip D { }
                     ^~~
          routed.conf:5:10: syntax error: unexpected '{', expected a type of protocol
            protocol { }
                     ^
          """)
  }

  @Test func `wrong types of values`() {
    #expect(
      said(
        """
        protocol bgp A {
          ipv6;
          local "x" as 1;
          neighbor 10.0.0.1 as ::1;
          interface eth0;
          password secret;
          multihop yes;
          hold time 90 s;
          description 5;
          router id "x";
          debug yes;
          passive maybe;
        }
        """)
          == """
          routed.conf:3:9: syntax error: unexpected text "x", expected an address or 'as'
              local "x" as 1;
                    ^~~
            hint: local as 65001;
          routed.conf:4:24: syntax error: unexpected address ::1, expected a number
              neighbor 10.0.0.1 as ::1;
                                   ^~~
          routed.conf:5:13: syntax error: unexpected 'eth0', expected an interface's name in quotes
              interface eth0;
                        ^~~~
            hint: write "eth0"
          routed.conf:6:12: syntax error: unexpected 'secret', expected a password in quotes
              password secret;
                       ^~~~~~
            hint: write "secret"
          routed.conf:7:12: 'multihop' takes a number, not a switch
              multihop yes;
                       ^~~
          routed.conf:8:16: 'hold time' takes a number without a unit
              hold time 90 s;
                           ^
          routed.conf:9:15: syntax error: unexpected number 5, expected a text in quotes
              description 5;
                          ^
          routed.conf:10:13: syntax error: unexpected text "x", expected a router ID such as 0.0.0.1
              router id "x";
                        ^~~
          routed.conf:11:9: syntax error: unexpected 'yes', expected 'all', 'off' or '{'
              debug yes;
                    ^~~
            hint: write { states, routes, filters, interfaces, events, packets }, or some of them
          routed.conf:12:11: 'maybe' is not defined, expected yes or no
              passive maybe;
                      ^~~~~
          """)
  }

  @Test func `wrong values of channels`() {
    #expect(
      said(
        """
        filter ours { accept; }
        protocol bgp A {
          ipv4 {
            import yes;
            export ours;
            preference high;
            import limit all;
            export limit 10 action stop;
            table 5;
            next hop self maybe;
            gateway recursiv;
          };
        }
        """)
          == """
          routed.conf:4:12: syntax error: unexpected 'yes', expected 'all', 'none', 'filter' or 'where'
                import yes;
                       ^~~
            hint: did you mean 'all'?
          routed.conf:5:12: syntax error: unexpected 'ours', expected 'all', 'none', 'filter' or 'where'
                export ours;
                       ^~~~
            hint: write filter ours
          routed.conf:6:16: 'high' is not defined, expected a number
                preference high;
                           ^~~~
          routed.conf:7:18: syntax error: unexpected 'all', expected a number or 'off'
                import limit all;
                             ^~~
            hint: import limit 1000 action block;
          routed.conf:8:28: 'stop' is no action
                export limit 10 action stop;
                                       ^~~~
            hint: warn, block, restart or disable
          routed.conf:9:11: syntax error: unexpected number 5, expected a routing table
                table 5;
                      ^
          routed.conf:10:19: 'maybe' is not defined, expected yes or no
                next hop self maybe;
                              ^~~~~
          routed.conf:11:13: syntax error: unexpected 'recursiv', expected 'direct' or 'recursive'
                gateway recursiv;
                        ^~~~~~~~
            hint: did you mean 'recursive'?
          """)
  }

  @Test func `numbers out of range`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 0;
          neighbor ::1 port 70000 as 2;
          hold time 65536;
          multihop 256;
          ipv6 { preference 65536; };
        }
        protocol ospf v3 {
          area 0 {
            interface "eth0" { cost 65536; priority 256; ecmp weight 0; dead 1; tx length 255; };
            interface "eth1" { hello 20000; };
          };
        }
        """)
          == """
          routed.conf:2:12: 'as' must be in range 1-4294967295
              local as 0;
                       ^
          routed.conf:3:21: 'port' must be in range 1-65535
              neighbor ::1 port 70000 as 2;
                                ^~~~~
          routed.conf:4:13: 'hold time' must be in range 0-65535
              hold time 65536;
                        ^~~~~
          routed.conf:5:12: 'multihop' must be in range 1-255
              multihop 256;
                       ^~~
          routed.conf:6:21: 'preference' must be in range 0-65535
              ipv6 { preference 65536; };
                                ^~~~~
          routed.conf:10:29: 'cost' must be in range 1-65535
                interface "eth0" { cost 65536; priority 256; ecmp weight 0; dead 1; tx length 255; };
                                        ^~~~~
          routed.conf:10:45: 'priority' must be in range 0-255
                interface "eth0" { cost 65536; priority 256; ecmp weight 0; dead 1; tx length 255; };
                                                        ^~~
          routed.conf:10:62: 'ecmp weight' must be in range 1-256
                interface "eth0" { cost 65536; priority 256; ecmp weight 0; dead 1; tx length 255; };
                                                                         ^
          routed.conf:10:70: 'dead' must be in range 2-65535
                interface "eth0" { cost 65536; priority 256; ecmp weight 0; dead 1; tx length 255; };
                                                                                 ^
          routed.conf:10:83: 'tx length' must be in range 256-65535
                interface "eth0" { cost 65536; priority 256; ecmp weight 0; dead 1; tx length 255; };
                                                                                              ^~~
          routed.conf:11:24: Dead interval must be in range 1-65535
                interface "eth1" { hello 20000; };
                                   ^~~~~
            hint: it is dead count times hello: 80000 s
          """)
  }

  @Test func `interface patterns`() {
    #expect(
      said(
        """
        protocol direct {
          ipv4;
          interface eth0;
          interface "eth0" "eth1";
          interface "eth0",;
          interface 5;
        }
        """)
          == """
          routed.conf:3:13: syntax error: unexpected 'eth0', expected an interface pattern
              interface eth0;
                        ^~~~
            hint: write "eth0"
          routed.conf:4:20: syntax error: unexpected text "eth1", expected ','
              interface "eth0" "eth1";
                               ^~~~~~
            hint: patterns are separated by commas
          routed.conf:5:20: syntax error: unexpected ';', expected an interface pattern
              interface "eth0",;
                               ^
            hint: a name stands in quotes: "eth*"
          routed.conf:6:13: syntax error: unexpected number 5, expected an interface pattern
              interface 5;
                        ^
            hint: a name stands in quotes: "eth*"
          """)
  }

  @Test func `where a route leads`() {
    #expect(
      said(
        """
        protocol static {
          ipv4;
          route 10.0.0.0/8;
          route 10.0.0.0/8 via eth0;
          route 10.0.0.0/8 via ::1;
          route 10.0.0.0/8 to 10.0.0.1;
          route 10.0.0.0/8 via 10.0.0.1 weight 257;
          route 10.0.0.0/8 via 10.0.0.1 onlink;
          route 10.0.0.0/8 via 10.0.0.1 mpls 16/1048576;
        }
        """)
          == """
          routed.conf:3:19: syntax error: unexpected ';', expected where the route leads
              route 10.0.0.0/8;
                              ^
            hint: via ADDRESS, via "INTERFACE", recursive ADDRESS, blackhole, unreachable or prohibit
          routed.conf:4:24: 'eth0' is not defined, expected the gateway's address
              route 10.0.0.0/8 via eth0;
                                   ^~~~
            hint: a route to an interface is via "eth0"
          routed.conf:6:20: syntax error: unexpected 'to', expected where the route leads
              route 10.0.0.0/8 to 10.0.0.1;
                               ^~
            hint: via ADDRESS, via "INTERFACE", recursive ADDRESS, blackhole, unreachable or prohibit
          routed.conf:7:40: 'weight' must be in range 1-256
              route 10.0.0.0/8 via 10.0.0.1 weight 257;
                                                   ^~~
          routed.conf:8:24: 'onlink' needs an interface
              route 10.0.0.0/8 via 10.0.0.1 onlink;
                                   ^~~~~~~~
            hint: write 10.0.0.1%eth0
          routed.conf:9:41: 'label' must be in range 0-1048575
              route 10.0.0.0/8 via 10.0.0.1 mpls 16/1048576;
                                                    ^~~~~~~
          """)
  }

  @Test func `the log`() {
    #expect(
      said(
        """
        log "/var/log/routed.log";
        log syslog { errors };
        log stderr warning;
        log console all;
        protocol device { }
        """)
          == """
          routed.conf:1:26: syntax error: unexpected ';', expected 'all' or { classes }
            log "/var/log/routed.log";
                                     ^
            hint: log … all;
          routed.conf:2:14: 'errors' is no class of messages
            log syslog { errors };
                         ^~~~~~
            hint: did you mean 'error'?
          routed.conf:3:12: syntax error: unexpected 'warning', expected 'all' or { classes }
            log stderr warning;
                       ^~~~~~~
            hint: write { warning }
          routed.conf:4:5: syntax error: unexpected 'console', expected a file's name in quotes, 'syslog' or 'stderr'
            log console all;
                ^~~~~~~
          """)
  }

  @Test func `settings and options given twice: the last counts`() {
    #expect(
      said(
        """
        router id 192.0.2.1;
        router id 192.0.2.2;
        protocol bgp A {
          local as 65001;
          neighbor 2001:db8::1 as 65002;
          hold time 90;
          hold time 30;
          ipv6 { import all; export all; import none; };
        }
        """)
          == """
          routed.conf:2:1: warning: 'router id' is given again
            router id 192.0.2.2;
            ^~~~~~~~~
            hint: the one of line 1 has no effect then
          routed.conf:7:3: warning: 'hold time' is given again
              hold time 30;
              ^~~~~~~~~
            hint: the one of line 6 has no effect then
          routed.conf:8:34: warning: 'import' is given again
              ipv6 { import all; export all; import none; };
                                             ^~~~~~
            hint: the one of line 8 has no effect then
          """)
  }

  @Test func `what may stand only once`() {
    #expect(
      said(
        """
        protocol bgp A {
          local as 65001;
          neighbor 2001:db8::1 as 65002;
          neighbor 2001:db8::2 as 65002;
          ipv6 { import all; };
          ipv6 { export all; };
        }
        protocol device { }
        protocol device { }
        """)
          == """
          routed.conf:4:12: Only one neighbor per BGP instance is allowed
              neighbor 2001:db8::2 as 65002;
                       ^~~~~~~~~~~
          routed.conf:6:3: Multiple ipv6 channels
              ipv6 { export all; };
              ^~~~
            hint: write all its options into the one of line 5
          routed.conf:9:10: Kernel device protocol already defined
            protocol device { }
                     ^~~~~~
          """)
  }
}
