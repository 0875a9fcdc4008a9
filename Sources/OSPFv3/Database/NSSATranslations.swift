import RouteCore

/// The externals of NSSAs that may be told to the rest of the AS: the best routes of their prefixes whose LSAs have the P-bit.
struct NSSATranslations: Sendable {
  struct Route: Hashable, Sendable {
    var area: RouterID
    var lsa: ASExternalLSA
    /// What the route counts for in a range.
    var rangeMetric: Area.ExternalRange.Metric
  }

  private(set) var routes: [Prefix: Route] = [:]

  /// Notes the route of a prefix (nil: none that may be translated). Returns whether it is another.
  mutating func set(_ prefix: Prefix, to route: Route?) -> Bool {
    if routes[prefix] == route { return false }
    routes[prefix] = route
    return true
  }

  mutating func removeAll() { routes = [:] }
}
