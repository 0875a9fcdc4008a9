import RouteCore

// Bytestrings of the 2.x dialect: `hex:0123`, `hex:01:23`, and without `hex:` sixteen bytes or more.

extension Lexer {
  /// A bytestring, if there is one here. It is accepted if it is not shorter than the address, number or name it could also be.
  mutating func bytestring() -> Bool {
    guard let first = stack.last?.peek() else { return false }
    if first == UInt8(ascii: "h"), slice(4) == "hex:" {
      let length = 4 + pairsAfterPrefix()
      // `hex:accept;` in a `case`, where `hex` is a constant.
      guard length == 4 || stack.last?.peek(length)?.isSymbolPart != true else { return false }
      emit(.bytestring(slice(length)), length)
      return true
    }
    guard first.isHexDigit else { return false }
    let digits = run { $0.isHexDigit }
    if digits == 2, stack.last?.peek(2) == UInt8(ascii: ":") {
      let length = pairsWithColons()
      guard length >= 3 * Lexer.shortestBytestring - 1, length >= ip6Length() ?? 0 else { return false }
      emit(.bytestring(slice(length)), length)
      return true
    }
    // With a letter in front it may be the beginning of a name.
    guard digits >= 2 * Lexer.shortestBytestring, !first.isSymbolStart || digits % 2 == 0 && run({ $0.isSymbolPart }) == digits,
      first.isSymbolStart || run({ $0.isDigit }) < digits || digits % 2 == 0
    else { return false }
    emit(.bytestring(slice(digits)), digits)
    return true
  }

  /// The digits after `hex:`, including an incomplete pair, which is reported when the value is computed.
  private func pairsAfterPrefix() -> Int {
    let length = run(from: 4) { $0.isHexDigit || $0 == UInt8(ascii: ":") }
    var trimmed = length
    while trimmed > 0, stack.last?.peek(3 + trimmed) == UInt8(ascii: ":") { trimmed -= 1 }
    return trimmed
  }

  /// `XX:XX:…`
  private func pairsWithColons() -> Int {
    var length = 2
    while stack.last?.peek(length) == UInt8(ascii: ":"), run(from: length + 1, { $0.isHexDigit }) == 2 { length += 3 }
    return length
  }

  /// In bytes, without `hex:`.
  private static let shortestBytestring = 16

  /// Adapts the tokens to the dialect, once that is known: 1.6 has no bytestrings, so what looks like one is other tokens there.
  package mutating func fit(_ dialect: Dialect) {
    guard dialect.isBird1, tokens.contains(where: { $0.bytestring != nil }) else { return }
    readsBytestrings = false
    let all = tokens
    tokens = []
    for token in all {
      guard let text = token.bytestring else {
        tokens.append(token)
        continue
      }
      var cursor = Cursor(file: token.location.file, path: sources.path(of: token.location), bytes: Array(text.utf8), depth: 1)
      cursor.line = token.location.line
      cursor.lineStart = 1 - Int(token.location.column)
      stack = [cursor]
      while stack.last?.peek() != nil { scan() }
    }
    stack = []
  }
}
