import ControlLanguage
import RouteCore

/// Writes routes and counts in one presentation, table by table, the routes of a network one after the other.
package protocol RouteWriter: AnyObject {
  func beginTable(_ name: String)
  func write(_ route: Snapshot.Route, _ records: RawSpan, to reply: inout ReplyWriter)
  func endTable(_ counts: Snapshot.RouteCounts, to reply: inout ReplyWriter)
  /// Writes the last line.
  func finish(_ tables: [Snapshot.RouteCounts], to reply: inout ReplyWriter)
}

/// The answer of `show route`, piece by piece: the daemon walks its tables network by network, as far as the client reads, and passes
/// one route at a time. Nothing is allocated per route, except that the reply's buffer may grow.
///
/// ```
/// var listing = RouteListing(query, presentation)
/// listing.beginTable("master6")
/// for each net { listing.current.networks += 1
///   for each route of it { listing.current.routes += 1
///     if it passes the query's conditions { listing.write(route, records, to: &reply) } } }
/// listing.endTable(to: &reply)
/// listing.finish(to: &reply)
/// ```
package struct RouteListing {
  private let writer: any RouteWriter
  private let counting: RouteQuery.Counting
  /// The answer if there is no route; nil: an empty list.
  private let nothing: ControlError?
  /// What has been counted in the table at hand: `networks` and `routes` by the daemon, `shown` here.
  package var current = Snapshot.RouteCounts(table: "")
  /// The counts of the finished tables.
  private var finished: [Snapshot.RouteCounts] = []

  package init(_ query: RouteQuery, _ presentation: any Presentation, customAttributes: [CustomAttribute] = []) {
    writer = presentation.routes(query, customAttributes)
    counting = query.counting
    nothing = query.target.isSingle ? .networkNotFound(presentation.look) : nil
  }

  package mutating func beginTable(_ name: String) {
    current = Snapshot.RouteCounts(table: name)
    writer.beginTable(name)
  }

  /// Writes one route that the query asks for. Routes of one net follow one another, the best first.
  package mutating func write(_ route: Snapshot.Route, _ records: RawSpan, to reply: inout ReplyWriter) {
    current.shown &+= 1
    if counting != .count { writer.write(route, records, to: &reply) }
  }

  package mutating func endTable(to reply: inout ReplyWriter) {
    finished.append(current)
    writer.endTable(current, to: &reply)
  }

  /// Writes the last line.
  package mutating func finish(to reply: inout ReplyWriter) {
    if let nothing, finished.allSatisfy({ $0.routes == 0 }) { return reply.fail(nothing) }
    writer.finish(finished, to: &reply)
  }
}
