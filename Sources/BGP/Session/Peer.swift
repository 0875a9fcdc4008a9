import RouteCore

/// One BGP neighbour: the machine of RFC 4271 §8 with up to two connections, of which one survives (§6.8).
///
/// RFC 4271 gives each connection a machine of its own. Here a `Connection` has the states from Connect on, and Idle and Active
/// (waiting for the ConnectRetryTimer or for the peer) are the peer's. Where the RFC leaves a choice:
/// - An attempt to connect is given up after a few seconds and begun anew (`attemptTime`), so that a peer that comes up is not kept
///   waiting for TCP's doubling retransmissions; `connect retry time` is the ceiling.
/// - DampPeerOscillations (§8.1.1): after an error the peer stays Idle for the error wait time. A session lost to a hold timer or BFD is
///   no misunderstanding but an outage: it is tried again at once, and only repetition brings a growing pause, during which the
///   peer may still connect.
/// - CollisionDetectEstablishedState is off: nobody disturbs an established session by connecting again.
public struct Peer: Machine, Sendable {
  /// RFC 4271's Idle, divided by what ends it, and everything else.
  enum Phase: Hashable {
    /// Stopped; only `start` helps.
    case down
    /// IdleHoldTimer (RFC 4271 §8.1.3).
    case errorWait(until: Instant, total: Duration)
    case running
  }

  /// Spent on one attempt before the next: a SYN and one retransmission, so that a peer which comes up sees one every second.
  static let attemptTime = Duration.seconds(2)
  /// A connection that comes so soon after the session was begun before it: a collision, and no restart.
  static let collisionTime = Duration.seconds(5)
  /// The pause after an attempt that failed.
  static let minimumRetry = Duration.seconds(1)

  /// What the machine runs with; `reconfigure` changes it.
  public internal(set) var configuration: PeerConfiguration
  var phase = Phase.down
  var outgoing: Connection?
  var incoming: Connection?

  /// ConnectRetryTimer while Active: when the next attempt begins.
  var connectDeadline: Instant?
  var connectDelay = Duration.zero
  /// Whether capabilities are announced; turned off for a peer that does not know them.
  var announcesCapabilities = true

  /// The last error wait time, to be doubled, and when it was set.
  var errorWait = Duration.zero
  var lastErrorTime: Instant?
  /// How often in a row sessions were lost to a hold timer.
  var holdLosses = 0
  /// What went wrong last; kept until the next session is established and lost again.
  public internal(set) var lastError: LastError?

  /// When the present or last session was established.
  var establishedAt = Instant.zero
  /// The restart of the neighbour that is going on.
  var neighborRestart: NeighborRestart?
  /// We have restarted ourselves, and wait for the routes of all neighbours: said in our OPEN (RFC 4724 §4.1). Set by the driver.
  public var isRecovering = false
  /// Families whose End-of-RIB the session has still to bring, and those whose routes are being refreshed (RFC 7313).
  var awaitingEndOfRIB: [AddressFamily] = []
  var refreshing: [AddressFamily] = []

  var generator: SeededGenerator
  var nextNumber: UInt32 = 0
  var reportedState = State.idle
  /// What goes to the MRT file; set by `record`.
  var recorded: MRTDumpMask = []
  var recordedStates = RecordedStates()
  var decoder = UpdateDecoder()
  /// When the next UPDATE error may be logged, and how many were not.
  var updateWarningLimiter = Limiter()
  var unreportedUpdateErrors = 0

  /// A peer that is down until `.start`. `seed` is for the jitter of its timers.
  public init(configuration: PeerConfiguration, seed: UInt64) {
    self.configuration = configuration
    generator = SeededGenerator(seed: seed)
  }

  /// The connection of a direction.
  subscript(_ direction: ConnectionID.Direction) -> Connection? {
    get { direction == .outgoing ? outgoing : incoming }
    _modify {
      if direction == .outgoing { yield &outgoing } else { yield &incoming }
    }
  }

  /// What each received message asks of its connection, without a copy of it, which would count a dozen references.
  func stateAndLimit(_ id: ConnectionID) -> (state: State, limit: Int)? {
    if id.direction == .outgoing {
      guard outgoing?.id == id, let state = outgoing?.state, let limit = outgoing?.messageLimit else { return nil }
      return (state, limit)
    }
    guard incoming?.id == id, let state = incoming?.state, let limit = incoming?.messageLimit else { return nil }
    return (state, limit)
  }

  /// The state of the more advanced connection.
  public var state: State {
    guard phase == .running else { return .idle }
    let connection = max(outgoing?.state ?? .idle, incoming?.state ?? .idle)
    // Active is where nothing has been begun, or where only the peer may begin.
    return connection == .idle ? .active : connection
  }

  /// When `.deadline` is wanted; nil if nothing is going on.
  public var nextDeadline: Instant? {
    var deadline = earliest(outgoing?.nextDeadline, incoming?.nextDeadline)
    if case .errorWait(let until, _) = phase { deadline = earliest(deadline, until) }
    deadline = earliest(deadline, neighborRestart?.nextDeadline)
    return earliest(deadline, connectDeadline)
  }

  /// The first to end of the waits for the peer: an attempt to connect, a hold timer, a send hold timer.
  public var silenceDeadline: Instant? { earliest(outgoing?.silenceDeadline, incoming?.silenceDeadline) }

