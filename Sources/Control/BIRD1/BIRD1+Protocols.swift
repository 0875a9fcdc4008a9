import ControlLanguage
import RouteCore

extension BIRD1 {
  private static let widths = [8, 8, 8, 6, 11]

  package func write(_ protocols: [Snapshot.ProtocolStatus], _ detail: Detail, to reply: inout ReplyWriter) {
    reply.protocolRow(["name", "proto", "table", "state", "since", "info"], BIRD1.widths, .protocolHeading)
    for item in protocols {
      let cells = [
        item.name, item.type, item.table(in: look) ?? "master", item.state.rawValue, times.protocol.text(item.since),
        item.info { "=> \($0.peerTable)" },
      ]
      reply.protocolRow(cells, BIRD1.widths, .protocolRow)
      if detail == .all { writeDetails(of: item, to: &reply) }
    }
    reply.final(.ok)
  }

  /// A protocol's only channel is part of the protocol.
  private func writeDetails(of item: Snapshot.ProtocolStatus, to reply: inout ReplyWriter) {
    var isPipe = false
    if case .pipe = item.details { isPipe = true }
    reply.settings(of: item)
    for channel in item.channels(in: look) {
      reply.settings(of: channel, indent: 2)
      if !item.state.isDown { reply.routes(of: channel, indent: 2, isPipe: isPipe) }
    }
    if case .bgp(let peer) = item.details { write(peer, item.state, to: &reply) }
    reply.line(.protocolDetails, "")
  }

  private func write(_ peer: Snapshot.BGPPeer, _ state: Snapshot.ProtocolStatus.State, to reply: inout ReplyWriter) {
    reply.neighbor(of: peer)
    if peer.isNeighborRestarting { reply.neighborRestarts() }
    reply.bgp("Restart timer", peer.restartTimer, .seconds)
    reply.bgp("LL stale timer", peer.staleTimer, .seconds)
    if state == .start {
      reply.bgp("Error wait", peer.errorWait, .seconds)
      reply.bgp("Connect delay", peer.connectDelay, .seconds)
    }
    if let session = peer.session {
      reply.bgp("Neighbor ID", session.neighborID.description)
      let words = session.neighborCapabilities.ordered(by: [2, 70, 64, 71, 65, 69, 6]).flatMap { $0.words }
      reply.line(.protocolDetails, "    Neighbor caps:   " + words.map { " " + $0 }.joined())
      reply.bgp("Session", session.flags.words + session.flags.capabilityWords)
      reply.bgp("Source address", session.sourceAddress.description)
      if let limit = session.routeLimit { reply.bgp("Route limit", "\(limit.count)/\(limit.limit)") }
      reply.bgp("Hold timer", session.holdTimer, .seconds)
      reply.bgp("Keepalive timer", session.keepaliveTimer, .seconds)
    }
    reply.lastError(of: peer)
  }
}

extension Snapshot.BGPPeer.SessionFlags {
  /// What 2.x leaves to the capabilities.
  fileprivate var capabilityWords: String {
    (contains(.addPathRX) ? " add-path-rx" : "") + (contains(.addPathTX) ? " add-path-tx" : "")
      + (contains(.extendedMessages) ? " ext-messages" : "")
  }
}
