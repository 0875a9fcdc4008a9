import RouteCore

// The smallest terms: literals, names, calls, and what stands in brackets.

extension FilterParser {
  func primary() throws(ParseFailure) -> FilterTerm {
    let token = parser.peek
    if let network = try takeNetwork() { return constant(network, token) }
    switch token.kind {
    case .number(let value):
      parser.advance()
      return constant(PolicyConstant(int: value), token)
    case .text(let text):
      parser.advance()
      return constant(PolicyConstant(text), token)
    case .ip4, .ip6: return try address()
    case .bytestring(let text):
      parser.advance()
      return constant(PolicyConstant(.bytestring, bytes: bytes(text, token)), token)
    case .symbol(let name): return try symbol(name, token)
    case .punctuation(.parenthesisOpen): return try parenthesised()
    case .punctuation(.bracketOpen): return constant(PolicyConstant(try setLiteral()), token)
    case .punctuation(.pathOpen): return try pathMask()
    case .punctuation(.slash) where dialect.isBird1: return try oldPathMask()
    case .punctuation(.plus), .punctuation(.minus): if let empty = takeEmpty() { return empty }
    default: break
    }
    throw parser.unexpected("a value")
  }

  func constant(_ value: PolicyConstant, _ token: Token) -> FilterTerm {
    FilterTerm(type: value.type, token: token, node: .constant(value))
  }

  /// The bytes of a bytestring as it is written.
  private func bytes(_ text: String, _ token: Token) -> [UInt8] {
    var bytes: [UInt8] = []
    let digits = text.hasPrefix("hex:") ? text.utf8.dropFirst(4) : text.utf8[...]
    let pairs = digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    if pairs.count > 1, pairs.contains(where: { $0.count != 2 }) {
      parser.report("Invalid bytestring", at: token, hint: "a ':' stands between all pairs of digits, or between none")
    } else if !PolicyBytestring.decode(digits, { bytes.append($0) }) {
      parser.report("Invalid bytestring", at: token, hint: "a byte is two digits, and these are \(digits.count)")
    } else if bytes.count > FilterParser.maximumBytestring {
      parser.report("Bytestring too long", at: token, hint: "\(FilterParser.maximumBytestring) bytes are the limit")
    }
    return bytes
  }

  /// What an attribute can hold.
  private static let maximumBytestring = 0xffff

  /// An address or a quad.
  private func address() throws(ParseFailure) -> FilterTerm {
    let token = parser.advance()
    checkFamily(of: token)
    switch token.kind {
    case .ip4(let value) where dialect == .bird1(.ipv6): return constant(PolicyConstant(quad: value), token)
    case .ip4(let value): return constant(PolicyConstant(IPAddress(ipv4: value)), token)
    case .ip6(let value): return constant(PolicyConstant(value), token)
    default: throw parser.unexpected("an address")
    }
  }

  /// In BIRD 1.6 each daemon knows the addresses of its own family.
  private func checkFamily(of token: Token) {
    guard dialect == .bird1(.ipv4), case .ip6 = token.kind else { return }
    parser.report(
      "This is an IPv4 router, therefore IPv6 addresses are not supported", at: token, hint: parser.dialectHint)
  }

  /// `ADDRESS/LENGTH`, if that stands here.
  func takePrefix() throws(ParseFailure) -> Prefix? {
    guard parser.peek(1).is(.slash), case .number(let length) = parser.peek(2).kind else { return nil }
    let address: IPAddress
    switch parser.peek.kind {
    case .ip4(let value): address = IPAddress(ipv4: value)
    case .ip6(let value): address = value
    default: return nil
    }
    if dialect == .bird1(.ipv6), address.isIPv4 {
      throw parser.failure("This is an IPv6 router, therefore IPv4 prefixes are not supported", hint: parser.dialectHint)
    }
    checkFamily(of: parser.peek)
    let token = parser.advance()
    parser.advance()
    let lengthToken = parser.advance()
    guard length <= UInt32(address.family.bitWidth) else {
      throw parser.failure("Invalid prefix length \(length)", at: lengthToken, hint: "0 to \(address.family.bitWidth)")
    }
    let prefix = Prefix(address, UInt8(length))
    if prefix.address != address { parser.report("Invalid prefix \(address)/\(length)", at: token, hint: "maybe you wanted \(prefix)") }
    return prefix
  }

