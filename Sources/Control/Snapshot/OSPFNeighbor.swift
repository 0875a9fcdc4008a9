import RouteCore

extension Snapshot {
  /// One line of `show ospf neighbors`.
  package struct OSPFNeighbor: Hashable, Sendable {
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
}
