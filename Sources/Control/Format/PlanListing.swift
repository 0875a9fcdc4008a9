import RouteCore

/// Writes the answer of `plan` piece by piece: the head, then for each channel its routes if they are asked for.
///
/// ```
/// listing.begin(view, to: &reply)
/// for each row { listing.beginRow(row) ; listing.write(route) … ; listing.endRow() }
/// listing.finish(to: &reply)
/// ```
package struct PlanListing: Sendable {
  let output: ReplyStyle.Output
  /// Whether the routes are listed too.
  package let listsRoutes: Bool

  package init(_ output: ReplyStyle.Output, listsRoutes: Bool) {
    self.output = output
    self.listsRoutes = listsRoutes
  }

  package func begin(_ view: PlanView, to reply: inout ReplyWriter) {
    if output == .json { return beginJSON(view, to: &reply) }
    for action in view.actions { reply.line(.configurationOK, action) }
    let width = max(view.rows.map { $0.name.utf8.count }.max() ?? 0, 10)
    reply.begin(.planHeading)
    PlanListing.columns(width, "Name", "Channel", ["Gained", "Lost", "Changed", "Unchanged"], "State", to: &reply)
    reply.end()
    for row in view.rows {
      reply.begin(.plan)
      let numbers = [row.gained, row.lost, row.changed, row.unchanged].map { String($0) }
      PlanListing.columns(width, row.name, "\(row.family)", numbers, row.state.rawValue, to: &reply)
      reply.end()
    }
    for note in view.notes { reply.line(.plan, "Note: \(note)") }
  }

  private static func columns(
    _ width: Int, _ name: String, _ channel: String, _ numbers: [String], _ state: String, to reply: inout ReplyWriter
  ) {
    reply.text.append(name)
    reply.pad(to: width + 1)
    reply.text.append(channel)
    var column = width + 9
    reply.pad(to: column)
    for number in numbers {
      column += 10
      reply.pad(to: column - number.utf8.count)
      reply.text.append(number)
    }
    reply.text.append("  ")
    reply.text.append(state)
  }

  private func beginJSON(_ view: PlanView, to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openObject()
    reply.member("file", view.file)
    reply.member("actions", view.actions)
    reply.member("notes", view.notes)
    reply.key("channels")
    reply.openArray()
  }

  package func beginRow(_ row: PlanView.Row, to reply: inout ReplyWriter) {
    guard output == .json else {
      if listsRoutes, row.hasChanges { reply.line(.plan, "\(row.name).\(row.family):") }
      return
    }
    reply.openObject()
    reply.member("protocol", row.name)
    reply.member("type", row.type)
    reply.member("channel", "\(row.family)")
    reply.member("state", row.state.rawValue)
    reply.member("gained", row.gained)
    reply.member("lost", row.lost)
    reply.member("changed", row.changed)
    reply.member("unchanged", row.unchanged)
    if listsRoutes {
      reply.key("routes")
      reply.openArray()
    }
  }

  package func write(_ route: PlannedRoute, to reply: inout ReplyWriter) {
    guard output == .json else {
      reply.line(.plan, "\t\(route.change.sign) \(route.prefix)")
      for line in route.before { reply.line(.plan, "\t\t- \(line)") }
      for line in route.after { reply.line(.plan, "\t\t+ \(line)") }
      return
    }
    reply.openObject()
    reply.member("prefix", "\(route.prefix)")
    reply.member("change", route.change.rawValue)
    if route.change == .changed {
      reply.member("before", route.before)
      reply.member("after", route.after)
    }
    reply.closeObject()
  }

  package func endRow(to reply: inout ReplyWriter) {
    guard output == .json else { return }
    if listsRoutes { reply.closeArray() }
    reply.closeObject()
  }

  package func finish(to reply: inout ReplyWriter) {
    guard output == .json else { return reply.final(.configurationOK, "Configuration OK, nothing was changed") }
    reply.closeArray()
    reply.closeObject()
    reply.endJSON()
    reply.final(.ok)
  }
}

extension RouteView {
  /// The attributes as `show route all` writes them, a line each.
  package static func attributeLines(_ attributes: RouteAttributes) -> [String] {
    let time = Timestamp(LocalTime(year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0))
    let view = RouteView(prefix: Prefix(.unspecified, 0), header: attributes.header, protocolName: "", since: time)
    var writer = ReplyWriter()
    view.writeAttributes(attributes.records.span.bytes, .bird2, [], to: &writer)
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
