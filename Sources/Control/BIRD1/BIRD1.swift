import ControlLanguage
import RouteCore

/// The look of BIRD 1.6.8, as `birdc6` shows it.
package final class BIRD1: BIRDPresentation {
  let times: TimeFormats
  package let look = CLIFormat.bird1

  init(_ times: TimeFormats) { self.times = times }

  package func write(_ status: Snapshot.Status, to reply: inout ReplyWriter) {
    reply.head(of: status, look)
    reply.times(of: status, times.base)
    // A protocol is its only channel.
    reply.recovery(status.recovery, of: "protocols", .seconds)
    reply.final(.statusReport, status.state.words)
  }

  package func write(_ memory: Snapshot.Memory, to reply: inout ReplyWriter) {
    reply.line(.memory, "BIRD memory usage")
    for row in memory.rows where row.use != .standby {
      reply.memory(row.use.words) { $0.append(wholeBytes: row.effective) }
    }
    reply.memory("Total") { $0.append(wholeBytes: memory.total) }
    reply.final(.ok)
  }
}
