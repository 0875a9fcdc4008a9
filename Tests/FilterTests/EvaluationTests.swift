import Testing

@testable import Configuration
@testable import RouteCore

/// The answers are those of BIRD 2.0.12's `eval`.
@Suite struct EvaluationTests {
  @Test(arguments: [
    ("1+2", "3"), ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("5 - 7", "4294967294"), ("7 / 2", "3"), ("0x10", "16"),
    ("[1,2..5]", "[1, 2..5]"), ("[]", "[]"), ("RTS_OSPF", "(enum 30)7"), ("ORIGIN_EGP", "(enum 31)1"),
    ("[= 1 2..5 * ? =]", "[= 1 2..5 * ? =]"), ("[= 1 (2+3) =]", "[= 1 5 =]"), ("(1,2)", "(1,2)"), ("(rt, 10, 20)", "(rt, 10, 20)"),
    ("(rt, 100000, 20)", "(rt, 100000, 20)"), ("(generic, 0x430000, 0x1)", "(unknown 0x43, 0, 1)"),
    ("(generic, 0x01020304, 7)", "(rt, 3.4.0.0, 7)"), ("(generic, 0x40020304, 7)", "(unknown 0x4002, 772, 7)"),
    ("(generic, 0x03020304, 7)", "(generic, 0x3020304, 0x7)"), ("(ro, 1.2.3.4, 7)", "(ro, 1.2.3.4, 7)"),
    ("(unknown 0x4300, 10, 20)", "(generic, 0x4300000a, 0x14)"), ("(10,20,30)", "(10, 20, 30)"),
    ("[ (1,*), (3,4) ]", "[(1,0)..(1,65535), (3,4)]"),
    ("[ (rt,10,*), (ro,1,2..3) ]", "[(rt, 10, 0)..(rt, 10, 4294967295), (ro, 1, 2)..(ro, 1, 3)]"),
    ("[ (1,2,*) ]", "[(1, 2, 0)..(1, 2, 4294967295)]"), ("+empty+", "(path )"), ("-empty-", "(clist )"), ("--empty--", "(eclist )"),
    ("---empty---", "(lclist )"), ("10.0.0.0/8", "10.0.0.0/8"), ("1.2.3.4", "1.2.3.4"), ("\"x\"", "x"), ("1 = 2", "FALSE"),
    ("\"abc\" ~ \"a*\"", "TRUE"), ("add(-empty-, (1,2))", "(clist (1,2))"), ("prepend(+empty+, 5)", "(path 5)"),
    ("[1.2.3.4..1.2.3.8]", "[1.2.3.4..1.2.3.8]"), ("1.2.3.4.mask(8)", "1.0.0.0"), ("10.0.0.0/8.ip", "10.0.0.0"),
    ("10.0.0.0/8.len", "8"), ("(1,2).asn", "1"), ("(1,2,3).data1", "2"), ("1 = 1 || 1 = 2 && 1 = 2", "FALSE"), ("1 ~ []", "FALSE"),
    ("\"a\" < \"b\"", "TRUE"), ("1.2.3.4 ~ 1.0.0.0/8", "TRUE"), ("defined(1)", "TRUE"),
    ("delete(prepend(prepend(+empty+,1),2), 1)", "(path 2)"), ("filter(prepend(prepend(+empty+,1),2), [1])", "(path 1)"),
    ("prepend(+empty+, 1) ~ [= 1 =]", "TRUE"), ("(prepend(+empty+, 1)).first", "1"), ("add(-empty-, 1.2.3.4)", "(clist (258,772))"),
    ("true && false", "FALSE"), ("[RTS_BGP, RTS_OSPF..RTS_OSPF_EXT2]", "[(enum 30)7..(enum 30)10, (enum 30)11]"), ("format(5)", "5"),
    ("10.0.0.0/8.type", "(enum 36)1"),
  ])
  func `eval answers as BIRD does`(term: String, answer: String) { #expect(eval(term) == answer) }

  @Test(arguments: [
    ("1 +", "syntax error: unexpected end of file, expected a value"), ("7 / 0", "Cannot be computed: division by zero"),
    ("(1,70000)", "Cannot be computed: value out of bounds"), ("1 < 2 < 3", "syntax error: unexpected '<', comparisons do not chain"),
    ("[ 10.0.0.0/8{24,16} ]", "Invalid prefix pattern range: {24, 16}"), ("10.0.0.1/8", "Invalid prefix 10.0.0.1/8"),
    ("net", "expected a constant"), ("bgp_path", "expected a constant"), ("! 1 = 2", "'!' needs bool, but this is of type int"),
    ("10.0.0.0/33", "Invalid prefix length 33"), ("[ (1,2), 3 ]", "The set is of pair, but this is of type int"),
  ])
  func `what has no value is refused with the reason`(term: String, message: String) { #expect(eval(term) == message) }

  @Test func `the 1_6 dialect reads old path masks, and dotted quads as its build does`() {
    #expect(eval("/ 1 2 ? 3 /", .bird1(.ipv6)) == "[= 1 2 * 3 =]")
    #expect(eval("/ 1 2 /", .bird2) == "syntax error: unexpected '/', expected a value")
    #expect(eval("1.2.3.4 = 1.2.3.4", .bird1(.ipv6)) == "TRUE")
    #expect(eval("1.2.3.4.ip", .bird1(.ipv6)) == "quad has no member 'ip'")
    #expect(eval("10.0.0.0/8 ~ [10.0.0.0/8]", .bird1(.ipv4)) == "TRUE")
  }

  @Test func `constants carry any type from one term to the next`() throws {
    let filter = try Filter(
      file: """
        define ASN = 65000 + 1;
        define OWN = (ASN, 100);
        define BOGONS = [ 10.0.0.0/8+, fc00::/7+ ];
        define LIST = add(-empty-, OWN);
        filter f { if OWN ~ bgp_community && OWN ~ LIST && !(net ~ BOGONS) then accept; reject; }
        """)
    #expect(filter.run() == .accept)
  }
}
