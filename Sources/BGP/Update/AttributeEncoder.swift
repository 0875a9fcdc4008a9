import RouteCore

/// Writes all attributes of a route in the order of their types (RFC 4271 §5: "should be ordered").
enum AttributeEncoder {
  /// `nextHop` is the classic attribute's address, nil where it goes into MP_REACH_NLRI.
  static func encode(_ route: borrowing RouteAttributes, fourOctets: Bool, nextHop: [UInt8]?, into writer: inout WireWriter) {
    let records = route.records.span.bytes
    OriginAttribute.encode(route.header, into: &writer)
    let path = AttributeRecords.find(.asPath, in: records)?.value ?? 0..<0
    ASPathAttribute.encode(records.extracting(path), fourOctets: fourOctets, into: &writer)
    if let nextHop {
      writer.attribute(.nextHop, length: nextHop.count)
      writer.append(nextHop)
    }
    MultiExitDiscriminator.encode(route.header, into: &writer)
    LocalPref.encode(route.header, into: &writer)
    var as4Written = fourOctets
    var offset = 0
    while let record = AttributeRecords.record(at: offset, in: records), record.key.namespace == .bgp {
      offset = record.record.upperBound
      if record.key.code > BGPAttribute.as4Path.rawValue, !as4Written {
        encodeAS4(records, path, into: &writer)
        as4Written = true
      }
      encode(record, records.extracting(record.value), fourOctets, into: &writer)
    }
    if !as4Written { encodeAS4(records, path, into: &writer) }
  }

  private static func encode(_ record: AttributeRecord, _ value: RawSpan, _ fourOctets: Bool, into writer: inout WireWriter) {
    // Flags as received but for those that the type fixes; Partial stays (RFC 4271 §5).
    let attribute = BGPAttribute(rawValue: record.key.code)
    let known = attribute?.row.flags ?? .optionalTransitive
    let flags = known.union(AttributeFlags(rawValue: record.flags).intersection(known == .optionalTransitive ? .partial : []))
    switch attribute {
    case .origin, .asPath, .nextHop, .multiExitDiscriminator, .localPref, .reach, .unreach, .as4Path, .as4Aggregator: return
    case .aggregator: Aggregator.encode(value, flags: flags, fourOctets: fourOctets, into: &writer)
    default:
      // All others are on the wire what they are in the record.
      writer.attribute(record.key.code, flags, length: value.byteCount)
      writer.append(value)
    }
  }

  /// RFC 6793 §4.2.2: AS4_PATH and AS4_AGGREGATOR, where two octets were not enough.
  private static func encodeAS4(_ records: RawSpan, _ path: Range<Int>, into writer: inout WireWriter) {
    let value = records.extracting(path)
    ASPathAttribute.encodeAS4(value, into: &writer)
    if let aggregator = AttributeRecords.find(.aggregator, in: records)?.value {
      Aggregator.encodeAS4(records.extracting(aggregator), into: &writer)
    }
  }
}
