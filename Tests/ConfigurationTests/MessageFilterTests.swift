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
          == """
          routed.conf:2:3: 'iff' is not defined, expected a command, a variable or an attribute
              iff preference > 5 then acept;
              ^~~
            hint: did you mean 'if'?
          routed.conf:3:3: 'els' is not defined, expected a command, a variable or an attribute
              els reject;
              ^~~
            hint: did you mean 'else'?
          routed.conf:4:3: 'prnt' is not defined, expected a command, a variable or an attribute
              prnt "x";
              ^~~~
            hint: did you mean 'print'?
          routed.conf:5:30: 'rejct' is not defined, expected a command, a variable or an attribute
              if (preference > 5) then { rejct; }
                                         ^~~~~
            hint: did you mean 'reject'?
          routed.conf:6:3: 'unst' is not defined, expected a function or a command
              unst(bgp_med);
              ^~~~
            hint: did you mean 'unset'?
          routed.conf:8:21: 'retrun' is not defined, expected a command, a variable or an attribute
            function g(int a) { retrun a; }
                                ^~~~~~
            hint: did you mean 'return'?
          """)
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
          == """
          routed.conf:4:3: 'local_pref' is not defined, expected a variable or an attribute that can be set
              local_pref = 100;
              ^~~~~~~~~~
            hint: did you mean 'bgp_local_pref'?
          routed.conf:5:3: 'localpref' is not defined, expected a variable or an attribute that can be set
              localpref = 100;
              ^~~~~~~~~
            hint: did you mean 'bgp_local_pref'?
          routed.conf:6:3: 'community' is not defined, expected a list or a path that can be changed
              community.add((65001, 1));
              ^~~~~~~~~
            hint: did you mean 'bgp_community'?
          routed.conf:7:3: 'mymark' is not defined, expected a variable or an attribute that can be set
              mymark = 5;
              ^~~~~~
            hint: did you mean 'my_mark'?
          routed.conf:8:19: 'limit' is not defined, expected a value, an attribute or a function
              if preference > limit then accept;
                              ^~~~~
            hint: did you mean 'peer_limit'?
          routed.conf:9:15: 'STATIC' is not defined, expected a value, an attribute or a function
              if source = STATIC then accept;
                          ^~~~~~
            hint: did you mean 'RTS_STATIC'?
          routed.conf:10:15: 'RTS_BPG' is not defined, expected a value, an attribute or a function
              if source = RTS_BPG then accept;
                          ^~~~~~~
            hint: did you mean 'RTS_BGP'?
          routed.conf:11:26: 'RTS_OPSF' is not defined, expected a value, an attribute or a function
              if source ~ [ RTS_BGP, RTS_OPSF ] then accept;
                                     ^~~~~~~~
            hint: did you mean 'RTS_OSPF'?
          routed.conf:12:6: 'metric' is not defined, expected a value, an attribute or a function
              if metric = 5 then accept;
                 ^~~~~~
          routed.conf:13:9: 'med' is not defined, expected the name of an attribute
              unset(med);
                    ^~~
            hint: did you mean 'bgp_med'?
          """)
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
          == """
          routed.conf:2:12: 'prepnd' changes nothing
              bgp_path.prepnd(65001);
                       ^~~~~~
            hint: did you mean 'prepend'?
          routed.conf:3:17: 'dlete' changes nothing
              bgp_community.dlete((65001, 1));
                            ^~~~~
            hint: did you mean 'delete'?
          routed.conf:4:15: bgppath has no member 'lenght'
              if bgp_path.lenght > 5 then reject;
                          ^~~~~~
            hint: did you mean 'len'?
          routed.conf:5:15: bgppath has no member 'lst'
              if bgp_path.lst = 5 then reject;
                          ^~~
            hint: did you mean 'last'?
          routed.conf:6:10: prefix has no member 'lenth'
              if net.lenth > 24 then reject;
                     ^~~~~
            hint: did you mean 'len'?
          routed.conf:7:15: bgppath has no member 'prepnd'
              if bgp_path.prepnd(65001).len > 5 then reject;
                          ^~~~~~
            hint: did you mean 'prepend'?
          routed.conf:8:10: prefix has no member 'width'
              if net.width > 5 then reject;
                     ^~~~~
            hint: it has len, ip, type, asn
          routed.conf:9:6: 'defind' is not defined, expected a value, an attribute or a function
              if defind(bgp_med) then reject;
                 ^~~~~~
            hint: did you mean 'defined'?
          routed.conf:10:6: 'roa_chek' is not defined, expected a value, an attribute or a function
              if roa_chek(t) = ROA_VALID then accept;
                 ^~~~~~~~
            hint: did you mean 'roa_check'?
          routed.conf:11:9: 'fromat' is not defined, expected a value, an attribute or a function
              print fromat(net);
                    ^~~~~~
            hint: did you mean 'format'?
          """)
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
          == """
          routed.conf:1:12: syntax error: unexpected 'itn', expected a type
            function a(itn x) { return x; }
                       ^~~
            hint: did you mean 'int'?
          routed.conf:2:22: syntax error: unexpected 'stirng', expected a type
            function b(int x) -> stirng { return "x"; }
                                 ^~~~~~
            hint: did you mean 'string'?
          routed.conf:3:11: syntax error: unexpected 'bytestrng', expected a type
            attribute bytestrng c;
                      ^~~~~~~~~
            hint: did you mean 'bytestring'?
          routed.conf:5:3: 'prefx' is not defined, expected a command, a variable or an attribute
              prefx p = 10.0.0.0/8;
              ^~~~~
            hint: did you mean 'prefix'?
          routed.conf:6:7: syntax error: unexpected 'piar', expected a type
              for piar p in bgp_community do print p;
                  ^~~~
            hint: did you mean 'pair'?
          routed.conf:9:12: syntax error: unexpected 'number', expected a type
            function d(number x) { return x; }
                       ^~~~~~
            hint: such as int, bool, ip, prefix, pair, string, bgppath, clist or int set
          """)
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
          == """
          routed.conf:1:12: Invalid bytestring
            define a = hex:012;
                       ^~~~~~~
            hint: a byte is two digits, and these are 3
          routed.conf:2:12: Invalid bytestring
            define b = hex:01:2345;
                       ^~~~~~~~~~~
            hint: a ':' stands between all pairs of digits, or between none
          routed.conf:3:12: Invalid IPv6 address 01:02:03:04
            define c = 01:02:03:04;
                       ^~~~~~~~~~~
          routed.conf:4:12: Cannot be computed: the text is not of pairs of hexadecimal digits
            define d = from_hex("0x12");
                       ^~~~~~~~
          routed.conf:5:29: syntax error: unexpected bytestring hex:10, expected a number
            protocol device { scan time hex:10; }
                                        ^~~~~~
          """)
  }
}
