// Several paths to one network over one session (RFC 7911). What tells the received ones apart is the path identifier that the peer gave
// them; what tells apart those that are sent is the number of the route in its table, which stays for as long as the route does. Where a
// number is used again, for another route to the same network, that route takes the place of the first at the peer, as it should.

extension Router {
  /// More paths than this to one network are not taken from one peer: the decision looks at all of them each time one changes.
  package static var pathLimit: Int { 256 }

  /// Whether a protocol may have one more path to a network.
  func hasRoomForPath(of source: ChannelID, _ net: NetID, _ table: TableID) -> Bool {
    var count = 0
    var rest = self[table: table].routes(of: net)
    while let (_, route) = self[table: table].next(&rest) {
      if route.channel == source, isOfSession(route) { count += 1 }
    }
    return count < Router.pathLimit
  }

  mutating func noteSurplusPath(_ net: NetID, _ table: TableID, _ run: borrowing ImportRun) {
    channels[run.channel].statistics.importUpdates.rejected &+= 1
    surplusPaths.count &+= 1
    surplusPaths.last = (self[table: table].prefix(net), run.source)
    self[table: table].removeIfUnused(net)
  }

  /// Exports each of a network's routes that the gate and the filter let through, and withdraws the paths that are no more.
  mutating func exportPaths<Gate: ExportGate>(
    _ net: NetID, _ prefix: Prefix, _ pull: inout ExportPull<Gate>
  ) {
    guard let exported = pull.exportTable else { return }
    let (channel, table) = (pull.channel, pull.table)
    var rest = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].nextCandidate(&rest) {
      channels[channel].statistics.exportUpdates.received &+= 1
      var verdict = ExportVerdict.rejected
      if sender(route) != channel {
        verdict = self.verdict(prefix, route, channels[channel].configuration.exportPolicy, pull.gate, &pull.cache)
      }
      switch verdict {
      case .rejected:
        channels[channel].statistics.exportUpdates.rejected &+= 1
        withdrawPath(number.rawValue, prefix, exported, &pull)
      case .filtered:
        channels[channel].statistics.exportUpdates.filtered &+= 1
        withdrawPath(number.rawValue, prefix, exported, &pull)
      case .accepted(let id): exportPath(number, prefix, id, exported, &pull)
      }
    }
    if let known = self[table: exported].find(prefix) {
      while self[table: exported].isLive(known), let gone = goneRoute(known, exported, net, table) {
        channels[channel].statistics.exportWithdraws.received &+= 1
        withdrawPath(self[table: exported].path(of: gone), prefix, exported, &pull)
      }
    }
    if self[table: exported].find(prefix) != nil {
      _ = channels[channel].announced.insert(net)
    } else {
      _ = channels[channel].announced.remove(net)
    }
  }

  /// A path that is announced, of which there is no route any more.
  private func goneRoute(_ known: NetID, _ exported: TableID, _ net: NetID, _ table: TableID) -> RouteID? {
    self[table: exported].firstRoute(in: known) { id, _ in
      let number = RouteID(rawValue: self[table: exported].path(of: id))
      return !self[table: table].isListed(number, in: net) || self[table: table].routes[number].flags.contains(.filtered)
    }?.route
  }

  private mutating func exportPath<Gate: ExportGate>(
    _ number: RouteID, _ prefix: Prefix, _ id: AttributeID, _ exported: TableID, _ pull: inout ExportPull<Gate>
  ) {
    let channel = pull.channel
    let route = self[table: pull.table].routes[number]
    pull.passed &+= 1
    let isNew = !isExported(number, prefix, exported)
    guard !isNew || isWithinExportLimit(channel) else { return }
    guard noteExport(prefix, path: number.rawValue, id, route, in: exported) || channels[channel].export.resends else { return }
    channels[channel].statistics.exportUpdates.accepted &+= 1
    if isNew { channels[channel].statistics.exported &+= 1 }
    attributes.retain(id)
    pull.items.append(ExportItem(prefix: prefix, attributes: id, source: route.channel, path: number.rawValue))
  }

  private mutating func withdrawPath<Gate: ExportGate>(
    _ path: UInt32, _ prefix: Prefix, _ exported: TableID, _ pull: inout ExportPull<Gate>
  ) {
    let channel = pull.channel
    guard forgetExport(prefix, path: path, in: exported) else { return }
    channels[channel].statistics.exported &-= 1
    channels[channel].statistics.exportWithdraws.accepted &+= 1
    pull.items.append(ExportItem(prefix: prefix, attributes: .none, source: channel, path: path))
  }

  private func isExported(_ number: RouteID, _ prefix: Prefix, _ exported: TableID) -> Bool {
    guard let net = self[table: exported].find(prefix) else { return false }
    return adjacentRoute(number.rawValue, net, exported) != nil
  }

  /// Whether a route is announced to a channel's protocol at present, if it is one that would be.
  func isAnnounced(_ number: RouteID, of net: NetID, _ channel: ChannelID) -> Bool {
    guard channels[channel].announced.contains(net) else { return false }
    guard channels[channel].exportMode == .everyPath, let exported = channels[channel].exportTable else { return true }
    return isExported(number, self[table: channels[channel].table].prefix(net), exported)
  }
}

/// Paths that were not taken because there are too many to one network.
package struct SurplusPaths {
  package var count: UInt64 = 0
  package var last: (prefix: Prefix, channel: ChannelID)?

  package init() {}
}
