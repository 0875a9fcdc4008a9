import Configuration
import Linux
import RouteCore

/// `protocol kernel`: keeps one kernel table equal to the chosen routes, and learns the routes others put there.
///
/// What is installed is known from our own writes; the kernel's notifications tell what others did to it, and a scan now and then audits
/// the whole while nothing is being written (a dump that meets changes restarts and slows the writing down). A refused route is marked,
/// kept in `failures` with the kernel's words, and tried again.
final class KernelProtocol: ProtocolInstance {
  /// What we last wrote for a prefix, and the kernel accepted.
  struct Installed: Hashable {
    var destination: RouteDestination
    var hops: [NextHop]
    var metric: UInt32
    var preferredSource: IPAddress?
  }
  /// A route the kernel does not take.
  struct Failure {
    var text: String
    var wanted: Installed
    var retryAt: Instant
    var delay: Duration
  }

  private(set) var installed: [Prefix: Installed] = [:]
  private(set) var failures: [Prefix: Failure] = [:]
  /// What was installed and may have gone, whole or in part.
  private var uncertain: [Prefix: Installed] = [:]
  /// Routes of others, as learnt.
  private var alien: [Prefix: AlienRoute] = [:]
  private var batch = ExportBatch()
  /// Prefixes of the changes in the netlink batch, by token.
  private var inFlight: [Change] = []
  private var nextScan: Instant?
  private var scan: Scan?

  private struct Change {
    var prefix: Prefix
    /// What is there again if the kernel refuses: known for certain, or only maybe.
    var previous: Installed?
    var uncertain: Installed?
  }

  private struct AlienRoute: Hashable {
    var route: KernelRoute
  }

  /// A running audit: what the kernel has, and what changed meanwhile.
  private struct Scan {
    var seen: [Prefix: KernelRoute] = [:]
    var aliens: [Prefix: KernelRoute] = [:]
    /// Written since the scan began, so that what was seen may be older.
    var touched: Set<Prefix> = []
  }

  var specification: KernelConfiguration {
    guard case .kernel(let specification) = configuration.specification else {
      preconditionFailure("a kernel protocol has a kernel configuration")
    }
    return specification
  }

  override var exportMode: Channel.ExportMode {
    specification.mergePathsLimit.map { .merged(limit: $0) } ?? .best
  }
  override var nextDeadline: Instant? {
    var next = state == .up ? nextScan : nil
    if state == .up { for failure in failures.values { next = earliest(next, failure.retryAt) } }
    return next
  }

  // MARK: Life

  override func start() {
    // Routes left by an earlier run (ours or BIRD's) are found first: they stay until it is known which are still wanted.
    beginScan { [self] in
      guard state == .start else { return }
      opened()
      scheduleScan()
    }
  }

  override func stop(_ reason: StopReason) {
    scan = nil
    nextScan = nil
    let keeps = specification.persist
    if !keeps {
      for prefix in installed.keys.sorted() { remove(prefix) }
      commit()
    }
    installed = [:]
    failures = [:]
    uncertain = [:]
    alien = [:]
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
    for prefix in alien.keys.sorted() { if let route = alien[prefix]?.route { announce(route, channel) } }
    daemon.router.endRefresh(channel, at: daemon.routeTime)
    scanSoon()
    return true
  }

  func scanSoon() { if state == .up { nextScan = daemon.now } }

  private func scheduleScan() {
    nextScan = specification.scanTime == 0 ? nil : daemon.now + .seconds(Int64(specification.scanTime))
    daemon.scheduleTurn()
  }

  override func deadlineReached(_ now: Instant) {
    for prefix in failures.keys.sorted() {
      guard let failure = failures[prefix], failure.retryAt <= now else { continue }
      failures[prefix]?.retryAt = now + failure.delay
      install(prefix, failure.wanted)
    }
    commit()
    if let due = nextScan, due <= now {
      // Never while there is something to be written.
      guard !hasPendingExports else { return nextScan = now + .seconds(1) }
      nextScan = nil
      beginScan { self.scheduleScan() }
    }
  }

  // MARK: Export: wanted minus installed

  override func admitsExport(_ header: AttributeHeader, _ records: RawSpan) -> Bool {
    KernelGate(exportsDeviceRoutes: specification.deviceRoutes).admits(header, records)
  }

