/// The attributes being imported, and what the filter said of them: one UPDATE carries many prefixes with the same attributes.
struct ImportState {
  enum Verdict { case unknown, perPrefix, accepted, rejected }
  var channel = ChannelID(rawValue: 0)
  /// The channel of the protocol that announced the routes; another one than `channel` if that is a pipe's.
  var source = ChannelID(rawValue: 0)
  /// The path identifier of the prefix at hand.
  var path: UInt32 = 0
  var time: UInt64 = 0
  var base = RouteAttributes(AttributeHeader(source: .none, preference: 0))
  /// The interned attributes where the verdict holds for all prefixes; one reference is held.
  var shared = AttributeID.none
  var verdict = Verdict.unknown
  var isOpen = false
  /// What the filter said of earlier prefixes of the run; each holds one reference to its attributes.
  var outcomes = InlineArray<4, ImportOutcome>(repeating: ImportOutcome())
  var outcomeCount = 0
}

/// A verdict that holds for all prefixes of the run for which the filter's tests end the same way.
struct ImportOutcome: BitwiseCopyable {
  var tests = PolicyPrefixOutcomes()
  var isAccepted = false
  /// To be stored, if the route is; else `.none`.
  var attributes = AttributeID.none
}

extension Router {
  /// Begins a run of announcements with the same attributes. The preference is the channel's; the next hops are those of `attributes`
  /// unless others are given.
  package mutating func beginImport(
    _ channel: ChannelID, _ attributes: borrowing RouteAttributes, nextHops: NextHopSetID? = nil, at time: UInt64
  ) {
    endImport()
    importState.channel = channel
    importState.source = channel
    importState.time = time
    importState.base.assign(attributes)
    if !self[channel: channel].keepsPreference {
      importState.base.header.preference = self[channel: channel].configuration.preference
    }
    if let nextHops { importState.base.header.nextHops = nextHops }
    importState.base.noteStaleness()
    importState.isOpen = true
  }

  /// Ends the run; without it the next `beginImport` does.
  package mutating func endImport() {
    guard importState.isOpen else { return }
    attributes.release(importState.shared, &nextHops)
    for index in 0..<importState.outcomeCount { attributes.release(importState.outcomes[index].attributes, &nextHops) }
    importState.outcomeCount = 0
    importState.shared = .none
    importState.verdict = .unknown
    importState.isOpen = false
  }

  /// Announces a prefix with the attributes of the run. A channel has one route to a network for each path identifier.
  package mutating func announce(_ prefix: Prefix, path: UInt32 = 0) {
    guard importState.isOpen, channels[importState.channel].state == .up else { return }
    importState.path = path
    channels[importState.channel].statistics.importUpdates.received &+= 1
    guard prefix.isRoutable else { return channels[importState.channel].statistics.importUpdates.rejected &+= 1 }
    if let received = channels[importState.channel].importTable, !noteImport(prefix, received, importState.channel) { return }
    filterAndStore(prefix)
  }

  /// Runs a prefix of the run through the filter and into the table.
  mutating func filterAndStore(_ prefix: Prefix) {
    if importState.verdict == .unknown { decideForRun(importState.channel) }
    switch importState.verdict {
    case .accepted: store(prefix, importState.shared, [])
    case .rejected: reject(prefix, importState.shared)
    case .perPrefix, .unknown: filterAndStore(prefix, importState.channel)
    }
  }

