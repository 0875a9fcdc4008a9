import RouteCore

// The interface machine of RFC 2328 §9.

extension Instance {
  mutating func setState(_ i: Int, _ state: InterfaceMachineState, at now: Instant, into output: inout Output) {
    let old = interfaces[i].state
    if old == state { return }
    interfaces[i].state = state
    output.trace(.interfaces, "Interface \(interfaces[i].status.name) changed state from \(old.name) to \(state.name)")
    updateMembership(i, into: &output)
    // §9.4 (6): now those are spoken to as well who are not eligible.
    if interfaces[i].type == .nonBroadcast, isDesignated(state), !isDesignated(old) {
      startNeighbors(i, at: now) { !$0.isEligible }
    }
    touch(area: interfaces[i].area, at: now)
  }

  private func isDesignated(_ state: InterfaceMachineState) -> Bool { state == .designatedRouter || state == .backup }

  /// §9.3: the designated router and its backup listen to AllDRouters too.
  private mutating func updateMembership(_ i: Int, into output: inout Output) {
    let wanted = interfaces[i].type.usesMulticast && interfaces[i].isActive && isDesignated(interfaces[i].state)
    if wanted == interfaces[i].isInAllDRouters { return }
    interfaces[i].isInAllDRouters = wanted
    output.memberships.append(Output.Membership(interface: interfaces[i].key.index, group: Constants.allDRouters, isMember: wanted))
  }

  /// InterfaceUp
  mutating func bringUp(_ i: Int, at now: Instant, into output: inout Output) {
    let options = interfaces[i].options
    if interfaces[i].status.isLoopback { return setState(i, .loopback, at: now, into: &output) }
    if !options.stub {
      if interfaces[i].type.usesMulticast {
        output.memberships.append(Output.Membership(interface: interfaces[i].key.index, group: Constants.allSPFRouters, isMember: true))
      } else {
        startNeighbors(i, at: now)
      }
      interfaces[i].helloDeadline = now
      if interfaces[i].type == .nonBroadcast { interfaces[i].pollDeadline = now + .seconds(Int64(options.pollInterval)) }
    }
    switch interfaces[i].type {
    case .broadcast, .nonBroadcast:
      // Who may not become designated router has no reason to wait.
      if options.priority == 0 {
        setState(i, .designatedRouterOther, at: now, into: &output)
      } else {
        setState(i, .waiting, at: now, into: &output)
        interfaces[i].waitDeadline = now + .seconds(Int64(options.effectiveWaitInterval))
      }
    case .pointToPoint, .pointToMultipoint:
      setState(i, .pointToPoint, at: now, into: &output)
    }
    if !options.stub { announceRecovery(i, at: now, into: &output) }
  }

  /// InterfaceDown: all variables are reset, all neighbours killed.
  mutating func takeDown(_ i: Int, at now: Instant, into output: inout Output) {
    let wasListening = interfaces[i].isActive && interfaces[i].virtualLink == nil && interfaces[i].type.usesMulticast
    for n in interfaces[i].neighbors.indices { neighbor(i, n, .kill, at: now, into: &output) }
    interfaces[i].neighbors.removeAll()
    output.neighborsChanged = true
    interfaces[i].helloDeadline = nil
    interfaces[i].pollDeadline = nil
    interfaces[i].waitDeadline = nil
    interfaces[i].delayedAcknowledgments.removeAll()
    interfaces[i].acknowledgmentDeadline = nil
    interfaces[i].floodQueue.removeAll()
    interfaces[i].designatedRouter = RouterID(rawValue: 0)
    interfaces[i].backupDesignatedRouter = RouterID(rawValue: 0)
    setState(i, .down, at: now, into: &output)
    if wasListening {
      output.memberships.append(Output.Membership(interface: interfaces[i].key.index, group: Constants.allSPFRouters, isMember: false))
    }
    purge(.link(interfaces[i].key), at: now)
  }