  /// `+empty+`, `-empty-`, `--empty--`, `---empty---`
  private func takeEmpty() -> FilterTerm? {
    let token = parser.peek
    let sign: Token.Punctuation = token.is(.plus) ? .plus : .minus
    var count = 0
    while parser.peek(count).is(sign) { count += 1 }
    guard parser.peek(count).is("empty"), count <= (sign == .plus ? 1 : 3) else { return nil }
    for ahead in 1...count where !parser.peek(count + ahead).is(sign) { return nil }
    for _ in 0..<(2 * count + 1) { parser.advance() }
    let kind: PolicyKind = sign == .plus ? .path : count == 1 ? .clist : count == 2 ? .eclist : .lclist
    return constant(PolicyConstant(kind, bytes: []), token)
  }

  private func symbol(_ name: String, _ token: Token) throws(ParseFailure) -> FilterTerm {
    if parser.peek(1).is(.parenthesisOpen), let call = try builtin(name, token) { return call }
    if let attribute = FilterVocabulary.attribute(name, dialect) {
      parser.advance()
      switch attribute.place {
      case .field(let field): return FilterTerm(type: attribute.type, token: token, node: .field(field))
      case .record(let key, _): return FilterTerm(type: attribute.type, token: token, node: .attribute(key, attribute.type.kind))
      case .bit(let key, let bit): return FilterTerm(type: .bool, token: token, node: .bit(key, bit))
      }
    }
    if FilterVocabulary.isUnsupported(name) { throw parser.failure("'\(name)' is not supported yet", at: token) }
    if name == "true" || name == "false" || name == "TRUE" || name == "FALSE" {
      parser.advance()
      return constant(PolicyConstant(name == "true" || name == "TRUE"), token)
    }
    if let value = FilterVocabulary.enumeration(name, dialect) {
      parser.advance()
      return constant(value, token)
    }
    switch parser.symbols.lookup(name)?.symbol {
    case .constant(let value):
      parser.advance()
      return constant(value.policy, token)
    case .variable(let variable):
      parser.advance()
      return FilterTerm(type: variable.type, token: token, node: .local(variable.slot))
    case .attribute(let attribute):
      parser.advance()
      return FilterTerm(type: attribute.type, token: token, node: .attribute(attribute.key, attribute.type.kind))
    case .function(let function): return try call(function, token)
    default: throw unknown(token, "a value, an attribute or a function", .value)
    }
  }

  /// A call of a function of the configuration.
  func call(_ function: FunctionSymbol, _ token: Token) throws(ParseFailure) -> FilterTerm {
    parser.advance()
    try parser.expect(.parenthesisOpen)
    var arguments: [FilterTerm] = []
    while !parser.peek.is(.parenthesisClose) {
      arguments.append(try term())
      if !parser.take(.comma) { break }
    }
    try parser.expect(.parenthesisClose)
    for (index, type) in function.parameters.enumerated() where arguments.indices.contains(index) {
      arguments[index] = arguments[index].converted(to: type)
    }
    guard arguments.count == function.parameters.count else {
      throw parser.failure(
        "'\(function.name)' takes \(function.parameters.count) argument\(function.parameters.count == 1 ? "" : "s"), not \(arguments.count)",
        at: token)
    }
    for (argument, type) in zip(arguments, function.parameters) where !type.accepts(argument.type) {
      wrongType(argument, expected: "\(type)", in: "'\(function.name)'")
    }
    return FilterTerm(type: function.result, token: token, node: .call(function.function, arguments))
  }

