import BFD
import BGP
import Configuration
import Linux
import RouteCore

/// `protocol bgp`: the shell of one `Peer`. It opens and closes the connections the machine asks for, hands it the bytes, and writes
/// UPDATEs from what its channels have, whenever the socket takes more.
final class BGPProtocol: ProtocolInstance {
  private(set) var peer: Peer
  private var output = Peer.Output()
  private var connections: [ConnectionID: StreamConnection] = [:]
  private var nextIncoming: UInt32 = 0
  private(set) var session: SessionParameters?
  private var sessionConnection: ConnectionID?
  private var isListening = false
  private var isNeighborReachable = false
  private var nextHopCache = BGPSink.NextHopCache()
  private var sinkChannels: (ipv4: BGPChannel?, ipv6: BGPChannel?)
  var exporter = BGPExporter()
  private var invalidNextHopsTold: Instant?

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    peer = Peer(configuration: BGPProtocol.peerConfiguration(configuration, daemon), seed: daemon.generator.next())
    super.init(configuration, daemon)
  }

  /// The typed configuration with the global router id filled in.
  static func peerConfiguration(_ configuration: ProtocolConfiguration, _ daemon: Daemon) -> PeerConfiguration {
    guard case .bgp(var peer) = configuration.specification else {
      preconditionFailure("a BGP protocol has a BGP configuration")
    }
    peer.routerID = configuration.routerID ?? daemon.routerID
    // `BGPSink` sweeps what a refresh did not bring again.
    peer.enableEnhancedRefresh = peer.enableRouteRefresh
    return peer
  }

  override var decisionOptions: RouteCore.DecisionOptions {
    BGPProtocol.decisionOptions(peer.configuration)
  }

  static func decisionOptions(_ configuration: PeerConfiguration) -> RouteCore.DecisionOptions {
    let options = configuration.decision
    var out: RouteCore.DecisionOptions = []
    if options.pathMetric { out.insert(.pathMetric) }
    if options.medMetric { out.insert(.medMetric) }
    if options.igpMetric { out.insert(.igpMetric) }
    if options.preferOlder { out.insert(.preferOlder) }
    return out
  }

  override var dependsOnRouterID: Bool { true }

  override func exportMode(of channel: ChannelID) -> Channel.ExportMode {
    daemon.router[channel: channel].configuration.exportsSecondary ? .accepted : .best
  }

  // MARK: Life

  override func start() {
    if peer.configuration.routerID.rawValue == 0 {
      daemon.log.error("\(name): No router ID: set `router id`, or give an interface an IPv4 address")
    }
    do throws(SystemError) {
      try daemon.bgpTransport?.listen(for: peer.configuration, device: configuration.vrf?.name)
      isListening = true
    } catch {
      // Outgoing connections still work.
      daemon.log.error("\(name): \(error)")
    }
    isNeighborReachable = false
    checkNeighbor()
  }

  override func stop(_ reason: StopReason) {
    enter(.stop)
    perform { $0.handle(.stop(BGPProtocol.stopReason(reason)), at: $1, into: &$2) }
    finishStop()
  }

  private static func stopReason(_ reason: StopReason) -> Peer.StopReason {
    switch reason {
    case .shutdown(let message): .shutdown(message)
    case .restart(let message): .reset(message)
    case .deconfigured: .deconfigured
    case .reconfigured: .reconfigured
    case .limit: .prefixLimit
    }
  }

  private func finishStop() {
    for connection in connections.values { connection.abort() }
    connections = [:]
    if isListening {
      daemon.bgpTransport?.stopListening(for: peer.configuration, device: configuration.vrf?.name)
      isListening = false
    }
    closed()
  }

  override func reconfigure(_ new: ProtocolConfiguration) -> Bool {
    let fresh = BGPProtocol.peerConfiguration(new, daemon)
    guard fresh == peer.configuration else { return false }
    adopt(new)
    watchNeighbor()
    return true
  }

  /// Without route refresh (RFC 2918) and an import table only a new session brings the routes again.
  override func canReloadImport(_ channel: ChannelID) -> Bool {
    daemon.router[channel: channel].importTable != nil || session?.routeRefresh ?? true
  }

  override func reloadImport(_ channel: ChannelID) -> Bool {
    guard let session else { return true }
    if daemon.router[channel: channel].importTable != nil {
      daemon.router.reimport(channel, at: daemon.routeTime)
      return true
    }
    guard session.routeRefresh else { return false }
    let family = daemon.router[channel: channel].configuration.family
    if session.carries(family) { perform { $0.handle(.requestRefresh(family), at: $1, into: &$2) } }
    return true
  }

  // MARK: The neighbour's interface

  /// A direct session lives on a network we are connected to: no interface, no session.
  private func checkNeighbor() {
    guard state != .down, state != .stop else { return }
    watchNeighbor()
    let reachable = !peer.configuration.isDirect || neighborInterface != nil
    guard reachable != isNeighborReachable else { return }
    isNeighborReachable = reachable
    if reachable {
      perform { $0.handle(.start, at: $1, into: &$2) }
    } else {
      perform { $0.handle(.stop(.neighborLost), at: $1, into: &$2) }
    }
  }

  /// `bfd`: while there is a way to the neighbour. A session of BFD that was never up keeps no one from connecting.
  private func watchNeighbor() {
    let interface = peer.configuration.isDirect ? neighborInterface : nil
    let neighbor = peer.configuration.neighborAddress
    let source = peer.configuration.localAddress ?? interface.flatMap { daemon.preferredAddresses.address(facing: neighbor, on: $0) }
    guard let options = configuration.bfd, let source, interface != nil || !peer.configuration.isDirect else { return watch([]) }
    watch([BFDRequest.Wish(key: SessionKey(neighbor, interface: interface?.index ?? 0), source: source, overrides: options.overrides)])
  }

  /// RFC 5882 §4.2. `bfd graceful` is to be a graceful restart, of which there is none yet.
  override func watchedChanged(_ request: BFDRequest, hasFailed: Bool) {
    if hasFailed { perform { $0.handle(.restart(.bfdDown), at: $1, into: &$2) } }
  }

  var neighborInterface: Interface? {
    let configuration = peer.configuration
    let found: Interface?
    if let name = configuration.interface {
      found = daemon.interfaces.named(name).flatMap { sees($0) ? $0 : nil }
    } else {
      found = daemon.interfaces.connected(configuration.neighborAddress, where: sees)
    }
    guard let found, found.link.flags.contains(.up), !configuration.checkLink || found.isUp else { return nil }
    if configuration.neighborAddress.isLinkLocal { return daemon.preferredAddresses.linkLocal(of: found) == nil ? nil : found }
    if let local = configuration.localAddress, configuration.isDirect {
      return found.addresses.contains { $0.address == local && !$0.flags.contains(.tentative) } ? found : nil
    }
    return found
  }

  override func vrfChanged() { daemon.restart(self, reason: .restart("")) }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) { checkNeighbor() }

  // MARK: The machine

  override var nextDeadline: Instant? { state == .down ? nil : peer.nextDeadline }

  override func deadlineReached(_ now: Instant) { perform { $0.handle(.deadline, at: $1, into: &$2) } }

  /// Tells the machine something and does what it wants. What that makes happen is told in the same way, one level deep.
  private func perform(_ event: (inout Peer, Instant, inout Peer.Output) -> Void) {
    var mine = Peer.Output()
    swap(&mine, &output)
    mine.removeAll()
    event(&peer, daemon.now, &mine)
    for action in mine.actions { act(on: action) }
    mine.removeAll()
    swap(&mine, &output)
    daemon.scheduleTurn()
  }

  private func act(on action: Peer.Action) {
    switch action {
    case .connect(let id): connect(id)
    case .close(let id):
      connections.removeValue(forKey: id)?.finish()
    case .abort(let id):
      connections.removeValue(forKey: id)?.abort()
    case .send(let id, let bytes):
      connections[id]?.send(bytes)
      report(id)
    case .established(let id, let parameters): established(id, parameters)
    case .down: lost()
    case .refresh(let family): refresh(family)
    case .disable:
      isEnabled = false
      enter(.stop)
      finishStop()
    case .stateChanged(let state): daemon.log.trace(self, .states, "BGP state changed to \(state.name)")
    case .log(let level, let text):
      switch level {
      case .trace: daemon.log.trace(self, .events, text)
      case .remote: daemon.log.remote("\(name): \(text)")
      case .warning: daemon.log.warning("\(name): \(text)")
      case .error: daemon.log.error("\(name): \(text)")
      }
    }
  }

  // MARK: Connections

  private func connect(_ id: ConnectionID) {
    let configuration = peer.configuration
    let limits = configuration.hopLimit
    let interface = neighborInterface
    let options = TCPOptions(
      hopLimit: limits.send, minimumHopLimit: limits.minimum == 0 ? nil : limits.minimum, password: configuration.password,
      device: configuration.interface ?? self.configuration.vrf?.name)
    let remote = Endpoint(configuration.neighborAddress, port: configuration.neighborPort, interface: interface?.index ?? 0)
    let source = configuration.localAddress.map { Endpoint($0, interface: interface?.index ?? 0) }
    do throws(SystemError) {
      let connection = try StreamConnection.connect(daemon.loop, to: remote, from: source, options: options)
      connections[id] = connection
      attach(connection, id)
      connection.onOpen = { self.opened(id) }
    } catch {
      // After this call: the machine is in the middle of its actions.
      daemon.loop.perform { [self] in
        perform { $0.handle(.connectionFailed(id, reason: error.reason), at: $1, into: &$2) }
      }
    }
  }

  private func attach(_ connection: StreamConnection, _ id: ConnectionID) {
    connection.highWater = 1 << 18
    connection.lowWater = 1 << 16
    connection.onReceive = { bytes in self.received(bytes, id) }
    connection.onWritable = { [self] in
      report(id)
      daemon.scheduleTurn()
    }
    connection.onClose = { error in self.ended(id, error) }
  }

  private func opened(_ id: ConnectionID) {
    guard let connection = connections[id], let endpoints = endpoints(connection) else { return }
    perform { $0.handle(.connectionOpened(id, endpoints), at: $1, into: &$2) }
  }

  private func endpoints(_ connection: StreamConnection) -> Endpoints? {
    guard let local = connection.localEndpoint, let remote = connection.remoteEndpoint else { return nil }
    var endpoints = Endpoints(local: local.address, remote: remote.address)
    let interface = peer.configuration.isDirect ? neighborInterface ?? owner(of: local.address) : nil
    let owner = interface ?? owner(of: local.address)
    endpoints.interface = interface?.index ?? 0
    endpoints.linkLocal = interface.flatMap(daemon.preferredAddresses.linkLocal)
    let other: AddressFamily = local.address.isIPv4 ? .ipv6 : .ipv4
    endpoints.otherFamily = owner.flatMap { daemon.preferredAddresses.address(other, of: $0)?.address }
    return endpoints
  }

  private func owner(of address: IPAddress) -> Interface? {
    // The addresses of the VRF's device are in it too.
    daemon.interfaces.owner(of: address) { sees($0) || $0.name == configuration.vrf?.name }
  }

  private func ended(_ id: ConnectionID, _ error: SystemError?) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    let wasConnecting = connection.state == .connecting || error?.operation == "connect"
    if wasConnecting {
      perform { $0.handle(.connectionFailed(id, reason: error?.reason ?? "connection closed"), at: $1, into: &$2) }
    } else {
      perform { $0.handle(.connectionClosed(id, reason: error?.reason), at: $1, into: &$2) }
    }
  }

  /// Whether a connection from there is this neighbour's.
  func isNeighbor(_ remote: Endpoint, local: Endpoint?) -> Bool {
    guard state == .start || state == .up, remote.address == peer.configuration.neighborAddress else { return false }
    if let own = peer.configuration.localAddress, let local, local.address != own { return false }
    if remote.address.isLinkLocal, let interface = neighborInterface { return remote.interface == interface.index }
    return true
  }

  func accept(_ connection: StreamConnection) {
    let limits = peer.configuration.hopLimit
    do throws(SystemError) {
      try connection.apply(TCPOptions(hopLimit: limits.send, minimumHopLimit: limits.minimum == 0 ? nil : limits.minimum))
    } catch {
      daemon.log.warning("\(name): \(error)")
      return connection.abort()
    }
    guard let endpoints = endpoints(connection) else { return connection.abort() }
    nextIncoming &+= 1
    let id = ConnectionID(.incoming, nextIncoming)
    connections[id] = connection
    attach(connection, id)
    perform { $0.handle(.accepted(id, endpoints), at: $1, into: &$2) }
  }

  private func received(_ bytes: RawSpan, _ id: ConnectionID) {
    var offset = 0
    // More than one round only where the session begins within these bytes.
    while offset < bytes.byteCount, connections[id] != nil {
      var sink = BGPSink(daemon.routerPointer, sinkChannels.ipv4, sinkChannels.ipv6, daemon.routeTime, nextHopCache)
      nextHopCache = BGPSink.NextHopCache()
      var mine = Peer.Output()
      offset += peer.receive(bytes.extracting(droppingFirst: offset), on: id, at: daemon.now, sink: &sink, into: &mine)
      daemon.router.endImport()
      nextHopCache = BGPSink.NextHopCache(bytes: sink.lastNextHop, set: sink.lastSet, family: sink.lastFamily)
      if sink.invalidNextHops > 0 { tellInvalidNextHops(sink.invalidNextHops) }
      for action in mine.actions { act(on: action) }
    }
    daemon.scheduleTurn()
  }

  private func tellInvalidNextHops(_ count: Int) {
    let now = daemon.now
    if let last = invalidNextHopsTold, now - last < .seconds(60) { return }
    invalidNextHopsTold = now
    daemon.log.remote("\(name): Invalid NEXT_HOP in \(count) UPDATE\(count == 1 ? "" : "s")")
  }

  /// RFC 9687: the machine watches whether the peer takes what we send.
  private func report(_ id: ConnectionID) {
    guard let connection = connections[id] else { return }
    let pending = connection.queued
    daemon.loop.perform { [self] in
      guard connections[id] != nil else { return }
      perform { $0.handle(.written(id, pending: pending), at: $1, into: &$2) }
    }
  }

  // MARK: The session

  private func established(_ id: ConnectionID, _ parameters: SessionParameters) {
    session = parameters
    sessionConnection = id
    exporter.reset(parameters)
    sinkChannels = (bgpChannel(.ipv4, parameters), bgpChannel(.ipv6, parameters))
    opened(parameters.families.compactMap { channel($0) })
  }

  private func bgpChannel(_ family: AddressFamily, _ parameters: SessionParameters) -> BGPChannel? {
    guard parameters.carries(family), let id = channel(family) else { return nil }
    switch parameters.configuration.gatewayMode(family) {
    case .direct: return BGPChannel(id: id, gateway: .direct(interface: parameters.endpoints.interface, master: master))
    case .recursive:
      let name = parameters.configuration.channel(family)?.igpTable
      let table = name.flatMap { daemon.router.tableIndex($0) } ?? daemon.router[channel: id].table
      return BGPChannel(id: id, gateway: .recursive(table: table))
    }
  }

  private func lost() {
    session = nil
    sessionConnection = nil
    sinkChannels = (nil, nil)
    closeChannels()
    daemon.router.nextHops.release(nextHopCache.set)
    nextHopCache = BGPSink.NextHopCache()
    if state == .up { enter(.start) }
  }

  /// The peer wants all our routes of a family again (RFC 2918), with their end marked if it understands that (RFC 7313 §4.1).
  private func refresh(_ family: AddressFamily) {
    guard let session, let channel = channel(family) else { return }
    daemon.router.refeed(channel, resend: true)
    guard session.enhancedRefresh, exporter.beginRefresh(family) else { return }
    daemon.loop.perform { self.perform { $0.handle(.refreshBegins(family), at: $1, into: &$2) } }
  }

  /// Writes UPDATEs while the socket takes them: a slow peer costs a queue of networks, never a queue of messages.
  override func pumpExports(_ now: Instant) -> Bool {
    guard let session, let id = sessionConnection, let connection = connections[id], connection.canSend else { return false }
    var more = false
    for family in session.families {
      guard let channel = channel(family) else { continue }
      if exporter.pump(channel, family, session, daemon.routerPointer) { more = true }
    }
    if exporter.writer.count > 0 {
      connection.send(exporter.writer.bytes.span.bytes)
      exporter.writer.removeAll()
      report(id)
    }
    for family in exporter.takeEndedRefreshes() { perform { $0.handle(.refreshEnds(family), at: $1, into: &$2) } }
    return more && connection.canSend
  }

  override func exportObserver(of channel: ChannelID) -> RouteObserver? {
    session.map { .bgp($0, daemon.router[channel: channel].configuration.family) }
  }

  override var hasPendingExports: Bool {
    session != nil && (super.hasPendingExports || exporter.owesMarker)
  }

  // MARK: For `show protocols`

  override var info: String {
    let name = peer.statusName
    guard let error = peer.lastError else { return BGPProtocol.padded(name, 14) }
    if state == .down { return error.description }
    return BGPProtocol.padded(name, 14) + (session == nil ? error.description : "")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.utf8.count, 0))
  }
}
