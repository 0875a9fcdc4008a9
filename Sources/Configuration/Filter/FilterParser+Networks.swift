import RouteCore

// What 2.x writes for networks that are more than a prefix: ROAs, VPN networks, source-specific networks, labels, flow specifications.

extension FilterParser {
  /// A prefix, perhaps with `max N as N` or `from PREFIX` behind it; nil if none stands here.
  func takeNetwork() throws(ParseFailure) -> PolicyConstant? {
    if dialect == .bird2 {
      if let distinguisher = parser.peekRouteDistinguisher() {
        for _ in 0..<distinguisher.tokens { parser.advance() }
        // Behind a distinguisher a prefix may follow.
        if let prefix = try takePrefix() { return PolicyConstant(.vpn(distinguisher.value, prefix)) }
        return PolicyConstant(rd: distinguisher.value)
      }
      if parser.peek.is("mpls"), case .number(let label) = parser.peek(1).kind {
        parser.advance()
        parser.advance()
        return PolicyConstant(.mpls(label))
      }
      if parser.peek.is("flow4") || parser.peek.is("flow6"), parser.peek(1).is(.braceOpen) {
        var flow = FlowParser(parser)
        return PolicyConstant(try flow.specification())
      }
    }
    guard let prefix = try takePrefix() else { return nil }
    guard dialect == .bird2 else { return PolicyConstant(prefix) }
    if let authorization = try parser.takeAuthorization(of: prefix) {
      return PolicyConstant(.roa(prefix, maximumLength: authorization.maximumLength, asn: authorization.asn))
    }
    if prefix.family == .ipv6, parser.peek.is("from"), case .ip6 = parser.peek(1).kind {
      parser.advance()
      if let source = try takePrefix() { return PolicyConstant(.sourceSpecific(prefix, from: source)) }
      throw parser.unexpected("a prefix")
    }
    return PolicyConstant(prefix)
  }
}

extension Parser {
  /// `N:N`, `0:N:N`, `2:N:N` or `A.B.C.D:N` without spaces (RFC 4364 §4.2).
  func peekRouteDistinguisher() -> (value: UInt64, tokens: Int)? {
    func joined(_ ahead: Int) -> UInt32? {
      guard peek(ahead).is(.colon), peek(ahead - 1).end == peek(ahead).location, peek(ahead).end == peek(ahead + 1).location,
        case .number(let value) = peek(ahead + 1).kind
      else { return nil }
      return value
    }
    switch peek.kind {
    case .ip4(let address):
      guard let value = joined(1), value <= 0xffff else { return nil }
      return (1 << 48 | UInt64(address) << 16 | UInt64(value), 3)
    case .number(let first):
      guard let second = joined(1) else { return nil }
      if let third = joined(3), first == 0 && second <= 0xffff || first == 2 && third <= 0xffff, peek.length == 1 {
        return (first == 0 ? UInt64(second) << 32 | UInt64(third) : 2 << 48 | UInt64(second) << 16 | UInt64(third), 5)
      }
      if first > 0xffff { return second <= 0xffff ? (2 << 48 | UInt64(first) << 16 | UInt64(second), 3) : nil }
      return (UInt64(first) << 32 | UInt64(second), 3)
    default: return nil
    }
  }

  /// `max N as N` behind a prefix, if it stands here.
  func takeAuthorization(of prefix: Prefix) throws(ParseFailure) -> RouteOriginAuthorization? {
    guard peek.is("max") else { return nil }
    advance()
    let token = peek
    let length = try number("max")
    if length < UInt32(prefix.length) || length > UInt32(prefix.family.bitWidth) {
      report("Invalid max prefix length \(length)", at: token, hint: "\(prefix.length) to \(prefix.family.bitWidth)")
    }
    try expect("as")
    let asn = try number("as")
    return RouteOriginAuthorization(prefix, maximumLength: UInt8(truncatingIfNeeded: min(length, 128)), asn: asn)
  }

  /// What was read since the token `start`, as it is written, on one line.
  func text(from start: Int) -> String {
    var out = ""
    var last: Token?
    for token in tokens[min(start, position)..<position] {
      if let last, last.end != token.location { out += " " }
      out += sources.text(of: token)
      last = token
    }
    return out
  }
}
