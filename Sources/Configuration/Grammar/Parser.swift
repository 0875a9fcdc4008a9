import RouteCore

// The configuration language is parsed by a hand-written recursive-descent parser over the tokens of all files. Conventions for adding
// grammar (as the filter language in Filter/ does):
//
// - `peek`, `peek(1)` look; `advance()` takes; `take(.semicolon)`, `take("if")` take it if it is there; `expect(.semicolon)`,
//   `expect("then")`, `expectSymbol("a filter name")`, `expectSemicolon()` take or throw.
// - An error after which parsing cannot continue is thrown: `throw failure("text", at: token, hint: "…")`. It is recorded at once, so
//   do not report it again when catching it. Code that parses a list of statements catches it and calls `recover(from:)`, which skips
//   to the end of the broken statement; so all errors of a file are found. `statements { … }` does that for `{ …; … }` lists.
// - An error after which the meaning is clear (a number out of range, a wrong type) is reported: `report("text", at: token, hint: "…")`.
// - Recursion goes through `try enter()` / `defer { leave() }`: bounded nesting for any input.
// - Names: `symbols.lookup`, `define(_:as:at:)` (reports "Symbol already defined"), `unknownSymbol(_:expected:)` ("did you mean").
// - `dialect` says what an `ip4` token is: an address, or in `.bird1(.ipv6)` a quad.

/// An error that has been recorded already.
package struct ParseFailure: Error {}

