// Several paths to one network over one session (RFC 7911). What tells the received ones apart is the path identifier that the peer gave
// them; what tells apart those that are sent is the number of the route in its table, which stays for as long as the route does. Where a
// number is used again, for another route to the same network, that route takes the place of the first at the peer, as it should.

extension Router {
  /// More paths than this to one network are not taken from one peer: the decision looks at all of them each time one changes.
  package static var pathLimit: Int { 256 }

  /// Whether the protocol at hand may have one more path to a network.
  func hasRoomForPath(_ net: UInt32, _ table: Int) -> Bool {
    var count = 0
    var route = self[table: table][net: net].first
    while route != 0 {
      let entry = self[table: table].routes[route]
      if entry.channel == importState.source, isOfSession(entry) { count += 1 }
      route = entry.next
    }
    return count < Router.pathLimit
  }

  mutating func noteSurplusPath(_ net: UInt32, _ table: Int, _ index: Int) {
    channels[index].statistics.importUpdates.rejected &+= 1
    surplusPaths.count &+= 1
    surplusPaths.last = (self[table: table].prefix(net), importState.source)
    self[table: table].removeIfUnused(net)
  }

  /// Exports each of a network's routes that the gate and the filter let through, and withdraws the paths that are no more.
  mutating func exportPaths<Gate: ExportGate>(
    _ net: UInt32, _ prefix: Prefix, _ index: Int, _ gate: Gate, _ cache: inout VerdictCache, _ batch: inout ExportBatch
  ) {
    let table = channels[index].table
    guard let exported = channels[index].exportTable else { return }
    var number = self[table: table][net: net].first
    while number != 0 {
      let route = self[table: table].routes[number]
      if route.flags.contains(.filtered) { break }
      channels[index].statistics.exportUpdates.received &+= 1
      var verdict = ExportVerdict.rejected
      if sender(route) != channels[index].id {
        verdict = self.verdict(prefix, route, channels[index].configuration.exportPolicy, gate, &cache)
      }
      switch verdict {
      case .rejected:
        channels[index].statistics.exportUpdates.rejected &+= 1
        withdrawPath(number, prefix, index, exported, &batch)
      case .filtered:
        channels[index].statistics.exportUpdates.filtered &+= 1
        withdrawPath(number, prefix, index, exported, &batch)
      case .accepted(let id): exportPath(number, prefix, id, index, exported, &batch)
      }
      number = route.next
    }
    if let known = self[table: exported].find(prefix) {
      while self[table: exported].isLive(known), let gone = goneRoute(known, exported, net, table) {
        channels[index].statistics.exportWithdraws.received &+= 1
        withdrawPath(self[table: exported].path(of: gone), prefix, index, exported, &batch)
      }
    }
    if self[table: exported].find(prefix) != nil {
      _ = channels[index].announced.insert(net)
    } else {
      _ = channels[index].announced.remove(net)
    }
  }

  /// A path that is announced, of which there is no route any more.
  private func goneRoute(_ known: UInt32, _ exported: Int, _ net: UInt32, _ table: Int) -> UInt32? {
    self[table: exported].firstRoute(in: known) {
      let number = self[table: exported].path(of: $0)
      return !self[table: table].isListed(number, in: net) || self[table: table].routes[number].flags.contains(.filtered)
    }?.route
  }

  private mutating func exportPath(
    _ number: UInt32, _ prefix: Prefix, _ id: AttributeID, _ index: Int, _ exported: Int, _ batch: inout ExportBatch
  ) {
    let route = self[table: channels[index].table].routes[number]
    channels[index].feedCount &+= 1
    let isNew = !isExported(number, prefix, exported)
    guard !isNew || isWithinExportLimit(index) else { return }
    guard noteExport(prefix, path: number, id, route, in: exported) || channels[index].resends else { return }
    channels[index].statistics.exportUpdates.accepted &+= 1
    if isNew { channels[index].statistics.exported &+= 1 }
    attributes.retain(id)
    batch.items.append(ExportItem(prefix: prefix, attributes: id, source: route.channel, path: number))
  }

  private mutating func withdrawPath(_ number: UInt32, _ prefix: Prefix, _ index: Int, _ exported: Int, _ batch: inout ExportBatch) {
    guard forgetExport(prefix, path: number, in: exported) else { return }
    channels[index].statistics.exported &-= 1
    channels[index].statistics.exportWithdraws.accepted &+= 1
    batch.items.append(ExportItem(prefix: prefix, attributes: .none, source: channels[index].id, path: number))
  }

  private func isExported(_ number: UInt32, _ prefix: Prefix, _ exported: Int) -> Bool {
    guard let net = self[table: exported].find(prefix) else { return false }
    return adjacentRoute(number, net, exported) != nil
  }

  /// Whether a route is announced to a channel's protocol at present, if it is one that would be.
  func isAnnounced(_ number: UInt32, of net: UInt32, _ index: Int) -> Bool {
    guard channels[index].announced.contains(net) else { return false }
    guard channels[index].exportMode == .everyPath, let exported = channels[index].exportTable else { return true }
    return isExported(number, self[table: channels[index].table].prefix(net), exported)
  }
}

/// Paths that were not taken because there are too many to one network.
package struct SurplusPaths {
  package var count: UInt64 = 0
  package var last: (prefix: Prefix, channel: ChannelID)?

  package init() {}
}
