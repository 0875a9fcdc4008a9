import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// The prefix, for the first route of a network, in its column.
  mutating func beginRoute(_ prefix: Prefix?, column: Int) {
    begin(.route)
    if let prefix { text.append(prefix) }
    pad(to: column)
    text.append(byte: 0x20)
  }

  /// ` [protocol time from X] * info`, and the end of the line.
  mutating func endRoute(_ route: Snapshot.Route, _ records: RawSpan, showsFrom: Bool, _ time: TimeFormat) {
    text.append(" [")
    text.append(route.protocolName)
    text.append(byte: 0x20)
    time.write(route.since, to: &text)
    if showsFrom, !route.header.from.isUnspecified {
      text.append(" from ")
      text.append(route.header.from)
    }
    text.append("]")
    if route.kernelError != nil {
      text.append(" !")
    } else if route.isBest || route.isFirst {
      text.append(" *")
    }
    writeInfo(route, records)
    end()
  }

  /// Next hops on lines of their own.
  mutating func hops(of route: Snapshot.Route) {
    let withWeight = route.hops.count > 1
    for hop in route.hops {
      begin(.route)
      text.append(byte: 0x09)
      text.append(hop)
      if withWeight {
        text.append(" weight ")
        text.append(hop.weight)
      }
      end()
    }
  }

  private mutating func writeInfo(_ route: Snapshot.Route, _ records: RawSpan) {
    let header = route.header
    switch header.source {
    case .ospf: text.append(" I")
    case .ospfInterArea: text.append(" IA")
    case .ospfExternal1: text.append(" E1")
    case .ospfExternal2: text.append(" E2")
    default: break
    }
    text.append(" (")
    text.append(header.preference)
    if header.source == .bgp { return writeBGPInfo(route, records) }
    guard header.source.isOSPF else { return text.append(")") }
    text.append("/")
    text.append(AttributeRecords.u32(.ospfMetric1, in: records) ?? 0)
    if header.source == .ospfExternal2 {
      text.append("/")
      text.append(AttributeRecords.u32(.ospfMetric2, in: records) ?? 0)
    }
    text.append(")")
    if header.source == .ospfExternal1 || header.source == .ospfExternal2, let tag = AttributeRecords.u32(.ospfTag, in: records), tag > 0 {
      text.append(" [")
      text.append(hex: UInt64(tag))
      text.append("]")
    }
    if let router = AttributeRecords.u32(.ospfRouterID, in: records) {
      text.append(" [")
      text.append(RouterID(rawValue: router))
      text.append("]")
    }
  }

  /// `-` suppressed, `s` stale, how the next hop was resolved; then the AS the route began in and its ORIGIN.
  private mutating func writeBGPInfo(_ route: Snapshot.Route, _ records: RawSpan) {
    if route.isSuppressed { text.append("-") }
    if route.header.flags.contains(.stale) { text.append("s") }
    switch route.resolution {
    case .metric(let metric):
      text.append("/")
      text.append(metric)
    case .unknownMetric: text.append("/?")
    case .unresolvable: text.append("/-")
    case nil: break
    }
    text.append(") [")
    if let path = AttributeRecords.find(.asPath, in: records), case let origin = ASPath(records.extracting(path.value)).last, origin != 0 {
      text.append("AS")
      text.append(origin)
    }
    if route.header.flags.contains(.hasOrigin) {
      switch route.header.origin {
      case .igp: text.append("i")
      case .egp: text.append("e")
      case .incomplete: text.append("?")
      }
    }
    text.append("]")
  }

  /// `N of N routes for N networks`
  mutating func counts(_ counts: Snapshot.RouteCounts) {
    text.append(counts.shown)
    text.append(" of ")
    text.append(counts.routes)
    text.append(" routes for ")
    text.append(counts.networks)
    text.append(" networks")
  }
}

extension Snapshot.RouteCounts {
  static func total(of tables: [Snapshot.RouteCounts]) -> Snapshot.RouteCounts {
    tables.reduce(into: Snapshot.RouteCounts(table: "")) { total, table in
      total.shown &+= table.shown
      total.routes &+= table.routes
      total.networks &+= table.networks
    }
  }
}

extension TextBuffer {
  mutating func append(_ hop: Snapshot.Route.Hop) {
    if hop.gateway.isUnspecified {
      append("dev ")
    } else {
      append("via ")
      append(hop.gateway)
      append(" on ")
    }
    append(hop.interface)
    if !hop.labels.isEmpty { append(" mpls \(hop.labels)") }
    if hop.isOnLink { append(" onlink") }
  }
}
