import ControlLanguage
import OSPFv3
import RouteCore

extension BIRD1 {
  package func write(_ instances: [Snapshot.OSPFInstance], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.head(of: instance)
      for area in instance.view.areas {
        reply.head(of: area)
        for network in area.networks { reply.network(network, BIRD1.append) }
        if !area.externalNetworks.isEmpty { reply.line(.ospf, "\t\tArea external networks:") }
        for network in area.externalNetworks { reply.network(network, BIRD1.append) }
      }
    }
    reply.final(.ok)
  }

  /// The address is aligned in the width of its family.
  private static func append(_ text: inout TextBuffer, _ prefix: Prefix) {
    let start = text.count
    text.append(prefix.address)
    text.alignRight(from: start, to: prefix.family == .ipv4 ? 15 : 39)
    text.append("/")
    text.append(prefix.length)
  }

  package func write(_ instances: [Snapshot.OSPFNeighbors], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.line(.ospfNeighbor, "\(instance.name):")
      // The last column is filled.
      reply.line(.ospfNeighbor, "Router ID   \tPri\t     State     \tDTime\tInterface  Router IP   ")
      for neighbor in instance.neighbors { write(neighbor, to: &reply) }
    }
    reply.final(.ok)
  }

  private func write(_ neighbor: Snapshot.OSPFNeighbor, to reply: inout ReplyWriter) {
    reply.begin(.ospfNeighbor)
    reply.text.append(neighbor.view.routerID)
    reply.state(of: neighbor.view)
    let seconds = UInt64(max(neighbor.deadTime.wholeSeconds, 0))
    reply.text.append(zeroPadded: seconds / 60, width: 2)
    reply.text.append(":")
    reply.text.append(zeroPadded: seconds % 60, width: 2)
    let address = neighbor.view.address
    reply.text.append("\t")
    reply.cell(10) { $0.append(neighbor.view.interfaceName) }
    reply.text.append(" ")
    reply.cell(address.isIPv4 ? 15 : 39) { $0.append(address) }
    reply.end()
  }
}

extension BIRD1 {
  package func write(_ protocols: [(name: String, sessions: [Snapshot.BFDSession]?)], to reply: inout ReplyWriter) {
    reply.sessions(protocols, since: "Since     ", times.protocol)
  }
}
