import RouteCore

extension RouteView {
  /// `PREFIX  via GATEWAY on INTERFACE [protocol time] * (preference)`; several next hops on lines of their own.
  func writeBIRD1(isFirst: Bool, _ records: RawSpan, _ style: ReplyStyle, to reply: inout ReplyWriter) {
    begin(isFirst: isFirst, column: 18, to: &reply)
    if header.destination == .unicast {
      if hops.count == 1 {
        hops[0].write(withWeight: false, to: &reply.text)
      } else {
        reply.text.append("multipath")
      }
    } else {
      reply.text.append(header.destination.word)
    }
    writeOrigin(showsFrom: hops.count != 1 || hops[0].gateway != header.from, records, style, to: &reply)
    guard header.destination == .unicast, hops.count > 1 else { return }
    writeHops(withWeight: true, to: &reply)
  }

  /// `PREFIX  unicast [protocol time] * (preference)`, and all next hops on lines of their own.
  func writeBIRD2(isFirst: Bool, _ records: RawSpan, _ style: ReplyStyle, to reply: inout ReplyWriter) {
    begin(isFirst: isFirst, column: 20, to: &reply)
    reply.text.append(header.destination.word)
    writeOrigin(showsFrom: hops.isEmpty || hops[0].gateway != header.from, records, style, to: &reply)
    if header.destination == .unicast { writeHops(withWeight: hops.count > 1, to: &reply) }
  }

  private func begin(isFirst: Bool, column: Int, to reply: inout ReplyWriter) {
    reply.begin(.route)
    if isFirst { reply.text.append(prefix) }
    reply.pad(to: column)
    reply.text.append(byte: 0x20)
  }

  private func writeHops(withWeight: Bool, to reply: inout ReplyWriter) {
    for hop in hops {
      reply.begin(.route)
      reply.text.append(byte: 0x09)
      hop.write(withWeight: withWeight, to: &reply.text)
      reply.end()
    }
  }

  /// ` [protocol time from X] * info`, and the end of the line.
  private func writeOrigin(showsFrom: Bool, _ records: RawSpan, _ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.text.append(" [")
    reply.text.append(protocolName)
    reply.text.append(byte: 0x20)
    style.times.route.write(since, to: &reply.text)
    if showsFrom, !header.from.isUnspecified {
      reply.text.append(" from ")
      reply.text.append(header.from)
    }
    reply.text.append("]")
    switch mark {
    case .none: break
    case .best: reply.text.append(" *")
    case .notInKernel: reply.text.append(" !")
    }
    writeInfo(records, to: &reply.text)
    reply.end()
  }

  private func writeInfo(_ records: RawSpan, to text: inout TextBuffer) {
    switch header.source {
    case .ospf: text.append(" I")
    case .ospfInterArea: text.append(" IA")
    case .ospfExternal1: text.append(" E1")
    case .ospfExternal2: text.append(" E2")
    default: break
    }
    text.append(" (")
    text.append(header.preference)
    if header.source == .bgp { return writeBGPInfo(records, to: &text) }
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
  private func writeBGPInfo(_ records: RawSpan, to text: inout TextBuffer) {
    if isSuppressed { text.append("-") }
    if header.flags.contains(.stale) { text.append("s") }
    switch resolution {
    case .metric(let metric):
      text.append("/")
      text.append(metric)
    case .unknownMetric: text.append("/?")
    case .unresolvable: text.append("/-")
    case nil: break
    }
    text.append(") [")
    if let path = AttributeRecords.find(.asPath, in: records), let origin = ASPathText.last(records.extracting(path.value)) {
      text.append("AS")
      text.append(origin)
    }
    if header.flags.contains(.hasOrigin) {
      switch header.origin {
      case .igp: text.append("i")
      case .egp: text.append("e")
      case .incomplete: text.append("?")
      }
    }
    text.append("]")
  }
}

extension RouteView.Hop {
  fileprivate func write(withWeight: Bool, to text: inout TextBuffer) {
    if gateway.isUnspecified {
      text.append("dev ")
    } else {
      text.append("via ")
      text.append(gateway)
      text.append(" on ")
    }
    text.append(interface)
    if !labels.isEmpty { text.append(" mpls \(labels)") }
    if isOnLink { text.append(" onlink") }
    if withWeight {
      text.append(" weight ")
      text.append(weight)
    }
  }
}

extension RouteDestination {
  /// The destination as `show route` writes it.
  var word: String {
    switch self {
    case .unicast: "unicast"
    case .blackhole: "blackhole"
    case .unreachable: "unreachable"
    case .prohibit: "prohibited"
    }
  }
}

extension RouteSource {
  /// The source as the `Type:` line writes it.
  var word: String {
    switch self {
    case .none: "dummy"
    case .static: "static"
    case .inherit: "inherit"
    case .device: "device"
    case .staticDevice: "static-device"
    case .redirect: "redirect"
    case .rip: "RIP"
    case .ospf: "OSPF"
    case .ospfInterArea: "OSPF-IA"
    case .ospfExternal1: "OSPF-E1"
    case .ospfExternal2: "OSPF-E2"
    case .bgp: "BGP"
    case .pipe: "pipe"
    case .babel: "Babel"
    }
  }
}
