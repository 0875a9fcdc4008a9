import RouteCore

extension Snapshot {
  /// `show ospf`.
  package struct OSPFInstance: Hashable, Sendable {
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
}
