import BGP
import Configuration
import Control
import Linux
import OSPFv3
import RouteCore

// `plan`: which routes each peer and the kernel would gain, lose or see changed under another configuration.
//
//   RoutePlan    what comes in and goes out where under the other configuration, for a `Rehearsal` of its tables
//   PlanAnswer   walks the networks, a few at a time, compares what is exported now with what the rehearsal exports, and answers
//
// Routes of a protocol whose import does not change come in as they are in the tables; others as they were before the filter, as far as
// that is known, which the answer says. Sessions that restart are taken to bring the same routes again.

/// The other configuration, made ready.
final class RoutePlan {
  let daemon: Daemon
  let configuration: Configuration
  let reconfiguration: ReconfigurationPlan
  var rehearsal = Rehearsal()
  private(set) var exports: [PlannedExport] = []
  /// What cannot be known.
  private(set) var notes: [String] = []

  init(_ daemon: Daemon, to wanted: Configuration) {
    self.daemon = daemon
    configuration = daemon.prepared(wanted)
    reconfiguration = ReconfigurationPlan(daemon, to: configuration)
    rehearsal.takeSurroundings(from: daemon.router)
    rehearsal.router.showsFirstHopOfMultipath = !configuration.dialect.isBird1
    for table in configuration.tables {
      let present = daemon.router.tableIndex(table.name).flatMap { daemon.router[table: $0].family == table.family ? $0 : nil }
      let number = rehearsal.addTable(table.name, table.family, present: present)
      rehearsal.router[table: number].isSorted = table.sorted
    }
    for (order, item) in configuration.protocols.enumerated() where !item.disabled { add(item, UInt16(clamping: order)) }
    for instance in daemon.protocols {
      if let item = configuration.protocolInstance(named: instance.name), !item.disabled, item.kind == instance.configuration.kind {
        continue
      }
      for channel in instance.channels {
        guard let side = presentSide(instance, channel) else { continue }
        let row = row(instance.configuration, daemon.router[channel: channel].configuration.family, .removed)
        exports.append(PlannedExport(present: side, future: nil, isObservedAlike: false, row: row))
      }
    }
  }

  /// What becomes of a protocol.
  private struct Fate {
    /// The one that runs now, if it is of the same kind and up.
    var running: ProtocolInstance?
    var action: ReconfigurationPlan.Action
    var reloads: [ConfigurationDifference.ChannelReload]

    var staysUp: Bool { action != .restart && action != .start }
    func imports(_ family: AddressFamily) -> Bool { reloads.contains { $0.family == family && $0.imports } }
  }

  private func fate(_ item: ProtocolConfiguration) -> Fate {
    guard let step = reconfiguration.step(item.name), let instance = daemon.instance(item.name),
      instance.configuration.kind == item.kind, instance.state != .down
    else { return Fate(running: nil, action: .start, reloads: []) }
    return Fate(running: instance, action: step.action, reloads: step.reloads)
  }

  // MARK: Protocols

  private func add(_ item: ProtocolConfiguration, _ order: UInt16) {
    let fate = fate(item)
    if case .pipe(let pipe) = item.specification { return addPipe(item, pipe, order) }
    // It has no session itself, and who will come is not known.
    if case .bgp(let peer) = item.specification, peer.isListener { return }
    for channel in item.channels {
      guard let table = rehearsal.router.tableIndex(channel.table) else { continue }
      var rehearsed = RehearsedChannel(channel, item.name, table: table, order: order, mode: mode(item, channel, fate))
      let present = fate.running?.channel(channel.family).flatMap { daemon.router[channel: $0].state == .up ? $0 : nil }
      let isStored = present != nil && isStored(item, fate, channel.family)
      if case .bgp(let peer) = item.specification { rehearsed.decision = BGPProtocol.decisionOptions(peer) }
      if isStored {
        rehearsed.configuration.importPolicy = .all
        rehearsed.keepsPreference = true
      }
      let id = rehearsal.addChannel(rehearsed)
      if isStored, let present {
        rehearsal.bring(present, through: id, includingFiltered: false)
      } else {
        bringAnew(item, fate, channel.family, present, through: id)
      }
      addExport(item, fate, channel.family, present, id)
    }
  }

