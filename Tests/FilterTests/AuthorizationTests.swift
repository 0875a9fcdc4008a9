import Testing

@testable import Configuration
@testable import RouteCore

/// RFC 6811.
@Suite struct AuthorizationTests {
  private func read(_ text: String, _ dialect: Dialect = .bird2) throws -> Configuration {
    let result = ConfigurationReader.read(
      file: "t.conf", provider: MemorySources(["t.conf": text]), options: ConfigurationReader.Options(dialect: dialect))
    guard let configuration = result.configuration else { throw Filter.Refused(diagnostics: result.errors) }
    return configuration
  }

  static let text = """
    roa4 table r4;
    roa6 table r6;
    filter few { if net ~ [ 10.0.0.0/8{16,24}, 2000::/3+ ] then accept; reject; }
    protocol static { roa4 { table r4; import filter few; };
      route 10.110.0.0/16 max 16 as 1000; route 10.120.0.0/16 max 24 as 1000; route 10.130.0.0/16 max 24 as 2000;
      route 10.130.128.0/18 max 24 as 3000; route 11.0.0.0/8 max 24 as 1; route 10.140.0.0/16 max 24 as 0; }
    protocol static { roa6 { table r6; }; route 2001:db8::/32 max 48 as 5; }
    protocol static { disabled; roa6 { table r6; }; route 2001:db8::/32 max 48 as 6; }
    function check(prefix p; int a) { return roa_check(r4, p, a); }
    """

