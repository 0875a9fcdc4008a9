import Configuration

/// `--filter-tests FILE`: reads a file of tests of the filter language and runs them.
enum FilterTestRun {
  /// Prints the result of each test, and returns the exit status: 0 if all passed.
  static func run(_ file: String, _ options: CommandOptions) -> Int32 {
    var reading = ConfigurationReader.Options(family: options.family)
    reading.readsTests = true
    let result = ConfigurationReader.read(file: file, provider: FileSources(), options: reading)
    for diagnostic in result.diagnostics { complain("\(diagnostic)") }
    guard let configuration = result.configuration else { return 1 }
    for line in configuration.evalOutput { print(line) }
    var failed = 0
    for test in configuration.filterTests {
      let outcome = test.run()
      for line in outcome.output { print(line) }
      let count = "\(outcome.assertions) assertion\(outcome.assertions == 1 ? "" : "s")"
      print("\(outcome.isPassed ? "ok    " : "FAILED") \(outcome.name) (\(count))")
      for failure in outcome.failures { print("       \(failure)") }
      if !outcome.isPassed { failed += 1 }
    }
    if configuration.filterTests.isEmpty, configuration.evalOutput.isEmpty {
      complain("routed: \(file) has no tests: bt_test_suite(FUNCTION, \"name\"); makes a function one")
      return 1
    }
    print("\(configuration.filterTests.count) tests, \(failed) failed")
    return failed == 0 ? 0 : 1
  }
}
