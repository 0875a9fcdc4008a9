import BFD
import Configuration
import Control
import Linux
import OSPFv3
import RouteCore

/// `protocol ospf`: the shell of one OSPFv3 `Instance`. It moves packets in and out of one raw socket, reports the kernel's interfaces, puts
/// routes into the table, and announces the routes that the table exports as externals.
final class OSPFProtocol: ProtocolInstance, RouteImporter, RouteExporter, ShownProtocol {
  private let driver: MachineDriver<Instance>
  private var socket: OSPFSocket?
  private var batch = ExportBatch()
  private var attributes = RouteAttributes(AttributeHeader(source: .ospf, preference: 0))
  private var packet: [UInt8] = []
  /// Sending on an interface may fail repeatedly: limits the log to one line.
  private var sendFailures: [UInt32: String] = [:]
  /// After a restart: not all exports have been passed to the instance yet.
  private var awaitsExports = false

  private var specification: OSPFConfiguration? {
    if case .ospf(let specification) = configuration.specification { specification } else { nil }
  }

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    driver = MachineDriver(
      Instance(configuration: OSPFProtocol.instanceConfiguration(configuration, daemon), seed: daemon.generator.next(), now: daemon.now))
    super.init(configuration, daemon)
  }

  static func instanceConfiguration(_ configuration: ProtocolConfiguration, _ daemon: Daemon) -> InstanceConfiguration {
    guard case .ospf(let specification) = configuration.specification else {
      preconditionFailure("an OSPF protocol has an OSPF configuration")
    }
    var instance = specification.instance
    instance.routerID = configuration.routerID ?? daemon.routerID
    return instance
  }

  override var importer: (any RouteImporter)? { self }
  override var exporter: (any RouteExporter)? { self }
  override var shown: (any ShownProtocol)? { self }
  override var subject: CommandSubject { .ospf(self) }

  override func rehearsal(of item: ProtocolConfiguration) -> ProtocolRehearsal { OSPFRehearsal(item, daemon, self) }

  // MARK: Life

  override func start() {
    let instanceConfiguration = OSPFProtocol.instanceConfiguration(configuration, daemon)
    guard specification?.version == .v3 else {
      return refuse("OSPFv2 is not supported: this protocol cannot run")
    }
    if let problem = instanceConfiguration.problems.first { return refuse(problem) }
    do throws(SystemError) {
      if let name = configuration.vrf?.name, daemon.interfaces.named(name) == nil {
        return daemon.log.warning("\(self.name): there is no VRF \(name) yet")
      }
      socket = try OSPFSocket(
        daemon.loop, device: configuration.vrf?.name, onPacket: { self.received($0, $1) },
        onError: { error in self.daemon.log.error("\(self.name): \(error)") })
    } catch {
      return refuse("\(error)")
    }
    let recovers = daemon.recovery.stage == .beginning && instanceConfiguration.gracefulRestart == .able
    driver.machine = Instance(configuration: instanceConfiguration, seed: daemon.generator.next(), now: daemon.now, recovers: recovers)
    if recovers {
      daemon.log.trace(self, .events, "Graceful restart started")
      daemon.recovery.await(channels)
      channels.forEach(waitForRecovery)
    }
    opened()
    for interface in interfaces { handle(.interfaceChanged(status(interface))) }
  }

  override func vrfChanged() { daemon.restart(self, reason: .restart("")) }

  private func refuse(_ reason: String) {
    daemon.log.error("\(name): \(reason)")
    message = reason
    isEnabled = false
    closed()
  }

  override func stop(_ reason: StopReason) {
    enter(.stop)
    let isGraceful = reason == .gracefulRestart && instance.configuration.gracefulRestart == .able
    handle(isGraceful ? .stopForRestart : .stop)
    awaitsExports = false
    // A recovery in progress ends for this protocol: only a start of the daemon begins one.
    for id in channels { daemon.router.releaseExport(id, exporting: exportMode(id)) }
    socket?.close()
    socket = nil
    closed()
  }

  override func reconfigure(_ new: ProtocolConfiguration) {
    adopt(new)
    handle(.reconfigure(OSPFProtocol.instanceConfiguration(new, daemon)))
  }

  func reloadImport(_ channel: ChannelID) -> Bool {
    guard state == .up else { return true }
    daemon.router.beginRefresh(channel)
    for (prefix, route) in instance.routes { apply(prefix, route, channel) }
    daemon.router.endRefresh(channel, at: daemon.routeTime)
    return true
  }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    guard state == .up else { return }
    if let current {
      if current.link.flags.contains(.up) { sendFailures[current.index] = nil }
      handle(.interfaceChanged(status(current)))
    } else if let previous {
      handle(.interfaceRemoved(previous.index))
    }
  }

  override func watchedChanged(_ request: BFDRequest, hasFailed: Bool) {
    if state == .up, hasFailed { handle(.pathFailed(interface: request.wish.key.interface, address: request.wish.key.address)) }
  }

  private func status(_ interface: Interface) -> InterfaceStatus {
    let flags = interface.link.flags
    let family = instance.configuration.family
    let addresses = interface.addresses.filter { $0.address.family == family && !$0.address.isLinkLocal && !$0.address.isLoopback }
    let linkLocal = daemon.preferredAddresses.linkLocal(of: interface)
    return InterfaceStatus(
      index: interface.index, name: interface.name, isUp: flags.contains(.up), hasCarrier: flags.contains(.lowerUp),
      mtu: interface.link.mtu, isMultiAccess: !flags.contains(.pointToPoint), isMulticast: interface.link.isMulticast,
      isLoopback: flags.contains(.loopback), linkLocal: linkLocal,
      linkLocalPeer: interface.addresses.first { $0.address == linkLocal }?.otherEnd,
      addresses: addresses.map { .init($0.address, length: $0.prefixLength, isPeer: $0.opposite != nil) })
  }

  // MARK: The machine

  var instance: Instance { _read { yield driver.machine } }

  override var nextDeadline: Instant? { state == .up ? driver.nextDeadline : nil }

  override func deadlineReached(_ now: Instant) {
    driver.output.trace = traceFlags
    driver.deadlineReached({ daemon.now }, read: { socket?.catchUp() }, carryOut: carryOut)
  }

  private func received(_ arrival: OSPFSocket.Arrival, _ bytes: RawSpan) {
    guard state == .up else { return }
    packet.removeAll(keepingCapacity: true)
    bytes.withUnsafeBytes { packet.append(contentsOf: $0) }
    handle(
      .received(
        interface: arrival.interface, source: arrival.source, destination: arrival.destination,
        hopLimit: UInt8(exactly: arrival.hopLimit), bytes: packet))
  }

  private func handle(_ event: Event) {
    driver.output.trace = traceFlags
    driver.handle(event, at: daemon.now, carryOut: carryOut)
  }

  private func carryOut(_ output: Output) {
    for line in output.lines { write(line) }
    for membership in output.memberships { change(membership) }
    for packet in output.packets { send(packet, output.bytes) }
    if output.neighborsChanged {
      watch(instance.watchedNeighbors.map { BFDRequest.Wish(key: SessionKey($0.address, interface: $0.interface), source: $0.local) })
    }
    if let channel = channels.first { for change in output.routes { apply(change.prefix, change.route, channel) } }
    if output.hasRecovered { channels.forEach { daemon.recovery.release($0) } }
    daemon.scheduleTurn()
  }

  private var traceFlags: Output.Trace {
    var flags: Output.Trace = []
    let mask = configuration.debug
    if mask.contains(.states) { flags.insert(.states) }
    if mask.contains(.interfaces) { flags.insert(.interfaces) }
    if mask.contains(.events) { flags.insert(.events) }
    if mask.contains(.packets) { flags.insert(.packets) }
    return flags
  }

  private func write(_ line: Output.Line) {
    let text = "\(name): \(line.text)"
    switch line.level {
    case .trace: daemon.log.write(.trace, text)
    case .info: daemon.log.info(text)
    case .remote: daemon.log.remote(text)
    case .warning: daemon.log.warning(text)
    case .error: daemon.log.error(text)
    }
  }

  private func change(_ membership: Output.Membership) {
    do throws(SystemError) {
      if membership.isMember {
        try socket?.join(membership.group, on: membership.interface)
      } else {
        try socket?.leave(membership.group, on: membership.interface)
      }
    } catch {
      daemon.log.warning("\(name): \(error)")
    }
  }

  private func send(_ packet: Output.Packet, _ all: [UInt8]) {
    guard let socket else { return }
    let bytes = all.span.bytes.extracting(packet.range)
    let hopLimit = Int32(packet.hopLimit)
    switch socket.send(bytes, from: packet.source, to: packet.destination, on: packet.interface, hopLimit: hopLimit) {
    case .sent: sendFailures[packet.interface] = nil
    // Hellos, requests and retransmissions are repeated anyway.
    case .retry: break
    case .failed(let error):
      if sendFailures.updateValue(error.reason, forKey: packet.interface) != error.reason {
        let place = packet.interface == 0 ? "virtual link" : daemon.interfaces[packet.interface]?.name ?? "?"
        daemon.log.warning("\(name): \(place): \(error)")
      }
    }
  }

  // MARK: Routes

  /// Imports a route of the OSPF routing table into the channel.
  private func apply(_ prefix: Prefix, _ route: OSPFRoute?, _ channel: ChannelID) {
    let time = daemon.routeTime
    guard let route else { return daemon.router.withdraw(channel, prefix, at: time) }
    OSPFProtocol.fill(&attributes, route)
    let hops = daemon.router.nextHops.intern(route.nextHops)
    attributes.header.nextHops = hops
    daemon.router.announce(channel, prefix, attributes, at: time)
    daemon.router.nextHops.release(hops)
  }

  /// A route's attributes, without its next hops.
  static func fill(_ attributes: inout RouteAttributes, _ route: OSPFRoute) {
    var header = AttributeHeader(source: route.source, preference: 0)
    header.routerID = route.routerID.rawValue
    attributes.reset(header)
    attributes.set(.ospfMetric1, u32: route.metric1)
    if route.kind == .external2 { attributes.set(.ospfMetric2, u32: route.metric2) }
    if route.kind == .external1 || route.kind == .external2 { attributes.set(.ospfTag, u32: route.tag) }
    attributes.set(.ospfRouterID, u32: route.routerID.rawValue)
  }

  func exportObserver(of channel: ChannelID) -> RouteObserver? { OSPFObserver() }

  func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let channel = channels.first else { return false }
    let more = daemon.router.pullExports(channel, limit: 1024, gate: OpenGate(), into: &batch)
    for item in batch.items { handle(.external(item.prefix, OSPFProtocol.external(item.attributes, daemon.router))) }
    daemon.router.finish(&batch)
    tellExportsCompleted()
    return more
  }

  override func recovered(_ waiting: Set<ChannelID>) {
    super.recovered(waiting)
    awaitsExports = !waiting.isDisjoint(with: channels)
    tellExportsCompleted()
  }

  /// LSAs from before the restart whose routes are no longer exported may be flushed now.
  private func tellExportsCompleted() {
    guard awaitsExports, state == .up, !hasPendingExports else { return }
    awaitsExports = false
    handle(.exportsCompleted)
  }

  /// How a route is announced: as type 1 if it says so, otherwise as type 2 (routed.conf(5), OSPF).
  static func external(_ id: AttributeID, _ router: borrowing Router) -> ExternalRoute? {
    guard id != .none else { return nil }
    let header = router.attributes.header(id)
    let records = router.attributes.records(id)
    let metric1 = AttributeRecords.u32(.ospfMetric1, in: records)
    let metric2 = AttributeRecords.u32(.ospfMetric2, in: records)
    let infinity: UInt32 = 0xff_ffff
    var route = ExternalRoute()
    if header.source.isOSPF {
      // A route of another instance keeps its kind.
      route.isType2 = header.source == .ospfExternal2
    } else {
      route.isType2 = metric1 == nil || metric1 == infinity || (metric2 ?? infinity) != infinity
    }
    route.metric = min(route.isType2 ? metric2 ?? 10000 : metric1 ?? 10000, infinity - 1)
    route.tag = AttributeRecords.u32(.ospfTag, in: records) ?? 0
    let hops = router.nextHops.hops(header.nextHops)
    if hops.count == 1 { route.nextHop = hops[0] }
    return route
  }

  // MARK: For `dump`

  var info: String { instance.view.hasFullNeighbor ? "Running" : "Alone" }

  var neighborLines: [String] {
    instance.neighborViews.map { "\(name): \($0.routerID) \($0.address) on \($0.interfaceName) \($0.state.name)" }
  }
}
