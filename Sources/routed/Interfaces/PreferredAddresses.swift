import Configuration
import Linux
import RouteCore

/// Which of its addresses stands for an interface: the one that the device protocol prefers (`primary`, `preferred`), else the first
/// that is not secondary. An interface has one of IPv4, one of IPv6 and a link-local one.
struct PreferredAddresses {
  private let preferred: [DeviceConfiguration.PreferredAddress]

  init(_ configuration: Configuration) { preferred = configuration.preferredAddresses }

  /// The address for a family, beyond the link.
  func address(_ family: AddressFamily, of interface: Interface) -> InterfaceAddress? {
    choose(interface) { $0.address.family == family && !($0.address.isLinkLocal && family == .ipv6) }
  }

  /// The link-local IPv6 address; a tentative one is not used.
  func linkLocal(of interface: Interface) -> IPAddress? {
    choose(interface) { $0.address.isLinkLocal && !$0.address.isIPv4 && !$0.flags.contains(.tentative) }?.address
  }

  /// Our end of a direct path to a neighbour on the interface.
  func address(facing neighbor: IPAddress, on interface: Interface) -> IPAddress? {
    if neighbor.isLinkLocal { return linkLocal(of: interface) }
    return interface.addresses.first { $0.isOnLink(neighbor) }?.address ?? address(neighbor.family, of: interface)?.address
  }

  private func choose(_ interface: Interface, _ condition: (InterfaceAddress) -> Bool) -> InterfaceAddress? {
    let candidates = interface.addresses.filter { condition($0) && !($0.flags.contains(.secondary) && $0.address.isIPv4) }
    for entry in preferred {
      if let pattern = entry.interfaces, !pattern.matches(name: interface.name) { continue }
      let found = candidates.first { entry.prefix.family == $0.address.family && entry.prefix.contains($0.address) }
      if let found { return found }
    }
    return candidates.first
  }
}
