import RouteCore

/// Writes the answer of `show route` piece by piece: the daemon walks its tables net by net, as far as the client reads, and hands over
/// one route at a time. Nothing is allocated for a route but the growth of the reply's buffer.
///
/// ```
/// var listing = RouteListing(query, style)
/// listing.beginTable("master6", to: &reply)
/// for each net { listing.current.networks += 1
///   for each route of it { listing.current.routes += 1
///     if it passes the query's conditions { listing.write(view, records, to: &reply) } } }
/// listing.endTable(to: &reply)
/// listing.finish(to: &reply)
/// ```
package struct RouteListing: Sendable {
  package let style: ReplyStyle
  package let detail: Detail
  package let counting: RouteQuery.Counting
  private let isSingle: Bool
  /// Attributes that the configuration declares, by their code.
  package var customAttributes: [CustomAttribute]
  /// What has been counted in the table at hand: `networks` and `routes` by the daemon, `shown` here.
  package var current = RouteCounts(table: "")
  /// The tables that have ended.
  package private(set) var finished: [RouteCounts] = []
  private var isHeadingDue = false
  private var hasHeading = false
  private var lastPrefix: Prefix?
  private var hasOpened = false

  package init(_ query: RouteQuery, _ style: ReplyStyle, customAttributes: [CustomAttribute] = []) {
    self.style = style
    detail = query.detail
    counting = query.counting
    isSingle = query.target.isSingle
    self.customAttributes = customAttributes
  }

  package mutating func beginTable(_ name: String) {
    current = RouteCounts(table: name)
    lastPrefix = nil
    isHeadingDue = style.format == .bird2
  }

  /// Writes one route that the query asks for. Routes of one net follow one another, the best first.
  package mutating func write(_ route: borrowing RouteView, _ records: RawSpan, to reply: inout ReplyWriter) {
    current.shown &+= 1
    guard counting != .count else { return }
    if style.output == .json {
      openJSON(to: &reply)
      route.writeJSON(table: current.table, records, detail, style, customAttributes, to: &reply)
      return
    }
    writeHeading(to: &reply)
    let isFirst = lastPrefix != route.prefix
    lastPrefix = route.prefix
    if style.format == .bird1 {
      route.writeBIRD1(isFirst: isFirst, records, style, to: &reply)
    } else {
      route.writeBIRD2(isFirst: isFirst, records, style, to: &reply)
    }
    if detail == .all { route.writeAttributes(records, style.format, customAttributes, to: &reply) }
  }

  package mutating func endTable(to reply: inout ReplyWriter) {
    finished.append(current)
    guard counting != .none, style.format == .bird2, style.output == .text else { return }
    if counting == .stats { writeHeading(to: &reply) }
    reply.begin(.route)
    current.writeText(to: &reply.text)
    reply.text.append(" in table ")
    reply.text.append(current.table)
    reply.end()
  }

  /// Writes the last line.
  package mutating func finish(to reply: inout ReplyWriter) {
    let total = finished.reduce(into: RouteCounts(table: "")) { total, table in
      total.shown &+= table.shown
      total.routes &+= table.routes
      total.networks &+= table.networks
    }
    if isSingle, total.routes == 0 { return reply.fail(.networkNotFound(style.format)) }
    if style.output == .json { return finishJSON(to: &reply) }
    guard counting != .none else { return reply.final(.ok) }
    switch style.format {
    case .bird1:
      reply.beginFinal(.routeCount)
      total.writeText(to: &reply.text)
      reply.endFinal()
    case .bird2:
      guard finished.count > 1 else { return reply.final(.ok) }
      if counting == .stats { reply.line(.route, "") }
      reply.beginFinal(.routeCount)
      reply.text.append("Total: ")
      total.writeText(to: &reply.text)
      reply.text.append(" in ")
      reply.text.append(finished.count)
      reply.text.append(" tables")
      reply.endFinal()
    }
  }

  /// `Table T:`, before the first line about a table.
  private mutating func writeHeading(to reply: inout ReplyWriter) {
    guard isHeadingDue else { return }
    isHeadingDue = false
    if hasHeading { reply.line(.route, "") }
    hasHeading = true
    reply.begin(.route)
    reply.text.append("Table ")
    reply.text.append(current.table)
    reply.text.append(":")
    reply.end()
  }

  private mutating func openJSON(to reply: inout ReplyWriter) {
    if hasOpened { return }
    hasOpened = true
    reply.beginJSON()
    reply.openArray()
  }

  private mutating func finishJSON(to reply: inout ReplyWriter) {
    openJSON(to: &reply)
    if counting == .count {
      for table in finished {
        reply.openObject()
        reply.member("table", table.table)
        reply.member("shown", UInt64(table.shown))
        reply.member("routes", UInt64(table.routes))
        reply.member("networks", UInt64(table.networks))
        reply.closeObject()
      }
    }
    reply.closeArray()
    reply.endJSON()
    reply.final(.ok)
  }
}

extension RouteCounts {
  fileprivate func writeText(to text: inout TextBuffer) {
    text.append(shown)
    text.append(" of ")
    text.append(routes)
    text.append(" routes for ")
    text.append(networks)
    text.append(" networks")
  }
}
