import RouteCore

extension Peer {
  /// Fires what is due, in a fixed order.
  mutating func fireDeadlines(at now: Instant, into output: inout Output) {
    if case .errorWait(let until, _) = phase, until <= now {
      // Event 13, IdleHoldTimer_Expires.
      phase = .running
      if !configuration.passive { connect(at: now, into: &output) }
    }
    if let deadline = connectDeadline, deadline <= now { connect(at: now, into: &output) }
    for direction in [ConnectionID.Direction.outgoing, .incoming] { fire(direction, at: now, into: &output) }
    fireRestartDeadlines(at: now, into: &output)
  }

  private mutating func fire(_ direction: ConnectionID.Direction, at now: Instant, into output: inout Output) {
    if let deadline = self[direction]?.attemptDeadline, deadline <= now {
      // Event 9, ConnectRetryTimer_Expires in Connect: drop the attempt and begin another.
      close(direction, with: nil, into: &output)
      lastError = LastError(.socket, "Connection timed out")
      connect(at: now, into: &output)
      return
    }
    if let deadline = self[direction]?.holdDeadline, deadline <= now {
      if keepsRoutesOfSilentPeer(direction, at: now, into: &output) { return }
      return fail(direction, .holdTimerExpired, at: now, into: &output)
    }
    if let deadline = self[direction]?.sendHoldDeadline, deadline <= now {
      return sendHoldExpired(direction, at: now, into: &output)
    }
    if let deadline = self[direction]?.keepaliveDeadline, deadline <= now { sendKeepalive(direction, at: now, into: &output) }
  }

  /// Sends KEEPALIVE and sets its timer, with the jitter of RFC 4271 §10.
  mutating func sendKeepalive(_ direction: ConnectionID.Direction, at now: Instant, into output: inout Output) {
    guard let connection = self[direction] else { return }
    output.actions.append(.send(connection.id, MessageHeader.keepalive))
    let interval = connection.keepaliveTime
    let next = interval == .zero ? nil : now + generator.jittered(interval)
    self[direction]?.keepaliveDeadline = next
  }

  /// RFC 9687 §3.1. The timer runs from the moment something waits, and anew whenever some of it was taken.
  mutating func written(_ id: ConnectionID, _ pending: Int, at now: Instant) {
    guard let connection = self[id.direction], connection.id == id else { return }
    let time = sendHoldTime
    let grown = connection.pending > 0 && pending >= connection.pending
    self[id.direction]?.pending = max(pending, 0)
    if pending <= 0 || time == .zero {
      self[id.direction]?.sendHoldDeadline = nil
    } else if !grown || connection.sendHoldDeadline == nil {
      self[id.direction]?.sendHoldDeadline = now + time
    }
  }

  /// RFC 9687 §4: 8 minutes or twice the hold time, whichever is longer.
  var sendHoldTime: Duration {
    if let configured = configuration.sendHoldTime { return .seconds(Int64(configured)) }
    return .seconds(max(480, 2 * Int64(configuration.holdTime)))
  }

  /// The negotiated hold time and our keepalive time, in seconds (RFC 4271 §4.2, §4.4).
  func negotiateTimers(_ open: OpenMessage, offered: UInt16) throws(Notification) -> (hold: UInt16, keepalive: UInt16) {
    let hold = min(offered, open.holdTime)
    guard hold > 0 else { return (0, 0) }
    let keepalive = min(configuration.keepaliveTime ?? .max, max(hold / 3, 1))
    guard keepalive >= configuration.minKeepaliveTime else { throw .unacceptableHoldTime }
    return (hold, keepalive)
  }
}
