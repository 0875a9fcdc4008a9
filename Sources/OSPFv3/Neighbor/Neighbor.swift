import RouteCore

/// RFC 2328 §10.1, in order: comparisons such as "state Exchange or greater" are the RFC's.
public enum NeighborState: UInt8, Hashable, Sendable, Comparable, CaseIterable {
  /// Nothing has been heard of it for RouterDeadInterval.
  case down
  /// It is sent Hellos, and has not answered yet (nonbroadcast networks only).
  case attempt
  /// It is heard, but does not hear us yet.
  case `init`
  /// Each hears the other; enough where neither is designated router.
  case twoWay
  /// Which side leads the exchange is being settled (RFC 2328 §10.8).
  case exStart
  /// The headers of both databases are being exchanged.
  case exchange
  /// Newer LSAs have been asked for.
  case loading
  /// The databases agree: the adjacency is in our LSAs.
  case full

  public static func < (a: NeighborState, b: NeighborState) -> Bool { a.rawValue < b.rawValue }

  /// As `show ospf neighbors` names it.
  public var name: String {
    switch self {
    case .down: "Down"
    case .attempt: "Attempt"
    case .`init`: "Init"
    case .twoWay: "2-Way"
    case .exStart: "ExStart"
    case .exchange: "Exchange"
    case .loading: "Loading"
    case .full: "Full"
    }
  }
}

/// RFC 2328 §10.2
enum NeighborEvent: String, Hashable, Sendable {
  case helloReceived = "HelloReceived"
  case twoWayReceived = "2-WayReceived"
  case negotiationDone = "NegotiationDone"
  case exchangeDone = "ExchangeDone"
  case badLSRequest = "BadLSReq"
  case loadingDone = "LoadingDone"
  case adjacencyOK = "AdjOK?"
  case sequenceNumberMismatch = "SeqNumberMismatch"
  case oneWay = "1-Way"
  case kill = "KillNbr"
  case inactivityTimer = "InactivityTimer"
  case linkLayerDown = "LLDown"
}

/// What is known of one neighbour, and its machine (RFC 2328 §10, RFC 5340 §4.1.3).
struct Neighbor: Keyed, Sendable {
  let routerID: RouterID
  var state: NeighborState = .down
  /// Its link-local address: where packets go, and the gateway of routes. On a virtual link the address it announces.
  var address: IPAddress
  var interfaceID: UInt32
  var priority: UInt8
  var designatedRouter: RouterID
  var backupDesignatedRouter: RouterID
  var options: Options = []
  /// The Inactivity Timer.
  var inactivityDeadline: Instant

  /// Set while its restart is helped: when that ends at the latest (RFC 3623 §3).
  var graceDeadline: Instant?
  /// It has described our router-LSA to us in the present exchange.
  var hasOurRouterLSA = false

  // Database exchange (§10.6, §10.8).
  var isLocalMaster = true
  var sequenceNumber: UInt32 = 0
  /// The last packet received, to know duplicates by.
  var lastReceived: DescriptionIdentity?
  /// The Database summary list: the LSAs still to be described.
  var summary: [LSAHandle] = []
  var summaryPosition = 0
  /// The last packet sent, to be repeated.
  var lastSent: DatabaseDescriptionPacket?
  var exchangeDeadline: Instant?
  /// The MTU it announced, while that prevents the adjacency.
  var refusedMTU: UInt16?

  var requests = RequestList()
  var requestDeadline: Instant?
  var retransmissions = RetransmissionList()

  var key: RouterID { routerID }
  var isHelped: Bool { graceDeadline != nil }
  /// As far as LSAs and routes are concerned.
  var isFullyAdjacent: Bool { state == .full || isHelped }
  /// Whether LSAs of MaxAge are kept for it (RFC 2328 §14).
  var isExchanging: Bool { state == .exchange || state == .loading }
  /// When it is given up unless something arrives from it.
  @inline(__always) var silenceDeadline: Instant? { state == .down ? graceDeadline : earliest(inactivityDeadline, graceDeadline) }

  /// What tells one Database Description from the next (§10.6).
  struct DescriptionIdentity: Hashable, Sendable {
    var flags: DatabaseDescriptionPacket.Flags
    var options: Options
    var sequenceNumber: UInt32

    init(_ packet: DatabaseDescriptionPacket) {
      flags = packet.flags
      options = packet.options
      sequenceNumber = packet.sequenceNumber
    }
  }
}
