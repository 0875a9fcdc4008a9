import RouteCore

extension BFDSessionView {
  /// The sessions of one `protocol bfd`; nil if it is not up.
  package typealias Listing = (name: String, sessions: [BFDSessionView]?)

  /// Writes the whole answer of `show bfd sessions`, protocol by protocol.
  package static func write(_ protocols: [Listing], _ style: ReplyStyle, to reply: inout ReplyWriter) {
    if style.output == .json { return writeJSON(protocols, to: &reply) }
    for (name, sessions) in protocols {
      guard let sessions else {
        reply.line(.bfdSessions, "\(name): is not up")
        continue
      }
      reply.line(.bfdSessions, "\(name):")
      let since = style.format == .bird1 ? "Since     " : "Since       "
      reply.line(.bfdSessions, "IP address                Interface  State      \(since)  Interval  Timeout")
      for session in sessions { session.write(style, to: &reply) }
    }
    reply.final(.ok)
  }

  private func write(_ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.begin(.bfdSessions)
    func column(_ width: Int, _ separator: String, _ write: (inout TextBuffer) -> Void) {
      let start = reply.text.count
      write(&reply.text)
      reply.text.pad(from: start, to: width)
      reply.text.append(separator)
    }
    column(25, " ") { $0.append(address) }
    column(10, " ") { $0.append(interface ?? "---") }
    column(10, " ") { $0.append(state.rawValue) }
    column(style.format == .bird1 ? 10 : 12, "  ") { style.times.protocol.write(since, to: &$0) }
    // Both looks have milliseconds here.
    reply.text.append(seconds: interval, .bird2, width: 7)
    reply.text.append("  ")
    reply.text.append(seconds: timeout, .bird2, width: 7)
    reply.end()
  }

  private static func writeJSON(_ protocols: [Listing], to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openArray()
    for (name, sessions) in protocols {
      for session in sessions ?? [] {
        reply.openObject()
        reply.member("protocol", name)
        reply.member("address", plain: { $0.append(session.address) })
        reply.member("interface", session.interface)
        reply.member("state", session.state.rawValue)
        reply.member("since", session.since.time)
        reply.member("interval_us", UInt64(max(session.interval.nanoseconds / 1000, 0)))
        reply.member("timeout_us", UInt64(max(session.timeout.nanoseconds / 1000, 0)))
        reply.closeObject()
      }
    }
    reply.closeArray()
    reply.endJSON()
    reply.final(.ok)
  }
}
