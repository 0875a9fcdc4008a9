import RouteCore

extension ChannelView {
  /// The 1.6 look: a protocol's only channel is part of the protocol.
  func writeBIRD1(_ details: ProtocolView.Details, _ state: ProtocolView.State, to reply: inout ReplyWriter) {
    var isPipe = false
    if case .pipe = details { isPipe = true }
    writeCommon(indent: 2, to: &reply)
    guard !state.isDown else { return }
    writeRoutes(indent: 2, withPreferred: !isPipe, to: &reply)
    statistics.write(indent: 2, isPipe: isPipe, to: &reply)
  }

  /// The 2.x look: each channel is a block of its own.
  func writeBIRD2(_ state: ProtocolView.State, to reply: inout ReplyWriter) {
    reply.line(.protocolDetails, "  Channel \(name)")
    reply.detail("State", self.state.rawValue, indent: 4)
    reply.detail("Table", table, indent: 4)
    writeCommon(indent: 4, to: &reply)
    if self.state != .down {
      writeRoutes(indent: 4, withPreferred: true, to: &reply)
      statistics.write(indent: 4, isPipe: false, to: &reply)
    }
    if let neighborRestart { reply.detail("Neighbor GR", neighborRestart.rawValue, indent: 4) }
    if let staleTimer {
      reply.begin(.protocolDetails)
      reply.text.append("    LL stale timer: ")
      reply.text.append(seconds: staleTimer, .bird2)
      reply.text.append("/-")
      reply.end()
    }
    if self.state == .up, !nextHops.isEmpty {
      reply.detail("BGP Next hop", nextHops.map { $0.description }.joined(separator: " "), indent: 4)
    }
    for igp in igpTables { reply.detail("IGP \(igp.family == .ipv4 ? "IPv4" : "IPv6") table", igp.table, indent: 4) }
  }

  /// A pipe in the 2.x look: one block for both directions, its counters belonging to the protocol.
  func writeBIRD2(_ pipe: PipeView, _ state: ProtocolView.State, to reply: inout ReplyWriter) {
    reply.line(.protocolDetails, "  Channel \(name)")
    reply.detail("Table", pipe.table, indent: 4)
    reply.detail("Peer table", pipe.peerTable, indent: 4)
    reply.detail("Import state", self.state == .up ? "up" : "down", indent: 4)
    reply.detail("Export state", self.state == .up ? "up" : "down", indent: 4)
    reply.detail("Import filter", inputFilter, indent: 4)
    reply.detail("Export filter", outputFilter, indent: 4)
    writeLimits(indent: 4, to: &reply)
    guard !state.isDown else { return }
    writeRoutes(indent: 2, withPreferred: false, to: &reply)
    statistics.write(indent: 2, isPipe: true, to: &reply)
  }

  private func writeCommon(indent: Int, to reply: inout ReplyWriter) {
    reply.detail("Preference", String(preference), indent: indent)
    reply.detail("Input filter", inputFilter, indent: indent)
    reply.detail("Output filter", outputFilter, indent: indent)
    if let recovery {
      let text = (recovery.isPending ? " pending" : "") + (recovery.isWaiting ? " waiting" : "")
      reply.line(.protocolDetails, String(repeating: " ", count: indent) + "GR recovery:   " + text)
    }
    writeLimits(indent: indent, to: &reply)
  }

  private func writeLimits(indent: Int, to reply: inout ReplyWriter) {
    for (label, limit) in [("Receive limit", receiveLimit), ("Import limit", importLimit), ("Export limit", exportLimit)] {
      guard let limit else { continue }
      reply.detail(label, "\(limit.limit.count)\(limit.isHit ? " [HIT]" : "")", indent: indent)
      reply.begin(.protocolDetails)
      reply.text.append(spaces: indent + 2)
      reply.text.append("Action:       \(limit.limit.action.rawValue)")
      reply.end()
    }
  }

  private func writeRoutes(indent: Int, withPreferred: Bool, to reply: inout ReplyWriter) {
    var parts = ["\(imported) imported"]
    if let filtered { parts.append("\(filtered) filtered") }
    parts.append("\(exported) exported")
    if withPreferred { parts.append("\(preferred) preferred") }
    reply.detail("Routes", parts.joined(separator: ", "), indent: indent)
  }
}

extension ChannelView.Statistics {
  /// A table of counters; `---` where a counter has no meaning. A pipe's exports are another table's imports and so have the
  /// columns of imports.
  fileprivate func write(indent: Int, isPipe: Bool, to reply: inout ReplyWriter) {
    reply.begin(.protocolDetails)
    reply.text.append(spaces: indent)
    reply.text.append("Route change stats:     received   rejected   filtered    ignored   accepted")
    reply.end()
    func row(_ label: String, _ c: ChannelView.Counters, _ cells: [UInt32?]) {
      reply.begin(.protocolDetails)
      reply.text.append(spaces: indent + 2)
      reply.text.append(label)
      reply.pad(to: indent + 21)
      for cell in cells {
        reply.text.append(" ")
        if let cell { reply.text.append(cell, width: 10) } else { reply.text.append("       ---") }
      }
      reply.end()
    }
    let (iu, iw, eu, ew) = (importUpdates, importWithdraws, exportUpdates, exportWithdraws)
    row("Import updates:", iu, [iu.received, iu.rejected, iu.filtered, iu.ignored, iu.accepted])
    row("Import withdraws:", iw, [iw.received, iw.rejected, nil, iw.ignored, iw.accepted])
    if isPipe {
      row("Export updates:", eu, [eu.received, eu.rejected, eu.filtered, eu.ignored, eu.accepted])
      row("Export withdraws:", ew, [ew.received, ew.rejected, nil, ew.ignored, ew.accepted])
    } else {
      row("Export updates:", eu, [eu.received, eu.rejected, eu.filtered, nil, eu.accepted])
      row("Export withdraws:", ew, [ew.received, nil, nil, nil, ew.accepted])
    }
  }
}
