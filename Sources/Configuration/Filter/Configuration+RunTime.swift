import RouteCore

// Filters and terms that come while the daemon runs: `show route where …`, `show route filter { … }`, `eval …`. They see the names of
// the configuration in use, and are read in its dialect.

/// Why a text given at run time was rejected.
package enum RunTimeTextError: Error, Hashable, Sendable {
  /// A syntax or type error.
  case syntax(String)
  /// It is valid, but cannot be computed.
  case evaluation
}

extension Configuration {
  /// The program of a filter that the file defines.
  package func filter(named name: String) -> PolicyProgram? {
    if case .filter(let filter)? = scope.lookup(name)?.symbol { filter.program } else { nil }
  }

  /// Compiles the condition behind `where`.
  package func condition(_ text: String) throws(RunTimeTextError) -> PolicyProgram {
    try read(text) { parser throws(ParseFailure) in try parser.parseWhere() }
  }

  /// Compiles a filter's body, braces included.
  package func filter(body text: String) throws(RunTimeTextError) -> PolicyProgram {
    try read(text) { parser throws(ParseFailure) in try parser.parseFilterBody() }
  }

  /// The value of a term as `eval` shows it.
  package func evaluate(_ text: String) throws(RunTimeTextError) -> String {
    let result = try read(text) { (parser) throws(ParseFailure) -> Result<String, PolicyFault> in
      let reader = FilterParser(parser)
      reader.reportsFaults = false
      let term = try reader.term()
      switch reader.evaluate(term) {
      case .success(let value)?: return .success(value.text)
      case .failure(let fault)?: return .failure(fault)
      case nil: throw parser.failure("No route to read attributes of", at: term.token)
      }
    }
    switch result {
    case .success(let text): return text
    case .failure: throw .evaluation
    }
  }

  /// The attributes that the file declares, by their code.
  package var customAttributes: [(name: String, kind: PolicyKind)] {
    scope.globals.compactMap { entry in
      if case .attribute(let attribute) = entry.symbol { (entry.name, attribute.type.kind) } else { nil }
    }
  }

  private func read<Value>(
    _ text: String, _ body: (Parser) throws(ParseFailure) -> Value
  ) throws(RunTimeTextError) -> Value {
    let name = "(command)"
    var lexer = Lexer(provider: MemorySources([name: text]))
    lexer.tokenize(name)
    lexer.fit(dialect)
    let parser = Parser(tokens: lexer.tokens, sources: lexer.sources, dialect: dialect, diagnostics: lexer.diagnostics)
    parser.symbols = scope
    parser.knowsTables = true
    for table in authorizationTables { parser.authorizationTables[table.name] = table }
    var value: Value?
    do {
      value = try body(parser)
      if !parser.isAtEnd { _ = parser.unexpected("the end") }
    } catch {
      // Recorded already.
    }
    if let error = parser.diagnostics.first(where: { $0.severity == .error }) { throw .syntax(error.message) }
    guard let value else { throw .syntax("syntax error") }
    return value
  }
}
