import RouteCore

// The neighbour machine of RFC 2328 §10.3.

extension Instance {
  mutating func neighbor(_ i: Int, _ n: Int, _ event: NeighborEvent, at now: Instant, into output: inout Output) {
    let state = interfaces[i].neighbors[n].state
    switch (event, state) {
    case (.helloReceived, .down), (.helloReceived, .attempt):
      output.neighborsChanged = true
      setState(i, n, .`init`, event, at: now, into: &output)
    case (.twoWayReceived, .`init`):
      if shouldBeAdjacent(i, n) {
        startExchange(i, n, event, at: now, into: &output)
      } else {
        setState(i, n, .twoWay, event, at: now, into: &output)
      }
    case (.negotiationDone, .exStart):
      fillSummary(i, n, at: now)
      setState(i, n, .exchange, event, at: now, into: &output)
    case (.exchangeDone, .exchange):
      interfaces[i].neighbors[n].exchangeDeadline = nil
      let isDone = interfaces[i].neighbors[n].requests.isEmpty
      setState(i, n, isDone ? .full : .loading, event, at: now, into: &output)
    case (.loadingDone, .loading):
      setState(i, n, .full, event, at: now, into: &output)
    case (.adjacencyOK, .twoWay):
      if shouldBeAdjacent(i, n) { startExchange(i, n, event, at: now, into: &output) }
    case (.adjacencyOK, .exStart), (.adjacencyOK, .exchange), (.adjacencyOK, .loading), (.adjacencyOK, .full):
      if !shouldBeAdjacent(i, n) { setState(i, n, .twoWay, event, at: now, into: &output) }
    case (.sequenceNumberMismatch, .exchange), (.sequenceNumberMismatch, .loading), (.sequenceNumberMismatch, .full),
      (.badLSRequest, .exchange), (.badLSRequest, .loading), (.badLSRequest, .full):
      startExchange(i, n, event, at: now, into: &output)
    case (.kill, _):
      interfaces[i].neighbors[n].graceDeadline = nil
      setState(i, n, .down, event, at: now, into: &output)
      hasDeadNeighbors = true
    case (.inactivityTimer, _), (.linkLayerDown, _):
      setState(i, n, .down, event, at: now, into: &output)
      // One whose restart is helped is expected back.
      if interfaces[i].neighbors[n].isHelped { output.neighborsChanged = true } else { hasDeadNeighbors = true }
    case (.oneWay, .twoWay), (.oneWay, .exStart), (.oneWay, .exchange), (.oneWay, .loading), (.oneWay, .full):
      setState(i, n, .`init`, event, at: now, into: &output)
    case (.helloReceived, _), (.twoWayReceived, _), (.oneWay, _), (.negotiationDone, _), (.exchangeDone, _), (.loadingDone, _),
      (.adjacencyOK, _), (.sequenceNumberMismatch, _), (.badLSRequest, _):
      break
    }
  }

  private mutating func setState(
    _ i: Int, _ n: Int, _ state: NeighborState, _ event: NeighborEvent, at now: Instant, into output: inout Output
  ) {
    let old = interfaces[i].neighbors[n].state
    if old == state { return }
    if state < .exchange { clearLists(i, n) }
    interfaces[i].neighbors[n].state = state
    output.trace(
      .events,
      "Neighbor \(interfaces[i].neighbors[n].routerID) on \(interfaces[i].status.name) changed state from \(old.name) to \(state.name) (\(event.rawValue))"
    )
    countExchanging(from: old, to: state, at: now)
    if (old == .full) != (state == .full) {
      touch(area: interfaces[i].area, at: now)
      // RFC 2328 §12.4.1: bit V
      if let link = interfaces[i].virtualLink, let a = area(link.transitArea) { touch(area: a, at: now) }
    }
    // RFC 2328 §9.2, NeighborChange: bidirectional communication established or lost.
    if state < .exStart { interfaces[i].neighbors[n].exchangeDeadline = nil }
    if (old >= .twoWay) != (state >= .twoWay) { neighborChange(i, at: now, into: &output) }
  }

