import BFD
import Configuration
import Linux
import RouteCore

extension ProtocolShell {
  static let bfd = ProtocolShell(kind: .bfd, make: { BFDProtocol($0, $1) }, rehearse: { ProtocolRehearsal($0, $1) })
}

/// `protocol bfd`: the shell of `Sessions`. It moves packets in and out of its sockets, reports changes to `BFDRequests`, and makes requests
/// of its own for the neighbours that the configuration names.
///
/// It has a timer of its own, so that packets, perhaps hundreds a second, cost the daemon no turns.
final class BFDProtocol: ProtocolInstance {
  private let driver: MachineDriver<Sessions>
  private var receivers: [BFDReceiver] = []
  /// With `strict bind`, one for each local address.
  private var boundReceivers: [Place: BFDReceiver] = [:]
  private var senders = PerFamily<BFDSender?>(repeating: nil)
  private var timer: DeadlineTimer?
  /// Sending to a neighbour may fail repeatedly: limits the log to one line.
  private var sendFailures: [SessionKey: Int32] = [:]

  private struct Place: Hashable {
    var address: IPAddress
    var interface: UInt32
  }

  private var specification: BFDConfiguration { BFDProtocol.specification(configuration) }

  private static func specification(_ configuration: ProtocolConfiguration) -> BFDConfiguration {
    guard case .bfd(let specification) = configuration.specification else {
      preconditionFailure("a BFD protocol has a BFD configuration")
    }
    return specification
  }

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    driver = MachineDriver(Sessions(configuration: BFDProtocol.specification(configuration), seed: daemon.generator.next()))
    super.init(configuration, daemon)
  }

  override var subject: CommandSubject { .bfd(self) }

  // MARK: Life

  override func start() {
    if let name = configuration.vrf?.name, daemon.interfaces.named(name) == nil {
      return daemon.log.warning("\(self.name): there is no VRF \(name) yet")
    }
    timer = DeadlineTimer(daemon.loop) { self.timerFired() }
    let accepted = specification.accepted
    if accepted.contains(.ipv4) { senders.ipv4 = openSender(.ipv4) }
    if accepted.contains(.ipv6) { senders.ipv6 = openSender(.ipv6) }
    if !specification.strictBind {
      for family in AddressFamily.allCases where accepted.contains(family == .ipv4 ? .ipv4 : .ipv6) {
        let everywhere = TCPListener.everywhere(family, port: 0).address
        if accepted.contains(.direct) { receivers += openReceiver(everywhere, isMultihop: false).map { [$0] } ?? [] }
        if accepted.contains(.multihop) { receivers += openReceiver(everywhere, isMultihop: true).map { [$0] } ?? [] }
      }
    }
    opened()
    daemon.bfd.started(self)
    watchNeighbors()
  }

  override func stop(_ reason: StopReason) {
    enter(.stop)
    handle(.stop(daemon.isShuttingDown ? .silent : .told))
    for receiver in receivers { receiver.close() }
    receivers = []
    senders.ipv4?.close()
    senders.ipv6?.close()
    senders = PerFamily(repeating: nil)
    timer?.cancel()
    timer = nil
    closed()
    daemon.bfd.stopped(self)
  }

  override func vrfChanged() { daemon.restart(self, reason: .restart("")) }

  override func reconfigure(_ new: ProtocolConfiguration) {
    adopt(new)
    guard state == .up else { return }
    handle(.reconfigure(specification))
    watchNeighbors()
  }

  override func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    if state == .up { watchNeighbors() }
  }

  // MARK: Requests

  /// Whether this protocol handles a session.
  func takes(_ request: BFDRequest) -> Bool {
    guard state == .up, specification.accepts(request.wish.key) else { return false }
    return configuration.vrf == nil || configuration.vrf == request.owner.configuration.vrf
  }

  func open(_ wish: BFDRequest.Wish) {
    let name = wish.key.isMultihop ? nil : daemon.interfaces[wish.key.interface]?.name ?? ""
    handle(.open(wish.key, from: wish.source, interfaceName: name, wish.overrides))
  }

  /// `neighbor …`: requests for single-hop neighbours, as soon as they are on a link.
  private func watchNeighbors() {
    watch(
      specification.neighbors.compactMap { neighbor in
        if neighbor.isMultihop {
          return neighbor.local.map { BFDRequest.Wish(key: SessionKey(neighbor.address), source: $0) }
        }
        let found = neighbor.interface.map { daemon.interfaces.named($0) } ?? daemon.interfaces.connected(neighbor.address, where: sees)
        guard let interface = found, sees(interface), interface.isUp else { return nil }
        guard let local = neighbor.local ?? daemon.preferredAddresses.address(facing: neighbor.address, on: interface) else { return nil }
        return BFDRequest.Wish(key: SessionKey(neighbor.address, interface: interface.index), source: local)
      })
  }

  // MARK: The machine

  var sessions: Sessions { _read { yield driver.machine } }

  func handle(_ event: Sessions.Event) {
    driver.output.trace = traceFlags
    driver.handle(event, at: daemon.now, carryOut: carryOut)
  }

  /// Its own deadlines, which the daemon does not know.
  func timerFired() {
    driver.output.trace = traceFlags
    driver.deadlineReached({ daemon.now }, read: catchUp, carryOut: carryOut)
    timer?.deadline = driver.nextDeadline
  }

  private func catchUp() {
    for receiver in receivers { receiver.catchUp() }
    // The order does not matter: each socket has packets of different sessions.
    for receiver in boundReceivers.values { receiver.catchUp() }
  }

  private var traceFlags: Sessions.Output.Trace {
    let mask = configuration.debug
    return mask.contains(.events) ? (mask.contains(.packets) ? [.events, .packets] : .events) : mask.contains(.packets) ? .packets : []
  }

  private func carryOut(_ output: Sessions.Output) {
    for packet in output.packets { send(packet, output.bytes) }
    for line in output.lines {
      switch line.level {
      case .trace: daemon.log.write(.trace, "\(name): \(line.text)")
      case .remote: daemon.log.remote("\(name): \(line.text)")
      case .auth: daemon.log.write(.auth, "\(name): \(line.text)")
      }
    }
    if output.sessionsChanged { bindReceivers() }
    timer?.deadline = driver.nextDeadline
    guard !output.changes.isEmpty else { return }
    // Deferred: the protocols told may be in the middle of changing their requests.
    let changes = output.changes
    daemon.loop.perform { [self] in
      for change in changes where state == .up { daemon.bfd.changed(change, of: self) }
    }
  }

  // MARK: Packets

  private func openSender(_ family: AddressFamily) -> BFDSender? {
    // RFC 5881 §4
    let ports = (0..<16).map { _ in 49152 + UInt16(truncatingIfNeeded: daemon.generator.next() % 16384) }
    do throws(SystemError) {
      return try BFDSender(family, device: configuration.vrf?.name, ports: ports)
    } catch {
      daemon.log.error("\(name): \(error)")
      return nil
    }
  }

  private func openReceiver(_ local: IPAddress, isMultihop: Bool, interface: Interface? = nil) -> BFDReceiver? {
    do throws(SystemError) {
      return try BFDReceiver(
        daemon.loop,
        on: Endpoint(local, port: isMultihop ? BFDReceiver.multihopPort : BFDReceiver.directPort, interface: interface?.index ?? 0),
        device: interface?.name ?? configuration.vrf?.name,
        onPacket: { self.received($0, $1, isMultihop) }, onError: { self.daemon.log.error("\(self.name): \($0)") })
    } catch {
      daemon.log.error("\(name): \(error)")
      return nil
    }
  }

  /// `strict bind`: a socket for each place that a session has.
  private func bindReceivers() {
    guard specification.strictBind || !boundReceivers.isEmpty else { return }
    let wanted = sessions.all.map { Place(address: $0.source, interface: $0.key.interface) }
    for (place, receiver) in boundReceivers where !wanted.contains(place) {
      receiver.close()
      boundReceivers[place] = nil
    }
    for place in wanted where boundReceivers[place] == nil {
      let interface = place.interface == 0 ? nil : daemon.interfaces[place.interface]
      boundReceivers[place] = openReceiver(place.address, isMultihop: place.interface == 0, interface: interface)
    }
  }

  private func received(_ arrival: BFDReceiver.Arrival, _ bytes: RawSpan, _ isMultihop: Bool) {
    guard state == .up else { return }
    let how = Sessions.Arrival(
      from: arrival.source, on: arrival.interface, hopLimit: UInt8(exactly: arrival.hopLimit), isMultihop: isMultihop)
    driver.output.trace = traceFlags
    driver.tell {
      $0.receive(bytes, how, at: daemon.now, into: &$1)
    } carryOut: {
      carryOut($0)
    }
  }

  private func send(_ packet: Sessions.Output.Packet, _ all: [UInt8]) {
    let key = packet.destination
    guard let sender = senders[key.address.family] else { return }
    let port = key.isMultihop ? BFDReceiver.multihopPort : BFDReceiver.directPort
    let bytes = all.span.bytes.extracting(packet.range)
    let error = sender.send(bytes, from: packet.source, to: key.address, port: port, on: key.interface)
    guard let error else {
      if !sendFailures.isEmpty { sendFailures[key] = nil }
      return
    }
    // A failure is irrelevant if the socket is no longer wanted.
    guard sessions[key]?.closingDeadline == nil, sendFailures.updateValue(error.code, forKey: key) != error.code else { return }
    daemon.log.warning("\(name): \(error)")
  }
}
