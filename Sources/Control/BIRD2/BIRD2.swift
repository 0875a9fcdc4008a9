import ControlLanguage
import RouteCore

/// The look of BIRD 2.0.12, as `birdc` shows it.
package final class BIRD2: BIRDPresentation {
  let times: TimeFormats
  package let look = CLIFormat.bird2

  init(_ times: TimeFormats) { self.times = times }

  package func write(_ status: Snapshot.Status, to reply: inout ReplyWriter) {
    reply.head(of: status, look)
    reply.line(.uptime, "Hostname is \(status.hostname)")
    reply.times(of: status, times.base)
    reply.recovery(status.recovery, of: "channels", .milliseconds)
    reply.final(.statusReport, status.state.words)
  }

  package func write(_ memory: Snapshot.Memory, to reply: inout ReplyWriter) {
    reply.line(.memory, "BIRD memory usage")
    reply.line(.memory, "                  Effective    Overhead")
    for row in memory.rows where row.use != .roaTables { write(row.use.words, row.effective, row.overhead, to: &reply) }
    write("Total", memory.total, memory.overhead, to: &reply)
    reply.final(.ok)
  }

  private func write(_ name: String, _ effective: UInt64, _ overhead: UInt64, to reply: inout ReplyWriter) {
    reply.memory(name) { text in
      text.append(tenthsOfBytes: effective)
      text.append("   ")
      text.append(tenthsOfBytes: overhead)
    }
  }
}
