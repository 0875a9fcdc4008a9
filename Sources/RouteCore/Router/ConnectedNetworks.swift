/// The networks that the interfaces have addresses of: what is on link, and what can be no neighbour there.
///
/// Whatever depends on the interfaces asks here, and asks again when the value has changed: nothing that was found is kept beyond that.
public struct ConnectedNetworks: Hashable, Sendable {
  /// One address of an interface that is up.
  package struct Network: Hashable, Sendable {
    /// Our own address, and the network on the link: that of the other end where there is one.
    package var address: IPAddress
    package var prefix: Prefix
    package var isPointToPoint = false
    package var interface: UInt32
    /// The bridge, bond or VRF that the interface belongs to; 0 for none.
    package var master: UInt32 = 0
    package var hasCarrier = true
    package var isLoopback = false

    package init(_ address: IPAddress, _ prefix: Prefix, interface: UInt32) {
      self.address = address
      self.prefix = prefix
      self.interface = interface
    }
  }

  /// What an address is to us.
  package enum Place: Hashable, Sendable {
    /// Another host's, on this network.
    case neighbor(Network)
    /// One of our own.
    case own(Network)
    /// That of a network itself, or for all hosts of one (RFC 1122 §3.2.1.3; RFC 3021 for a link of two hosts).
    case network, broadcast
    case elsewhere
  }

  /// The longest first, then those with a carrier, then in the order of the interfaces.
  private let networks: [Network]
  /// The VRF of each interface that is in one, and of its device.
  private let vrfs: [UInt32: UInt32]

  package init(_ networks: [Network] = [], vrfs: [UInt32: UInt32] = [:]) {
    self.networks = networks.sorted { a, b in
      if a.prefix.length != b.prefix.length { return a.prefix.length > b.prefix.length }
      return a.hasCarrier != b.hasCarrier ? a.hasCarrier : a.interface < b.interface
    }
    self.vrfs = vrfs
  }

  /// The VRF of an interface, 0 for none.
  func vrf(of interface: UInt32) -> UInt32 { vrfs[interface] ?? 0 }

  /// What an address is, as far as some networks tell.
  package func place(of address: IPAddress, where isEligible: (Network) -> Bool = { _ in true }) -> Place {
    var found = Place.elsewhere
    for network in networks where network.address.family == address.family && isEligible(network) {
      if network.address == address { return .own(network) }
      guard network.prefix.contains(address) else { continue }
      if !network.isPointToPoint, address.isIPv4, network.prefix.length < 31 {
        if network.prefix.address == address { return .network }
        if network.prefix.broadcast == address { return .broadcast }
      }
      if case .elsewhere = found { found = .neighbor(network) }
    }
    return found
  }
}

extension Prefix {
  /// The last address of an IPv4 network, which stands for all its hosts.
  fileprivate var broadcast: IPAddress? {
    address.ipv4.map { IPAddress(ipv4: length == 0 ? .max : $0 | ~(UInt32.max << (32 - UInt32(length)))) }
  }
}