/// Reads the tokens of one configuration into `configuration`.
package final class Parser {
  let tokens: [Token]
  let sources: SourceMap
  package let dialect: Dialect
  /// Why the file is read in this dialect, for hints.
  let dialectReason: String
  /// The configuration read so far.
  package var configuration: Configuration
  /// Templates by name, and the drafts of finished protocols, for `from`.
  var templates: [String: ProtocolDraft] = [:]
  var finishedDrafts: [String: ProtocolDraft] = [:]
  /// The ROA tables.
  var authorizationTables: [String: PolicyROATable] = [:]
  /// The contents of the tables are known: the text is given at run time.
  var knowsTables = false
  /// The file is read for its tests: tables and channels of unsupported kinds are skipped.
  var readsTests = false
  /// For the names of protocols that have none.
  var nameCounters: [ProtocolDescription: Int] = [:]
  package var symbols = SymbolTable()
  package private(set) var diagnostics: [Diagnostic]
  /// The number of errors, including those that are not shown.
  private(set) var errorCount: Int
  private var warningCount = 0
  private(set) var position = 0
  private var depth = 0
  /// Where the lexer has found an error: the token there is a substitute, about which no further error is reported.
  let lexerErrors: Set<SourceLocation>
  /// Blocks that were abandoned as unclosed: their `}` may still follow.
  var unclosedBlocks = 0
  /// Whether the statement read last ended with such a block.
  var endedUnclosed = false
  /// The last block whose `}` is indented less than the line that opened it: that `}` was probably meant for another block.
  var suspect: (open: Token, close: Token)?

  /// The type of the protocol that is being read.
  var currentKind: ProtocolDescription?
  /// Where each global setting was given, by its name.
  var globalMarks = OptionMarks()
  /// Whether a file without protocols is a mistake.
  var needsProtocols = false

  /// No more errors than this are shown.
  static let maximumDiagnostics = 100
  /// How deep blocks and terms may be nested.
  static let maximumNesting = 100

  /// `tokens` end with `endOfFile`, as the lexer's do.
  package init(
    tokens: [Token], sources: SourceMap, dialect: Dialect, dialectReason: String = "", diagnostics: [Diagnostic] = []
  ) {
    self.tokens = tokens
    self.sources = sources
    self.dialect = dialect
    self.dialectReason = dialectReason
    configuration = Configuration(dialect: dialect, path: sources.files.first?.path ?? "")
    self.diagnostics = diagnostics
    lexerErrors = Set(diagnostics.map { $0.location })
    errorCount = diagnostics.count
  }

  // MARK: Looking and taking

  /// The next token.
  package var peek: Token { peek(0) }
  /// The token `ahead` places behind the next one; the end of the file goes on forever.
  package func peek(_ ahead: Int) -> Token {
    let index = position + ahead
    if index < tokens.count { return tokens[index] }
    return tokens.last ?? Token(kind: .endOfFile, location: .start, length: 1)
  }

  /// The token taken last; the next one if none was.
  package var previous: Token { position > 0 ? tokens[position - 1] : peek }
  package var isAtEnd: Bool { peek.kind == .endOfFile }

  @discardableResult package func advance() -> Token {
    let token = peek
    if position < tokens.count - 1 { position += 1 }
    return token
  }

  package func take(_ punctuation: Token.Punctuation) -> Bool {
    guard peek.is(punctuation) else { return false }
    advance()
    return true
  }

  package func take(_ keyword: String) -> Bool {
    guard peek.is(keyword) else { return false }
    advance()
    return true
  }

  /// Takes several keywords in a row if all are there.
  package func take(_ keywords: [String]) -> Bool {
    for (ahead, keyword) in keywords.enumerated() where !peek(ahead).is(keyword) { return false }
    for _ in keywords { advance() }
    return true
  }

  @discardableResult package func expect(_ punctuation: Token.Punctuation, _ hint: String? = nil) throws(ParseFailure) -> Token {
    guard peek.is(punctuation) else { throw unexpected("'\(punctuation.rawValue)'", hint: hint) }
    return advance()
  }

  @discardableResult package func expect(_ keyword: String, _ hint: String? = nil) throws(ParseFailure) -> Token {
    guard peek.is(keyword) else { throw unexpected("'\(keyword)'", hint: hint) }
    return advance()
  }

  /// A name, whatever its meaning.
  package func expectSymbol(_ what: String, _ hint: String? = nil) throws(ParseFailure) -> (name: String, token: Token) {
    guard let name = peek.symbol else { throw unexpected(what, hint: hint) }
    return (name, advance())
  }

  /// The `;` behind a statement. If only it is missing (the line ends, or the block does), that is reported where it belongs and
  /// parsing goes on.
  package func expectSemicolon() throws(ParseFailure) {
    if take(.semicolon) { return }
    let next = peek
    let last = previous
    guard next.location.line != last.location.line || next.location.file != last.location.file || next.is(.braceClose) || isAtEnd else {
      if dialect.isBird1, let word = next.symbol, Parser.additionsOfBird2.contains(word) {
        throw failure("'\(word)' is of BIRD 2 here", hint: dialectHint)
      }
      throw unexpected("';'")
    }
    // An unterminated text has consumed it.
    if lexerErrors.contains(last.location) { return }
    record(.error, "syntax error: missing ';'", last.end, 1, "a statement ends with ';'")
  }

  /// What may follow in 2.x where a statement of 1.6 is at its end.
  private static let additionsOfBird2: Set = ["internal", "external", "ibgp", "ebgp", "ms", "us", "dev", "onlink", "port"]

  // MARK: Errors

  /// Records an error at a token (the next one if not given) and gives the value to throw.
  package func failure(_ message: String, at token: Token? = nil, hint: String? = nil) -> ParseFailure {
    report(message, at: token, hint: hint)
    return ParseFailure()
  }

  /// The error for an unexpected token.
  package func unexpected(_ expected: String, hint: String? = nil) -> ParseFailure {
    failure("syntax error: unexpected \(peek), expected \(expected)", hint: hint)
  }

  /// Records an error; parsing continues.
  package func report(_ message: String, at token: Token? = nil, hint: String? = nil) {
    let token = token ?? peek
    record(.error, message, token.location, Int(token.length), hint)
  }

  /// Records an error that has a place but no token of its own.
  package func report(_ message: String, at location: SourceLocation, length: Int = 1, hint: String? = nil) {
    record(.error, message, location, length, hint)
  }

  package func warn(_ message: String, at token: Token, hint: String? = nil) {
    record(.warning, message, token.location, Int(token.length), hint)
  }

  /// Records a warning that has a place but no token of its own.
  package func warn(_ message: String, at location: SourceLocation, length: Int, hint: String? = nil) {
    record(.warning, message, location, length, hint)
  }

  private func record(_ severity: Diagnostic.Severity, _ message: String, _ location: SourceLocation, _ length: Int, _ hint: String?) {
    if severity == .error { errorCount += 1 } else { warningCount += 1 }
    // Warnings do not count against the limit of errors.
    guard (severity == .error ? errorCount : warningCount) <= Parser.maximumDiagnostics, !lexerErrors.contains(location) else { return }
    diagnostics.append(
      Diagnostic(
        severity: severity, path: sources.path(of: location), location: location, length: max(1, length), message: message, hint: hint,
        sourceLine: sources.line(of: location)))
  }

  /// Which dialect the file is read in, and why.
  var dialectHint: String {
    let name =
      switch dialect {
      case .bird1(.ipv4): "BIRD 1.6 for IPv4"
      case .bird1(.ipv6): "BIRD 1.6 for IPv6"
      case .bird2: "BIRD 2"
      }
    return "the file is read as \(name) \(dialectReason)"
  }

  package var hasErrors: Bool { errorCount > 0 }

  // MARK: Nesting

  /// Goes one level deeper; pair it with `defer { leave() }`.
  package func enter() throws(ParseFailure) {
    guard depth < Parser.maximumNesting else { throw failure("Nested too deeply", hint: "\(Parser.maximumNesting) levels are the limit") }
    depth += 1
  }
  package func leave() { depth -= 1 }
}
