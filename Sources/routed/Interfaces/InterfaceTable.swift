import Configuration
import Linux
import RouteCore

/// One network interface with its addresses, as the kernel last told.
struct Interface: Hashable {
  var link: Link
  /// In the order in which the kernel reported them.
  var addresses: [InterfaceAddress] = []

  var index: UInt32 { link.index }
  var name: String { link.name }
  var isUp: Bool { link.isUp }
  var isLoopback: Bool { link.flags.contains(.loopback) }
}

/// All interfaces of the namespace. The kernel's notifications change it; protocols are told of each change.
struct InterfaceTable {
  private(set) var interfaces: [UInt32: Interface] = [:]
  /// The networks of those that are up.
  private(set) var networks = ConnectedNetworks()

  subscript(index: UInt32) -> Interface? { interfaces[index] }

  /// In the order of their indices.
  var all: [Interface] { interfaces.values.sorted { $0.index < $1.index } }

  func named(_ name: String) -> Interface? { interfaces.values.first { $0.name == name } }

  /// Whether anything changed.
  mutating func update(_ link: Link) -> Bool {
    guard interfaces[link.index]?.link != link else { return false }
    interfaces[link.index, default: Interface(link: link)].link = link
    collectNetworks()
    return true
  }

  mutating func remove(link index: UInt32) -> Bool {
    guard interfaces.removeValue(forKey: index) != nil else { return false }
    collectNetworks()
    return true
  }

  mutating func update(_ address: InterfaceAddress) -> Bool {
    guard var interface = interfaces[address.interface] else { return false }
    if let place = interface.addresses.firstIndex(where: { $0.isSame(as: address) }) {
      guard interface.addresses[place] != address else { return false }
      interface.addresses[place] = address
    } else {
      interface.addresses.append(address)
    }
    interfaces[address.interface] = interface
    collectNetworks()
    return true
  }

  mutating func remove(_ address: InterfaceAddress) -> Bool {
    guard let place = interfaces[address.interface]?.addresses.firstIndex(where: { $0.isSame(as: address) }) else { return false }
    interfaces[address.interface]?.addresses.remove(at: place)
    collectNetworks()
    return true
  }

  /// The interface that is up and has a network with this address: the longest prefix wins, then a carrier. Network and broadcast addresses
  /// are on none.
  func connected(_ address: IPAddress, where isEligible: (Interface) -> Bool = { _ in true }) -> Interface? {
    switch networks.place(of: address, where: { self[$0.interface].map(isEligible) ?? false }) {
    case .neighbor(let network), .own(let network): self[network.interface]
    case .network, .broadcast, .elsewhere: nil
    }
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

  private mutating func collectNetworks() {
    var all: [ConnectedNetworks.Network] = []
    var vrfs: [UInt32: UInt32] = [:]
    for interface in interfaces.values {
      let link = interface.link
      if link.kind == "vrf" {
        vrfs[link.index] = link.index
      } else if let master = interfaces[link.master], master.link.kind == "vrf" {
        vrfs[link.index] = master.index
      }
      guard link.flags.contains(.up) else { continue }
      for address in interface.addresses {
        var network = ConnectedNetworks.Network(address.address, address.prefix, interface: link.index)
        network.isPointToPoint = address.opposite != nil
        network.master = link.master
        network.hasCarrier = interface.isUp
        network.isLoopback = interface.isLoopback
        all.append(network)
      }
    }
    networks = ConnectedNetworks(all, vrfs: vrfs)
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
