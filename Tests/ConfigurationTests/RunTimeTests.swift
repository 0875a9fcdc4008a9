import RouteCore
import Testing

@testable import Configuration

@Suite struct RunTimeTests {
  private static let text = """
    router id 192.0.2.1;
    define LIMIT = 10;
    function low(int x) { return x < LIMIT; }
    attribute int shade;
    attribute bgppath trail;
    filter chosen { if net ~ [2001:db8::/32+] then accept; reject; }
    protocol device {}
    protocol static { ipv6; }
    """

  @Test func `a condition given at run time sees the names of the file`() throws {
    let configuration = try configuration(RunTimeTests.text)
    let program = try configuration.condition("low(preference) && net ~ [2001:db8::/32+]")
    var interpreter = PolicyInterpreter()
    func accepts(_ prefix: String, preference: UInt16) throws -> Bool {
      var route = PolicyRoute(
        prefix: try #require(Prefix(prefix)), attributes: RouteAttributes(AttributeHeader(source: .static, preference: preference)))
      return interpreter.run(program, on: &route).isAccept
    }
    #expect(try accepts("2001:db8:1::/48", preference: 5))
    #expect(try !accepts("2001:db8:1::/48", preference: 20))
    #expect(try !accepts("2001:db9::/32", preference: 5))
  }

  @Test func `filters are found by name, or read in place`() throws {
    let configuration = try configuration(RunTimeTests.text)
    #expect(configuration.filter(named: "chosen") != nil)
    #expect(configuration.filter(named: "low") == nil && configuration.filter(named: "nothing") == nil)
    let inPlace = try configuration.filter(body: "{ if net ~ [2001:db8::/32+] then accept; reject; }")
    #expect(inPlace == configuration.filter(named: "chosen"))
  }

  @Test func `eval shows the value of a term`() throws {
    let configuration = try configuration(RunTimeTests.text)
    #expect(try configuration.evaluate("1 + 2") == "3")
    #expect(try configuration.evaluate("LIMIT * 2") == "20")
    #expect(try configuration.evaluate("low(3)") == "TRUE")
    #expect(try configuration.evaluate("[1, 2..5]") == "[1, 2..5]")
    #expect(throws: RunTimeTextError.evaluation) { try configuration.evaluate("1 / 0") }
  }

  @Test(arguments: ["", "1 +", "1 2", "nothing", "net", "1; protocol bgp {}", "\"open", "include \"/etc/passwd\";"])
  func `what is no term is refused`(text: String) throws {
    let configuration = try configuration(RunTimeTests.text)
    #expect { try configuration.evaluate(text) } throws: { error in
      if case .syntax(let message)? = error as? RunTimeTextError { !message.isEmpty } else { false }
    }
  }

  @Test func `custom attributes are listed by their codes`() throws {
    let listed = try configuration(RunTimeTests.text).customAttributes
    #expect(listed.map(\.name) == ["shade", "trail"] && listed.map(\.kind) == [.int, .path])
  }
}
