import RouteCore

// Sets: `[ 1, 5..7 ]`, `[ (65000,*), (1..3,5) ]`, `[ 10.0.0.0/8{16,24} ]`. What they consist of is known when the configuration is read.

extension FilterParser {
  /// The items of one set as they come in.
  struct SetItems {
    var element: PolicyType?
    var spans: [PolicySet.Span] = []
    var boxes: [PolicySet.Box] = []
    var patterns: [PrefixPattern] = []
    var isOfBird1 = false

    var set: PolicySet {
      guard let element else { return .empty }
      return element.kind == .prefix ? PolicySet(patterns, isOfBird1: isOfBird1) : PolicySet(of: element, spans, boxes: boxes)
    }
  }

  /// `[ … ]`
  func setLiteral() throws(ParseFailure) -> PolicySet {
    try parser.enter()
    defer { parser.leave() }
    try parser.expect(.bracketOpen)
    if parser.take(.bracketClose) { return .empty }
    let set = try setItems(prefixes: true)
    try parser.expect(.bracketClose)
    return set
  }

  /// Items separated by commas: of a set, or of an arm of `case`.
  func setItems(prefixes: Bool) throws(ParseFailure) -> PolicySet {
    var items = SetItems()
    items.isOfBird1 = dialect.isBird1
    repeat {
      if prefixes, try prefixPattern(&items) { continue }
      try setItem(&items)
    } while parser.take(.comma)
    return items.set
  }

  private func add(_ type: PolicyType, to items: inout SetItems, at token: Token) {
    guard let element = items.element else { return items.element = type }
    if element != type { parser.report("The set is of \(element), but this is \(FilterParser.article(type))", at: token) }
  }

  /// `PREFIX`, `PREFIX+`, `PREFIX-`, `PREFIX{low,high}`
  private func prefixPattern(_ items: inout SetItems) throws(ParseFailure) -> Bool {
    let token = parser.peek
    let prefix: Prefix
    if let literal = try takePrefix() {
      prefix = literal
    } else if let name = token.symbol, case .constant(.prefix(let value)) = parser.symbols.lookup(name)?.symbol {
      parser.advance()
      prefix = value
    } else {
      return false
    }
    add(PolicyType(.prefix), to: &items, at: token)
    let width = prefix.family.bitWidth
    if parser.take(.plus) {
      items.patterns.append(PrefixPattern(prefix, prefix.length, width))
    } else if parser.take(.minus) {
      items.patterns.append(PrefixPattern(prefix, 0, prefix.length))
    } else if parser.take(.braceOpen) {
      let start = parser.peek
      let low = try constantInt()
      try parser.expect(.comma)
      let high = try constantInt()
      try parser.expect(.braceClose)
      guard low <= high, high <= UInt32(width) else {
        parser.report("Invalid prefix pattern range: {\(low), \(high)}", at: start, hint: "lengths are 0 to \(width), the lower first")
        return true
      }
      items.patterns.append(PrefixPattern(prefix, UInt8(low), UInt8(high)))
    } else {
      items.patterns.append(PrefixPattern(prefix, prefix.length, prefix.length))
    }
    return true
  }

  private func constantInt() throws(ParseFailure) -> UInt32 {
    let token = parser.peek
    guard let value = try constantOperand().int else { throw parser.failure("expected a number", at: token) }
    return value
  }

  /// A value that is known now, without looking at what may go on a comparison.
  private func constantOperand() throws(ParseFailure) -> PolicyConstant { try fixed(try primary()) }

  /// The value of a term that calls functions or computes is known too, if it looks at no route and no variable.
  private func fixed(_ value: FilterTerm) throws(ParseFailure) -> PolicyConstant {
    if let constant = value.constant { return constant }
    if case .success(let (constant, _))? = evaluate(value) { return constant }
    throw parser.failure("expected a constant", at: value.token, hint: "what a set consists of is fixed when the configuration is read")
  }

  private func setItem(_ items: inout SetItems) throws(ParseFailure) {
    let token = parser.peek
    if token.is(.parenthesisOpen) {
      if extendedKind(at: 1) != nil { return try extendedPattern(&items) }
      return try tuplePattern(&items)
    }
    try range(from: try constantOperand(), token, &items)
  }

  /// One value, or `value..value`.
  private func range(from first: PolicyConstant, _ token: Token, _ items: inout SetItems) throws(ParseFailure) {
    guard let low = first.key, first.type.kind != .prefix else {
      throw parser.failure("a set cannot hold \(FilterParser.article(first.type))", at: token)
    }
    add(first.type, to: &items, at: token)
    guard parser.take(.dotDot) else { return items.spans.append(PolicySet.Span(low, low)) }
    let lastToken = parser.peek
    let last = try constantOperand()
    guard last.type == first.type, let high = last.key else {
      throw parser.failure("the range begins with \(first.type), but this is \(FilterParser.article(last.type))", at: lastToken)
    }
    if let a = first.pair, let b = last.pair, a >> 16 > b >> 16 || a & 0xffff > b & 0xffff {
      parser.report("From value cannot be higher than To value in pair sets", at: lastToken)
    } else if high < low {
      parser.warn("the range is empty", at: token, hint: "its end is before its beginning")
    }
    items.spans.append(PolicySet.Span(low, high))
  }

