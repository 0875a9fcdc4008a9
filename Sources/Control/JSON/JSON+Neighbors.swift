import OSPFv3
import RouteCore

extension JSON {
  package func write(_ instances: [Snapshot.OSPFNeighbors], to reply: inout ReplyWriter) {
    reply.document { reply in
      reply.array {
        for instance in instances {
          for neighbor in instance.neighbors { $0.object { JSON.write(neighbor, of: instance.name, in: &$0) } }
        }
      }
    }
  }

  private static func write(_ neighbor: Snapshot.OSPFNeighbor, of instance: String, in reply: inout ReplyWriter) {
    reply.member("protocol", instance)
    let view = neighbor.view
    reply.member("router_id", plain: { $0.append(view.routerID) })
    reply.member("priority", UInt64(view.priority))
    reply.member("state", view.state.name)
    reply.member("role", view.position.word)
    reply.member("dead_ms", UInt64(max(neighbor.deadTime.milliseconds, 0)))
    if view.isRestarting { reply.member("restarting", true) }
    reply.member("interface", view.interfaceName)
    reply.member("address", plain: { $0.append(view.address) })
  }

  /// A protocol that is not up has no sessions.
  package func write(_ protocols: [(name: String, sessions: [Snapshot.BFDSession]?)], to reply: inout ReplyWriter) {
    reply.document { reply in
      reply.array {
        for (name, sessions) in protocols {
          for session in sessions ?? [] { $0.object { JSON.write(session, of: name, in: &$0) } }
        }
      }
    }
  }

  private static func write(_ session: Snapshot.BFDSession, of name: String, in reply: inout ReplyWriter) {
    reply.member("protocol", name)
    reply.member("address", plain: { $0.append(session.address) })
    reply.member("interface", session.interface)
    reply.member("state", session.state.rawValue)
    reply.member("since", session.since.time)
    reply.member("interval_us", UInt64(max(session.interval.nanoseconds / 1000, 0)))
    reply.member("timeout_us", UInt64(max(session.timeout.nanoseconds / 1000, 0)))
  }
}