  private func mode(_ item: ProtocolConfiguration, _ channel: ChannelConfiguration, _ fate: Fate) -> Channel.ExportMode {
    switch item.specification {
    case .kernel(let kernel): kernel.mergePathsLimit.map { .merged(limit: $0) } ?? .best
    case .bgp(let peer): BGPProtocol.exportMode(channel, of: session(peer, fate))
    case .ospf: .best
    case .device, .direct, .static, .pipe, .bfd: .off
    }
  }

  private func addPipe(_ item: ProtocolConfiguration, _ pipe: PipeConfiguration, _ order: UInt16) {
    guard let channel = item.channels.first, let table = rehearsal.router.tableIndex(channel.table),
      let peerTable = rehearsal.router.tableIndex(pipe.peerTable)
    else { return }
    var own = RehearsedChannel(PipeProtocol.withoutFilter(channel), item.name, table: table, order: order, mode: .any)
    var peer = RehearsedChannel(PipeProtocol.peerEnd(channel), item.name, table: peerTable, order: order, mode: .any)
    own.keepsPreference = !pipe.opaque
    peer.keepsPreference = !pipe.opaque
    rehearsal.addPipe(rehearsal.addChannel(own), rehearsal.addChannel(peer))
  }

  // MARK: What comes in

  /// Whether the routes of a channel come through its import as they did.
  private func isStored(_ item: ProtocolConfiguration, _ fate: Fate, _ family: AddressFamily) -> Bool {
    if fate.imports(family) { return false }
    switch item.specification {
    case .bgp, .ospf: return true
    case .static: return fate.action == .keep
    case .device, .direct, .kernel, .pipe, .bfd: return fate.action != .restart
    }
  }

  /// Brings the routes of a channel as they come before its import filter.
  private func bringAnew(
    _ item: ProtocolConfiguration, _ fate: Fate, _ family: AddressFamily, _ present: ChannelID?, through id: ChannelID
  ) {
    switch item.specification {
    case .static(let specification): bring(specification, item, family, through: id)
    case .direct(let direct):
      for interface in daemon.interfaces.all where daemon.interfaces.contains(interface, in: item.vrf) {
        for prefix in DirectProtocol.networks(interface, direct).sorted() where prefix.family == family {
          let attributes = RouteAttributes(AttributeHeader(source: .device, preference: 0))
          rehearsal.bring(RehearsedRoute(id, prefix, attributes, .direct([NextHop(interface: interface.index)])))
        }
      }
    case .kernel(let kernel): bring(kernel, item, fate, through: id)
    case .ospf:
      guard let ospf = fate.running as? OSPFProtocol else { return note("routes of \(item.name) are known only when it is up") }
      var attributes = RouteAttributes(AttributeHeader(source: .ospf, preference: 0))
      for (prefix, route) in ospf.instance.routes {
        OSPFProtocol.fill(&attributes, route)
        rehearsal.bring(RehearsedRoute(id, prefix, attributes, NextHopSource(route.nextHops)))
      }
    case .bgp:
      guard let present else {
        if case .none? = item.channel(family)?.importPolicy { return }
        return note("routes of \(name(item, family)) are known only when its session is up")
      }
      bringBGP(item, family, present, through: id)
    case .device, .pipe, .bfd: break
    }
  }

  private func bring(
    _ specification: StaticConfiguration, _ item: ProtocolConfiguration, _ family: AddressFamily, through id: ChannelID
  ) {
    for route in specification.routes where route.prefix.family == family {
      guard let (header, hops) = StaticProtocol.make(route, item, daemon) else { continue }
      var source = NextHopSource(hops)
      if case .recursive(let gateway, let labels) = route.destination {
        let table = specification.igpTables[gateway.family].flatMap { rehearsal.router.tableIndex($0) }
        source = .recursive(RecursiveNextHop(gateway, table: table ?? rehearsal.router[channel: id].table, labels: labels))
      }
      var rehearsed = RehearsedRoute(id, route.prefix, RouteAttributes(header), source)
      rehearsed.commands = route.commands
      rehearsal.bring(rehearsed)
    }
  }

  private func bring(_ kernel: KernelConfiguration, _ item: ProtocolConfiguration, _ fate: Fate, through id: ChannelID) {
    guard kernel.learn else { return }
    guard let running = fate.running as? KernelProtocol, running.specification.learn, running.specification.table == kernel.table else {
      return note("routes that \(item.name) learns are known only when it is up")
    }
    for route in running.learntRoutes {
      let hops = route.destination == .unicast ? route.nextHops.map { $0.hop } : []
      rehearsal.bring(RehearsedRoute(id, route.prefix, KernelProtocol.attributes(of: route), NextHopSource(hops)))
    }
  }

