// Restarts (RFC 4724, RFC 9494). After our own, exports are held back until the tables are complete again; while a peer is away, its
// channel keeps the routes, marked as in a refresh, and exports nothing.

extension Router {
  /// Nothing is exported to a channel until `releaseExport`; what was announced to it is its peer's matter.
  package mutating func holdExport(_ id: ChannelID) {
    closeExport(id)
    self[channel: id].holdsExport = true
  }

  /// Begins to export what was held back.
  package mutating func releaseExport(_ id: ChannelID, exporting mode: Channel.ExportMode) {
    guard self[channel: id].holdsExport else { return }
    self[channel: id].holdsExport = false
    if self[channel: id].state == .up { openExport(id, mode) }
  }

  /// The peer of a channel is away and expected back: its routes stay until `endRefresh`, each unless it is announced again before.
  package mutating func suspend(_ id: ChannelID) {
    guard self[channel: id].state == .up else { return }
    holdExport(id)
    beginRefresh(id)
  }

  /// RFC 9494 §4.2: the routes of a channel become the last resort, and say so; those with NO_LLGR go.
  ///
  /// That is done in one go: no mark tells the routes that have been seen from those that have not.
  package mutating func depreference(_ id: ChannelID, at time: UInt64) {
    endImport()
    let table = self[channel: id].table
    var known = (before: AttributeID.none, after: AttributeID.none)
    var routes: [UInt32] = []
    var net: UInt32 = 0
    while true {
      guard let route = routes.popLast() else {
        net += 1
        guard net < self[table: table].netLimit else { break }
        // Collected first: the decision changes their order.
        if self[table: table].isLive(net) { collect(&routes, of: id, net, table) }
        continue
      }
      let old = self[table: table].routes[route]
      // Neighbours in the table most often have the same attributes.
      if old.attributes != known.before {
        attributes.release(known.before, &nextHops)
        attributes.release(known.after, &nextHops)
        attributes.retain(old.attributes)
        known = (old.attributes, stale(old.attributes))
      }
      if known.after == .none {
        if let (_, previous) = self[table: table].firstRoute(in: net, where: { $0 == route }) {
          _ = remove(route, after: previous, in: net, table, of: Int(id.rawValue))
        }
      } else if known.after != old.attributes {
        let oldBest = self[table: table].best(net)
        attributes.retain(known.after)
        self[table: table].routes[route].attributes = known.after
        self[table: table].routes[route].time = time
        settle(net, table, oldBest: oldBest, changed: route)
        attributes.release(old.attributes, &nextHops)
      }
    }
    attributes.release(known.before, &nextHops)
    attributes.release(known.after, &nextHops)
  }

  /// Appends a channel's routes to a network that are not filtered.
  private func collect(_ routes: inout [UInt32], of id: ChannelID, _ net: UInt32, _ table: Int) {
    var route = self[table: table][net: net].first
    while route != 0 {
      let entry = self[table: table].routes[route]
      if entry.channel == id, !entry.flags.contains(.filtered), isOfSession(entry) { routes.append(route) }
      route = entry.next
    }
  }

  /// Attributes with LLGR_STALE, with a reference; `.none` if they must not have it.
  private mutating func stale(_ id: AttributeID) -> AttributeID {
    attributes.load(id, into: &importState.base)
    if importState.base.contains(community: WellKnownCommunity.noLongLived) { return .none }
    if !importState.base.contains(community: WellKnownCommunity.longLivedStale) { importState.base.makeLongLivedStale() }
    return attributes.intern(importState.base, &nextHops)
  }
}
