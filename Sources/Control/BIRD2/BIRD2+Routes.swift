import ControlLanguage
import RouteCore

extension BIRD2 {
  package func routes(_ query: RouteQuery, _ custom: [CustomAttribute]) -> any RouteWriter { BIRD2Routes(query, times.route, custom) }
}

/// `PREFIX  unicast [protocol time] * (preference)`, and all next hops on lines of their own, below the name of the table.
final class BIRD2Routes: RouteWriter {
  private let query: RouteQuery
  private let time: TimeFormat
  private let custom: [CustomAttribute]
  private var table = ""
  private var isHeadingDue = false
  private var hasHeading = false
  private var lastPrefix: Prefix?

  init(_ query: RouteQuery, _ time: TimeFormat, _ custom: [CustomAttribute]) {
    self.query = query
    self.time = time
    self.custom = custom
  }

  func beginTable(_ name: String) {
    table = name
    lastPrefix = nil
    isHeadingDue = true
  }

  func write(_ route: Snapshot.Route, _ records: RawSpan, to reply: inout ReplyWriter) {
    writeHeading(to: &reply)
    reply.beginRoute(lastPrefix == route.prefix ? nil : route.prefix, column: 20)
    lastPrefix = route.prefix
    reply.text.append(route.header.destination.word)
    let showsFrom = route.hops.isEmpty || route.hops[0].gateway != route.header.from
    reply.endRoute(route, records, showsFrom: showsFrom, time)
    if route.header.destination == .unicast { reply.hops(of: route) }
    if query.detail == .all { route.writeAttributes(records, .bird2, custom, to: &reply) }
  }

  /// `Table T:`, before the first line about a table.
  private func writeHeading(to reply: inout ReplyWriter) {
    guard isHeadingDue else { return }
    isHeadingDue = false
    if hasHeading { reply.line(.route, "") }
    hasHeading = true
    reply.begin(.route)
    reply.text.append("Table ")
    reply.text.append(table)
    reply.text.append(":")
    reply.end()
  }

  func endTable(_ counts: Snapshot.RouteCounts, to reply: inout ReplyWriter) {
    guard query.counting != .none else { return }
    if query.counting == .stats { writeHeading(to: &reply) }
    reply.begin(.route)
    reply.counts(counts)
    reply.text.append(" in table ")
    reply.text.append(counts.table)
    reply.end()
  }

  func finish(_ tables: [Snapshot.RouteCounts], to reply: inout ReplyWriter) {
    guard query.counting != .none, tables.count > 1 else { return reply.final(.ok) }
    if query.counting == .stats { reply.line(.route, "") }
    reply.beginFinal(.routeCount)
    reply.text.append("Total: ")
    reply.counts(.total(of: tables))
    reply.text.append(" in ")
    reply.text.append(tables.count)
    reply.text.append(" tables")
    reply.endFinal()
  }
}
