/// The counters of `show protocols all`.
public struct ChannelStatistics: Sendable, Hashable {
  /// One line of the table of route changes.
  public struct Line: Sendable, Hashable {
    public var received: UInt32 = 0
    public var rejected: UInt32 = 0
    public var filtered: UInt32 = 0
    public var ignored: UInt32 = 0
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
  public var importUpdates = Line()
  public var importWithdraws = Line()
  public var exportUpdates = Line()
  public var exportWithdraws = Line()
}

/// One of a channel's limits and whether it was reached.
struct LimitState {
  var limit: RouteLimit?
  var isHit = false

  /// Whether one more than `count` is within the limit. The first time it is not, `isHit` turns true.
  mutating func admits(_ count: UInt32) -> Bool {
    guard let limit else { return true }
    if count < limit.count { return true }
    isHit = true
    return limit.action == .warn
  }
}

/// A limit that was reached: what the protocol has to do about it.
public struct LimitEvent: Sendable, Hashable {
  public enum Direction: String, Sendable { case receive, `import`, export }
  public var channel: ChannelID
  public var direction: Direction
  public var limit: RouteLimit
}
