/// The steps by which the best route of a network is chosen, in their order. The step that removed the last rival is kept with the
/// network, so that a choice can be explained.
public enum DecisionStep: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// There was no rival.
  case onlyRoute
  /// The highest preference.
  case preference
  /// Routes of different protocols with equal preference: the protocol configured first.
  case protocolOrder
  // BGP: RFC 4271 §9.1.2, RFC 4456 §9, in BIRD's order.
  /// A next hop that resolves (RFC 4271 §9.1.2.1).
  case reachability
  /// Not stale (RFC 9494 §4.3).
  case staleness
  /// The highest LOCAL_PREF (RFC 4271 §9.1.1).
  case localPreference
  /// The lowest AIGP metric plus the cost of the way there (RFC 7311 §4.1).
  case accumulatedMetric
  /// The shortest AS_PATH (RFC 4271 §9.1.2.2 a).
  case pathLength
  /// The lowest ORIGIN (§9.1.2.2 b).
  case origin
  /// The lowest MED among the routes of each neighbouring AS (§9.1.2.2 c).
  case multiExitDiscriminator
  /// Learned from an external peer (§9.1.2.2 d, RFC 5065 §5.3).
  case external
  /// The least cost to the next hop (§9.1.2.2 e).
  case igpMetric
  /// Received first; only with `prefer older`.
  case age
  /// The lowest BGP Identifier, or ORIGINATOR_ID (§9.1.2.2 f, RFC 4456 §9).
  case routerID
  /// The shortest CLUSTER_LIST (RFC 4456 §9).
  case clusterListLength
  /// The lowest address of the peer (§9.1.2.2 g).
  case neighborAddress
  /// The lowest Path Identifier of one peer's paths (RFC 7911).
  case pathIdentifier
  // OSPF: RFC 2328 §16.4.
  /// Intra-area, inter-area, type 1, type 2, in this order.
  case pathType
  /// The lowest type 2 metric.
  case metric2
  /// The lowest metric within OSPF.
  case metric1

  /// A few words for `show route all`.
  public var text: String {
    switch self {
    case .onlyRoute: "only route"
    case .preference: "preference"
    case .protocolOrder: "protocol order"
    case .reachability: "reachable next hop"
    case .staleness: "not stale"
    case .localPreference: "local preference"
    case .accumulatedMetric: "AIGP metric"
    case .pathLength: "AS path length"
    case .origin: "origin"
    case .multiExitDiscriminator: "MED"
    case .external: "external over internal"
    case .igpMetric: "IGP metric"
    case .age: "older route"
    case .routerID: "router id"
    case .clusterListLength: "cluster list length"
    case .neighborAddress: "neighbor address"
    case .pathIdentifier: "path identifier"
    case .pathType: "OSPF path type"
    case .metric2: "OSPF metric 2"
    case .metric1: "OSPF metric 1"
    }
  }
}

/// The options of a BGP session that take part in the choice (routed.conf(5), BGP).
public struct DecisionOptions: OptionSet, Sendable, Hashable, BitwiseCopyable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// `path metric`: compare AS_PATH lengths.
  public static let pathMetric = DecisionOptions(rawValue: 1)
  /// `med metric`: compare MED between routes of different neighbouring ASes too.
  public static let medMetric = DecisionOptions(rawValue: 2)
  /// `igp metric`: compare the cost to the next hop.
  public static let igpMetric = DecisionOptions(rawValue: 4)
  /// `prefer older`: the route received first wins before BGP Identifiers are compared.
  public static let preferOlder = DecisionOptions(rawValue: 8)
  /// What applies if nothing is configured.
  public static let defaults: DecisionOptions = [.pathMetric, .igpMetric]
}
