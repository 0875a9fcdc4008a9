import Configuration
import Linux
import RouteCore

/// `protocol kernel`: keeps one kernel table equal to the chosen routes, and learns the routes others put there.
///
/// What is installed is known from our own writes; the kernel's notifications tell what others did to it, and a scan now and then audits
/// the whole while nothing is being written (a dump that meets changes restarts and slows the writing down). A refused route is marked,
/// kept in `failures` with the kernel's words, and tried again. Next hops on interfaces that are down are left out beforehand: the kernel
/// does not take them, and takes those it has out silently.
final class KernelProtocol: ProtocolInstance {
  /// A route the kernel does not take.
  struct Failure {
    var text: String
    /// Nil if it is not tried again before something changes.
    var wanted: InstalledRoute?
    var retryAt: Instant
    var delay: Duration
  }

  /// One change in the netlink batch.
  struct Change {
    var prefix: Prefix
    /// What is there again if the kernel refuses: known for certain, or only maybe.
    var previous: InstalledRoute?
    var uncertain: InstalledRoute?
  }

  /// What we last wrote for a prefix, and the kernel accepted.
  var installed = InstalledRoutes()
  var hopSets = HopSets()
  var detailSets = KernelDetailSets()
  private(set) var failures: [Prefix: Failure] = [:]
  /// Not later than the first of the failures is to be tried again.
  private var nextRetry: Instant?
  /// What was installed and may have gone, whole or in part.
  private(set) var uncertain: [Prefix: InstalledRoute] = [:]
  /// Networks that lack some next hop because its interface is down.
  private var degraded: Set<Prefix> = []
  /// Routes of others, as learnt.
  var alien: [Prefix: KernelRoute] = [:]
  private var batch = ExportBatch()
  /// What the sets of next hops met in this round come to.
  private var resolved: [NextHopSetID: (hops: UInt32, isReduced: Bool)] = [:]
  /// By token.
  private var inFlight: [Change] = []
  private var nextScan: Instant?
  var scan: Scan?
  var scanNumber: UInt16 = 0
  /// Whether routes of an earlier run may be left.
  var hasLeftOvers = false

  var specification: KernelConfiguration {
    guard case .kernel(let specification) = configuration.specification else {
      preconditionFailure("a kernel protocol has a kernel configuration")
    }
    return specification
  }

  override var exportMode: Channel.ExportMode {
    specification.mergePathsLimit.map { .merged(limit: $0) } ?? .best
  }
  override var nextDeadline: Instant? { state == .up ? earliest(nextScan, nextRetry) : nil }

  // MARK: Life

  override func start() {
    if daemon.recovery.stage == .beginning, specification.gracefulRestart { channels.forEach(waitForRecovery) }
    // Routes left by an earlier run (ours or BIRD's) are found first: they stay until it is known which are still wanted.
    beginScan { [self] in
      guard state == .start else { return }
      opened()
      if let channel = channels.first { for route in learntRoutes { announce(route, channel) } }
      scheduleScan()
    }
  }

  override func stop(_ reason: StopReason) {
    scan = nil
    nextScan = nil
    if !specification.persist, reason != .gracefulRestart {
      for prefix in installedPrefixes() {
        remove(prefix)
        commitIfFull()
      }
      commit()
    }
    installed = InstalledRoutes()
    hopSets = HopSets()
    failures = [:]
    nextRetry = nil
    uncertain = [:]
    degraded = []
    alien = [:]
    hasLeftOvers = false
    closed()
  }

  override func reconfigure(_ new: ProtocolConfiguration) -> Bool {
    guard case .kernel(let fresh) = new.specification else { return false }
    let old = specification
    guard fresh.table == old.table, fresh.metric == old.metric, fresh.learn == old.learn, fresh.mergePathsLimit == old.mergePathsLimit,
      fresh.deviceRoutes == old.deviceRoutes
    else { return false }
    adopt(new)
    scheduleScan()
    return true
  }

  override func reloadImport(_ channel: ChannelID) -> Bool {
    daemon.router.beginRefresh(channel)
    for route in learntRoutes { announce(route, channel) }
    daemon.router.endRefresh(channel, at: daemon.routeTime)
    scanSoon()
    return true
  }

  /// What is written now is followed by an audit, in which the routes of the earlier run go that nobody wants any more.
  override func recovered(_ waiting: Set<ChannelID>) {
    super.recovered(waiting)
    if !waiting.isDisjoint(with: channels) { scanSoon() }
  }

  func scanSoon() { if state == .up { nextScan = daemon.now } }

  private func scheduleScan() {
    // Without scans one is made nevertheless if an earlier run has left routes: those that nobody wants by then go.
    let seconds = specification.scanTime == 0 && hasLeftOvers ? 60 : specification.scanTime
    nextScan = seconds == 0 ? nil : daemon.now + .seconds(Int64(seconds))
    daemon.scheduleTurn()
  }

  override func deadlineReached(_ now: Instant) {
    if let due = nextRetry, due <= now { retry(now) }
    if let due = nextScan, due <= now {
      // Never while there is something to be written.
      guard !hasPendingExports else { return nextScan = now + .seconds(1) }
      nextScan = nil
      beginScan { self.scheduleScan() }
    }
  }

