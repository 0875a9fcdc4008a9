import RouteCore

/// AIGP (RFC 7311): optional non-transitive, a list of TLVs, of which the first of type 1 holds the accumulated metric.
enum AIGP {
  /// RFC 7311 §3.4: at a border of the routers that trust each other's metrics the attribute ends; where we make ourselves the next hop the
  /// way to the old one is added; and where there is none a metric may begin.
  static func prepare(
    _ attributes: inout RouteAttributes, _ family: AddressFamily, _ gateway: ExportGateway, _ session: borrowing SessionParameters
  ) {
    guard session.accumulatesMetric(family) else { return attributes.remove(.accumulatedMetric) }
    guard let hop = ExportRules.nextHop(of: attributes), hop == session.nextHopSelf(family) else { return }
    if let total = AccumulatedMetric.total(in: attributes.records.span.bytes, igpMetric: gateway.igpMetric, isReachable: true) {
      set(total, in: &attributes)
    } else if session.configuration.channel(family)?.originatesAIGP == true, attributes.header.source != .bgp,
      gateway.igpMetric < NextHopTable.unknownMetric
    {
      set(UInt64(gateway.igpMetric), in: &attributes)
    }
  }

  /// Puts the metric in front of, or in the place of the first of, what has its type; the other TLVs stay.
  private static func set(_ metric: UInt64, in attributes: inout RouteAttributes) {
    var writer = WireWriter()
    writer.u8(metricType)
    writer.u16(11)
    writer.u64(metric)
    if let old = attributes.value(.accumulatedMetric) {
      var offset = 0
      var start = 0
      var isReplaced = false
      while let tlv = AccumulatedMetric.next(&offset, in: old.span.bytes) {
        defer { start = offset }
        if tlv.type == metricType, !isReplaced { isReplaced = true } else { writer.append(old.span.bytes.extracting(start..<offset)) }
      }
    }
    attributes.set(.accumulatedMetric, flags: BGPAttribute.aigp.row.flags.rawValue, writer.bytes)
  }

  private static let metricType: UInt8 = 1
}
