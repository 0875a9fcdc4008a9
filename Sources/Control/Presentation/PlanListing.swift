import RouteCore

/// The answer of `plan`, piece by piece: the head, then for each channel its routes if they are asked for.
///
/// ```
/// listing.begin(plan, to: &reply)
/// for each row { listing.beginRow(row) ; listing.write(route) … ; listing.endRow() }
/// listing.finish(to: &reply)
/// ```
package protocol PlanListing: AnyObject {
  /// Whether the routes are listed too.
  var listsRoutes: Bool { get }
  func begin(_ plan: Snapshot.Plan, to reply: inout ReplyWriter)
  func beginRow(_ row: Snapshot.Plan.Row, to reply: inout ReplyWriter)
  func write(_ route: PlannedRoute, to reply: inout ReplyWriter)
  func endRow(to reply: inout ReplyWriter)
  /// Writes the last line.
  func finish(to reply: inout ReplyWriter)
}
