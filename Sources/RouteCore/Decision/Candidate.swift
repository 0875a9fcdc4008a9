/// What the decision looks at of one route. Gathered once per candidate into a reused buffer.
package struct Candidate: BitwiseCopyable {
  package var route: UInt32
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
}
