// Restarts (RFC 4724, RFC 9494). After our own, exports are held back until the tables are complete again; while a peer is away, its
// channel keeps the routes, marked as in a refresh, and exports nothing.

extension Router {
  /// Nothing is exported to a channel until `releaseExport`; what was announced to it is its peer's matter.
  package mutating func holdExport(_ id: ChannelID) {
    closeExport(id)
    channels[id].export = .held
  }

  /// Begins to export what was held back.
  package mutating func releaseExport(_ id: ChannelID, exporting mode: ExportMode) {
    guard channels[id].holdsExport else { return }
    channels[id].export = .closed
    if channels[id].state == .up { openExport(id, mode) }
  }

  /// The peer of a channel is away and expected back: its routes stay until `endRefresh`, each unless it is announced again before.
  package mutating func suspend(_ id: ChannelID) {
    guard channels[id].state == .up else { return }
    holdExport(id)
    beginRefresh(id)
  }

  /// RFC 9494 §4.2: the routes of a channel become the last resort, and say so; those with NO_LLGR go.
  ///
  /// That is done in one go: no mark tells the routes that have been seen from those that have not.
  package mutating func depreference(_ id: ChannelID, at time: UInt64) {
    var scratch = RouteAttributes(AttributeHeader(source: .none, preference: 0))
    let table = channels[id].table
    var known = (before: AttributeID.none, after: AttributeID.none)
    var routes: [RouteID] = []
    var nets = NetCursor()
    while let net = self[table: table].next(&nets) {
      // Collected first: the decision changes their order.
      collect(&routes, of: id, net, table)
      while let route = routes.popLast() {
        let old = self[table: table].routes[route]
        // Neighbours in the table most often have the same attributes.
        if old.attributes != known.before {
          attributes.release(known.before, &nextHops)
          attributes.release(known.after, &nextHops)
          attributes.retain(old.attributes)
          known = (old.attributes, stale(old.attributes, &scratch))
        }
        if known.after == .none {
          if let found = self[table: table].firstRoute(in: net, where: { id, _ in id == route }) {
            _ = remove(found, in: net, table, of: id)
          }
        } else if known.after != old.attributes {
          let oldBest = self[table: table].best(net)
          attributes.retain(known.after)
          self[table: table].routes[route].attributes = known.after
          self[table: table].routes[route].time = time
          decide(net, table, oldBest: oldBest, changed: route)
          attributes.release(old.attributes, &nextHops)
        }
      }
    }
    attributes.release(known.before, &nextHops)
    attributes.release(known.after, &nextHops)
  }

  /// Appends a channel's routes to a network that are not filtered.
  private func collect(_ routes: inout [RouteID], of id: ChannelID, _ net: NetID, _ table: TableID) {
    var rest = self[table: table].routes(of: net)
    while let (route, entry) = self[table: table].nextCandidate(&rest) {
      if entry.channel == id, isOfSession(entry) { routes.append(route) }
    }
  }

  /// Attributes with LLGR_STALE, with a reference; `.none` if they must not have it.
  private mutating func stale(_ id: AttributeID, _ scratch: inout RouteAttributes) -> AttributeID {
    attributes.load(id, into: &scratch)
    if scratch.contains(community: WellKnownCommunity.noLongLived) { return .none }
    if !scratch.contains(community: WellKnownCommunity.longLivedStale) { scratch.makeLongLivedStale() }
    return attributes.intern(scratch, &nextHops)
  }
}
