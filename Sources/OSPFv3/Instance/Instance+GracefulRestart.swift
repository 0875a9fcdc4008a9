import RouteCore

// The restart of this router (RFC 3623 §2, RFC 5187 §3): what the neighbours are told before and after, what is left alone meanwhile, and
// when it ends. Nothing is stored: the LSAs originated before come back from the neighbours.

extension Instance {
  /// In a graceful restart: no LSA of the topology is originated.
  var isRecovering: Bool { if case .recovering = recovery.stage { true } else { false } }

  var recoveryDeadline: Instant? { if case .recovering(let until) = recovery.stage { until } else { nil } }

  /// §2.1: the neighbours hear that we shall be away, and nothing else.
  mutating func stopForRestart(at now: Instant, into output: inout Output) {
    for i in interfaces.indices where interfaces[i].isActive && !interfaces[i].neighbors.isEmpty {
      // Whoever misses acknowledgments of ours does not help (§3.1 (2)).
      act(i, at: now, into: &output) { $0.sendDelayedAcknowledgments(in: &$1) }
      let grace = renewGrace(i, at: now)
      actWithDatabase(i, at: now, into: &output) { interface, context, database in
        interface.sendToAdjacent(in: &context) { interface.sendUpdates([grace], of: database, to: $0, in: &$1) }
      }
    }
    end(into: &output)
  }

  /// Before the first Hello (§2.1, §5): the restart may not have been announced, and a grace-LSA be lost.
  mutating func announceRecovery(_ i: InterfaceID, at now: Instant, into output: inout Output) {
    let grace = renewGrace(i, at: now)
    actWithDatabase(i, at: now, into: &output) { interface, context, database in
      for destination in interface.helloDestinations(.hello, at: now) {
        interface.sendUpdates([grace], of: database, to: destination, in: &context)
      }
    }
    // On a shared link a neighbour's Hello tells whether we are the designated router: ours shall say so from the first on.
    if interfaces[i].type.hasDesignatedRouter { interfaces[i].helloDeadline = now + interfaces[i].helloInterval }
  }

  /// A new grace-LSA (RFC 5187 §2.2), to be sent rather than flooded: there may be no neighbour yet, or soon nobody to hear of
  /// acknowledgments.
  private mutating func renewGrace(_ i: InterfaceID, at now: Instant) -> LSAHandle {
    let lsa = own(.link(interfaces[i].key), .grace, interfaces[i].key.index)
    let known = database.find(lsa.scope, lsa.key)
    let header = LSAHeader(
      age: 0, type: .grace, linkStateID: lsa.key.linkStateID, advertisingRouter: routerID,
      sequenceNumber: known.map { database[$0].sequenceNumber &+ 1 } ?? Constants.initialSequenceNumber)
    let bytes = LSAEncoding.lsa(header, body: GraceLSA(gracePeriod: configuration.gracefulRestartTime).bytes)
    // With its length and checksum; and as one from outside: it is flushed with what else is not claimed after the restart.
    let place = install(bytes, LSAHeader(bytes.span.bytes) ?? header, scope: lsa.scope, origin: .earlierLife, at: now)
    origination.unclaimed.append(lsa)
    return database.handle(place)
  }

  /// An LSA of the earlier life has come: a grace-LSA tells when the neighbours will give us up.
  mutating func adopted(_ place: UInt32, at now: Instant) {
    guard case .recovering(let until) = recovery.stage, case .grace(let lsa) = decoded(place) else { return }
    let rest = Int64(lsa.gracePeriod) - Int64(database.age(place, at: now))
    recovery.stage = .recovering(until: min(until, now + .seconds(max(rest, 0))))
  }

  /// At the end of each event.
  mutating func runRecovery(at now: Instant, into output: inout Output) {
    switch recovery.stage {
    case .none: break
    case .recovering(let until):
      if until <= now {
        // §2.2 (3)
        output.log(.info, "Graceful restart ended - grace period expired")
        return endRecovery(at: now)
      }
      switch progress {
      case .incomplete: break
      case .complete:
        // §2.2 (1)
        output.trace(.events, "Graceful restart finished")
        endRecovery(at: now)
      case .inconsistent(let reason):
        // §2.2 (2)
        output.log(.info, "Graceful restart ended - \(reason)")
        endRecovery(at: now)
      }
    case .calculatingRoutes:
      // §2.3 (3), (4): the routes, and with them what is in the kernel, may be replaced once they are calculated.
      guard schedule.calculationDeadline == nil else { return }
      recovery.stage = .none
      output.hasRecovered = true
    }
  }

