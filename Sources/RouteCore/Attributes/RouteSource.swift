/// Where a route comes from: the `source` attribute of the filter language, with BIRD's numbering of the RTS_ constants.
public enum RouteSource: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case none = 0
  case `static` = 1
  case inherit = 2
  case device = 3
  case staticDevice = 4
  case redirect = 5
  case rip = 6
  case ospf = 7
  case ospfInterArea = 8
  case ospfExternal1 = 9
  case ospfExternal2 = 10
  case bgp = 11
  case pipe = 12
  case babel = 13

  /// Any of the four OSPF kinds.
  @inlinable public var isOSPF: Bool { rawValue >= RouteSource.ospf.rawValue && rawValue <= RouteSource.ospfExternal2.rawValue }
}

/// What becomes of a packet that matches the route.
public enum RouteDestination: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case unicast = 0
  case blackhole = 2
  case unreachable = 3
  case prohibit = 4
}

/// The `scope` attribute, in the order of the SCOPE_ constants.
public enum RouteScope: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case host = 0
  case link = 1
  case site = 2
  case organization = 3
  case universe = 4
}

/// ORIGIN of RFC 4271 §5.1.1.
public enum Origin: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case igp = 0
  case egp = 1
  case incomplete = 2
}
