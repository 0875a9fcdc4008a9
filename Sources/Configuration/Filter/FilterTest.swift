import RouteCore

// BIRD's tests of the filter language, written in the language: functions full of `bt_assert(condition);`, each made a test by
// `bt_test_suite(FUNCTION, "name");`, and comparisons of functions, `bt_test_same(FUNCTION, FUNCTION, 1);`. They may stand in any
// configuration; `routed --filter-tests FILE` runs them.

/// A test that the configuration contains.
package struct FilterTest: Sendable {
  package enum Subject: Sendable {
    /// A function is called, and no assertion in it may be false.
    case suite(PolicyProgram)
    /// Two functions do the same, or do not.
    case comparison(PolicyProgram, PolicyProgram, expected: Bool)
  }
  package var name: String
  package var subject: Subject
  package var path: String
  package var line: Int32

  /// The result of a test.
  package struct Outcome: Sendable {
    package var name: String
    package var assertions = 0
    /// `file:line: …`; none if the test passed.
    package var failures: [String] = []
    /// What the functions printed.
    package var output: [String] = []
    package var isPassed: Bool { failures.isEmpty }
  }

  package func run() -> Outcome {
    var outcome = Outcome(name: name)
    switch subject {
    case .comparison(let left, let right, let expected):
      outcome.assertions = 1
      if (left == right) != expected {
        outcome.failures = ["\(path):\(line): the functions \(expected ? "do not do the same" : "do the same")"]
      }
    case .suite(let program):
      let runner = PolicyRunner()
      var route = PolicyRoute.none
      let verdict = runner.interpreter.run(program, on: &route)
      outcome.assertions = runner.interpreter.assertions
      outcome.output = runner.interpreter.takeOutput()
      outcome.failures = runner.interpreter.failedAssertions(of: program).map { "\($0.file):\($0.line): bt_assert(\($0.text)) is false" }
      switch verdict {
      case .accept: break
      case .reject: outcome.failures.append("\(path):\(line): the function rejects")
      case .failed(let fault): outcome.failures.append(program.describe(fault, filter: name))
      }
    }
    return outcome
  }
}

extension Parser {
  /// `bt_test_suite(FUNCTION, "name")` and `bt_test_same(FUNCTION, FUNCTION, 0 or 1)`, before the `;`.
  func parseFilterTest() throws(ParseFailure) {
    let keyword = advance()
    try expect(.parenthesisOpen)
    let (name, first) = try testFunction()
    try expect(.comma)
    let path = sources.path(of: keyword.location)
    if keyword.is("bt_test_suite") {
      let title = try text("the test's name in quotes")
      try expect(.parenthesisClose)
      configuration.filterTests.append(FilterTest(name: title, subject: .suite(first), path: path, line: keyword.location.line))
      return
    }
    let (other, second) = try testFunction()
    try expect(.comma)
    let expected = try number("bt_test_same") != 0
    try expect(.parenthesisClose)
    configuration.filterTests.append(
      FilterTest(
        name: "\(name) \(expected ? "=" : "!=") \(other)", subject: .comparison(first, second, expected: expected), path: path,
        line: keyword.location.line))
  }

  private func testFunction() throws(ParseFailure) -> (String, PolicyProgram) {
    let (name, token) = try expectSymbol("a function's name")
    guard case .function(let symbol) = symbols.lookup(name)?.symbol, let function = symbol.function else {
      throw unknownSymbol(token, expected: "a function")
    }
    var compiler = FilterCompiler(sources: sources)
    return (name, compiler.call(function))
  }
}
