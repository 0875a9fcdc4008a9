import RouteCore

/// One route of `show route`. Keep one and change its fields from route to route (`hops` by `removeAll(keepingCapacity: true)`): then
/// listing allocates nothing.
package struct RouteView: Sendable {
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
  /// The mark after the brackets.
  package enum Mark: Sendable {
    case none
    /// `*`: the best route of its net.
    case best
    /// `!`: the best, but the kernel refused it.
    case notInKernel
  }
  /// How the BGP next hop was resolved; nil where it is a direct neighbour.
  package enum Resolution: Sendable {
    /// What the way to the next hop costs, or what has accumulated (RFC 7311).
    case metric(UInt64)
    case unknownMetric
    case unresolvable
  }
  package var prefix: Prefix
  package var header: AttributeHeader
  package var hops: [Hop]
  package var protocolName: String
  package var since: Timestamp
  package var mark: Mark
  package var resolution: Resolution?
  /// Suppressed by deterministic MED.
  package var isSuppressed: Bool
  /// The kernel's words for `.notInKernel`; shown by `all`.
  package var kernelError: String?
  /// The name of the decision step that made the route best or not; in JSON only, as BIRD shows no such thing.
  package var decision: String?
  /// The path identifier that the peer gave it, 0 for none; in JSON only too.
  package var path: UInt32 = 0

  package init(prefix: Prefix, header: AttributeHeader, protocolName: String, since: Timestamp) {
    self.prefix = prefix
    self.header = header
    self.protocolName = protocolName
    self.since = since
    hops = []
    mark = .none
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
