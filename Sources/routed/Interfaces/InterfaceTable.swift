import Configuration
import Linux
import RouteCore

/// One network interface with its addresses, as the kernel last told.
struct Interface: Hashable {
  var link: Link
  /// In the order the kernel told them.
  var addresses: [InterfaceAddress] = []

  var index: UInt32 { link.index }
  var name: String { link.name }
  var isUp: Bool { link.isUp }
  var isLoopback: Bool { link.flags.contains(.loopback) }
}

/// All interfaces of the namespace. The kernel's notifications change it; protocols are told of each change.
struct InterfaceTable {
  private(set) var interfaces: [UInt32: Interface] = [:]

  subscript(index: UInt32) -> Interface? { interfaces[index] }

  /// In the order of their indices.
  var all: [Interface] { interfaces.values.sorted { $0.index < $1.index } }

  func named(_ name: String) -> Interface? { interfaces.values.first { $0.name == name } }

  /// Whether anything changed.
  mutating func update(_ link: Link) -> Bool {
    guard interfaces[link.index]?.link != link else { return false }
    interfaces[link.index, default: Interface(link: link)].link = link
    return true
  }

  mutating func remove(link index: UInt32) -> Bool { interfaces.removeValue(forKey: index) != nil }

  mutating func update(_ address: InterfaceAddress) -> Bool {
    guard var interface = interfaces[address.interface] else { return false }
    if let place = interface.addresses.firstIndex(where: { $0.isSame(as: address) }) {
      guard interface.addresses[place] != address else { return false }
      interface.addresses[place] = address
    } else {
      interface.addresses.append(address)
    }
    interfaces[address.interface] = interface
    return true
  }

  mutating func remove(_ address: InterfaceAddress) -> Bool {
    guard let place = interfaces[address.interface]?.addresses.firstIndex(where: { $0.isSame(as: address) }) else { return false }
    interfaces[address.interface]?.addresses.remove(at: place)
    return true
  }

  /// The interface on whose network an address lies, and which is up; the longest prefix wins.
  func connected(_ address: IPAddress, where isEligible: (Interface) -> Bool = { _ in true }) -> Interface? {
    var best: (interface: Interface, length: UInt8)?
    for interface in all where interface.isUp && isEligible(interface) {
      for own in interface.addresses where own.isOnLink(address) && own.prefixLength >= best?.length ?? 0 {
        best = (interface, own.prefixLength)
      }
    }
    return best?.interface
  }

  /// Whether an interface belongs to a VRF; all do if none is chosen.
  func contains(_ interface: Interface, in vrf: VRFChoice?) -> Bool {
    switch vrf {
    case nil: true
    case .default?: interface.link.master == 0
    case .named(let name)?: interface.link.master != 0 && interfaces[interface.link.master]?.name == name
    }
  }

  /// The interface that has an address.
  func owner(of address: IPAddress, where isEligible: (Interface) -> Bool = { _ in true }) -> Interface? {
    all.first { isEligible($0) && $0.addresses.contains { $0.address == address } }
  }

  /// The networks that interfaces are connected to, longest first.
  var connectedNetworks: [(prefix: Prefix, interface: UInt32, master: UInt32)] {
    var out: [(prefix: Prefix, interface: UInt32, master: UInt32)] = []
    for interface in all where interface.isUp && !interface.isLoopback {
      for address in interface.addresses where !address.address.isLinkLocal {
        out.append((address.prefix, interface.index, interface.link.master))
      }
    }
    return out.sorted { $0.prefix.length > $1.prefix.length }
  }
}

extension InterfaceAddress {
  /// The same address of the same interface, whatever else is said of it.
  func isSame(as other: InterfaceAddress) -> Bool {
    address == other.address && prefixLength == other.prefixLength && opposite == other.opposite
  }

  /// Whether the other end of a packet to `address` is on this address's link.
  func isOnLink(_ address: IPAddress) -> Bool {
    if let opposite { return opposite == address || (prefixLength < address.family.bitWidth && prefix.contains(address)) }
    return address.family == self.address.family && prefix.contains(address)
  }
}