  /// WaitTimer
  mutating func waitTimerFired(_ i: Int, at now: Instant, into output: inout Output) {
    interfaces[i].waitDeadline = nil
    if interfaces[i].state == .waiting { electDesignatedRouter(i, at: now, into: &output) }
  }

  /// BackupSeen
  mutating func backupSeen(_ i: Int, at now: Instant, into output: inout Output) {
    guard interfaces[i].state == .waiting else { return }
    interfaces[i].waitDeadline = nil
    electDesignatedRouter(i, at: now, into: &output)
  }

  /// NeighborChange
  mutating func neighborChange(_ i: Int, at now: Instant, into output: inout Output) {
    // RFC 3623 §3: who is designated router stays so while a neighbour restarts.
    if interfaces[i].isHelping { return }
    switch interfaces[i].state {
    case .designatedRouterOther, .backup, .designatedRouter: electDesignatedRouter(i, at: now, into: &output)
    case .down, .loopback, .waiting, .pointToPoint: break
    }
  }

  /// §9.4
  mutating func electDesignatedRouter(_ i: Int, at now: Instant, into output: inout Output) {
    let interface = interfaces[i]
    let local = DesignatedRouterElection.Candidate(
      routerID: routerID, priority: interface.options.priority, designatedRouter: interface.designatedRouter,
      backupDesignatedRouter: interface.backupDesignatedRouter)
    let others = interface.neighbors.filter { $0.state >= .twoWay }.map {
      DesignatedRouterElection.Candidate(
        routerID: $0.routerID, priority: $0.priority, designatedRouter: $0.designatedRouter,
        backupDesignatedRouter: $0.backupDesignatedRouter)
    }
    let result = DesignatedRouterElection.elect(local: local, neighbors: others)
    interfaces[i].designatedRouter = result.designatedRouter
    interfaces[i].backupDesignatedRouter = result.backupDesignatedRouter
    // (5)
    let state: InterfaceMachineState =
      result.designatedRouter == routerID ? .designatedRouter : result.backupDesignatedRouter == routerID ? .backup : .designatedRouterOther
    setState(i, state, at: now, into: &output)
    let changed = result.designatedRouter != interface.designatedRouter || result.backupDesignatedRouter != interface.backupDesignatedRouter
    guard changed else { return }
    output.trace(
      .interfaces,
      "Interface \(interface.status.name): designated router \(result.designatedRouter), backup \(result.backupDesignatedRouter)")
    touch(area: interface.area, at: now)
    // The others should not have to wait for the next regular Hello to learn whom we chose.
    if interfaces[i].isActive { interfaces[i].helloDeadline = now }
    // (7) Adjacencies may have to be formed or given up.
    for n in interfaces[i].neighbors.indices where interfaces[i].neighbors[n].state >= .twoWay {
      neighbor(i, n, .adjacencyOK, at: now, into: &output)
    }
  }

  /// The timers of an interface and of its neighbours.
  mutating func runTimers(interface i: Int, at now: Instant, into output: inout Output) {
    guard let deadline = interfaces[i].nextDeadline, deadline <= now else { return }
    for n in interfaces[i].neighbors.indices { runTimers(interface: i, neighbor: n, at: now, into: &output) }
    if let acknowledge = interfaces[i].acknowledgmentDeadline, acknowledge <= now { sendDelayedAcknowledgments(i, into: &output) }
    if let hello = interfaces[i].helloDeadline, hello <= now {
      sendHello(i, to: helloDestinations(i, .hello, at: now), into: &output)
      interfaces[i].helloDeadline = now + .seconds(Int64(interfaces[i].options.helloInterval))
    }
    if let poll = interfaces[i].pollDeadline, poll <= now {
      sendHello(i, to: helloDestinations(i, .poll, at: now), into: &output)
      interfaces[i].pollDeadline = now + .seconds(Int64(interfaces[i].options.pollInterval))
    }
  }
}
