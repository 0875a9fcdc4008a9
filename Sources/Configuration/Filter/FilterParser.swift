import RouteCore

/// Reads one function, filter or term: the part of the parser that knows what is local there.
final class FilterParser {
  let parser: Parser
  /// The locals in use; `frameSize` is the most there were.
  private(set) var slots = 0
  private(set) var frameSize = 0
  /// What the `return`s of a function gave.
  var results: [PolicyType] = []
  /// Whether the function accepts or rejects somewhere: then it may be used as a value without returning one.
  var decides = false
  /// Nil outside functions.
  var function: FunctionSymbol?
  /// Whether constant terms that cannot be computed are errors; `eval` wants to know the difference.
  var reportsFaults = true
  /// What `print` said in terms that were computed.
  private(set) var output: [String] = []
  /// What the function declared behind `->`.
  var declaredResult: PolicyType?

  /// Locals of one frame; the operand stack holds a few thousand values.
  static let maximumLocals = 256

  init(_ parser: Parser) { self.parser = parser }

  var dialect: Dialect { parser.dialect }

  func allocate(_ count: Int = 1) throws(ParseFailure) -> Int {
    guard slots + count <= FilterParser.maximumLocals else { throw parser.failure("Too many local variables") }
    slots += count
    frameSize = max(frameSize, slots)
    return slots - count
  }

  /// Names and locals of what `body` reads end with it.
  func scope<T>(_ body: () throws(ParseFailure) -> T) throws(ParseFailure) -> T {
    let before = slots
    parser.symbols.pushScope()
    defer {
      parser.symbols.popScope()
      slots = before
    }
    return try body()
  }

  // MARK: Definitions

  /// `TYPE [set]`, or nil if none stands here.
  func takeType() -> PolicyType? {
    guard let name = parser.peek.symbol, let type = FilterVocabulary.type(name, dialect) else { return nil }
    if parser.peek(1).is("set"), FilterParser.canBeInSet(type) {
      parser.advance()
      parser.advance()
      return type.set
    }
    guard parser.peek(1).symbol != nil || parser.peek(1).is(.braceOpen) || parser.peek(1).is(.semicolon) else { return nil }
    parser.advance()
    return type
  }

  private static func canBeInSet(_ type: PolicyType) -> Bool {
    switch type.kind {
    case .int, .pair, .quad, .ip, .prefix, .ec, .lc, .rd: true
    default: false
    }
  }

  private func expectType() throws(ParseFailure) -> PolicyType {
    if let type = takeType() { return type }
    throw unknownType()
  }

  @discardableResult
  func declare(_ type: PolicyType) throws(ParseFailure) -> Int {
    let (name, token) = try parser.expectSymbol("the variable's name")
    let slot = try allocate()
    parser.define(name, as: .variable(VariableSymbol(slot: slot, type: type)), at: token)
    return slot
  }

  /// `TYPE NAME; …` before the brace of a body.
  private func locals() throws(ParseFailure) -> [FilterStatement] {
    var statements: [FilterStatement] = []
    while let type = takeType() {
      let token = parser.peek
      statements.append(FilterStatement(token: token, node: .clear(try declare(type), type.kind)))
      try parser.expectSemicolon()
    }
    return statements
  }

  /// `locals { … }`
  func body() throws(ParseFailure) -> [FilterStatement] {
    let locals = try locals()
    return try locals + statements()
  }

  /// `function NAME(arguments) [-> TYPE] locals { … }`, from the name on.
  func functionDefinition() throws(ParseFailure) {
    let (name, token) = try parser.expectSymbol("the function's name")
    // A function may call itself, but not one that comes later.
    let isNew = parser.symbols.lookupInnermost(name) == nil
    let errors = parser.errorCount
    let symbol = try scope { () throws(ParseFailure) in
      var symbol = FunctionSymbol(name: name, parameters: try parameters(), result: .any)
      if parser.take(.arrow) { declaredResult = try expectType() }
      symbol.result = declaredResult ?? .any
      parser.symbols.set(name, .function(symbol), at: token.location)
      function = symbol
      let body = try body()
      if declaredResult == nil { symbol.result = commonResult }
      symbol.function = FilterFunction(
        name: name, parameters: symbol.parameters, result: symbol.result, frameSize: frameSize,
        body: parser.errorCount == errors ? body : [])
      return symbol
    }
    parser.define(name, as: .function(symbol), at: token)
    if isNew { parser.symbols.set(name, .function(symbol), at: token.location) }
  }

