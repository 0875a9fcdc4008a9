import RouteCore

/// One interface of `show interfaces`.
package struct InterfaceView: Hashable, Sendable {
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Usable: administratively up and with a link.
    package static let up = Flags(rawValue: 1)
    package static let adminUp = Flags(rawValue: 2)
    package static let linkUp = Flags(rawValue: 4)
    package static let multiAccess = Flags(rawValue: 8)
    package static let broadcast = Flags(rawValue: 16)
    package static let multicast = Flags(rawValue: 32)
    package static let loopback = Flags(rawValue: 64)
    package static let ignored = Flags(rawValue: 128)
  }
  package struct Address: Hashable, Sendable {
    /// What the 1.6 look says about the address; 2.x says `Preferred` for all but secondary ones.
    package enum Rank: Hashable, Sendable {
      /// The interface's chosen address (of its family, in 2.x).
      case primary
      /// Chosen by nobody, but not secondary.
      case unselected
      /// IFA_F_SECONDARY.
      case secondary
    }
    package var address: IPAddress
    package var length: UInt8
    package var rank: Rank
    /// The other end of a /31, /127 or point-to-point address.
    package var opposite: IPAddress?
    package var scope: RouteScope
    package init(_ address: IPAddress, _ length: UInt8, rank: Rank = .primary, opposite: IPAddress? = nil, scope: RouteScope = .universe) {
      self.address = address
      self.length = length
      self.rank = rank
      self.opposite = opposite
      self.scope = scope
    }
  }
  package var name: String
  package var index: UInt32
  /// The bridge or VRF it belongs to.
  package var master: String?
  package var flags: Flags
  package var mtu: UInt32
  /// In the order shown. The 1.6 look puts the first `.primary` one first.
  package var addresses: [Address]

  package init(name: String, index: UInt32, master: String? = nil, flags: Flags, mtu: UInt32, addresses: [Address]) {
    self.name = name
    self.index = index
    self.master = master
    self.flags = flags
    self.mtu = mtu
    self.addresses = addresses
  }

  /// The address that `show interfaces summary` names: in the 1.6 look the primary one of any scope, in 2.x the first of the family
  /// that is not link-local.
  package func summaryAddress(_ family: AddressFamily?) -> Address? {
    guard let family else { return addresses.first { $0.rank == .primary } ?? addresses.first }
    return addresses.first { $0.address.family == family && !$0.address.isLinkLocal && $0.rank != .secondary }
  }
}

/// One route of `show static`, as configured.
package struct StaticRouteView: Hashable, Sendable {
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