  /// The language's own functions; nil if the name is none of them.
  private func builtin(_ name: String, _ token: Token) throws(ParseFailure) -> FilterTerm? {
    switch name {
    case "defined":
      let value = try builtinArguments(1)[0]
      return FilterTerm(type: .bool, token: token, node: .apply(.defined, a: dialect.isBird1 ? 1 : 0, c: 0, [value]))
    case "prepend":
      let arguments = try builtinArguments(2)
      return prepend(arguments[0], arguments[1], token)
    case "add", "delete", "filter":
      let arguments = try builtinArguments(2)
      return edit(name, arguments[0], arguments[1], token)
    case "format" where !dialect.isBird1:
      return apply(.format, try builtinArguments(1), type: PolicyType(.string), at: token)
    case "roa_check": return try roaCheck(token)
    case "from_hex" where !dialect.isBird1:
      let text = try builtinArguments(1)[0]
      require(text, PolicyType(.string), in: "'from_hex'")
      return apply(.fromHex, [text], type: PolicyType(.bytestring), at: token)
    case "aspa_check": throw parser.failure("'\(name)' is not supported yet", at: token)
    default: return nil
    }
  }

  /// `roa_check(TABLE)`, `roa_check(TABLE, PREFIX, AS)`
  private func roaCheck(_ token: Token) throws(ParseFailure) -> FilterTerm {
    parser.advance()
    try parser.expect(.parenthesisOpen)
    let table = try parser.authorizationTable()
    var arguments: [FilterTerm] = []
    if parser.take(.comma) {
      arguments.append(try term())
      require(arguments[0], PolicyType(.prefix), in: "'roa_check'")
      try parser.expect(.comma, "write roa_check(TABLE) or roa_check(TABLE, PREFIX, AS)")
      arguments.append(try term())
      require(arguments[1], .int, in: "'roa_check'")
    }
    try parser.expect(.parenthesisClose)
    return FilterTerm(type: PolicyType(.roa), token: token, node: .roaCheck(table, arguments))
  }

  private func builtinArguments(_ count: Int) throws(ParseFailure) -> [FilterTerm] {
    parser.advance()
    try parser.expect(.parenthesisOpen)
    var out: [FilterTerm] = []
    for index in 0..<count {
      if index > 0 { try parser.expect(.comma) }
      out.append(try term())
    }
    try parser.expect(.parenthesisClose)
    return out
  }

  /// `(term)`, a pair, an extended or a large community.
  private func parenthesised() throws(ParseFailure) -> FilterTerm {
    let token = parser.peek
    if let kind = extendedKind(at: 1) { return try extendedCommunity(kind, token) }
    parser.advance()
    var parts = [try term()]
    while parts.count < 3, parser.take(.comma) { parts.append(try term()) }
    try parser.expect(.parenthesisClose, parts.count == 3 ? "a large community has three parts" : nil)
    switch parts.count {
    case 1:
      parts[0].token = token
      return parts[0]
    case 2:
      for part in parts { require(part, .int, in: "a pair") }
      return apply(.makePair, parts, type: PolicyType(.pair), at: token)
    default:
      for part in parts { require(part, .int, in: "a large community") }
      return apply(.makeLarge, parts, type: PolicyType(.lc), at: token)
    }
  }

  /// `rt`, `ro`, `generic` or `unknown N` as the first part of an extended community, `ahead` of here: the instruction's `a` and `c`,
  /// and how many words it is.
  func extendedKind(at ahead: Int) -> (a: UInt8, c: UInt32, words: Int)? {
    guard let name = parser.peek(ahead).symbol else { return nil }
    if name == "unknown", case .number(let value) = parser.peek(ahead + 1).kind, parser.peek(ahead + 2).is(.comma) { return (3, value, 2) }
    guard parser.peek(ahead + 1).is(.comma) else { return nil }
    switch name {
    case "rt": return (0, 0, 1)
    case "ro": return (1, 0, 1)
    case "generic": return (2, 0, 1)
    default: return nil
    }
  }

  private func extendedCommunity(_ kind: (a: UInt8, c: UInt32, words: Int), _ token: Token) throws(ParseFailure) -> FilterTerm {
    for _ in 0...kind.words { parser.advance() }
    try parser.expect(.comma)
    let key = try term()
    try parser.expect(.comma)
    let value = try term()
    try parser.expect(.parenthesisClose)
    if ![.int, .ip, .quad, .any].contains(key.type.kind) { wrongType(key, expected: "int, quad or ip", in: "an extended community") }
    require(value, .int, in: "an extended community")
    return apply(.makeExtended, a: kind.a, c: kind.c, [key, value], type: PolicyType(.ec), at: token)
  }
}
