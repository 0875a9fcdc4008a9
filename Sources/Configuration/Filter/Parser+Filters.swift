import RouteCore

// What the grammar of options asks of the filter language.

extension Parser {
  /// `filter NAME locals { … }`, from the word `filter` on.
  package func parseFilterDefinition() throws(ParseFailure) {
    advance()
    let (name, token) = try expectSymbol("the filter's name")
    let program = try parseFilterBody()
    define(name, as: .filter(FilterSymbol(program: program)), at: token)
  }

  /// `function NAME(…) locals { … }`, from the word `function` on.
  package func parseFunctionDefinition() throws(ParseFailure) {
    advance()
    try FilterParser(self).functionDefinition()
  }

  /// `attribute TYPE NAME` (2.x), from the word `attribute` on, before the `;`.
  package func parseAttributeDefinition() throws(ParseFailure) {
    let keyword = advance()
    if dialect.isBird1 { throw failure("The 1.6 dialect has no custom attributes", at: keyword) }
    let typeToken = peek
    let reader = FilterParser(self)
    guard let type = reader.takeType() else { throw reader.unknownType() }
    guard type.kind != .set, type.kind != .prefixSet, type.kind != .mask else {
      throw failure("An attribute cannot be \(FilterParser.article(type))", at: typeToken)
    }
    let (name, token) = try expectSymbol("the attribute's name")
    // Numbered in the order of declaration.
    let number = symbols.globals.count { if case .attribute = $0.symbol { true } else { false } }
    guard let code = UInt8(exactly: number), code < 0xf0 else { throw failure("Too many custom attributes", at: token) }
    define(name, as: .attribute(AttributeSymbol(key: AttributeKey(.custom, code), type: type)), at: token)
  }

  /// `locals { … }` written in place of a name behind the word `filter`.
  package func parseFilterBody() throws(ParseFailure) -> PolicyProgram {
    let reader = FilterParser(self)
    let body = try reader.scope { () throws(ParseFailure) in try reader.body() }
    var compiler = FilterCompiler(sources: sources)
    return compiler.filter(body, frameSize: reader.frameSize)
  }

  /// The term behind the word `where`; it accepts when true.
  package func parseWhere() throws(ParseFailure) -> PolicyProgram {
    let reader = FilterParser(self)
    let term = try reader.term()
    reader.require(term, .bool, in: "'where'")
    var compiler = FilterCompiler(sources: sources)
    return compiler.condition(term)
  }

  /// The `{ … }` of a static route, braces included: filter commands that edit the route when it is made. `option` is asked at the
  /// start of each statement; it takes one of the route's own options (`bfd yes`, without the `;`) and says whether it did.
  package func parseRouteCommands(option: () throws(ParseFailure) -> Bool) throws(ParseFailure) -> PolicyProgram {
    let reader = FilterParser(self)
    let body = try reader.scope { () throws(ParseFailure) in
      try enter()
      defer { leave() }
      let open = try expect(.braceOpen)
      var out: [FilterStatement] = []
      while !take(.braceClose) {
        if isAtEnd || startsDefinition { throw failure("syntax error: missing '}'", at: open) }
        let start = position
        do throws(ParseFailure) {
          if try option() { try expectSemicolon() } else { out += reader.statementOrRecover() }
        } catch {
          recover(from: start)
        }
      }
      return out
    }
    var compiler = FilterCompiler(sources: sources)
    return compiler.filter(body, frameSize: reader.frameSize, end: .accept)
  }

  /// A term whose value is known when the configuration is read: behind `define NAME =`, and in parentheses where an option wants a
  /// number. It stops before what cannot go on the term.
  package func parseConstantTerm() throws(ParseFailure) -> ConstantValue { ConstantValue(try parseEvaluated().constant) }

  /// The same with its text, as `eval` answers it.
  package func parseEvaluated() throws(ParseFailure) -> (constant: PolicyConstant, text: String) {
    let reader = FilterParser(self)
    let errors = errorCount
    let term = try reader.term()
    switch reader.evaluate(term) {
    case .success(let result)?: return result
    case .failure(let fault)?:
      if errorCount > errors { throw ParseFailure() }
      throw failure("Cannot be computed: \(fault.reason.text)", at: term.token)
    case nil: throw failure("expected a constant", at: term.token, hint: "a route's attributes have no value here")
    }
  }

  /// `eval TERM` in a file: computed when it is read, which matters only for what it prints.
  func parseEval() throws(ParseFailure) {
    advance()
    let reader = FilterParser(self)
    let term = try reader.term()
    switch reader.evaluate(term) {
    case .success: break
    case .failure(let fault) where fault.reason == .quitCommand: break
    case .failure(let fault): throw failure("Cannot be computed: \(fault.reason.text)", at: term.token)
    case nil: throw failure("expected a constant", at: term.token, hint: "a route's attributes have no value here")
    }
    configuration.evalOutput += reader.output
  }

  /// How the token is written, for messages.
  func text(of token: Token) -> String {
    if case .punctuation(let punctuation) = token.kind { return punctuation.rawValue }
    return token.symbol ?? "\(token)"
  }
}
