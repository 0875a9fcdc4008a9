import RouteCore

// The receiving speaker of RFC 4724 §4.2 and RFC 9494 §4.2: a session that is gone without a NOTIFICATION, and its return.
extension Peer {
  /// A session ended in a way that leaves nothing of it.
  mutating func sessionEnded(into output: inout Output) {
    neighborRestart = nil
    output.actions.append(.down)
  }

  /// A session was lost without a word. If its peer has asked for it, its routes stay.
  mutating func sessionVanished(
    _ session: SessionParameters?, by loss: NeighborRestart.Loss = .restart, at now: Instant, into output: inout Output
  ) {
    guard let session, let time = session.remoteCapabilities.gracefulRestart?.restartTime else { return sessionEnded(into: &output) }
    let kept = session.restartFamilies
    guard !kept.isEmpty else { return sessionEnded(into: &output) }
    let before = neighborRestart
    var restart = NeighborRestart(deadline: now + .seconds(Int64(time)))
    for family in kept {
      let staleTime = Duration.seconds(Int64(session.longLived(family)?.staleTime ?? 0))
      let stage = before?.entry(family)?.stage
      // RFC 4724 §4.2: of two restarts in a row, what the first has left goes with the second.
      if stage == .graceful, loss == .restart { output.actions.append(.sweep(family)) }
      restart.entries.append(.init(family: family, stage: stage ?? .graceful, staleTime: staleTime))
    }
    neighborRestart = restart
    output.actions.append(.log(.trace, "Neighbor graceful restart detected\(before == nil ? "" : " - already pending")"))
    output.actions.append(.suspended(kept))
    for entry in restart.entries where entry.stage != .graceful { output.actions.append(.depreference(entry.family)) }
  }

  /// An incoming connection while the session is up. RFC 4724 §4.2: the peer has lost the session, or it would not call; unless both sides
  /// have called at the same time, and this is the call that came second.
  mutating func noticeRestart(at now: Instant, into output: inout Output) {
    guard let connection = establishedConnection, let session = connection.session, !session.restartFamilies.isEmpty,
      now - establishedAt >= Self.collisionTime
    else { return }
    lose(connection.id, session, "Graceful restart", at: now, into: &output)
  }

  /// RFC 5882 §4.3: BFD says that the path has failed, which may be the restart of the peer. Whether its routes stay.
  mutating func keepsRoutesOfUnreachablePeer(at now: Instant, into output: inout Output) -> Bool {
    guard let connection = establishedConnection, let session = connection.session, !session.restartFamilies.isEmpty else { return false }
    lose(connection.id, session, "BFD session down", at: now, into: &output)
    return true
  }

  /// Gives up a session without a word to the peer, whose routes stay.
  private mutating func lose(
    _ id: ConnectionID, _ session: SessionParameters, _ reason: String, at now: Instant, into output: inout Output
  ) {
    self[id.direction] = nil
    lastError = LastError(.miscellaneous, reason)
    output.actions.append(.log(.trace, reason))
    output.actions.append(.abort(id))
    sessionVanished(session, at: now, into: &output)
    reconnectIfAlone(after: reconnectDelay, at: now)
  }

  /// RFC 4271 §6.8 lets two sides disagree for a moment: to us a connection is the session, when the peer already closes it as the one too
  /// many. RFC 4724 has no word on that NOTIFICATION, but it says nothing against the routes. Whether it was such a one.
  mutating func keepsRoutesOverCollision(
    _ notification: Notification, _ direction: ConnectionID.Direction, at now: Instant, into output: inout Output
  ) -> Bool {
    guard let connection = self[direction], connection.state == .established, let session = connection.session,
      notification.code == .cease, notification.subcode == CeaseSubcode.connectionCollision.rawValue, !session.restartFamilies.isEmpty,
      !configuration.disableAfterCease.contains(.connectionCollision)
    else { return false }
    self[direction] = nil
    lastError = LastError(.received, notification.text)
    output.actions.append(.log(.remote, "Received: \(notification.detailedText)"))
    output.actions.append(.close(connection.id))
    sessionVanished(session, by: .collision, at: now, into: &output)
    reconnectIfAlone(after: reconnectDelay, at: now)
    return true
  }

  /// The hold timer of a connection has run out. RFC 9494 §4.2: the routes of a peer that knows of long-lived restarts stay then, too, and
  /// it gets no NOTIFICATION, which would make it forget ours. Whether it is such a peer.
  mutating func keepsRoutesOfSilentPeer(
    _ direction: ConnectionID.Direction, at now: Instant, into output: inout Output
  ) -> Bool {
    guard let connection = self[direction], connection.state == .established, let session = connection.session, session.isLongLived
    else { return false }
    lose(connection.id, session, Notification.holdTimerExpired.text, at: now, into: &output)
    return true
  }

