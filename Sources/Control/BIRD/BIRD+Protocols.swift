import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// A row of the table of protocols.
  mutating func protocolRow(_ cells: [String], _ widths: [Int], _ code: ReplyCode) {
    begin(code)
    for (index, cell) in cells.enumerated() {
      guard index < widths.count else {
        text.append(cell)
        break
      }
      self.cell(widths[index]) { $0.append(cell) }
      text.append(" ")
    }
    end()
  }

  /// `  Label:          value`, the value in column 18 beyond the indent of two; nothing for nil.
  mutating func detail(_ label: String, _ value: String?, indent: Int) {
    guard let value else { return }
    begin(.protocolDetails)
    text.append(spaces: indent)
    text.append(label)
    text.append(":")
    pad(to: indent + 16)
    text.append(value)
    end()
  }

  /// What `show protocols all` says of every protocol.
  mutating func settings(of item: Snapshot.ProtocolStatus) {
    detail("Description", item.description, indent: 2)
    detail("Message", item.message, indent: 2)
    detail("Router ID", item.routerID?.description, indent: 2)
    detail("VRF", item.vrf, indent: 2)
  }

  mutating func settings(of channel: Snapshot.Channel, indent: Int) {
    detail("Preference", String(channel.preference), indent: indent)
    detail("Input filter", channel.inputFilter, indent: indent)
    detail("Output filter", channel.outputFilter, indent: indent)
    if let recovery = channel.recovery {
      let text = (recovery.isPending ? " pending" : "") + (recovery.isWaiting ? " waiting" : "")
      line(.protocolDetails, String(repeating: " ", count: indent) + "GR recovery:   " + text)
    }
    limits(of: channel, indent: indent)
  }

  mutating func limits(of channel: Snapshot.Channel, indent: Int) {
    for (label, limit) in [
      ("Receive limit", channel.receiveLimit), ("Import limit", channel.importLimit), ("Export limit", channel.exportLimit),
    ] {
      guard let limit else { continue }
      detail(label, "\(limit.limit.count)\(limit.isHit ? " [HIT]" : "")", indent: indent)
      begin(.protocolDetails)
      text.append(spaces: indent + 2)
      text.append("Action:       \(limit.limit.action.rawValue)")
      end()
    }
  }

  /// How many routes a channel has, and its counters of changes. The exports of a pipe have no preferred routes, and as they are imports
  /// of another table, they have the columns of imports.
  mutating func routes(of channel: Snapshot.Channel, indent: Int, isPipe: Bool) {
    var parts = ["\(channel.imported) imported"]
    if let filtered = channel.filtered { parts.append("\(filtered) filtered") }
    parts.append("\(channel.exported) exported")
    if !isPipe { parts.append("\(channel.preferred) preferred") }
    detail("Routes", parts.joined(separator: ", "), indent: indent)
    begin(.protocolDetails)
    text.append(spaces: indent)
    text.append("Route change stats:     received   rejected   filtered    ignored   accepted")
    end()
    let (iu, iw) = (channel.statistics.importUpdates, channel.statistics.importWithdraws)
    let (eu, ew) = (channel.statistics.exportUpdates, channel.statistics.exportWithdraws)
    counters("Import updates:", [iu.received, iu.rejected, iu.filtered, iu.ignored, iu.accepted], indent)
    counters("Import withdraws:", [iw.received, iw.rejected, nil, iw.ignored, iw.accepted], indent)
    counters("Export updates:", [eu.received, eu.rejected, eu.filtered, isPipe ? eu.ignored : nil, eu.accepted], indent)
    counters(
      "Export withdraws:", [ew.received, isPipe ? ew.rejected : nil, nil, isPipe ? ew.ignored : nil, ew.accepted], indent)
  }

  /// `---` where a counter has no meaning.
  private mutating func counters(_ label: String, _ cells: [UInt32?], _ indent: Int) {
    begin(.protocolDetails)
    text.append(spaces: indent + 2)
    text.append(label)
    pad(to: indent + 21)
    for cell in cells {
      text.append(" ")
      if let cell { text.append(cell, width: 10) } else { text.append("       ---") }
    }
    end()
  }
}

extension Snapshot.ProtocolStatus {
  /// The last column of `show protocols`; the looks have their own for a pipe.
  func info(_ pipe: (Snapshot.Pipe) -> String) -> String {
    switch details {
    case .none: return ""
    case .ospf(let isRunning): return state.isDown ? "" : isRunning ? "Running" : "Alone"
    case .pipe(let tables): return pipe(tables)
    case .bgp(let bgp):
      let error = bgp.lastError?.description ?? ""
      if state.isDown { return error }
      let state = bgp.state.rawValue
      return state + String(repeating: " ", count: max(14 - state.utf8.count, 0)) + error
    }
  }
}
