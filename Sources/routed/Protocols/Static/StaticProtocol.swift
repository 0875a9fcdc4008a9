import BFD
import Configuration
import Linux
import RouteCore

/// `protocol static`: routes from the configuration. A route with next hops exists while at least one of them is on a link that is up.
final class StaticProtocol: ProtocolInstance, RouteImporter {
  override var importer: (any RouteImporter)? { self }
  override var subject: CommandSubject { .routes(self) }

  var specification: StaticConfiguration {
    guard case .static(let specification) = configuration.specification else {
      preconditionFailure("a static protocol has a static configuration")
    }
    return specification
  }

  override func start() {
    opened()
    watchNextHops()
    announceAll()
  }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    guard state == .up else { return }
    watchNextHops()
    announceAll()
  }

  override func watchedChanged(_ request: BFDRequest, hasFailed: Bool) {
    guard state == .up else { return }
    for route in specification.routes where route.nextHops.contains(where: { $0.bfd == true && $0.gateway == request.wish.key.address }) {
      announce(route)
    }
    daemon.scheduleTurn()
  }

  /// Has the next hops with `bfd` watched, as soon as they are on a link.
  private func watchNextHops() {
    var wishes: [BFDRequest.Wish] = []
    for route in specification.routes {
      for hop in route.nextHops where hop.bfd == true {
        guard let found = StaticProtocol.onLink(hop, configuration, daemon.interfaces), let interface = daemon.interfaces[found.interface],
          let source = daemon.preferredAddresses.address(facing: hop.gateway, on: interface)
        else { continue }
        let wish = BFDRequest.Wish(key: SessionKey(hop.gateway, interface: interface.index), source: source)
        if !wishes.contains(wish) { wishes.append(wish) }
      }
    }
    watch(wishes)
  }

  var isReloadedInBird1: Bool { false }

  func reloadImport(_ channel: ChannelID) -> Bool {
    let family = daemon.router[channel: channel].configuration.family
    daemon.router.beginRefresh(channel)
    for route in specification.routes where route.prefix.family == family { announce(route) }
    daemon.router.endRefresh(channel, at: daemon.routeTime)
    daemon.scheduleTurn()
    return true
  }

  /// Routes that are the same in both configurations are not touched.
  override func reconfigure(_ new: ProtocolConfiguration) {
    let old = specification.routes
    adopt(new)
    guard state == .up else { return }
    watchNextHops()
    let kept = old.indexed { $0.prefix }
    let wanted = specification.routes.indexed { $0.prefix }
    for prefix in kept.keys.sorted() where wanted[prefix] == nil {
      if let channel = channel(prefix.family) { daemon.router.withdraw(channel, prefix, at: daemon.routeTime) }
    }
    for route in specification.routes {
      if let before = kept[route.prefix], let now = wanted[route.prefix], before.isSame(as: now) { continue }
      announce(route)
    }
    daemon.scheduleTurn()
  }

  private func announceAll() {
    for route in specification.routes { announce(route) }
    daemon.scheduleTurn()
  }

  private func announce(_ route: StaticRoute) {
    guard let channel = channel(route.prefix.family) else { return }
    let time = daemon.routeTime
    guard let (made, hops) = StaticProtocol.make(route, configuration, daemon) else {
      return daemon.router.withdraw(channel, route.prefix, at: time)
    }
    var header = made
    if case .recursive(let gateway, let labels) = route.destination {
      let table = specification.igpTables[gateway.family].flatMap { daemon.router.table(named: $0) }
      header.nextHops = daemon.router.intern(
        RecursiveNextHop(gateway, table: table ?? daemon.router[channel: channel].table, labels: labels))
    } else {
      header.nextHops = daemon.router.nextHops.intern(hops)
    }
    var attributes = RouteAttributes(header)
    defer { daemon.router.nextHops.release(attributes.header.nextHops) }
    if let commands = route.commands, !daemon.router.apply(commands, to: &attributes, prefix: route.prefix, channel) {
      return daemon.router.withdraw(channel, route.prefix, at: time)
    }
    daemon.router.announce(channel, route.prefix, attributes, at: time)
  }

  /// A route's header and next hops, those that can be used now; nil if it has none of them. A recursive one's are looked up elsewhere.
  static func make(
    _ route: StaticRoute, _ configuration: ProtocolConfiguration, _ daemon: Daemon
  ) -> (header: AttributeHeader, hops: [NextHop])? {
    guard case .static(let specification) = configuration.specification else { return nil }
    var header = AttributeHeader(source: .static, preference: 0)
    switch route.destination {
    case .blackhole: header.destination = .blackhole
    case .unreachable: header.destination = .unreachable
    case .prohibit: header.destination = .prohibit
    case .recursive: break
    case .nextHops(let hops):
      let usable = hops.compactMap { resolve($0, configuration, daemon) }
      guard !usable.isEmpty else { return nil }
      if specification.marksDeviceRoutes, usable.allSatisfy({ $0.gateway.isUnspecified }) { header.source = .staticDevice }
      return (header, usable)
    }
    return (header, [])
  }

  /// Whether BFD watches a next hop; it does while the next hop is on a link.
  func isWatched(_ hop: StaticNextHop) -> Bool {
    guard hop.bfd == true, let found = StaticProtocol.onLink(hop, configuration, daemon.interfaces) else { return false }
    return watched.contains { $0.wish.key == SessionKey(hop.gateway, interface: found.interface) }
  }

  /// A configured next hop on its interface; nil while it cannot be used.
  func resolve(_ hop: StaticNextHop) -> NextHop? { StaticProtocol.resolve(hop, configuration, daemon) }

  private static func resolve(_ hop: StaticNextHop, _ configuration: ProtocolConfiguration, _ daemon: Daemon) -> NextHop? {
    guard let resolved = onLink(hop, configuration, daemon.interfaces) else { return nil }
    if hop.bfd == true, !daemon.bfd.isUp(SessionKey(hop.gateway, interface: resolved.interface)) { return nil }
    return resolved
  }

  /// The same, whether BFD can reach it or not.
  private static func onLink(_ hop: StaticNextHop, _ configuration: ProtocolConfiguration, _ interfaces: InterfaceTable) -> NextHop? {
    guard case .static(let specification) = configuration.specification else { return nil }
    func sees(_ interface: Interface) -> Bool { interfaces.contains(interface, in: configuration.vrf) }
    let named = hop.interface.flatMap { interfaces.named($0) }
    if hop.interface != nil, named == nil { return nil }
    // A gateway has to be on a network of the interface, unless it is `onlink`.
    let isAlone = hop.gateway.isUnspecified || hop.isOnLink
    let found = isAlone ? named : interfaces.connected(hop.gateway) { sees($0) && named?.index ?? $0.index == $0.index }
    guard let interface = found, sees(interface), specification.checkLink ? interface.isUp : interface.link.flags.contains(.up) else {
      return nil
    }
    var resolved = NextHop(gateway: hop.gateway, interface: interface.index, weight: hop.weight)
    resolved.isOnLink = hop.isOnLink
    resolved.labels = hop.labels
    return resolved
  }
}

extension StaticRoute {
  fileprivate var nextHops: [StaticNextHop] { if case .nextHops(let hops) = destination { hops } else { [] } }
}
