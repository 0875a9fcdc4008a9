import RouteCore

extension Snapshot {
  /// One channel of `show protocols all`.
  package struct Channel: Sendable {
    package enum State: String, Hashable, Sendable {
      case down = "DOWN"
      case start = "START"
      case up = "UP"
      case flushing = "FLUSHING"
    }
    package struct Limit: Hashable, Sendable {
      package var limit: RouteLimit
      /// The limit is exceeded now.
      package var isHit: Bool
      package init(_ limit: RouteLimit, isHit: Bool = false) {
        self.limit = limit
        self.isHit = isHit
      }
    }
    /// The five columns of route change statistics; which of them have a meaning depends on the row.
    package struct Counters: Hashable, Sendable {
      package var received: UInt32 = 0
      package var rejected: UInt32 = 0
      package var filtered: UInt32 = 0
      package var ignored: UInt32 = 0
      package var accepted: UInt32 = 0
      package init(received: UInt32 = 0, rejected: UInt32 = 0, filtered: UInt32 = 0, ignored: UInt32 = 0, accepted: UInt32 = 0) {
        self.received = received
        self.rejected = rejected
        self.filtered = filtered
        self.ignored = ignored
        self.accepted = accepted
      }
    }
    package struct Statistics: Hashable, Sendable {
      package var importUpdates = Counters()
      package var importWithdraws = Counters()
      package var exportUpdates = Counters()
      package var exportWithdraws = Counters()
      package init() {}
    }
    /// `ipv4`, `ipv6`.
    package var name: String
    package var state: State
    package var table: String
    package var preference: UInt16
    /// `ACCEPT`, `REJECT`, a filter's name, or `(unnamed)`; see `Channel.name(of:)`.
    package var inputFilter: String
    package var outputFilter: String
    package var receiveLimit: Limit?
    package var importLimit: Limit?
    package var exportLimit: Limit?
    package var imported: UInt32
    /// nil unless `import keep filtered`.
    package var filtered: UInt32?
    package var exported: UInt32
    package var preferred: UInt32
    package var statistics: Statistics
    /// Waiting for graceful restart: shown while a recovery is going on.
    package var recovery: Recovery?
    /// While the neighbour restarts: how its routes are kept, and how long yet.
    package var neighborRestart: NeighborRestart?
    package var staleTimer: Duration?
    /// What BGP announces as NEXT_HOP: global, and link-local if there is one. Empty: not shown.
    package var nextHops: [IPAddress]
    /// The table that recursive next hops are looked up in, by family: shown for multihop BGP.
    package var igpTables: [IGPTable]

    package enum NeighborRestart: String, Hashable, Sendable {
      case none = "None"
      case graceful = "Regular"
      case longLived = "Long-lived"
    }
    package struct Recovery: Hashable, Sendable {
      package var isPending: Bool
      package var isWaiting: Bool
      package init(isPending: Bool, isWaiting: Bool) {
        self.isPending = isPending
        self.isWaiting = isWaiting
      }
    }
    package struct IGPTable: Hashable, Sendable {
      package var family: AddressFamily
      package var table: String
      package init(_ family: AddressFamily, _ table: String) {
        self.family = family
        self.table = table
      }
    }

    package init(name: String, state: State, table: String, preference: UInt16, filters: (input: String, output: String)) {
      self.name = name
      self.state = state
      self.table = table
      self.preference = preference
      inputFilter = filters.input
      outputFilter = filters.output
      imported = 0
      exported = 0
      preferred = 0
      statistics = Statistics()
      nextHops = []
      igpTables = []
    }

    /// How a policy is named in `Input filter:` and `Output filter:`.
    package static func name(of policy: Policy) -> String {
      switch policy {
      case .all: "ACCEPT"
      case .none: "REJECT"
      case .filter(_, let name): name ?? "(unnamed)"
      }
    }
  }

  /// What a pipe adds: it has two tables and one channel's worth of counters.
  package struct Pipe: Hashable, Sendable {
    package var table: String
    package var peerTable: String
    package init(table: String, peerTable: String) {
      self.table = table
      self.peerTable = peerTable
    }
  }
}
