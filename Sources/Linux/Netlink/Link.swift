import CLinux
import CMnl

/// A network interface.
package struct Link: Hashable, Sendable {
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Administratively up.
    package static let up = Flags(rawValue: 1 << 0)
    package static let broadcast = Flags(rawValue: 1 << 1)
    package static let loopback = Flags(rawValue: 1 << 3)
    package static let pointToPoint = Flags(rawValue: 1 << 4)
    /// Operationally up (RFC 2863).
    package static let running = Flags(rawValue: 1 << 6)
    package static let multicast = Flags(rawValue: 1 << 12)
    /// The link has a carrier.
    package static let lowerUp = Flags(rawValue: 1 << 16)
  }

  package var index: UInt32
  package var name: String
  package var flags: Flags
  package var mtu: UInt32
  /// The bridge, bond or VRF it belongs to; 0 for none.
  package var master: UInt32
  /// `veth`, `dummy`, `vti6`, `bridge`…; empty for hardware and the loopback.
  package var kind: String

  package init(index: UInt32, name: String, flags: Flags = [], mtu: UInt32 = 0, master: UInt32 = 0) {
    self.index = index
    self.name = name
    self.flags = flags
    self.mtu = mtu
    self.master = master
    kind = ""
  }

  /// One packet can reach all ends: where there is broadcast, or only one other end, or the flag says so.
  package var isMulticast: Bool { !flags.isDisjoint(with: [.multicast, .broadcast, .pointToPoint]) }

  /// Up, and with a carrier: what protocols consider up.
  package var isUp: Bool { flags.isSuperset(of: [.up, .lowerUp]) }
}