  private mutating func countExchanging(from old: NeighborState, to new: NeighborState, at now: Instant) {
    let was = old == .exchange || old == .loading
    let isNow = new == .exchange || new == .loading
    if was == isNow { return }
    exchangingNeighbors += isNow ? 1 : -1
    if exchangingNeighbors == 0 { hasMaxAgedToSweep = true }
    // Those LSAs of an earlier life wait for the end of the exchange that follow from the routing table.
    if exchangingNeighbors == 0, !origination.unclaimed.isEmpty { origination.note(at: now) }
  }

  /// §10.4
  private func shouldBeAdjacent(_ i: Int, _ n: Int) -> Bool {
    let interface = interfaces[i]
    guard interface.type.hasDesignatedRouter else { return true }
    let id = interface.neighbors[n].routerID
    switch interface.state {
    case .designatedRouter, .backup: return true
    case .designatedRouterOther: return id == interface.designatedRouter || id == interface.backupDesignatedRouter
    case .down, .loopback, .waiting, .pointToPoint: return false
    }
  }

  /// Into ExStart: with a new sequence number, as master until the other proves to be (§10.3, 2-WayReceived; §10.8).
  private mutating func startExchange(_ i: Int, _ n: Int, _ event: NeighborEvent, at now: Instant, into output: inout Output) {
    setState(i, n, .exStart, event, at: now, into: &output)
    // The election that a new neighbour causes may have decided against the adjacency.
    guard interfaces[i].neighbors[n].state == .exStart else { return }
    let next = interfaces[i].neighbors[n].sequenceNumber
    interfaces[i].neighbors[n].sequenceNumber = next == 0 ? UInt32(truncatingIfNeeded: random.next() >> 33) : next &+ 1
    interfaces[i].neighbors[n].isLocalMaster = true
    interfaces[i].neighbors[n].lastReceived = nil
    interfaces[i].neighbors[n].peerHasMore = true
    interfaces[i].neighbors[n].hasOurRouterLSA = false
    interfaces[i].neighbors[n].lastSent = nil
    sendDatabaseDescription(i, n, at: now, into: &output)
  }

  /// §10.3: the Link state retransmission list, Database summary list and Link state request list are cleared of LSAs.
  private mutating func clearLists(_ i: Int, _ n: Int) {
    for handle in interfaces[i].neighbors[n].retransmissions.removeAll() { releaseRetransmission(handle) }
    interfaces[i].neighbors[n].requests = RequestList()
    interfaces[i].neighbors[n].requestDeadline = nil
    interfaces[i].neighbors[n].summary = []
    interfaces[i].neighbors[n].summaryPosition = 0
  }

  /// RFC 5882 §4.1: as if no Hello had come for RouterDeadInterval.
  mutating func pathFailed(_ index: UInt32, _ address: IPAddress, at now: Instant, into output: inout Output) {
    for i in interfaces.indices where interfaces[i].key.index == index && interfaces[i].options.bfd {
      for n in interfaces[i].neighbors.indices where interfaces[i].neighbors[n].address == address {
        output.trace(.events, "BFD session down for neighbor \(interfaces[i].neighbors[n].routerID) on \(interfaces[i].status.name)")
        neighbor(i, n, .linkLayerDown, at: now, into: &output)
      }
    }
  }

  mutating func removeDeadNeighbors(into output: inout Output) {
    hasDeadNeighbors = false
    output.neighborsChanged = true
    for i in interfaces.indices { interfaces[i].neighbors.removeAll { $0.state == .down && !$0.isHelped } }
  }

  mutating func runTimers(interface i: Int, neighbor n: Int, at now: Instant, into output: inout Output) {
    if interfaces[i].neighbors[n].state == .down { return }
    if let deadline = interfaces[i].neighbors[n].exchangeDeadline, deadline <= now {
      repeatDatabaseDescription(i, n, at: now, into: &output)
    }
    if let deadline = interfaces[i].neighbors[n].requestDeadline, deadline <= now { sendRequest(i, n, at: now, into: &output) }
    retransmit(i, n, at: now, into: &output)
  }
}
