import RouteCore

/// A line of `show ospf neighbors`.
public struct NeighborView: Hashable, Sendable {
  public enum Position: Hashable, Sendable {
    case designatedRouter
    case backup
    case other
    case pointToPoint
  }
  public var routerID: RouterID
  public var priority: UInt8
  public var state: NeighborState
  public var position: Position
  /// Until the Inactivity Timer fires; call the accessor with the time of now for it.
  public var inactivityDeadline: Instant
  public var interface: UInt32
  public var interfaceName: String
  public var instanceID: UInt8
  public var address: IPAddress
  public var areaID: RouterID
  /// It restarts, and is helped (RFC 3623 §3).
  public var isRestarting: Bool
}

/// A neighbour on an interface with `bfd`.
public struct WatchedNeighbor: Hashable, Sendable {
  public var interface: UInt32
  public var address: IPAddress
  /// Our address on the link.
  public var local: IPAddress

  public init(interface: UInt32, address: IPAddress, local: IPAddress) {
    self.interface = interface
    self.address = address
    self.local = local
  }
}

/// A block of `show ospf interface`.
public struct InterfaceView: Hashable, Sendable {
  public struct VirtualLink: Hashable, Sendable {
    public var peer: RouterID
    /// `::` while the link is down.
    public var peerAddress: IPAddress
    public var transitArea: RouterID
  }
  public var interface: UInt32
  public var name: String
  public var instanceID: UInt8
  public var type: NetworkType
  /// If it is the end of one.
  public var virtualLink: VirtualLink?
  public var areaID: RouterID
  public var state: InterfaceMachineState
  public var isStub: Bool
  /// `strict nonbroadcast`
  public var isStrict: Bool
  public var priority: UInt8
  public var cost: UInt16
  public var ecmpWeight: UInt16
  public var helloInterval: UInt32
  public var pollInterval: UInt32
  public var waitInterval: UInt32
  public var deadInterval: UInt32
  public var retransmitInterval: UInt32
  public var designatedRouter: RouterID
  /// `::` if unknown.
  public var designatedRouterAddress: IPAddress
  public var backupDesignatedRouter: RouterID
  public var backupDesignatedRouterAddress: IPAddress
  public var neighbors: Int
  public var adjacentNeighbors: Int
}

/// `show ospf`.
public struct InstanceView: Hashable, Sendable {
  public struct AreaView: Hashable, Sendable {
    public struct Network: Hashable, Sendable {
      public var prefix: Prefix
      public var isHidden: Bool
      public var isActive: Bool
    }
    public var id: RouterID
    public var kind: AreaConfiguration.Kind
    /// Of an NSSA: whether its externals are translated here, and whether that is only running down.
    public var isTranslating: Bool
    public var isRunningDown: Bool
    public var isTransit: Bool
    public var interfaces: Int
    public var neighbors: Int
    public var adjacentNeighbors: Int
    public var networks: [Network]
    public var externalNetworks: [Network]
  }
  public var routerID: RouterID
  public var rfc1583Compatibility: Bool
  public var isStubRouter: Bool
  public var tick: UInt32
  public var lsaCount: Int
  public var areas: [AreaView]
  /// Some neighbour is Full: `Running` rather than `Alone` in `show protocols`.
  public var hasFullNeighbor: Bool
}

/// A line of `show ospf lsadb`.
public struct LSAView: Hashable, Sendable {
  public enum Scope: Hashable, Sendable {
    case autonomousSystem
    case area(RouterID)
    case link(name: String)
  }
  public var scope: Scope
  public var type: UInt16
  public var linkStateID: RouterID
  public var advertisingRouter: RouterID
  public var sequenceNumber: UInt32
  public var age: UInt16
  public var checksum: UInt16
  public var isSelfOriginated: Bool
}

extension Instance {
  /// The neighbours that BFD is to watch, in the order of interfaces and Router IDs.
  public var watchedNeighbors: [WatchedNeighbor] {
    interfaces.flatMap { interface -> [WatchedNeighbor] in
      guard interface.options.bfd, let local = interface.status.linkLocal else { return [] }
      return interface.neighbors.filter { $0.state > .down }.map {
        WatchedNeighbor(interface: interface.key.index, address: $0.address, local: local)
      }
    }
  }

