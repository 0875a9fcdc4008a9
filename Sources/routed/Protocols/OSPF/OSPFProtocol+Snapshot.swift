import Control
import OSPFv3
import RouteCore

// What `show protocols` and `show ospf …` tell.
extension OSPFProtocol {
  func fill(_ status: inout Snapshot.ProtocolStatus) { status.details = .ospf(isRunning: instance.view.hasFullNeighbor) }

  var shownInstance: Snapshot.OSPFInstance { .init(name, instance.view) }

  /// Those on interfaces whose names match the pattern.
  func shownNeighbors(on pattern: String?) -> [Snapshot.OSPFNeighbor] {
    let now = daemon.now
    return instance.neighborViews.filter { OSPFProtocol.matches($0.interfaceName, pattern) }.map { neighbor in
      var shown = Snapshot.OSPFNeighbor(
        routerID: neighbor.routerID, priority: neighbor.priority, state: .init(neighbor.state), role: .init(neighbor.position),
        deadTime: max(neighbor.inactivityDeadline - now, .zero), interface: neighbor.interfaceName, address: neighbor.address)
      shown.isRestarting = neighbor.isRestarting
      return shown
    }
  }

  /// Those whose names match the pattern.
  func shownInterfaces(_ pattern: String?) -> [Snapshot.OSPFInterface] {
    let showsWeight = instance.configuration.ecmp
    return instance.interfaceViews.filter { OSPFProtocol.matches($0.name, pattern) }.map { interface in
      var shown = Snapshot.OSPFInterface(
        name: interface.name, kind: .init(interface), area: interface.areaID, state: .init(interface.state))
      shown.instanceID = interface.instanceID
      shown.isStub = interface.isStub
      shown.priority = interface.priority
      shown.cost = UInt32(interface.cost)
      shown.ecmpWeight = showsWeight ? interface.ecmpWeight : nil
      shown.hello = interface.helloInterval
      shown.poll = interface.type == .nonBroadcast ? interface.pollInterval : nil
      shown.wait = interface.waitInterval
      shown.dead = interface.deadInterval
      shown.retransmit = interface.retransmitInterval
      shown.designated = .init(id: interface.designatedRouter, address: interface.designatedRouterAddress)
      shown.backup = .init(id: interface.backupDesignatedRouter, address: interface.backupDesignatedRouterAddress)
      return shown
    }
  }

  private static func matches(_ name: String, _ pattern: String?) -> Bool { pattern.map { Glob.matches($0, name) } ?? true }

  /// The LSAs that the query includes, by flooding domain.
  func sections(_ query: LSADBQuery) -> [Snapshot.OSPFDatabase.Section] {
    let own = instance.view.routerID
    var sections: [Snapshot.OSPFDatabase.Section] = []
    for lsa in instance.lsaViews(at: daemon.now) where query.includes(lsa, own: own) {
      let domain = Snapshot.OSPFDatabase.Domain(lsa.scope)
      if sections.last?.domain != domain { sections.append(.init(domain, [])) }
      sections[sections.count - 1].lsas.append(
        .init(
          type: lsa.type, id: lsa.linkStateID.rawValue, router: lsa.advertisingRouter, sequence: lsa.sequenceNumber, age: lsa.age,
          checksum: lsa.checksum))
    }
    return sections
  }

  /// Adds what its database says of routers and networks.
  func addTopology(to shown: inout Snapshot.OSPFTopology) {
    let topology = instance.topologyView
    shown.areas += topology.areas.map { area in .init(id: area.id, nodes: area.nodes.map(Snapshot.OSPFTopology.Node.init)) }
    shown.otherASBRs += topology.otherBoundaryRouters.map(Snapshot.OSPFTopology.Node.init)
  }
}

extension Snapshot.OSPFNeighbor.State {
  fileprivate init(_ state: NeighborState) {
    switch state {
    case .down: self = .down
    case .attempt: self = .attempt
    case .`init`: self = .`init`
    case .twoWay: self = .twoWay
    case .exStart: self = .exStart
    case .exchange: self = .exchange
    case .loading: self = .loading
    case .full: self = .full
    }
  }
}

extension Snapshot.OSPFInterface.State {
  fileprivate init(_ state: InterfaceMachineState) {
    switch state {
    case .down: self = .down
    case .loopback: self = .loopback
    case .waiting: self = .waiting
    case .pointToPoint: self = .pointToPoint
    case .designatedRouterOther: self = .drOther
    case .backup: self = .backup
    case .designatedRouter: self = .designated
    }
  }
}

extension Snapshot.OSPFNeighbor.Role {
  fileprivate init(_ position: NeighborView.Position) {
    switch position {
    case .designatedRouter: self = .designated
    case .backup: self = .backup
    case .other: self = .other
    case .pointToPoint: self = .pointToPoint
    }
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

extension Snapshot.OSPFDatabase.Domain {
  fileprivate init(_ scope: LSAView.Scope) {
    switch scope {
    case .autonomousSystem: self = .global
    case .area(let id): self = .area(id)
    case .link(let name): self = .link(name)
    }
  }
}

extension Snapshot.OSPFInstance {
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

extension Snapshot.OSPFInstance.Area.Kind {
  fileprivate init(_ area: InstanceView.AreaView) {
    switch area.kind {
    case .ordinary: self = .normal
    case .stub: self = .stub
    case .nssa: self = .nssa(translates: area.isTranslating, runningDown: area.isRunningDown)
    }
  }
}

extension Snapshot.OSPFInterface.Kind {
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

extension Snapshot.OSPFTopology.Node {
  fileprivate init(_ node: TopologyView.Node) {
    let vertex: Snapshot.OSPFTopology.Vertex =
      switch node.name {
      case .router(let id): .router(id)
      case .network(let router, let interface): .network(router, interface: interface)
      }
    self.init(vertex, distance: node.distance, links: (node.links + node.destinations).map(Snapshot.OSPFTopology.Link.init))
  }
}

extension Snapshot.OSPFTopology.Link {
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