  override func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let channel = channels.first else { return false }
    let more = daemon.router.pullExports(
      channel, limit: 2048, gate: KernelGate(exportsDeviceRoutes: specification.deviceRoutes), into: &batch)
    for item in batch.items {
      if item.attributes == .none {
        failures[item.prefix] = nil
        remove(item.prefix)
      } else {
        install(item.prefix, KernelProtocol.wantedRoute(item.attributes, specification, daemon.router))
      }
      if let kernel = daemon.kernel, kernel.batch.isFull { commit() }
    }
    daemon.router.finish(&batch)
    commit()
    return more
  }

  /// What the kernel is to have for a route.
  static func wantedRoute(_ id: AttributeID, _ specification: KernelConfiguration, _ router: borrowing Router) -> Installed {
    let header = router.attributes.header(id)
    let records = router.attributes.records(id)
    var metric = specification.metric
    if let own = AttributeRecords.u32(.kernelMetric, in: records) { metric = own }
    var source: IPAddress?
    if let found = AttributeRecords.find(.kernelPreferredSource, in: records) {
      var reader = WireReader(records.extracting(found.value))
      source = found.value.count == 4 ? try? reader.ipv4() : try? reader.ipv6()
    }
    let hops = router.nextHops.hops(header.nextHops)
    var destination = header.destination
    if destination == .unicast, hops.isEmpty { destination = .unreachable }
    return Installed(destination: destination, hops: destination == .unicast ? hops : [], metric: metric, preferredSource: source)
  }

  private func request(_ prefix: Prefix, _ route: Installed) -> RouteRequest {
    var request = RouteRequest(prefix, table: specification.table, metric: route.metric, destination: route.destination)
    request.preferredSource = route.preferredSource
    return request
  }

  private func install(_ prefix: Prefix, _ wanted: Installed) {
    guard let kernel = daemon.kernel else { return }
    let previous = installed[prefix]
    guard previous != wanted else {
      failures[prefix] = nil
      return
    }
    let token = UInt32(truncatingIfNeeded: inFlight.count)
    let change = Change(prefix: prefix, previous: previous, uncertain: uncertain.removeValue(forKey: prefix))
    inFlight.append(change)
    let new = request(prefix, wanted)
    // A replacement would take the place of somebody else's route too: only what is or may be ours is replaced.
    if let old = previous ?? change.uncertain {
      kernel.batch.change(from: request(prefix, old), to: new, via: wanted.hops.span, token: token)
    } else {
      kernel.batch.install(new, via: wanted.hops.span, mode: .create, token: token)
    }
    installed[prefix] = wanted
    scan?.touched.insert(prefix)
  }

  private func remove(_ prefix: Prefix) {
    let maybe = uncertain.removeValue(forKey: prefix)
    guard let kernel = daemon.kernel, let previous = installed.removeValue(forKey: prefix) ?? maybe else { return }
    let token = UInt32(truncatingIfNeeded: inFlight.count)
    inFlight.append(Change(prefix: prefix, previous: previous, uncertain: nil))
    kernel.batch.remove(request(prefix, previous), token: token)
    scan?.touched.insert(prefix)
  }

  /// Sends the batch and notes what was refused.
  private func commit() {
    guard let kernel = daemon.kernel, !kernel.batch.isEmpty else { return }
    let outcome = kernel.batch.commit()
    if !failures.isEmpty {
      let failed = Set(outcome.failures.map { Int($0.token) })
      for (index, change) in inFlight.enumerated() where !failed.contains(index) { failures[change.prefix] = nil }
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
    installed[change.prefix] = change.previous
    uncertain[change.prefix] = change.uncertain
    let delay = failures[change.prefix].map { min($0.delay * 2, .seconds(60)) } ?? .seconds(1)
    if failures[change.prefix]?.text != refusal.text { daemon.log.error("Netlink: \(change.prefix): \(refusal.text)") }
    failures[change.prefix] = Failure(text: refusal.text, wanted: wanted, retryAt: daemon.now + delay, delay: delay)
  }

  /// The kernel's word on why a prefix is not installed.
  func failureText(_ prefix: Prefix) -> String? { failures[prefix]?.text }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    guard state == .up, let index = current?.index ?? previous?.index else { return }
    // What was refused may be possible now.
    let now = daemon.now
    for prefix in failures.keys { failures[prefix]?.retryAt = now }
    // The kernel takes routes out silently when their interface goes down; those still wanted have to come back when it is up again.
    let wasUp = previous?.link.flags.contains(.up) ?? false
    let isUp = current?.link.flags.contains(.up) ?? false
    if wasUp != isUp {
      let affected = installed.filter { $0.value.hops.contains { $0.interface == index } }
      if !isUp {
        for prefix in affected.keys { refresh(prefix) }
      } else {
        scanSoon()
      }
    }
    daemon.scheduleTurn()
  }

  /// The kernel may have lost or changed our route: write it again as it is wanted.
  private func refresh(_ prefix: Prefix) {
    guard let wanted = installed.removeValue(forKey: prefix) else { return }
    uncertain[prefix] = wanted
    write(prefix, wanted)
  }

  /// The kernel has no route of ours where it should, and maybe somebody else's, which stays.
  private func restore(_ prefix: Prefix) {
    guard let wanted = installed.removeValue(forKey: prefix) else { return }
    write(prefix, wanted)
  }

  private func write(_ prefix: Prefix, _ wanted: Installed) {
    let hops = wanted.hops.filter { daemon.interfaces[$0.interface]?.link.flags.contains(.up) ?? false }
    if hops.count == wanted.hops.count || wanted.destination != .unicast {
      install(prefix, wanted)
    } else {
      failures[prefix] = Failure(text: "Network is down", wanted: wanted, retryAt: daemon.now + .seconds(1), delay: .seconds(1))
    }
  }

  // MARK: What others do

  private func isOurs(_ route: KernelRoute) -> Bool { route.protocolNumber == KernelNumbers.protocolNumber }

  private func isConcerned(_ route: KernelRoute) -> Bool {
    guard route.table == specification.table, let channel = channels.first else { return false }
    return daemon.router[channel: channel].configuration.family == route.prefix.family
  }

  func routeAppeared(_ route: KernelRoute) {
    guard isConcerned(route) else { return }
    scan?.touched.insert(route.prefix)
    if isOurs(route) { return }
    if isLearnable(route) { learn(route) }
    // Somebody replaced our route: take the place back at the next audit.
    if installed[route.prefix]?.metric == route.metric { scanSoon() }
  }

  func routeDisappeared(_ route: KernelRoute) {
    guard isConcerned(route) else { return }
    scan?.touched.insert(route.prefix)
    if isOurs(route) {
      // Not by us, as our own changes are not told. It may have gone in part only.
      if state == .up, installed[route.prefix] != nil {
        refresh(route.prefix)
        commit()
      }
      return
    }
    // Maybe it was in our way.
    if failures[route.prefix] != nil {
      failures[route.prefix]?.retryAt = daemon.now
      daemon.scheduleTurn()
    }
    if alien[route.prefix]?.route.protocolNumber == route.protocolNumber, alien[route.prefix]?.route.metric == route.metric {
      forget(route.prefix)
    }
  }

  /// `learn`: routes of other programs, not the kernel's own (routed.conf(5), Kernel).
  private func isLearnable(_ route: KernelRoute) -> Bool {
    guard specification.learn, !isOurs(route) else { return false }
    if route.protocolNumber == KernelNumbers.redirectProtocol || route.protocolNumber == KernelNumbers.kernelProtocol { return false }
    if route.prefix.address.isMulticast || route.prefix.address.isLinkLocal { return false }
    return true
  }

  private func learn(_ route: KernelRoute) {
    guard state == .up || state == .start, let channel = channels.first else { return }
    if let known = alien[route.prefix]?.route, known.metric < route.metric, known.protocolNumber != route.protocolNumber { return }
    alien[route.prefix] = AlienRoute(route: route)
    if state == .up { announce(route, channel) }
  }

  private func announce(_ route: KernelRoute, _ channel: ChannelID) {
    var attributes = KernelProtocol.attributes(of: route)
    let hops = route.destination == .unicast ? daemon.router.nextHops.intern(route.nextHops.map { $0.hop }) : .none
    attributes.header.nextHops = hops
    daemon.router.announce(channel, route.prefix, attributes, at: daemon.routeTime)
    daemon.router.nextHops.release(hops)
    daemon.scheduleTurn()
  }

  /// The routes of others as they would be announced.
  var learntRoutes: [KernelRoute] { alien.keys.sorted().compactMap { alien[$0]?.route } }

  /// The attributes of a learnt route, without its next hops.
  static func attributes(of route: KernelRoute) -> RouteAttributes {
    var header = AttributeHeader(source: .inherit, preference: 0)
    header.destination = route.destination
    var attributes = RouteAttributes(header)
    attributes.set(.kernelSource, u32: UInt32(route.protocolNumber))
    attributes.set(.kernelMetric, u32: route.metric)
    if let source = route.preferredSource {
      var writer = WireWriter()
      writer.address(source)
      attributes.set(.kernelPreferredSource, writer.bytes)
    }
    if let realm = route.realm { attributes.set(.kernelRealm, u32: realm) }
    return attributes
  }

  private func forget(_ prefix: Prefix) {
    alien[prefix] = nil
    guard state == .up, let channel = channels.first else { return }
    daemon.router.withdraw(channel, prefix, at: daemon.routeTime)
    daemon.scheduleTurn()
  }

  // MARK: Scan

  private func beginScan(_ done: @escaping () -> Void) {
    guard let kernel = daemon.kernel, let channel = channels.first else { return done() }
    let family = daemon.router[channel: channel].configuration.family
    scan = Scan()
    kernel.dumpRoutes(family, table: specification.table) { [self] route in
      sawRoute(route)
    } completion: { [self] outcome in
      switch outcome {
      case .complete: finishScan()
      case .interrupted:
        scan = nil
        if state == .start { return beginScan(done) }
      case .failed(let error):
        scan = nil
        daemon.log.error("Scanning kernel table \(specification.table): \(error)")
      }
      done()
    }
  }

  private func sawRoute(_ route: KernelRoute) {
    guard isConcerned(route) else { return }
    if isOurs(route) { scan?.seen[route.prefix] = route } else if isLearnable(route) { scan?.aliens[route.prefix] = route }
  }

  /// Compares what the kernel has with what it should have.
  private func finishScan() {
    guard let scan else { return }
    self.scan = nil
    for prefix in Set(alien.keys).subtracting(scan.aliens.keys).subtracting(scan.touched).sorted() { forget(prefix) }
    for prefix in scan.aliens.keys.sorted() {
      if let route = scan.aliens[prefix], alien[prefix]?.route != route || state != .up { learn(route) }
    }
    for prefix in scan.seen.keys.sorted() where !scan.touched.contains(prefix) {
      guard let route = scan.seen[prefix] else { continue }
      let present = Installed(
        destination: route.destination, hops: route.nextHops.map { $0.hop }.sorted(), metric: presentMetric(route),
        preferredSource: route.preferredSource)
      if state == .start {
        // Left by an earlier run: known as installed, so that it is replaced or, once the feed is through, removed.
        installed[prefix] = present
        leftOver.insert(prefix)
      } else if let wanted = installed[prefix] {
        if wanted != present {
          installed[prefix] = present
          install(prefix, wanted)
        }
      } else {
        // Ours, but not as it is wanted.
        installed[prefix] = present
        if let wanted = failures[prefix]?.wanted { install(prefix, wanted) } else { remove(prefix) }
      }
    }
    if state == .up {
      for prefix in installed.keys.sorted() where scan.seen[prefix] == nil && !scan.touched.contains(prefix) { restore(prefix) }
      sweepLeftOver()
    }
    commit()
  }

  /// The metric as we would have asked for it.
  private func presentMetric(_ route: KernelRoute) -> UInt32 {
    specification.metric == 0 && route.prefix.family == .ipv6 && route.metric == KernelNumbers.defaultIPv6Metric ? 0 : route.metric
  }

  /// Routes of an earlier run that nobody has announced yet. They are removed by the first audit after the start, which gives the
  /// protocols the time of a scan interval to find them again.
  private var leftOver: Set<Prefix> = []

  private func sweepLeftOver() {
    guard !leftOver.isEmpty, let channel = channels.first else { return }
    for prefix in leftOver.sorted() where !daemon.router.isAnnounced(prefix, to: channel) { remove(prefix) }
    leftOver = []
  }
}

/// Device routes are the kernel's own: they are not exported to it, unless asked for (`device routes`).
struct KernelGate: ExportGate {
  let exportsDeviceRoutes: Bool
  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool {
    header.source != .device && header.source != .inherit || (header.source == .device && exportsDeviceRoutes)
  }
}
