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
    let index = Int(from.rawValue)
    let table = channels[index].table
    var budget = limit
    var cache = VerdictCache()
    defer { releaseFilteredExports() }
    while budget > 0, let net = channels[index].queue.popFirst() {
      _ = channels[index].dirty.remove(net)
      carry(net, from, to, gate, &cache, time)
      unpin(net, in: table)
      budget -= 1
    }
    while budget > 0, let cursor = channels[index].feedCursor {
      if cursor >= self[table: table].netLimit {
        endFeed(index)
        continue
      }
      channels[index].feedCursor = cursor + 1
      if self[table: table].isLive(cursor), self[table: table][net: cursor].first != 0 {
        carry(cursor, from, to, gate, &cache, time)
        budget -= 1
      }
    }
    return channels[index].hasPendingExports
  }

  /// Makes the routes to one network at the far end what the filter makes of those at the near end.
  private mutating func carry<Gate: ExportGate>(
    _ net: UInt32, _ from: ChannelID, _ to: ChannelID, _ gate: Gate, _ cache: inout VerdictCache, _ time: UInt64
  ) {
    let index = Int(from.rawValue)
    let table = channels[index].table
    let prefix = self[table: table].prefix(net)
    var wanted: [(origin: Origin, attributes: AttributeID)] = []
    var number = self[table: table][net: net].first
    while number != 0 {
      let route = self[table: table].routes[number]
      if route.flags.contains(.filtered) { break }
      channels[index].statistics.exportUpdates.received &+= 1
      if sender(route) == from {
        channels[index].statistics.exportUpdates.rejected &+= 1
      } else {
        switch verdict(prefix, route, channels[index].configuration.exportPolicy, gate, &cache) {
        case .rejected: channels[index].statistics.exportUpdates.rejected &+= 1
        case .filtered: channels[index].statistics.exportUpdates.filtered &+= 1
        case .accepted(let id):
          let origin =
            channels[Int(to.rawValue)].keepsPreference
            ? Origin(channel: route.channel, path: self[table: table].path(of: number)) : Origin(channel: to, path: 0)
          wanted.append((origin, id))
        }
      }
      if !channels[Int(to.rawValue)].keepsPreference { break }  // an opaque pipe has only the best
      number = route.next
    }
    withdrawPiped(prefix, to, keeping: wanted.map { $0.origin })
    for (origin, id) in wanted where channels[Int(to.rawValue)].state == .up {
      channels[index].feedCount &+= 1
      announcePiped(prefix, origin, id, to, time)
    }
    channels[index].statistics.exported = channels[Int(to.rawValue)].statistics.imported
    if wanted.isEmpty { _ = channels[index].announced.remove(net) } else { _ = channels[index].announced.insert(net) }
  }

  /// What tells the routes to one network apart.
  private struct Origin: Equatable {
    /// That of the protocol that announced it.
    var channel: ChannelID
    var path: UInt32
  }

  private mutating func announcePiped(_ prefix: Prefix, _ origin: Origin, _ id: AttributeID, _ to: ChannelID, _ time: UInt64) {
    let index = Int(to.rawValue)
    let source = origin.channel
    channels[index].statistics.importUpdates.received &+= 1
    let passed = attributes.header(id).flags.pipeCount
    guard passed < Router.longestWay, source == to || channels[Int(source.rawValue)].table != channels[index].table else {
      noteCollision(prefix, channels[index].table)
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
      importState.base.header.preference = channels[index].configuration.preference
    }
    importState.isOpen = true
    filterAndStore(prefix)
    endImport()
  }

  /// Removes what the pipe's end `to` has brought to a network, but for some protocols' routes.
  private mutating func withdrawPiped(_ prefix: Prefix, _ to: ChannelID, keeping kept: [Origin] = [], only: Origin? = nil) {
    let table = channels[Int(to.rawValue)].table
    guard let net = self[table: table].find(prefix) else { return }
    for origin in piped(net, table, to) where !kept.contains(origin) && only ?? origin == origin {
      channels[Int(to.rawValue)].statistics.importWithdraws.received &+= 1
      if removePiped(origin, net, table, to) { channels[Int(to.rawValue)].statistics.importWithdraws.accepted &+= 1 }
    }
  }

  private mutating func removePiped(_ origin: Origin, _ net: UInt32, _ table: Int, _ to: ChannelID) -> Bool {
    guard let (route, previous) = self[table: table].route(of: origin.channel, path: origin.path, in: net) else { return false }
    return remove(route, after: previous, in: net, table, of: Int(to.rawValue))
  }

  /// The routes to a network that a pipe's end has brought.
  private func piped(_ net: UInt32, _ table: Int, _ to: ChannelID) -> [Origin] {
    var out: [Origin] = []
    var number = self[table: table][net: net].first
    while number != 0 {
      let route = self[table: table].routes[number]
      if sender(route) == to { out.append(Origin(channel: route.channel, path: self[table: table].path(of: number))) }
      number = route.next
    }
    return out
  }

  /// Removes all that a pipe's end has brought, now: what is left of one pipe would keep out what another one brings, which nobody would
  /// bring again. No peer can close a pipe.
  mutating func flushPiped(_ to: ChannelID) {
    let table = self[channel: to].table
    guard self[channel: to].statistics.imported != 0 else { return }
    for net in 1..<max(self[table: table].netLimit, 1) where self[table: table].isLive(net) {
      for origin in piped(net, table, to) { _ = removePiped(origin, net, table, to) }
    }
  }

  /// Two ways lead a route into a table: only the first counts.
  mutating func noteCollision(_ prefix: Prefix, _ table: Int) {
    channels[Int(importState.channel.rawValue)].statistics.importUpdates.ignored &+= 1
    pipeCollisions.count &+= 1
    pipeCollisions.last = (prefix, table)
  }
}

/// What pipes could not carry because it was there already.
package struct PipeCollisions {
  package var count: UInt64 = 0
  package var last: (prefix: Prefix, table: Int)?

  package init() {}
}
