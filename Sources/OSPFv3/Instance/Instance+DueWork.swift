import RouteCore

// When things are done: at a deadline, at the end of the event that asks for them, or when an interface has acted.

extension Instance {
  /// When `.deadline` is wanted; nil if nothing is going on.
  public var nextDeadline: Instant? {
    if isStopped { return nil }
    var deadline = earliest(database.nextDeadline, schedule.calculationDeadline)
    deadline = earliest(deadline, isRecovering ? recoveryDeadline : origination.nextDeadline)
    deadline = earliest(deadline, translationDeadline)
    for interface in interfaces { deadline = earliest(deadline, interface.nextDeadline) }
    return deadline
  }

  /// Everything whose time has come, and that depends on nobody else.
  mutating func runTimers(at now: Instant, into output: inout Output) {
    for i in interfaces.indices { runTimers(of: i, at: now, into: &output) }
    while let place = database.takeDue(at: now) { lsaIsDue(place, at: now, into: &output) }
    endTranslations(at: now)
    if !isRecovering { runOrigination(at: now, into: &output) }
    if schedule.takeDue(at: now) { calculate(at: now, into: &output) }
  }

  /// What has been collected during an event goes out together at its end.
  mutating func finishEvent(at now: Instant, into output: inout Output) {
    if take(.helpCancellation) { cancelHelp(at: now, into: &output) }
    if take(.deadNeighbors) { removeDeadNeighbors(into: &output) }
    if take(.loading) { finishLoading(at: now, into: &output) }
    if take(.flooding) { for i in interfaces.indices { sendFloodQueue(i, at: now, into: &output) } }
    if take(.maxAgedRemoval) { removeMaxAged(at: now) }
    runRecovery(at: now, into: &output)
  }

  /// Returns whether some work is due; it is no longer then.
  mutating func take(_ work: DueWork) -> Bool { due.remove(work) != nil }

  /// Puts off work for an area.
  mutating func postpone(_ work: DueWork, area a: Int, at now: Instant) {
    areas[a].due.formUnion(work)
    if work.contains(.origination) { origination.schedule(at: now) }
    if work.contains(.shortestPaths) { schedule.topologyChanged(at: now, tick: tick) }
  }

  var tick: Duration { .seconds(Int64(configuration.tick)) }

  // MARK: interfaces

  private func context(of i: InterfaceID, at now: Instant) -> InterfaceContext {
    InterfaceContext(
      now: now, routerID: routerID, areaID: areas[interfaces[i].area].id, options: areas[interfaces[i].area].options, family: family,
      isRecovering: isRecovering, random: random)
  }

  /// Lets an interface act, then does what it has left to do.
  mutating func act<Result>(
    _ i: InterfaceID, at now: Instant, into output: inout Output, _ action: (inout Interface, inout InterfaceContext) -> Result
  ) -> Result {
    var context = context(of: i, at: now)
    swap(&context.output, &output)
    let result = action(&interfaces[i], &context)
    swap(&context.output, &output)
    finish(context, of: i, into: &output)
    return result
  }

  /// As `act`, for what sends LSAs of the database.
  mutating func actWithDatabase(
    _ i: InterfaceID, at now: Instant, into output: inout Output,
    _ action: (inout Interface, inout InterfaceContext, LinkStateDatabase) -> Void
  ) {
    var context = context(of: i, at: now)
    swap(&context.output, &output)
    action(&interfaces[i], &context, database)
    swap(&context.output, &output)
    finish(context, of: i, into: &output)
  }

  /// Does what an interface has left to do.
  private mutating func finish(_ context: InterfaceContext, of i: InterfaceID, into output: inout Output) {
    let now = context.now
    random = context.random
    for lsa in context.released { releaseRetransmission(lsa) }
    exchangingNeighbors += context.exchanges
    let asked = context.due
    if asked.contains(.exchangeEnd), exchangingNeighbors == 0 {
      due.insert(.maxAgedRemoval)
      // LSAs of an earlier life that follow from the routing table wait for the end of the exchange.
      if !origination.unclaimed.isEmpty { origination.schedule(at: now) }
    }
    if !asked.isDisjoint(with: .area) { postpone(asked.intersection(.area), area: interfaces[i].area, at: now) }
    if asked.contains(.virtualLinkEndpoint), let link = interfaces[i].virtualLink, let a = area(link.transitArea) {
      postpone(.area, area: a, at: now)
    }
    if asked.contains(.linkRemoval) { purge(.link(interfaces[i].key), at: now) }
    if asked.contains(.recoveryAnnouncement) { announceRecovery(i, at: now, into: &output) }
    if asked.contains(.deadNeighbors) { due.insert(.deadNeighbors) }
  }
}
