extension Parser {
  /// `{ statement; statement; … }`, including the braces. `statement` consumes everything before the `;`; if it throws, only
  /// that statement is lost. Empty statements are skipped, and a statement that ends with a block needs no `;` (BIRD demands one, but says
  /// only "syntax error").
  package func block(_ statement: () throws(ParseFailure) -> Void) throws(ParseFailure) {
    try enter()
    defer { leave() }
    let open = try openBlock()
    let suspectBefore = suspect
    suspect = nil
    while !take(.braceClose) {
      if take(.semicolon) { continue }
      if isAtEnd || startsDefinition { return reportUnclosed(open) }
      statementOrRecover(statement)
    }
    if isFarLeft(previous, of: open) { suspect = (open, previous) } else if suspect == nil { suspect = suspectBefore }
  }

  /// The `{` of a block. If only it is missing, that is reported and the block is read.
  private func openBlock() throws(ParseFailure) -> Token {
    if peek.is(.braceOpen) { return advance() }
    // If it follows later in the line, the words before it are the error.
    var ahead = 0
    while peek(ahead).location.line == previous.location.line, !peek(ahead).is(.braceOpen), peek(ahead).kind != .endOfFile { ahead += 1 }
    guard peek.symbol != nil, !startsDefinition, !peek(ahead).is(.braceOpen) || peek(ahead).location.line != previous.location.line else {
      throw unexpected("'{'")
    }
    report("syntax error: missing '{'", at: previous.end, hint: "a block begins with '{'")
    return previous
  }

  /// Reports that a block is not closed: the one that is open here, or one inside it that consumed its `}`.
  private func reportUnclosed(_ open: Token) {
    unclosedBlocks += 1
    endedUnclosed = true
    let end = isAtEnd ? "the end of the file" : "line \(peek.location.line)"
    guard let (inner, close) = suspect else {
      return report("syntax error: missing '}'", at: open, hint: "the block that begins here is not closed before \(end)")
    }
    suspect = nil
    report(
      "syntax error: missing '}'", at: inner,
      hint: "the '}' of line \(close.location.line) looks like that of line \(open.location.line), which is not closed before \(end)")
  }

  /// Whether a `}` begins its line, and farther left than the line of its `{` does.
  private func isFarLeft(_ close: Token, of open: Token) -> Bool {
    guard position >= 2, open.location.file == close.location.file, open.location.line != close.location.line else { return false }
    guard tokens[position - 2].location.line != close.location.line else { return false }
    return close.location.column < sources.indentation(of: open.location)
  }

  /// One statement and its `;`; if it has an error, the rest of it is skipped.
  package func statementOrRecover(_ statement: () throws(ParseFailure) -> Void) {
    let start = position
    endedUnclosed = false
    do {
      try statement()
      if endedUnclosed { return }
      if previous.is(.braceClose), position > start, !peek.is(.semicolon) { return }
      try expectSemicolon()
    } catch {
      recover(from: start)
    }
  }

  /// Skips past the `;` or block that ends the statement which began at token `start`, or up to the enclosing `}`.
  func recover(from start: Int) {
    // A failing statement may have entered a block and thrown inside it: open braces are counted from its start.
    var depth = 0
    for token in tokens[min(start, position)..<position] {
      if token.is(.braceOpen) { depth += 1 }
      if token.is(.braceClose) { depth = max(0, depth - 1) }
    }
    while !isAtEnd {
      let token = peek
      if depth == 0, token.is(.braceClose) { break }
      if position > start, startsDefinition || (depth == 0 && token.location.file != previous.location.file) { break }
      advance()
      if token.is(.braceOpen) {
        depth += 1
      } else if token.is(.braceClose) {
        depth -= 1
        if depth == 0 {
          _ = take(.semicolon)
          return
        }
      } else if depth == 0, token.is(.semicolon) {
        return
      }
    }
    // Always advance: a statement that consumed nothing would be tried again forever.
    if position == start, !isAtEnd { advance() }
  }

  /// Whether a new top-level definition begins here, so that an open block must have been forgotten: `protocol`, `template`, `filter`
  /// or `function` in the first column, with something that follows only there.
  var startsDefinition: Bool {
    guard peek.location.column == 1, let keyword = peek.symbol else { return false }
    switch keyword {
    case "protocol", "template": return peek(1).symbol != nil
    case "filter", "function": return peek(1).symbol != nil && (peek(2).is(.braceOpen) || peek(2).is(.parenthesisOpen))
    default: return false
    }
  }

  // MARK: Names

  /// Gives a name a meaning in the innermost scope; reports it if it has one there already.
  package func define(_ name: String, as symbol: Symbol, at token: Token) {
    switch symbol {
    case .constant, .variable, .function, .filter, .attribute:
      if FilterVocabulary.isReserved(name, dialect) {
        return report("'\(name)' is a word of the language", at: token, hint: "take another name for the \(symbol.kindName)")
      }
    case .table, .protocolInstance, .template: break
    }
    if let entry = symbols.lookupInnermost(name), let first = entry.location {
      return report(
        "Symbol already defined", at: token,
        hint: "'\(name)' is a \(entry.symbol.kindName) since \(sources.path(of: first)):\(first.line):\(first.column)")
    }
    symbols.set(name, symbol, at: token.location)
  }

  /// The error for a name that is undefined, or of the wrong kind.
  package func unknownSymbol(_ token: Token, expected: String, among candidates: @autoclosure () -> [String]? = nil) -> ParseFailure {
    guard let name = token.symbol else { return failure("syntax error: unexpected \(token), expected \(expected)", at: token) }
    if let entry = symbols.lookup(name) {
      return failure("'\(name)' is a \(entry.symbol.kindName), expected \(expected)", at: token)
    }
    // Nobody sees the hints of messages beyond the last.
    let near = errorCount < Parser.maximumDiagnostics ? NearMiss.find(name, among: candidates() ?? symbols.names) : nil
    // The candidates are the words of both languages.
    if near == name { return failure("'\(name)' is of \(dialect.isBird1 ? "BIRD 2" : "BIRD 1.6")", at: token, hint: dialectHint) }
    return failure("'\(name)' is not defined, expected \(expected)", at: token, hint: near.map { "did you mean '\($0)'?" })
  }
}
