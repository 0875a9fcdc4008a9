import Configuration
import KernelSync
import Linux
import RouteCore

/// `protocol kernel`: the shell of one of `KernelSync`'s tables. It hands the chosen routes over, as fast as they can be written, and
/// announces other programs' routes that the machine has learnt.
final class KernelProtocol: ProtocolInstance, RouteImporter, RouteExporter {
  private var batch = ExportBatch()
  /// The table, once the protocol has started.
  private(set) var table: KernelTableID?
  /// The set of next hops that was written last, as adjacent routes of a table usually share it.
  private var lastHops: (id: NextHopSetID, set: HopSetID)?

  var specification: KernelConfiguration { KernelProtocol.specification(configuration) }

  static func specification(_ configuration: ProtocolConfiguration) -> KernelConfiguration {
    guard case .kernel(let specification) = configuration.specification else {
      preconditionFailure("a kernel protocol has a kernel configuration")
    }
    return specification
  }

  override var importer: (any RouteImporter)? { self }
  override var exporter: (any RouteExporter)? { self }

  override func rehearsal(of item: ProtocolConfiguration) -> ProtocolRehearsal { KernelRehearsal(item, daemon, self) }

  func exportMode(of channel: ChannelID) -> ExportMode { KernelProtocol.exportMode(specification) }

  static func exportMode(_ specification: KernelConfiguration) -> ExportMode {
    specification.mergePathsLimit.map { .merged(limit: $0) } ?? .best
  }

  var family: AddressFamily? { channels.first.map { daemon.router[channel: $0].configuration.family } }

  private var options: KernelTableOptions {
    var options = KernelTableOptions()
    options.scanTime = specification.scanTime
    options.metric = specification.metric
    options.learns = specification.learn
    options.usesObjects = specification.nextHopObjects
    options.keepsLeftOvers = channels.contains { daemon.router[channel: $0].holdsExport }
    return options
  }

  // MARK: Life

  override func start() {
    if daemon.recovery.stage == .beginning, specification.gracefulRestart { channels.forEach(waitForRecovery) }
    guard let kernel = daemon.kernel, let family else { return opened() }
    // Routes left by an earlier run (ours or BIRD's) are found first: they stay until it is known which of them are still wanted.
    let table = kernel.table(specification.table, family)
    self.table = table
    kernel.attach(self, to: table)
    kernel.handle(.start(table, options))
  }

  /// The routes of an earlier run are known.
  func ready() {
    if state == .start { opened() }
  }

  override func stop(_ reason: StopReason) {
    if let table {
      let end: KernelTableEnd = reason == .gracefulRestart ? .leave : specification.persist ? .persist : .remove
      daemon.kernel?.stop(table, end)
      daemon.kernel?.detach(table)
    }
    table = nil
    closed()
  }

  override func reconfigure(_ new: ProtocolConfiguration) {
    adopt(new)
    if let table { daemon.kernel?.handle(.options(table, options)) }
  }

  /// After the current writes there will be an audit, which removes routes of the earlier run that are no longer wanted.
  override func recovered(_ waiting: Set<ChannelID>) {
    super.recovered(waiting)
    guard let table, !waiting.isDisjoint(with: channels) else { return }
    daemon.kernel?.handle(.options(table, options))
    daemon.kernel?.handle(.scanSoon(table))
  }

  // MARK: Export

  private var gate: KernelGate { KernelGate(refusesDevices: !specification.deviceRoutes) }

  func exportObserver(of channel: ChannelID) -> RouteObserver? {
    KernelObserver(specification, daemon.router[channel: channel].configuration.family)
  }

