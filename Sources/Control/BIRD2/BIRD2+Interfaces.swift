import ControlLanguage
import RouteCore

extension BIRD2 {
  package func write(_ interfaces: [Snapshot.Interface], _ detail: Detail, to reply: inout ReplyWriter) {
    if detail == .brief { reply.line(.interfaceSummaryHeading, "Interface  State  IPv4 address       IPv6 address") }
    for interface in interfaces {
      let state = interface.flags.contains(.up) ? "up" : "down"
      if detail == .brief {
        writeSummary(interface, state, to: &reply)
        continue
      }
      reply.head(of: interface, state)
      for address in interface.addressesByFamily { reply.address(address, address.rank == .secondary ? "Secondary" : "Preferred") }
    }
    reply.final(.ok)
  }

  private func writeSummary(_ interface: Snapshot.Interface, _ state: String, to reply: inout ReplyWriter) {
    // The first of the family that is not link-local.
    func address(_ family: AddressFamily) -> Snapshot.Interface.Address? {
      interface.addresses.first { $0.address.family == family && !$0.address.isLinkLocal && $0.rank != .secondary }
    }
    reply.begin(.interfaceSummary)
    reply.cell(10) { $0.append(interface.name) }
    reply.text.append(" ")
    reply.cell(6) { $0.append(state) }
    reply.text.append(" ")
    reply.cell(18) { $0.append(address(.ipv4)) }
    reply.text.append(" ")
    reply.text.append(address(.ipv6))
    reply.end()
  }
}

extension BIRD2 {
  package func write(_ route: Snapshot.StaticRoute, to reply: inout ReplyWriter) {
    let hops = reply.beginStatic(route, separator: "\t")
    reply.end()
    for hop in hops ?? [] {
      reply.begin(.staticRoute)
      reply.text.append("\t")
      reply.text.append(hop)
      if hop.flags.contains(.onLink) { reply.text.append(" onlink") }
      reply.text.appendState(of: hop)
      reply.end()
    }
  }
}
