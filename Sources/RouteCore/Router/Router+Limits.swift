// `receive limit`, `import limit`, `export limit`. The first counts what a channel has in the table, filtered routes included, the second
// what its filter let through, the third what was announced to its protocol. They are looked at when one more comes.

extension Router {
  /// Whether the channel may have one more route, of any kind.
  mutating func isWithinReceiveLimit(_ channel: ChannelID) -> Bool {
    let statistics = channels[channel].statistics
    if channels[channel].receiveLimit.reach(statistics.imported &+ statistics.filtered) {
      tell(channels[channel].receiveLimit, .receive, channel)
    }
    guard channels[channel].receiveLimit.isBlocked else { return true }
    channels[channel].statistics.importUpdates.ignored &+= 1
    return false
  }

  /// Whether the channel may have one more route that its filter has let through.
  mutating func isWithinImportLimit(_ channel: ChannelID) -> Bool {
    guard channels[channel].importLimit.limit != nil else { return true }
    if channels[channel].importLimit.reach(channels[channel].statistics.imported) { tell(channels[channel].importLimit, .import, channel) }
    guard channels[channel].importLimit.isBlocked else { return true }
    channels[channel].statistics.importUpdates.ignored &+= 1
    return false
  }

  /// Whether one more route may be announced to the channel's protocol.
  mutating func isWithinExportLimit(_ channel: ChannelID) -> Bool {
    guard channels[channel].exportLimit.limit != nil else { return true }
    if channels[channel].exportLimit.reach(channels[channel].statistics.exported) { tell(channels[channel].exportLimit, .export, channel) }
    guard channels[channel].exportLimit.isBlocked else { return true }
    channels[channel].statistics.exportUpdates.rejected &+= 1
    return false
  }

  mutating func tell(_ state: LimitState, _ direction: LimitEvent.Direction, _ channel: ChannelID) {
    guard let limit = state.limit else { return }
    limitEvents.append(LimitEvent(channel: channel, direction: direction, limit: limit))
  }

  /// All routes of the channel come again: what was blocked may be let in.
  package mutating func resetImportLimits(_ id: ChannelID) {
    channels[id].receiveLimit.reset()
    channels[id].importLimit.reset()
  }

  /// The limits of the configuration are (maybe others) in force from now on; one that is exceeded already acts at once.
  package mutating func applyLimits(_ id: ChannelID) {
    let configuration = channels[id].configuration
    let statistics = channels[id].statistics
    channels[id].receiveLimit = LimitState(limit: configuration.receiveLimit)
    channels[id].importLimit = LimitState(limit: configuration.importLimit)
    channels[id].exportLimit = LimitState(limit: configuration.exportLimit)
    guard channels[id].state == .up else { return }
    let all =
      channels[id].importTable.map { UInt32(truncatingIfNeeded: self[table: $0].routeCount) }
      ?? statistics.imported &+ statistics.filtered
    if let limit = configuration.receiveLimit, all > limit.count, channels[id].receiveLimit.reach(all) {
      tell(channels[id].receiveLimit, .receive, id)
    }
    if let limit = configuration.importLimit, statistics.imported > limit.count, channels[id].importLimit.reach(statistics.imported) {
      tell(channels[id].importLimit, .import, id)
    }
    if let limit = configuration.exportLimit, statistics.exported > limit.count, channels[id].exportLimit.reach(statistics.exported) {
      tell(channels[id].exportLimit, .export, id)
    }
  }
}
