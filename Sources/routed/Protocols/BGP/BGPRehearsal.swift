import BGP
import Configuration
import Control
import Linux
import RouteCore

extension ProtocolShell {
  static let bgp = ProtocolShell(kind: .bgp, make: { BGPProtocol($0, $1) }, rehearse: { BGPRehearsal($0, $1, nil) })
}

/// `plan` for `protocol bgp`. A session that restarts is assumed to bring the same routes again.
final class BGPRehearsal: ProtocolRehearsal {
  private let running: BGPProtocol?
  private let peer: PeerConfiguration

  init(_ item: ProtocolConfiguration, _ daemon: Daemon, _ running: BGPProtocol?) {
    self.running = running
    peer = BGPProtocol.peerConfiguration(item)
    super.init(item, daemon)
  }

  override var decision: RouteCore.DecisionOptions { BGPProtocol.decisionOptions(peer) }
  override var keepsRoutes: Bool { true }
  override var isExporter: Bool { true }
  override func exportMode(_ channel: ChannelConfiguration) -> ExportMode { BGPProtocol.exportMode(channel, of: session) }

  override func observer(_ family: AddressFamily, present: RouteObserver?) -> RouteObserver? {
    fate.staysUp && (present == nil || observesAlike) ? present : session.map { BGPObserver($0, family) }
  }

  override var observesAlike: Bool { fate.staysUp && session == running?.session }

  override func add(to plan: RoutePlan, _ order: UInt16) {
    // It has no session itself, and its future peers are unknown.
    if !peer.isListener { super.add(to: plan, order) }
  }

  // MARK: What comes in

  override func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {
    if let present { return bring(present, family, through: id, into: plan) }
    if case .none? = item.channel(family)?.importPolicy { return }
    plan.note("routes of \(name(family)) are known only when its session is up")
  }

  /// The received routes are known only if the current filter accepted them unmodified, or `import keep filtered` kept them.
  private func bring(_ present: ChannelID, _ family: AddressFamily, through id: ChannelID, into plan: RoutePlan) {
    let old = daemon.router[channel: present].configuration
    if let received = daemon.router[channel: present].importTable {
      return plan.rehearsal.bring(present, through: id, includingFiltered: false, received: received)
    }
    plan.rehearsal.bring(present, through: id, includingFiltered: old.keepFiltered)
    switch old.importPolicy {
    case .all: break
    case .none:
      if !old.keepFiltered { plan.note("import of \(name(family)): its routes are not kept now, none is judged") }
    case .filter(let program, _):
      let changes = program.writesAttributes || program.writesNextHop
      if !old.keepFiltered {
        plan.note("import of \(name(family)): judged on accepted routes only" + (changes ? ", as the present filter left them" : ""))
      } else if changes {
        plan.note("import of \(name(family)): accepted routes are judged as the present filter left them")
      }
    }
  }

  // MARK: The session

  /// The current session, or the one to be expected.
  private var session: SessionParameters? {
    let present = running?.session
    if fate.staysUp { return present?.under(BGPProtocol.peerConfiguration(item, daemon)) }
    return SessionParameters(
      expecting: peer, endpoints: present?.endpoints ?? expectedEndpoints, known: present?.remoteCapabilities)
  }

  /// The ends that a connection to the neighbour would have, as far as can be told.
  private var expectedEndpoints: Endpoints {
    let neighbor = peer.neighborAddress
    let interface = peer.interface.map { daemon.interfaces.named($0) } ?? daemon.interfaces.connected(neighbor)
    var local = peer.localAddress
    if local == nil, let interface { local = daemon.preferredAddresses.address(facing: neighbor, on: interface) }
    var endpoints = Endpoints(local: local ?? .unspecified, remote: neighbor)
    endpoints.interface = interface?.index ?? 0
    endpoints.linkLocal = interface.flatMap(daemon.preferredAddresses.linkLocal)
    endpoints.otherFamily = interface.flatMap { daemon.preferredAddresses.address(neighbor.family.other, of: $0)?.address }
    return endpoints
  }
}

/// How a peer sees routes.
final class BGPObserver: RouteObserver {
  private let session: SessionParameters
  private let family: AddressFamily
  private let gate: BGPGate

  init(_ session: SessionParameters, _ family: AddressFamily) {
    self.session = session
    self.family = family
    gate = BGPGate(session: session, family: family)
  }

  override func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { gate.admits(header, records) }
  override var presetsRoutes: Bool { gate.presetsRoutes }
  override func preset(_ route: inout RouteAttributes, via hops: [NextHop]) { gate.preset(&route, via: hops) }

  override func observe(_ id: AttributeID, _ router: borrowing Router) -> ObservedRoute? {
    var attributes = RouteAttributes(AttributeHeader(source: .none, preference: 0))
    return BGPExporter.prepare(&attributes, id, family, session, router) ? ObservedRoute(attributes: attributes) : nil
  }

  override func lines(_ route: ObservedRoute, _ interfaces: [UInt32: String]) -> [String] {
    Snapshot.Route.attributeLines(route.attributes)
  }
}
