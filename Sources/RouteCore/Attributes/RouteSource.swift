/// Where a route comes from: the `source` attribute of the filter language, with BIRD's numbering of the RTS_ constants.
public enum RouteSource: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// RTS_DUMMY: no source.
  case none = 0
  /// A configured route.
  case `static` = 1
  /// A route of the kernel that some other program put there.
  case inherit = 2
  /// The network of an interface (`protocol direct`).
  case device = 3
  /// A configured route to an interface, without a gateway.
  case staticDevice = 4
  /// Not used here; kept for the numbering.
  case redirect = 5
  /// Not used here; kept for the numbering.
  case rip = 6
  /// OSPF intra-area.
  case ospf = 7
  /// OSPF inter-area.
  case ospfInterArea = 8
  /// OSPF external, type 1 metric.
  case ospfExternal1 = 9
  /// OSPF external, type 2 metric.
  case ospfExternal2 = 10
  /// Learned from a BGP peer.
  case bgp = 11
  /// Brought by an opaque pipe; a transparent one leaves the source as it was.
  case pipe = 12
  /// Not used here; kept for the numbering.
  case babel = 13

  /// Any of the four OSPF kinds.
  @inlinable public var isOSPF: Bool { rawValue >= RouteSource.ospf.rawValue && rawValue <= RouteSource.ospfExternal2.rawValue }
}

/// What becomes of a packet that matches the route.
public enum RouteDestination: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// It is forwarded to a next hop.
  case unicast = 0
  /// It is dropped silently.
  case blackhole = 2
  /// It is dropped, with ICMP "destination unreachable".
  case unreachable = 3
  /// It is dropped, with ICMP "administratively prohibited".
  case prohibit = 4
}

/// The `scope` attribute, in the order of the SCOPE_ constants.
public enum RouteScope: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Valid on this host only.
  case host = 0
  /// Valid on one link.
  case link = 1
  /// Valid within one site.
  case site = 2
  /// Valid within one organization.
  case organization = 3
  /// Valid everywhere.
  case universe = 4
}

/// ORIGIN of RFC 4271 §5.1.1.
public enum Origin: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// Interior to the originating AS; preferred.
  case igp = 0
  /// Learned through EGP (RFC 904).
  case egp = 1
  /// Learned by some other means; least preferred.
  case incomplete = 2
}
