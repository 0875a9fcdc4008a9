import Configuration
import Linux
import RouteCore

// The audit: a dump of the kernel's table beside what is known of it. Each installed route that is seen as it should be gets the scan's
// mark, and one that is written meanwhile another one, as what was seen of it may be older. Only differences are kept, so that an audit of
// a table that is right takes no memory.
extension KernelProtocol {
  /// A running audit.
  struct Scan {
    /// Routes of ours that are not known, or not as they are.
    var different: [(prefix: Prefix, route: InstalledRoute)] = []
    var aliens: [Prefix: KernelRoute] = [:]
    /// What we removed since the scan began, and what others did.
    var removed: Set<Prefix> = []
  }

  /// The mark of a route that was seen by the present scan.
  private var seenMark: UInt16 { scanNumber }
  /// The mark of one that was written since it began.
  var touchedMark: UInt16 { scanNumber | 1 }

  func beginScan(_ done: @escaping () -> Void) {
    guard let kernel = daemon.kernel, let family else { return done() }
    scan = Scan()
    scanNumber &+= 2
    kernel.dumpRoutes(family, table: specification.table) { [self] route in
      sawRoute(route)
    } completion: { [self] outcome in
      switch outcome {
      case .complete: finishScan()
      case .interrupted:
        scan = nil
        if state == .start {
          installed = InstalledRoutes()
          return beginScan(done)
        }
      case .failed(let error):
        scan = nil
        daemon.log.error("Scanning kernel table \(specification.table): \(error)")
      }
      done()
    }
  }

  private func sawRoute(_ route: KernelRoute) {
    guard scan != nil, isConcerned(route) else { return }
    guard isOurs(route) else {
      if isLearnable(route) { scan?.aliens[route.prefix] = route }
      return
    }
    var details = route.details
    // The kernel always has a scope; it is told only where one was asked for.
    let wantedScope = installed[route.prefix].flatMap { detailSets[$0.details].scope }
    if wantedScope != details.scope { details.scope = nil }
    let present = InstalledRoute(
      destination: route.destination, hops: hopSets.id(of: route.nextHops.map { $0.hop }), metric: presentMetric(route),
      details: detailSets.id(of: details))
    if state == .start {
      // Left by an earlier run: known as installed, so that it is replaced or, once the feed is through, removed.
      installed.set(route.prefix, present, seen: seenMark, isLeftOver: true)
      hasLeftOvers = true
    } else if let id = installed.find(route.prefix), installed.route(id) == present {
      if installed[record: id].seen != touchedMark { installed[record: id].seen = seenMark }
    } else {
      scan?.different.append((route.prefix, present))
    }
  }

  /// Compares what the kernel has with what it should have.
  private func finishScan() {
    guard let scan else { return }
    self.scan = nil
    for prefix in Set(alien.keys).subtracting(scan.aliens.keys).subtracting(scan.removed).sorted() { forget(prefix) }
    for (prefix, route) in scan.aliens.sorted(by: { $0.key < $1.key }) where alien[prefix] != route || state != .up { learn(route) }
    guard state == .up else { return }
    for (prefix, present) in scan.different.sorted(by: { $0.prefix < $1.prefix }) where !scan.removed.contains(prefix) {
      correct(prefix, present)
      commitIfFull()
    }
    sweepLeftOvers()
    for prefix in missing() {
      // The kernel has no route of ours where it should, and maybe somebody else's, which stays.
      if let wanted = installed.remove(prefix) { install(prefix, wanted) }
      commitIfFull()
    }
    commit()
    forgetUnusedHopSets()
  }

  /// The kernel has a route of ours that is not as it is wanted.
  private func correct(_ prefix: Prefix, _ present: InstalledRoute) {
    guard let id = installed.find(prefix) else {
      installed.set(prefix, present, seen: seenMark)
      if let wanted = failures[prefix]?.wanted { install(prefix, wanted) } else { remove(prefix) }
      return
    }
    let record = installed[record: id]
    let wanted = installed.route(id)
    if record.seen == touchedMark { return }
    if record.seen == seenMark {
      // Beside the right one: a route with another metric.
      guard present.metric != wanted.metric else { return }
      return removeStray(prefix, present)
    }
    installed.set(prefix, present, seen: seenMark)
    install(prefix, wanted)
  }

  private func missing() -> [Prefix] {
    guard let family else { return [] }
    var out: [Prefix] = []
    for id in 1..<max(installed.limit, 1) where installed.isLive(id) {
      let seen = installed[record: id].seen
      if seen != seenMark, seen != touchedMark { out.append(installed.prefix(id, family)) }
    }
    return out.sorted()
  }

  /// The metric as we would have asked for it.
  private func presentMetric(_ route: KernelRoute) -> UInt32 {
    specification.metric == 0 && route.prefix.family == .ipv6 && route.metric == KernelNumbers.defaultIPv6Metric ? 0 : route.metric
  }

  /// Routes of an earlier run that nobody has announced go with the first audit after the start, which gives the protocols the time of a
  /// scan interval to find them again.
  private func sweepLeftOvers() {
    guard hasLeftOvers, let channel = channels.first, let family, !daemon.router[channel: channel].holdsExport else { return }
    hasLeftOvers = false
    var stale: [Prefix] = []
    for id in 1..<max(installed.limit, 1) where installed.isLive(id) && installed[record: id].isLeftOver {
      let prefix = installed.prefix(id, family)
      if daemon.router.isAnnounced(prefix, to: channel) { installed[record: id].isLeftOver = false } else { stale.append(prefix) }
    }
    for prefix in stale.sorted() {
      guard let id = installed.find(prefix) else { continue }
      if installed[record: id].seen == seenMark || installed[record: id].seen == touchedMark {
        remove(prefix)
      } else {
        installed.remove(prefix)
      }
      commitIfFull()
    }
  }

  private func forgetUnusedHopSets() {
    guard hopSets.count > 64 else { return }
    var used: Set<UInt32> = []
    for id in 1..<max(installed.limit, 1) where installed.isLive(id) { used.insert(installed[record: id].hops) }
    for failure in failures.values { if let wanted = failure.wanted { used.insert(wanted.hops) } }
    for route in uncertain.values { used.insert(route.hops) }
    hopSets.keep(only: used)
  }
}
