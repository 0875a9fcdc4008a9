import RouteCore

// The two connections: opening, accepting, losing and closing them, and which of two survives.
extension Peer {
  /// Waits, then connects; a passive peer waits for the other side alone.
  mutating func scheduleConnect(after delay: Duration, at now: Instant) {
    guard !configuration.passive else {
      connectDeadline = nil
      return
    }
    connectDelay = delay
    connectDeadline = now + generator.jittered(delay)
  }

  /// Begins an attempt (RFC 4271 §8.2.2: "initiates a TCP connection", Connect).
  mutating func connect(at now: Instant, into output: inout Output) {
    connectDeadline = nil
    guard outgoing == nil, phase == .running else { return }
    if isRecovering, incoming != nil {
      // RFC 4724 §4.2: a peer that waits for us could take a second connection for a second restart, and forget what it has kept.
      connectDeadline = now + Self.minimumRetry
      return
    }
    nextNumber &+= 1
    let id = ConnectionID(.outgoing, nextNumber)
    outgoing = Connection(connecting: id, until: now + min(Self.attemptTime, max(configuration.connectRetryTime, Self.minimumRetry)))
    output.actions.append(.connect(id))
    output.actions.append(.log(.trace, "Connecting to \(configuration.neighborAddress)"))
  }

  /// Event 17, TcpConnectionConfirmed for our own attempt.
  mutating func opened(_ id: ConnectionID, _ endpoints: Endpoints, at now: Instant, into output: inout Output) {
    guard outgoing?.id == id, outgoing?.state == .connect else {
      output.actions.append(.abort(id))
      return
    }
    sendOpen(.outgoing, endpoints, at: now, into: &output)
  }

  /// Event 18 in Connect: the ConnectRetryTimer goes on, the state becomes Active.
  mutating func failed(_ id: ConnectionID, _ reason: String, at now: Instant) {
    guard outgoing?.id == id, outgoing?.state == .connect else { return }
    outgoing = nil
    lastError = LastError(.socket, reason)
    // Mostly the way to the peer is not there yet: a tunnel says so at once, where the wire would just lose the SYN.
    if (incoming?.state ?? .idle) < .openConfirm { scheduleConnect(after: Self.minimumRetry, at: now) }
  }

  /// Events 16 and 17 for a connection that the peer has opened.
  mutating func accepted(_ id: ConnectionID, _ endpoints: Endpoints, at now: Instant, into output: inout Output) {
    if phase == .running { noticeRestart(at: now, into: &output) }
    guard phase == .running, state != .established else {
      // Without a NOTIFICATION: it would send the peer, which may just have restarted, into its own error wait.
      output.actions.append(.abort(id))
      output.actions.append(.log(.trace, "Incoming connection from \(endpoints.remote) rejected"))
      return
    }
    if let old = incoming {
      // The peer has given up its earlier connection, or it would not have opened another.
      incoming = nil
      output.actions.append(.abort(old.id))
    }
    incoming = Connection(accepted: id)
    output.actions.append(.log(.trace, "Incoming connection from \(endpoints.remote) accepted"))
    sendOpen(.incoming, endpoints, at: now, into: &output)
  }

  /// Sends OPEN and enters OpenSent with the large hold time of RFC 4271 §8.2.2.
  private mutating func sendOpen(
    _ direction: ConnectionID.Direction, _ endpoints: Endpoints, at now: Instant, into output: inout Output
  ) {
    let capabilities = announcesCapabilities ? Capabilities(configuration, isRecovering: isRecovering) : Capabilities()
    let hold = Duration.seconds(Int64(configuration.startupHoldTime))
    let offered = configuration.holdTime
    self[direction]?.endpoints = endpoints
    self[direction]?.sentCapabilities = capabilities
    self[direction]?.offeredHoldTime = offered
    self[direction]?.attemptDeadline = nil
    self[direction]?.state = .openSent
    self[direction]?.holdTime = hold
    self[direction]?.restartHoldTimer(at: now)
    guard let id = self[direction]?.id else { return }
    output.actions.append(.send(id, OpenMessage(configuration, capabilities: capabilities).encoded))
    output.actions.append(.log(.trace, "Sending OPEN"))
  }

