extension Router {
  /// Begins a run of announcements with the same attributes. The preference is the channel's; the next hops are those of `attributes`
  /// unless others are given.
  package mutating func open(
    _ run: inout ImportRun, _ channel: ChannelID, _ attributes: borrowing RouteAttributes, nextHops: NextHopSetID? = nil, at time: UInt64
  ) {
    open(&run, channel, source: channel, at: time)
    run.base.assign(attributes)
    if let nextHops { run.base.header.nextHops = nextHops }
    complete(&run)
  }

  /// Begins a run whose attributes are put into `base` before anything is announced.
  mutating func open(_ run: inout ImportRun, _ channel: ChannelID, source: ChannelID, at time: UInt64) {
    close(&run)
    run.begin(channel, in: channels[channel].table, source: source, at: time)
  }

  /// What the channel says of the attributes of a run.
  func complete(_ run: inout ImportRun) {
    if !channels[run.channel].keepsPreference { run.base.header.preference = channels[run.channel].configuration.preference }
    run.base.noteStaleness()
  }

  /// Ends a run; nothing is done if there is none.
  package mutating func close(_ run: inout ImportRun) {
    guard run.isOpen else { return }
    attributes.release(run.shared, &nextHops)
    for index in 0..<run.outcomeCount { attributes.release(run.outcomes[index].attributes, &nextHops) }
    run.end()
  }

  /// Announces a prefix with the attributes of a run. A channel has one route to a network for each path identifier.
  package mutating func announce(_ prefix: Prefix, path: UInt32 = 0, in run: inout ImportRun) {
    guard run.isOpen, channels[run.channel].state == .up else { return }
    run.path = path
    channels[run.channel].statistics.importUpdates.received &+= 1
    guard prefix.isRoutable else { return channels[run.channel].statistics.importUpdates.rejected &+= 1 }
    if let received = channels[run.channel].importTable, !noteImport(prefix, received, run) { return }
    filterAndStore(prefix, &run)
  }

  /// Announces one route.
  package mutating func announce(
    _ channel: ChannelID, _ prefix: Prefix, path: UInt32 = 0, _ attributes: borrowing RouteAttributes, at time: UInt64
  ) {
    var run = ImportRun()
    open(&run, channel, source: channel, at: time)
    // Shares the buffer, which `assign` would copy.
    run.base = copy attributes
    complete(&run)
    announce(prefix, path: path, in: &run)
    close(&run)
  }

  /// Runs a prefix of a run through the filter and into the table.
  mutating func filterAndStore(_ prefix: Prefix, _ run: inout ImportRun) {
    if run.verdict == .unknown { decide(&run) }
    switch run.verdict {
    case .accepted: store(prefix, run.shared, [], run)
    case .rejected: reject(prefix, run.shared, run)
    case .perPrefix, .unknown: filterSingly(prefix, &run)
    }
  }

  /// Withdraws the channel's route for a prefix.
  package mutating func withdraw(_ channel: ChannelID, _ prefix: Prefix, path: UInt32 = 0, at time: UInt64) {
    guard channels[channel].state == .up else { return }
    channels[channel].statistics.importWithdraws.received &+= 1
    if let received = channels[channel].importTable, !forgetImport(prefix, path, received) {
      return channels[channel].statistics.importWithdraws.ignored &+= 1
    }
    if remove(channel, prefix, path) {
      channels[channel].statistics.importWithdraws.accepted &+= 1
    } else {
      channels[channel].statistics.importWithdraws.ignored &+= 1
    }
  }

  /// One verdict for all prefixes of the run, where the policy does not look at the prefix.
  private mutating func decide(_ run: inout ImportRun) {
    switch channels[run.channel].configuration.importPolicy {
    case .all:
      run.shared = attributes.intern(run.base, &nextHops)
      run.verdict = .accepted
    case .none:
      if channels[run.channel].configuration.keepFiltered { run.shared = attributes.intern(run.base, &nextHops) }
      run.verdict = .rejected
    case .filter(let program, _):
      guard program.isUniformOverPrefixes else {
        run.verdict = .perPrefix
        return
      }
      let accepted = filter(program, nil, run)
      run.shared = attributes.intern(accepted ? policyRoute.attributes : run.base, &nextHops)
      releaseFilteredNextHop()
      run.verdict = accepted ? .accepted : .rejected
    }
  }