  private func appendPairs(_ high: ClosedRange<UInt16>, _ low: ClosedRange<UInt16>, _ items: inout SetItems) {
    func key(_ a: UInt16, _ b: UInt16) -> PolicySet.Key { PolicySet.Key(low: UInt64(a) << 16 | UInt64(b)) }
    if high.count == 1 || low == 0...UInt16.max {
      items.spans.append(PolicySet.Span(key(high.lowerBound, low.lowerBound), key(high.upperBound, low.upperBound)))
    } else {
      items.boxes.append(PolicySet.Box(high, low))
    }
  }

  /// One part of a pattern in parentheses: `*`, a number or a range of numbers.
  private func part(maximum: UInt32) throws(ParseFailure) -> ClosedRange<UInt32> {
    if parser.take(.star) { return 0...maximum }
    let token = parser.peek
    let low = try constantTerm()
    var high = low
    if parser.take(.dotDot) { high = try constantTerm() }
    if let low = low.int, let high = high.int {
      guard low <= high else { throw parser.failure("the range is empty", at: token) }
      guard high <= maximum else { throw parser.failure("value \(high) is too large here", at: token, hint: "at most \(maximum)") }
      return low...high
    }
    throw parser.failure("expected a number, a range or '*'", at: token)
  }

  private func constantTerm() throws(ParseFailure) -> PolicyConstant {
    try fixed(try term())
  }

  /// `(a,b)`, `(a..b,*)`, `(a,b,c)`, or a term in parentheses; then perhaps `..` another.
  private func tuplePattern(_ items: inout SetItems) throws(ParseFailure) {
    let open = parser.advance()
    var parts: [ClosedRange<UInt32>] = []
    // A single term in parentheses need not be a number.
    if !parser.peek.is(.star) {
      let first = try constantTerm()
      if parser.take(.parenthesisClose) { return try range(from: first, open, &items) }
      var last = first
      if parser.take(.dotDot) { last = try constantTerm() }
      guard let low = first.int, let high = last.int, low <= high else {
        throw parser.failure("expected a number, a range or '*'", at: open)
      }
      parts.append(low...high)
    } else {
      parts.append(try part(maximum: .max))
    }
    while parser.take(.comma), parts.count < 3 { parts.append(try part(maximum: .max)) }
    try parser.expect(.parenthesisClose)
    switch parts.count {
    case 2: try pairPattern(parts, open, &items)
    case 3: largePattern(parts, open, &items)
    default: throw parser.failure("expected a pair such as (65000,*) or three parts", at: open)
    }
  }

  private func pairPattern(_ parts: [ClosedRange<UInt32>], _ open: Token, _ items: inout SetItems) throws(ParseFailure) {
    var ranges: [ClosedRange<UInt16>] = []
    for part in parts {
      let isAny = part == 0...UInt32.max
      guard isAny || part.upperBound <= 0xffff else {
        throw parser.failure("value \(part.upperBound) is too large for a pair", at: open, hint: "at most 65535")
      }
      ranges.append(isAny ? 0...UInt16.max : UInt16(part.lowerBound)...UInt16(part.upperBound))
    }
    if parts.allSatisfy({ $0.count == 1 }), parser.peek.is(.dotDot) {
      return try range(from: PolicyConstant(pair: parts[0].lowerBound << 16 | parts[1].lowerBound), open, &items)
    }
    add(PolicyType(.pair), to: &items, at: open)
    appendPairs(ranges[0], ranges[1], &items)
  }

  private func largePattern(_ parts: [ClosedRange<UInt32>], _ open: Token, _ items: inout SetItems) {
    add(PolicyType(.lc), to: &items, at: open)
    // Behind a part that varies, only everything is one range.
    let any = 0...UInt32.max
    if parts[0].count > 1 && (parts[1] != any || parts[2] != any) || parts[1].count > 1 && parts[2] != any {
      return parser.report("behind a part that varies, all others must be '*'", at: open)
    }
    func key(_ a: UInt32, _ b: UInt32, _ c: UInt32) -> PolicySet.Key { PolicySet.Key(high: UInt64(a), low: UInt64(b) << 32 | UInt64(c)) }
    items.spans.append(
      PolicySet.Span(
        key(parts[0].lowerBound, parts[1].lowerBound, parts[2].lowerBound),
        key(parts[0].upperBound, parts[1].upperBound, parts[2].upperBound)))
  }

  /// `(rt,key,*)`, `(rt,key,1..5)`, `(rt,key,7)`
  private func extendedPattern(_ items: inout SetItems) throws(ParseFailure) {
    let open = parser.advance()
    guard let kind = extendedKind(at: 0) else { throw parser.unexpected("rt, ro, generic or unknown") }
    for _ in 0..<kind.words { parser.advance() }
    try parser.expect(.comma)
    let keyToken = parser.peek
    let key = try constantTerm()
    try parser.expect(.comma)
    let values = try part(maximum: .max)
    let maximum = PolicyExtended.maximumValue(kind.a, key: key)
    let last = values == 0...UInt32.max ? maximum : values.upperBound
    try parser.expect(.parenthesisClose)
    guard let low = PolicyExtended.make(kind.a, other: kind.c, key: key, value: values.lowerBound),
      let high = PolicyExtended.make(kind.a, other: kind.c, key: key, value: last)
    else {
      throw parser.failure(
        "this is no extended community", at: keyToken,
        hint: "the key is a number or an address; behind an address or a number above 65535 the value has 16 bits")
    }
    add(PolicyType(.ec), to: &items, at: open)
    items.spans.append(PolicySet.Span(PolicySet.Key(low: low), PolicySet.Key(low: high)))
  }
}
