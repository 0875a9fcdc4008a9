/// The steps by which the best route of a network is chosen, in their order. The step that removed the last rival is kept with the
/// network, so that a choice can be explained.
public enum DecisionStep: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case onlyRoute
  case preference
  /// Routes of different protocols with equal preference: the protocol configured first.
  case protocolOrder
  // BGP: RFC 4271 §9.1.2, RFC 4456 §9, in BIRD's order.
  case reachability
  case staleness
  case localPreference
  case accumulatedMetric
  case pathLength
  case origin
  case multiExitDiscriminator
  case external
  case igpMetric
  case age
  case routerID
  case clusterListLength
  case neighborAddress
  case pathIdentifier
  // OSPF: RFC 2328 §16.4.
  case pathType
  case metric2
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
  public static let pathMetric = DecisionOptions(rawValue: 1)
  public static let medMetric = DecisionOptions(rawValue: 2)
  public static let igpMetric = DecisionOptions(rawValue: 4)
  public static let preferOlder = DecisionOptions(rawValue: 8)
  public static let defaults: DecisionOptions = [.pathMetric, .igpMetric]
}
