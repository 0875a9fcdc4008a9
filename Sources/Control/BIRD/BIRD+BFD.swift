import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// The answer of `show bfd sessions`, protocol by protocol. The heading of times, with its padding, gives their column its width.
  mutating func sessions(
    _ protocols: [(name: String, sessions: [Snapshot.BFDSession]?)], since heading: String, _ times: TimeFormat
  ) {
    for (name, sessions) in protocols {
      guard let sessions else {
        line(.bfdSessions, "\(name): is not up")
        continue
      }
      line(.bfdSessions, "\(name):")
      line(.bfdSessions, "IP address                Interface  State      \(heading)  Interval  Timeout")
      for session in sessions {
        begin(.bfdSessions)
        cell(25) { $0.append(session.address) }
        text.append(" ")
        cell(10) { $0.append(session.interface ?? "---") }
        text.append(" ")
        cell(10) { $0.append(session.state.rawValue) }
        text.append(" ")
        cell(heading.utf8.count) { times.write(session.since, to: &$0) }
        text.append("  ")
        // Both looks have milliseconds here.
        text.append(seconds: session.interval, .milliseconds, width: 7)
        text.append("  ")
        text.append(seconds: session.timeout, .milliseconds, width: 7)
        end()
      }
    }
    final(.ok)
  }
}
