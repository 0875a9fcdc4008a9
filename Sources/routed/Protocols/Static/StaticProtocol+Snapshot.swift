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
          .init(
            gateway: hop.gateway.isUnspecified ? nil : hop.gateway, interface: hop.interface, weight: hop.weight,
            isOnLink: hop.isOnLink, usesBFD: isWatched(hop), isDormant: resolve(hop) == nil)
        })
    }
  }
}