  /// See `Machine`. Received bytes are no event: they go to `receive`.
  public mutating func handle(_ event: Event, at now: Instant, into output: inout Output) {
    switch event {
    case .start: start(at: now, into: &output)
    case .stop(let reason): stop(reason, into: &output)
    case .restart(let reason): restart(reason, at: now, into: &output)
    case .pathLost: if !keepsRoutesOfUnreachablePeer(at: now, into: &output) { restart(.bfdDown, at: now, into: &output) }
    case .connectionOpened(let id, let endpoints): opened(id, endpoints, at: now, into: &output)
    case .connectionFailed(let id, let reason): failed(id, reason, at: now)
    case .accepted(let id, let endpoints): accepted(id, endpoints, at: now, into: &output)
    case .connectionClosed(let id, let reason): closed(id, reason, at: now, into: &output)
    case .written(let id, let pending): written(id, pending, at: now)
    case .addressesChanged(let linkLocal, let other): addressesChanged(linkLocal, other, into: &output)
    case .deadline: fireDeadlines(at: now, into: &output)
    case .requestRefresh(let family): sendRefresh(RouteRefresh(family), into: &output)
    case .refreshBegins(let family): sendRefresh(RouteRefresh(family, .begin), into: &output)
    case .refreshEnds(let family): sendRefresh(RouteRefresh(family, .end), into: &output)
    }
    reportState(into: &output)
  }

  mutating func reportState(into output: inout Output) {
    if recorded.contains(.states) { recordStates(into: &output) }
    guard state != reportedState else { return }
    reportedState = state
    output.actions.append(.stateChanged(state))
  }
}

// MARK: Start and stop

extension Peer {
  /// RFC 4271 §8.2.2, Idle, events 1 to 7. `connect delay time` is the DelayOpen of those who let the peer come first.
  private mutating func start(at now: Instant, into output: inout Output) {
    guard phase == .down else { return }
    phase = .running
    announcesCapabilities = configuration.capabilities != .no
    errorWait = .zero
    lastErrorTime = nil
    holdLosses = 0
    scheduleConnect(after: configuration.connectDelayTime, at: now)
    output.actions.append(.log(.trace, "Started"))
  }

  private mutating func stop(_ reason: StopReason, into output: inout Output) {
    guard phase != .down else { return }
    end(with: reason == .gracefulRestart && configuration.mayRestart ? nil : reason.cease, into: &output)
    // Nil for what the operator wanted: errors from before are of no interest then.
    lastError = reason.lastError
    phase = .down
    output.actions.append(.log(.trace, "Down"))
  }

  private mutating func restart(_ reason: StopReason, at now: Instant, into output: inout Output) {
    guard phase != .down else { return start(at: now, into: &output) }
    // RFC 5882 §4.1: of a path that has failed, a session that is not there need not be told.
    if reason == .bfdDown, state != .established { return }
    end(with: reason.cease, into: &output)
    lastError = reason.lastError
    phase = .running
    if reason == .bfdDown {
      output.actions.append(.log(.trace, "BFD session down"))
      retryAfterHoldLoss(at: now, into: &output)
    } else if reason.isError {
      pauseAfterError(at: now, into: &output)
    } else {
      scheduleConnect(after: configuration.connectDelayTime, at: now)
    }
  }

  /// Ends both connections, with a Cease if there is one, and all timers of the peer.
  mutating func end(with cease: Notification?, into output: inout Output) {
    closeBoth(with: cease, into: &output)
    abandonNeighborRestart(into: &output)
  }

  /// The same, but for the routes of a neighbour that restarts.
  mutating func closeBoth(with cease: Notification?, into output: inout Output) {
    for direction in [ConnectionID.Direction.outgoing, .incoming] { close(direction, with: cease, into: &output) }
    connectDeadline = nil
  }

  /// IdleHoldTimer: `error wait time`, doubled with each error until there was none for `error forget time`.
  mutating func pauseAfterError(at now: Instant, into output: inout Output) {
    if let last = lastErrorTime, now - last >= configuration.errorForgetTime { errorWait = .zero }
    lastErrorTime = now
    if configuration.disableAfterError {
      disable(into: &output)
      return
    }
    errorWait =
      errorWait == .zero ? configuration.errorWaitMinimum : min(errorWait + errorWait, configuration.errorWaitMaximum)
    connectDeadline = nil
    phase = .errorWait(until: now + errorWait, total: errorWait)
    output.actions.append(.log(.trace, "Delayed for \(errorWait.wholeSeconds) seconds due to errors"))
  }

  mutating func disable(into output: inout Output) {
    abandonNeighborRestart(into: &output)
    errorWait = .zero
    connectDeadline = nil
    phase = .down
    output.actions.append(.disable)
  }

  /// After a session was lost to a hold timer or to BFD: at once, then after 1/8, 1/4, 1/2 … of the error wait time.
  mutating func retryAfterHoldLoss(at now: Instant, into output: inout Output) {
    if let last = lastErrorTime, now - last >= configuration.errorForgetTime { holdLosses = 0 }
    lastErrorTime = now
    if configuration.disableAfterError {
      disable(into: &output)
      return
    }
    var delay = Duration.zero
    if holdLosses > 0 {
      let doublings = min(holdLosses - 1, 16)
      delay = min(configuration.errorWaitMinimum / 8 * (1 << doublings), configuration.errorWaitMaximum)
    }
    holdLosses = min(holdLosses + 1, 1000)
    scheduleConnect(after: delay, at: now)
  }
}
