import ControlLanguage
import RouteCore

extension BIRD1 {
  package func routes(_ query: RouteQuery, _ custom: [CustomAttribute]) -> any RouteWriter { BIRD1Routes(query, times.route, custom) }
}

/// `PREFIX  via GATEWAY on INTERFACE [protocol time] * (preference)`; several next hops on lines of their own.
final class BIRD1Routes: RouteWriter {
  private let query: RouteQuery
  private let time: TimeFormat
  private let custom: [CustomAttribute]
  private var lastPrefix: Prefix?

  init(_ query: RouteQuery, _ time: TimeFormat, _ custom: [CustomAttribute]) {
    self.query = query
    self.time = time
    self.custom = custom
  }

  func beginTable(_ name: String) { lastPrefix = nil }

  func write(_ route: Snapshot.Route, _ records: RawSpan, to reply: inout ReplyWriter) {
    reply.beginRoute(lastPrefix == route.prefix ? nil : route.prefix, column: 18)
    lastPrefix = route.prefix
    let isMultipath = route.header.destination == .unicast && route.hops.count != 1
    if route.header.destination != .unicast {
      reply.text.append(route.header.destination.word)
    } else if isMultipath {
      reply.text.append("multipath")
    } else {
      reply.text.append(route.hops[0])
    }
    let showsFrom = route.hops.count != 1 || route.hops[0].gateway != route.header.from
    reply.endRoute(route, records, showsFrom: showsFrom, time)
    if isMultipath { reply.hops(of: route) }
    if query.detail == .all { route.writeAttributes(records, .bird1, custom, to: &reply) }
  }

  func endTable(_ counts: Snapshot.RouteCounts, to reply: inout ReplyWriter) {}

  func finish(_ tables: [Snapshot.RouteCounts], to reply: inout ReplyWriter) {
    guard query.counting != .none else { return reply.final(.ok) }
    reply.beginFinal(.routeCount)
    reply.counts(.total(of: tables))
    reply.endFinal()
  }
}
