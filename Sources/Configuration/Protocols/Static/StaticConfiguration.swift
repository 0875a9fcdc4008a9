import RouteCore

/// `protocol static`.
package struct StaticConfiguration: Sendable {
  package var checkLink = false
  /// Where recursive next hops are looked up, by their family: `igp table`, else the channel's table, else the implicit one.
  package var igpTables: [AddressFamily: String] = [:]
  package var routes: [StaticRoute] = []
  /// The 1.6 language: routes to an interface alone are of a source of their own, RTS_STATIC_DEVICE.
  package var marksDeviceRoutes = false
}

/// `route PREFIX …`.
package struct StaticRoute: Sendable {
  package enum Destination: Hashable, Sendable {
    /// One or several next hops.
    case nextHops([StaticNextHop])
    case recursive(IPAddress, LabelStack)
    case blackhole
    case unreachable
    case prohibit
  }
  package var prefix: Prefix
  package var destination: Destination
  /// The filter commands in `{ … }`, run once when the route is made.
  package var commands: PolicyProgram?
  package var location: SourceLocation
}

package struct StaticNextHop: Hashable, Sendable {
  /// `::` for a route to an interface alone.
  package var gateway: IPAddress
  /// `%interface`, or the interface of a route without a gateway.
  package var interface: String?
  /// 1...256
  package var weight: UInt16 = 1
  package var isOnLink = false
  /// `bfd`: the next hop is used only while its BFD session is Up. Nil: not specified, which means no.
  package var bfd: Bool?
  package var labels = LabelStack()
}
