import Control
import ControlLanguage
import Linux
import OSPFv3
import RouteCore

// `show ospf …`
extension CommandRunner {
  func showOSPF(_ command: Command, _ reply: inout ReplyWriter) throws(ControlError) {
    switch command {
    case .showOSPF(let name):
      guard let running = try running(name, .ospf, &reply) else { return }
      OSPFView.write(running.map { OSPFView($0.name, $0.instance.view) }, style, to: &reply)
    case .showOSPFNeighbors(let query):
      guard let running = try running(query.instance, .ospfNeighbor, &reply) else { return }
      OSPFNeighborView.write(running.map { ($0.name, neighbors($0, query.interfaces)) }, style, to: &reply)
    case .showOSPFInterface(let query):
      guard let running = try running(query.instance, .ospfInterface, &reply) else { return }
      OSPFInterfaceView.write(running.map { ($0.name, interfaces($0, query.interfaces)) }, to: &reply)
    case .showOSPFTopology(let name, let detail):
      guard let running = try running(name, .ospfTopology, &reply) else { return }
      topology(running).write(.topology, detail, to: &reply)
    case .showOSPFState(let name, let detail):
      guard let running = try running(name, .ospfTopology, &reply) else { return }
      topology(running).write(.state, detail, to: &reply)
    case .showOSPFLSADB(let query):
      guard let running = try running(query.instance, .ospfLSADB, &reply) else { return }
      OSPFLSADBView(sections: running.flatMap { sections($0, query) }).write(to: &reply)
    default: reply.final(.ok)
    }
  }

  /// The instances a command means; nil if the one named is not up, which is answered here.
  private func running(_ name: String?, _ code: ReplyCode, _ reply: inout ReplyWriter) throws(ControlError) -> [OSPFProtocol]? {
    let chosen = try instances(named: name, kind: "OSPF") { $0.subject.ospf }
    let running = chosen.filter { $0.state == .up }
    if running.isEmpty, let only = chosen.first {
      reply.line(code, "\(only.name): is not up")
      reply.final(.ok)
      return nil
    }
    return running
  }

  private static func matches(_ name: String, _ pattern: String?) -> Bool { pattern.map { Glob.matches($0, name) } ?? true }

  private func neighbors(_ ospf: OSPFProtocol, _ pattern: String?) -> [OSPFNeighborView] {
    let now = daemon.now
    return ospf.instance.neighborViews.filter { CommandRunner.matches($0.interfaceName, pattern) }.map { neighbor in
      let role: OSPFNeighborView.Role =
        switch neighbor.position {
        case .designatedRouter: .designated
        case .backup: .backup
        case .other: .other
        case .pointToPoint: .pointToPoint
        }
      var view = OSPFNeighborView(
        routerID: neighbor.routerID, priority: neighbor.priority, state: OSPFNeighborView.State(rawValue: neighbor.state.name) ?? .down,
        role: role, deadTime: max(neighbor.inactivityDeadline - now, .zero), interface: neighbor.interfaceName,
        address: neighbor.address)
      view.isRestarting = neighbor.isRestarting
      return view
    }
  }

  private func interfaces(_ ospf: OSPFProtocol, _ pattern: String?) -> [OSPFInterfaceView] {
    let showsWeight = ospf.instance.configuration.ecmp
    return ospf.instance.interfaceViews.filter { CommandRunner.matches($0.name, pattern) }.map { interface in
      var view = OSPFInterfaceView(
        name: interface.name, kind: .init(interface), area: interface.areaID,
        state: OSPFInterfaceView.State(rawValue: interface.state.name) ?? .down)
      view.instanceID = interface.instanceID
      view.isStub = interface.isStub
      view.priority = interface.priority
      view.cost = UInt32(interface.cost)
      view.ecmpWeight = showsWeight ? interface.ecmpWeight : nil
      view.hello = interface.helloInterval
      view.poll = interface.type == .nonBroadcast ? interface.pollInterval : nil
      view.wait = interface.waitInterval
      view.dead = interface.deadInterval
      view.retransmit = interface.retransmitInterval
      view.designated = .init(id: interface.designatedRouter, address: interface.designatedRouterAddress)
      view.backup = .init(id: interface.backupDesignatedRouter, address: interface.backupDesignatedRouterAddress)
      return view
    }
  }

  // MARK: The database

  private func sections(_ ospf: OSPFProtocol, _ query: LSADBQuery) -> [OSPFLSADBView.Section] {
    let own = ospf.instance.view.routerID
    var sections: [OSPFLSADBView.Section] = []
    for lsa in ospf.instance.lsaViews(at: daemon.now) where query.includes(lsa, own: own) {
      let domain = OSPFLSADBView.Domain(lsa.scope)
      if sections.last?.domain != domain { sections.append(.init(domain, [])) }
      sections[sections.count - 1].lsas.append(
        .init(
          type: lsa.type, id: lsa.linkStateID.rawValue, router: lsa.advertisingRouter, sequence: lsa.sequenceNumber, age: lsa.age,
          checksum: lsa.checksum))
    }
    return sections
  }

