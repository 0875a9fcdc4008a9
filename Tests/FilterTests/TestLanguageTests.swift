import Testing

@testable import Configuration
@testable import RouteCore

/// `bt_test_suite` and its relatives, as `routed --filter-tests` runs them.
@Suite struct TestLanguageTests {
  private func outcomes(_ text: String, _ dialect: Dialect = .bird2) throws -> [FilterTest.Outcome] {
    let result = read(text, dialect)
    guard let configuration = result.configuration else { throw Filter.Refused(diagnostics: result.errors) }
    return configuration.filterTests.map { $0.run() }
  }

  private func read(_ text: String, _ dialect: Dialect) -> ConfigurationReader.Result {
    var options = ConfigurationReader.Options(dialect: dialect)
    options.readsTests = true
    return ConfigurationReader.read(file: "t.conf", provider: MemorySources(["t.conf": text]), options: options)
  }

  @Test func `a suite passes when all its assertions hold`() throws {
    let text = """
      function t() { int i = 3; bt_assert(i = 3); bt_assert(i + 1 = 4); bt_check_assign(i, 7); }
      bt_test_suite(t, "numbers");
      """
    let outcome = try #require(try outcomes(text).first)
    #expect(outcome.name == "numbers" && outcome.isPassed && outcome.assertions == 3)
  }

  @Test func `a failed assertion is told with its place and its text`() throws {
    let text = """
      function t()
      {
        bt_assert(1 = 1);
        bt_assert((1,2)   ~ [(1,3),
           (4,*)]);
        print "here";
      }
      bt_test_suite(t, "sets");
      """
    let outcome = try #require(try outcomes(text).first)
    #expect(outcome.failures == ["t.conf:4: bt_assert((1,2) ~ [(1,3), (4,*)]) is false"])
    #expect(outcome.output == ["here"])
  }

  @Test func `a function that fails, rejects or never ends fails its suite`() throws {
    let text = """
      function a(int n) { return 1 / n; }
      function fails() { int i = a(0); bt_assert(i = 1); }
      function rejects() { reject; }
      function recursive(int n) { return recursive(n + 1); }
      function endless() { bt_assert(recursive(1) = 1); }
      bt_test_suite(fails, "fails"); bt_test_suite(rejects, "rejects"); bt_test_suite(endless, "endless");
      """
    let failures = try outcomes(text).map(\.failures)
    #expect(failures[0] == ["filters, t.conf line 1: division by zero"])
    #expect(failures[1] == ["t.conf:6: the function rejects"])
    #expect(failures[2] == ["filters, t.conf line 4: functions are nested too deeply"])
  }

  @Test func `functions are compared by what they do`() throws {
    let text = """
      function one(int a) { return 1; }
      function eins(int b) { return 1; }
      function two(int a) { return 2; }
      bt_test_same(one, eins, 1); bt_test_same(one, two, 0); bt_test_same(one, two, 1);
      """
    #expect(try outcomes(text).map(\.isPassed) == [true, true, false])
  }

  @Test func `a warning in a function does not take its commands away`() throws {
    let text = """
      function t() { bt_assert(1 != "a"); bt_assert(1 = 2); }
      bt_test_suite(t, "warned");
      """
    #expect(try outcomes(text).first?.failures.count == 1)
  }

  @Test func `tables of other kinds are passed over in test files only`() throws {
    let text = """
      vpn4 table v;
      filter f { if net.type = NET_VPN4 && net.rd = 0:1:2 then accept; reject; }
      protocol static { vpn4 { table v; import filter f; }; route 0:1:2 10.1.10.0/24 unreachable; }
      function t() { bt_assert(true); }
      bt_test_suite(t, "with a table");
      """
    #expect(try outcomes(text).first?.isPassed == true)
    #expect(ConfigurationReader.read(file: "t.conf", provider: MemorySources(["t.conf": text])).configuration == nil)
  }

  @Test func `the 1_6 language prints when a file evaluates a function, and quitbird ends only that`() throws {
    let text = """
      function startup() int i; { i = 5; print "i = ", i, " ", 1 = "a", " ", true || 1+"a"; quitbird; print "never"; }
      eval startup();
      roa table r { roa 10.0.0.0/8 max 16 as 1; }
      """
    let result = read(text, .bird1(.ipv4))
    #expect(result.configuration?.evalOutput == ["i = 5 FALSE TRUE"])
    #expect(result.errors.isEmpty)
    #expect(result.diagnostics.contains { $0.severity == .warning && $0.message == "'+' needs int, but this is of type string" })
  }
}