  /// `TYPE NAME; …)`, behind the opening parenthesis.
  private func parameters() throws(ParseFailure) -> [PolicyType] {
    var types: [PolicyType] = []
    try parser.expect(.parenthesisOpen)
    while !parser.take(.parenthesisClose) {
      let type = try expectType()
      types.append(type)
      try declare(type)
      if !parser.peek.is(.parenthesisClose), !parser.take(.semicolon) { try parser.expect(.comma) }
    }
    return types
  }

  private var commonResult: PolicyType {
    guard let first = results.first else { return decides ? .any : .void }
    return results.allSatisfy { $0 == first } ? first : .any
  }

  // MARK: Errors

  /// The error for a term of the wrong type.
  func wrongType(_ term: FilterTerm, expected: String, in context: String) {
    mistake("\(context) needs \(expected), but this is \(FilterParser.article(term.type))", at: term.token)
  }

  static func article(_ type: PolicyType) -> String {
    switch type.kind {
    case .void: "nothing (the function returns no value)"
    default: "of type \(type)"
    }
  }

  /// Reports a term that is not of the type; types known only at run time are checked then.
  func require(_ term: FilterTerm, _ type: PolicyType, in context: String) {
    if !type.accepts(term.type) { wrongType(term, expected: "\(type)", in: context) }
  }

  /// The same, and the term as a value of the type: constants are converted.
  func required(_ term: FilterTerm, _ type: PolicyType, in context: String) -> FilterTerm {
    require(term, type, in: context)
    return term.converted(to: type)
  }

  /// A type error. In 1.6 types are checked only when a filter runs, so code that never runs is no error there.
  func mistake(_ message: String, at token: Token, hint: String? = nil) {
    guard dialect.isBird1 else { return parser.report(message, at: token, hint: hint) }
    parser.warn(message, at: token, hint: hint ?? "as in BIRD 1.6, the filter fails when it comes here")
  }

  // MARK: Constants

  /// A term that is known now, as a constant; nil if it is not.
  func evaluate(_ term: FilterTerm) -> Result<(constant: PolicyConstant, text: String), PolicyFault>? {
    var compiler = FilterCompiler(sources: parser.sources, showsSets: true, knowsTables: parser.knowsTables)
    compiler.emit(term)
    let program = compiler.finish(.accept)
    // Known only now: the functions are compiled last.
    guard compiler.isPure else { return nil }
    let runner = PolicyRunner()
    var route = PolicyRoute.none
    defer { output += runner.interpreter.takeOutput() }
    return runner.interpreter.evaluate(program, on: &route)
  }

  /// The node of an operation; with constant arguments its value.
  func apply(
    _ operation: PolicyOperation, a: UInt8 = 0, c: UInt32 = 0, _ arguments: [FilterTerm], type: PolicyType, at token: Token
  ) -> FilterTerm {
    let term = FilterTerm(type: type, token: token, node: .apply(operation, a: a, c: c, arguments))
    guard arguments.allSatisfy({ $0.constant != nil }), let result = evaluate(term) else { return term }
    switch result {
    case .success(let (constant, _)):
      if constant.type.kind == .void { return term }
      return FilterTerm(type: constant.type, token: token, node: .constant(constant))
    case .failure(let fault):
      // A type error is reported already.
      if reportsFaults, [.divisionByZero, .outOfRange, .invalidHex].contains(fault.reason) {
        mistake("Cannot be computed: \(fault.reason.text)", at: token)
      }
      return term
    }
  }
}
