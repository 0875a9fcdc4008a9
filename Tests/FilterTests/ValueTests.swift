import Testing

@testable import Configuration
@testable import RouteCore

/// Values that only the 2.x language has, and how all of them are shown. The answers are BIRD's.
@Suite struct ValueTests {
  @Test(arguments: [
    // Route distinguishers (RFC 4364 §4.2).
    ("12345:20000", "12345:20000"), ("0:1:2", "1:2"), ("10.0.0.1:1000", "10.0.0.1:1000"), ("2:1000:7", "2:1000:7"),
    ("100000:20", "100000:20"), ("1:2 < 1:3", "TRUE"), ("[10:20, 100000:1..100000:9]", "[10:20, 100000:1..100000:9]"),
    ("100000:5 ~ [100000:1..100000:9]", "TRUE"), ("100000:10 ~ [100000:1..100000:9]", "FALSE"),
    // Networks of other kinds.
    ("10.0.0.0/8 max 16 as 5", "10.0.0.0/8-16 AS5"), ("(10.0.0.0/8 max 16 as 5).maxlen", "16"), ("(10.0.0.0/8 max 16 as 5).asn", "5"),
    ("10:20 10.0.0.0/8", "10:20 10.0.0.0/8"), ("(10:20 10.0.0.0/8).rd", "10:20"), ("(10:20 10.0.0.0/8).type = NET_VPN4", "TRUE"),
    ("2001:db8::/32 from 2001:db8:1::/48", "2001:db8::/32 from 2001:db8:1::/48"),
    ("(2001:db8::/32 from 2001:db8:1::/48).src", "2001:db8:1::/48"), ("(10:20 10.0.0.0/8).len", "8"),
    ("10.0.0.0/8 = 10.0.0.0/8 max 16 as 5", "FALSE"), ("10.0.0.0/8 max 16 as 5 ~ [10.0.0.0/8]", "TRUE"),
    ("10:20 10.1.0.0/16 ~ 10:20 10.0.0.0/8", "TRUE"), ("10.0.0.0/8 < 10.0.0.0/8 max 16 as 5", "TRUE"), ("mpls 5", "5"),
    // Flow specifications (RFC 8955).
    ("flow4 { dst 10.0.0.0/8; proto = 23; }", "flow4 { dst 10.0.0.0/8; proto 23; }"),
    ("flow6 { dport > 24 && < 30 || 40..50,60..70,80 && >= 90; }", "flow6 { dport > 24 && < 30 || 40..50,60..70,80 && >= 90; }"),
    ("flow6 { tcp flags 0x03/0x0f; }", "flow6 { tcp flags 0x3/0x3 && 0x0/0xc; }"),
    ("flow6 { fragment is_fragment || !first_fragment; }", "flow6 { fragment is_fragment || !first_fragment; }"),
    ("flow4 { proto = 6; src 10.0.0.0/8; }", "flow4 { src 10.0.0.0/8; proto 6; }"), ("flow6 { }", "flow6 { }"),
    ("(flow4 { dst 10.0.0.0/8; }).dst", "10.0.0.0/8"), ("flow4 { dst 10.0.0.0/8; } ~ [10.0.0.0/8]", "FALSE"),
    // The least and the greatest of a list.
    ("add(add(-empty-, (2,1)), (1,3)).min", "(1,3)"), ("add(add(-empty-, (2,1)), (1,3)).max", "(2,1)"), ("-empty-.min", "(0,0)"),
    ("add(add(--empty--, (rt,2,1)), (rt,1,3)).min", "(rt, 1, 3)"), ("add(add(---empty---, (2,1,1)), (1,3,1)).max", "(2, 1, 1)"),
    // Sets as they were written.
    ("[ 1, 2, 1, 3 ]", "[1, 1, 2, 3]"), ("[ (3,4)..(4,8) ]", "[(3,4)..(4,8)]"), ("(3,9) ~ [ (3,4)..(4,8) ]", "TRUE"),
    ("[ (1..2,5) ]", "[(1,5), (2,5)]"),
    (
      "[ 10.10.64.0/18- ]",
      "[0.0.0.0/0, 0.0.0.0/1{128.0.0.0}, 0.0.0.0/2{64.0.0.0}, 0.0.0.0/3{32.0.0.0}, 10.10.0.0/16{255.255.0.0}, "
        + "10.10.0.0/17{0.0.128.0}, 10.10.64.0/18{0.0.64.0}]"
    ),
    // Different types.
    ("1 = \"a\"", "FALSE"), ("1 != (0,1)", "TRUE"), ("+empty+ = -empty-", "FALSE"), ("[] = [10.0.0.0/8]", "FALSE"), ("[] = []", "TRUE"),
  ])
  func `a term of the 2_x language is shown`(term: String, answer: String) { #expect(eval(term) == answer) }

  @Test func `1_6 shows prefix sets as its own trie has them`() {
    #expect(eval("[ 1102::/16, 1104::/16+ ]", .bird1(.ipv6)) == "[1102::/16{1::}, 1104::/16{1:ffff:ffff:ffff:ffff:ffff:ffff:ffff}]")
  }

  @Test(arguments: [
    ("bgp_path ~ [= 65001 [65002, 7] * =]", true), ("bgp_path ~ [= 65001 [1..65001] * =]", false), ("bgp_path ~ [= * [] * =]", false),
    ("bgp_path ~ [= 65001+ 65002 * =]", true), ("bgp_path ~ [= [65001..65002]+ * =]", true), ("bgp_path ~ [= 65001 (65001 + 1) * =]", true),
    ("bgp_path ~ [= (bgp_path.first) * =]", true), ("bgp_path ~ [= * 65003 [65005] =]", true),
  ])
  func `path masks take sets and repetitions`(term: String, holds expected: Bool) throws { #expect(try holds(term) == expected) }

  @Test func `a mask takes the sets of variables and many members`() throws {
    let members = (0..<3000).map { String($0 * 2) }.joined(separator: ", ")
    #expect(try Filter("int set s = [65001, 65002]; if bgp_path ~ [= s s * =] then accept; reject;").run() == .accept)
    #expect(try Filter("int set s = []; if bgp_path ~ [= s * =] then accept; reject;").run() == .reject)
    #expect(try holds("prepend(bgp_path, 4000) ~ [= [\(members)] * =]") == true)
    #expect(try holds("prepend(bgp_path, 4001) ~ [= [\(members)] * =]") == false)
  }

  @Test func `a variable of type prefix holds networks of every kind`() throws {
    let body = """
      prefix p = net; p = 10.0.0.0/8 max 16 as 5; if p.maxlen != 16 then reject;
      p = flow6 { src 2001:db8::/32; }; if p.src != 2001:db8::/32 || net = p then reject; p = net; if p = net then accept; reject;
      """
    #expect(try Filter(body).run() == .accept)
    #expect(try Filter("prefix p = net; if p.maxlen = 16 then accept;").run() != .accept)
  }

  @Test(arguments: ["net", "true", "accept", "int", "RTS_BGP", "for", "bgp_path"])
  func `a word of the language is no name`(word: String) {
    #expect(throws: Filter.Refused.self) { try Filter("int \(word);") }
    #expect(throws: Filter.Refused.self) { try Filter(file: "define \(word) = 5; filter f { accept; }") }
  }

  @Test func `return in a filter of 2_x decides`() throws {
    #expect(try Filter("return net.len = 48;").run() == .accept)
    #expect(try Filter("if net.len = 48 then return false; accept;").run() == .reject)
  }

  @Test func `loops and nested functions come to an end`() throws {
    let nested = """
      function a(int n) -> int { int s = 0; for int x in bgp_path do { for int y in bgp_path do { if n > 0 then s = s + a(n - 1); } } return s; }
      filter f { if a(200) = 1 then accept; reject; }
      """
    guard case .failed(let fault) = try Filter(file: nested).run() else {
      Issue.record("it ended by itself")
      return
    }
    #expect(fault.reason == .tooLong || fault.reason == .stackOverflow || fault.reason == .tooMuchMemory)
    // What is looped over stays as it was.
    let growing = "bgppath p = bgp_path; for int x in p do { p = prepend(p, x); bgp_path.prepend(x); } if p.len = 9 then accept; reject;"
    #expect(try Filter(growing).run() == .accept)
  }

  @Test func `random sets of prefixes have a text in both languages`() {
    var random = SeededGenerator(seed: 17)
    for _ in 0..<300 {
      let patterns = (0..<Int.random(in: 1..<5, using: &random)).map { _ in
        let low = UInt8.random(in: 0...32, using: &random)
        let length = UInt8.random(in: 0...32, using: &random)
        return PrefixPattern(
          Prefix(IPAddress(ipv4: UInt32.random(in: 0...UInt32.max, using: &random)), length, .ipv4), low,
          UInt8.random(in: low...32, using: &random))
      }
      for isOfBird1 in [true, false] {
        let text = PolicySet(patterns, isOfBird1: isOfBird1).description
        #expect(text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2)
      }
    }
  }
}
