import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// `    Label:          value`
  mutating func bgp(_ label: String, _ value: String) {
    beginBGP(label)
    text.append(value)
    end()
  }

  /// `    Label:          remaining/total`, or nothing if the timer is not running.
  mutating func bgp(_ label: String, _ timer: Snapshot.BGPPeer.Countdown?, _ precision: TimerPrecision) {
    guard let timer else { return }
    beginBGP(label)
    text.append(seconds: timer.remaining, precision)
    text.append("/")
    if let total = timer.total { text.append(UInt64(max(total.wholeSeconds, 0))) } else { text.append("-") }
    end()
  }

  private mutating func beginBGP(_ label: String) {
    begin(.protocolDetails)
    text.append("    ")
    text.append(label)
    text.append(":")
    pad(to: 22)
  }

  /// The state of the session, and who the neighbour is.
  mutating func neighbor(of peer: Snapshot.BGPPeer) {
    line(.protocolDetails, "  BGP state:          \(peer.state.rawValue)")
    if let range = peer.neighborRange {
      bgp("Neighbor range", range.description)
    } else {
      bgp("Neighbor address", "\(peer.neighborAddress)\(peer.neighborInterface.map { "%" + $0 } ?? "")")
    }
    bgp("Neighbor AS", String(peer.neighborAS))
  }

  mutating func neighborRestarts() { line(.protocolDetails, "    Neighbor graceful restart active") }

  mutating func lastError(of peer: Snapshot.BGPPeer) {
    if let error = peer.lastError { bgp("Last error", error.description) }
  }
}

extension Snapshot.BGPPeer.SessionFlags {
  /// What kind of session it is.
  var words: String {
    var text = contains(.internal) ? "internal" : "external"
    if contains(.multihop) { text += " multihop" }
    if contains(.routeReflector) { text += " route-reflector" }
    if contains(.routeServer) { text += " route-server" }
    if contains(.as4) { text += " AS4" }
    return text
  }
}
