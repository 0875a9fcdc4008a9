import RouteCore

@testable import BGP

/// Attributes as texts to be compared, each named as `show route all` does.
enum AttributeText {
  /// Whose look it is; they differ in the braces of AS_SETs.
  enum Style: Sendable { case bird1, bird2 }

  /// One attribute: `BGP.as_path`, and its text; more than one where a long list goes on in further lines.
  struct Line: Hashable, Sendable {
    var name: String
    var texts: [String]
  }

  /// The attributes in the order of their types; empty for a route without any.
  static func lines(_ header: AttributeHeader, _ records: RawSpan, _ style: Style = .bird1) -> [Line] {
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
  static func origin(_ header: AttributeHeader, _ records: RawSpan) -> String {
    let letter =
      switch header.origin {
      case .igp: "i"
      case .egp: "e"
      case .incomplete: "?"
      }
    guard let path = AttributeRecords.find(.asPath, in: records)?.value, case let last = ASPath(records.extracting(path)).last, last != 0
    else {
      return letter
    }
    return "AS\(last)\(letter)"
  }
}

extension ASPath {
  /// `65002 65003 { 1 2 }`, or with the braces of 2.x: `(65002) 65003 {1 2}`.
  static func text(_ value: RawSpan, _ style: AttributeText.Style = .bird1) -> String {
    var words = [String]()
    let blank = style == .bird1 ? " " : ""
    let path = ASPath(value)
    var segments = path.segments
    while let segment = segments.next() {
      let (opening, closing) =
        switch segment.type {
        case .set: ("{" + blank, blank + "}")
        case .confederationSequence: ("(" + blank, blank + ")")
        case .confederationSet: ("({" + blank, blank + "})")
        default: ("", "")
        }
      words.append(opening + (0..<segment.count).map { String(path.number($0, of: segment)) }.joined(separator: " ") + closing)
    }
    return words.joined(separator: " ")
  }
}

extension Communities {
  /// Each community's text.
  static func texts(_ value: RawSpan, _ key: AttributeKey) -> [String] {
    let size = key == .communities ? 4 : key == .extendedCommunities ? 8 : 12
    var texts = [String]()
    var offset = 0
    while value.byteCount - offset >= size {
      if key == .communities {
        texts.append("(\(value.loadU16(offset)),\(value.loadU16(offset + 2)))")
      } else if key == .largeCommunities {
        texts.append("(\(value.loadU32(offset)), \(value.loadU32(offset + 4)), \(value.loadU32(offset + 8)))")
      } else {
        texts.append(extendedText(value.loadU32(offset), value.loadU32(offset + 4)))
      }
      offset += size
    }
    return texts
  }

  /// `(rt, 65001, 100)`; a kind without a name as `(generic, 0x…, 0x…)`.
  private static func extendedText(_ high: UInt32, _ low: UInt32) -> String {
    let type = UInt8(truncatingIfNeeded: high >> 24)
    let kind: String
    switch (type & 0xbf, UInt8(truncatingIfNeeded: high >> 16)) {
    case (0...2, 2): kind = "rt"
    case (0...2, 3): kind = "ro"
    default: return "(generic, 0x\(String(high, radix: 16)), 0x\(String(low, radix: 16)))"
    }
    switch type & 0x3f {
    case 0: return "(\(kind), \(high & 0xffff), \(low))"
    case 1: return "(\(kind), \(RouterID(rawValue: (high & 0xffff) << 16 | low >> 16)), \(low & 0xffff))"
    default: return "(\(kind), \((high & 0xffff) << 16 | low >> 16), \(low & 0xffff))"
    }
  }
}

extension NextHopAttribute {
  static func text(_ value: RawSpan) -> String {
    guard let (first, second) = addresses(value) else { return "" }
    return second.map { "\(first) \($0)" } ?? first.description
  }
}

extension Reflection {
  static func clusterTexts(_ value: RawSpan) -> [String] {
    stride(from: 0, to: value.byteCount / 4 * 4, by: 4).map { RouterID(rawValue: value.loadU32($0)).description }
  }
}

extension Aggregator {
  /// `1.2.3.4 AS65001`.
  static func text(_ value: RawSpan) -> String {
    guard value.byteCount == 8 else { return "" }
    return "\(RouterID(rawValue: value.loadU32(4))) AS\(value.loadU32(0))"
  }
}

extension OriginAttribute {
  static func text(_ origin: Origin) -> String {
    switch origin {
    case .igp: "IGP"
    case .egp: "EGP"
    case .incomplete: "Incomplete"
    }
  }
}

extension OnlyToCustomer {
  static func text(_ value: RawSpan) -> String { value.byteCount == 4 ? String(value.loadU32(0)) : "" }
}
