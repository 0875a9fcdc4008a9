import Testing

@testable import Configuration
@testable import RouteCore

/// Bytestrings of BIRD 2.14 and later.
@Suite struct BytestringTests {
  private static let sixteen = "01:12:23:34:45:56:67:78:89:9a:ab:bc:cd:de:ef:f0"

  @Test(arguments: [
    ("hex:", ""), ("hex:01", "01"), ("hex:01:aB", "01:ab"), ("hex:01234567", "01:23:45:67"),
    ("0112233445566778899aabbccddeeff0", sixteen), (sixteen, sixteen), ("hex:\(sixteen)", sixteen),
    ("aabbccddeeff00112233445566778899", "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99"),
    ("11112222333344445555666677778888", "11:11:22:22:33:33:44:44:55:55:66:66:77:77:88:88"),
    ("hex:01234567 = hex:01:23:45:67", "TRUE"), ("hex:0123 != hex:012345", "TRUE"), ("hex: = hex:00", "FALSE"),
    ("hex:01 = \"01\"", "FALSE"), ("format(hex:0a) = \"0a\"", "TRUE"),
    ("from_hex(\" \") = hex:", "TRUE"), ("from_hex(\"\") = hex:", "TRUE"), ("from_hex(format(\(sixteen))) = \(sixteen)", "TRUE"),
    ("from_hex(\" 0112:23-34455667 78-89 - 9a-ab bc:cd : de:eff0 \")", sixteen), ("from_hex(\"01.FE\")", "01:fe"),
  ])
  func `a bytestring is shown as pairs of digits`(term: String, answer: String) { #expect(eval(term) == answer) }

  @Test func `a long one is cut where BIRD cuts it`() {
    let digits = { (count: Int) in String(repeating: "ab", count: count) }
    #expect(eval("hex:\(digits(333))").utf8.count == 998)
    #expect(eval("hex:\(digits(334))") == eval("hex:\(digits(332))") + "...")
    #expect(eval("hex:\(digits(65535)) = hex:\(digits(65535))") == "TRUE")
  }

  @Test func `what is longer as an address, a number or a name is that`() {
    #expect(eval("2001:db8::1") == "2001:db8::1")
    #expect(eval("01:02:03:04:05:06:07:08") == "1:2:3:4:5:6:7:8")
    #expect(eval("10:20") == "10:20")
    #expect(eval("define") != "")
    #expect(eval("\(Self.sixteen):") == "Invalid IPv6 address \(Self.sixteen):")
    #expect(eval("aabbccddeeff0011223344556677889900x").hasPrefix("'aabbccddeeff0011223344556677889900x' is not defined"))
    #expect(eval("aabbccddeeff001122334455667788990").hasPrefix("'aabbccddeeff001122334455667788990' is not defined"))
    #expect(eval("111122223333444455556666777788889") == "Number out of range")
    #expect(eval("0x1f") == "31")
  }

  @Test func `in 1_6 they are the words they consist of`() throws {
    #expect(eval("hex:01", .bird1(.ipv4)).hasPrefix("'hex' is not defined"))
    #expect(eval("aabbccddeeff00112233445566778899", .bird1(.ipv4)).hasPrefix("'aabbccddeeff00112233445566778899' is not defined"))
    #expect(eval("11112222333344445555666677778888", .bird1(.ipv4)) == "Number out of range")
    let text = """
      define hex = 5;
      define aabbccddeeff00112233445566778899 = 6;
      filter f { case preference { hex: reject; hex:accept; aabbccddeeff00112233445566778899: reject; else: accept; } }
      """
    #expect(try Filter(file: text, .bird1(.ipv4)).run() == .accept)
    #expect(throws: Filter.Refused.self) { try Filter(file: text, .bird2) }
  }

  @Test(arguments: [
    ("hex:012 = hex:", "1:1: Invalid bytestring"), ("hex:01:2 = hex:", "1:1: Invalid bytestring"),
    ("hex: = hex:01:0203", "1:8: Invalid bytestring"), ("hex:01::02 = hex:", "1:1: Invalid bytestring"),
    ("00aabbccddeeff0011223344556677889 = hex:", "1:1: Invalid bytestring"),
    ("hex:01 < hex:02", "1:8: '<' cannot compare bytestring with bytestring"),
    ("hex:01 ~ [ 1 ]", "1:8: '~' cannot match bytestring against int set"),
    ("from_hex(1) = hex:", "1:10: 'from_hex' needs string, but this is of type int"),
    ("from_hex(\"0\") = hex:", "1:1: Cannot be computed: the text is not of pairs of hexadecimal digits"),
    ("from_hex(\"0g\") = hex:", "1:1: Cannot be computed: the text is not of pairs of hexadecimal digits"),
    ("from_hex(\"0 0\") = hex:", "1:1: Cannot be computed: the text is not of pairs of hexadecimal digits"),
    ("preference = hex:", "1:12: warning"),
  ])
  func `what is none is refused`(term: String, message: String) {
    // A comparison of types that differ is only a warning.
    #expect(message.hasSuffix("warning") ? refusal(term) == nil : refusal(term) == message)
  }

  @Test func `one longer than any attribute is refused`() {
    #expect(refusal("hex: = hex:\(String(repeating: "00", count: 65536))") == "1:8: Bytestring too long")
  }

  @Test func `variables, arguments and results hold them`() throws {
    let filter = try Filter(
      file: """
        define known = hex:0102;
        function same(bytestring a; bytestring b) -> bytestring { if a = b then return a; return hex:; }
        filter f {
          bytestring x = hex:0102;
          bytestring y;
          if defined(y) then reject;
          y = same(x, known);
          print x, " ", y, " ", same(x, hex:03);
          if y = known && same(y, hex:03) = hex: then accept;
          reject;
        }
        """)
    let (output, verdict) = filter.output()
    #expect(output == ["01:02 01:02 "])
    #expect(verdict == .accept)
  }

  @Test func `custom attributes hold them`() throws {
    let filter = try Filter(
      file: """
        attribute bytestring mark;
        filter f {
          if defined(mark) then reject;
          mark = hex:00ff;
          if mark != from_hex("00 ff") then reject;
          print mark;
          unset(mark);
          if defined(mark) then reject;
          mark = hex:;
          if !defined(mark) then reject;
          accept;
        }
        """)
    let (output, verdict) = filter.output()
    #expect(output == ["00:ff"])
    #expect(verdict == .accept)
  }

  @Test func `a text that is no hexadecimal fails when the filter runs`() throws {
    let filter = try Filter("if from_hex(proto) = hex: then accept; reject;")
    guard case .failed(let fault) = filter.run() else {
      Issue.record("the filter ran")
      return
    }
    #expect(fault.reason == .invalidHex)
  }
}
