import RouteCore

/// RFC 2328 §9.1
public enum InterfaceMachineState: UInt8, Hashable, Sendable, CaseIterable {
  /// OSPF does not run: the link is down.
  case down
  /// Its networks are announced, nothing is sent.
  case loopback
  /// It listens who is designated router (RFC 2328 §9.4).
  case waiting
  /// It runs, without a designated router: also for virtual links and point-to-multipoint.
  case pointToPoint
  /// Others are designated router and backup.
  case designatedRouterOther
  /// This router is the backup designated router.
  case backup
  /// This router is the designated router.
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

/// An interface OSPF runs on (RFC 2328 §9, RFC 5340 §4.1.2): its machine, and those of its neighbours.
///
/// Its methods see nothing but the interface and an `InterfaceContext`. Packets are appended to the output; what the rest of the router
/// has to do is left in the context.
struct Interface: Keyed, Sendable {
  let key: InterfaceKey
  /// The area's position.
  var area: Int
  var options: InterfaceOptions
  var status: InterfaceStatus
  /// As configured, or as the link suggests; `type` is another one if the link is not capable of it.
  var wantedType: NetworkType
  var type: NetworkType
  /// Set for the end of a virtual link; `type` is point-to-point then.
  var virtualLink: VirtualLink?
  var state: InterfaceMachineState = .down
  var designatedRouter = RouterID.unspecified
  var backupDesignatedRouter = RouterID.unspecified
  /// By Router ID.
  var neighbors = KeyedList<Neighbor>()
  /// Those of `options.neighbors`, in that order.
  var configuredNeighbors: [ConfiguredNeighbor] = []
  var helloDeadline: Instant?
  var pollDeadline: Instant?
  var waitDeadline: Instant?
  /// Headers to be acknowledged together, and when at the latest.
  var delayedAcknowledgments: [LSAHeader] = []
  var acknowledgmentDeadline: Instant?
  /// To be flooded at the end of the present event.
  var floodQueue: [LSAHandle] = []
  var isInAllDRouters = false
  /// What concerns this interface alone.
  var due: DueWork = []
  /// When a bad packet was last logged: one line per second at most.
  var lastComplaint: Instant?

  init(key: InterfaceKey, area: Int, options: InterfaceOptions, status: InterfaceStatus) {
    self.key = key
    self.area = area
    self.options = options
    self.status = status
    wantedType = options.type ?? NetworkType(suiting: status)
    type = options.stub || status.isLoopback ? wantedType : wantedType.possible(on: status)
  }

  /// Where a packet for all routers on the link is sent.
  var allRouters: IPAddress { virtualLink?.peerAddress ?? Constants.allSPFRouters }
  /// Whether packets are sent and received.
  var isActive: Bool { state != .down && state != .loopback && !options.stub }
  /// Whether this router is the designated router or its backup.
  var isDesignated: Bool { state == .designatedRouter || state == .backup }

  /// The longest OSPF packet that needs no fragments: the MTU less the IPv6 header.
  var maximumPacket: Int {
    let length = options.transmitLength.map { UInt32($0) } ?? min(status.mtu, 65535)
    return max(Int(length) - 40, 256 - 40)
  }

  /// How many LSA headers fit into a packet behind its header and `fixed` bytes.
  func headersPerPacket(behind fixed: Int = 0) -> Int { max((maximumPacket - PacketHeader.size - fixed) / LSAHeader.size, 1) }

  /// As Database Descriptions tell it; 0 on virtual links (RFC 5340 §A.3.3).
  var announcedMTU: UInt16 { virtualLink == nil ? UInt16(clamping: status.mtu) : 0 }

  /// Whether the link is a transit network: this router is fully adjacent to the designated router, or is it and fully adjacent to anybody
  /// (RFC 2328 §12.4.1.2).
  var isTransit: Bool {
    guard type.hasDesignatedRouter, state != .waiting, state != .down, state != .loopback else { return false }
    return neighbors.contains { $0.isFullyAdjacent && ($0.routerID == designatedRouter || state == .designatedRouter) }
  }

  var nextDeadline: Instant? {
    var deadline = earliest(earliest(helloDeadline, pollDeadline), earliest(waitDeadline, acknowledgmentDeadline))
    for neighbor in neighbors {
      // Field by field, as a call for each neighbour would copy it.
      if neighbor.state != .down { deadline = earliest(deadline, neighbor.inactivityDeadline) }
      deadline = earliest(deadline, neighbor.graceDeadline)
      deadline = earliest(deadline, neighbor.exchangeDeadline)
      deadline = earliest(deadline, neighbor.requestDeadline)
      if let oldest = neighbor.retransmissions.oldest { deadline = earliest(deadline, oldest + retransmitInterval) }
    }
    return deadline
  }

  var retransmitInterval: Duration { .seconds(Int64(options.retransmitInterval)) }
  var helloInterval: Duration { .seconds(Int64(options.helloInterval)) }
  var deadInterval: Duration { .seconds(Int64(options.effectiveDeadInterval)) }
  var pollInterval: Duration { .seconds(Int64(options.pollInterval)) }
}
