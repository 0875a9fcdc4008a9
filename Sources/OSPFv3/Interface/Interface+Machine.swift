import RouteCore

// The interface machine, RFC 2328 §9.

extension Interface {
  private mutating func enter(_ state: InterfaceMachineState, in context: inout InterfaceContext) {
    let old = self.state
    if old == state { return }
    let wasDesignated = isDesignated
    self.state = state
    context.output.trace(.interfaces, "Interface \(status.name) changed state from \(old.name) to \(state.name)")
    updateMembership(in: &context)
    // §9.4 (6): from now on Hellos also go to those who are not eligible.
    if type == .nonBroadcast, isDesignated, !wasDesignated { startNeighbors(at: context.now) { !$0.isEligible } }
    context.due.insert(.area)
  }

  /// §9.3: the designated router and its backup listen to AllDRouters too.
  private mutating func updateMembership(in context: inout InterfaceContext) {
    let wanted = type.usesMulticast && isActive && isDesignated
    if wanted == isInAllDRouters { return }
    isInAllDRouters = wanted
    context.output.memberships.append(Output.Membership(interface: key.index, group: Constants.allDRouters, isMember: wanted))
  }

  /// InterfaceUp
  mutating func bringUp(in context: inout InterfaceContext) {
    if status.isLoopback { return enter(.loopback, in: &context) }
    if !options.stub {
      if type.usesMulticast {
        context.output.memberships.append(Output.Membership(interface: key.index, group: Constants.allSPFRouters, isMember: true))
      } else {
        startNeighbors(at: context.now) { _ in true }
      }
      helloDeadline = context.now
      if type == .nonBroadcast { pollDeadline = context.now + pollInterval }
    }
    switch type {
    case .broadcast, .nonBroadcast:
      // Who may not become designated router has no reason to wait.
      if options.priority == 0 {
        enter(.designatedRouterOther, in: &context)
      } else {
        enter(.waiting, in: &context)
        waitDeadline = context.now + .seconds(Int64(options.effectiveWaitInterval))
      }
    case .pointToPoint, .pointToMultipoint:
      enter(.pointToPoint, in: &context)
    }
    if context.isRecovering, !options.stub { context.due.insert(.recoveryAnnouncement) }
  }

  /// InterfaceUp of a virtual link: the route that the first Hello takes is only now on its way to the kernel.
  mutating func bringUpVirtualLink(in context: inout InterfaceContext) {
    enter(.pointToPoint, in: &context)
    helloDeadline = context.now + .seconds(1)
  }

  /// InterfaceDown: all variables are reset, all neighbours killed.
  mutating func takeDown(in context: inout InterfaceContext) {
    let wasListening = isActive && virtualLink == nil && type.usesMulticast
    killNeighbors(in: &context)
    context.output.neighborsChanged = true
    helloDeadline = nil
    pollDeadline = nil
    waitDeadline = nil
    delayedAcknowledgments.removeAll()
    acknowledgmentDeadline = nil
    floodQueue.removeAll()
    designatedRouter = .unspecified
    backupDesignatedRouter = .unspecified
    enter(.down, in: &context)
    if wasListening {
      context.output.memberships.append(Output.Membership(interface: key.index, group: Constants.allSPFRouters, isMember: false))
    }
    context.due.insert(.linkRemoval)
  }

  mutating func killNeighbors(in context: inout InterfaceContext) {
    for n in neighbors.indices { generate(.kill, for: n, in: &context) }
    neighbors.removeAll()
  }

  /// WaitTimer and BackupSeen
  mutating func endWaiting(in context: inout InterfaceContext) {
    waitDeadline = nil
    if state == .waiting { electDesignatedRouter(in: &context) }
  }

  /// NeighborChange
  mutating func neighborChange(in context: inout InterfaceContext) {
    // RFC 3623 §3: who is designated router stays so while a neighbour restarts.
    if isHelping { return }
    switch state {
    case .designatedRouterOther, .backup, .designatedRouter: electDesignatedRouter(in: &context)
    case .down, .loopback, .waiting, .pointToPoint: break
    }
  }

  /// §9.4
  private mutating func electDesignatedRouter(in context: inout InterfaceContext) {
    let old = (designatedRouter, backupDesignatedRouter)
    let local = DesignatedRouterElection.Candidate(
      routerID: context.routerID, priority: options.priority, designatedRouter: designatedRouter,
      backupDesignatedRouter: backupDesignatedRouter)
    let others = neighbors.filter { $0.state >= .twoWay }.map {
      DesignatedRouterElection.Candidate(
        routerID: $0.routerID, priority: $0.priority, designatedRouter: $0.designatedRouter,
        backupDesignatedRouter: $0.backupDesignatedRouter)
    }
    let result = DesignatedRouterElection.elect(local: local, neighbors: others)
    designatedRouter = result.designatedRouter
    backupDesignatedRouter = result.backupDesignatedRouter
    // (5)
    let isBackup = backupDesignatedRouter == context.routerID
    enter(
      designatedRouter == context.routerID ? .designatedRouter : isBackup ? .backup : .designatedRouterOther, in: &context)
    if old == (designatedRouter, backupDesignatedRouter) { return }
    context.output.trace(.interfaces, "Interface \(status.name): designated router \(designatedRouter), backup \(backupDesignatedRouter)")
    context.due.insert(.area)
    // The others should not have to wait for the next regular Hello to learn whom we chose.
    if isActive { helloDeadline = context.now }
    // (7) Adjacencies may have to be formed or given up.
    for n in neighbors.indices where neighbors[n].state >= .twoWay { generate(.adjacencyOK, for: n, in: &context) }
  }

  /// The timers of the interface and its neighbours that end no wait for somebody else.
  mutating func runTimers(from database: LinkStateDatabase, in context: inout InterfaceContext) {
    let now = context.now
    for n in neighbors.indices where neighbors[n].state != .down {
      if let exchange = neighbors[n].exchangeDeadline, exchange <= now { repeatDatabaseDescription(to: n, in: &context) }
      if let request = neighbors[n].requestDeadline, request <= now { sendRequest(to: n, in: &context) }
      retransmit(to: n, from: database, in: &context)
    }
    if let acknowledge = acknowledgmentDeadline, acknowledge <= now { sendDelayedAcknowledgments(in: &context) }
    if let hello = helloDeadline, hello <= now {
      sendHello(to: helloDestinations(.hello, at: now), in: &context)
      helloDeadline = now + helloInterval
    }
    if let poll = pollDeadline, poll <= now {
      sendHello(to: helloDestinations(.poll, at: now), in: &context)
      pollDeadline = now + pollInterval
    }
  }
}
