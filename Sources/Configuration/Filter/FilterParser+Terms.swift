import RouteCore

// Terms. From loose to tight (routed.conf(5), FILTERS): `&&` and `||` on one level; comparisons and `~`, which do not chain; `+` `-`;
// `*` `/`; `!`; `.`.

extension FilterParser {
  func term() throws(ParseFailure) -> FilterTerm {
    try parser.enter()
    defer { parser.leave() }
    var left = try comparison()
    while parser.peek.is(.and) || parser.peek.is(.or) {
      let token = parser.advance()
      let name = token.is(.and) ? "&&" : "||"
      let right = try comparison()
      require(left, .bool, in: "'\(name)'")
      require(right, .bool, in: "'\(name)'")
      left = FilterTerm(type: .bool, token: token, node: .logical(token.is(.and) ? .jumpIfFalseKeeping : .jumpIfTrueKeeping, left, right))
    }
    return left
  }

  private func comparison() throws(ParseFailure) -> FilterTerm {
    var left = try sum()
    let token = parser.peek
    guard case .punctuation(let sign) = token.kind, let operation = FilterParser.comparisons[sign] else { return left }
    parser.advance()
    var right = try sum()
    if case .punctuation(let next) = parser.peek.kind, FilterParser.comparisons[next] != nil {
      throw parser.failure(
        "syntax error: unexpected '\(next.rawValue)', comparisons do not chain", hint: "put one of the comparisons in parentheses")
    }
    check(operation, left, right, token)
    left = left.converted(to: right.type)
    right = right.converted(to: left.type)
    return apply(operation, [left, right], type: .bool, at: token)
  }

  private static let comparisons: [Token.Punctuation: PolicyOperation] = [
    .equal: .equal, .notEqual: .notEqual, .less: .less, .lessOrEqual: .lessOrEqual, .greater: .greater,
    .greaterOrEqual: .greaterOrEqual, .tilde: .match, .notMatch: .notMatch,
  ]

  private func check(_ operation: PolicyOperation, _ left: FilterTerm, _ right: FilterTerm, _ token: Token) {
    switch operation {
    case .match, .notMatch:
      if !left.type.canMatch(right.type) {
        mistake(
          "'\(parser.text(of: token))' cannot match \(left.type) against \(right.type)", at: token,
          hint: FilterParser.matchHint(left.type, right.type))
      }
    case .equal, .notEqual:
      if !left.type.isComparable(with: right.type) {
        // Different types are different values, no mistake of the language; but nobody means it.
        let negated = isNegation(left) ? "'!' binds tighter than '\(parser.text(of: token))': put the comparison in parentheses" : nil
        parser.warn(
          "'\(parser.text(of: token))' between \(left.type) and \(right.type) is always \(operation == .equal ? "false" : "true")",
          at: token,
          hint: negated ?? FilterParser.equalHint(left.type, right.type))
      }
    default:
      let message = "'\(parser.text(of: token))' cannot compare \(left.type) with \(right.type)"
      if !left.type.isComparable(with: right.type) || !left.type.isOrdered || !right.type.isOrdered { mistake(message, at: token) }
    }
  }

  private func isNegation(_ term: FilterTerm) -> Bool { if case .apply(.not, _, _, _) = term.node { true } else { false } }

  private static func equalHint(_ left: PolicyType, _ right: PolicyType) -> String? {
    if right.kind == .set || right.kind == .prefixSet || right.kind == .mask { return "use ~ to match against \(right)" }
    if left.kind == .quad || right.kind == .quad { return nil }
    return nil
  }

  /// What could stand on the right of `~`.
  private static func matchHint(_ left: PolicyType, _ right: PolicyType) -> String? {
    switch left.kind {
    case .string: "a text is matched against a pattern such as \"eth*\""
    case .ip, .prefix: "expected a prefix or a prefix set such as [ 10.0.0.0/8+ ]"
    case .path: "expected a path mask such as [= * 65000 * =] or an int set"
    case .int: "expected an int set such as [ 1, 5..7 ] or a path"
    case .clist: right.kind == .pair ? "write the pair on the left: (1,2) ~ list" : "expected a pair set such as [ (65000,*) ]"
    case .eclist: "expected an ec set such as [ (rt,65000,*) ]"
    case .lclist: "expected an lc set such as [ (65000,*,*) ]"
    case .bool: "'!' binds tighter than '~': put the comparison in parentheses"
    case .enumeration: "expected a set such as [ RTS_BGP, RTS_STATIC ]"
    case .pair, .quad, .ec, .lc, .rd: "expected a set of \(left) or a list of them"
    default: nil
    }
  }

