/// One way out: a gateway on an interface, or an interface alone.
public struct NextHop: Hashable, Sendable, Comparable, BitwiseCopyable {
  /// `::` for a directly connected destination.
  public var gateway: IPAddress
  /// The kernel's interface index; 0 while unknown.
  public var interface: UInt32
  /// Share of the traffic, 1...256.
  public var weight: UInt16

  @inlinable public init(gateway: IPAddress = .unspecified, interface: UInt32, weight: UInt16 = 1) {
    self.gateway = gateway
    self.interface = interface
    self.weight = weight
  }

  /// By gateway, then interface: the order in which sets are stored and shown.
  @inlinable public static func < (a: NextHop, b: NextHop) -> Bool {
    a.gateway != b.gateway ? a.gateway < b.gateway : a.interface != b.interface ? a.interface < b.interface : a.weight < b.weight
  }
}

/// Names a set of next hops in the `NextHopTable`.
public struct NextHopSetID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  public var rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// No next hop at all.
  @inlinable public static var none: NextHopSetID { NextHopSetID(rawValue: 0) }
}
