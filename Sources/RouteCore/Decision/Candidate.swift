/// What the decision looks at of one route. Gathered once per candidate into a reused buffer.
package struct Candidate: BitwiseCopyable {
  package var route: RouteID
  package var attributes: AttributeID
  package var header: AttributeHeader
  package var channel: ChannelID
  package var options: DecisionOptions
  package var reachable: Bool
  package var igpMetric: UInt32
  package var time: UInt64
  /// OSPF's metrics, or the length of CLUSTER_LIST in `metric1` for BGP.
  package var metric1: UInt32
  package var metric2: UInt32
  /// The place of the channel's protocol in the configuration.
  package var order: UInt16 = 0
  /// The path identifier, 0 for none.
  package var path: UInt32 = 0
  /// The accumulated IGP metric up to here (RFC 7311 §4.1); the greatest number for none.
  package var accumulatedMetric = AccumulatedMetric.infinity

  /// Different protocols in their order, and the same one's channels in the order they were made.
  var protocolOrder: UInt32 { UInt32(order) << 16 | UInt32(channel.rawValue) }
}
