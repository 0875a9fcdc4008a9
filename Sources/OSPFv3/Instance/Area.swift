import RouteCore

/// An area this router is attached to (RFC 2328 §6).
struct Area: Sendable {
  var configuration: AreaConfiguration
  var topology = Topology()
  /// This router.
  let root: Int32
  /// Shortest paths have to be calculated again.
  var needsCalculation = false
  /// The router's own LSAs for the area have to be looked at again.
  var needsOrigination = true
  /// Which link is described in which router-LSA, so that one that goes moves no other (RFC 5340 §4.4.3.2).
  var routerLSALayout: [[LinkIdentity]] = [[]]
  /// How many intra-area-prefix-LSAs the router has for itself.
  var prefixLSACount = 0

  var id: RouterID { configuration.id }
  var scope: Scope { .area(configuration.id) }

  /// What a link stays the same by when its metric changes.
  struct LinkIdentity: Hashable, Sendable {
    var interfaceID: UInt32
    var neighborInterfaceID: UInt32
    var neighborRouterID: RouterID
  }

  init(_ configuration: AreaConfiguration, routerID: RouterID) {
    self.configuration = configuration
    root = topology.retain(.router(routerID))
  }

  /// The Options of Hellos and LSAs (RFC 5340 §4.1.1): IPv6 routing, active, AS-external capable.
  var options: Options { [.v6, .e, .r] }
}
