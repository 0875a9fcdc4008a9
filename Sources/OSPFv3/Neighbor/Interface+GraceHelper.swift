import RouteCore

// Helping neighbours that restart (RFC 3623 §3), as far as it concerns one interface.

extension Interface {
  var isHelping: Bool { neighbors.contains { $0.isHelped } }

  mutating func startHelping(_ n: NeighborID, until deadline: Instant, in context: inout InterfaceContext) {
    if !neighbors[n].isHelped {
      context.output.trace(.events, "Neighbor \(neighbors[n].routerID) on \(status.name) started graceful restart")
    }
    neighbors[n].graceDeadline = deadline
  }

  /// §3.2: from now on the neighbour counts for what it is, and the designated router is chosen anew.
  mutating func stopHelping(_ n: NeighborID, _ reason: String, in context: inout InterfaceContext) {
    neighbors[n].graceDeadline = nil
    context.output.trace(.events, "Neighbor \(neighbors[n].routerID) on \(status.name): \(reason)")
    if neighbors[n].state == .down { context.due.insert(.deadNeighbors) }
    context.due.insert(.area)
    neighborChange(in: &context)
  }

  mutating func stopHelping(_ reason: String, in context: inout InterfaceContext) {
    for n in neighbors.indices where neighbors[n].isHelped { stopHelping(n, reason, in: &context) }
  }
}
