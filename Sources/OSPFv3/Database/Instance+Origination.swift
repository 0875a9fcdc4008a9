import RouteCore

// Originating LSAs: sequence numbers, MinLSInterval, refresh, flushing (RFC 2328 §12.4, §13.4, §14.1).

extension Instance {
  /// How long after one change of an LSA that was quiet before another may follow while the instance is starting: a little more than
  /// MinLSArrival, so that neighbours take it. The adjacencies of several links come up within seconds of each other then, and the
  /// last would otherwise stay unknown for five seconds. Later MinLSInterval holds without exception, and not only for the RFC's
  /// sake: BIRD does not calculate again when its own router-LSA, which it holds back for that long after a link has flapped, comes
  /// out as it was; it must not have had our new one before.
  private static var earlySuccessor: Duration { .milliseconds(1100) }
  static var maximumHaste: UInt8 { 3 }

  /// Returns whether the instance is starting: until a little after the first election of designated routers.
  private func isStarting(at now: Instant) -> Bool {
    let wait = configuration.areas.flatMap { $0.interfaces }.map { $0.options.effectiveWaitInterval }.max() ?? 0
    return now - started < .seconds(Int64(min(wait, 120))) + Constants.minLSInterval
  }

  mutating func runOrigination(at now: Instant, into output: inout Output) {
    if origination.takeScheduled(at: now) {
      for a in areas.indices where areas[a].due.remove(.origination) != nil { originateAll(a, at: now) }
      // What is translated, and announced to areas, follows from routes that may be about to change.
      let hasRoutes = schedule.calculationDeadline == nil
      if hasRoutes || !isNSSABorderRouter { originateExternals(at: now, into: &output) }
      if hasRoutes { originateInterArea(at: now) }
      flushUnclaimed(at: now)
    }
    for (lsa, body) in origination.takeDue(at: now) { want(lsa, body, at: now) }
  }

  /// Gives an LSA of our own another body, as soon as the rules allow it; nil flushes it.
  mutating func want(_ lsa: OwnLSA, _ body: [UInt8]?, at now: Instant) {
    let known = database.find(lsa.scope, lsa.key)
    let isAlive = known.map { database[$0].ageWhenInstalled < Constants.maxAge } ?? false
    guard let body else {
      origination.forget(lsa)
      guard let known, isAlive else { return }
      // A flush right behind the LSA itself would be dropped by neighbours (MinLSArrival) and come again only after RxmtInterval.
      let earliest = database[known].installed + Self.earlySuccessor
      if earliest > now, database[known].origin == .local { return origination.postpone(lsa, until: earliest, body: nil) }
      return prematurelyAge(known, at: now)
    }
    guard let known else { return originate(lsa, body, sequenceNumber: origination.firstSequenceNumber, haste: 0, at: now) }
    // One that came from a neighbour has to be replaced even if it says the same (§13.4).
    if isAlive, database[known].origin == .local, database[known].bytes.dropFirst(LSAHeader.size) == body[...] {
      return origination.forget(lsa)
    }
    let interval = now - database[known].installed
    if interval < Constants.minLSInterval, database[known].origin == .local {
      let mayHaste = database[known].haste < Self.maximumHaste && isStarting(at: now)
      let wait = mayHaste ? Self.earlySuccessor : Constants.minLSInterval
      if interval < wait { return origination.postpone(lsa, until: database[known].installed + wait, body: body) }
    }
    // One that had to wait for MinLSInterval was not quiet before, and gets no early successor itself.
    let isQuiet = interval >= Constants.minLSInterval + .seconds(1)
    let haste = isQuiet ? 0 : min(database[known].haste + 1, Self.maximumHaste)
    if database[known].sequenceNumber == Constants.maxSequenceNumber {
      // §12.1.6: the last instance has to be flushed and gone before the numbers begin anew.
      origination.postpone(lsa, until: nil, body: body)
      return prematurelyAge(known, at: now)
    }
    originate(lsa, body, sequenceNumber: database[known].sequenceNumber + 1, haste: haste, at: now)
  }

  private mutating func originate(_ lsa: OwnLSA, _ body: [UInt8], sequenceNumber: Int32, haste: UInt8, at now: Instant) {
    origination.forget(lsa)
    let bytes = LSAEncoding.lsa(
      LSAHeader(
        age: 0, type: lsa.key.type, linkStateID: lsa.key.linkStateID, advertisingRouter: routerID, sequenceNumber: sequenceNumber),
      body: body)
    guard let header = LSAHeader(bytes.span.bytes) else { return }
    let place = install(bytes, header, scope: lsa.scope, origin: .local, at: now)
    database[place].haste = haste
    flood(place, header, from: nil, at: now)
  }

  /// LSRefreshTime has passed.
  mutating func refresh(_ place: UInt32, at now: Instant) {
    let lsa = OwnLSA(scope: database[place].scope, key: database[place].key)
    let body = Array(database[place].bytes.dropFirst(LSAHeader.size))
    if database[place].sequenceNumber == Constants.maxSequenceNumber {
      origination.postpone(lsa, until: nil, body: body)
      return prematurelyAge(place, at: now)
    }
    originate(lsa, body, sequenceNumber: database[place].sequenceNumber + 1, haste: 0, at: now)
  }

  /// RFC 2328 §13.4: an LSA with our Router ID, newer than ours, has come from a neighbour: of an earlier life.
  mutating func receivedOwn(_ place: UInt32, at now: Instant) {
    let lsa = OwnLSA(scope: database[place].scope, key: database[place].key)
    origination.unclaimed.append(lsa)
    adopted(place, at: now)
    let prefix = origination.linkStateIDs[lsa.key.linkStateID]
    switch lsa.key.type.kind?.source {
    case .prefixes: if let prefix { interArea.dirty.append(prefix) }
    case .externals: if let prefix { origination.dirtyExternals.append(prefix) }
    case .boundaryRouters: interArea.dirtyRouters.append(RouterID(rawValue: lsa.key.linkStateID))
    case .area, .restart, nil: if let a = area(of: lsa.scope) { areas[a].due.insert(.origination) }
    }
    origination.schedule(at: now)
  }

  /// Flushes LSAs of an earlier life that the router has not originated again.
  mutating func flushUnclaimed(at now: Instant) {
    let unclaimed = origination.unclaimed
    origination.unclaimed = []
    // What a border router announces of other areas follows from the routes, which are not complete before.
    let waitsForRoutes = exchangingNeighbors > 0 || schedule.calculationDeadline != nil
    for lsa in unclaimed {
      if waitsForRoutes && followsFromRoutes(lsa.key.type) || awaitsClaim(lsa.key.type) {
        origination.unclaimed.append(lsa)
        continue
      }
      if let place = database.find(lsa.scope, lsa.key), database[place].origin == .earlierLife {
        prematurelyAge(place, at: now)
      }
    }
  }

  private func followsFromRoutes(_ type: LSAType) -> Bool {
    switch type.kind?.source {
    case .prefixes, .boundaryRouters: true
    case .externals: type == .asExternal && isNSSABorderRouter
    case .area, .restart, nil: false
    }
  }

  /// All LSAs of our own, at once.
  mutating func flushEverything(at now: Instant, into output: inout Output) {
    for at in database.entries.indices {
      let place = UInt32(truncatingIfNeeded: at)
      if database[place].isPresent, database[place].isSelfOriginated { prematurelyAge(place, at: now) }
    }
    for i in interfaces.indices {
      farewell(i, at: now, into: &output)
    }
    due.remove(.deadNeighbors)
  }
}
