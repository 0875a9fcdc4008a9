import RouteCore

extension Snapshot {
  /// A line of `show bfd sessions`.
  package struct BFDSession: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
      case adminDown = "AdminDown"
      case down = "Down"
      case `init` = "Init"
      case up = "Up"
    }
    package var address: IPAddress
    /// Nil where the neighbour is several hops away.
    package var interface: String?
    package var state: State
    package var since: Timestamp
    /// Between the packets we send; zero while we send none.
    package var interval: Duration
    /// The Detection Time.
    package var timeout: Duration

    package init(address: IPAddress, interface: String?, state: State, since: Timestamp) {
      self.address = address
      self.interface = interface
      self.state = state
      self.since = since
      interval = .zero
      timeout = .zero
    }
  }
}