  /// Announces one route.
  package mutating func announce(
    _ channel: ChannelID, _ prefix: Prefix, path: UInt32 = 0, _ attributes: borrowing RouteAttributes, at time: UInt64
  ) {
    beginImport(channel, attributes, at: time)
    announce(prefix, path: path)
    endImport()
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
  private mutating func decideForRun(_ channel: ChannelID) {
    switch channels[channel].configuration.importPolicy {
    case .all:
      importState.shared = attributes.intern(importState.base, &nextHops)
      importState.verdict = .accepted
    case .none:
      if channels[channel].configuration.keepFiltered { importState.shared = attributes.intern(importState.base, &nextHops) }
      importState.verdict = .rejected
    case .filter(let program, _):
      guard program.isUniformOverPrefixes else {
        importState.verdict = .perPrefix
        return
      }
      let accepted = run(program, on: nil)
      importState.shared = attributes.intern(accepted ? policyRoute.attributes : importState.base, &nextHops)
      releaseFilteredNextHop()
      importState.verdict = accepted ? .accepted : .rejected
    }
  }

  private mutating func filterAndStore(_ prefix: Prefix, _ channel: ChannelID) {
    guard case .filter(let program, _) = channels[channel].configuration.importPolicy else { return }
    if let known = knownOutcome(program, prefix) {
      return known.isAccepted ? store(prefix, known.attributes, []) : reject(prefix, known.attributes)
    }
    let accepted = run(program, on: prefix)
    var id = AttributeID.none
    if accepted ? !policyRoute.attributesChanged && !policyRoute.nextHopChanged : channels[channel].configuration.keepFiltered {
      // Unchanged by the filter: what the run shares serves this prefix too.
      if importState.shared == .none { importState.shared = attributes.intern(importState.base, &nextHops) }
      id = importState.shared
      attributes.retain(id)
    } else if accepted {
      id = attributes.intern(policyRoute.attributes, &nextHops)
    }
    releaseFilteredNextHop()
    if accepted { store(prefix, id, []) } else { reject(prefix, id) }
    remember(program, accepted, id)
  }

  /// What the filter said of an earlier prefix of the run, if this one is no different to it.
  private func knownOutcome(_ program: PolicyProgram, _ prefix: Prefix) -> ImportOutcome? {
    var known = PolicyPrefixOutcomes()
    for index in 0..<importState.outcomeCount where program.agrees(importState.outcomes[index].tests, for: prefix, &known) {
      return importState.outcomes[index]
    }
    return nil
  }

  /// Keeps the outcome of the filter's last run, and the caller's reference to the attributes, for the prefixes still to come.
  private mutating func remember(_ program: PolicyProgram, _ isAccepted: Bool, _ id: AttributeID) {
    guard program.isUniformOverOutcomes, let tests = interpreter.reusableOutcomes, importState.outcomeCount < importState.outcomes.count
    else { return attributes.release(id, &nextHops) }
    importState.outcomes[importState.outcomeCount] = ImportOutcome(tests: tests, isAccepted: isAccepted, attributes: id)
    importState.outcomeCount += 1
  }

  /// Runs an import filter over the run's attributes and a prefix.
  private mutating func run(_ program: PolicyProgram, on prefix: Prefix?) -> Bool {
    policyRoute.attributes.assign(importState.base)
    let accepted = evaluate(program, prefix, importState.channel)
    if policyRoute.attributesChanged { policyRoute.attributes.noteStaleness() }
    return accepted
  }

  /// Runs a filter over `policyRoute`, whose attributes are in place.
  mutating func evaluate(_ program: PolicyProgram, _ prefix: Prefix?, _ source: ChannelID) -> Bool {
    if let prefix { policyRoute.prefix = prefix }
    if !program.effects.isDisjoint(with: [.readsNextHop, .writesNextHop, .readsIGPMetric]) { fillNextHop() }
    if program.effects.contains(.readsProtocol) { policyRoute.protocolName = channels[source].protocolName }
    switch interpreter.run(program, on: &policyRoute) {
    case .accept:
      if !policyRoute.nextHopChanged || takeOverNextHop() { return true }
      policyRoute.changes = []
      policyFaults.note(program, interpreter.failForNextHop())
      return false
    case .reject:
      policyRoute.changes = []
      return false
    case .failed(let fault):
      policyRoute.changes = []
      policyFaults.note(program, fault)
      return false
    }
  }

  /// Runs commands over attributes outside of any channel's policy, as static routes have them. Whether they were accepted. The caller's
  /// reference to the next hops becomes one to those that the commands leave.
  package mutating func apply(
    _ program: PolicyProgram, to attributes: inout RouteAttributes, prefix: Prefix, _ channel: ChannelID
  ) -> Bool {
    policyRoute.attributes.assign(attributes)
    let accepted = evaluate(program, prefix, channel)
    if accepted {
      if policyRoute.nextHopChanged { nextHops.release(attributes.header.nextHops) }
      attributes.assign(policyRoute.attributes)
      policyRoute.changes = []
    }
    return accepted
  }

  private mutating func fillNextHop() {
    let id = policyRoute.attributes.header.nextHops
    let hops = nextHops.hops(id)
    let metric = nextHops.igpMetric(id)
    policyRoute.igpMetric = metric == 0 ? nil : metric
    policyRoute.nextHopCount = UInt16(truncatingIfNeeded: hops.count)
    if let first = hops.first, hops.count == 1 || showsFirstHopOfMultipath {
      policyRoute.gateway = first.gateway
      policyRoute.interfaceIndex = first.interface
      policyRoute.interfaceName = interfaceNames[first.interface] ?? ""
      policyRoute.weight = first.weight
      policyRoute.isOnLink = first.isOnLink
      policyRoute.label = first.labels.isEmpty ? nil : first.labels[0]
    } else {
      policyRoute.gateway = .unspecified
      policyRoute.interfaceIndex = 0
      policyRoute.interfaceName = ""
      policyRoute.weight = 1
      policyRoute.isOnLink = false
      policyRoute.label = nil
    }
  }

  /// The filter set `gw`, `ifname`, `weight`, `dest` or the like: makes the set of next hops that it means, of which one reference is held
  /// until `releaseFilteredNextHop`. False if there is no such interface, or a gateway is on no link.
  private mutating func takeOverNextHop() -> Bool {
    let changes = policyRoute.changes
    guard policyRoute.attributes.header.destination == .unicast else {
      policyRoute.attributes.header.nextHops = .none
      return true
    }
    var hops = nextHops.hops(policyRoute.attributes.header.nextHops)
    if !changes.isDisjoint(with: [.gateway, .interface]) {
      var hop = NextHop(gateway: policyRoute.gateway, interface: policyRoute.interfaceIndex, weight: policyRoute.weight)
      if changes.contains(.interface) {
        hop.interface = interfaceNames.first { $0.value == policyRoute.interfaceName }?.key ?? 0
      } else if hop.interface == 0 {
        hop.interface = interface(to: hop.gateway) ?? 0
      }
      guard hop.interface != 0 else { return false }
      hop.isOnLink = policyRoute.isOnLink
      hops = [hop]
    }
    for index in hops.indices where changes.contains(.weight) { hops[index].weight = policyRoute.weight }
    if !hops.isEmpty, changes.contains(.onLink) { hops[0].isOnLink = policyRoute.isOnLink }
    if !hops.isEmpty, changes.contains(.label) {
      hops[0].labels = LabelStack()
      if let label = policyRoute.label { hops[0].labels.append(label) }
    }
    policyRoute.attributes.header.nextHops = nextHops.intern(hops)
    return true
  }

  mutating func releaseFilteredNextHop() {
    if policyRoute.nextHopChanged { nextHops.release(policyRoute.attributes.header.nextHops) }
    policyRoute.changes = []
  }

  private mutating func reject(_ prefix: Prefix, _ id: AttributeID) {
    channels[importState.channel].statistics.importUpdates.filtered &+= 1
    if channels[importState.channel].configuration.keepFiltered, id != .none {
      store(prefix, id, .filtered)
    } else {
      _ = remove(importState.channel, prefix, importState.path)
    }
  }

  /// Puts the channel's route into the table. The table takes a reference of its own.
  private mutating func store(_ prefix: Prefix, _ id: AttributeID, _ flags: Route.Flags) {
    let table = channels[importState.channel].table
    let flags = (importState.source == importState.channel ? flags : flags.union(.piped)).bearing(
      channels[importState.channel].marks.current)
    guard let net = self[table: table].findOrInsert(prefix) else {
      return channels[importState.channel].statistics.importUpdates.rejected &+= 1
    }
    if let (route, previous) = self[table: table].route(of: importState.source, path: importState.path, in: net) {
      if channels[importState.channel].isPipe, sender(self[table: table].routes[route]) != importState.channel {
        return noteCollision(prefix, table)
      }
      let old = self[table: table].routes[route]
      if old.flags.mark == flags.mark || isOfSession(old) { return replace(route, after: previous, in: net, table, with: id, flags) }
      // Left from an earlier session: the new route is none the less the first of this one. The network stays meanwhile.
      self[table: table][net: net].pins &+= 1
      _ = remove(route, after: previous, in: net, table, of: importState.channel)
      self[table: table][net: net].pins &-= 1
    }
    insert(net, table, id, flags)
  }

  /// Puts a route where the channel had one.
  private mutating func replace(
    _ route: RouteID, after previous: RouteID, in net: NetID, _ table: TableID, with id: AttributeID, _ flags: Route.Flags
  ) {
    let old = self[table: table].routes[route]
    let wasFiltered = old.flags.contains(.filtered)
    var isFiltered = flags.contains(.filtered)
    if old.flags.mark != flags.mark { self[table: table].routes[route].flags.mark = flags.mark }
    if old.attributes == id, wasFiltered == isFiltered {
      if !isFiltered { channels[importState.channel].statistics.importUpdates.ignored &+= 1 }
      return
    }
    if wasFiltered, !isFiltered, !isWithinImportLimit(importState.channel) {
      guard channels[importState.channel].configuration.keepFiltered else {
        return _ = remove(route, after: previous, in: net, table, of: importState.channel)
      }
      isFiltered = true
    }
    let oldBest = self[table: table].best(net)
    count(old.flags, importState.channel, -1)
    attributes.retain(id)
    self[table: table].routes[route].attributes = id
    self[table: table].routes[route].time = importState.time
    self[table: table].routes[route].flags = flags.union(old.flags.intersection(.hasPath)).union(isFiltered ? .filtered : [])
    if wasFiltered != isFiltered {
      self[table: table].unlink(route, after: previous, in: net)
      place(route, net, table)
    }
    count(self[table: table].routes[route].flags, importState.channel, 1)
    if !isFiltered {
      channels[importState.channel].statistics.importUpdates.accepted &+= 1
      vouch(id)
    }
    settle(net, table, oldBest: oldBest, changed: route)
    // After the decision, which still compares with what stood there.
    attributes.release(old.attributes, &nextHops)
  }

  /// Puts the channel's first route to a network into the table, if its limits allow it.
  private mutating func insert(_ net: NetID, _ table: TableID, _ id: AttributeID, _ flags: Route.Flags) {
    var flags = flags
    if importState.path != 0, !hasRoomForPath(net, table) { return noteSurplusPath(net, table, importState.channel) }
    if channels[importState.channel].receiveLimit.limit != nil, channels[importState.channel].importTable == nil,
      !isWithinReceiveLimit(importState.channel)
    {
      return self[table: table].removeIfUnused(net)
    }
    if !flags.contains(.filtered), !isWithinImportLimit(importState.channel) {
      guard channels[importState.channel].configuration.keepFiltered else { return self[table: table].removeIfUnused(net) }
      flags.insert(.filtered)
    }
    let oldBest = self[table: table].best(net)
    attributes.retain(id)
    let route = self[table: table].insert(
      Route(attributes: id, channel: importState.source, time: importState.time, flags: flags), path: importState.path)
    place(route, net, table)
    count(flags, importState.channel, 1)
    if !flags.contains(.filtered) {
      channels[importState.channel].statistics.importUpdates.accepted &+= 1
      vouch(id)
    }
    settle(net, table, oldBest: oldBest, changed: route)
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
    let table = self[channel: channel].table
    guard let net = self[table: table].find(prefix),
      let (route, previous) = self[table: table].route(of: channel, path: path, in: net)
    else { return false }
    return remove(route, after: previous, in: net, table, of: channel)
  }

  /// Removes a route that the channel number `channel` brought. Whether it was one of its session that was not filtered.
  mutating func remove(_ route: RouteID, after previous: RouteID, in net: NetID, _ table: TableID, of channel: ChannelID) -> Bool {
    let oldBest = self[table: table].best(net)
    let old = self[table: table].routes[route]
    self[table: table].unlink(route, after: previous, in: net)
    self[table: table].routes.remove(route)
    settle(net, table, oldBest: oldBest, changed: route)
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
