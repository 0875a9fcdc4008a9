import Configuration
import Control
import Linux
import RouteCore

extension SnapshotReader {
  var interfaces: [Snapshot.Interface] { daemon.interfaces.all.map(interface) }

  private func interface(_ interface: Interface) -> Snapshot.Interface {
    // A daemon of 1.6 knows the addresses of its own family only.
    let family = daemon.configuration.dialect.impliedFamily
    let addresses = interface.addresses.filter { family == nil || $0.address.family == family }
    let chosen = AddressFamily.allCases.compactMap { family in
      primary(of: interface, among: addresses.filter { $0.address.family == family })
    }
    var shown = Snapshot.Interface(
      name: interface.name, index: interface.index, flags: flags(interface, hasAddress: !addresses.isEmpty), mtu: interface.link.mtu,
      addresses: addresses.map { address in
        let isChosen = chosen.contains { $0.isSame(as: address) }
        return Snapshot.Interface.Address(
          address.address, address.prefixLength, rank: isChosen ? .primary : address.flags.contains(.secondary) ? .secondary : .unselected,
          opposite: address.otherEnd, scope: shownScope(address))
      })
    if interface.link.master != 0 {
      shown.master = daemon.interfaces[interface.link.master]?.name ?? "#\(interface.link.master)"
    }
    return shown
  }

  /// An interface is up when it is switched on and has an address.
  private func flags(_ interface: Interface, hasAddress: Bool) -> Snapshot.Interface.Flags {
    let link = interface.link.flags
    var flags: Snapshot.Interface.Flags = []
    if link.contains(.loopback) {
      flags = [.multiAccess, .loopback, .ignored]
    } else if link.contains(.pointToPoint) {
      flags = []
    } else if link.contains(.broadcast) {
      flags = [.multiAccess, .broadcast]
    } else {
      flags = .multiAccess
    }
    if interface.link.isMulticast { flags.insert(.multicast) }
    if link.contains(.up) { flags.insert(.adminUp) }
    if link.contains(.lowerUp) { flags.insert(.linkUp) }
    if link.contains(.up), hasAddress { flags.insert(.up) }
    return flags
  }

  /// The address that stands for an interface: the one that the device protocol prefers, else the first of the widest scope.
  private func primary(of interface: Interface, among addresses: [InterfaceAddress]) -> InterfaceAddress? {
    for preferred in daemon.configuration.preferredAddresses {
      if let pattern = preferred.interfaces, !pattern.matches(name: interface.name) { continue }
      if let found = addresses.first(where: { preferred.prefix.family == $0.address.family && preferred.prefix.contains($0.address) }) {
        return found
      }
    }
    var best: InterfaceAddress?
    for address in addresses where !address.flags.contains(.secondary) {
      if let best, shownScope(best).rawValue >= shownScope(address).rawValue { continue }
      best = address
    }
    return best
  }

  /// The scope that the address itself has; the kernel calls more of them global.
  private func shownScope(_ address: InterfaceAddress) -> RouteScope {
    if address.address.isLoopback { return .host }
    if address.address.isLinkLocal { return .link }
    return address.address.isPrivate ? .site : address.scope
  }
}
