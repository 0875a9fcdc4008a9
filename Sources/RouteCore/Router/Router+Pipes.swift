// Pipes carry all routes of a table into another one, not only the best: each keeps the protocol that announced it, so that filters,
// the decision and `show route` see it as they do at home. What tells such routes apart from others is `Route.Flags.piped`; the header
// names the pipe's channel.
//
// Routes must not go round in circles. A route does not go back through the pipe it came by, nor into the table it was announced to,
// nor where the same protocol's route has come by another pipe. What a circle of pipes could still keep alive by itself, because a
// change is on its way when another one arrives, ends at 15 pipes.

extension Router {
  /// The channel that brought a route into its table.
  func sender(_ route: Route) -> ChannelID {
    guard route.flags.contains(.piped) else { return route.channel }
    return ChannelID(rawValue: attributes.header(route.attributes).pipe &- 1)
  }

  private static var longestWay: UInt16 { 15 }

  /// Carries up to `limit` of the networks that changed at one end of a pipe to the other. Whether any are left.
  package mutating func pullPipe<Gate: ExportGate>(from: ChannelID, to: ChannelID, limit: Int, gate: Gate, at time: UInt64) -> Bool {
    let table = channels[from].table
    var budget = limit
    var cache = VerdictCache()
    defer { releaseFilteredExports() }
    while budget > 0, let net = channels[from].queue.popFirst() {
      _ = channels[from].dirty.remove(net)
      carry(net, from, to, gate, &cache, time)
      unpin(net, in: table)
      budget -= 1
    }
    while budget > 0, var cursor = channels[from].feedCursor {
      guard let net = self[table: table].next(&cursor) else {
        endFeed(from)
        continue
      }
      channels[from].feedCursor = cursor
      if self[table: table][net: net].first != .none {
        carry(net, from, to, gate, &cache, time)
        budget -= 1
      }
    }
    return channels[from].hasPendingExports
  }

  /// Makes the routes to one network at the far end what the filter makes of those at the near end.
  private mutating func carry<Gate: ExportGate>(
    _ net: NetID, _ from: ChannelID, _ to: ChannelID, _ gate: Gate, _ cache: inout VerdictCache, _ time: UInt64
  ) {
    let table = channels[from].table
    let prefix = self[table: table].prefix(net)
    var wanted: [(origin: Origin, attributes: AttributeID)] = []
    var rest = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].nextCandidate(&rest) {
      channels[from].statistics.exportUpdates.received &+= 1
      if sender(route) == from {
        channels[from].statistics.exportUpdates.rejected &+= 1
      } else {
        switch verdict(prefix, route, channels[from].configuration.exportPolicy, gate, &cache) {
        case .rejected: channels[from].statistics.exportUpdates.rejected &+= 1
        case .filtered: channels[from].statistics.exportUpdates.filtered &+= 1
        case .accepted(let id):
          let origin =
            channels[to].keepsPreference
            ? Origin(channel: route.channel, path: self[table: table].path(of: number)) : Origin(channel: to, path: 0)
          wanted.append((origin, id))
        }
      }
      if !channels[to].keepsPreference { break }  // an opaque pipe has only the best
    }
    withdrawPiped(prefix, to, keeping: wanted.map { $0.origin })
    for (origin, id) in wanted where channels[to].state == .up {
      channels[from].feedCount &+= 1
      announcePiped(prefix, origin, id, to, time)
    }
    channels[from].statistics.exported = channels[to].statistics.imported
    if wanted.isEmpty { _ = channels[from].announced.remove(net) } else { _ = channels[from].announced.insert(net) }
  }

  /// What tells the routes to one network apart.
  private struct Origin: Equatable {
    /// That of the protocol that announced it.
    var channel: ChannelID
    var path: UInt32
  }

  private mutating func announcePiped(_ prefix: Prefix, _ origin: Origin, _ id: AttributeID, _ to: ChannelID, _ time: UInt64) {
    let source = origin.channel
    channels[to].statistics.importUpdates.received &+= 1
    let passed = attributes.header(id).flags.pipeCount
    guard passed < Router.longestWay, source == to || channels[source].table != channels[to].table else {
      noteCollision(prefix, channels[to].table)
      withdrawPiped(prefix, to, only: origin)
      return
    }
    endImport()
    attributes.load(id, into: &importState.base)
    importState.channel = to
    importState.source = source
    importState.path = origin.path
    importState.time = time
    importState.base.header.pipe = to.rawValue &+ 1
    importState.base.header.flags.subtract(.exported)
    importState.base.header.flags = importState.base.header.flags.passing(pipes: passed + 1)
    if source == to {
      importState.base.header.source = .pipe
      importState.base.header.preference = channels[to].configuration.preference
    }
    importState.isOpen = true
    filterAndStore(prefix)
    endImport()
  }

  /// Removes what the pipe's end `to` has brought to a network, but for some protocols' routes.
  private mutating func withdrawPiped(_ prefix: Prefix, _ to: ChannelID, keeping kept: [Origin] = [], only: Origin? = nil) {
    let table = channels[to].table
    guard let net = self[table: table].find(prefix) else { return }
    for origin in piped(net, table, to) where !kept.contains(origin) && only ?? origin == origin {
      channels[to].statistics.importWithdraws.received &+= 1
      if removePiped(origin, net, table, to) { channels[to].statistics.importWithdraws.accepted &+= 1 }
    }
  }

  private mutating func removePiped(_ origin: Origin, _ net: NetID, _ table: TableID, _ to: ChannelID) -> Bool {
    guard let (route, previous) = self[table: table].route(of: origin.channel, path: origin.path, in: net) else { return false }
    return remove(route, after: previous, in: net, table, of: to)
  }

  /// The routes to a network that a pipe's end has brought.
  private func piped(_ net: NetID, _ table: TableID, _ to: ChannelID) -> [Origin] {
    var out: [Origin] = []
    var rest = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].next(&rest) {
      if sender(route) == to { out.append(Origin(channel: route.channel, path: self[table: table].path(of: number))) }
    }
    return out
  }

  /// Removes all that a pipe's end has brought, now: what is left of one pipe would keep out what another one brings, which nobody would
  /// bring again. No peer can close a pipe.
  mutating func flushPiped(_ to: ChannelID) {
    let table = self[channel: to].table
    guard self[channel: to].statistics.imported != 0 else { return }
    var nets = NetCursor()
    while let net = self[table: table].next(&nets) {
      for origin in piped(net, table, to) { _ = removePiped(origin, net, table, to) }
    }
  }

  /// Two ways lead a route into a table: only the first counts.
  mutating func noteCollision(_ prefix: Prefix, _ table: TableID) {
    channels[importState.channel].statistics.importUpdates.ignored &+= 1
    pipeCollisions.count &+= 1
    pipeCollisions.last = (prefix, table)
  }
}

/// What pipes could not carry because it was there already.
package struct PipeCollisions {
  package var count: UInt64 = 0
  package var last: (prefix: Prefix, table: TableID)?

  package init() {}
}
