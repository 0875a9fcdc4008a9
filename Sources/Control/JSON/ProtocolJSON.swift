import RouteCore

extension ProtocolView {
  static func writeJSON(_ protocols: [ProtocolView], _ detail: Detail, _ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.beginJSON()
    reply.openArray()
    for view in protocols { view.writeJSON(detail, style, to: &reply) }
    reply.closeArray()
    reply.endJSON()
    reply.final(.ok)
  }

  private func writeJSON(_ detail: Detail, _ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.openObject()
    reply.member("name", name)
    reply.member("type", type)
    reply.member("table", table)
    reply.member("state", state.rawValue)
    reply.member("since", since.time)
    switch details {
    case .none: break
    case .ospf(let isRunning): reply.member("running", isRunning)
    case .pipe(let pipe): reply.member("peer_table", pipe.peerTable)
    case .bgp(let bgp): bgp.writeJSON(detail, to: &reply)
    }
    if detail == .all {
      reply.member("description", description)
      reply.member("message", message)
      if let routerID { reply.member("router_id", plain: { $0.append(routerID) }) }
      reply.member("vrf", vrf)
      reply.key("channels")
      reply.openArray()
      for channel in channels { channel.writeJSON(to: &reply) }
      reply.closeArray()
    }
    reply.closeObject()
  }
}

extension BGPView {
  /// The state and error always, the rest in detail.
  fileprivate func writeJSON(_ detail: Detail, to reply: inout ReplyWriter) {
    reply.key("bgp")
    reply.openObject()
    reply.member("state", state.rawValue)
    if let neighborRange {
      reply.member("neighbor_range", neighborRange.description)
    } else {
      reply.member("neighbor_address", plain: { $0.append(neighborAddress) })
    }
    reply.member("neighbor_interface", neighborInterface)
    reply.member("neighbor_as", UInt64(neighborAS))
    reply.member("local_as", UInt64(localAS))
    reply.member("last_error", lastError?.description)
    if detail == .all {
      reply.member("error_wait", errorWait)
      reply.member("connect_delay", connectDelay)
      reply.member("neighbor_restarting", isNeighborRestarting)
      reply.member("restart_timer", restartTimer)
      if let session {
        reply.member("neighbor_id", plain: { $0.append(session.neighborID) })
        reply.member("internal", session.flags.contains(.internal))
        reply.member("multihop", session.flags.contains(.multihop))
        reply.member("source_address", plain: { $0.append(session.sourceAddress) })
        reply.member("hold_timer", session.holdTimer)
        reply.member("keepalive_timer", session.keepaliveTimer)
        session.localCapabilities.writeJSON("local_capabilities", to: &reply)
        session.neighborCapabilities.writeJSON("neighbor_capabilities", to: &reply)
      }
    }
    reply.closeObject()
  }
}

extension BGPCapabilitiesView {
  fileprivate func writeJSON(_ name: String, to reply: inout ReplyWriter) {
    reply.key(name)
    reply.openObject()
    reply.member("multiprotocol", multiprotocol)
    reply.member("route_refresh", routeRefresh)
    reply.member("enhanced_refresh", enhancedRefresh)
    reply.member("extended_next_hop", extendedNextHop)
    reply.member("extended_message", extendedMessage)
    reply.member("as4", as4)
    reply.member("add_path_rx", addPathRX)
    reply.member("add_path_tx", addPathTX)
    if let gracefulRestart {
      reply.key("graceful_restart")
      reply.openObject()
      if let time = gracefulRestart.restartTime { reply.member("restart_time", UInt64(time)) }
      reply.member("restarting", gracefulRestart.isRestarting)
      reply.member("families", gracefulRestart.families)
      reply.member("preserved", gracefulRestart.preserved)
      reply.closeObject()
    }
    if let longLived {
      reply.key("long_lived_graceful_restart")
      reply.openObject()
      if let time = longLived.staleTime { reply.member("stale_time", UInt64(time)) }
      reply.member("families", longLived.families)
      reply.member("preserved", longLived.preserved)
      reply.closeObject()
    }
    reply.member("hostname", hostname)
    reply.member("role", role)
    reply.closeObject()
  }
}

extension ChannelView {
  fileprivate func writeJSON(to reply: inout ReplyWriter) {
    reply.openObject()
    reply.member("name", name)
    reply.member("state", state.rawValue)
    reply.member("table", table)
    reply.member("preference", UInt64(preference))
    reply.member("input_filter", inputFilter)
    reply.member("output_filter", outputFilter)
    for (name, limit) in [("receive_limit", receiveLimit), ("import_limit", importLimit), ("export_limit", exportLimit)] {
      guard let limit else { continue }
      reply.key(name)
      reply.openObject()
      reply.member("count", UInt64(limit.limit.count))
      reply.member("action", limit.limit.action.rawValue)
      reply.member("hit", limit.isHit)
      reply.closeObject()
    }
    reply.member("imported", UInt64(imported))
    if let filtered { reply.member("filtered", UInt64(filtered)) }
    reply.member("exported", UInt64(exported))
    reply.member("preferred", UInt64(preferred))
    statistics.importUpdates.writeJSON("import_updates", to: &reply)
    statistics.importWithdraws.writeJSON("import_withdraws", to: &reply)
    statistics.exportUpdates.writeJSON("export_updates", to: &reply)
    statistics.exportWithdraws.writeJSON("export_withdraws", to: &reply)
    reply.member("neighbor_restart", neighborRestart?.rawValue)
    if let staleTimer { reply.member("stale_timer_ms", UInt64(max(staleTimer.milliseconds, 0))) }
    if !nextHops.isEmpty { reply.member("next_hops", nextHops.map({ $0.description })) }
    reply.closeObject()
  }
}

extension ChannelView.Counters {
  fileprivate func writeJSON(_ name: String, to reply: inout ReplyWriter) {
    reply.key(name)
    reply.openObject()
    reply.member("received", UInt64(received))
    reply.member("rejected", UInt64(rejected))
    reply.member("filtered", UInt64(filtered))
    reply.member("ignored", UInt64(ignored))
    reply.member("accepted", UInt64(accepted))
    reply.closeObject()
  }
}

extension ReplyWriter {
  /// `{"remaining_ms":…,"total":…}`, or nothing.
  fileprivate mutating func member(_ name: String, _ timer: BGPView.Countdown?) {
    guard let timer else { return }
    key(name)
    openObject()
    member("remaining_ms", UInt64(max(timer.remaining.milliseconds, 0)))
    if let total = timer.total { member("total", UInt64(max(total.wholeSeconds, 0))) }
    closeObject()
  }
}
