// Next hops on the networks that the router is connected to. A set that was made of one is looked up again whenever these change, so that
// its routes move with the network, or lead nowhere while there is none.

/// Why a next hop cannot be used.
package enum NextHopProblem: Error, Hashable, Sendable {
  /// There is none, or not in the form that the session needs.
  case missing
  /// RFC 4271 §6.3 (a): one of our own addresses.
  case own
  case network, broadcast
  /// RFC 4271 §6.3 (b).
  case notConnected
  /// There is no table in which next hops of its family could be looked up.
  case noTable

  package var text: String {
    switch self {
    case .missing: "there is none that can be used"
    case .own: "it is an address of ours"
    case .network: "it is the address of a network"
    case .broadcast: "it is a broadcast address"
    case .notConnected: "it is on no network of ours"
    case .noTable: "there is no table for its family"
    }
  }
}

extension Router {
  /// The set that stands for a next hop on a network of ours. The caller owns one reference.
  package mutating func intern(_ hop: LinkNextHop) throws(NextHopProblem) -> NextHopSetID {
    let found = try way(to: hop)
    let id = nextHops.intern(.connected(hop))
    // One that routes have already changes together with them, in `resolveNextHops`.
    if nextHops.isUnshared(id) { _ = nextHops.resolve(id, to: [found], igpMetric: hop.cost) }
    return id
  }

  /// Looks a next hop up again. Whether that is a change.
  mutating func lookUp(_ id: NextHopSetID, _ hop: LinkNextHop) -> Bool {
    guard let found = try? way(to: hop) else { return nextHops.resolve(id, to: [], igpMetric: NextHopTable.infinity) }
    return nextHops.resolve(id, to: [found], igpMetric: hop.cost)
  }

  /// The global address where it is a neighbour's, else the link-local one.
  private func way(to hop: LinkNextHop) throws(NextHopProblem) -> NextHop {
    if !hop.address.isLinkLocal {
      let place = networks.place(of: hop.address) { network in
        guard let master = hop.master else { return true }
        // The device of a VRF is in it too.
        return network.master == master || master != 0 && network.interface == master
      }
      switch place {
      case .own: throw .own
      case .network: throw .network
      case .broadcast: throw .broadcast
      case .neighbor(let network): if !network.isLoopback { return NextHop(gateway: hop.address, interface: network.interface) }
      case .elsewhere: break
      }
    }
    guard let link = hop.address.isLinkLocal ? hop.address : hop.link, hop.interface != 0 else { throw .notConnected }
    if case .own = networks.place(of: link, where: { $0.interface == hop.interface }) { throw .own }
    return NextHop(gateway: link, interface: hop.interface)
  }

  /// Whether a next hop that was looked up in a table is another host's in the VRF of the interface it leads to: packets for what is behind
  /// one of our own addresses would come back to us (RFC 4271 §6.3).
  func isForeign(_ address: IPAddress, by hop: NextHop) -> Bool {
    let vrf = networks.vrf(of: hop.interface)
    return switch networks.place(of: address, where: { networks.vrf(of: $0.interface) == vrf }) {
    case .own, .network, .broadcast: false
    case .neighbor, .elsewhere: true
    }
  }

  /// The interface on whose network an address is another host's.
  func interface(to address: IPAddress) -> UInt32? {
    guard !address.isLinkLocal, case .neighbor(let network) = networks.place(of: address), !network.isLoopback else { return nil }
    return network.interface
  }

  /// Whether an address is on an interface's networks.
  package func isConnected(_ address: IPAddress, to interface: UInt32) -> Bool {
    guard !address.isLinkLocal else { return false }
    return switch networks.place(of: address, where: { $0.interface == interface }) {
    case .own, .neighbor: true
    case .network, .broadcast, .elsewhere: false
    }
  }
}
