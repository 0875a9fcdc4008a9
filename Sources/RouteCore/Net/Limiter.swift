/// Lets one thing happen and then nothing for a while: lines of the log that others can cause.
package struct Limiter: Sendable {
  private let pause: Duration
  private var last: Instant?

  package init(pause: Duration = .seconds(60)) { self.pause = pause }

  /// From when on something is admitted; nil for at once.
  package var nextAdmission: Instant? { last.map { $0 + pause } }

  /// Whether something may happen at `now`, which is taken note of.
  package mutating func admits(at now: Instant) -> Bool {
    if let next = nextAdmission, now < next { return false }
    last = now
    return true
  }
}
