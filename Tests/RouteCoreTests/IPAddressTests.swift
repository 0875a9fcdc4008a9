import RouteCore
import Testing

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("::", "::"), ("::1", "::1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("fe80::1", "fe80::1"), ("1::", "1::"), ("1:0:0:2::", "1:0:0:2::"), ("64:ff9b::192.0.2.1", "64:ff9b::c000:201"),
    ("10.0.0.255", "10.0.0.255"), ("::ffff:10.0.0.1", "10.0.0.1"),
  ])
  func `text is read and written in the canonical form of RFC 5952`(input: String, output: String) {
    #expect(IPAddress(input)?.description == output)
  }

  @Test(arguments: ["", ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1:", "g::"])
  func `what is no address is refused`(input: String) { #expect(IPAddress(input) == nil) }

  @Test func `a prefix clears host bits, and refuses them in text`() {
    #expect(Prefix(IPAddress("2001:db8::1")!, 64).description == "2001:db8::/64")
    #expect(Prefix("2001:db8::1/64") == nil)
    #expect(Prefix("10.0.0.0/8")?.contains(IPAddress("10.255.0.1")!) == true)
    #expect(Prefix("0.0.0.0/0")?.contains(Prefix("10.0.0.0/8")!) == true)
    #expect(Prefix("::/0")?.contains(Prefix("10.0.0.0/8")!) == false)
  }

  @Test func `every prefix survives the wire`() throws {
    for text in ["::/0", "2001:db8::/32", "2001:db8:1:2::/63", "2001:db8::1/128", "0.0.0.0/0", "10.1.2.0/23", "192.0.2.1/32"] {
      let prefix = try #require(Prefix(text))
      var writer = WireWriter()
      writer.prefixBits(prefix)
      var reader = WireReader(writer.bytes.span.bytes)
      let read = try Prefix(reader.prefixBits(prefix.length, prefix.family), prefix.length, prefix.family)
      #expect(read == prefix)
      let rest = reader.remaining
      #expect(rest == 0)
    }
  }
}
