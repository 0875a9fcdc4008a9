/// The counters of `show protocols all`.
public struct ChannelStatistics: Sendable, Hashable {
  /// One line of the table of route changes.
  public struct Line: Sendable, Hashable {
    /// All that came to the channel.
    public var received: UInt32 = 0
    /// Refused before any filter: invalid, not for this protocol, or beyond the export limit.
    public var rejected: UInt32 = 0
    /// Rejected by the filter.
    public var filtered: UInt32 = 0
    /// Without effect: nothing changed, or a receive or import limit blocks.
    public var ignored: UInt32 = 0
    /// Took effect.
    public var accepted: UInt32 = 0
  }
  /// Routes of the channel in its table, the filtered ones not counted.
  public var imported: UInt32 = 0
  /// Rejected routes that are kept (`import keep filtered`).
  public var filtered: UInt32 = 0
  /// Networks announced to the channel's protocol.
  public var exported: UInt32 = 0
  /// Networks whose best route is the channel's.
  public var preferred: UInt32 = 0
  /// Announcements from the protocol.
  public var importUpdates = Line()
  /// Withdrawals from the protocol.
  public var importWithdraws = Line()
  /// Announcements to the protocol.
  public var exportUpdates = Line()
  /// Withdrawals to the protocol.
  public var exportWithdraws = Line()
}

/// One of a channel's limits and what reaching it has led to. A limit that blocks goes on to do so when routes go: it is reset when all
/// routes come anew, by a reload or a restart.
struct LimitState {
  enum Phase { case initial, active, blocked }
  var limit: RouteLimit?
  private(set) var phase = Phase.initial

  var isHit: Bool { phase != .initial }
  var isBlocked: Bool { phase == .blocked }

  init(limit: RouteLimit? = nil) { self.limit = limit }

  mutating func reset() { phase = .initial }

  /// Takes note that one more than `count` routes are there. Whether that is to be told: the first time, and a limit that only warns
  /// tells each time that it is crossed.
  mutating func reach(_ count: UInt32) -> Bool {
    guard let limit, count >= limit.count, phase != .blocked else { return false }
    let isTold = phase == .initial || count == limit.count
    phase = limit.action == .warn ? .active : .blocked
    return isTold
  }
}

/// A limit that was reached: what the protocol has to do about it.
public struct LimitEvent: Sendable, Hashable {
  /// Which of a channel's three limits it was.
  public enum Direction: String, Sendable { case receive, `import`, export }
  /// Whose limit was reached.
  public var channel: ChannelID
  /// Where the routes were counted.
  public var direction: Direction
  /// The limit as configured, with its action.
  public var limit: RouteLimit
}