  /// What the peer announced is known as far as the present filter let it through unchanged, or `import keep filtered` kept it.
  private func bringBGP(_ item: ProtocolConfiguration, _ family: AddressFamily, _ present: ChannelID, through id: ChannelID) {
    let old = daemon.router[channel: present].configuration
    if let received = daemon.router[channel: present].importTable {
      return rehearsal.bring(present, through: id, includingFiltered: false, received: received)
    }
    rehearsal.bring(present, through: id, includingFiltered: old.keepFiltered)
    switch old.importPolicy {
    case .all: break
    case .none:
      if !old.keepFiltered { note("import of \(name(item, family)): its routes are not kept now, none is judged") }
    case .filter(let program, _):
      let changes = program.writesAttributes || program.writesNextHop
      if !old.keepFiltered {
        note("import of \(name(item, family)): judged on accepted routes only" + (changes ? ", as the present filter left them" : ""))
      } else if changes {
        note("import of \(name(item, family)): accepted routes are judged as the present filter left them")
      }
    }
  }

  private func note(_ text: String) { notes.append(text) }

  private func name(_ item: ProtocolConfiguration, _ family: AddressFamily) -> String {
    item.channels.count > 1 ? "\(item.name).\(family)" : item.name
  }

  // MARK: What goes out

  private func row(_ item: ProtocolConfiguration, _ family: AddressFamily, _ state: PlanView.State) -> PlanView.Row {
    PlanView.Row(name: item.name, family: family, type: item.kind.displayName, state: state)
  }

  private func addExport(_ item: ProtocolConfiguration, _ fate: Fate, _ family: AddressFamily, _ present: ChannelID?, _ id: ChannelID) {
    let before = fate.running.flatMap { running in present.flatMap { presentSide(running, $0) } }
    let staysUp = fate.staysUp
    var future: PlannedExport.Side?
    switch item.specification {
    case .bgp(let peer):
      if staysUp {
        future = before.map { PlannedExport.Side(channel: id, observer: $0.observer) }
      } else {
        future = session(peer, fate).map { PlannedExport.Side(channel: id, observer: .bgp($0, family)) }
      }
    case .kernel(let kernel): future = PlannedExport.Side(channel: id, observer: .kernel(kernel, family))
    case .ospf: future = PlannedExport.Side(channel: id, observer: .ospf)
    case .device, .direct, .static, .pipe, .bfd: return
    }
    let state: PlanView.State = fate.running == nil ? .new : future == nil ? .down : staysUp ? .kept : .restarted
    exports.append(
      PlannedExport(present: before, future: future, isObservedAlike: staysUp, row: row(item, family, state)))
  }

  /// Nil where nothing is exported.
  private func presentSide(_ instance: ProtocolInstance, _ channel: ChannelID) -> PlannedExport.Side? {
    guard daemon.router[channel: channel].state == .up else { return nil }
    return instance.exportObserver(of: channel).map { PlannedExport.Side(channel: channel, observer: $0) }
  }

  /// The session that there is, or that may be expected.
  private func session(_ peer: PeerConfiguration, _ fate: Fate) -> SessionParameters? {
    let running = (fate.running as? BGPProtocol)?.session
    if fate.staysUp { return running }
    return SessionParameters(
      expecting: peer, endpoints: running?.endpoints ?? expectedEndpoints(peer), known: running?.remoteCapabilities)
  }

  /// The ends that a connection to a neighbour would have, as far as can be told.
  private func expectedEndpoints(_ peer: PeerConfiguration) -> Endpoints {
    let neighbor = peer.neighborAddress
    let interface = peer.interface.map { daemon.interfaces.named($0) } ?? daemon.interfaces.connected(neighbor)
    var local = peer.localAddress
    if local == nil, let interface { local = daemon.preferredAddresses.address(facing: neighbor, on: interface) }
    var endpoints = Endpoints(local: local ?? .unspecified, remote: neighbor)
    endpoints.interface = interface?.index ?? 0
    endpoints.linkLocal = interface.flatMap(daemon.preferredAddresses.linkLocal)
    endpoints.otherFamily = interface.flatMap { daemon.preferredAddresses.address(neighbor.isIPv4 ? .ipv6 : .ipv4, of: $0)?.address }
    return endpoints
  }
}
