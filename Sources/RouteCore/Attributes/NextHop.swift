/// One way out: a gateway on an interface, or an interface alone.
public struct NextHop: Hashable, Sendable, Comparable, BitwiseCopyable {
  /// `::` for a directly connected destination.
  public var gateway: IPAddress
  /// The kernel's interface index; 0 while unknown.
  public var interface: UInt32
  /// Share of the traffic, 1...256.
  public var weight: UInt16
  /// The gateway is taken to be on the link, whatever the addresses say.
  public var isOnLink = false
  /// What is pushed on the packets.
  public var labels = LabelStack()

  /// A next hop without labels. `interface` is the kernel's index, `weight` 1...256.
  @inlinable public init(gateway: IPAddress = .unspecified, interface: UInt32, weight: UInt16 = 1) {
    self.gateway = gateway
    self.interface = interface
    self.weight = weight
  }

  /// The order in which sets are stored and shown, which is BIRD's: filters see the first.
  @inlinable public static func < (a: NextHop, b: NextHop) -> Bool {
    if a.weight != b.weight { return a.weight > b.weight }
    if a.gateway != b.gateway { return a.gateway < b.gateway }
    if a.labels != b.labels { return a.labels < b.labels }
    return a.interface != b.interface ? a.interface < b.interface : !a.isOnLink && b.isOnLink
  }

  /// Whether packets go the same way, whatever the shares.
  func isSameWay(as other: NextHop) -> Bool {
    gateway == other.gateway && interface == other.interface && labels == other.labels
  }

  /// The same way for packets to another destination: towards `address` where this is an interface alone.
  package func leading(to address: IPAddress) -> NextHop {
    var hop = self
    if gateway.isUnspecified { hop.gateway = address }
    return hop
  }
}

/// Names a set of next hops in the `NextHopTable`.
public struct NextHopSetID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// No next hop at all.
  @inlinable public static var none: NextHopSetID { NextHopSetID(rawValue: 0) }
}
