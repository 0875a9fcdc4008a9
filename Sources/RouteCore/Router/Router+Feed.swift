// The export side of a channel: when it begins and ends, and when all networks are presented (again).

extension Router {
  /// Begins to export, unless nothing is to be exported.
  mutating func openExport(_ id: ChannelID, _ mode: ExportMode) {
    guard case .closed = channels[id].export, mode != .off else { return }
    let configuration = channels[id].configuration
    if case .none = configuration.exportPolicy { return }
    channels[id].export = .feeding(mode, ExportState.Feed(reason: .opening))
    if configuration.exportTable || mode == .everyPath { channels[id].exportTable = adjacentTable("export", configuration.family) }
    channels[id].nextExporter = firstExporter[channels[id].table]
    firstExporter[channels[id].table] = id
  }

  /// Stops the export of a channel without a withdrawal: what was announced is the protocol's own matter.
  package mutating func closeExport(_ id: ChannelID) {
    let table = channels[id].table
    if channels[id].exportMode != .off {
      if firstExporter[table] == id {
        firstExporter[table] = channels[id].nextExporter
      } else if let previous = channels.firstID(where: { $0.nextExporter == id && $0.table == table }) {
        channels[previous].nextExporter = channels[id].nextExporter
      }
    }
    channels[id].nextExporter = nil
    if !channels[id].holdsExport { channels[id].export = .closed }
    leave(channels[id].queue, of: table)
    channels[id].queue = Queue()
    channels[id].dirty.removeAll()
    channels[id].announced.removeAll()
    channels[id].statistics.exported = 0
    closeExportTable(id)
  }

  /// The export policy changed: everything is looked at again, and what is no longer let through is withdrawn. If it is known what was
  /// let through `before`, only networks for which that differs are announced.
  package mutating func reexport(_ id: ChannelID, _ mode: ExportMode, before: Policy? = nil) {
    guard channels[id].exportMode != .off else { return openExport(id, mode) }
    if mode == .off { return closeExport(id) }
    // Else it is not known under which policy the networks were announced.
    if mode == .best, let before, case .open(_, isMixed: false) = channels[id].export {
      channels[id].export = .feeding(mode, ExportState.Feed(reason: .changed(before: before)))
    } else {
      channels[id].export = .feeding(mode, ExportState.Feed(reason: channels[id].export.resends ? .refresh : .again))
    }
  }

  /// The export policy changed, and holds for what changes from now on only.
  package mutating func keepAnnounced(_ id: ChannelID, _ mode: ExportMode) {
    if channels[id].exportMode != .off { return channels[id].export.mix() }
    openExport(id, mode)
    // There is nothing to be fed but what comes.
    if channels[id].exportMode != .off { channels[id].export = .open(mode, isMixed: false) }
  }

  /// Presents everything to the channel once more: its filter changed, or (`resend`) its peer asked for a refresh (RFC 2918), and wants
  /// to hear even what an export table says it knows.
  package mutating func refeed(_ id: ChannelID, resend: Bool = false) {
    let mode = channels[id].exportMode
    guard mode != .off else { return }
    channels[id].export = .feeding(mode, ExportState.Feed(reason: resend || channels[id].export.resends ? .refresh : .again))
  }

  /// The next network of a channel's feed, the last of which ends it. In the order of their numbers, which is that of their arrival:
  /// those with equal attributes stand together. `passed` routes were let through since they were last taken note of.
  mutating func nextFed(_ id: ChannelID, passed: inout UInt32) -> NetID? {
    while case .feeding(let mode, var feed) = channels[id].export {
      feed.passed &+= passed
      passed = 0
      let table = channels[id].table
      let net = self[table: table].next(&feed.cursor)
      channels[id].export = .feeding(mode, feed)
      guard let net else {
        endFeed(id, mode, feed)
        continue
      }
      if self[table: table][net: net].first != .none { return net }
    }
    return nil
  }

  /// A feed has come to its end. If its channel is blocked by a limit that all routes of the feed would have respected, it is free again,
  /// and everything is looked at once more.
  private mutating func endFeed(_ id: ChannelID, _ mode: ExportMode, _ feed: ExportState.Feed) {
    channels[id].export = .open(mode, isMixed: feed.isMixed)
    if case .opening = feed.reason { return }
    guard channels[id].exportLimit.isBlocked, let limit = channels[id].exportLimit.limit, feed.passed <= limit.count,
      channels[id].statistics.exported <= limit.count
    else { return }
    channels[id].exportLimit.reset()
    channels[id].export = .feeding(mode, ExportState.Feed(reason: .again, isMixed: feed.isMixed))
  }
}
