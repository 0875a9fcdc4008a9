import ControlLanguage
import RouteCore

extension BIRD1 {
  package func write(_ interfaces: [Snapshot.Interface], _ detail: Detail, to reply: inout ReplyWriter) {
    if detail == .brief { reply.line(.interfaceSummaryHeading, "interface state address") }
    for interface in interfaces {
      let state = interface.flags.contains(.up) ? "up" : "DOWN"
      if detail == .brief {
        writeSummary(interface, state, to: &reply)
      } else {
        reply.head(of: interface, state)
        write(interface.addresses, to: &reply)
      }
    }
    reply.final(.ok)
  }

  private func writeSummary(_ interface: Snapshot.Interface, _ state: String, to reply: inout ReplyWriter) {
    reply.begin(.interfaceSummary)
    reply.cell(9) { $0.append(interface.name) }
    reply.text.append(" ")
    reply.cell(5) { $0.append(state) }
    reply.text.append(" ")
    // The primary address, of any scope.
    reply.text.append(interface.addresses.first { $0.rank == .primary } ?? interface.addresses.first)
    reply.end()
  }

  /// The chosen address stands before the others.
  private func write(_ addresses: [Snapshot.Interface.Address], to reply: inout ReplyWriter) {
    let first = addresses.firstIndex { $0.rank == .primary }
    if let first { reply.address(addresses[first], "Primary") }
    for (index, address) in addresses.enumerated() where index != first {
      switch address.rank {
      case .primary: reply.address(address, "Primary")
      case .secondary: reply.address(address, "Secondary")
      case .unselected: reply.address(address, "Unselected")
      }
    }
  }
}

extension BIRD1 {
  package func write(_ route: Snapshot.StaticRoute, to reply: inout ReplyWriter) {
    guard let hops = reply.beginStatic(route, separator: " ") else { return reply.end() }
    if hops.count == 1 {
      reply.text.append(" ")
      reply.text.append(hops[0])
      reply.text.appendState(of: hops[0])
      return reply.end()
    }
    reply.text.append(" multipath")
    reply.end()
    for hop in hops {
      reply.begin(.staticRoute)
      reply.text.append("\t")
      reply.text.append(hop)
      reply.text.append(" weight ")
      reply.text.append(hop.weight)
      reply.text.appendState(of: hop)
      reply.end()
    }
  }
}
