import ControlLanguage
import RouteCore

extension JSON {
  package func plan(listsRoutes: Bool) -> any PlanListing { JSONPlan(listsRoutes: listsRoutes) }
}

/// A plan as one object, whose channels are written as they come.
final class JSONPlan: PlanListing {
  let listsRoutes: Bool

  init(listsRoutes: Bool) { self.listsRoutes = listsRoutes }

  func begin(_ plan: Snapshot.Plan, to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openObject()
    reply.member("file", plan.file)
    reply.member("actions", plan.actions)
    reply.member("notes", plan.notes)
    reply.key("channels")
    reply.openArray()
  }

  func beginRow(_ row: Snapshot.Plan.Row, to reply: inout ReplyWriter) {
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

  func write(_ route: PlannedRoute, to reply: inout ReplyWriter) {
    reply.object {
      $0.member("prefix", "\(route.prefix)")
      $0.member("change", route.change.rawValue)
      if route.change == .changed {
        $0.member("before", route.before)
        $0.member("after", route.after)
      }
    }
  }

  func endRow(to reply: inout ReplyWriter) {
    if listsRoutes { reply.closeArray() }
    reply.closeObject()
  }

  func finish(to reply: inout ReplyWriter) {
    reply.closeArray()
    reply.closeObject()
    reply.endJSON()
    reply.final(.ok)
  }
}
