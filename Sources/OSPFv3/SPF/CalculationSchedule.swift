import RouteCore

/// When to calculate: the back-off of RFC 8405, with the configured `tick` as the longest delay.
///
/// A first change is acted on almost at once, a burst a little later and together, a storm once per tick.
struct CalculationSchedule: Sendable {
  enum State: Sendable { case quiet, shortWait, longWait }

  private static let initialDelay: Duration = .milliseconds(10)
  private static let shortDelay: Duration = .milliseconds(50)
  private static let timeToLearn: Duration = .milliseconds(500)
  private static let holdDown: Duration = .seconds(2)

  private(set) var state: State = .quiet
  /// When to calculate; nil if nothing has changed.
  private(set) var calculationDeadline: Instant?
  private var learnDeadline: Instant?
  private var holdDownDeadline: Instant?

  mutating func topologyChanged(at now: Instant, tick: Duration) {
    advance(to: now)
    switch state {
    case .quiet:
      // RFC 8405 §6, transition 1
      state = .shortWait
      learnDeadline = now + Self.timeToLearn
      holdDownDeadline = now + Self.holdDown
      if calculationDeadline == nil { calculationDeadline = now + min(Self.initialDelay, tick) }
    case .shortWait:
      // transition 2
      holdDownDeadline = now + Self.holdDown
      if calculationDeadline == nil { calculationDeadline = now + min(Self.shortDelay, tick) }
    case .longWait:
      // transition 3
      holdDownDeadline = now + Self.holdDown
      if calculationDeadline == nil { calculationDeadline = now + tick }
    }
  }

  /// Lets the timers of the state expire that are due. They are not deadlines of their own: only the next change asks for the state.
  private mutating func advance(to now: Instant) {
    // transition 4: LEARN_TIMER
    if state == .shortWait, let learn = learnDeadline, learn <= now { state = .longWait }
    // transitions 5 and 6: HOLDDOWN_TIMER
    if state != .quiet, let hold = holdDownDeadline, hold <= now {
      state = .quiet
      learnDeadline = nil
      holdDownDeadline = nil
    }
  }

  /// Whether it is time; asked once, answered once.
  mutating func takeDue(at now: Instant) -> Bool {
    guard let deadline = calculationDeadline, deadline <= now else { return false }
    calculationDeadline = nil
    return true
  }
}
