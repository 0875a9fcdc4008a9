import Configuration
import Control
import RouteCore

extension StaticProtocol {
  /// Its routes, as `show static` tells them.
  var shownRoutes: [Snapshot.StaticRoute] { specification.routes.map { .init(prefix: $0.prefix, target: target(of: $0)) } }

  private func target(of route: StaticRoute) -> Snapshot.StaticRoute.Target {
    switch route.destination {
    case .blackhole: .blackhole
    case .unreachable: .unreachable
    case .prohibit: .prohibited
    case .recursive(let gateway, _): .recursive(gateway)
    case .nextHops(let hops):
      .hops(
        hops.map { hop in
          var flags: Snapshot.StaticRoute.Hop.Flags = hop.isOnLink ? .onLink : []
          if isWatched(hop) { flags.insert(.bfd) }
          if resolve(hop) == nil { flags.insert(.dormant) }
          let gateway = hop.gateway.isUnspecified ? nil : hop.gateway
          return .init(gateway: gateway, interface: hop.interface, weight: hop.weight, flags)
        })
    }
  }
}
