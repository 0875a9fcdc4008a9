import RouteCore

// OPEN, NOTIFICATION, the step to Established, and what is sent on request.
extension Peer {
  /// Event 19, BGPOpen in OpenSent.
  mutating func receivedOpen(
    _ body: RawSpan, _ direction: ConnectionID.Direction, at now: Instant, into output: inout Output
  ) {
    guard let connection = self[direction], let endpoints = connection.endpoints else { return }
    do throws(Notification) {
      let open = try OpenMessage(decoding: body)
      try open.check(configuration)
      let timers = try negotiateTimers(open, offered: connection.offeredHoldTime)
      let session = SessionParameters(configuration, endpoints, open: open, sent: connection.sentCapabilities, timers: timers)
      let missing = missingFamilies(session)
      if !missing.isEmpty {
        // RFC 5492 §3: the capability that is missed is named.
        var wanted = Capabilities()
        wanted.multiprotocol = missing.map { FamilyCode($0) }
        var writer = WireWriter()
        wanted.write(into: &writer)
        throw Notification.unsupportedCapability(writer.bytes)
      }
      guard survivesCollision(direction, open, into: &output) else { return }
      connectDeadline = nil
      self[direction]?.session = session
      self[direction]?.state = .openConfirm
      self[direction]?.holdTime = .seconds(Int64(timers.hold))
      self[direction]?.restartHoldTimer(at: now)
      self[direction]?.keepaliveTime = .seconds(Int64(timers.keepalive))
      sendKeepalive(direction, at: now, into: &output)
    } catch {
      fail(direction, error, at: now, into: &output)
    }
  }

  /// The families for the lack of which a session is refused: mandatory ones, or all if none is carried.
  private func missingFamilies(_ session: SessionParameters) -> [AddressFamily] {
    if session.families.isEmpty { return configuration.families }
    // Who announces no capabilities cannot ask for any.
    guard configuration.capabilities != .no else { return [] }
    return configuration.families.filter { !session.carries($0) && configuration.channel($0)?.mandatory == true }
  }

  /// Event 26, KeepAliveMsg in OpenConfirm.
  mutating func establish(_ direction: ConnectionID.Direction, at now: Instant, into output: inout Output) {
    guard let connection = self[direction], let session = connection.session else { return }
    close(direction == .outgoing ? .incoming : .outgoing, with: .cease(.connectionCollision), into: &output)
    connectDeadline = nil
    self[direction]?.state = .established
    establishedAt = now
    decoder.begin(session)
    // RFC 4724 §2: whoever knows of restarts marks the end of what it announces first.
    awaitingEndOfRIB = session.remoteCapabilities.gracefulRestart == nil ? [] : session.families
    refreshing = []
    sessionReturned(session, into: &output)
    updateWarningLimiter = Limiter()
    unreportedUpdateErrors = 0
    output.actions.append(.established(connection.id, session))
    output.actions.append(.log(.trace, "BGP session established"))
  }

  /// Events 24 and 25.
  mutating func receivedNotification(
    _ notification: Notification, _ direction: ConnectionID.Direction, at now: Instant, into output: inout Output
  ) {
    guard let connection = self[direction] else { return }
    if keepsRoutesOverCollision(notification, direction, at: now, into: &output) { return }
    close(direction, with: nil, into: &output)
    output.actions.append(.log(.remote, "Received: \(notification.detailedText)"))
    if notification.code == .cease, notification.subcode == CeaseSubcode.connectionCollision.rawValue,
      connection.state != .established, !configuration.disableAfterCease.contains(.connectionCollision)
    {
      // The peer has settled a collision; the other connection goes on.
      reconnectIfAlone(after: reconnectDelay, at: now)
      return
    }
    lastError = LastError(.received, notification.text)
    if notification.code == .open, notification.subcode == 4, configuration.capabilities == .automatic, announcesCapabilities {
      // RFC 5492 §3: try again without.
      announcesCapabilities = false
      reconnectIfAlone(after: .zero, at: now)
      return
    }
    closeBoth(with: .cease(.unspecific), into: &output)
    // A peer that ends an attempt with a Cease may still come back from its restart.
    if notification.code != .cease { abandonNeighborRestart(into: &output) }
    switch notification.code {
    case .cease:
      if configuration.disableAfterCease.contains(PeerConfiguration.CeaseSet(notification.subcode)) {
        disable(into: &output)
      } else {
        scheduleConnect(after: reconnectDelay, at: now)
      }
    case .holdTimerExpired, .sendHoldTimerExpired:
      retryAfterHoldLoss(at: now, into: &output)
    default:
      pauseAfterError(at: now, into: &output)
    }
  }

  /// The established connection, if there is one.
  var establishedConnection: Connection? {
    if let outgoing, outgoing.state == .established { return outgoing }
    if let incoming, incoming.state == .established { return incoming }
    return nil
  }

  /// RFC 2918 §4, RFC 7313 §4.1: only what the peer has announced to understand is sent.
  mutating func sendRefresh(_ refresh: RouteRefresh, into output: inout Output) {
    guard let connection = establishedConnection, let session = connection.session, session.carries(refresh.family) else { return }
    guard refresh.subtype == .request ? session.routeRefresh : session.enhancedRefresh else { return }
    output.actions.append(.send(connection.id, refresh.encoded))
  }
}
