import ControlLanguage
import RouteCore

/// The answers as JSON documents. Their schema is in routectl(1). Members are only ever added to it.
package final class JSON: Presentation {
  /// The dialect of the daemon: in 1.6 some members differ, as protocols do.
  package let look: CLIFormat

  init(_ look: CLIFormat) { self.look = look }

  package func write(_ status: Snapshot.Status, to reply: inout ReplyWriter) {
    reply.document { $0.object { write(status, in: &$0) } }
  }

  private func write(_ status: Snapshot.Status, in reply: inout ReplyWriter) {
    reply.member("version", look.version)
    reply.member("router_id", plain: { $0.append(status.routerID) })
    reply.member("hostname", status.hostname)
    reply.member("now", status.now.time)
    reply.member("last_reboot", status.lastReboot.time)
    reply.member("last_reconfiguration", status.lastReconfiguration.time)
    if let recovery = status.recovery {
      reply.object("recovery") {
        $0.member("waiting", UInt64(recovery.waitingChannels))
        $0.member("remaining_ms", UInt64(max(recovery.remaining.milliseconds, 0)))
        $0.member("limit", UInt64(max(recovery.limit.wholeSeconds, 0)))
      }
    }
    switch status.state {
    case .running: reply.member("state", "running")
    case .reconfiguring: reply.member("state", "reconfiguring")
    case .shuttingDown: reply.member("state", "shutting down")
    }
  }
}

extension ReplyWriter {
  /// A whole answer.
  mutating func document(_ write: (inout ReplyWriter) -> Void) {
    beginJSON()
    write(&self)
    endJSON()
    final(.ok)
  }
}
