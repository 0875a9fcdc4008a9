import ControlLanguage
import OSPFv3
import RouteCore

extension BIRDPresentation {
  package func write(_ topology: TopologyView, _ part: Snapshot.OSPFTopologyPart, _ detail: Detail, to reply: inout ReplyWriter) {
    for area in topology.areas {
      reply.line(.ospfTopology, "")
      reply.line(.ospfTopology, "area \(area.id)")
      for node in area.nodes where node.distance != nil || detail == .all {
        reply.begin(node)
        reply.line(.ospfTopology, node.distance.map { "\t\tdistance \($0)" } ?? "\t\tunreachable")
        reply.links(of: node, part)
      }
    }
    if part == .state, !topology.otherBoundaryRouters.isEmpty {
      reply.line(.ospfTopology, "")
      reply.line(.ospfTopology, "other ASBRs")
      for node in topology.otherBoundaryRouters {
        reply.begin(node)
        reply.links(of: node, part)
      }
    }
    reply.final(.ok)
  }
}

extension ReplyWriter {
  fileprivate mutating func begin(_ node: TopologyView.Node) {
    line(.ospfTopology, "")
    switch node.name {
    case .router(let id): line(.ospfTopology, "\trouter \(id)")
    case .network(let id, let interface): line(.ospfTopology, "\tnetwork [\(id)-\(interface)]")
    }
  }

  fileprivate mutating func links(of node: TopologyView.Node, _ part: Snapshot.OSPFTopologyPart) {
    for link in node.links { line(.ospfTopology, "\t\t" + link.words) }
    if part == .state { for destination in node.destinations { line(.ospfTopology, "\t\t" + destination.words) } }
  }
}

extension TopologyView.Item {
  fileprivate var words: String {
    switch self {
    case .virtualLink(let id, let metric): "vlink \(id) metric \(metric)"
    case .router(let id, let metric?): "router \(id) metric \(metric)"
    case .router(let id, nil): "router \(id)"
    case .network(let id, let interface, let metric): "network [\(id)-\(interface)] metric \(metric)"
    case .stubNetwork(let prefix, let metric): "stubnet \(prefix) metric \(metric)"
    case .address(let prefix): "address \(prefix)"
    case .interAreaNetwork(let prefix, let metric): "xnetwork \(prefix) metric \(metric)"
    case .interAreaRouter(let id, let metric): "xrouter \(id) metric \(metric)"
    case .external(let prefix, let isType2, let metric, let via, let tag):
      "external \(prefix) \(isType2 ? "metric2" : "metric") \(metric)" + TopologyView.Item.words(via: via, tag: tag ?? 0)
    case .nssa(let prefix, let isType2, let metric, let via, let tag):
      "nssa-ext \(prefix) \(isType2 ? "metric2" : "metric") \(metric)" + TopologyView.Item.words(via: via, tag: tag ?? 0)
    }
  }

  private static func words(via: IPAddress?, tag: UInt32) -> String {
    var text = TextBuffer()
    if let via {
      text.append(" via ")
      text.append(via)
    }
    if tag != 0 {
      text.append(" tag ")
      text.append(hex: UInt64(tag), width: 8)
    }
    return String(decoding: text.bytes, as: UTF8.self)
  }
}

extension BIRDPresentation {
  package func write(_ databases: [[LSAView]], to reply: inout ReplyWriter) {
    for database in databases {
      var scope: LSAView.Scope?
      for lsa in database {
        if lsa.scope != scope { reply.begin(lsa.scope) }
        scope = lsa.scope
        reply.lsa(lsa)
      }
    }
    reply.final(.ok)
  }
}

extension ReplyWriter {
  /// The heading of a flooding domain.
  fileprivate mutating func begin(_ scope: LSAView.Scope) {
    line(.ospfLSADB, "")
    switch scope {
    case .autonomousSystem: line(.ospfLSADB, "Global")
    case .area(let id): line(.ospfLSADB, "Area \(id)")
    case .link(let name): line(.ospfLSADB, "Link \(name)")
    }
    line(.ospfLSADB, "")
    line(.ospfLSADB, " Type   LS ID           Router          Sequence   Age  Checksum")
  }

  fileprivate mutating func lsa(_ lsa: LSAView) {
    begin(.ospfLSADB)
    text.append(" ")
    text.append(hex: UInt64(lsa.type), width: 4)
    text.append("  ")
    text.append(lsa.linkStateID)
    pad(to: 22)
    text.append(" ")
    text.append(lsa.advertisingRouter)
    pad(to: 38)
    text.append("  ")
    text.append(hex: UInt64(lsa.sequenceNumber), width: 8)
    text.append(" ")
    text.append(lsa.age, width: 5)
    text.append("    ")
    text.append(hex: UInt64(lsa.checksum), width: 4)
    end()
  }
}
