import RouteCore

/// The routes within the AS that an area border router announces to its areas (RFC 2328 §12.4.3).
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
  /// Prefixes and AS boundary routers whose announcements may have to change.
  var dirty: [Prefix] = []
  var dirtyRouters: [RouterID] = []

  /// Notes the route of a prefix; nil: there is none. Returns whether an intra-area route has changed, so that other networks may be in
  /// the area ranges.
  mutating func set(_ prefix: Prefix, to route: Route?) -> Bool {
    let old = routes[prefix]
    if old == route { return false }
    routes[prefix] = route
    dirty.append(prefix)
    return old?.isInterArea == false || route?.isInterArea == false
  }

  mutating func removeAll() { routes = [:] }
}
