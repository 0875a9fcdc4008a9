import RouteCore

// What follows from the events of a neighbour (RFC 2328 §10.3), and the waits for somebody who is silent.

extension Interface {
  /// RFC 2328 §10.2: an event for a neighbour.
  mutating func generate(_ event: NeighborEvent, for n: NeighborID, in context: inout InterfaceContext) {
    if event == .kill { neighbors[n].graceDeadline = nil }
    let transition = Neighbor.transition(
      from: neighbors[n].state, on: event, isAdjacencyWanted: isAdjacencyWanted(with: n), hasRequests: !neighbors[n].requests.isEmpty)
    switch transition {
    case .none: break
    case .to(let state):
      enter(state, n, on: event, in: &context)
      // A neighbour whose restart is helped is expected back.
      if state == .down, !neighbors[n].isHelped { context.due.insert(.deadNeighbors) }
    case .exchangeStart:
      enter(.exStart, n, on: event, in: &context)
      // The election that a new neighbour causes may have decided against the adjacency.
      guard neighbors[n].state == .exStart else { return }
      neighbors[n].beginNegotiation(&context.random)
      sendDatabaseDescription(to: n, describing: [], in: &context)
    }
  }

  private mutating func enter(_ state: NeighborState, _ n: NeighborID, on event: NeighborEvent, in context: inout InterfaceContext) {
    let old = neighbors[n].state
    if old == state { return }
    let wasExchanging = neighbors[n].isExchanging
    if state < .exchange { context.released += neighbors[n].clearLists() }
    if state != .exStart, state != .exchange { neighbors[n].exchangeDeadline = nil }
    neighbors[n].state = state
    context.output.trace(
      .events,
      "Neighbor \(neighbors[n].routerID) on \(status.name) changed state from \(old.name) to \(state.name) (\(event.rawValue))")
    if (old == .down) != (state == .down) { context.output.neighborsChanged = true }
    if wasExchanging != neighbors[n].isExchanging {
      context.exchanges += wasExchanging ? -1 : 1
      if wasExchanging { context.due.insert(.exchangeEnd) }
    }
    if (old == .full) != (state == .full) { context.due.formUnion([.area, .virtualLinkEndpoint]) }
    // §9.2, NeighborChange: bidirectional communication established or lost.
    if (old >= .twoWay) != (state >= .twoWay) { neighborChange(in: &context) }
  }

  /// §10.4
  private func isAdjacencyWanted(with n: NeighborID) -> Bool {
    guard type.hasDesignatedRouter else { return true }
    switch state {
    case .designatedRouter, .backup: return true
    case .designatedRouterOther: return neighbors[n].routerID == designatedRouter || neighbors[n].routerID == backupDesignatedRouter
    case .down, .loopback, .waiting, .pointToPoint: return false
    }
  }

  /// LLDown (RFC 5882 §4.1): as if no Hello had come for RouterDeadInterval.
  mutating func pathFailed(to address: IPAddress, in context: inout InterfaceContext) {
    for n in neighbors.indices where neighbors[n].address == address {
      context.output.trace(.events, "BFD session down for neighbor \(neighbors[n].routerID) on \(status.name)")
      generate(.linkLayerDown, for: n, in: &context)
    }
  }

  mutating func removeDeadNeighbors() { neighbors.removeAll { $0.state == .down && !$0.isHelped } }

  // MARK: waits

  /// When a wait for somebody else ends.
  @inline(__always) var silenceDeadline: Instant? {
    var deadline = waitDeadline
    for neighbor in neighbors { deadline = earliest(deadline, neighbor.silenceDeadline) }
    return deadline
  }

  /// Ends the waits that have lasted long enough.
  mutating func endSilence(in context: inout InterfaceContext) {
    if let wait = waitDeadline, wait <= context.now { endWaiting(in: &context) }
    for n in neighbors.indices {
      if let grace = neighbors[n].graceDeadline, grace <= context.now {
        stopHelping(n, "graceful restart timer expired", in: &context)
      }
      if neighbors[n].state != .down, neighbors[n].inactivityDeadline <= context.now {
        generate(.inactivityTimer, for: n, in: &context)
      }
    }
  }
}