  /// Pulls enough to fill the batches in flight: a slow kernel costs a queue of networks.
  func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let channel = channels.first, let kernel = daemon.kernel, let table else { return false }
    var more = true
    for _ in 0..<KernelSync.batchesInFlight where more && kernel.hasRoom {
      more = daemon.router.pullExports(channel, limit: KernelSync.batchLimit, gate: gate, into: &batch)
      lastHops = nil
      kernel.hand { machine in
        for item in batch.items {
          if item.attributes == .none { machine.unwant(item.prefix, table) } else { want(item, table, &machine) }
        }
      }
      daemon.router.finish(&batch)
    }
    return more && kernel.hasRoom
  }

  private func want(_ item: ExportItem, _ table: KernelTableID, _ machine: inout KernelSync) {
    let header = daemon.router.attributes.header(item.attributes)
    let (metric, details) = KernelProtocol.properties(item.attributes, specification, item.prefix.family, daemon.router)
    var hops = HopSetID.none
    if header.destination == .unicast {
      if let lastHops, lastHops.id == header.nextHops {
        hops = lastHops.set
      } else {
        hops = machine.set(of: daemon.router.nextHops.hops(header.nextHops))
        lastHops = (header.nextHops, hops)
      }
    }
    machine.want(item.prefix, table, WantedRoute(header.destination, via: hops, metric: metric, details: machine.name(of: details)))
  }

  /// The metric of a wanted route, the protocol's own before the attribute, and what else attributes of the kernel say.
  static func properties(
    _ id: AttributeID, _ specification: KernelConfiguration, _ family: AddressFamily, _ router: borrowing Router
  ) -> (metric: UInt32, details: KernelDetails) {
    let records = router.attributes.records(id)
    let metric = specification.metric != 0 ? specification.metric : AttributeRecords.u32(.kernelMetric, in: records) ?? 0
    return (metric, KernelDetails(records, family))
  }

  /// The kernel's reason for not installing a prefix.
  func failureText(_ prefix: Prefix) -> String? { table.flatMap { daemon.kernel?.failureText(prefix, $0) } }

  // MARK: Learnt routes

  func reloadImport(_ channel: ChannelID) -> Bool {
    daemon.router.beginRefresh(channel)
    for route in learntRoutes { announce(route, channel) }
    daemon.router.endRefresh(channel, at: daemon.routeTime)
    if let table { daemon.kernel?.handle(.scanSoon(table)) }
    return true
  }

  /// Other programs' routes as they would be announced.
  var learntRoutes: [KernelRoute] { table.flatMap { daemon.kernel?.learntRoutes($0) } ?? [] }

  func learnt(_ route: KernelRoute) {
    guard state == .up, let channel = channels.first else { return }
    announce(route, channel)
  }

  func forgotten(_ prefix: Prefix) {
    guard state == .up, let channel = channels.first else { return }
    daemon.router.withdraw(channel, prefix, at: daemon.routeTime)
    daemon.scheduleTurn()
  }

  private func announce(_ route: KernelRoute, _ channel: ChannelID) {
    var attributes = KernelProtocol.attributes(of: route)
    let hops = route.destination == .unicast ? daemon.router.nextHops.intern(route.nextHops.map { $0.hop }) : .none
    attributes.header.nextHops = hops
    daemon.router.announce(channel, route.prefix, attributes, at: daemon.routeTime)
    daemon.router.nextHops.release(hops)
    daemon.scheduleTurn()
  }

  /// The attributes of a learnt route, without its next hops.
  static func attributes(of route: KernelRoute) -> RouteAttributes {
    var attributes = RouteAttributes(AttributeHeader(source: .inherit, preference: 0))
    attributes.header.destination = route.destination
    attributes.set(.kernelSource, u32: UInt32(route.protocolNumber))
    var details = route.details
    if details.scope == 0 { details.scope = nil }
    set(&attributes, route.metric, details)
    return attributes
  }

  /// The attributes that stand for the properties of a route in the kernel.
  static func set(_ attributes: inout RouteAttributes, _ metric: UInt32, _ details: KernelDetails) {
    attributes.set(.kernelMetric, u32: metric)
    if let source = details.preferredSource {
      var writer = WireWriter()
      writer.address(source)
      attributes.set(.kernelPreferredSource, writer.bytes)
    }
    if let realm = details.realm { attributes.set(.kernelRealm, u32: realm) }
    if let scope = details.scope { attributes.set(.kernelScope, u32: UInt32(scope)) }
    details.metrics.forEach { attributes.set($0.key, u32: $1) }
  }
}

/// A route without a gateway is the kernel's own, unless `device routes` says otherwise: 1.6 does not export it to the kernel.
struct KernelGate: ExportGate {
  let refusesDevices: Bool
  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { true }
}
