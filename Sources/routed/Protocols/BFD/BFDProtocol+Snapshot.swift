import BFD
import Control
import Linux
import RouteCore

extension BFDProtocol {
  /// Its sessions, as `show bfd sessions` tells them; nil if it is not up.
  func sessions(_ clock: DisplayClock) -> [Snapshot.BFDSession]? {
    guard state == .up else { return nil }
    return sessions.all.map { session in
      var shown = Snapshot.BFDSession(
        address: session.key.address, interface: session.interfaceName, state: .init(session.state),
        since: clock.stamp(daemon.wallClock.before(daemon.now - session.since)))
      shown.interval = session.shownInterval
      shown.timeout = session.detectionTime
      return shown
    }
  }
}

extension Snapshot.BFDSession.State {
  fileprivate init(_ state: Session.State) {
    switch state {
    case .adminDown: self = .adminDown
    case .down: self = .down
    case .`init`: self = .`init`
    case .up: self = .up
    }
  }
}
