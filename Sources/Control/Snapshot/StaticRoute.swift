import RouteCore

extension Snapshot {
  /// One route of `show static`, as configured.
  package struct StaticRoute: Hashable, Sendable {
    package struct Hop: Hashable, Sendable {
      package struct Flags: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let onLink = Flags(rawValue: 1)
        /// BFD watches it.
        package static let bfd = Flags(rawValue: 2)
        /// It is not usable now.
        package static let dormant = Flags(rawValue: 4)
      }
      /// nil for a route to an interface alone.
      package var gateway: IPAddress?
      package var interface: String?
      package var weight: UInt16
      package var flags: Flags
      package init(gateway: IPAddress? = nil, interface: String? = nil, weight: UInt16 = 1, _ flags: Flags = []) {
        self.gateway = gateway
        self.interface = interface
        self.weight = weight
        self.flags = flags
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
