import RouteCore

/// What an area border router has found out about the inside of the AS, to tell each area of the others (RFC 2328 §12.4.3).
struct InterAreaAnnouncements: Sendable {
  /// A route as far as other areas are concerned.
  struct Route: Hashable, Sendable {
    var isInterArea: Bool
    var metric: UInt32
    var area: RouterID
    /// The transit area that the path really leads through (§16.3).
    var transitArea: RouterID?
  }

  /// The intra- and inter-area routes, those of configured stub networks among them.
  private(set) var routes: [Prefix: Route] = [:]
  /// Prefixes and AS boundary routers of which areas may have to hear something else.
  var dirty: [Prefix] = []
  var dirtyRouters: [RouterID] = []
  /// An intra-area route has changed: ranges may have others in them.
  var needsRanges = false

  /// Notes the route of a prefix; nil: there is none.
  mutating func set(_ prefix: Prefix, to route: Route?) {
    let old = routes[prefix]
    if old == route { return }
    routes[prefix] = route
    dirty.append(prefix)
    if old?.isInterArea == false || route?.isInterArea == false { needsRanges = true }
  }

  mutating func markAll() {
    dirty += routes.keys.sorted()
    needsRanges = true
  }

  mutating func removeAll() { routes = [:] }
}
