import RouteCore

/// The externals of NSSAs that may be announced to the rest of the AS: the best routes of their prefixes, if their LSAs have the P-bit.
struct NSSATranslations: Sendable {
  struct Route: Hashable, Sendable {
    var area: RouterID
    var lsa: ASExternalLSA
    /// The route's metric in a range.
    var rangeMetric: Area.ExternalRange.Metric
  }

  private(set) var routes: [Prefix: Route] = [:]

  /// Notes the route of a prefix (nil: none that may be translated). Returns whether it has changed.
  mutating func set(_ prefix: Prefix, to route: Route?) -> Bool {
    if routes[prefix] == route { return false }
    routes[prefix] = route
    return true
  }

  mutating func removeAll() { routes = [:] }
}
