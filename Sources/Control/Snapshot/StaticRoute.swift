import RouteCore

extension Snapshot {
  /// One route of `show static`, as configured.
  package struct StaticRoute: Hashable, Sendable {
    package struct Hop: Hashable, Sendable {
      /// nil for a route to an interface alone.
      package var gateway: IPAddress?
      package var interface: String?
      package var weight: UInt16
      package var isOnLink: Bool
      /// BFD watches it.
      package var usesBFD: Bool
      /// The next hop is not usable now.
      package var isDormant: Bool
      package init(
        gateway: IPAddress? = nil, interface: String? = nil, weight: UInt16 = 1, isOnLink: Bool = false, usesBFD: Bool = false,
        isDormant: Bool = false
      ) {
        self.gateway = gateway
        self.interface = interface
        self.weight = weight
        self.isOnLink = isOnLink
        self.usesBFD = usesBFD
        self.isDormant = isDormant
      }
    }
    package enum Target: Hashable, Sendable {
      case hops([Hop])
      case recursive(IPAddress)
      case blackhole
      case unreachable
      case prohibited
    }
    package var prefix: Prefix
    package var target: Target
    package init(prefix: Prefix, target: Target) {
      self.prefix = prefix
      self.target = target
    }
  }
}
