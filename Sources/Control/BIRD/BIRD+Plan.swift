import ControlLanguage
import RouteCore

/// A plan as a table of channels, then the routes of each.
final class BIRDPlan: PlanListing {
  let listsRoutes: Bool

  init(listsRoutes: Bool) { self.listsRoutes = listsRoutes }

  func begin(_ plan: Snapshot.Plan, to reply: inout ReplyWriter) {
    for action in plan.actions { reply.line(.configurationOK, action) }
    let width = max(plan.rows.map { $0.name.utf8.count }.max() ?? 0, 10)
    reply.begin(.planHeading)
    reply.planRow(width, ["Name", "Channel", "State"], ["Gained", "Lost", "Changed", "Unchanged"])
    for row in plan.rows {
      reply.begin(.plan)
      let numbers = [row.gained, row.lost, row.changed, row.unchanged].map { String($0) }
      reply.planRow(width, [row.name, "\(row.family)", row.state.rawValue], numbers)
    }
    for note in plan.notes { reply.line(.plan, "Note: \(note)") }
  }

  func beginRow(_ row: Snapshot.Plan.Row, to reply: inout ReplyWriter) {
    if listsRoutes, row.hasChanges { reply.line(.plan, "\(row.name).\(row.family):") }
  }

  func write(_ route: PlannedRoute, to reply: inout ReplyWriter) {
    reply.line(.plan, "\t\(route.change.sign) \(route.prefix)")
    for line in route.before { reply.line(.plan, "\t\t- \(line)") }
    for line in route.after { reply.line(.plan, "\t\t+ \(line)") }
  }

  func endRow(to reply: inout ReplyWriter) {}

  func finish(to reply: inout ReplyWriter) { reply.final(.configurationOK, "Configuration OK, nothing was changed") }
}

extension ReplyWriter {
  /// The words name, channel and state, and the numbers between them; the line has begun and ends here.
  fileprivate mutating func planRow(_ width: Int, _ words: [String], _ numbers: [String]) {
    text.append(words[0])
    pad(to: width + 1)
    text.append(words[1])
    var column = width + 9
    pad(to: column)
    for number in numbers {
      column += 10
      pad(to: column - number.utf8.count)
      text.append(number)
    }
    text.append("  ")
    text.append(words[2])
    end()
  }
}

extension PlannedRoute.Change {
  fileprivate var sign: String {
    switch self {
    case .gained: "+"
    case .lost: "-"
    case .changed: "~"
    }
  }
}

extension Snapshot.Route {
  /// The attributes as `show route all` writes them, a line each.
  package static func attributeLines(_ attributes: RouteAttributes) -> [String] {
    let time = Timestamp(LocalTime(year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0))
    let route = Snapshot.Route(prefix: Prefix(.unspecified, 0), header: attributes.header, protocolName: "", since: time)
    var writer = ReplyWriter()
    route.writeAttributes(attributes.records.span.bytes, .bird2, [], to: &writer)
    var lines: [String] = []
    for line in String(decoding: writer.text.bytes, as: UTF8.self).split(separator: "\n") {
      // Behind the code, or the space in its place.
      let text = line.hasPrefix(" ") ? line.dropFirst() : line.dropFirst(5)
      // A long list goes on in a line of its own.
      if text.hasPrefix("\t\t"), let last = lines.popLast() {
        lines.append("\(last) \(text.dropFirst(2))")
      } else if !text.hasPrefix("\tType:") {
        lines.append(String(text.drop { $0 == "\t" }))
      }
    }
    return lines
  }
}
