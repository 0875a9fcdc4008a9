import RouteCore

// Helping a neighbour that restarts (RFC 3623 §3, RFC 5187): while its grace period lasts it counts as fully adjacent, whatever becomes
// of the neighbour machine, and who is designated router stays as it is.

extension Neighbor {
  /// Its restart is helped.
  var isHelped: Bool { graceDeadline != nil }
  /// What LSAs and routes say of it.
  var isFullyAdjacent: Bool { state == .full || isHelped }
}

extension Interface {
  var isHelping: Bool { neighbors.contains { $0.isHelped } }
}

extension Instance {
  /// A grace-LSA has come, of whichever neighbour of the interface.
  mutating func receivedGrace(_ place: UInt32, _ i: Int, at now: Instant, into output: inout Output) {
    guard let n = interfaces[i].neighbor(database[place].key.advertisingRouter) else { return }
    let age = database.age(place, at: now)
    guard age < Constants.maxAge else {
      // §3.2 (1) The grace-LSA is flushed.
      if interfaces[i].neighbors[n].isHelped { stopHelping(i, n, "finished graceful restart", at: now, into: &output) }
      return
    }
    guard case .grace(let lsa) = decoded(place) else { return }
    // RFC 3623 §B.1: no longer than LSRefreshTime, whatever it says.
    let rest = min(Int64(lsa.gracePeriod), Constants.lsRefreshTime) - Int64(age)
    if interfaces[i].neighbors[n].isHelped {
      interfaces[i].neighbors[n].graceDeadline = now + .seconds(max(rest, 0))
      return
    }
    // §3.1 (1) Fully adjacent.
    guard interfaces[i].neighbors[n].state == .full else { return }
    // (2) It knows of all changes, or does not have to: those it has not acknowledged are none of the topology.
    guard !hasUnacknowledgedTopology(i, n) else { return }
    // (3) The grace period is not over, (4) helping is allowed, (5) we do not restart ourselves.
    guard rest > 0, configuration.gracefulRestart != .off, !isRecovering else { return }
    interfaces[i].neighbors[n].graceDeadline = now + .seconds(rest)
    output.trace(
      .events, "Neighbor \(interfaces[i].neighbors[n].routerID) on \(interfaces[i].status.name) started graceful restart")
  }

  private func hasUnacknowledgedTopology(_ i: Int, _ n: Int) -> Bool {
    interfaces[i].neighbors[n].retransmissions.contains { handle in
      database.resolve(handle).map { database[$0].key.type.isTopology } ?? false
    }
  }

  /// §3.2: from now on the neighbour counts for what it is, and the designated router is chosen anew.
  mutating func stopHelping(_ i: Int, _ n: Int, _ reason: String, at now: Instant, into output: inout Output) {
    interfaces[i].neighbors[n].graceDeadline = nil
    output.trace(.events, "Neighbor \(interfaces[i].neighbors[n].routerID) on \(interfaces[i].status.name): \(reason)")
    if interfaces[i].neighbors[n].state == .down { hasDeadNeighbors = true }
    touch(area: interfaces[i].area, at: now)
    neighborChange(i, at: now, into: &output)
  }

  /// §3.2 (3): the neighbour cannot follow a change of the topology. Noted where an LSA of such a type is installed or flushed with
  /// another content, and acted on at the end of the event.
  mutating func noteTopologyChange(_ place: UInt32) {
    guard database[place].key.type.isTopology, !isRecovering else { return }
    let scope = database[place].scope
    for i in interfaces.indices where interfaces[i].isHelping && isFlooded(scope, on: i) { interfaces[i].cancelsHelp = true }
  }

  mutating func cancelHelp(at now: Instant, into output: inout Output) {
    for i in interfaces.indices where interfaces[i].cancelsHelp {
      interfaces[i].cancelsHelp = false
      stopHelping(i, "graceful restart canceled, the topology has changed", at: now, into: &output)
    }
  }

  /// `graceful restart off`
  mutating func endHelpIfOff(at now: Instant, into output: inout Output) {
    guard configuration.gracefulRestart == .off else { return }
    for i in interfaces.indices { stopHelping(i, "graceful restart canceled, it is switched off", at: now, into: &output) }
  }

  private mutating func stopHelping(_ i: Int, _ reason: String, at now: Instant, into output: inout Output) {
    for n in interfaces[i].neighbors.indices where interfaces[i].neighbors[n].isHelped {
      stopHelping(i, n, reason, at: now, into: &output)
    }
  }
}
