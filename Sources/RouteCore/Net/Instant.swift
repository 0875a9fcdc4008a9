/// A point on a monotonic clock that the driver owns: the kernel's in the daemon, a virtual one in simulations.
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's own start.
  public var nanoseconds: Int64

  /// A point so long after the clock's start; negative ones lie before it.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
  /// The clock's start.
  @inlinable public static var zero: Instant { Instant(nanoseconds: 0) }
  @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  /// Later by `b`, clamped to what 63 bits of nanoseconds hold.
  @inlinable public static func + (a: Instant, b: Duration) -> Instant {
    Instant(nanoseconds: a.nanoseconds.addingClamped(b.nanoseconds))
  }
  /// Earlier by `b`, clamped likewise.
  @inlinable public static func - (a: Instant, b: Duration) -> Instant {
    Instant(nanoseconds: a.nanoseconds.addingClamped(-b.nanoseconds))
  }
  /// The time from `b` to `a`, negative if `b` is the later.
  @inlinable public static func - (a: Instant, b: Instant) -> Duration { .nanoseconds(a.nanoseconds &- b.nanoseconds) }
  /// Moves on by `b`, clamped likewise.
  @inlinable public static func += (a: inout Instant, b: Duration) { a = a + b }
}

extension Duration {
  /// Whole nanoseconds, clamped to what 63 bits hold (292 years).
  @inlinable public var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? -Int64.max : .max }
    return product.addingClamped(attoseconds / 1_000_000_000)
  }

  /// Whole milliseconds, rounded towards zero.
  @inlinable public var milliseconds: Int64 { nanoseconds / 1_000_000 }
  /// Whole seconds, rounded towards zero.
  @inlinable public var wholeSeconds: Int64 { components.seconds }
}

extension Int64 {
  @inlinable package func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? -Int64.max : .max) : sum
  }
}

/// The earlier of two deadlines, either of which may not be set.
@inlinable package func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
  guard let a else { return b }
  guard let b else { return a }
  return min(a, b)
}