  private func topology(_ running: [OSPFProtocol]) -> OSPFTopologyView {
    var view = OSPFTopologyView(areas: [])
    for ospf in running {
      let topology = ospf.instance.topologyView
      view.areas += topology.areas.map { area in .init(id: area.id, nodes: area.nodes.map(OSPFTopologyView.Node.init)) }
      view.otherASBRs += topology.otherBoundaryRouters.map(OSPFTopologyView.Node.init)
    }
    return view
  }
}

extension LSADBQuery {
  fileprivate func includes(_ lsa: LSAView, own: RouterID) -> Bool {
    switch (scope, lsa.scope) {
    case (.any, _), (.global, .autonomousSystem), (.link, .link): break
    case (.area(let wanted), .area(let id)) where wanted == id: break
    default: return false
    }
    if let type, type & 0xfff != lsa.type & 0xfff { return false }
    if let id, id != lsa.linkStateID.rawValue { return false }
    switch origin {
    case .any: return true
    case .ourselves: return lsa.advertisingRouter == own
    case .router(let router): return lsa.advertisingRouter == router
    }
  }
}

extension OSPFLSADBView.Domain {
  fileprivate init(_ scope: LSAView.Scope) {
    switch scope {
    case .autonomousSystem: self = .global
    case .area(let id): self = .area(id)
    case .link(let name): self = .link(name)
    }
  }
}

extension OSPFView {
  fileprivate init(_ name: String, _ view: InstanceView) {
    self.init(
      name: name, rfc1583: view.rfc1583Compatibility, isStubRouter: view.isStubRouter, tick: view.tick, lsaCount: view.lsaCount,
      areas: view.areas.map { area in
        var shown = Area(
          id: area.id, kind: .init(area), interfaces: area.interfaces, neighbors: area.neighbors,
          adjacentNeighbors: area.adjacentNeighbors)
        shown.isTransit = area.isTransit
        shown.networks = area.networks.map { .init($0.prefix, isHidden: $0.isHidden, isActive: $0.isActive) }
        shown.externalNetworks = area.externalNetworks.map { .init($0.prefix, isHidden: $0.isHidden, isActive: $0.isActive) }
        return shown
      })
  }
}

extension OSPFView.Area.Kind {
  fileprivate init(_ area: InstanceView.AreaView) {
    switch area.kind {
    case .ordinary: self = .normal
    case .stub: self = .stub
    case .nssa: self = .nssa(translates: area.isTranslating, runningDown: area.isRunningDown)
    }
  }
}

extension OSPFInterfaceView.Kind {
  fileprivate init(_ interface: OSPFv3.InterfaceView) {
    if let link = interface.virtualLink {
      self = .virtualLink(link.peer, peer: link.peerAddress, transitArea: link.transitArea)
      return
    }
    switch interface.type {
    case .broadcast: self = .broadcast
    case .pointToPoint: self = .pointToPoint
    case .nonBroadcast: self = .nbma(strict: interface.isStrict)
    case .pointToMultipoint: self = .pointToMultipoint(strict: interface.isStrict)
    }
  }
}

extension OSPFTopologyView.Node {
  fileprivate init(_ node: TopologyView.Node) {
    let vertex: OSPFTopologyView.Vertex =
      switch node.name {
      case .router(let id): .router(id)
      case .network(let router, let interface): .network(router, interface: interface)
      }
    self.init(vertex, distance: node.distance, links: (node.links + node.destinations).map(OSPFTopologyView.Link.init))
  }
}

extension OSPFTopologyView.Link {
  fileprivate init(_ item: TopologyView.Item) {
    switch item {
    case .virtualLink(let id, let metric): self = .virtualLink(id, metric: metric)
    case .router(let id, let metric?): self = .router(id, metric: metric)
    case .router(let id, nil): self = .attached(id)
    case .network(let router, let interface, let metric): self = .network(router, interface: interface, metric: metric)
    case .stubNetwork(let prefix, let metric): self = .stubNetwork(prefix, metric: metric)
    case .address(let prefix): self = .address(prefix)
    case .interAreaNetwork(let prefix, let metric): self = .interAreaPrefix(prefix, metric: metric)
    case .interAreaRouter(let id, let metric): self = .interAreaRouter(id, metric: metric)
    case .external(let prefix, let isType2, let metric, let via, let tag):
      self = .external(.init(prefix, metric: metric, isType2: isType2, forwarding: via, tag: tag ?? 0))
    case .nssa(let prefix, let isType2, let metric, let via, let tag):
      self = .nssa(.init(prefix, metric: metric, isType2: isType2, forwarding: via, tag: tag ?? 0))
    }
  }
}
