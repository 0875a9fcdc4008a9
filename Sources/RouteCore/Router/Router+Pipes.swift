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
    var carrier = PipeCarrier(from: from, to: to, gate: gate, time: time)
    defer { releaseFilteredExports() }
    while budget > 0, let net = channels[from].queue.popFirst() {
      _ = channels[from].dirty.remove(net)
      carry(net, &carrier)
      unpin(net, in: table)
      budget -= 1
    }
    while budget > 0, let net = nextFed(from, passed: &carrier.passed) {
      carry(net, &carrier)
      budget -= 1
    }
    channels[from].export.note(passed: carrier.passed)
    return channels[from].hasPendingExports
  }

  /// Makes the routes to one network at the far end what the filter makes of those at the near end.
  private mutating func carry<Gate: ExportGate>(_ net: NetID, _ carrier: inout PipeCarrier<Gate>) {
    let (from, to) = (carrier.from, carrier.to)
    let table = channels[from].table
    let isTransparent = channels[to].keepsPreference
    let prefix = self[table: table].prefix(net)
    var wanted: [(origin: Origin, attributes: AttributeID)] = []
    var rest = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].nextCandidate(&rest) {
      channels[from].statistics.exportUpdates.received &+= 1
      if sender(route) == from {
        channels[from].statistics.exportUpdates.rejected &+= 1
      } else {
        switch verdict(prefix, route, channels[from].configuration.exportPolicy, carrier.gate, &carrier.cache) {
        case .rejected: channels[from].statistics.exportUpdates.rejected &+= 1
        case .filtered: channels[from].statistics.exportUpdates.filtered &+= 1
        case .accepted(let id):
          let origin =
            isTransparent ? Origin(channel: route.channel, path: self[table: table].path(of: number)) : Origin(channel: to, path: 0)
          wanted.append((origin, id))
        }
      }
      if !isTransparent { break }  // an opaque pipe has only the best
    }
    withdrawPiped(prefix, to, keeping: wanted.map { $0.origin })
    for (origin, id) in wanted where channels[to].state == .up {
      carrier.passed &+= 1
      announcePiped(prefix, origin, id, &carrier)
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

  private mutating func announcePiped<Gate: ExportGate>(
    _ prefix: Prefix, _ origin: Origin, _ id: AttributeID, _ carrier: inout PipeCarrier<Gate>
  ) {
    let to = carrier.to
    let source = origin.channel
    channels[to].statistics.importUpdates.received &+= 1
    let passed = attributes.header(id).flags.pipeCount
    guard passed < Router.longestWay, source == to || channels[source].table != channels[to].table else {
      noteCollision(prefix, of: to)
      withdrawPiped(prefix, to, only: origin)
      return
    }
    open(&carrier.run, to, source: source, at: carrier.time)
    attributes.load(id, into: &carrier.run.base)
    carrier.run.base.header.pipe = to.rawValue &+ 1
    carrier.run.base.header.flags.subtract(.exported)
    carrier.run.base.header.flags = carrier.run.base.header.flags.passing(pipes: passed + 1)
    if source == to { carrier.run.base.header.source = .pipe }
    complete(&carrier.run)
    carrier.run.path = origin.path
    filterAndStore(prefix, &carrier.run)
    close(&carrier.run)
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
    guard let found = self[table: table].route(of: origin.channel, path: origin.path, in: net) else { return false }
    return remove(found, in: net, table, of: to)
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
    let table = channels[to].table
    guard channels[to].statistics.imported != 0 else { return }
    var nets = NetCursor()
    while let net = self[table: table].next(&nets) {
      for origin in piped(net, table, to) { _ = removePiped(origin, net, table, to) }
    }
  }

  /// Two ways lead a route into a table: only the first counts.
  mutating func noteCollision(_ prefix: Prefix, of channel: ChannelID) {
    channels[channel].statistics.importUpdates.ignored &+= 1
    pipeCollisions.count &+= 1
    pipeCollisions.last = (prefix, channels[channel].table)
  }
}

/// What is at hand while a pipe carries routes from one of its ends to the other.
private struct PipeCarrier<Gate: ExportGate>: ~Copyable {
  let from: ChannelID
  let to: ChannelID
  let gate: Gate
  let time: UInt64
  var cache = VerdictCache()
  var run = ImportRun()
  /// How many routes were let through since the feed last heard of it.
  var passed: UInt32 = 0

  init(from: ChannelID, to: ChannelID, gate: Gate, time: UInt64) {
    self.from = from
    self.to = to
    self.gate = gate
    self.time = time
  }
}

/// What pipes could not carry because it was there already.
package struct PipeCollisions {
  package var count: UInt64 = 0
  package var last: (prefix: Prefix, table: TableID)?

  package init() {}
}
