import RouteCore

extension Snapshot {
  /// One route of `show route`. Keep one and change its fields from route to route (`hops` by `removeAll(keepingCapacity: true)`): then
  /// listing allocates nothing.
  package struct Route: Sendable {
    package struct Hop: Sendable {
      /// `::` for an interface alone.
      package var gateway: IPAddress
      package var interface: String
      package var weight: UInt16
      package var isOnLink: Bool
      package var labels: LabelStack
      package init(
        gateway: IPAddress, interface: String, weight: UInt16 = 1, isOnLink: Bool = false, labels: LabelStack = LabelStack()
      ) {
        self.gateway = gateway
        self.interface = interface
        self.weight = weight
        self.isOnLink = isOnLink
        self.labels = labels
      }
    }
    /// How the BGP next hop was resolved; nil if it is a direct neighbour.
    package enum Resolution: Sendable {
      /// The metric to the next hop, or the accumulated one (RFC 7311).
      case metric(UInt64)
      case unknownMetric
      case unresolvable
    }
    package var prefix: Prefix
    package var header: AttributeHeader
    package var hops: [Hop]
    package var protocolName: String
    package var since: Timestamp
    /// The best route of its network.
    package var isBest: Bool
    /// The first one shown for its network: the best, or one that a filter rejected.
    package var isFirst: Bool
    package var resolution: Resolution?
    /// Suppressed by deterministic MED.
    package var isSuppressed: Bool
    /// Why the kernel refused the best route; nil if it did not.
    package var kernelError: String?
    /// The step of the decision that made it the best.
    package var decision: DecisionStep?
    /// The path identifier that the peer gave it, 0 for none.
    package var path: UInt32 = 0

    package init(prefix: Prefix, header: AttributeHeader, protocolName: String, since: Timestamp) {
      self.prefix = prefix
      self.header = header
      self.protocolName = protocolName
      self.since = since
      hops = []
      isBest = false
      isFirst = false
      isSuppressed = false
    }
  }

  /// What `count` and `stats` count in one table.
  package struct RouteCounts: Hashable, Sendable {
    package var table: String
    /// Routes that passed all conditions.
    package var shown: UInt32
    /// Routes looked at.
    package var routes: UInt32
    /// Networks looked at.
    package var networks: UInt32
    package init(table: String, shown: UInt32 = 0, routes: UInt32 = 0, networks: UInt32 = 0) {
      self.table = table
      self.shown = shown
      self.routes = routes
      self.networks = networks
    }
  }
}

/// An attribute declared by the configuration: its name and how its value is shown.
package struct CustomAttribute: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case integer
    case quad
    case address
    case bytes
    case string
  }
  package var name: String
  package var kind: Kind
  package init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}
