import Configuration
import Linux
import RouteCore

extension ProtocolShell {
  static let `static` = ProtocolShell(kind: .static, make: { StaticProtocol($0, $1) }, rehearse: { StaticRehearsal($0, $1) })
}

/// `plan` for `protocol static`.
final class StaticRehearsal: ProtocolRehearsal {
  override var keepsRoutes: Bool { fate.action == .keep }

  override func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {
    guard case .static(let specification) = item.specification else { return }
    for route in specification.routes where route.prefix.family == family {
      guard let (header, hops) = StaticProtocol.make(route, item, daemon) else { continue }
      var source = NextHopSource(hops)
      if case .recursive(let gateway, let labels) = route.destination {
        let table = specification.igpTables[gateway.family].flatMap { plan.rehearsal.router.table(named: $0) }
        let own = plan.rehearsal.router[channel: id].table
        source = .recursive(RecursiveNextHop(gateway, table: table ?? own, labels: labels))
      }
      var rehearsed = RehearsedRoute(id, route.prefix, RouteAttributes(header), source)
      rehearsed.commands = route.commands
      plan.rehearsal.bring(rehearsed)
    }
  }
}
