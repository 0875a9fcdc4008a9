import RouteCore

/// `show roa`: which authorizations are asked for.
package struct ROAQuery: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case all
    /// Of this prefix.
    case exact(Prefix)
    /// `in`: of this prefix and what it contains.
    case within(Prefix)
    /// `for`: those that say something about this prefix.
    case covering(Prefix)
  }
  package var target = Target.all
  /// `as N`
  package var asn: UInt32?
  package var table: String?

  package init() {}

  package func selects(_ entry: RouteOriginAuthorization) -> Bool {
    if let asn, entry.asn != asn { return false }
    switch target {
    case .all: return true
    case .exact(let prefix): return entry.prefix == prefix
    case .within(let prefix): return prefix.contains(entry.prefix)
    case .covering(let prefix): return entry.prefix.contains(prefix)
    }
  }
}

extension CommandParser {
  /// `[PREFIX | in PREFIX | for PREFIX] [as N] [table TABLE]`
  mutating func roaQuery() throws(ControlError) -> ROAQuery {
    var query = ROAQuery()
    if try take("in") {
      query.target = .within(try prefix())
    } else if try take("for") {
      query.target = .covering(try prefixOrAddress())
    } else if let token = try lexer.peek(), token.kind == .word, !CommandParser.isName(token.text) {
      query.target = .exact(try prefix())
    }
    if try take("as") { query.asn = try number() }
    if try take("table") { query.table = try name() }
    return query
  }
}