  private mutating func filterSingly(_ prefix: Prefix, _ run: inout ImportRun) {
    guard case .filter(let program, _) = channels[run.channel].configuration.importPolicy else { return }
    if let known = knownOutcome(program, prefix, run) {
      return known.isAccepted ? store(prefix, known.attributes, [], run) : reject(prefix, known.attributes, run)
    }
    let accepted = filter(program, prefix, run)
    var id = AttributeID.none
    if accepted ? !policyRoute.attributesChanged && !policyRoute.nextHopChanged : channels[run.channel].configuration.keepFiltered {
      // Unchanged by the filter: what the run shares serves this prefix too.
      if run.shared == .none { run.shared = attributes.intern(run.base, &nextHops) }
      id = run.shared
      attributes.retain(id)
    } else if accepted {
      id = attributes.intern(policyRoute.attributes, &nextHops)
    }
    releaseFilteredNextHop()
    if accepted { store(prefix, id, [], run) } else { reject(prefix, id, run) }
    remember(program, accepted, id, &run)
  }

  /// What the filter said of an earlier prefix of the run, if this one is no different to it.
  private func knownOutcome(_ program: PolicyProgram, _ prefix: Prefix, _ run: borrowing ImportRun) -> ImportOutcome? {
    var known = PolicyPrefixOutcomes()
    for index in 0..<run.outcomeCount where program.agrees(run.outcomes[index].tests, for: prefix, &known) {
      return run.outcomes[index]
    }
    return nil
  }

  /// Keeps the outcome of the filter's last run, and the caller's reference to the attributes, for the prefixes still to come.
  private mutating func remember(_ program: PolicyProgram, _ isAccepted: Bool, _ id: AttributeID, _ run: inout ImportRun) {
    guard program.isUniformOverOutcomes, let tests = interpreter.reusableOutcomes, run.outcomeCount < run.outcomes.count
    else { return attributes.release(id, &nextHops) }
    run.outcomes[run.outcomeCount] = ImportOutcome(tests: tests, isAccepted: isAccepted, attributes: id)
    run.outcomeCount += 1
  }

  /// Runs an import filter over the run's attributes and a prefix.
  private mutating func filter(_ program: PolicyProgram, _ prefix: Prefix?, _ run: borrowing ImportRun) -> Bool {
    policyRoute.attributes.assign(run.base)
    let accepted = evaluate(program, prefix, run.channel)
    if policyRoute.attributesChanged { policyRoute.attributes.noteStaleness() }
    return accepted
  }

  private mutating func reject(_ prefix: Prefix, _ id: AttributeID, _ run: borrowing ImportRun) {
    channels[run.channel].statistics.importUpdates.filtered &+= 1
    if channels[run.channel].configuration.keepFiltered, id != .none {
      store(prefix, id, .filtered, run)
    } else {
      _ = remove(run.channel, prefix, run.path)
    }
  }

  /// Puts the channel's route into the table. The table takes a reference of its own.
  private mutating func store(_ prefix: Prefix, _ id: AttributeID, _ flags: Route.Flags, _ run: borrowing ImportRun) {
    let (channel, table) = (run.channel, run.table)
    let flags = flags.union(run.flags(channels[channel].marks))
    guard let net = self[table: table].findOrInsert(prefix) else { return channels[channel].statistics.importUpdates.rejected &+= 1 }
    if let found = self[table: table].route(of: run.source, path: run.path, in: net) {
      let old = self[table: table].routes[found.route]
      if channels[channel].isPipe, sender(old) != channel { return noteCollision(prefix, of: channel) }
      if old.flags.mark == flags.mark || isOfSession(old) { return replace(found, in: net, with: id, flags, run) }
      // Left from an earlier session: the new route is none the less the first of this one. The network stays meanwhile.
      self[table: table][net: net].pins &+= 1
      _ = remove(found, in: net, table, of: channel)
      self[table: table][net: net].pins &-= 1
    }
    insert(net, id, flags, run)
  }

