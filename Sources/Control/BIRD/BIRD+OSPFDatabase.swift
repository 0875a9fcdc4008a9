import ControlLanguage
import RouteCore

extension BIRDPresentation {
  package func write(
    _ topology: Snapshot.OSPFTopology, _ part: Snapshot.OSPFTopology.Part, _ detail: Detail, to reply: inout ReplyWriter
  ) {
    for area in topology.areas {
      reply.line(.ospfTopology, "")
      reply.line(.ospfTopology, "area \(area.id)")
      for node in area.nodes where node.distance != nil || detail == .all { node.write(part, to: &reply) }
    }
    if part == .state, !topology.otherASBRs.isEmpty {
      reply.line(.ospfTopology, "")
      reply.line(.ospfTopology, "other ASBRs")
      for node in topology.otherASBRs { node.write(part, withDistance: false, to: &reply) }
    }
    reply.final(.ok)
  }
}

extension Snapshot.OSPFTopology.Node {
  fileprivate func write(_ part: Snapshot.OSPFTopology.Part, withDistance: Bool = true, to reply: inout ReplyWriter) {
    reply.line(.ospfTopology, "")
    switch vertex {
    case .router(let id): reply.line(.ospfTopology, "\trouter \(id)")
    case .network(let id, let interface): reply.line(.ospfTopology, "\tnetwork [\(id)-\(interface)]")
    }
    if withDistance { reply.line(.ospfTopology, distance.map { "\t\tdistance \($0)" } ?? "\t\tunreachable") }
    for link in links where part == .state || link.isTopology { reply.line(.ospfTopology, "\t\t" + link.words) }
  }
}

extension Snapshot.OSPFTopology.Link {
  fileprivate var words: String {
    switch self {
    case .virtualLink(let id, let metric): "vlink \(id) metric \(metric)"
    case .router(let id, let metric): "router \(id) metric \(metric)"
    case .network(let id, let interface, let metric): "network [\(id)-\(interface)] metric \(metric)"
    case .attached(let id): "router \(id)"
    case .stubNetwork(let prefix, let metric): "stubnet \(prefix) metric \(metric)"
    case .address(let prefix): "address \(prefix)"
    case .interAreaPrefix(let prefix, let metric): "xnetwork \(prefix) metric \(metric)"
    case .interAreaRouter(let id, let metric): "xrouter \(id) metric \(metric)"
    case .external(let external): "external \(external.words)"
    case .nssa(let external): "nssa-ext \(external.words)"
    }
  }
}

extension Snapshot.OSPFTopology.External {
  fileprivate var words: String {
    var text = TextBuffer()
    text.append(prefix)
    text.append(isType2 ? " metric2 " : " metric ")
    text.append(metric)
    if let forwarding {
      text.append(" via ")
      text.append(forwarding)
    }
    if tag != 0 {
      text.append(" tag ")
      text.append(hex: UInt64(tag), width: 8)
    }
    return String(decoding: text.bytes, as: UTF8.self)
  }
}

extension BIRDPresentation {
  /// Domains without an LSA are left out.
  package func write(_ database: Snapshot.OSPFDatabase, to reply: inout ReplyWriter) {
    for section in database.sections where !section.lsas.isEmpty {
      reply.line(.ospfLSADB, "")
      switch section.domain {
      case .global: reply.line(.ospfLSADB, "Global")
      case .area(let id): reply.line(.ospfLSADB, "Area \(id)")
      case .link(let name): reply.line(.ospfLSADB, "Link \(name)")
      }
      reply.line(.ospfLSADB, "")
      reply.line(.ospfLSADB, " Type   LS ID           Router          Sequence   Age  Checksum")
      for lsa in section.lsas { lsa.write(to: &reply) }
    }
    reply.final(.ok)
  }
}

extension Snapshot.OSPFDatabase.LSA {
  fileprivate func write(to reply: inout ReplyWriter) {
    reply.begin(.ospfLSADB)
    reply.text.append(" ")
    reply.text.append(hex: UInt64(type), width: 4)
    reply.text.append("  ")
    reply.text.append(RouterID(rawValue: id))
    reply.pad(to: 22)
    reply.text.append(" ")
    reply.text.append(router)
    reply.pad(to: 38)
    reply.text.append("  ")
    reply.text.append(hex: UInt64(sequence), width: 8)
    reply.text.append(" ")
    reply.text.append(age, width: 5)
    reply.text.append("    ")
    reply.text.append(hex: UInt64(checksum), width: 4)
    reply.end()
  }
}
