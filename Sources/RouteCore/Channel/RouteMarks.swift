/// What the marks that a channel's routes bear (`Route.Flags.mark`) mean at present. By them a channel tells the routes of its session
/// from those of the sessions before, and those that came since a refresh began from the others: a close or a refresh changes what a mark
/// means, and touches no route. Marks are given out in a circle, `oldest` … `kept` … `current`.
struct RouteMarks {
  /// What is announced now bears this one: within a refresh, the routes that are confirmed.
  private(set) var current: UInt8 = 0
  /// The first of the session. Routes that bear an older one count for nothing, and are on their way out.
  private(set) var first: UInt8 = 0
  /// Routes that bear an older one are on their way out; those of the session count until they are gone.
  private(set) var kept: UInt8 = 0
  /// No route bears an older one.
  private var oldest: UInt8 = 0

  private static func distance(_ from: UInt8, _ to: UInt8) -> UInt8 { (to &- from) & Route.Flags.lastMark }

  /// Whether a route with this mark was announced in the present session.
  @inline(__always) func areOfSession(_ mark: UInt8) -> Bool {
    mark == current || isInSession(mark)
  }
  @inline(never) private func isInSession(_ mark: UInt8) -> Bool {
    RouteMarks.distance(first, mark) <= RouteMarks.distance(first, current)
  }

  /// Whether a route with this mark stays.
  @inline(__always) func keep(_ mark: UInt8) -> Bool {
    mark == current || RouteMarks.distance(kept, mark) <= RouteMarks.distance(kept, current)
  }

  /// Whether all marks may be on some route: some routes have to go, or to bear another one, before there is a new mark.
  var areExhausted: Bool { RouteMarks.distance(current, oldest) == 1 }
  /// Whether a refresh has begun, and routes may be unconfirmed.
  var isRefreshing: Bool { kept != current }

  /// All routes go.
  mutating func endSession() {
    beginRefresh()
    first = current
    kept = current
  }

  /// All routes are unconfirmed.
  mutating func beginRefresh() { current = (current &+ 1) & Route.Flags.lastMark }

  /// Those that are unconfirmed go.
  mutating func endRefresh() { kept = current }

  /// What had to go has gone.
  mutating func forgetOutdated() {
    first = kept
    oldest = kept
  }

  /// The mark that all unconfirmed routes can bear instead of theirs.
  var unconfirmed: UInt8 { (current &- 1) & Route.Flags.lastMark }

  /// All unconfirmed routes bear `unconfirmed` now.
  mutating func merge() {
    kept = unconfirmed
    forgetOutdated()
  }
}