  /// In the order of interfaces and Router IDs.
  public var neighborViews: [NeighborView] {
    interfaces.flatMap { interface in
      interface.neighbors.map { neighbor in
        var position = NeighborView.Position.pointToPoint
        if interface.type.hasDesignatedRouter {
          position =
            neighbor.routerID == interface.designatedRouter
            ? .designatedRouter : neighbor.routerID == interface.backupDesignatedRouter ? .backup : .other
        }
        return NeighborView(
          routerID: neighbor.routerID, priority: neighbor.priority, state: neighbor.state, position: position,
          inactivityDeadline: neighbor.inactivityDeadline, interface: interface.key.index, interfaceName: interface.status.name,
          instanceID: interface.key.instanceID, address: neighbor.address, areaID: areas[interface.area].id,
          isRestarting: neighbor.isHelped)
      }
    }
  }

  public var interfaceViews: [InterfaceView] {
    interfaces.map { interface in
      let options = interface.options
      func address(_ id: RouterID) -> IPAddress {
        if id == routerID { return interface.status.linkLocal ?? .unspecified }
        return interface.neighbors.find(id).map { interface.neighbors[$0].address } ?? .unspecified
      }
      return InterfaceView(
        interface: interface.key.index, name: interface.status.name, instanceID: interface.key.instanceID, type: interface.type,
        virtualLink: interface.virtualLink.map {
          InterfaceView.VirtualLink(peer: $0.peer, peerAddress: $0.peerAddress, transitArea: $0.transitArea)
        },
        areaID: areas[interface.area].id, state: interface.state, isStub: options.stub, isStrict: options.strictNonBroadcast,
        priority: options.priority, cost: options.cost, ecmpWeight: options.ecmpWeight, helloInterval: UInt32(options.helloInterval),
        pollInterval: options.pollInterval, waitInterval: options.effectiveWaitInterval, deadInterval: options.effectiveDeadInterval,
        retransmitInterval: options.retransmitInterval,
        designatedRouter: interface.designatedRouter, designatedRouterAddress: address(interface.designatedRouter),
        backupDesignatedRouter: interface.backupDesignatedRouter,
        backupDesignatedRouterAddress: address(interface.backupDesignatedRouter), neighbors: interface.neighbors.count,
        adjacentNeighbors: interface.neighbors.count { $0.state == .full })
    }
  }

  public var view: InstanceView {
    InstanceView(
      routerID: routerID, rfc1583Compatibility: configuration.rfc1583Compatibility, isStubRouter: configuration.stubRouter,
      tick: configuration.tick, lsaCount: database.count,
      areas: areas.indices.map { a in
        let own = interfaces.filter { $0.area == a }
        return InstanceView.AreaView(
          id: areas[a].id, kind: areas[a].configuration.kind, isTranslating: areas[a].translation != .off,
          isRunningDown: areas[a].translation != .off && areas[a].translation != .on, isTransit: areas[a].isTransit, interfaces: own.count,
          neighbors: own.reduce(0) { $0 + $1.neighbors.count },
          adjacentNeighbors: own.reduce(0) { $0 + $1.neighbors.count { $0.state == .full } },
          networks: areas[a].ranges.map { .init(prefix: $0.prefix, isHidden: $0.isHidden, isActive: $0.metric != nil) },
          externalNetworks: areas[a].externalRanges.map { .init(prefix: $0.prefix, isHidden: $0.isHidden, isActive: $0.metric != nil) })
      }, hasFullNeighbor: interfaces.contains { $0.neighbors.contains { $0.state == .full } })
  }

  /// All LSAs: those of the AS, then of each area, then of each link; within, by router, Link State ID, type.
  public func lsaViews(at now: Instant) -> [LSAView] {
    let scopes: [(Scope, LSAView.Scope)] =
      [(.autonomousSystem, .autonomousSystem)] + areas.map { $0.id }.sorted().map { (.area($0), .area($0)) }
      + interfaces.map { (.link($0.key), .link(name: $0.status.name)) }
    return scopes.flatMap { scope, shown in
      database.sorted(scope).map { place in
        let header = database.header(place, at: now)
        return LSAView(
          scope: shown, type: header.type.rawValue, linkStateID: RouterID(rawValue: header.linkStateID),
          advertisingRouter: header.advertisingRouter, sequenceNumber: UInt32(bitPattern: header.sequenceNumber), age: header.age,
          checksum: header.checksum, isSelfOriginated: database[place].isSelfOriginated)
      }
    }
  }

  /// The routes as last output, sorted.
  public var routes: [(prefix: Prefix, route: OSPFRoute)] {
    prefixes.entries.compactMap { entry in entry.route.map { (entry.prefix, $0) } }.sorted { $0.prefix < $1.prefix }
  }
}
