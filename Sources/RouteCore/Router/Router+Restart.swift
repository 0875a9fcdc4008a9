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
  package mutating func depreference(_ id: ChannelID, at time: UInt64) {
    endImport()
    let table = self[channel: id].table
    var known = (before: AttributeID.none, after: AttributeID.none)
    for net in 1..<max(self[table: table].netLimit, 1) where self[table: table].isLive(net) {
      guard let (route, _) = self[table: table].route(of: id, in: net) else { continue }
      let old = self[table: table].routes[route]
      if old.flags.contains(.filtered) { continue }
      // Neighbours in the table most often have the same attributes.
      if old.attributes != known.before {
        attributes.release(known.before, &nextHops)
        attributes.release(known.after, &nextHops)
        attributes.retain(old.attributes)
        known = (old.attributes, stale(old.attributes))
      }
      if known.after == .none {
        _ = remove(id, net, table, of: Int(id.rawValue))
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

  /// Attributes with LLGR_STALE, with a reference; `.none` if they must not have it.
  private mutating func stale(_ id: AttributeID) -> AttributeID {
    attributes.load(id, into: &importState.base)
    if importState.base.contains(community: WellKnownCommunity.noLongLived) { return .none }
    if !importState.base.contains(community: WellKnownCommunity.longLivedStale) { importState.base.makeLongLivedStale() }
    return attributes.intern(importState.base, &nextHops)
  }
}
