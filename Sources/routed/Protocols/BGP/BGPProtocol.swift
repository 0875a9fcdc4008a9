import BGP
import Configuration
import Control
import Linux
import RouteCore

/// `protocol bgp`: the shell of one `Peer`. It opens and closes the connections the machine asks for, passes it the bytes, and writes
/// UPDATEs from its channels whenever the socket accepts more.
final class BGPProtocol: ProtocolInstance, RouteImporter, RouteExporter, ShownProtocol {
  private let driver: MachineDriver<Peer>
  private var connections: [ConnectionID: StreamConnection] = [:]
  private var nextIncoming: UInt32 = 0
  private(set) var session: SessionParameters?
  private var sessionConnection: ConnectionID?
  private var listening: BGPTransport.Place?
  /// Where the neighbour is: the interface of a direct session, 0 where it does not matter; nil while there is no way to it.
  private var neighborPlace: UInt32?
  /// Whether our end of the session was an interface's address when it began; there are other ways to have it (loopback, local routes).
  private var boundToInterface = false
  private var nextHopCache = BGPSink.NextHopCache()
  private var sinkChannels = PerFamily<BGPChannel?>(repeating: nil)
  var updates = BGPExporter()
  private var invalidNextHopLimiter = Limiter()
  private var refusalLimiter = Limiter()
  /// The number of the last protocol that was spawned for a peer of the range.
  var spawned: UInt32 = 0
  /// How long this protocol is needed, if it was itself spawned.
  private(set) var lifetime: SpawnLifetime?

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    driver = MachineDriver(Peer(configuration: BGPProtocol.peerConfiguration(configuration, daemon), seed: daemon.generator.next()))
    super.init(configuration, daemon)
    setRecording()
    daemon.bgpTransport?.add(self)
    if configuration.spawnedBy != nil { lifetime = SpawnLifetime(at: daemon.now) }
  }

  override var decisionOptions: RouteCore.DecisionOptions { BGPProtocol.decisionOptions(peer.configuration) }
  override var importer: (any RouteImporter)? { self }
  override var exporter: (any RouteExporter)? { self }
  override var shown: (any ShownProtocol)? { self }

  override func rehearsal(of item: ProtocolConfiguration) -> ProtocolRehearsal { BGPRehearsal(item, daemon, self) }

  func exportMode(of channel: ChannelID) -> ExportMode {
    BGPProtocol.exportMode(daemon.router[channel: channel].configuration, of: session)
  }

  // MARK: Life

  override func start() {
    if peer.configuration.routerID.rawValue == 0 {
      // The protocol was created before there was one.
      driver.machine = Peer(configuration: BGPProtocol.peerConfiguration(configuration, daemon), seed: daemon.generator.next())
      setRecording()
    }
    listening = daemon.bgpTransport?.listen(for: peer.configuration, device: configuration.vrf?.name)
    neighborPlace = nil
    lifetime?.started(at: daemon.now)
    if daemon.recovery.stage == .beginning, peer.configuration.gracefulRestart != .no, !peer.configuration.isListener {
      driver.machine.isRecovering = true
      daemon.recovery.await(channels)
    }
    checkNeighbor()
  }

  override func recovered(_ waiting: Set<ChannelID>) {
    driver.machine.isRecovering = false
    super.recovered(waiting)
  }

  /// The peer has not kept our routes: a recovery no longer waits for this protocol.
  private func leaveRecovery() {
    guard peer.isRecovering else { return }
    driver.machine.isRecovering = false
    for id in channels { daemon.router.releaseExport(id, exporting: exportMode(id)) }
    daemon.recovery.forget(channels)
  }

  override func stop(_ reason: StopReason) {
    if !isEnabled { lifetime?.hold() }
    enter(.stop)
    handle(.stop(Peer.StopReason(reason)))
    finishStop()
  }

  private func finishStop() {
    leaveRecovery()
    for connection in connections.values { connection.abort() }
    connections = [:]
    if let place = listening { daemon.bgpTransport?.stopListening(for: peer.configuration, at: place) }
    listening = nil
    closed()
  }

  /// The machine decides what a peer can change in place (`PeerConfiguration.needsNewSession`).
  override func canReconfigure(to new: ProtocolConfiguration) -> Bool {
    peer.canReconfigure(to: BGPProtocol.peerConfiguration(new, daemon))
  }

  override func reconfigure(_ new: ProtocolConfiguration) {
    adopt(new)
    checkNeighbor()
  }

  override func adopt(_ new: ProtocolConfiguration) {
    super.adopt(new)
    let before = peer.configuration
    let fresh = BGPProtocol.peerConfiguration(new, daemon)
    if before.password != fresh.password, let place = listening {
      // The new one first, so that connections are never accepted without a password. An existing session keeps the password it began with.
      listening = daemon.bgpTransport?.listen(for: fresh, device: new.vrf?.name)
      daemon.bgpTransport?.stopListening(for: before, at: place)
    }
    driver.tell {
      _ = $0.reconfigure(fresh, at: daemon.now, into: &$1)
    } carryOut: {
      carryOut($0)
    }
    if before.decision != fresh.decision {
      for channel in channels { daemon.router[channel: channel].decision = decisionOptions }
      daemon.router.decideAgain()
    }
    setRecording()
  }

  override func record(_ mask: MRTDumpMask) {
    super.record(mask)
    setRecording()
  }

  /// `mrtdump` costs nothing if there is no file.
  private func setRecording() { driver.machine.record(daemon.mrtFile == nil ? [] : configuration.mrtdump) }

  /// Without route refresh (RFC 2918) and an import table only a new session brings the routes again.
  func canReloadImport(_ channel: ChannelID) -> Bool {
    daemon.router[channel: channel].importTable != nil || session?.routeRefresh ?? true
  }

  func reloadImport(_ channel: ChannelID) -> Bool {
    guard let session else { return true }
    if daemon.router[channel: channel].importTable != nil {
      daemon.router.reimport(channel, at: daemon.routeTime)
      return true
    }
    guard session.routeRefresh else { return false }
    let family = daemon.router[channel: channel].configuration.family
    if session.carries(family) { handle(.requestRefresh(family)) }
    return true
  }

  override func remove() {
    daemon.bgpTransport?.remove(self)
    super.remove()
  }

  // MARK: Ranges

  // As in BIRD, the numbers of spawned protocols start over.
  override func configurationApplied() { spawned = 0 }

  /// The configuration that a spawned protocol would have under another configuration; nil if its range is gone, its name is taken, or
  /// its peer now has a protocol in the file.
  override func successor(in new: Configuration) -> ProtocolConfiguration? {
    guard let parentName = configuration.spawnedBy, case .bgp(let peer) = configuration.specification, !new.isTaken(name),
      let parent = new.protocolInstance(named: parentName)
    else { return nil }
    for other in new.protocols where other.vrf == parent.vrf {
      guard case .bgp(let configured) = other.specification else { continue }
      if configured.neighborAddress == peer.neighborAddress, configured.localPort == peer.localPort { return nil }
    }
    return parent.spawned(name, for: peer.neighborAddress)
  }

  // MARK: The neighbour's interface

  /// A direct session lives on a network we are connected to: no interface, no session.
  private func checkNeighbor() {
    guard state != .down, state != .stop else { return }
    watchNeighbor()
    let before = neighborPlace
    neighborPlace = peer.configuration.isDirect && !peer.configuration.isListener ? neighborInterface?.index : 0
    switch (before, neighborPlace) {
    case (nil, nil): break
    case (nil, _?): handle(.start)
    case (_?, nil): handle(.stop(.neighborLost))
    case (let old?, let new?):
      // A session belongs to a neighbour on one link; on another link it is a new neighbour.
      if old != new || boundToInterface && !isBoundToInterface { return handle(.restart(.neighborLost)) }
      guard let local = session?.endpoints.local ?? connections.values.first?.localEndpoint?.address else { return }
      let addresses = ownAddresses(local)
      handle(.addressesChanged(linkLocal: addresses.linkLocal, otherFamily: addresses.otherFamily))
    }
  }

  /// RFC 5882 §4.2, §4.3.
  override func watchedChanged(_ request: BFDRequest, hasFailed: Bool) {
    guard hasFailed else { return }
    let event = configuration.bfd?.isGraceful == true ? Peer.Event.pathLost : .restart(.bfdDown)
    handle(event)
  }

  override func vrfChanged() { daemon.restart(self, reason: .restart("")) }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) { checkNeighbor() }

  // MARK: The machine

  var peer: Peer { _read { yield driver.machine } }

  override var nextDeadline: Instant? { earliest(state == .down ? nil : driver.nextDeadline, lifetime?.end) }

  override func deadlineReached(_ now: Instant) {
    if let end = lifetime?.end, end <= now { return daemon.removeSpawned(self, "no session for too long") }
    driver.deadlineReached({ daemon.now }, read: catchUp, carryOut: carryOut)
  }

  /// Any message shows that the peer is alive, and what a connection reads in one round contains at least one.
  private func catchUp() {
    for id in connections.keys.sorted(by: { $0.direction.rawValue < $1.direction.rawValue }) {
      connections[id]?.catchUp()
      report(id)
    }
  }

  private func handle(_ event: Peer.Event) {
    driver.handle(event, at: daemon.now, carryOut: carryOut)
    daemon.scheduleTurn()
  }

  private func carryOut(_ output: Peer.Output) {
    for action in output.actions { act(on: action) }
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
    case .suspended(let kept): suspended(kept)
    case .sweep(let family): if let channel = channel(family) { daemon.router.endRefresh(channel, at: daemon.routeTime) }
    case .depreference(let family): if let channel = channel(family) { daemon.router.depreference(channel, at: daemon.routeTime) }
    case .sessionChanged(let parameters, let families):
      session = parameters
      findNextHopsAnew(parameters)
      for family in families { channel(family).map { daemon.router.refeed($0, resend: true) } }
    case .refresh(let family): refresh(family)
    case .disable:
      isEnabled = false
      lifetime?.failed(at: daemon.now)
      enter(.stop)
      finishStop()
    case .stateChanged(let state):
      daemon.log.trace(self, .states, "BGP state changed to \(state.name)")
      // There is a disagreement with the peer, which waiting a little will not resolve.
      if state == .idle { leaveRecovery() }
    case .record(let record): daemon.write(record)
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
      handle(.connectionFailed(id, reason: error.reason))
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
    handle(.connectionOpened(id, endpoints))
  }

  private func ended(_ id: ConnectionID, _ error: SystemError?) {
    guard let connection = connections.removeValue(forKey: id) else { return }
    let wasConnecting = connection.state == .connecting || error?.operation == "connect"
    if wasConnecting {
      handle(.connectionFailed(id, reason: error?.reason ?? "connection closed"))
    } else {
      handle(.connectionClosed(id, reason: error?.reason))
    }
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
    handle(.accepted(id, endpoints))
  }

  /// A peer of the range had to be refused: logged once a minute.
  func tellTooMany(_ remote: Endpoint) {
    guard refusalLimiter.admits(at: daemon.now) else { return }
    daemon.log.warning("\(name): Too many peers of the range, \(remote.address) is refused")
  }

  private func received(_ bytes: RawSpan, _ id: ConnectionID) {
    var offset = 0
    // More than one round only where the session begins within these bytes.
    while offset < bytes.byteCount, connections[id] != nil {
      var sink = BGPSink(daemon.routerPointer, sinkChannels, daemon.routeTime, nextHopCache)
      nextHopCache = BGPSink.NextHopCache()
      driver.tell {
        offset += $0.receive(bytes.extracting(droppingFirst: offset), on: id, at: daemon.now, sink: &sink, into: &$1)
        sink.end()
        nextHopCache = sink.cache
        if sink.invalid.count > 0 { tell(sink.invalid) }
      } carryOut: {
        carryOut($0)
      }
      if peer.isRecovering { for family in sink.ended { channel(family).map { daemon.recovery.release($0) } } }
    }
    daemon.scheduleTurn()
  }

  private func tell(_ invalid: BGPSink.InvalidNextHops) {
    guard invalidNextHopLimiter.admits(at: daemon.now) else { return }
    daemon.log.remote("\(name): \(invalid.text)")
  }

  /// RFC 9687: the machine watches whether the peer accepts what we send.
  private func report(_ id: ConnectionID) {
    guard let connection = connections[id] else { return }
    handle(.written(id, pending: connection.queued))
  }

  // MARK: The session

  private func established(_ id: ConnectionID, _ parameters: SessionParameters) {
    session = parameters
    sessionConnection = id
    boundToInterface = isBoundToInterface
    updates.reset(parameters)
    lifetime?.established()
    findNextHopsAnew(parameters)
    let carried = parameters.families.compactMap { channel($0) }
    for id in channels {
      if !carried.contains(id) { daemon.router.close(id, at: daemon.routeTime) }
      prepareExport(id, parameters, isCarried: carried.contains(id))
    }
    opened(carried)
  }

  /// RFC 4724 §4.1: after our restart, the peer keeps using our old routes until we have sent all new ones.
  private func prepareExport(_ id: ChannelID, _ parameters: SessionParameters, isCarried: Bool) {
    let family = daemon.router[channel: id].configuration.family
    if peer.isRecovering, !isCarried || !parameters.peerAwaitsRestart { daemon.recovery.release(id) }
    if peer.isRecovering, isCarried, parameters.peerAwaitsRestart, parameters.keepsStateOverRestart(family) {
      waitForRecovery(id)
    } else {
      daemon.router.releaseExport(id, exporting: exportMode(id))
    }
  }

  private func lost() {
    forgetSession()
    closeChannels()
    leaveRecovery()
    if state == .up { enter(.start) }
  }

  /// The peer restarts: some of its routes stay (RFC 4724 §4.2).
  private func suspended(_ kept: [AddressFamily]) {
    forgetSession()
    let held = kept.compactMap { channel($0) }
    for id in channels {
      // The next session will tell whether to wait.
      daemon.recovery.drop(id)
      if held.contains(id) { daemon.router.suspend(id) } else { daemon.router.close(id, at: daemon.routeTime) }
    }
    if state == .up { enter(.start) }
  }

  private func forgetSession() {
    session = nil
    sessionConnection = nil
    sinkChannels = PerFamily(repeating: nil)
    lifetime?.lost(at: daemon.now)
    forgetNextHops()
  }

  private func forgetNextHops() {
    daemon.router.nextHops.release(nextHopCache.set)
    nextHopCache = BGPSink.NextHopCache()
  }

  /// How received next hops are looked up follows the options of the channels.
  private func findNextHopsAnew(_ parameters: SessionParameters) {
    forgetNextHops()
    sinkChannels = PerFamily(ipv4: bgpChannel(.ipv4, parameters), ipv6: bgpChannel(.ipv6, parameters))
  }

  /// The peer wants all our routes of a family again (RFC 2918), with their end marked if it understands that (RFC 7313 §4.1).
  private func refresh(_ family: AddressFamily) {
    guard let session, let channel = channel(family) else { return }
    daemon.router.refeed(channel, resend: true)
    guard session.enhancedRefresh, updates.beginRefresh(family) else { return }
    handle(.refreshBegins(family))
  }

  /// Writes UPDATEs while the socket accepts them: a slow peer costs a queue of networks, never a queue of messages.
  func pumpExports(_ now: Instant) -> Bool {
    guard let session, let id = sessionConnection, let connection = connections[id], connection.canSend else { return false }
    var more = false
    for family in session.families {
      guard let channel = channel(family), !daemon.router[channel: channel].holdsExport else { continue }
      if updates.pump(channel, family, session, daemon.routerPointer) { more = true }
    }
    if updates.writer.count > 0 {
      connection.send(updates.writer.bytes.span.bytes)
      updates.writer.removeAll()
      report(id)
    }
    for family in updates.takeEndedRefreshes() { handle(.refreshEnds(family)) }
    return more && connection.canSend
  }

  func exportObserver(of channel: ChannelID) -> RouteObserver? {
    session.map { BGPObserver($0, daemon.router[channel: channel].configuration.family) }
  }

  var hasPendingExports: Bool { session != nil && (hasMarkedExports || updates.owesMarker) }
}
