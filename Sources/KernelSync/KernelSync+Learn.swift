import RouteCore

/// Routes of other programs in the tables with `learn`, and which of them is announced: of several routes to a prefix the one with the
/// lowest metric, as the kernel uses that one.
struct LearntRoutes {
  struct Key: Hashable {
    var table: KernelTableID
    var prefix: Prefix
  }
  /// In the order of their metrics.
  private var routes: [Key: [KernelRoute]] = [:]

  var isEmpty: Bool { routes.isEmpty }

  func best(_ key: Key) -> KernelRoute? { routes[key]?.first }
  func has(_ route: KernelRoute, _ key: Key) -> Bool { routes[key]?.contains(route) ?? false }

  /// The kernel has one route of each metric and protocol.
  mutating func add(_ route: KernelRoute, _ key: Key) {
    var known = routes[key] ?? []
    known.removeAll { $0.isSame(as: route) }
    known.insert(route, at: known.firstIndex { $0.metric > route.metric } ?? known.count)
    routes[key] = known
  }

  mutating func remove(_ route: KernelRoute, _ key: Key) {
    routes[key]?.removeAll { $0.isSame(as: route) }
    if routes[key]?.isEmpty ?? false { routes[key] = nil }
  }

  mutating func forget(_ table: KernelTableID) { routes = routes.filter { $0.key.table != table } }

  /// The prefixes of a table, in order.
  func prefixes(_ table: KernelTableID) -> [Prefix] { routes.keys.filter { $0.table == table }.map { $0.prefix }.sorted() }

  /// All known routes of a table; only those of one protocol if given.
  func all(_ table: KernelTableID, protocolNumber: UInt8?) -> [KernelRoute] {
    prefixes(table).flatMap { prefix in
      (routes[Key(table: table, prefix: prefix)] ?? []).filter { protocolNumber == nil || $0.protocolNumber == protocolNumber }
    }
  }

  /// The tables and protocols of the routes that fulfil a condition.
  func sources(where condition: (KernelRoute) -> Bool) -> [(KernelTableID, UInt8)] {
    var out: [(KernelTableID, UInt8)] = []
    for (key, known) in routes {
      for route in known where condition(route) && !out.contains(where: { $0 == (key.table, route.protocolNumber) }) {
        out.append((key.table, route.protocolNumber))
      }
    }
    return out.sorted { ($0.0.rawValue, $0.1) < ($1.0.rawValue, $1.1) }
  }
}

extension KernelRoute {
  /// Whether both occupy the same place in the kernel's table.
  func isSame(as other: KernelRoute) -> Bool { metric == other.metric && protocolNumber == other.protocolNumber }

  /// `learn`: routes of other programs, not the kernel's own.
  var isLearnable: Bool {
    switch protocolNumber {
    case KernelNumbers.protocolNumber, KernelNumbers.redirectProtocol, KernelNumbers.kernelProtocol: return false
    default: return !prefix.address.isMulticast && !prefix.address.isLinkLocal
    }
  }
}

extension KernelSync {
  mutating func learn(_ route: KernelRoute, _ table: KernelTableID) {
    guard tables[table].options.learns, route.isLearnable else { return }
    change(LearntRoutes.Key(table: table, prefix: route.prefix)) { $0.add(route, $1) }
  }

  mutating func unlearn(_ route: KernelRoute, _ table: KernelTableID) {
    guard !learnt.isEmpty else { return }
    // Only one of several next hops may have gone, or one of two routes that look the same to us: ask the kernel what is left.
    if route.prefix.family == .ipv4
      || learnt.all(table, protocolNumber: route.protocolNumber).contains(where: {
        $0.prefix == route.prefix && $0.isSame(as: route) && $0.nextHops.count != route.nextHops.count
      })
    {
      askForLearnt { $0.prefix == route.prefix && $0.isSame(as: route) }
    }
    change(LearntRoutes.Key(table: table, prefix: route.prefix)) { $0.remove(route, $1) }
  }

  /// Changes what is known about a prefix and reports the consequences.
  private mutating func change(_ key: LearntRoutes.Key, _ body: (inout LearntRoutes, LearntRoutes.Key) -> Void) {
    let before = learnt.best(key)
    body(&learnt, key)
    let best = learnt.best(key)
    guard best != before, tables[key.table].phase == .up else { return }
    pendingActions.append(best.map { .learnt(key.table, $0) } ?? .forgotten(key.table, key.prefix))
  }

  /// The routes of others as they would be announced, in the order of their prefixes.
  package func learntRoutes(_ table: KernelTableID) -> [KernelRoute] {
    learnt.prefixes(table).compactMap { learnt.best(LearntRoutes.Key(table: table, prefix: $0)) }
  }

  /// Asks the kernel again for routes that may have changed without notification: those of the same programs.
  mutating func askForLearnt(where condition: (KernelRoute) -> Bool) {
    guard !learnt.isEmpty else { return }
    for (table, number) in learnt.sources(where: condition) { audits.request(.learnt(table, number)) }
  }

  /// Takes over what an audit has found of others' routes, of all programs or of one.
  mutating func compareLearnt(_ table: KernelTableID, _ found: [KernelRoute], protocolNumber: UInt8? = nil) {
    for known in learnt.all(table, protocolNumber: protocolNumber) where !found.contains(known) {
      let key = Audits.Key(prefix: known.prefix, table: table)
      guard !audits.touched.contains(key), !found.contains(where: { $0.prefix == known.prefix && $0.isSame(as: known) }) else { continue }
      change(LearntRoutes.Key(table: table, prefix: known.prefix)) { $0.remove(known, $1) }
    }
    for route in found.sorted(by: { $0.prefix < $1.prefix }) where !audits.touched.contains(Audits.Key(prefix: route.prefix, table: table))
    {
      let key = LearntRoutes.Key(table: table, prefix: route.prefix)
      if !learnt.has(route, key) { change(key) { $0.add(route, $1) } }
    }
  }
}
