import RouteCore

extension Snapshot {
  /// One interface of `show ospf interface`.
  package struct OSPFInterface: Hashable, Sendable {
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
}
