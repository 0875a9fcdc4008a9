import Configuration
import Linux
import RouteCore

// What others do to the kernel's table, and the routes of theirs that are taken over (`learn`).
extension KernelProtocol {
  func isOurs(_ route: KernelRoute) -> Bool { route.protocolNumber == KernelNumbers.protocolNumber }

  func isConcerned(_ route: KernelRoute) -> Bool { route.table == specification.table && family == route.prefix.family }

  func routeAppeared(_ route: KernelRoute) {
    guard isConcerned(route) else { return }
    touch(route.prefix)
    if isOurs(route) { return }
    if isLearnable(route) { learn(route) }
    // Somebody replaced our route: take the place back at the next audit.
    if installed[route.prefix]?.metric == route.metric { scanSoon() }
  }

  func routeDisappeared(_ route: KernelRoute) {
    guard isConcerned(route) else { return }
    touch(route.prefix)
    if isOurs(route) {
      // Not by us, as our own changes are not told. It may have gone in part only.
      if state == .up, installed[route.prefix] != nil {
        refresh(route.prefix)
        commit()
      }
      return
    }
    // Maybe it was in our way.
    retrySoon(route.prefix)
    if let known = alien[route.prefix], known.protocolNumber == route.protocolNumber, known.metric == route.metric { forget(route.prefix) }
  }

  /// What a running scan has seen of a prefix may be older than what happened now.
  private func touch(_ prefix: Prefix) {
    guard scan != nil else { return }
    if let id = installed.find(prefix) { installed[record: id].seen = touchedMark }
    scan?.removed.insert(prefix)
  }

  /// `learn`: routes of other programs, not the kernel's own.
  func isLearnable(_ route: KernelRoute) -> Bool {
    guard specification.learn, !isOurs(route) else { return false }
    if route.protocolNumber == KernelNumbers.redirectProtocol || route.protocolNumber == KernelNumbers.kernelProtocol { return false }
    if route.prefix.address.isMulticast || route.prefix.address.isLinkLocal { return false }
    return true
  }

  func learn(_ route: KernelRoute) {
    guard state == .up || state == .start, let channel = channels.first else { return }
    if let known = alien[route.prefix], known.metric < route.metric, known.protocolNumber != route.protocolNumber { return }
    alien[route.prefix] = route
    if state == .up { announce(route, channel) }
  }

  func announce(_ route: KernelRoute, _ channel: ChannelID) {
    var attributes = KernelProtocol.attributes(of: route)
    let hops = route.destination == .unicast ? daemon.router.nextHops.intern(route.nextHops.map { $0.hop }) : .none
    attributes.header.nextHops = hops
    daemon.router.announce(channel, route.prefix, attributes, at: daemon.routeTime)
    daemon.router.nextHops.release(hops)
    daemon.scheduleTurn()
  }

  /// The routes of others as they would be announced.
  var learntRoutes: [KernelRoute] { alien.keys.sorted().compactMap { alien[$0] } }

  /// The attributes of a learnt route, without its next hops.
  static func attributes(of route: KernelRoute) -> RouteAttributes {
    var header = AttributeHeader(source: .inherit, preference: 0)
    header.destination = route.destination
    var attributes = RouteAttributes(header)
    attributes.set(.kernelSource, u32: UInt32(route.protocolNumber))
    attributes.set(.kernelMetric, u32: route.metric)
    if let source = route.details.preferredSource {
      var writer = WireWriter()
      writer.address(source)
      attributes.set(.kernelPreferredSource, writer.bytes)
    }
    if let realm = route.details.realm { attributes.set(.kernelRealm, u32: realm) }
    if let scope = route.details.scope, scope != 0 { attributes.set(.kernelScope, u32: UInt32(scope)) }
    route.details.metrics.forEach { attributes.set($0.key, u32: $1) }
    return attributes
  }

  func forget(_ prefix: Prefix) {
    alien[prefix] = nil
    guard state == .up, let channel = channels.first else { return }
    daemon.router.withdraw(channel, prefix, at: daemon.routeTime)
    daemon.scheduleTurn()
  }
}
