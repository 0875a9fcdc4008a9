import RouteCore
import Testing

@Suite struct InterfacePatternTests {
  @Test(arguments: [
    ("eth*", "eth0", true), ("eth*", "eth", true), ("eth*", "veth0", false), ("*", "", true), ("?", "", false), ("e?h0", "eth0", true),
    ("e?h0", "eh0", false), ("*a*b", "xxaxab", true), ("*a*b", "xxaxabc", false), ("eth0", "eth0", true), ("eth0", "eth01", false),
  ])
  func `globs match whole names`(pattern: String, name: String, expected: Bool) {
    #expect(Glob.matches(pattern, name) == expected)
  }

  @Test func `a hostile glob takes no exponential time`() {
    #expect(!Glob.matches(String(repeating: "*a", count: 200) + "b", String(repeating: "a", count: 2000)))
  }

  @Test func `the first matching node decides`() {
    let pattern = InterfacePattern([.init(negated: true, name: "eth1"), .init(name: "eth*"), .init(name: "-dummy0")])
    #expect(!pattern.matches(name: "eth1"))
    #expect(pattern.matches(name: "eth2"))
    #expect(!pattern.matches(name: "dummy0"))
    #expect(!pattern.matches(name: "lo"))
  }

  @Test func `a prefix asks for an address inside it`() throws {
    let pattern = InterfacePattern([.init(name: "eth*", prefix: Prefix("2001:db8::/32"))])
    #expect(pattern.matches(name: "eth0", address: IPAddress("2001:db8::1")))
    #expect(pattern.matches(name: "eth0", address: IPAddress("fe80::1"), opposite: IPAddress("2001:db8::1")))
    #expect(!pattern.matches(name: "eth0", address: IPAddress("fe80::1")))
    #expect(!pattern.matches(name: "eth0"))
    #expect(!pattern.matches(name: "lo", address: IPAddress("2001:db8::1")))
  }
}
