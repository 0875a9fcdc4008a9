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
  /// Whether the same routes pass with the same changes. Two filters are the same if their programs are, whatever their names.
  package func isSame(as other: Policy) -> Bool {
    switch (self, other) {
    case (.all, .all), (.none, .none): true
    case (.filter(let a, _), .filter(let b, _)): a == b
    case (.all, _), (.none, _), (.filter, _): false
    }
  }
}
