import RouteCore

// Commands.

extension FilterParser {
  /// `{ command… }`
  func statements() throws(ParseFailure) -> [FilterStatement] {
    try scope { () throws(ParseFailure) in
      try parser.enter()
      defer { parser.leave() }
      let open = try parser.expect(.braceOpen)
      var out: [FilterStatement] = []
      while !parser.take(.braceClose) {
        if parser.isAtEnd || parser.startsDefinition {
          parser.report(
            "syntax error: missing '}'", at: open, hint: "the block that begins here is not closed before line \(parser.peek.location.line)"
          )
          return out
        }
        out += statementOrRecover()
      }
      return out
    }
  }

  /// One command with its `;`; if it is broken, what is left of it is skipped.
  func statementOrRecover() -> [FilterStatement] {
    let start = parser.position
    do {
      return try statement()
    } catch {
      parser.recover(from: start)
      return []
    }
  }

  /// One command: nothing for a stray `;`, two for a variable with a value.
  private func statement() throws(ParseFailure) -> [FilterStatement] {
    let token = parser.peek
    if parser.take(.semicolon) { return [] }
    if token.is(.braceOpen) { return [FilterStatement(token: token, node: .block(try statements()))] }
    guard let name = token.symbol else { throw parser.unexpected("a command") }
    func make(_ node: FilterStatement.Node) -> [FilterStatement] { [FilterStatement(token: token, node: node)] }
    switch name {
    case "if": return make(try ifStatement())
    case "case": return make(try caseStatement())
    case "for" where !dialect.isBird1: return make(try forStatement())
    case "accept", "reject", "error":
      parser.advance()
      decides = true
      let operation: PolicyOperation = name == "accept" ? .accept : name == "reject" ? .reject : .error
      return try closed(make(.end(operation, try printed())))
    case "print", "printn":
      parser.advance()
      return try closed(make(.print(try printed(), newline: name == "print")))
    case "return":
      parser.advance()
      return try closed(make(try returnStatement(token)))
    case "unset" where parser.peek(1).is(.parenthesisOpen): return try closed(make(try unsetStatement()))
    case "bt_assert" where parser.peek(1).is(.parenthesisOpen): return try closed(make(try assertStatement()))
    case "bt_check_assign" where parser.peek(1).is(.parenthesisOpen): return try closed(try checkAssign(token))
    case "quitbird":
      guard dialect.isBird1 else {
        throw parser.failure("'quitbird' is of BIRD 1.6", at: token, hint: "a filter cannot end the daemon")
      }
      parser.warn("a filter does not end routed: 'quitbird' is an error of the filter", at: token)
      parser.advance()
      return try closed(make(.quit(try printed())))
    default: break
    }
    if let declared = try declaration() { return try closed(declared) }
    return try closed(make(try nameStatement(token)))
  }

  private func closed(_ statements: [FilterStatement]) throws(ParseFailure) -> [FilterStatement] {
    try parser.expectSemicolon()
    return statements
  }

  /// `TYPE NAME [= term]` anywhere in a body (2.x).
  private func declaration() throws(ParseFailure) -> [FilterStatement]? {
    let token = parser.peek
    guard let type = takeType() else { return nil }
    if dialect.isBird1 {
      parser.report("Variables are declared before the '{' in the 1.6 dialect", at: token, hint: "filter NAME TYPE NAME; { … }")
    }
    // The value is read first: it cannot use the variable.
    let nameToken = parser.peek
    guard parser.peek(1).is(.equal) else {
      return [FilterStatement(token: token, node: .clear(try declare(type), type.kind))]
    }
    let (name, _) = try parser.expectSymbol("the variable's name")
    parser.advance()
    let value = required(try term(), type, in: "'\(name)'")
    let slot = try allocate()
    parser.define(name, as: .variable(VariableSymbol(slot: slot, type: type)), at: nameToken)
    return [FilterStatement(token: token, node: .assign(FilterTarget(type: type, place: .local(slot)), value))]
  }

  /// Terms separated by commas, perhaps none.
  private func printed() throws(ParseFailure) -> [FilterTerm] {
    if parser.peek.is(.semicolon) || parser.peek.is(.braceClose) { return [] }
    var terms = [try term()]
    while parser.take(.comma) { terms.append(try term()) }
    return terms
  }

  private func body(of what: String) throws(ParseFailure) -> [FilterStatement] {
    if parser.peek.is(.braceOpen) { return try statements() }
    try parser.enter()
    defer { parser.leave() }
    return try scope { () throws(ParseFailure) in try statement() }
  }

  private func ifStatement() throws(ParseFailure) -> FilterStatement.Node {
    parser.advance()
    let condition = try term()
    require(condition, .bool, in: "'if'")
    try parser.expect("then")
    let then = try body(of: "if")
    return .if(condition, then: then, else: parser.take("else") ? try body(of: "else") : [])
  }

