import RouteCore

/// `show status`.
package struct StatusView: Hashable, Sendable {
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
  /// Shown in the 2.x look only.
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

/// `show memory`: one row for each use. The total is given, as it is more than the sum of the rows.
package struct MemoryView: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    /// Such as `Routing tables`.
    package var name: String
    /// Bytes in use.
    package var effective: UInt64
    /// Bytes reserved beyond it; shown in the 2.x look only.
    package var overhead: UInt64
    package init(_ name: String, effective: UInt64, overhead: UInt64 = 0) {
      self.name = name
      self.effective = effective
      self.overhead = overhead
    }
  }
  package var rows: [Row]
  package var total: Row
  package init(rows: [Row], total: UInt64, overhead: UInt64 = 0) {
    self.rows = rows
    self.total = Row("Total", effective: total, overhead: overhead)
  }
}

/// One line of `show symbols`.
package struct SymbolView: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case constant
    case `protocol`
    case template = "protocol template"
    case function
    case filter
    case table = "routing table"
    case roaTable = "ROA table"
    case attribute = "custom attribute"
    case undefined
  }
  package var name: String
  package var kind: Kind
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}
