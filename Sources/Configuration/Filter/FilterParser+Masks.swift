import RouteCore

// Path masks.

extension FilterParser {
  /// `[= 1 2..5 * ? (term) =]`
  func pathMask() throws(ParseFailure) -> FilterTerm {
    let token = parser.advance()
    /// The mask so far, without `items`.
    var mask: FilterTerm?
    var items: [PolicyMaskItem] = []
    var count = 0
    while !parser.take(.pathClose) {
      count += 1
      if count > 63 { throw parser.failure("A path mask has at most 63 parts") }
      if let item = try maskItem() {
        if item == .loop, count == 1 { parser.report("Path mask iterator '+' cannot be first", at: parser.previous) }
        items.append(item)
        continue
      }
      let part = try maskTerm()
      if let asn = part.constant?.int {
        items.append(.asn(asn))
        continue
      }
      if let set = part.constant?.set, set.type.element == .int || set.type.element == .any, !dialect.isBird1 {
        items.append(.set(set.ranges.map { UInt32(truncatingIfNeeded: $0.first.low)...UInt32(truncatingIfNeeded: $0.last.low) }))
        continue
      }
      let isSet = part.type.kind == .set && (part.type.element == .int || part.type.element == .any) && !dialect.isBird1
      if part.type.kind != .path, !isSet { require(part, .int, in: "a path mask") }
      mask = extend(extend(mask, by: items, token), by: part, token)
      items = []
    }
    return extend(mask, by: items, token)
  }

  private func extend(_ mask: FilterTerm?, by items: [PolicyMaskItem], _ token: Token) -> FilterTerm {
    let end = constant(PolicyConstant(.mask, bytes: PolicyMaskItem.encode(items)), token)
    guard let mask else { return end }
    return items.isEmpty ? mask : extend(mask, by: end, token)
  }

  private func extend(_ mask: FilterTerm, by part: FilterTerm, _ token: Token) -> FilterTerm {
    FilterTerm(type: PolicyType(.mask), token: token, node: .apply(.extendMask, a: 0, c: 0, [mask, part]))
  }

  private func maskItem() throws(ParseFailure) -> PolicyMaskItem? {
    let token = parser.peek
    switch token.kind {
    case .punctuation(.star):
      parser.advance()
      return .sequence
    case .punctuation(.question):
      parser.advance()
      return .any
    case .punctuation(.plus) where !dialect.isBird1:
      parser.advance()
      return .loop
    case .punctuation(.bracketOpen) where !dialect.isBird1:
      let set = try setLiteral()
      guard set.type.element == .int || set.type.element == .any else {
        throw parser.failure("Only integer sets allowed in path mask", at: token)
      }
      return .set(set.ranges.map { UInt32(truncatingIfNeeded: $0.first.low)...UInt32(truncatingIfNeeded: $0.last.low) })
    case .number(let low):
      parser.advance()
      guard parser.take(.dotDot) else { return .asn(low) }
      guard case .number(let high) = parser.peek.kind else { throw parser.unexpected("the last AS number of the range") }
      parser.advance()
      return .range(low, high)
    default: return nil
    }
  }

  /// A name or a term in parentheses.
  private func maskTerm() throws(ParseFailure) -> FilterTerm {
    guard parser.peek.is(.parenthesisOpen) || parser.peek.symbol != nil else {
      throw parser.unexpected("a part of a path mask or '=]'", hint: "parts are AS numbers, ranges, *, ? and terms in parentheses")
    }
    return try primary()
  }

  /// `/ 1 2 ? /` of old: `?` is any sequence.
  func oldPathMask() throws(ParseFailure) -> FilterTerm {
    let token = parser.advance()
    var items: [PolicyMaskItem] = []
    while !parser.take(.slash) {
      switch parser.peek.kind {
      case .number(let asn): items.append(.asn(asn))
      case .punctuation(.question): items.append(.sequence)
      default: throw parser.unexpected("an AS number, '?' or '/'")
      }
      parser.advance()
      if items.count > 63 { throw parser.failure("A path mask has at most 63 parts") }
    }
    return constant(PolicyConstant(.mask, bytes: PolicyMaskItem.encode(items)), token)
  }
}
