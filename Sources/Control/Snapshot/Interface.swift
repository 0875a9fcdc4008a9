import RouteCore

extension Snapshot {
  /// One interface of `show interfaces`.
  package struct Interface: Hashable, Sendable {
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
      /// What 1.6 shows about the address; 2.x shows `Preferred` for all but secondary ones.
      package enum Rank: Hashable, Sendable {
        /// The interface's chosen address (of its family, in 2.x).
        case primary
        /// Not chosen, but not secondary either.
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
      package init(_ address: IPAddress, _ length: UInt8, rank: Rank = .primary, opposite: IPAddress? = nil, scope: RouteScope = .universe)
      {
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
    /// In the kernel's order.
    package var addresses: [Address]

    package init(name: String, index: UInt32, flags: Flags, mtu: UInt32, addresses: [Address]) {
      self.name = name
      self.index = index
      self.flags = flags
      self.mtu = mtu
      self.addresses = addresses
    }

    /// Those of IPv4 first.
    var addressesByFamily: [Address] { addresses.filter { $0.address.isIPv4 } + addresses.filter { !$0.address.isIPv4 } }
  }
}
