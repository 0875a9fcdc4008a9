import RouteCore

// What `show protocols` tells about a peer.
extension Peer {
  /// What `show protocols` tells of the machine.
  public enum Status: Hashable, Sendable {
    /// The machine runs, in this state.
    case session(State)
    /// Stopped.
    case down
    /// Only the peer may connect.
    case passive

    /// As `show protocols` has it.
    public var name: String {
      switch self {
      case .session(let state): state.name
      case .down: "Down"
      case .passive: "Passive"
      }
    }
  }

  /// The state, or why there is none.
  public var status: Status {
    if phase == .down { return .down }
    return configuration.passive && state == .active ? .passive : .session(state)
  }
  /// `status` in words.
  public var statusName: String { status.name }

  /// The established session.
  public var session: SessionParameters? { establishedConnection?.session }
  /// The established connection, on which UPDATEs are sent.
  public var sessionConnection: ConnectionID? { establishedConnection?.id }

  /// `Hold timer:` of an established session; nil without one, or where no hold time was agreed on.
  public func holdTimer(at now: Instant) -> TimerView? {
    Self.view(establishedConnection?.holdDeadline, establishedConnection?.holdTime, now)
  }
  /// `Keepalive timer:` of an established session.
  public func keepaliveTimer(at now: Instant) -> TimerView? {
    Self.view(establishedConnection?.keepaliveDeadline, establishedConnection?.keepaliveTime, now)
  }
  /// `Send hold timer:`, while something waits to be sent.
  public func sendHoldTimer(at now: Instant) -> TimerView? { Self.view(establishedConnection?.sendHoldDeadline, sendHoldTime, now) }

  /// `Error wait:`.
  public func errorWaitTimer(at now: Instant) -> TimerView? {
    guard case .errorWait(let until, let total) = phase else { return nil }
    return Self.view(until, total, now)
  }

  /// `Connect delay:`.
  public func connectDelayTimer(at now: Instant) -> TimerView? { Self.view(connectDeadline, connectDelay, now) }

  private static func view(_ deadline: Instant?, _ total: Duration?, _ now: Instant) -> TimerView? {
    guard let deadline, let total else { return nil }
    return TimerView(remaining: max(deadline - now, .zero), total: total)
  }
}
