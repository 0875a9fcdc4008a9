import RouteCore

extension Snapshot {
  /// `show status`.
  package struct Status: Hashable, Sendable {
    package enum State: Hashable, Sendable {
      case running
      case reconfiguring
      case shuttingDown
    }
    /// Graceful restart recovery that is going on (RFC 4724).
    package struct Recovery: Hashable, Sendable {
      /// In 1.6 a protocol is its only channel.
      package var waitingChannels: Int
      package var remaining: Duration
      package var limit: Duration
      package init(waitingChannels: Int, remaining: Duration, limit: Duration) {
        self.waitingChannels = waitingChannels
        self.remaining = remaining
        self.limit = limit
      }
    }
    package var routerID: RouterID
    package var hostname: String
    package var now: Timestamp
    package var lastReboot: Timestamp
    package var lastReconfiguration: Timestamp
    package var recovery: Recovery?
    package var state: State

    package init(routerID: RouterID, hostname: String, now: Timestamp, lastReboot: Timestamp, lastReconfiguration: Timestamp) {
      self.routerID = routerID
      self.hostname = hostname
      self.now = now
      self.lastReboot = lastReboot
      self.lastReconfiguration = lastReconfiguration
      state = .running
    }
  }
}