  /// Event 18, TcpConnectionFails.
  mutating func closed(_ id: ConnectionID, _ reason: String?, at now: Instant, into output: inout Output) {
    guard let connection = self[id.direction], connection.id == id else { return }
    if connection.state == .connect { return failed(id, reason ?? "Connection closed", at: now) }
    self[id.direction] = nil
    lastError = LastError(.socket, reason ?? "Connection closed")
    output.actions.append(.log(.trace, reason.map { "Connection lost (\($0))" } ?? "Connection closed"))
    if connection.state == .established { sessionVanished(connection.session, at: now, into: &output) }
    reconnectIfAlone(after: reconnectDelay, at: now)
  }

  /// `connect delay time` for another attempt; with 0 a peer that closes each connection at once is not asked without end.
  var reconnectDelay: Duration { max(configuration.connectDelayTime, Self.minimumRetry) }

  /// Becomes Active unless another connection is on its way.
  mutating func reconnectIfAlone(after delay: Duration, at now: Instant) {
    guard phase == .running, outgoing == nil, connectDeadline == nil, (incoming?.state ?? .idle) < .openConfirm else { return }
    scheduleConnect(after: delay, at: now)
  }

  /// Closes one connection, telling the peer why if there is anybody to tell.
  mutating func close(_ direction: ConnectionID.Direction, with notification: Notification?, into output: inout Output) {
    guard let connection = self[direction] else { return }
    self[direction] = nil
    if connection.state >= .openSent, let notification { output.actions.append(.send(connection.id, notification.encoded)) }
    output.actions.append(.close(connection.id))
    if connection.state == .established { sessionEnded(into: &output) }
  }

  /// An error that we have found: NOTIFICATION, close, and the pause that the error deserves.
  mutating func fail(
    _ direction: ConnectionID.Direction, _ notification: Notification, at now: Instant, into output: inout Output
  ) {
    guard self[direction] != nil else { return }
    lastError = LastError(.sent, notification.text)
    output.actions.append(.log(.error, "Error: \(notification.text)"))
    close(direction, with: notification, into: &output)
    end(with: .cease(.unspecific), into: &output)
    if notification.code == .holdTimerExpired {
      retryAfterHoldLoss(at: now, into: &output)
    } else {
      pauseAfterError(at: now, into: &output)
    }
  }

  /// Event 29, SendHoldTimer_Expires (RFC 9687 §3.2): the peer takes nothing, so a NOTIFICATION would not reach it either.
  mutating func sendHoldExpired(_ direction: ConnectionID.Direction, at now: Instant, into output: inout Output) {
    guard let connection = self[direction] else { return }
    self[direction] = nil
    lastError = LastError(.sent, Notification.sendHoldTimerExpired.text)
    output.actions.append(.log(.error, "Error: \(Notification.sendHoldTimerExpired.text)"))
    output.actions.append(.abort(connection.id))
    if connection.state == .established { sessionEnded(into: &output) }
    end(with: .cease(.unspecific), into: &output)
    retryAfterHoldLoss(at: now, into: &output)
  }

  /// Collision detection (RFC 4271 §6.8, RFC 6286 §2.3), run when an OPEN has come on `direction`. Answers whether that connection
  /// goes on.
  mutating func survivesCollision(
    _ direction: ConnectionID.Direction, _ open: OpenMessage, into output: inout Output
  ) -> Bool {
    let other: ConnectionID.Direction = direction == .outgoing ? .incoming : .outgoing
    switch self[other]?.state {
    case nil, .idle, .active: return true
    case .connect:
      // Nobody has answered there yet, and the peer is here.
      close(other, with: nil, into: &output)
      return true
    case .openSent:
      // Its OPEN will settle it, or this connection being established.
      return true
    case .established:
      close(direction, with: .cease(.connectionCollision), into: &output)
      return false
    case .openConfirm:
      let local = (configuration.routerID.rawValue, configuration.publicAS)
      let keepOutgoing = local > (open.identifier.rawValue, open.autonomousSystem)
      let loser: ConnectionID.Direction = keepOutgoing ? .incoming : .outgoing
      output.actions.append(.log(.trace, "Connection collision, closing the \(loser == .outgoing ? "outgoing" : "incoming") one"))
      close(loser, with: .cease(.connectionCollision), into: &output)
      return loser != direction
    }
  }
}
