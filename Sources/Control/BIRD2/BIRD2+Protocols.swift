import ControlLanguage
import RouteCore

extension BIRD2 {
  private static let widths = [10, 10, 10, 6, 13]

  package func write(_ protocols: [Snapshot.ProtocolStatus], _ detail: Detail, to reply: inout ReplyWriter) {
    reply.protocolRow(["Name", "Proto", "Table", "State", "Since", "Info"], BIRD2.widths, .protocolHeading)
    for item in protocols {
      let cells = [
        item.name, item.type, item.table(in: look) ?? "---", item.state.rawValue, times.protocol.text(item.since),
        item.info { "\($0.table) <=> \($0.peerTable)" },
      ]
      reply.protocolRow(cells, BIRD2.widths, .protocolRow)
      if detail == .all { writeDetails(of: item, to: &reply) }
    }
    reply.final(.ok)
  }

  private func writeDetails(of item: Snapshot.ProtocolStatus, to reply: inout ReplyWriter) {
    reply.settings(of: item)
    if case .bgp(let peer) = item.details { write(peer, item.state, to: &reply) }
    for channel in item.channels {
      if case .pipe(let pipe) = item.details {
        write(channel, of: pipe, item.state, to: &reply)
      } else {
        write(channel, to: &reply)
      }
    }
    reply.line(.protocolDetails, "")
  }

  /// Each channel is a block of its own.
  private func write(_ channel: Snapshot.Channel, to reply: inout ReplyWriter) {
    reply.line(.protocolDetails, "  Channel \(channel.name)")
    reply.detail("State", channel.state.rawValue, indent: 4)
    reply.detail("Table", channel.table, indent: 4)
    reply.settings(of: channel, indent: 4)
    if channel.state != .down { reply.routes(of: channel, indent: 4, isPipe: false) }
    reply.detail("Neighbor GR", channel.neighborRestart?.rawValue, indent: 4)
    if let staleTimer = channel.staleTimer {
      reply.begin(.protocolDetails)
      reply.text.append("    LL stale timer: ")
      reply.text.append(seconds: staleTimer, .milliseconds)
      reply.text.append("/-")
      reply.end()
    }
    if channel.state == .up, !channel.nextHops.isEmpty {
      reply.detail("BGP Next hop", channel.nextHops.map { $0.description }.joined(separator: " "), indent: 4)
    }
    for igp in channel.igpTables { reply.detail("IGP \(igp.family == .ipv4 ? "IPv4" : "IPv6") table", igp.table, indent: 4) }
  }

  /// A pipe has one block for both directions, and its counters belong to the protocol.
  private func write(
    _ channel: Snapshot.Channel, of pipe: Snapshot.Pipe, _ state: Snapshot.ProtocolStatus.State, to reply: inout ReplyWriter
  ) {
    reply.line(.protocolDetails, "  Channel \(channel.name)")
    reply.detail("Table", pipe.table, indent: 4)
    reply.detail("Peer table", pipe.peerTable, indent: 4)
    reply.detail("Import state", channel.state == .up ? "up" : "down", indent: 4)
    reply.detail("Export state", channel.state == .up ? "up" : "down", indent: 4)
    reply.detail("Import filter", channel.inputFilter, indent: 4)
    reply.detail("Export filter", channel.outputFilter, indent: 4)
    reply.limits(of: channel, indent: 4)
    if !state.isDown { reply.routes(of: channel, indent: 2, isPipe: true) }
  }

  private func write(_ peer: Snapshot.BGPPeer, _ state: Snapshot.ProtocolStatus.State, to reply: inout ReplyWriter) {
    reply.neighbor(of: peer)
    reply.bgp("Local AS", String(peer.localAS))
    if peer.isNeighborRestarting { reply.neighborRestarts() }
    if state == .start {
      reply.bgp("Error wait", peer.errorWait, .milliseconds)
      reply.bgp("Connect delay", peer.connectDelay, .milliseconds)
      reply.bgp("Restart timer", peer.restartTimer, .milliseconds)
    }
    if let session = peer.session {
      reply.bgp("Neighbor ID", session.neighborID.description)
      reply.capabilities("Local capabilities", session.localCapabilities)
      reply.capabilities("Neighbor capabilities", session.neighborCapabilities)
      reply.bgp("Session", session.flags.words)
      reply.bgp("Source address", session.sourceAddress.description)
      reply.bgp("Hold timer", session.holdTimer, .milliseconds)
      reply.bgp("Keepalive timer", session.keepaliveTimer, .milliseconds)
    }
    reply.lastError(of: peer)
  }
}

extension ReplyWriter {
  /// The tree of what one side announced.
  fileprivate mutating func capabilities(_ side: String, _ shown: [CapabilityDescription]) {
    line(.protocolDetails, "    \(side)")
    for capability in shown.ordered(by: [1, 2, 5, 6, 64, 65, 69, 70, 71, 73, 9]) {
      for words in capability.lines { line(.protocolDetails, "      " + words) }
    }
  }
}