  @Test(arguments: [
    ("10.10.0.0/16", 1000, 0), ("10.0.0.0/8", 1000, 0), ("10.110.0.0/16", 1000, 1), ("10.110.0.0/16", 2000, 2),
    ("10.110.32.0/20", 1000, 2), ("10.120.32.0/20", 1000, 1), ("10.120.32.32/28", 1000, 2), ("10.130.130.0/24", 1000, 2),
    // Both the nearer and the farther authorization count.
    ("10.130.130.0/24", 2000, 1), ("10.130.130.0/24", 3000, 1), ("10.130.30.0/24", 3000, 2),
    // Refused by the channel's filter; AS 0 authorizes nobody.
    ("11.1.0.0/16", 1, 0), ("10.140.0.0/16", 0, 2),
    ("2001:db8:1::/48", 5, 0),
  ])
  func `origins are valid, invalid or unknown`(prefix: String, asn: UInt32, state: UInt8) throws {
    let configuration = try read(AuthorizationTests.text)
    let value = try configuration.authorizationTables.first { $0.name == "r4" }?.check(#require(Prefix(prefix)), origin: asn)
    #expect(value == state)
    let names = ["ROA_UNKNOWN", "ROA_VALID", "ROA_INVALID"]
    let condition = try configuration.condition("check(\(prefix), \(asn)) = \(names[Int(state)])")
    var route = PolicyRoute.example
    var interpreter = PolicyInterpreter()
    #expect(interpreter.run(condition, on: &route) == .accept)
  }

  @Test func `what a protocol fills in is there while it runs`() throws {
    let configuration = try read(
      """
      roa6 table r6; roa6 table other;
      protocol static A { roa6 { table r6; }; route 2001:db8::/32 max 48 as 1; }
      protocol static B { disabled; roa6 { table r6; }; route 2001:db8::/32 max 48 as 2; }
      protocol static C { roa6 { table other; }; route 2001:db8::/32 max 48 as 1; route 2001:db8::/32 max 48 as 3; }
      """)
    func asns(_ table: Int) -> [UInt32] { configuration.authorizationTables[table].entries.map { $0.asn } }
    #expect(asns(0) == [1] && asns(1) == [1, 3])
    #expect(configuration.fillAuthorizationTables { $0 != "B" } == [])
    #expect(configuration.fillAuthorizationTables { $0 == "C" }.map { $0.name } == ["r6"])
    #expect(asns(0) == [] && asns(1) == [1, 3])
    #expect(configuration.fillAuthorizationTables { $0 == "B" }.map { $0.name } == ["r6", "other"])
    #expect(asns(0) == [2] && asns(1) == [])
    // As the file says.
    configuration.fillAuthorizationTables()
    #expect(asns(0) == [1] && asns(1) == [1, 3])
    let old = try read("roa table r { roa 10.0.0.0/8 max 16 as 5; }\nprotocol device { }", .bird1(.ipv4))
    #expect(old.fillAuthorizationTables { _ in false } == [])
    #expect(old.authorizationTables.first?.entries.map { $0.asn } == [5])
  }

  @Test func `only filters that ask a table are concerned by it`() throws {
    let configuration = try read(
      """
      roa6 table r6; roa6 table other;
      function f() { return roa_check(r6) = ROA_VALID; }
      protocol bgp B { local as 1; neighbor 2001:db8::2 as 2; ipv6 { import where f(); export where roa_check(other) = ROA_VALID; }; }
      """)
    let channel = try #require(configuration.protocolInstance(named: "B")?.channel(.ipv6))
    let tables = configuration.authorizationTables
    #expect(channel.importPolicy.asks(anyOf: [tables[0]]) && !channel.importPolicy.asks(anyOf: [tables[1]]))
    #expect(channel.exportPolicy.asks(anyOf: [tables[1]]) && !channel.exportPolicy.asks(anyOf: [tables[0]]))
    #expect(!Policy.all.asks(anyOf: tables))
  }

  @Test func `a table that changes concerns the filters that ask it, if rpki reload does not say otherwise`() throws {
    func text(_ asn: Int, _ options: String = "", condition: String = "roa_check(r6) = ROA_VALID") throws -> Configuration {
      try read(
        """
        roa6 table r6;
        protocol static R { roa6 { table r6; }; route 2001:db8::/32 max 48 as \(asn); }
        protocol bgp B { local as 1; neighbor 2001:db8::2 as 2; ipv6 { import where \(condition); export none; \(options) }; }
        """)
    }
    func changes(_ old: Configuration, _ new: Configuration) -> [String] {
      ConfigurationDifference(from: old, to: new).changes.filter { $0.effect != .none }.map { "\($0.name) \($0.effect): \($0.reasons)" }
    }
    let off = "rpki reload off;"
    #expect(changes(try text(1), try text(2)) == ["B reload: [\"import filter of ipv6\"]"])
    #expect(changes(try text(1), try text(1, "rpki reload yes;")) == [])
    #expect(changes(try text(1, off), try text(2, off)) == [])
    #expect(changes(try text(1), try text(2, off)) == ["B adjust: [\"rpki reload of ipv6\"]"])
    #expect(changes(try text(1, off), try text(1, off, condition: "false")) == ["B reload: [\"import filter of ipv6\"]"])
  }

  @Test func `without arguments the route's own prefix and origin are asked`() throws {
    let configuration = try read(AuthorizationTests.text)
    let program = try configuration.condition("roa_check(r6) = ROA_VALID")
    var interpreter = PolicyInterpreter()
    var route = PolicyRoute.example
    route.attributes.set(.asPath, flags: 0x40, path((2, [1, 5])))
    #expect(interpreter.run(program, on: &route) == .accept)
    route.attributes.set(.asPath, flags: 0x40, path((2, [1, 6])))
    #expect(interpreter.run(program, on: &route) == .reject)
    // A set at the end: no origin.
    route.attributes.set(.asPath, flags: 0x40, path((2, [1]), (1, [5])))
    #expect(interpreter.run(program, on: &route) == .reject)
    route.attributes.remove(.asPath)
    guard case .failed(let fault) = interpreter.run(program, on: &route) else {
      Issue.record("no failure")
      return
    }
    #expect(fault.reason == .missingPath)
  }

  @Test func `eval asks the tables of the running configuration`() throws {
    let configuration = try read(AuthorizationTests.text)
    #expect(try configuration.evaluate("roa_check(r4, 10.110.0.0/16, 1000)") == "(enum 35)1")
    #expect(try configuration.evaluate("check(10.110.0.0/16, 1) = ROA_INVALID") == "TRUE")
    #expect(throws: RunTimeTextError.self) { try configuration.evaluate("roa_check(r4)") }
  }

  @Test func `the tables of 1_6 hold what they list`() throws {
    let text = """
      router id 1.2.3.4;
      roa table r { roa 2001:db8::/32 max 48 as 5; };
      filter f { if roa_check(r, 2001:db8:1::/48, 5) = ROA_VALID && roa_check(r) = ROA_INVALID then accept; reject; }
      protocol static { import filter f; }
      """
    let program = try #require(try read(text, .bird1(.ipv6)).filter(named: "f"))
    var interpreter = PolicyInterpreter()
    var route = PolicyRoute.example
    #expect(interpreter.run(program, on: &route) == .accept)
  }

  @Test func `a filter that asks a table differs when the table does`() throws {
    let text = AuthorizationTests.text + "filter f { if roa_check(r4) = ROA_INVALID then reject; accept; } filter g { accept; }"
    let (old, same, new) = (try read(text), try read("\n" + text), try read(swap(text, "max 16 as 1000", "max 17 as 1000")))
    #expect(old.filter(named: "f") == same.filter(named: "f") && old.filter(named: "f") != new.filter(named: "f"))
    #expect(old.filter(named: "g") == new.filter(named: "g"))
  }

  @Test(arguments: [
    ("roa4 table r; protocol static { roa4 { table r; }; route 10.0.0.0/16 max 8 as 1; }", "Invalid max prefix length 8"),
    ("roa4 table r; protocol static { ipv4; route 10.0.0.0/16 max 24 as 1; }", "The route's type roa4 has no channel here"),
    ("protocol static { roa4; route 10.0.0.0/16 max 24 as 1; }", "the channel needs a table"),
    ("roa4 table r; protocol static { roa6 { table r; }; }", "'r' is of the other family"),
    ("filter f { if roa_check(master4) = ROA_VALID then accept; }", "'master4' is a routing table, expected a ROA table"),
    ("roa4 table r; filter f { if roa_check(r, net) = ROA_VALID then accept; }", "syntax error: unexpected ')', expected ','"),
    ("roa4 table r; filter f { if roa_check(r, 5, 6) = ROA_VALID then accept; }", "'roa_check' needs prefix, but this is of type int"),
    ("roa4 table r; roa4 table r;", "Symbol already defined"),
  ])
  func `mistakes with authorizations are refused`(text: String, message: String) {
    do {
      _ = try read(text)
      Issue.record("accepted")
    } catch {
      #expect((error as? Filter.Refused)?.diagnostics.first?.message == message)
    }
  }

  @Test func `a look-up finds what a search through everything finds`() throws {
    var random = SeededGenerator(seed: 5)
    func prefix(_ lengths: ClosedRange<UInt8>) -> Prefix {
      let bits = UInt32.random(in: 0..<64, using: &random) << 26
      return Prefix(IPAddress(ipv4: bits), UInt8.random(in: lengths, using: &random), .ipv4)
    }
    for _ in 0..<200 {
      let entries = (0..<Int.random(in: 0..<12, using: &random)).map { _ in
        let prefix = prefix(0...6)
        return RouteOriginAuthorization(
          prefix, maximumLength: UInt8.random(in: prefix.length...8, using: &random), asn: UInt32.random(in: 0...3, using: &random))
      }
      let table = PolicyROATable(name: "t", family: .ipv4)
      table.fill(entries)
      for _ in 0..<40 {
        let candidate = prefix(0...8)
        let asn = UInt32.random(in: 0...3, using: &random)
        let covering = entries.filter { $0.prefix.contains(candidate) }
        let isValid = asn != 0 && covering.contains { $0.asn == asn && $0.maximumLength >= candidate.length }
        #expect(table.check(candidate, origin: asn) == (covering.isEmpty ? 0 : isValid ? 1 : 2))
      }
    }
  }
}
