import BFD
import BGP
import Configuration
import Linux
import RouteCore

// Where the neighbour is: the interface towards it, the ends of its connections, and how the next hops that it announces are found.
extension BGPProtocol {
  var neighborInterface: Interface? { interface(to: peer.configuration.neighborAddress) }

  /// The interface with a network of the neighbour's, if a session can run over it now.
  func interface(to neighbor: IPAddress) -> Interface? {
    let configuration = peer.configuration
    let found: Interface?
    if let name = configuration.interface {
      found = daemon.interfaces.named(name).flatMap { sees($0) ? $0 : nil }
    } else {
      found = daemon.interfaces.connected(neighbor, where: sees)
    }
    guard let found, found.link.flags.contains(.up), !configuration.checkLink || found.isUp else { return nil }
    let local = configuration.localAddress
    if neighbor.isLinkLocal, local?.isLinkLocal != true { return daemon.preferredAddresses.linkLocal(of: found) == nil ? nil : found }
    if let local, configuration.isDirect {
      return found.addresses.contains { $0.address == local && !$0.flags.contains(.tentative) } ? found : nil
    }
    return found
  }

  /// `bfd`: watches the neighbour while it can be reached. A BFD session that was never up does not prevent a connection.
  func watchNeighbor() {
    let interface = peer.configuration.isDirect ? neighborInterface : nil
    let neighbor = peer.configuration.neighborAddress
    let source = peer.configuration.localAddress ?? interface.flatMap { daemon.preferredAddresses.address(facing: neighbor, on: $0) }
    guard let options = configuration.bfd, !peer.configuration.isListener, let source, interface != nil || !peer.configuration.isDirect
    else { return watch([]) }
    watch([BFDRequest.Wish(key: SessionKey(neighbor, interface: interface?.index ?? 0), source: source, overrides: options.overrides)])
  }

  func endpoints(_ connection: StreamConnection) -> Endpoints? {
    guard let local = connection.localEndpoint, let remote = connection.remoteEndpoint else { return nil }
    let own = ownAddresses(local.address)
    return Endpoints(
      local: local.address, remote: remote.address, interface: own.interface, linkLocal: own.linkLocal, otherFamily: own.otherFamily)
  }

  /// The local details of a connection: the interface of a direct session, and its addresses that serve as next hops too.
  func ownAddresses(_ local: IPAddress) -> (interface: UInt32, linkLocal: IPAddress?, otherFamily: IPAddress?) {
    let interface = peer.configuration.isDirect ? neighborInterface ?? owner(of: local) : nil
    let other = local.family.other
    return (
      interface?.index ?? 0, interface.flatMap(daemon.preferredAddresses.linkLocal),
      (interface ?? owner(of: local)).flatMap { daemon.preferredAddresses.address(other, of: $0)?.address }
    )
  }

  /// Whether an interface has the address that a direct session is bound to: else nothing comes to it.
  var isBoundToInterface: Bool {
    guard let session, peer.configuration.isDirect else { return false }
    return owner(of: session.endpoints.local) != nil
  }

  private func owner(of address: IPAddress) -> Interface? {
    // The addresses of the VRF's device are in it too.
    daemon.interfaces.owner(of: address) { sees($0) || $0.name == configuration.vrf?.name }
  }

  /// Whether a connection from there is this neighbour's, or of this range.
  func isNeighbor(_ remote: Endpoint, local: Endpoint?) -> Bool {
    let configuration = peer.configuration
    if let own = configuration.localAddress, let local, local.address != own { return false }
    guard configuration.isListener, let range = configuration.neighborRange else {
      guard remote.address == configuration.neighborAddress else { return false }
      if remote.address.isLinkLocal, let interface = neighborInterface { return remote.interface == interface.index }
      return true
    }
    guard remote.address.family == range.family, range.contains(remote.address) else { return false }
    guard remote.address.isLinkLocal else { return true }
    return configuration.interface.flatMap { daemon.interfaces.named($0)?.index } == remote.interface
  }

  /// Whether the neighbour can be connected to.
  var takesConnections: Bool { state == .start || state == .up }

  func bgpChannel(_ family: AddressFamily, _ parameters: SessionParameters) -> BGPChannel? {
    guard parameters.carries(family), let id = channel(family) else { return nil }
    switch parameters.configuration.gatewayMode(family) {
    case .direct:
      let cost = parameters.configuration.channel(family)?.cost ?? 0
      return BGPChannel(id: id, gateway: .direct(interface: parameters.endpoints.interface, master: master, cost: cost))
    case .recursive:
      let options = parameters.configuration.channel(family)
      let own = options?.igpTable.flatMap { daemon.router.table(named: $0) } ?? daemon.router[channel: id].table
      let other = otherIGPTable(family).flatMap { daemon.router.table(named: $0) }
      let prefersGlobal = options?.prefersGlobalNextHop ?? false
      var tables = PerFamily<TableID?>(repeating: other)
      tables[family] = own
      return BGPChannel(id: id, gateway: .recursive(tables, prefersGlobal: prefersGlobal))
    }
  }

  /// The table in which a channel's next hops of the other family are looked up; nil if there are none.
  func otherIGPTable(_ family: AddressFamily) -> String? {
    guard let options = peer.configuration.channel(family), options.extendedNextHop else { return nil }
    let other = family.other
    return options.otherIGPTable ?? peer.configuration.channel(other)?.igpTable ?? configuration.channel(other)?.table
      ?? (other == .ipv4 ? "master4" : "master6")
  }
}