  /// A session is up. What the peer no longer forwards by goes at once, the rest with its End-of-RIB.
  mutating func sessionReturned(_ session: SessionParameters, into output: inout Output) {
    neighborRestart?.deadline = nil
    for entry in neighborRestart?.entries ?? [] where !session.confirms(entry) {
      output.actions.append(.sweep(entry.family))
      finishRestart(entry.family, into: &output)
    }
  }

  mutating func receivedEndOfRIB<Sink: RouteSink & ~Copyable>(_ family: AddressFamily, sink: inout Sink, into output: inout Output) {
    awaitingEndOfRIB.removeAll { $0 == family }
    guard neighborRestart?.entry(family) != nil else { return }
    sink.refreshEnded(family)
    finishRestart(family, into: &output)
  }

  /// Nothing of a family is kept any more.
  private mutating func finishRestart(_ family: AddressFamily, into output: inout Output) {
    neighborRestart?.remove(family)
    guard neighborRestart?.entries.isEmpty == true else { return }
    neighborRestart = nil
    output.actions.append(.log(.trace, "Neighbor graceful restart done"))
  }

  /// The peer will not be waited for any longer.
  mutating func abandonNeighborRestart(into output: inout Output) {
    guard neighborRestart != nil else { return }
    sessionEnded(into: &output)
  }

  mutating func fireRestartDeadlines(at now: Instant, into output: inout Output) {
    if let deadline = neighborRestart?.deadline, deadline <= now { restartTimerExpired(at: now, into: &output) }
    for entry in neighborRestart?.entries ?? [] {
      guard case .longLived(let until) = entry.stage, until <= now else { continue }
      output.actions.append(.log(.trace, "Long-lived stale timeout"))
      output.actions.append(.sweep(entry.family))
      neighborRestart?.remove(entry.family)
    }
    endIfNothingIsKept(into: &output)
  }

  /// The peer did not come back in its restart time. RFC 9494 §4.2: where it has asked for it, its routes are the last resort from now on.
  private mutating func restartTimerExpired(at now: Instant, into output: inout Output) {
    output.actions.append(.log(.trace, "Neighbor graceful restart timeout"))
    neighborRestart?.deadline = nil
    guard let entries = neighborRestart?.entries else { return }
    for (index, entry) in entries.enumerated() where entry.stage == .graceful && entry.staleTime > .zero {
      neighborRestart?.entries[index].stage = .longLived(until: now + entry.staleTime)
      output.actions.append(.depreference(entry.family))
    }
    for entry in neighborRestart?.entries ?? [] where entry.stage == .graceful {
      neighborRestart?.remove(entry.family)
      if neighborRestart?.entries.isEmpty == false { output.actions.append(.sweep(entry.family)) }
    }
  }

  private mutating func endIfNothingIsKept(into output: inout Output) {
    guard neighborRestart?.entries.isEmpty == true else { return }
    neighborRestart = nil
    if establishedConnection == nil { output.actions.append(.down) }
  }

  // MARK: Refresh

  /// RFC 7313 §4.1: a refresh begins only after the End-of-RIB, if there is one to come. What stays of a restart is not its business.
  mutating func beginRefresh<Sink: RouteSink & ~Copyable>(_ family: AddressFamily, sink: inout Sink, into output: inout Output) {
    guard !awaitingEndOfRIB.contains(family) else {
      output.actions.append(.log(.warning, "Begin of a route refresh before End-of-RIB, ignored"))
      return
    }
    if !refreshing.contains(family) { refreshing.append(family) }
    sink.refreshBegan(family)
  }

  mutating func endRefresh<Sink: RouteSink & ~Copyable>(_ family: AddressFamily, sink: inout Sink, into output: inout Output) {
    guard refreshing.contains(family) else {
      output.actions.append(.log(.warning, "End of a route refresh without its begin, ignored"))
      return
    }
    refreshing.removeAll { $0 == family }
    sink.refreshEnded(family)
  }
}

// MARK: For `show protocols all`

extension Peer {
  /// Whether the peer is away and routes of it are kept (RFC 4724 §4.2).
  public var isNeighborRestarting: Bool { neighborRestart != nil }

  /// How the routes of a family are kept; nil if they are not.
  public func restartKind(_ family: AddressFamily) -> PeerConfiguration.RestartKind? {
    neighborRestart?.entry(family).map { $0.stage == .graceful ? .gracefulRestart : .longLived }
  }

  /// What is left of `Restart timer:`.
  public func restartTimer(at now: Instant) -> Duration? { neighborRestart?.deadline.map { max($0 - now, .zero) } }

  /// What is left of `LL stale timer:`.
  public func staleTimer(_ family: AddressFamily, at now: Instant) -> Duration? {
    guard case .longLived(let until) = neighborRestart?.entry(family)?.stage else { return nil }
    return max(until - now, .zero)
  }
}
