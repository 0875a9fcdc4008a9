import RouteCore

/// A line of `show ospf neighbors`.
public struct NeighborView: Hashable, Sendable {
  /// What the neighbour is on the network.
  public enum Position: Hashable, Sendable {
    /// The designated router.
    case designatedRouter
    /// The backup designated router.
    case backup
    /// Neither, on a network that has them.
    case other
    /// On a network without a designated router.
    case pointToPoint
  }
  /// Its Router ID.
  public var routerID: RouterID
  /// Its Router Priority; 0 never becomes designated router.
  public var priority: UInt8
  /// The state of the conversation with it.
  public var state: NeighborState
  /// Whether it is designated router.
  public var position: Position
  /// When the Inactivity Timer fires.
  public var inactivityDeadline: Instant
  /// The kernel's index of the link.
  public var interface: UInt32
  /// The link's name, or the virtual link's.
  public var interfaceName: String
  /// The Instance ID spoken on the interface.
  public var instanceID: UInt8
  /// Its link-local address; over a virtual link a global one.
  public var address: IPAddress
  /// The interface's area.
  public var areaID: RouterID
  /// It restarts, and is helped (RFC 3623 §3).
  public var isRestarting: Bool
}

/// A neighbour on an interface with `bfd`.
public struct WatchedNeighbor: Hashable, Sendable {
  /// The kernel's index of the link.
  public var interface: UInt32
  /// Its link-local address.
  public var address: IPAddress
  /// Our address on the link.
  public var local: IPAddress

  /// A neighbour by its link and both addresses.
  public init(interface: UInt32, address: IPAddress, local: IPAddress) {
    self.interface = interface
    self.address = address
    self.local = local
  }
}

/// A block of `show ospf interface`.
public struct InterfaceView: Hashable, Sendable {
  /// Where a virtual link leads.
  public struct VirtualLink: Hashable, Sendable {
    /// The Router ID of the other end.
    public var peer: RouterID
    /// `::` while the link is down.
    public var peerAddress: IPAddress
    /// The area whose paths it uses (RFC 2328 §15).
    public var transitArea: RouterID
  }
  /// The kernel's index of the link.
  public var interface: UInt32
  /// The link's name, or the virtual link's.
  public var name: String
  /// The Instance ID spoken on it.
  public var instanceID: UInt8
  /// The kind of network, configured or found out.
  public var type: NetworkType
  /// If it is the end of one.
  public var virtualLink: VirtualLink?
  /// Its area.
  public var areaID: RouterID
  /// The state of its machine (RFC 2328 §9.1).
  public var state: InterfaceMachineState
  /// Its networks are announced, OSPF is not spoken on it.
  public var isStub: Bool
  /// `strict nonbroadcast`
  public var isStrict: Bool
  /// Our Router Priority; 0 never becomes designated router.
  public var priority: UInt8
  /// The output cost, 1...65535.
  public var cost: UInt16
  /// The weight of next hops over it, 1...256.
  public var ecmpWeight: UInt16
  /// HelloInterval, in seconds.
  public var helloInterval: UInt32
  /// PollInterval, in seconds.
  public var pollInterval: UInt32
  /// The Wait Timer, in seconds.
  public var waitInterval: UInt32
  /// RouterDeadInterval, in seconds.
  public var deadInterval: UInt32
  /// RxmtInterval, in seconds.
  public var retransmitInterval: UInt32
  /// Its Router ID; 0.0.0.0 if there is none.
  public var designatedRouter: RouterID
  /// `::` if unknown.
  public var designatedRouterAddress: IPAddress
  /// Its Router ID; 0.0.0.0 if there is none.
  public var backupDesignatedRouter: RouterID
  /// `::` if unknown.
  public var backupDesignatedRouterAddress: IPAddress
  /// How many neighbours it has, in any state.
  public var neighbors: Int
  /// How many of them are Full.
  public var adjacentNeighbors: Int
}

/// `show ospf`.
public struct InstanceView: Hashable, Sendable {
  /// The part about one area.
  public struct AreaView: Hashable, Sendable {
    /// A range of `networks` or `external`.
    public struct Network: Hashable, Sendable {
      /// The range as configured.
      public var prefix: Prefix
      /// It is not announced, nor are the networks within it.
      public var isHidden: Bool
      /// There are networks within it.
      public var isActive: Bool
    }
    /// The Area ID.
    public var id: RouterID
    /// Ordinary, stub or NSSA.
    public var kind: AreaConfiguration.Kind
    /// Of an NSSA: its externals are translated here (RFC 3101 §3).
    public var isTranslating: Bool
    /// They are, but only until `translator stability` is over.
    public var isRunningDown: Bool
    /// A virtual link leads through it (TransitCapability, RFC 2328 §6).
    public var isTransit: Bool
    /// How many interfaces it has.
    public var interfaces: Int
    /// How many neighbours they have, in any state.
    public var neighbors: Int
    /// How many of those are Full.
    public var adjacentNeighbors: Int
    /// The ranges of `networks`.
    public var networks: [Network]
    /// The ranges of `external`.
    public var externalNetworks: [Network]
  }
  /// Our Router ID.
  public var routerID: RouterID
  /// `rfc1583compat`
  public var rfc1583Compatibility: Bool
  /// `stub router`
  public var isStubRouter: Bool
  /// `tick`, in seconds.
  public var tick: UInt32
  /// LSAs in the database, of all scopes.
  public var lsaCount: Int
  /// Those the router is attached to.
  public var areas: [AreaView]
  /// Some neighbour is Full: `Running` rather than `Alone` in `show protocols`.
  public var hasFullNeighbor: Bool
}

/// A line of `show ospf lsadb`.
public struct LSAView: Hashable, Sendable {
  /// How far it is flooded (RFC 5340 §4.5).
  public enum Scope: Hashable, Sendable {
    /// In all areas but stub areas and NSSAs.
    case autonomousSystem
    /// In one area, by its ID.
    case area(RouterID)
    /// On one link, by its name.
    case link(name: String)
  }
  /// Where it belongs.
  public var scope: Scope
  /// The whole LS type, with the U and S bits (RFC 5340 §A.4.2.1).
  public var type: UInt16
  /// Tells LSAs of one type and router apart.
  public var linkStateID: RouterID
  /// The Router ID of the one who originated it.
  public var advertisingRouter: RouterID
  /// Signed on the wire: 0x80000001 is the first.
  public var sequenceNumber: UInt32
  /// In seconds, 0...3600 (MaxAge).
  public var age: UInt16
  /// The Fletcher checksum (RFC 905) as received or calculated.
  public var checksum: UInt16
  /// It is one of ours.
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

  /// In the order of links and Instance IDs.
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

  /// What `show ospf` tells.
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
