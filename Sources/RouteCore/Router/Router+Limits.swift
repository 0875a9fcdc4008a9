// `receive limit`, `import limit`, `export limit`. The first counts what a channel has in the table, filtered routes included, the second
// what its filter let through, the third what was announced to its protocol. They are looked at when one more comes.

extension Router {
  /// Whether the channel may have one more route, of any kind.
  mutating func isWithinReceiveLimit(_ index: Int) -> Bool {
    let statistics = channels[index].statistics
    if channels[index].receiveLimit.reach(statistics.imported &+ statistics.filtered) {
      tell(channels[index].receiveLimit, .receive, index)
    }
    guard channels[index].receiveLimit.isBlocked else { return true }
    channels[index].statistics.importUpdates.ignored &+= 1
    return false
  }

  /// Whether the channel may have one more route that its filter has let through.
  mutating func isWithinImportLimit(_ index: Int) -> Bool {
    guard channels[index].importLimit.limit != nil else { return true }
    if channels[index].importLimit.reach(channels[index].statistics.imported) { tell(channels[index].importLimit, .import, index) }
    guard channels[index].importLimit.isBlocked else { return true }
    channels[index].statistics.importUpdates.ignored &+= 1
    return false
  }

  /// Whether one more route may be announced to the channel's protocol.
  mutating func isWithinExportLimit(_ index: Int) -> Bool {
    guard channels[index].exportLimit.limit != nil else { return true }
    if channels[index].exportLimit.reach(channels[index].statistics.exported) { tell(channels[index].exportLimit, .export, index) }
    guard channels[index].exportLimit.isBlocked else { return true }
    channels[index].statistics.exportUpdates.rejected &+= 1
    return false
  }

  mutating func tell(_ state: LimitState, _ direction: LimitEvent.Direction, _ index: Int) {
    guard let limit = state.limit else { return }
    limitEvents.append(LimitEvent(channel: channels[index].id, direction: direction, limit: limit))
  }

  /// All routes of the channel come again: what was blocked may be let in.
  package mutating func resetImportLimits(_ id: ChannelID) {
    self[channel: id].receiveLimit.reset()
    self[channel: id].importLimit.reset()
  }

  /// The limits of the configuration are (maybe others) in force from now on; one that is exceeded already acts at once.
  package mutating func applyLimits(_ id: ChannelID) {
    let index = Int(id.rawValue)
    let configuration = channels[index].configuration
    let statistics = channels[index].statistics
    channels[index].receiveLimit = LimitState(limit: configuration.receiveLimit)
    channels[index].importLimit = LimitState(limit: configuration.importLimit)
    channels[index].exportLimit = LimitState(limit: configuration.exportLimit)
    guard channels[index].state == .up else { return }
    let all =
      channels[index].importTable.map { UInt32(truncatingIfNeeded: self[table: $0].routeCount) }
      ?? statistics.imported &+ statistics.filtered
    if let limit = configuration.receiveLimit, all > limit.count, channels[index].receiveLimit.reach(all) {
      tell(channels[index].receiveLimit, .receive, index)
    }
    if let limit = configuration.importLimit, statistics.imported > limit.count, channels[index].importLimit.reach(statistics.imported) {
      tell(channels[index].importLimit, .import, index)
    }
    if let limit = configuration.exportLimit, statistics.exported > limit.count, channels[index].exportLimit.reach(statistics.exported) {
      tell(channels[index].exportLimit, .export, index)
    }
  }

  /// A feed has come to its end. If its channel is blocked by a limit that all routes of the feed would have respected, it is free again,
  /// and everything is looked at once more.
  mutating func endFeed(_ index: Int) {
    channels[index].feedCursor = nil
    channels[index].resends = false
    guard channels[index].isRefeed, channels[index].exportLimit.isBlocked, let limit = channels[index].exportLimit.limit else { return }
    guard channels[index].feedCount <= limit.count, channels[index].statistics.exported <= limit.count else { return }
    channels[index].exportLimit.reset()
    channels[index].feedCount = 0
    channels[index].feedCursor = 1
  }
}
