import RouteCore

/// BGP's part of `show route all` and `show route`.
public enum AttributeText {
  /// Whose look it is; they differ in the braces of AS_SETs.
  public enum Style: Sendable { case bird1, bird2 }

  /// One attribute: `BGP.as_path`, and its text; more than one where a long list goes on in further lines.
  public struct Line: Hashable, Sendable {
    public var name: String
    public var texts: [String]
  }

  /// The attributes in the order of their types; empty for a route without any.
  public static func lines(_ header: AttributeHeader, _ records: RawSpan, _ style: Style = .bird1) -> [Line] {
    var lines = [(code: Int, line: Line)]()
    func add(_ code: UInt8, _ name: String, _ texts: [String]) { lines.append((Int(code), Line(name: "BGP." + name, texts: texts))) }
    if header.flags.contains(.hasOrigin) { add(1, "origin", [OriginAttribute.text(header.origin)]) }
    if header.flags.contains(.hasMED) { add(4, "med", [String(header.med)]) }
    if header.flags.contains(.hasLocalPref) { add(5, "local_pref", [String(header.localPref)]) }
    var offset = 0
    while let record = AttributeRecords.record(at: offset, in: records), record.key.namespace == .bgp {
      offset = record.record.upperBound
      let value = records.extracting(record.value)
      let (name, texts) = describe(record, value, style)
      add(record.key.code, name, texts)
    }
    return lines.sorted { $0.code < $1.code }.map { $0.line }
  }

  private static func describe(_ record: AttributeRecord, _ value: RawSpan, _ style: Style) -> (String, [String]) {
    switch record.key {
    case .asPath: return ("as_path", [ASPath.text(value, style)])
    case .nextHop: return ("next_hop", [NextHopAttribute.text(value)])
    case .atomicAggregate: return ("atomic_aggr", [""])
    case .aggregator: return ("aggregator", [Aggregator.text(value)])
    case .communities: return ("community", wrapped("community", Communities.texts(value, record.key)))
    case .originatorID: return ("originator_id", [value.byteCount == 4 ? RouterID(rawValue: value.loadU32(0)).description : ""])
    case .clusterList: return ("cluster_list", wrapped("cluster_list", Reflection.clusterTexts(value)))
    case .extendedCommunities: return ("ext_community", wrapped("ext_community", Communities.texts(value, record.key)))
    case .largeCommunities: return ("large_community", wrapped("large_community", Communities.texts(value, record.key)))
    case .onlyToCustomer: return ("otc", [OnlyToCustomer.text(value)])
    default: return unknown(record, value)
    }
  }

  /// `BGP.23 [t]: 01 02`: the code in hexadecimal, `t` for transitive.
  private static func unknown(_ record: AttributeRecord, _ value: RawSpan) -> (String, [String]) {
    func digits(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
    let mark = AttributeFlags(rawValue: record.flags).contains(.transitive) ? " [t]" : ""
    let bytes = (0..<min(value.byteCount, 128)).map { digits(value.loadU8($0)) }.joined(separator: " ")
    return (digits(record.key.code) + mark, [value.byteCount > 128 ? bytes + " ..." : bytes])
  }

  /// Items in lines of less than 500 characters, which is what a reply line may hold.
  private static func wrapped(_ name: String, _ items: [String]) -> [String] {
    var lines = [String]()
    var line = ""
    var room = 470 - name.utf8.count
    for item in items {
      if !line.isEmpty, line.utf8.count + 1 + item.utf8.count > room {
        lines.append(line)
        line = ""
        room = 470
      }
      if !line.isEmpty { line += " " }
      line += item
    }
    lines.append(line)
    return lines
  }

  /// What stands in brackets at the end of a line of `show route`: `AS65002i`, or `i` for an empty path.
  public static func origin(_ header: AttributeHeader, _ records: RawSpan) -> String {
    let letter =
      switch header.origin {
      case .igp: "i"
      case .egp: "e"
      case .incomplete: "?"
      }
    guard let path = AttributeRecords.find(.asPath, in: records)?.value, let last = ASPath.last(records.extracting(path)) else {
      return letter
    }
    return "AS\(last)\(letter)"
  }
}