  private func retry(_ now: Instant) {
    for (prefix, failure) in failures.sorted(by: { $0.key < $1.key }) where failure.retryAt <= now {
      failures[prefix]?.retryAt = now + failure.delay
      if let wanted = failure.wanted { install(prefix, wanted) }
      commitIfFull()
    }
    commit()
    nextRetry = failures.values.lazy.filter { $0.wanted != nil }.map { $0.retryAt }.min()
  }

  /// What was refused may be possible now.
  func retrySoon() {
    let now = daemon.now
    for prefix in failures.keys { failures[prefix]?.retryAt = now }
    if !failures.isEmpty { nextRetry = now }
  }

  func retrySoon(_ prefix: Prefix) {
    guard failures[prefix] != nil else { return }
    failures[prefix]?.retryAt = daemon.now
    nextRetry = daemon.now
    daemon.scheduleTurn()
  }

  // MARK: Export: wanted minus installed

  private var gate: KernelGate { KernelGate(refusesDevices: !specification.deviceRoutes) }

  override func exportObserver(of channel: ChannelID) -> RouteObserver? {
    .kernel(specification, daemon.router[channel: channel].configuration.family)
  }

  override func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let channel = channels.first else { return false }
    let more = daemon.router.pullExports(channel, limit: 2048, gate: gate, into: &batch)
    resolved.removeAll(keepingCapacity: true)
    for item in batch.items {
      degraded.remove(item.prefix)
      if item.attributes != .none {
        write(item.prefix, item.attributes)
      } else {
        failures[item.prefix] = nil
        remove(item.prefix)
      }
      commitIfFull()
    }
    daemon.router.finish(&batch)
    commit()
    return more
  }

  private func write(_ prefix: Prefix, _ id: AttributeID) {
    let header = daemon.router.attributes.header(id)
    let (metric, details) = WantedKernelRoute.properties(id, specification, prefix.family, daemon.router)
    let (hops, isReduced) = header.destination == .unicast ? resolve(header.nextHops) : (0, false)
    if isReduced { degraded.insert(prefix) }
    if isReduced, hops == 0 { return cannotReach(prefix) }
    // A next hop that was not found leads nowhere.
    let destination = header.destination == .unicast && hops == 0 ? .unreachable : header.destination
    install(prefix, InstalledRoute(destination: destination, hops: hops, metric: metric, details: detailSets.id(of: details)))
  }

  /// The next hops of a set whose interfaces are up, and whether others are not.
  private func resolve(_ id: NextHopSetID) -> (hops: UInt32, isReduced: Bool) {
    if let known = resolved[id] { return known }
    let result = usable(daemon.router.nextHops.hops(id))
    resolved[id] = result
    return result
  }

  private func usable(_ hops: [NextHop]) -> (hops: UInt32, isReduced: Bool) {
    let usable = hops.filter { daemon.interfaces[$0.interface]?.link.flags.contains(.up) ?? false }
    return (hopSets.id(of: usable), usable.count < hops.count)
  }

  /// All interfaces of a route are down: it goes, and comes again when one of them is up.
  private func cannotReach(_ prefix: Prefix) {
    remove(prefix)
    failures[prefix] = Failure(text: "Network is down", wanted: nil, retryAt: daemon.now, delay: .seconds(1))
  }

  func request(_ prefix: Prefix, _ route: InstalledRoute) -> RouteRequest {
    var request = RouteRequest(prefix, table: specification.table, metric: route.metric, destination: route.destination)
    request.details = detailSets[route.details]
    return request
  }

  func install(_ prefix: Prefix, _ wanted: InstalledRoute) {
    guard let kernel = daemon.kernel else { return }
    let previous = installed[prefix]
    if !failures.isEmpty, previous == wanted || failures[prefix]?.wanted == nil { failures[prefix] = nil }
    guard previous != wanted else { return }
    let token = UInt32(truncatingIfNeeded: inFlight.count)
    let change = Change(prefix: prefix, previous: previous, uncertain: uncertain.isEmpty ? nil : uncertain.removeValue(forKey: prefix))
    inFlight.append(change)
    let new = request(prefix, wanted)
    // A replacement would take the place of somebody else's route too: only what is or may be ours is replaced.
    if let old = previous ?? change.uncertain {
      kernel.batch.change(from: request(prefix, old), to: new, via: hopSets[wanted.hops].span, token: token)
    } else {
      kernel.batch.install(new, via: hopSets[wanted.hops].span, mode: .create, token: token)
    }
    installed.set(prefix, wanted, seen: touchedMark)
  }

  func remove(_ prefix: Prefix) {
    let maybe = uncertain.isEmpty ? nil : uncertain.removeValue(forKey: prefix)
    guard let kernel = daemon.kernel, let previous = installed.remove(prefix) ?? maybe else { return }
    let token = UInt32(truncatingIfNeeded: inFlight.count)
    inFlight.append(Change(prefix: prefix, previous: previous, uncertain: nil))
    kernel.batch.remove(request(prefix, previous), token: token)
    scan?.removed.insert(prefix)
  }

  /// Removes a route of ours beside the right one.
  func removeStray(_ prefix: Prefix, _ route: InstalledRoute) {
    let token = UInt32(truncatingIfNeeded: inFlight.count)
    inFlight.append(Change(prefix: prefix, previous: installed[prefix], uncertain: nil))
    daemon.kernel?.batch.remove(request(prefix, route), token: token)
  }

  func commitIfFull() {
    if let kernel = daemon.kernel, kernel.batch.isFull { commit() }
  }

  /// Sends the batch and notes what was refused.
  func commit() {
    guard let kernel = daemon.kernel, !kernel.batch.isEmpty else { return }
    let outcome = kernel.batch.commit()
    if !failures.isEmpty {
      let failed = Set(outcome.failures.map { Int($0.token) })
      for (index, change) in inFlight.enumerated() where !failed.contains(index) && failures[change.prefix]?.wanted != nil {
        failures[change.prefix] = nil
      }
    }
    for failure in outcome.failures where Int(failure.token) < inFlight.count { note(failure, inFlight[Int(failure.token)]) }
    inFlight.removeAll(keepingCapacity: true)
    if !outcome.isComplete {
      daemon.log.warning("Answers of the kernel were lost, scanning its table \(specification.table)")
      scanSoon()
    }
    daemon.scheduleTurn()
  }

  private func note(_ refusal: RouteBatch.Failure, _ change: Change) {
    guard let wanted = installed[change.prefix] else {
      // A removal failed: what is there will be found by the next scan.
      daemon.log.error("Netlink: removing \(change.prefix): \(refusal.text)")
      return scanSoon()
    }
    if let previous = change.previous {
      installed.set(change.prefix, previous, seen: touchedMark)
    } else {
      installed.remove(change.prefix)
      scan?.removed.insert(change.prefix)
    }
    uncertain[change.prefix] = change.uncertain
    let before = failures[change.prefix]
    let delay = before.map { min($0.delay * 2, .seconds(60)) } ?? .seconds(1)
    // The kernel knows of a link that went down before we do: that is an error only if it lasts.
    let isSilent = before == nil && KernelNumbers.isLinkDown(refusal.code)
    if !isSilent, before?.text != refusal.text || before?.delay == .seconds(1) && KernelNumbers.isLinkDown(refusal.code) {
      daemon.log.error("Netlink: \(change.prefix): \(refusal.text)")
    }
    failures[change.prefix] = Failure(text: refusal.text, wanted: wanted, retryAt: daemon.now + delay, delay: delay)
    nextRetry = earliest(nextRetry, daemon.now + delay)
  }

  /// The kernel's word on why a prefix is not installed.
  func failureText(_ prefix: Prefix) -> String? { failures[prefix]?.text }

  // MARK: Interfaces

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    guard state == .up, let index = current?.index ?? previous?.index else { return }
    retrySoon()
    let wasUp = previous?.link.flags.contains(.up) ?? false
    let isUp = current?.link.flags.contains(.up) ?? false
    if wasUp, !isUp { leave(index) }
    if isUp, !wasUp {
      if let channel = channels.first { for prefix in degraded.sorted() { daemon.router.look(at: prefix, channel) } }
      scanSoon()
    }
    daemon.scheduleTurn()
  }

  /// An interface went down: the kernel has taken its next hops out. Routes that have others go on with them.
  private func leave(_ interface: UInt32) {
    let sets = hopSets.using(interface)
    var reduced: [UInt32: UInt32] = [:]
    for id in sets { reduced[id] = usable(hopSets[id]).hops }
    guard let family = family, !sets.isEmpty else { return }
    for id in 1..<max(installed.limit, 1) where installed.isLive(id) {
      let route = installed.route(id)
      guard let hops = reduced[route.hops], hops != route.hops else { continue }
      let prefix = installed.prefix(id, family)
      degraded.insert(prefix)
      installed.remove(prefix)
      uncertain[prefix] = route
      if hops == 0 {
        cannotReach(prefix)
      } else {
        install(prefix, InstalledRoute(destination: route.destination, hops: hops, metric: route.metric, details: route.details))
      }
      commitIfFull()
    }
    commit()
  }

  /// The kernel may have lost or changed our route: write it again as it is wanted.
  func refresh(_ prefix: Prefix) {
    guard let wanted = installed.remove(prefix) else { return }
    uncertain[prefix] = wanted
    install(prefix, wanted)
  }

  var family: AddressFamily? { channels.first.map { daemon.router[channel: $0].configuration.family } }

  /// In order.
  func installedPrefixes() -> [Prefix] {
    guard let family else { return [] }
    var out: [Prefix] = []
    out.reserveCapacity(installed.count)
    for id in 1..<max(installed.limit, 1) where installed.isLive(id) { out.append(installed.prefix(id, family)) }
    return out.sorted()
  }
}

/// A route without a gateway is the kernel's own, unless `device routes` says otherwise: 1.6 does not export it to the kernel.
struct KernelGate: ExportGate {
  let refusesDevices: Bool
  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { true }
}
