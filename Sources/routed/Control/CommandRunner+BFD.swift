import BFD
import Control
import Linux
import RouteCore

// `show bfd sessions`
extension CommandRunner {
  func showBFDSessions(_ name: String?, _ reply: inout ReplyWriter) throws(ControlError) {
    let chosen = try instances(named: name, kind: "BFD") { $0.subject.bfd }
    BFDSessionView.write(chosen.map { ($0.name, $0.state == .up ? $0.sessions.all.map(view) : nil) }, style, to: &reply)
  }

  private func view(_ session: Session) -> BFDSessionView {
    let state: BFDSessionView.State =
      switch session.state {
      case .adminDown: .adminDown
      case .down: .down
      case .`init`: .`init`
      case .up: .up
      }
    return BFDSessionView(
      address: session.key.address, interface: session.interfaceName, state: state,
      since: clock.stamp(daemon.wallClock.before(daemon.now - session.since)), interval: session.shownInterval,
      timeout: session.detectionTime)
  }
}
