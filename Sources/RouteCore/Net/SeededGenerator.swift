/// A small reproducible random source (SplitMix64): jitter, sequence numbers, simulations. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Equal seeds give equal sequences.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// `duration` shortened by up to a quarter: the jitter of RFC 4271 §10.
  public mutating func jittered(_ duration: Duration) -> Duration {
    let nanoseconds = max(duration.nanoseconds, 0)
    let span = UInt64(nanoseconds / 4) + 1
    return .nanoseconds(nanoseconds - Int64(next() % span))
  }
}
