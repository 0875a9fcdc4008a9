import RouteCore

/// `show ospf`.
package struct OSPFView: Hashable, Sendable {
  package struct Area: Hashable, Sendable {
    package struct Network: Hashable, Sendable {
      package var prefix: Prefix
      package var isHidden: Bool
      package var isActive: Bool
      package init(_ prefix: Prefix, isHidden: Bool, isActive: Bool) {
        self.prefix = prefix
        self.isHidden = isHidden
        self.isActive = isActive
      }
    }
    package enum Kind: Hashable, Sendable {
      case normal
      case stub
      /// With the state of the translation of its external routes: whether this router does it, and whether it is only running
      /// down after another took over (RFC 3101 §3.1).
      case nssa(translates: Bool, runningDown: Bool)
    }
    package var id: RouterID
    package var kind: Kind
    package var isTransit: Bool
    package var interfaces: Int
    package var neighbors: Int
    package var adjacentNeighbors: Int
    package var networks: [Network]
    package var externalNetworks: [Network]
    package init(id: RouterID, kind: Kind = .normal, interfaces: Int, neighbors: Int, adjacentNeighbors: Int) {
      self.id = id
      self.kind = kind
      isTransit = false
      self.interfaces = interfaces
      self.neighbors = neighbors
      self.adjacentNeighbors = adjacentNeighbors
      networks = []
      externalNetworks = []
    }
  }
  package var name: String
  package var rfc1583: Bool
  package var isStubRouter: Bool
  package var tick: UInt32
  package var lsaCount: Int
  package var areas: [Area]
  package init(name: String, rfc1583: Bool = false, isStubRouter: Bool = false, tick: UInt32 = 1, lsaCount: Int, areas: [Area]) {
    self.name = name
    self.rfc1583 = rfc1583
    self.isStubRouter = isStubRouter
    self.tick = tick
    self.lsaCount = lsaCount
    self.areas = areas
  }
}

/// One line of `show ospf neighbors`.
package struct OSPFNeighborView: Hashable, Sendable {
  /// RFC 2328 §10.1.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case down = "Down"
    case attempt = "Attempt"
    case `init` = "Init"
    case twoWay = "2-Way"
    case exStart = "ExStart"
    case exchange = "Exchange"
    case loading = "Loading"
    case full = "Full"
  }
  /// What the neighbour is on the link.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    case designated = "DR"
    case backup = "BDR"
    case other = "Other"
    case pointToPoint = "PtP"
  }
  package var routerID: RouterID
  package var priority: UInt8
  package var state: State
  package var role: Role
  /// What is left of the inactivity timer; nil: it does not run.
  package var deadTime: Duration?
  package var interface: String
  package var address: IPAddress
  /// Its graceful restart is helped (RFC 3623 §3).
  package var isRestarting = false
  package init(
    routerID: RouterID, priority: UInt8, state: State, role: Role, deadTime: Duration?, interface: String, address: IPAddress
  ) {
    self.routerID = routerID
    self.priority = priority
    self.state = state
    self.role = role
    self.deadTime = deadTime
    self.interface = interface
    self.address = address
  }
}

/// One interface of `show ospf interface`.
package struct OSPFInterfaceView: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case broadcast
    case nbma(strict: Bool)
    case pointToPoint
    case pointToMultipoint(strict: Bool)
    case virtualLink(RouterID, peer: IPAddress, transitArea: RouterID)
  }
  /// RFC 2328 §9.1, in BIRD's words.
  package enum State: String, Hashable, Sendable, CaseIterable {
    case down = "Down"
    case loopback = "Loopback"
    case waiting = "Waiting"
    case pointToPoint = "PtP"
    case drOther = "DROther"
    case backup = "Backup"
    case designated = "DR"
  }
  package struct Designated: Hashable, Sendable {
    package var id: RouterID
    package var address: IPAddress
    package init(id: RouterID = RouterID(rawValue: 0), address: IPAddress = .unspecified) {
      self.id = id
      self.address = address
    }
  }
  package var name: String
  package var instanceID: UInt8
  package var kind: Kind
  package var area: RouterID
  package var state: State
  package var isStub: Bool
  package var priority: UInt8
  package var cost: UInt32
  /// Shown when the instance has `ecmp`.
  package var ecmpWeight: UInt16?
  package var hello: UInt32
  /// NBMA only.
  package var poll: UInt32?
  package var wait: UInt32
  package var dead: UInt32
  package var retransmit: UInt32
  package var designated: Designated
  package var backup: Designated
  package init(name: String, kind: Kind, area: RouterID, state: State) {
    self.name = name
    instanceID = 0
    self.kind = kind
    self.area = area
    self.state = state
    isStub = false
    priority = 1
    cost = 10
    hello = 10
    wait = 40
    dead = 40
    retransmit = 5
    designated = Designated()
    backup = Designated()
  }
}