  private func caseStatement() throws(ParseFailure) -> FilterStatement.Node {
    parser.advance()
    let value = try term()
    let open = try parser.expect(.braceOpen)
    var arms: [(set: PolicySet, body: [FilterStatement])] = []
    var other: [FilterStatement] = []
    while !parser.take(.braceClose) {
      if parser.isAtEnd { throw parser.failure("syntax error: missing '}'", at: open) }
      if parser.peek.kind == .elseColon || parser.peek.is("else") && parser.peek(1).is(.colon) {
        if parser.advance().kind != .elseColon { parser.advance() }
        other = try armBody()
        continue
      }
      let token = parser.peek
      let set = try setItems(prefixes: false)
      if !value.type.canMatch(set.type) {
        mistake("'case' is over \(value.type), but this is \(FilterParser.article(set.type.elementType))", at: token)
      }
      try parser.expect(.colon)
      arms.append((set, try armBody()))
    }
    return .case(value, arms, else: other)
  }

  /// The commands of an arm: up to the next one, which begins with a value.
  private func armBody() throws(ParseFailure) -> [FilterStatement] {
    try scope { () throws(ParseFailure) in
      var out: [FilterStatement] = []
      while !parser.peek.is(.braceClose), !parser.isAtEnd, !startsArm {
        try parser.enter()
        defer { parser.leave() }
        out += try statement()
      }
      return out
    }
  }

  /// An arm begins with a literal, or with a name that a `:`, `,` or `..` follows.
  private var startsArm: Bool {
    switch parser.peek.kind {
    case .number, .ip4, .ip6, .elseColon, .punctuation(.parenthesisOpen): return true
    case .symbol:
      let next = parser.peek(1)
      return next.is(.colon) || next.is(.comma) || next.is(.dotDot)
    default: return false
    }
  }

  /// `for [TYPE] NAME in term do command`
  private func forStatement() throws(ParseFailure) -> FilterStatement.Node {
    parser.advance()
    return try scope { () throws(ParseFailure) in
      let declared = takeType()
      if declared == nil, parser.peek.symbol != nil, !parser.peek(1).is("in"), parser.peek(1).symbol != nil { throw unknownType() }
      let (name, token) = try parser.expectSymbol("the loop's variable")
      try parser.expect("in")
      let container = try term()
      let element = container.type.elementType
      switch container.type.kind {
      case .path, .clist, .eclist, .lclist: break
      case .any: if declared == nil { parser.report("the type of '\(name)' is needed here", at: token) }
      default: wrongType(container, expected: "a path or a community list", in: "'for'")
      }
      if let declared, container.type.kind != .any, declared != element {
        parser.report("'\(name)' is \(declared), but the elements are \(element)", at: token)
      }
      let slot = try allocate(3)
      parser.define(name, as: .variable(VariableSymbol(slot: slot + 2, type: declared ?? element)), at: token)
      try parser.expect("do")
      return .loop(slot: slot, container, try body(of: "for"))
    }
  }

  private func returnStatement(_ token: Token) throws(ParseFailure) -> FilterStatement.Node {
    if function == nil, dialect.isBird1 {
      mistake("'return' belongs in a function", at: token, hint: "filters end with accept or reject")
    }
    if parser.peek.is(.semicolon) || parser.peek.is(.braceClose) {
      results.append(.void)
      return .return(nil)
    }
    var value = try term()
    if function == nil, !dialect.isBird1 {
      require(value, .bool, in: "'return' in a filter")
      return .conclude(value)
    }
    if let declaredResult { value = required(value, declaredResult, in: "'return'") }
    results.append(value.type)
    return .return(value)
  }

  private func unsetStatement() throws(ParseFailure) -> FilterStatement.Node {
    parser.advance()
    try parser.expect(.parenthesisOpen)
    let token = parser.peek
    guard let name = token.symbol else { throw parser.unexpected("the name of an attribute") }
    let target: FilterTarget
    if let attribute = FilterVocabulary.attribute(name, dialect) {
      guard attribute.canBeUnset else { throw parser.failure("'\(name)' cannot be unset", at: token) }
      target = FilterParser.target(attribute)
      parser.advance()
    } else if case .attribute(let attribute) = parser.symbols.lookup(name)?.symbol {
      target = FilterTarget(type: attribute.type, place: .attribute(attribute.key, flags: 0))
      parser.advance()
    } else {
      throw unknown(token, "the name of an attribute", .attribute)
    }
    try parser.expect(.parenthesisClose)
    return .unset(target)
  }

