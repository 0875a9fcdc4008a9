import Testing

@testable import Configuration

/// What the words of a file can be wrong in: the whole message as it is shown.
@Suite struct MessageLexerTests {
  @Test func `a comment without an end`() {
    #expect(
      said(
        """
        protocol device { }
        /* all the rest
        protocol direct { ipv4; }
        """)
          == """
          routed.conf:2:1: Unterminated comment
            /* all the rest
            ^~
            hint: a comment that begins with /* ends with */
          """)
  }

  @Test func `a comment in a comment, complained about once`() {
    #expect(
      said(
        """
        /* old: /* protocol rip { } */ */
        protocol device { }
        """)
          == """
          routed.conf:1:9: Comment nesting not supported
            /* old: /* protocol rip { } */ */
                    ^~
            hint: the comment begins at line 1
          """)
  }

  @Test func `a text without an end does not hide what follows`() {
    #expect(
      said(
        """
        protocol device {
          description "uplink;
          scan time x;
        }
        """)
          == """
          routed.conf:2:15: Unterminated string
              description "uplink;
                          ^~~~~~~~
            hint: a text ends with " on the same line
          routed.conf:3:13: 'x' is not defined, expected a number
              scan time x;
                        ^
          """)
  }

  @Test func `quotes of a word processor`() {
    #expect(
      said(
        "protocol device { description “uplink”; scan time 10; }")
          == """
          routed.conf:1:31: Unknown character '“'
            protocol device { description “uplink”; scan time 10; }
                                          ^~~~~~~~~~~~
            hint: a text stands in straight quotes: "uplink"
          """)
  }

  @Test func `a no-break space`() {
    #expect(
      said(
        "protocol device { scan time 10; }")
          == """
          routed.conf:1:18: Unknown character: a no-break space
            protocol device { scan time 10; }
                             ^~
            hint: write an ordinary space
          """)
  }

  @Test func `names in quotes: a wrong character, no end`() {
    #expect(
      said(
        """
        protocol device 'my device' { }
        protocol direct 'net { ipv4; }
        """)
          == """
          routed.conf:1:17: Unknown character
            protocol device 'my device' { }
                            ^~~~~~~~~~~
            hint: a quoted name has letters, digits, '_', '-', '.' and ':' only
          routed.conf:2:17: Unterminated name
            protocol direct 'net { ipv4; }
                            ^~~~
            hint: a quoted name ends with '
          """)
  }

  @Test func `a character that the language has no use for`() {
    #expect(
      said(
        """
        protocol device { scan time 10@; }
        protocol direct $D { ipv4; }
        """)
          == """
          routed.conf:1:31: Unknown character '@'
            protocol device { scan time 10@; }
                                          ^
          routed.conf:2:17: Unknown character '$'
            protocol direct $D { ipv4; }
                            ^
          """)
  }

  @Test func `a name that is too long`() {
    #expect(
      said(
        """
        define xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1;
        protocol device { }
        """)
          == """
          routed.conf:1:8: Symbol too long
            define xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx = 1;
                   ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
          """)
  }

  @Test func `numbers that are too big, or no numbers at all`() {
    #expect(
      said(
        """
        protocol device { scan time 99999999999; }
        protocol kernel { ipv4; metric 1.5; scan time 10 s; kernel table yes; }
        """)
          == """
          routed.conf:1:29: Number out of range
            protocol device { scan time 99999999999; }
                                        ^~~~~~~~~~~
            hint: numbers are 0 to 4294967295
          routed.conf:2:32: 'metric' takes a whole number
            protocol kernel { ipv4; metric 1.5; scan time 10 s; kernel table yes; }
                                           ^~~
          routed.conf:2:50: 'scan time' takes a number without a unit
            protocol kernel { ipv4; metric 1.5; scan time 10 s; kernel table yes; }
                                                             ^
          routed.conf:2:66: 'kernel table' takes a number, not a switch
            protocol kernel { ipv4; metric 1.5; scan time 10 s; kernel table yes; }
                                                                             ^~~
          """)
  }

  @Test func `addresses and prefixes that cannot be`() {
    #expect(
      said(
        """
        protocol static {
          ipv4; ipv6;
          route 10.0.0.256/24 blackhole;
          route 2001:db8::12345/64 blackhole;
          route 10.1.0.0/8 blackhole;
          route 10.0.0.0/33 blackhole;
          route 10.0.0.0:255.0.255.0 blackhole;
          route 10.0.0.1 blackhole;
        }
        """)
          == """
          routed.conf:3:9: Invalid IPv4 address 10.0.0.256
              route 10.0.0.256/24 blackhole;
                    ^~~~~~~~~~
          routed.conf:4:9: Invalid IPv6 address 2001:db8::12345
              route 2001:db8::12345/64 blackhole;
                    ^~~~~~~~~~~~~~~
          routed.conf:5:9: Invalid prefix 10.1.0.0/8
              route 10.1.0.0/8 blackhole;
                    ^~~~~~~~~~
            hint: maybe you wanted 10.0.0.0/8
          routed.conf:6:18: Invalid prefix length 33
              route 10.0.0.0/33 blackhole;
                             ^~
            hint: 32 is the longest
          routed.conf:7:18: Invalid netmask 255.0.255.0
              route 10.0.0.0:255.0.255.0 blackhole;
                             ^~~~~~~~~~~
          routed.conf:8:18: syntax error: unexpected 'blackhole', expected '/' and the prefix's length
              route 10.0.0.1 blackhole;
                             ^~~~~~~~~
            hint: a single host is 10.0.0.1/32
          """)
  }

  @Test func `an included file that is not there`() {
    #expect(
      said(
        """
        include "peers.conf";
        protocol device { }
        """)
          == """
          routed.conf:1:1: Unable to open included file peers.conf: No such file or directory
            include "peers.conf";
            ^~~~~~~~~~~~~~~~~~~~~
          """)
  }

  @Test func `an include without semicolon, without quotes, and inside of a line`() {
    #expect(
      said(
        """
        include "a.conf"
        include a.conf;
        protocol device { } include "a.conf";
        """, with: ["a.conf": ""])
          == """
          routed.conf:1:17: syntax error: missing ';'
            include "a.conf"
                            ^
            hint: a statement ends with ';'
          routed.conf:2:1: 'include' takes a file's name in quotes
            include a.conf;
            ^~~~~~~
            hint: include "file";
          routed.conf:3:21: 'include' must begin the line
            protocol device { } include "a.conf";
                                ^~~~~~~
            hint: include "file"; on a line of its own
          """)
  }

  @Test func `a file that includes itself by a detour, and by a pattern`() {
    #expect(
      said(
        """
        include "a.conf";
        include "*.conf";
        protocol device { }
        """, with: ["a.conf": "include \"routed.conf\";\n"])
          == """
          routed.conf:2:1: routed.conf includes itself
            include "*.conf";
            ^~~~~~~~~~~~~~~~~
            hint: the pattern matches it too
          a.conf:1:1: routed.conf includes itself
            include "routed.conf";
            ^~~~~~~~~~~~~~~~~~~~~~
          """)
  }

  @Test func `mistakes in included files are shown there`() {
    #expect(
      said(
        """
        include "a.conf";
        protocol devise { }
        """, with: ["a.conf": "# peers\nprotocol bgp A {\n  local as 1;\n  hold tme 10;\n}\n"])
          == """
          routed.conf:2:10: 'devise' is no type of protocol
            protocol devise { }
                     ^~~~~~
            hint: did you mean 'device'?
          a.conf:4:3: unknown option 'hold' in protocol bgp
              hold tme 10;
              ^~~~
            hint: did you mean 'hold time'?
          """)
  }

  @Test func `an empty file`() {
    #expect(
      said(
        "")
          == """
          routed.conf:1:1: No protocol is specified in the config file
            hint: at least: protocol device { }
          """)
  }

  @Test func `a file without a protocol`() {
    #expect(
      said(
        """
        router id 192.0.2.1;
        # to be written
        """)
          == """
          routed.conf:1:21: No protocol is specified in the config file
            router id 192.0.2.1;
                                ^
            hint: at least: protocol device { }
          """)
  }
}
