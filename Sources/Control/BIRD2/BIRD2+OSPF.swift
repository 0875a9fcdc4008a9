import ControlLanguage
import OSPFv3
import RouteCore

extension BIRD2 {
  package func write(_ instances: [Snapshot.OSPFInstance], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.head(of: instance)
      for area in instance.view.areas {
        reply.head(of: area)
        for network in area.networks { reply.network(network, BIRD2.append) }
        // Behind area networks they have no heading of their own.
        if !area.externalNetworks.isEmpty, area.networks.isEmpty { reply.line(.ospf, "\t\tArea external networks:") }
        for network in area.externalNetworks { reply.network(network, BIRD2.append) }
      }
    }
    reply.final(.ok)
  }

  /// The whole network is aligned in the width of its family.
  private static func append(_ text: inout TextBuffer, _ prefix: Prefix) {
    let start = text.count
    text.append(prefix)
    text.alignRight(from: start, to: prefix.family == .ipv4 ? 18 : 43)
  }

  package func write(_ instances: [Snapshot.OSPFNeighbors], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.line(.ospfNeighbor, "\(instance.name):")
      reply.line(.ospfNeighbor, "Router ID   \tPri\t     State     \tDTime\tInterface  Router IP")
      for neighbor in instance.neighbors {
        reply.begin(.ospfNeighbor)
        reply.cell(12) { $0.append(neighbor.view.routerID) }
        reply.state(of: neighbor.view)
        reply.text.append(seconds: neighbor.deadTime, .milliseconds, width: 6)
        reply.text.append("\t")
        reply.cell(10) { $0.append(neighbor.view.interfaceName) }
        reply.text.append(" ")
        reply.text.append(neighbor.view.address)
        reply.end()
      }
    }
    reply.final(.ok)
  }
}

extension BIRD2 {
  package func write(_ protocols: [(name: String, sessions: [Snapshot.BFDSession]?)], to reply: inout ReplyWriter) {
    reply.sessions(protocols, since: "Since       ", times.protocol)
  }
}