  /// §2.3: all LSAs are originated anew, the routes calculated, what is not claimed flushed, the grace-LSAs among it.
  private mutating func endRecovery(at now: Instant) {
    recovery.stage = .calculatingRoutes
    for a in areas.indices { postpone(.area, area: a, at: now) }
    markInterArea()
    markAllTranslations()
    if !recovery.awaitsExports { markAllExternals() }
  }

  /// All routes to be announced have been told.
  mutating func exportsCompleted(at now: Instant) {
    guard recovery.awaitsExports else { return }
    recovery.awaitsExports = false
    origination.schedule(at: now)
  }

  /// Whether an LSA of an earlier life may still be originated again.
  func awaitsClaim(_ type: LSAType) -> Bool { recovery.awaitsExports && type.kind?.source == .externals }

  // MARK: the conditions of §2.2

  private enum Progress {
    case incomplete
    case complete
    case inconsistent(String)
  }

  /// Whether everything that our former router-LSAs name is there again, and says the same of us as before.
  private var progress: Progress {
    var isComplete = true
    for area in areas.indices {
      var isKnown = false
      for place in database.sorted(areas[area].scope) {
        let entry = database[place]
        guard entry.key.type == .router, entry.key.advertisingRouter == routerID, entry.ageWhenInstalled < Constants.maxAge,
          case .router(let lsa) = decoded(place)
        else { continue }
        isKnown = true
        for link in lsa.links {
          switch progress(link, area) {
          case .complete: break
          case .incomplete: isComplete = false
          case .inconsistent(let reason): return .inconsistent(reason)
          }
        }
      }
      if !isKnown { isComplete = false }
    }
    return isComplete ? .complete : .incomplete
  }

  private func progress(_ link: RouterLSA.Link, _ a: Int) -> Progress {
    if link.type == .virtual { return .complete }
    guard let i = interfaces.firstIndex(where: { $0.key.index == link.interfaceID && $0.area == a }) else {
      return .inconsistent("inconsistent interface (\(link.interfaceID))")
    }
    guard link.type == .transit else { return progress(of: link.neighborRouterID, i, linkedBy: link.neighborInterfaceID, a) }
    guard let network = areas[a].topology.find(.network(link.neighborRouterID, link.neighborInterfaceID)),
      let fragment = areas[a].topology.vertices[Int(network)].fragments.first
    else { return .incomplete }
    if !fragment.edges.contains(where: { $0.target == areas[a].root }) {
      return .inconsistent("inconsistent network-LSA (\(link.neighborRouterID))")
    }
    if link.neighborRouterID != routerID { return progress(of: link.neighborRouterID, i, linkedBy: nil, a) }
    guard interfaces[i].state == .designatedRouter else { return .incomplete }
    var isComplete = true
    for edge in fragment.edges where edge.target != areas[a].root {
      let router = areas[a].topology.vertices[Int(edge.target)].key.router
      switch progress(of: router, i, linkedBy: nil, a) {
      case .incomplete: isComplete = false
      case .inconsistent(let reason): return .inconsistent(reason)
      case .complete where !links(of: edge.target, a).contains { $0.target == network }:
        return .inconsistent("inconsistent router-LSA (\(router))")
      case .complete: break
      }
    }
    return isComplete ? .complete : .incomplete
  }

  /// Whether a neighbour is Full, has kept our router-LSA and, on a point-to-point link, its own link to us.
  private func progress(of router: RouterID, _ i: InterfaceID, linkedBy interfaceID: UInt32?, _ a: Int) -> Progress {
    guard let n = interfaces[i].neighbors.find(router), interfaces[i].neighbors[n].state == .full else { return .incomplete }
    if !interfaces[i].neighbors[n].hasOurRouterLSA { return .inconsistent("not received my router-LSA (\(router))") }
    guard let interfaceID else { return .complete }
    let isLinked =
      areas[a].topology.find(.router(router)).map {
        links(of: $0, a).contains { $0.target == areas[a].root && $0.interfaceID == interfaceID }
      } ?? false
    return isLinked ? .complete : .inconsistent("inconsistent router-LSA (\(router))")
  }

  private func links(of vertex: Int32, _ a: Int) -> [Topology.Edge] {
    areas[a].topology.vertices[Int(vertex)].fragments.flatMap { $0.edges }
  }
}
