import Testing

@testable import Configuration

/// Filters: the whole message as it is shown.
@Suite struct MessageFilterTests {
  @Test func `attributes and constants with a slip`() {
    #expect(
      said(
        """
        filter f {
          bgp_comunity.add((65001, 1));
          bgp_localpref = 50;
          if source = RTS_STATC then accept;
          if bgp_orgin = ORIGIN_IGP then reject;
        }
        protocol device { }
        """)
          == """
          routed.conf:2:3: 'bgp_comunity' is not defined, expected a list or a path that can be changed
              bgp_comunity.add((65001, 1));
              ^~~~~~~~~~~~
            hint: did you mean 'bgp_community'?
          routed.conf:3:3: 'bgp_localpref' is not defined, expected a variable or an attribute that can be set
              bgp_localpref = 50;
              ^~~~~~~~~~~~~
            hint: did you mean 'bgp_local_pref'?
          routed.conf:4:15: 'RTS_STATC' is not defined, expected a value, an attribute or a function
              if source = RTS_STATC then accept;
                          ^~~~~~~~~
            hint: did you mean 'RTS_STATIC'?
          routed.conf:5:6: 'bgp_orgin' is not defined, expected a value, an attribute or a function
              if bgp_orgin = ORIGIN_IGP then reject;
                 ^~~~~~~~~
            hint: did you mean 'bgp_origin'?
          """)
  }

  @Test func `words of the other language`() {
    #expect(
      said(
        """
        filter f {
          if dest = RTD_ROUTER then accept;
          if cast = RTC_UNICAST then accept;
        }
        protocol direct { ipv4; }
        """)
          == """
          routed.conf:2:13: 'RTD_ROUTER' is of BIRD 1.6
              if dest = RTD_ROUTER then accept;
                        ^~~~~~~~~~
            hint: the file is read as BIRD 2 because of 'ipv4' at line 5
          routed.conf:3:6: 'cast' is of BIRD 1.6
              if cast = RTC_UNICAST then accept;
                 ^~~~
            hint: the file is read as BIRD 2 because of 'ipv4' at line 5
          """)
  }

  @Test func `words of the other language in a 1.6 file`() {
    #expect(
      said(
        """
        router id 192.0.2.1;
        filter f {
          weight = 5;
          if dest = RTD_UNICAST then accept;
        }
        protocol kernel { export all; }
        """)
          == """
          routed.conf:3:3: 'weight' is of BIRD 2
              weight = 5;
              ^~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'export' at line 6
          routed.conf:4:13: 'RTD_UNICAST' is of BIRD 2
              if dest = RTD_UNICAST then accept;
                        ^~~~~~~~~~~
            hint: the file is read as BIRD 1.6 for IPv6 because of 'export' at line 6
          """)
  }

  @Test func `types that do not go together`() {
    #expect(
      said(
        """
        filter f {
          if net then accept;
          if bgp_path ~ 5 then accept;
          if bgp_med = "x" then accept;
          if net ~ 10.0.0.0 then accept;
          preference = "x";
          return 5;
        }
        protocol kernel { ipv4 { export where net.len; }; }
        """)
          == """
          routed.conf:2:6: 'if' needs bool, but this is of type prefix
              if net then accept;
                 ^~~
          routed.conf:3:15: '~' cannot match bgppath against int
              if bgp_path ~ 5 then accept;
                          ^
            hint: expected a path mask such as [= * 65000 * =] or an int set
          routed.conf:4:14: warning: '=' between int and string is always false
              if bgp_med = "x" then accept;
                         ^
          routed.conf:5:10: '~' cannot match prefix against ip
              if net ~ 10.0.0.0 then accept;
                     ^
            hint: expected a prefix or a prefix set such as [ 10.0.0.0/8+ ]
          routed.conf:6:16: 'preference' needs int, but this is of type string
              preference = "x";
                           ^~~
          routed.conf:7:10: 'return' in a filter needs bool, but this is of type int
              return 5;
                     ^
          routed.conf:9:43: 'where' needs bool, but this is of type int
            protocol kernel { ipv4 { export where net.len; }; }
                                                      ^~~
          """)
  }

  @Test func `calls`() {
    #expect(
      said(
        """
        function near(int a) { return a; }
        filter f {
          if naer(5) = 5 then accept;
          if near() = 5 then accept;
          if near("x") = 5 then accept;
          if f() then accept;
        }
        protocol device { }
        """)
          == """
          routed.conf:3:6: 'naer' is not defined, expected a value, an attribute or a function
              if naer(5) = 5 then accept;
                 ^~~~
            hint: did you mean 'near'?
          routed.conf:4:6: 'near' takes 1 argument, not 0
              if near() = 5 then accept;
                 ^~~~
          routed.conf:5:11: 'near' needs int, but this is of type string
              if near("x") = 5 then accept;
                      ^~~
          routed.conf:6:6: 'f' is not defined, expected a value, an attribute or a function
              if f() then accept;
                 ^
          """)
  }

  @Test func `constants that have no value`() {
    #expect(
      said(
        """
        define A = ((5);
        define B = B + 1;
        define C = 5 / 0;
        define D = net;
        protocol device { }
        """)
          == """
          routed.conf:1:16: syntax error: unexpected ';', expected ')'
            define A = ((5);
                           ^
          routed.conf:2:12: 'B' is not defined, expected a value, an attribute or a function
            define B = B + 1;
                       ^
          routed.conf:3:14: Cannot be computed: division by zero
            define C = 5 / 0;
                         ^
          routed.conf:4:12: expected a constant
            define D = net;
                       ^~~
            hint: a route's attributes have no value here
          """)
  }

  @Test func `commands with a slip`() {
    #expect(
      said(
        """
        filter f {
          iff preference > 5 then acept;
          els reject;
          prnt "x";
          if (preference > 5) then { rejct; }
          unst(bgp_med);
        }
        function g(int a) { retrun a; }
        protocol device { }
        """)
          == "")
  }

  @Test func `attributes by a part of their names`() {
    #expect(
      said(
        """
        define peer_limit = 5;
        attribute int my_mark;
        filter f {
          local_pref = 100;
          localpref = 100;
          community.add((65001, 1));
          mymark = 5;
          if preference > limit then accept;
          if source = STATIC then accept;
          if source = RTS_BPG then accept;
          if source ~ [ RTS_BGP, RTS_OPSF ] then accept;
          if metric = 5 then accept;
          unset(med);
        }
        protocol device { }
        """)
          == "")
  }

  @Test func `members, methods and functions with a slip`() {
    #expect(
      said(
        """
        filter f {
          bgp_path.prepnd(65001);
          bgp_community.dlete((65001, 1));
          if bgp_path.lenght > 5 then reject;
          if bgp_path.lst = 5 then reject;
          if net.lenth > 24 then reject;
          if bgp_path.prepnd(65001).len > 5 then reject;
          if net.width > 5 then reject;
          if defind(bgp_med) then reject;
          if roa_chek(t) = ROA_VALID then accept;
          print fromat(net);
        }
        protocol device { }
        """)
          == "")
  }

  @Test func `types with a slip`() {
    #expect(
      said(
        """
        function a(itn x) { return x; }
        function b(int x) -> stirng { return "x"; }
        attribute bytestrng c;
        filter f {
          prefx p = 10.0.0.0/8;
          for piar p in bgp_community do print p;
          accept;
        }
        function d(number x) { return x; }
        protocol device { }
        """)
          == "")
  }

  @Test func `bytestrings`() {
    #expect(
      said(
        """
        define a = hex:012;
        define b = hex:01:2345;
        define c = 01:02:03:04;
        define d = from_hex("0x12");
        protocol device { scan time hex:10; }
        """)
          == "")
  }
}
