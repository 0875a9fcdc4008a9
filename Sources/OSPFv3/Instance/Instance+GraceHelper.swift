import RouteCore

// Helping a neighbour that restarts (RFC 3623 §3, RFC 5187): while its grace period lasts it counts as fully adjacent, whatever becomes
// of the neighbour machine, and who is designated router stays as it is.

extension Instance {
  /// A grace-LSA has come by an interface, whichever neighbour of it has originated it.
  mutating func receivedGrace(_ place: UInt32, on i: InterfaceID, at now: Instant, into output: inout Output) {
    guard let n = interfaces[i].neighbors.find(database[place].key.advertisingRouter) else { return }
    let neighbor = interfaces[i].neighbors[n]
    let age = database.age(place, at: now)
    guard age < Constants.maxAge else {
      // §3.2 (1) The grace-LSA is flushed.
      if neighbor.isHelped {
        act(i, at: now, into: &output) { $0.stopHelping(n, "finished graceful restart", in: &$1) }
      }
      return
    }
    guard case .grace(let lsa) = decoded(place) else { return }
    // RFC 3623 §B.1: no longer than LSRefreshTime, whatever it says.
    let rest = min(Int64(lsa.gracePeriod), Constants.lsRefreshTime) - Int64(age)
    if !neighbor.isHelped {
      // §3.1 (1) Fully adjacent.
      guard neighbor.state == .full else { return }
      // (2) It knows of all changes of the topology.
      guard !hasUnacknowledgedTopology(neighbor) else { return }
      // (3) The grace period is not over, (4) helping is allowed, (5) we do not restart ourselves.
      guard rest > 0, configuration.gracefulRestart != .off, !isRecovering else { return }
    }
    act(i, at: now, into: &output) { $0.startHelping(n, until: now + .seconds(max(rest, 0)), in: &$1) }
  }

  private func hasUnacknowledgedTopology(_ neighbor: Neighbor) -> Bool {
    neighbor.retransmissions.contains { lsa in database.resolve(lsa).map { database[$0].key.type.isTopology } ?? false }
  }

  /// §3.2 (3): the neighbour cannot follow a change of the topology. Noted where an LSA of such a type is installed or flushed with
  /// another content, and acted on at the end of the event.
  mutating func noteTopologyChange(_ place: UInt32) {
    guard database[place].key.type.isTopology, !isRecovering else { return }
    let scope = database[place].scope
    for i in interfaces.indices where interfaces[i].isHelping && isFlooded(scope, on: i) {
      interfaces[i].due.insert(.helpCancellation)
      due.insert(.helpCancellation)
    }
  }

  mutating func cancelHelp(at now: Instant, into output: inout Output) {
    for i in interfaces.indices where interfaces[i].due.remove(.helpCancellation) != nil {
      act(i, at: now, into: &output) { $0.stopHelping("graceful restart canceled, the topology has changed", in: &$1) }
    }
  }

  /// `graceful restart off`
  mutating func endHelpIfOff(at now: Instant, into output: inout Output) {
    guard configuration.gracefulRestart == .off else { return }
    for i in interfaces.indices {
      act(i, at: now, into: &output) { $0.stopHelping("graceful restart canceled, it is switched off", in: &$1) }
    }
  }
}
