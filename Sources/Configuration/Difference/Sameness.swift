import RouteCore

extension StaticRoute {
  /// Whether nothing but the place in the file differs.
  package func isSame(as other: StaticRoute) -> Bool {
    guard prefix == other.prefix, destination == other.destination else { return false }
    switch (commands, other.commands) {
    case (nil, nil): return true
    case (let a?, let b?): return a == b
    default: return false
    }
  }
}

extension Policy {
  /// Whether the policy uses one of the tables.
  package func asks(anyOf tables: [PolicyROATable]) -> Bool {
    if case .filter(let program, _) = self { tables.contains { program.asks($0) } } else { false }
  }

  /// The same as `isSame`, regardless of the contents of tables of authorizations.
  package func isSameBesidesAuthorizations(as other: Policy) -> Bool {
    if case .filter(let a, _) = self, case .filter(let b, _) = other { a.isSameBesidesAuthorizations(as: b) } else { isSame(as: other) }
  }

  /// Whether the same routes pass with the same changes. Two filters are the same if their programs are, whatever their names.
  package func isSame(as other: Policy) -> Bool {
    switch (self, other) {
    case (.all, .all), (.none, .none): true
    case (.filter(let a, _), .filter(let b, _)): a == b
    case (.all, _), (.none, _), (.filter, _): false
    }
  }
}
