import RouteCore

/// What the system says about a link; sent again whenever any of it changes.
public struct InterfaceStatus: Hashable, Sendable {
  public var index: UInt32
  public var name: String
  /// Administratively up.
  public var isUp: Bool
  /// The link has a carrier; only `check link` asks.
  public var hasCarrier: Bool
  public var mtu: UInt32
  /// More than two ends are possible.
  public var isMultiAccess: Bool
  /// A packet can be sent to all ends at once.
  public var isMulticast: Bool
  public var isLoopback: Bool
  /// The link-local address packets are sent from; without one no OSPF is spoken.
  public var linkLocal: IPAddress?
  /// The other end, where that address has just one.
  public var linkLocalPeer: IPAddress?
  /// The addresses of wider scope, each with the length of its prefix.
  public var addresses: [Address]

  public struct Address: Hashable, Sendable {
    public var address: IPAddress
    public var length: UInt8
    /// An address with a peer at the other end: its prefix is not a network of the link.
    public var isPeer: Bool

    public init(_ address: IPAddress, length: UInt8, isPeer: Bool = false) {
      self.address = address
      self.length = length
      self.isPeer = isPeer
    }
  }

  public init(
    index: UInt32, name: String, isUp: Bool = true, hasCarrier: Bool = true, mtu: UInt32 = 1500, isMultiAccess: Bool = true,
    isMulticast: Bool = true, isLoopback: Bool = false, linkLocal: IPAddress?, linkLocalPeer: IPAddress? = nil, addresses: [Address] = []
  ) {
    self.index = index
    self.name = name
    self.isUp = isUp
    self.hasCarrier = hasCarrier
    self.mtu = mtu
    self.isMultiAccess = isMultiAccess
    self.isMulticast = isMulticast
    self.isLoopback = isLoopback
    self.linkLocal = linkLocal
    self.linkLocalPeer = linkLocalPeer
    self.addresses = addresses
  }
}

/// RFC 2328 §9.1
public enum InterfaceMachineState: UInt8, Hashable, Sendable, CaseIterable {
  case down
  case loopback
  case waiting
  case pointToPoint
  case designatedRouterOther
  case backup
  case designatedRouter

  /// As `show ospf interface` names it.
  public var name: String {
    switch self {
    case .down: "Down"
    case .loopback: "Loopback"
    case .waiting: "Waiting"
    case .pointToPoint: "PtP"
    case .designatedRouterOther: "DROther"
    case .backup: "Backup"
    case .designatedRouter: "DR"
    }
  }
}

/// An interface OSPF is configured on (RFC 2328 §9, RFC 5340 §4.1.2).
struct Interface: Sendable {
  let key: InterfaceKey
  /// The area's position.
  var area: Int
  var options: InterfaceOptions
  var status: InterfaceStatus
  /// As configured or found out; `type` is another where the link cannot do that.
  var wantedType: NetworkType
  var type: NetworkType
  /// What it leads through, if it is the end of a virtual link; `type` is point-to-point then.
  var virtualLink: VirtualLink?
  var state: InterfaceMachineState = .down
  var designatedRouter = RouterID(rawValue: 0)
  var backupDesignatedRouter = RouterID(rawValue: 0)
  /// In the order of their Router IDs.
  var neighbors: [Neighbor] = []
  /// Those of `options.neighbors`, in that order.
  var configuredNeighbors: [ConfiguredNeighbor] = []
  var helloDeadline: Instant?
  var pollDeadline: Instant?
  var waitDeadline: Instant?
  /// Headers to be acknowledged together, and when at last.
  var delayedAcknowledgments: [LSAHeader] = []
  var acknowledgmentDeadline: Instant?
  /// To be flooded at the end of the present event.
  var floodQueue: [LSAHandle] = []
  var isInAllDRouters = false
  /// The topology has changed: the neighbours' restarts are not helped any more.
  var cancelsHelp = false
  /// What keeps packets of a wrong kind from filling the log: one line per second at most.
  var lastComplaint: Instant?

  init(key: InterfaceKey, area: Int, options: InterfaceOptions, status: InterfaceStatus) {
    self.key = key
    self.area = area
    self.options = options
    self.status = status
    wantedType = options.type ?? NetworkType(suiting: status)
    type = options.stub || status.isLoopback ? wantedType : wantedType.possible(on: status)
  }

  /// Whom a packet for everybody on the link is sent to.
  var allRouters: IPAddress { virtualLink?.peerAddress ?? Constants.allSPFRouters }
  /// Whether packets are sent and heard.
  var isActive: Bool { state != .down && state != .loopback && !options.stub }

  /// The longest OSPF packet that needs no fragments: what is left of the MTU behind the IPv6 header.
  var maximumPacket: Int {
    let length = options.transmitLength.map { UInt32($0) } ?? min(status.mtu, 65535)
    return max(Int(length) - 40, 256 - 40)
  }

  /// As Database Descriptions tell it; 0 on virtual links (RFC 5340 §A.3.3).
  var announcedMTU: UInt16 { virtualLink == nil ? UInt16(clamping: status.mtu) : 0 }

  func neighbor(_ id: RouterID) -> Int? { neighbors.firstIndex { $0.routerID == id } }

  /// Whether the link is a transit network: fully adjacent to the designated router, or being it and adjacent to anybody
  /// (RFC 2328 §12.4.1.2).
  func isTransit(_ local: RouterID) -> Bool {
    guard type.hasDesignatedRouter, state != .waiting, state != .down, state != .loopback else { return false }
    return neighbors.contains { $0.isFullyAdjacent && ($0.routerID == designatedRouter || state == .designatedRouter) }
  }

  var nextDeadline: Instant? {
    var deadline = earliest(earliest(helloDeadline, pollDeadline), earliest(waitDeadline, acknowledgmentDeadline))
    for neighbor in neighbors {
      if neighbor.state != .down { deadline = earliest(deadline, neighbor.inactivityDeadline) }
      deadline = earliest(deadline, neighbor.graceDeadline)
      deadline = earliest(deadline, neighbor.exchangeDeadline)
      deadline = earliest(deadline, neighbor.requestDeadline)
      if let oldest = neighbor.retransmissions.oldest { deadline = earliest(deadline, oldest + retransmitInterval) }
    }
    return deadline
  }

  var retransmitInterval: Duration { .seconds(Int64(options.retransmitInterval)) }
}