  /// Puts a route where the channel had one.
  private mutating func replace(
    _ found: RoutePlace, in net: NetID, with id: AttributeID, _ flags: Route.Flags, _ run: borrowing ImportRun
  ) {
    let (channel, table, route) = (run.channel, run.table, found.route)
    let old = self[table: table].routes[route]
    let wasFiltered = old.flags.contains(.filtered)
    var isFiltered = flags.contains(.filtered)
    if old.flags.mark != flags.mark { self[table: table].routes[route].flags.mark = flags.mark }
    if old.attributes == id, wasFiltered == isFiltered {
      if !isFiltered { channels[channel].statistics.importUpdates.ignored &+= 1 }
      return
    }
    if wasFiltered, !isFiltered, !isWithinImportLimit(channel) {
      guard channels[channel].configuration.keepFiltered else { return _ = remove(found, in: net, table, of: channel) }
      isFiltered = true
    }
    let oldBest = self[table: table].best(net)
    count(old.flags, channel, -1)
    attributes.retain(id)
    self[table: table].routes[route].attributes = id
    self[table: table].routes[route].time = run.time
    self[table: table].routes[route].flags = flags.union(old.flags.intersection(.hasPath)).union(isFiltered ? .filtered : [])
    if wasFiltered != isFiltered {
      self[table: table].unlink(found, in: net)
      place(route, net, table)
    }
    count(self[table: table].routes[route].flags, channel, 1)
    if !isFiltered {
      channels[channel].statistics.importUpdates.accepted &+= 1
      vouch(run.source, id)
    }
    decide(net, table, oldBest: oldBest, changed: route)
    // After the decision, which still compares with what stood there.
    attributes.release(old.attributes, &nextHops)
  }

  /// Puts the channel's first route to a network into the table, if its limits allow it.
  private mutating func insert(_ net: NetID, _ id: AttributeID, _ flags: Route.Flags, _ run: borrowing ImportRun) {
    let (channel, table) = (run.channel, run.table)
    var flags = flags
    if run.path != 0, !hasRoomForPath(of: run.source, net, table) { return noteSurplusPath(net, table, run) }
    if channels[channel].receiveLimit.limit != nil, channels[channel].importTable == nil, !isWithinReceiveLimit(channel) {
      return self[table: table].removeIfUnused(net)
    }
    if !flags.contains(.filtered), !isWithinImportLimit(channel) {
      guard channels[channel].configuration.keepFiltered else { return self[table: table].removeIfUnused(net) }
      flags.insert(.filtered)
    }
    let oldBest = self[table: table].best(net)
    attributes.retain(id)
    let route = self[table: table].insert(
      Route(attributes: id, channel: run.source, time: run.time, flags: flags), path: run.path)
    place(route, net, table)
    count(flags, channel, 1)
    if !flags.contains(.filtered) {
      channels[channel].statistics.importUpdates.accepted &+= 1
      vouch(run.source, id)
    }
    decide(net, table, oldBest: oldBest, changed: route)
  }

  /// Links a route into its network's list, behind all others; filtered ones stand last.
  private mutating func place(_ route: RouteID, _ net: NetID, _ table: TableID) {
    let isFiltered = self[table: table].routes[route].flags.contains(.filtered)
    var previous = RouteID.none
    var rest = self[table: table].routes(of: net)
    while let (other, entry) = self[table: table].next(&rest), isFiltered || !entry.flags.contains(.filtered) { previous = other }
    self[table: table].link(route, after: previous, in: net)
  }

  private mutating func count(_ flags: Route.Flags, _ channel: ChannelID, _ by: Int32) {
    if flags.contains(.filtered) {
      channels[channel].statistics.filtered &+= UInt32(bitPattern: by)
    } else {
      channels[channel].statistics.imported &+= UInt32(bitPattern: by)
    }
  }

  /// Whether there was a route (that was not filtered) to remove.
  mutating func remove(_ channel: ChannelID, _ prefix: Prefix, _ path: UInt32) -> Bool {
    let table = channels[channel].table
    guard let net = self[table: table].find(prefix),
      let found = self[table: table].route(of: channel, path: path, in: net)
    else { return false }
    return remove(found, in: net, table, of: channel)
  }

  /// Removes a route that a channel brought. Whether it was one of its session that was not filtered.
  mutating func remove(_ found: RoutePlace, in net: NetID, _ table: TableID, of channel: ChannelID) -> Bool {
    let route = found.route
    let oldBest = self[table: table].best(net)
    let old = self[table: table].routes[route]
    self[table: table].unlink(found, in: net)
    self[table: table].routes.remove(route)
    decide(net, table, oldBest: oldBest, changed: route)
    let counts = isOfSession(old)
    if counts {
      count(old.flags, channel, -1)
      if oldBest == route { channels[channel].statistics.preferred &-= 1 }
    }
    attributes.release(old.attributes, &nextHops)
    self[table: table].removeIfUnused(net)
    return counts && !old.flags.contains(.filtered)
  }
}
