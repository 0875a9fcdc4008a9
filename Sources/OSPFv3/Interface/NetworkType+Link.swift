// What kind of network a link is taken for, and what that means.

extension NetworkType {
  /// What a link is made for, where `type` does not say it.
  init(suiting status: InterfaceStatus) {
    if status.linkLocalPeer != nil {
      self = status.isMulticast ? .pointToPoint : .pointToMultipoint
    } else if status.isMultiAccess {
      self = status.isMulticast ? .broadcast : .nonBroadcast
    } else {
      self = .pointToPoint
    }
  }

  /// What comes closest to it on a link: without multicast the neighbours have to be sent to one by one.
  func possible(on status: InterfaceStatus) -> NetworkType {
    if status.isMulticast { return self }
    return switch self {
    case .broadcast: .nonBroadcast
    case .pointToPoint: .pointToMultipoint
    case .nonBroadcast, .pointToMultipoint: self
    }
  }

  /// Whether the routers elect a designated router, who speaks for the network (RFC 2328 §9.4).
  var hasDesignatedRouter: Bool { self == .broadcast || self == .nonBroadcast }

  /// Whether packets go to groups; otherwise to each neighbour alone.
  var usesMulticast: Bool { self == .broadcast || self == .pointToPoint }

  /// As `show ospf interface` names it.
  package var name: String {
    switch self {
    case .broadcast: "broadcast"
    case .nonBroadcast: "nbma"
    case .pointToPoint: "ptp"
    case .pointToMultipoint: "ptmp"
    }
  }
}