  private static func target(_ attribute: FilterVocabulary.Attribute) -> FilterTarget {
    switch attribute.place {
    case .field(let field): FilterTarget(type: attribute.type, place: .field(field))
    case .record(let key, let flags): FilterTarget(type: attribute.type, place: .attribute(key, flags: flags))
    case .bit(let key, let bit): FilterTarget(type: attribute.type, place: .bit(key, bit))
    }
  }

  /// What a name at the beginning of a command stands for, if it can be set.
  private func target(_ name: String, _ token: Token) throws(ParseFailure) -> FilterTarget? {
    if let attribute = FilterVocabulary.attribute(name, dialect) {
      guard attribute.isWritable else { throw parser.failure("'\(name)' cannot be set", at: token, hint: "it can only be read") }
      return FilterParser.target(attribute)
    }
    switch parser.symbols.lookup(name)?.symbol {
    case .variable(let variable): return FilterTarget(type: variable.type, place: .local(variable.slot))
    case .attribute(let attribute): return FilterTarget(type: attribute.type, place: .attribute(attribute.key, flags: 0))
    default: return nil
    }
  }

  /// An assignment, a call, or a change to a list.
  private func nameStatement(_ token: Token) throws(ParseFailure) -> FilterStatement.Node {
    guard let name = token.symbol else { throw parser.unexpected("a command") }
    if FilterVocabulary.isUnsupported(name) { throw parser.failure("'\(name)' is not supported yet", at: token) }
    if parser.peek(1).is(.parenthesisOpen) {
      guard case .function(let function) = parser.symbols.lookup(name)?.symbol else {
        throw unknown(token, "a function or a command", .command)
      }
      return .evaluate(try call(function, token))
    }
    if parser.peek(1).is(.equal) {
      guard let target = try target(name, token) else { throw unknown(token, "a variable or an attribute that can be set", .target) }
      parser.advance()
      parser.advance()
      return .assign(target, required(try term(), target.type, in: "'\(name)'"))
    }
    if parser.peek(1).is(.dot) { return try listStatement(name, token) }
    if FilterVocabulary.attribute(name, dialect) != nil || parser.symbols.lookup(name) != nil {
      parser.advance()
      throw parser.unexpected("'=', '.' or '('")
    }
    throw unknown(token, "a command, a variable or an attribute", .command)
  }

  /// `list.add(x);`, `path.prepend(x);`, `list.empty;`
  private func listStatement(_ name: String, _ token: Token) throws(ParseFailure) -> FilterStatement.Node {
    guard let target = try target(name, token) else { throw unknown(token, "a list or a path that can be changed", .target) }
    let list = try primary()
    parser.advance()
    let (method, methodToken) = try parser.expectSymbol("'add', 'delete', 'filter', 'prepend' or 'empty'")
    switch method {
    case "empty":
      guard [.path, .clist, .eclist, .lclist].contains(target.type.kind) else {
        throw parser.failure("\(target.type) has no 'empty'", at: methodToken)
      }
      return .assign(target, constant(PolicyConstant(target.type.kind, bytes: []), methodToken))
    case "prepend", "add", "append", "delete", "filter":
      try parser.expect(.parenthesisOpen)
      let argument = try term()
      try parser.expect(.parenthesisClose)
      return .assign(target, method == "prepend" ? prepend(list, argument, methodToken) : edit(method, list, argument, methodToken))
    default:
      let near = NearMiss.find(method, among: FilterVocabulary.methodNames(of: target.type) + ["empty"])
      throw parser.failure(
        "'\(method)' changes nothing", at: methodToken,
        hint: near.map { "did you mean '\($0)'?" } ?? "add, delete, filter, prepend and empty change a list or path")
    }
  }

  /// `bt_assert(term)`
  private func assertStatement() throws(ParseFailure) -> FilterStatement.Node {
    parser.advance()
    try parser.expect(.parenthesisOpen)
    let start = parser.position
    let condition = try term()
    require(condition, .bool, in: "'bt_assert'")
    let text = parser.text(from: start)
    try parser.expect(.parenthesisClose)
    return .assert(condition, text)
  }

  /// `bt_check_assign(target, term)`: assigns and looks whether it is there.
  private func checkAssign(_ token: Token) throws(ParseFailure) -> [FilterStatement] {
    parser.advance()
    try parser.expect(.parenthesisOpen)
    let nameToken = parser.peek
    let start = parser.position
    guard let name = nameToken.symbol, let target = try target(name, nameToken) else {
      throw unknown(nameToken, "what can be set", .target)
    }
    let current = try primary()
    try parser.expect(.comma)
    let value = required(try term(), target.type, in: "'\(name)'")
    let text = parser.text(from: start)
    try parser.expect(.parenthesisClose)
    let isThere = FilterTerm(type: .bool, token: token, node: .apply(.equal, a: 0, c: 0, [current, value]))
    return [FilterStatement(token: token, node: .assign(target, value)), FilterStatement(token: token, node: .assert(isThere, text))]
  }
}
