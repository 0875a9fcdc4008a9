import RouteCore

/// What an interface and its neighbours see of the router they belong to, and what they leave for it to do. The database, other
/// interfaces and the routing table are none of their business.
struct InterfaceContext: Sendable {
  let now: Instant
  let routerID: RouterID
  let areaID: RouterID
  /// The area's, for Hellos and Database Descriptions.
  let options: Options
  let family: AddressFamily
  /// The router itself is in a graceful restart.
  let isRecovering: Bool
  var random: SeededGenerator
  /// What goes out.
  var output = Output()

  // What is left to do when the interface has acted:

  var due: DueWork = []
  /// What neighbours need no longer be sent again: taken off their retransmission lists.
  var released: [LSAHandle] = []
  /// How many neighbours more, or fewer, are in Exchange or Loading.
  var exchanges = 0
}
