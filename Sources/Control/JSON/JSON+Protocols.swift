import RouteCore

extension JSON {
  package func write(_ protocols: [Snapshot.ProtocolStatus], _ detail: Detail, to reply: inout ReplyWriter) {
    reply.document { reply in
      reply.array(protocols) { reply, item in reply.object { write(item, detail, in: &$0) } }
    }
  }

  private func write(_ item: Snapshot.ProtocolStatus, _ detail: Detail, in reply: inout ReplyWriter) {
    reply.member("name", item.name)
    reply.member("type", item.type)
    reply.member("table", item.table(in: look))
    reply.member("state", item.state.rawValue)
    reply.member("since", item.since.time)
    switch item.details {
    case .none: break
    case .ospf(let isRunning): reply.member("running", isRunning)
    case .pipe(let pipe): reply.member("peer_table", pipe.peerTable)
    case .bgp(let peer): reply.object("bgp") { JSON.write(peer, detail, in: &$0) }
    }
    guard detail == .all else { return }
    reply.member("description", item.description)
    reply.member("message", item.message)
    if let routerID = item.routerID { reply.member("router_id", plain: { $0.append(routerID) }) }
    reply.member("vrf", item.vrf)
    reply.array("channels", item.channels(in: look)) { reply, channel in reply.object { JSON.write(channel, in: &$0) } }
  }

  /// The state and error always, the rest in detail.
  private static func write(_ peer: Snapshot.BGPPeer, _ detail: Detail, in reply: inout ReplyWriter) {
    reply.member("state", peer.state.rawValue)
    if let range = peer.neighborRange {
      reply.member("neighbor_range", range.description)
    } else {
      reply.member("neighbor_address", plain: { $0.append(peer.neighborAddress) })
    }
    reply.member("neighbor_interface", peer.neighborInterface)
    reply.member("neighbor_as", UInt64(peer.neighborAS))
    reply.member("local_as", UInt64(peer.localAS))
    reply.member("last_error", peer.lastError?.description)
    guard detail == .all else { return }
    reply.member("error_wait", peer.errorWait)
    reply.member("connect_delay", peer.connectDelay)
    reply.member("neighbor_restarting", peer.isNeighborRestarting)
    reply.member("restart_timer", peer.restartTimer)
    guard let session = peer.session else { return }
    reply.member("neighbor_id", plain: { $0.append(session.neighborID) })
    reply.member("internal", session.flags.contains(.internal))
    reply.member("multihop", session.flags.contains(.multihop))
    reply.member("source_address", plain: { $0.append(session.sourceAddress) })
    reply.member("hold_timer", session.holdTimer)
    reply.member("keepalive_timer", session.keepaliveTimer)
    reply.object("local_capabilities") { write(session.localCapabilities, in: &$0) }
    reply.object("neighbor_capabilities") { write(session.neighborCapabilities, in: &$0) }
  }

  private static func write(_ capabilities: [CapabilityDescription], in reply: inout ReplyWriter) {
    for capability in capabilities.ordered(by: [1, 2, 70, 5, 6, 65, 69, 64, 71, 73, 9]) {
      for member in capability.members { reply.member(member) }
    }
  }

  private static func write(_ channel: Snapshot.Channel, in reply: inout ReplyWriter) {
    reply.member("name", channel.name)
    reply.member("state", channel.state.rawValue)
    reply.member("table", channel.table)
    reply.member("preference", UInt64(channel.preference))
    reply.member("input_filter", channel.inputFilter)
    reply.member("output_filter", channel.outputFilter)
    reply.member("receive_limit", channel.receiveLimit)
    reply.member("import_limit", channel.importLimit)
    reply.member("export_limit", channel.exportLimit)
    reply.member("imported", UInt64(channel.imported))
    if let filtered = channel.filtered { reply.member("filtered", UInt64(filtered)) }
    reply.member("exported", UInt64(channel.exported))
    reply.member("preferred", UInt64(channel.preferred))
    reply.member("import_updates", channel.statistics.importUpdates)
    reply.member("import_withdraws", channel.statistics.importWithdraws)
    reply.member("export_updates", channel.statistics.exportUpdates)
    reply.member("export_withdraws", channel.statistics.exportWithdraws)
    reply.member("neighbor_restart", channel.neighborRestart?.rawValue)
    if let staleTimer = channel.staleTimer { reply.member("stale_timer_ms", UInt64(max(staleTimer.milliseconds, 0))) }
    if !channel.nextHops.isEmpty { reply.member("next_hops", channel.nextHops.map { $0.description }) }
  }
}

extension ReplyWriter {
  fileprivate mutating func member(_ name: String, _ limit: Snapshot.Channel.Limit?) {
    guard let limit else { return }
    object(name) {
      $0.member("count", UInt64(limit.limit.count))
      $0.member("action", limit.limit.action.rawValue)
      $0.member("hit", limit.isHit)
    }
  }

  fileprivate mutating func member(_ name: String, _ counters: Snapshot.Channel.Counters) {
    object(name) {
      $0.member("received", UInt64(counters.received))
      $0.member("rejected", UInt64(counters.rejected))
      $0.member("filtered", UInt64(counters.filtered))
      $0.member("ignored", UInt64(counters.ignored))
      $0.member("accepted", UInt64(counters.accepted))
    }
  }

  /// `{"remaining_ms":…,"total":…}`, or nothing.
  fileprivate mutating func member(_ name: String, _ timer: Snapshot.BGPPeer.Countdown?) {
    guard let timer else { return }
    object(name) {
      $0.member("remaining_ms", UInt64(max(timer.remaining.milliseconds, 0)))
      if let total = timer.total { $0.member("total", UInt64(max(total.wholeSeconds, 0))) }
    }
  }
}

extension ReplyWriter {
  fileprivate mutating func member(_ member: CapabilityDescription.Member) {
    switch member.value {
    case .flag(let truth): self.member(member.name, truth)
    case .number(let number): self.member(member.name, number)
    case .text(let text): self.member(member.name, text)
    case .list(let items): self.member(member.name, items)
    case .object(let members): object(member.name) { for inner in members { $0.member(inner) } }
    }
  }
}
