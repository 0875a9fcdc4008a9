/// The options that change how the decision process ranks the routes of a peer (RFC 4271 §9.1.2.2).
public struct DecisionOptions: Sendable, Hashable {
  /// `path metric`: compare AS_PATH lengths. Default: yes.
  public var pathMetric = true
  /// `med metric`: compare MED also between routes of different neighbouring ASes. Default: no.
  public var medMetric = false
  /// `igp metric`: compare the distance to the next hop. Default: yes.
  public var igpMetric = true
  /// `prefer older`: the route received first wins before router ids are compared. Default: no.
  public var preferOlder = false
  /// `deterministic med`. Accepted for compatibility: our decision treats MED as a set operation and is always deterministic.
  /// Default: no.
  public var deterministicMED = false

  /// The defaults.
  public init() {}
}
