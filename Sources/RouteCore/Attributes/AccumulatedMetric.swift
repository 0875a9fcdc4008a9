/// The accumulated IGP metric of a route (AIGP, RFC 7311): what it costs to get from its next hop to its destination.
///
///     | Type (1) | Length (2), header included | Value |  …     type 1: the metric (8)
package enum AccumulatedMetric {
  package static var infinity: UInt64 { .max }

  /// The metric, or nil for a route that has none.
  package static func metric(in records: RawSpan) -> UInt64? {
    AttributeRecords.find(.accumulatedMetric, in: records).flatMap { metric(of: records.extracting($0.value)) }
  }

  /// That of the attribute's value.
  package static func metric(of value: RawSpan) -> UInt64? {
    var offset = 0
    while let tlv = next(&offset, in: value) { if tlv.type == 1, tlv.value.count == 8 { return load(value, tlv.value.lowerBound) } }
    return nil
  }

  /// RFC 7311 §3.2: whether the TLVs add up, and those of type 1 have a metric.
  package static func isWellFormed(_ value: RawSpan) -> Bool {
    var offset = 0
    while let tlv = next(&offset, in: value) { if tlv.type == 1, tlv.value.count != 8 { return false } }
    return offset == value.byteCount
  }

  /// RFC 7311 §4.1: the metric and the cost of the way to the next hop, which is counted as 1 at least; nil for a route without a metric.
  package static func total(in records: RawSpan, igpMetric: UInt32, isReachable: Bool) -> UInt64? {
    guard let metric = metric(in: records) else { return nil }
    guard isReachable, igpMetric < NextHopTable.unknownMetric else { return infinity }
    let (sum, overflow) = metric.addingReportingOverflow(UInt64(max(igpMetric, 1)))
    return overflow ? infinity : sum
  }

  /// The TLV that begins at `offset`, which is moved behind it; nil at the end or where the lengths do not add up.
  package static func next(_ offset: inout Int, in value: RawSpan) -> (type: UInt8, value: Range<Int>)? {
    guard offset >= 0, offset + 3 <= value.byteCount else { return nil }
    let length = Int(UInt16(bigEndian: value.unsafeLoadUnaligned(fromByteOffset: offset + 1, as: UInt16.self)))
    guard length >= 3, offset + length <= value.byteCount else { return nil }
    defer { offset += length }
    return (value.unsafeLoad(fromByteOffset: offset, as: UInt8.self), (offset + 3)..<(offset + length))
  }

  private static func load(_ value: RawSpan, _ offset: Int) -> UInt64 {
    UInt64(bigEndian: value.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