  private func sum() throws(ParseFailure) -> FilterTerm {
    var left = try product()
    // A list may follow a minus only in `- empty -`, which is no operator.
    while parser.peek.is(.plus) || parser.peek.is(.minus) {
      let token = parser.advance()
      left = arithmetic(token.is(.plus) ? .add : .subtract, left, try product(), token)
    }
    return left
  }

  private func product() throws(ParseFailure) -> FilterTerm {
    var left = try unary()
    while parser.peek.is(.star) || parser.peek.is(.slash) {
      let token = parser.advance()
      left = arithmetic(token.is(.star) ? .multiply : .divide, left, try unary(), token)
    }
    return left
  }

  private func arithmetic(_ operation: PolicyOperation, _ left: FilterTerm, _ right: FilterTerm, _ token: Token) -> FilterTerm {
    require(left, .int, in: "'\(parser.text(of: token))'")
    require(right, .int, in: "'\(parser.text(of: token))'")
    return apply(operation, [left, right], type: .int, at: token)
  }

  private func unary() throws(ParseFailure) -> FilterTerm {
    guard parser.peek.is(.not) else { return try postfix() }
    try parser.enter()
    defer { parser.leave() }
    let token = parser.advance()
    let operand = try unary()
    if !PolicyType.bool.accepts(operand.type) {
      mistake(
        "'!' needs bool, but this is \(FilterParser.article(operand.type))", at: operand.token,
        hint: "'!' binds tighter than comparisons: write !(a = b)")
    }
    return apply(.not, [operand], type: .bool, at: token)
  }

  private func postfix() throws(ParseFailure) -> FilterTerm {
    var value = try primary()
    while parser.peek.is(.dot) {
      parser.advance()
      value = try method(of: value)
    }
    return value
  }

  /// What stands behind the dot.
  private func method(of value: FilterTerm) throws(ParseFailure) -> FilterTerm {
    let (name, token) = try parser.expectSymbol("the name of a member")
    switch name {
    case "mask":
      let length = try argument()
      if ![.ip, .quad, .any].contains(value.type.kind) { mistake("\(value.type) has no 'mask'", at: token) }
      require(length, .int, in: "'mask'")
      return apply(.mask, [value, length], type: value.type, at: token)
    case "prepend":
      let asn = try argument()
      return prepend(value, asn, token)
    case "add", "append", "delete", "filter": return edit(name, value, try argument(), token)
    default: break
    }
    // `x.len()` is as good as `x.len`.
    if parser.peek.is(.parenthesisOpen), parser.peek(1).is(.parenthesisClose) {
      parser.advance()
      parser.advance()
    }
    if dialect.isBird1, FilterVocabulary.membersOf2.contains(name) {
      throw parser.failure("'.\(name)' is of BIRD 2", at: token, hint: parser.dialectHint)
    }
    let found = value.type.kind == .any ? FilterVocabulary.dynamicMember(name) : FilterVocabulary.member(name, of: value.type)
    guard let (member, type) = found else {
      // A known member of other types: 1.6 fails when it comes there.
      guard dialect.isBird1, let (member, type) = FilterVocabulary.dynamicMember(name) else {
        throw parser.failure("\(value.type) has no member '\(name)'", at: token, hint: memberHint(name, value.type))
      }
      mistake("\(value.type) has no member '\(name)'", at: token)
      return apply(.member, a: member.rawValue, [value], type: type, at: token)
    }
    return apply(.member, a: member.rawValue, [value], type: type, at: token)
  }

  private func argument() throws(ParseFailure) -> FilterTerm {
    try parser.expect(.parenthesisOpen)
    let value = try term()
    try parser.expect(.parenthesisClose)
    return value
  }

  func prepend(_ path: FilterTerm, _ asn: FilterTerm, _ token: Token) -> FilterTerm {
    require(path, PolicyType(.path), in: "'prepend'")
    require(asn, .int, in: "'prepend'")
    return apply(.prepend, [path, asn], type: PolicyType(.path), at: token)
  }

  /// `add`, `append`, `delete` and `filter`.
  func edit(_ name: String, _ list: FilterTerm, _ argument: FilterTerm, _ token: Token) -> FilterTerm {
    let operation: PolicyOperation = name == "delete" ? .delete : name == "filter" ? .filter : .insert
    switch list.type.kind {
    case .path, .clist, .eclist, .lclist, .any:
      if list.type.kind == .path, operation == .insert {
        mistake("a path has no '\(name)'", at: token, hint: "prepend puts an AS number in front")
      } else if !list.type.canEdit(operation, with: argument.type) {
        wrongType(argument, expected: list.type.editHint(operation), in: "'\(name)' on \(list.type)")
      }
    default: mistake("\(list.type) has no '\(name)'", at: token, hint: "paths and community lists have one")
    }
    return apply(operation, [list, argument], type: list.type, at: token)
  }
}
