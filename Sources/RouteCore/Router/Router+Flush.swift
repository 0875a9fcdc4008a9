// What takes a walk over a whole table is done in slices, a few thousand networks in each round of the owner's loop: a peer with a million
// routes that goes must not keep the others from their keepalives.
//
//   close         the channel's marks say that its routes are outdated (`RouteMarks`); the walk removes them
//   endRefresh    the same, for the routes that were not confirmed
//   next hops     the walk decides the networks anew that use a next hop that has changed
//
// One walk serves all that is to be found in a table. Until it has come to a route, that stays where it is, is shown, and may be the best;
// a new announcement takes its place. What a closed channel kept for itself is given back in slices too.

extension Router {
  /// What a slice is measured in: to look at a network costs 1, about 10 ns.
  private static var costOfRoute: Int { 32 }
  private static var costOfUnpinning: Int { 4 }

  /// Removes what is outdated from the tables, a slice of about `budget` networks (see `costOfRoute`). Whether anything is left.
  package mutating func flushSome(budget: Int) -> Bool {
    var share = max(budget / 4, 1)
    var rest = budget - share
    giveBackSome(&share)
    rest += max(share, 0)
    while rest > 0, let table = walkedTables.first {
      walkedTables.removeFirst()
      walk(table, &rest)
      if self[table: table].walk.isRunning { walkedTables.append(table) }
    }
    return !walkedTables.isEmpty || !leftovers.isEmpty
  }

  /// Whether routes of a channel are still on their way out.
  package func isFlushing(_ id: ChannelID) -> Bool { flushes.contains { $0.channel == id } }

  /// Removes a channel's outdated routes now.
  package mutating func finishFlush(_ id: ChannelID) {
    while let flush = flushes.first(where: { $0.channel == id }) { finishLeg(flush.table) }
  }

  /// Ends all that is going on in a table now.
  package mutating func finishFlushes(in table: TableID) {
    while self[table: table].walk.isRunning { finishLeg(table) }
    for index in leftovers.queues.indices.reversed() where leftovers.queues[index].table == table {
      while let net = leftovers.queues[index].queue.popFirst() { unpin(net, in: table) }
      leftovers.queues.remove(at: index)
    }
  }

  /// Ends all that is going on now.
  package mutating func finishFlushes() { while flushSome(budget: .max) {} }

  /// Lets pipes take out now what removed channels had in their tables.
  package mutating func finishFlushesOfRemovedChannels(in table: TableID) {
    while flushes.contains(where: { $0.table == table && !channels[$0.channel].isLive }) { finishLeg(table) }
  }

  // MARK: What outdates routes

  /// The routes of a channel's session are outdated from now on.
  mutating func outdateSession(_ id: ChannelID) {
    let statistics = channels[id].statistics
    channels[id].statistics.imported = 0
    channels[id].statistics.filtered = 0
    channels[id].statistics.preferred = 0
    guard statistics.imported != 0 || statistics.filtered != 0 else { return }
    prepareMark(id)
    channels[id].marks.endSession()
    startFlush(id, in: channels[id].table)
  }

  /// All routes of a channel are unconfirmed; those not announced again before `endRefresh` go (RFC 7313 §4, a scan of the kernel, a
  /// reload).
  package mutating func beginRefresh(_ id: ChannelID) {
    prepareMark(id)
    channels[id].marks.beginRefresh()
  }

  /// What the refresh did not bring again goes, from the channel's own table, if it has one, and from the one all share.
  package mutating func endRefresh(_ id: ChannelID, at time: UInt64) {
    guard channels[id].marks.isRefreshing else { return }
    channels[id].marks.endRefresh()
    // All routes of the channel are in its own table.
    startFlush(id, in: channels[id].importTable ?? channels[id].table)
  }

  /// Makes sure that there is another mark.
  private mutating func prepareMark(_ id: ChannelID) {
    guard channels[id].marks.areExhausted else { return }
    // A peer that comes and goes faster than the walk: that has to be at its end.
    finishFlush(id)
    channels[id].marks.forgetOutdated()
    // A peer that begins refreshes and ends none.
    guard channels[id].marks.areExhausted else { return }
    for table in [channels[id].table, channels[id].importTable].compactMap({ $0 }) { mergeUnconfirmed(id, table) }
    channels[id].marks.merge()
  }

  private mutating func mergeUnconfirmed(_ id: ChannelID, _ table: TableID) {
    let marks = channels[id].marks
    var nets = NetCursor()
    while let net = self[table: table].next(&nets) {
      var routes = self[table: table].routes(of: net)
      while let (number, route) = self[table: table].next(&routes) {
        if route.channel == id, !route.flags.contains(.piped), route.flags.mark != marks.current {
          self[table: table].routes[number].flags.mark = marks.unconfirmed
        }
      }
    }
  }

  /// Whether a route counts for its channel. What came by a pipe does until it is gone.
  @inline(__always) func isOfSession(_ route: Route) -> Bool {
    route.flags.contains(.piped) || channels[route.channel].marks.areOfSession(route.flags.mark)
  }

  /// Whether a route is on its way out.
  private func isOutdated(_ route: Route) -> Bool {
    !route.flags.contains(.piped) && !channels[route.channel].marks.keep(route.flags.mark)
  }

  // MARK: The walk

  /// Lets the walk of a table look for a channel's outdated routes at all networks.
  private mutating func startFlush(_ id: ChannelID, in table: TableID) {
    let lap = joinWalk(table)
    if let index = flushes.firstIndex(where: { $0.channel == id && $0.table == table }) {
      flushes[index].remaining = lap
    } else {
      flushes.append(Flush(channel: id, table: table, remaining: lap))
    }
  }

  /// Lets the walk of a table decide the networks anew that use next hops that have changed.
  mutating func startRedecision(_ changed: [NextHopSetID], in table: TableID) {
    if self[table: table].walk.isRedeciding {
      self[table: table].walk.nextSets += changed
      return
    }
    let lap = joinWalk(table)
    for id in changed { _ = self[table: table].walk.changedSets.insert(id) }
    self[table: table].walk.isRedeciding = true
    self[table: table].walk.redecisionRemaining = lap
  }

  /// Makes sure that a table is walked. How many networks the walk looks at until it has come around.
  private mutating func joinWalk(_ table: TableID) -> UInt32 {
    let limit = self[table: table].nets.limit
    if !self[table: table].walk.isRunning {
      self[table: table].walk.circle = SlabCircle(limit: limit)
      self[table: table].walk.isRunning = true
      walkedTables.append(table)
    } else if limit > self[table: table].walk.circle.limit {
      // The way has become longer for those who are on it.
      let added = limit - self[table: table].walk.circle.limit
      self[table: table].walk.circle.limit = limit
      for index in flushes.indices where flushes[index].table == table { flushes[index].remaining += added }
      if self[table: table].walk.isRedeciding { self[table: table].walk.redecisionRemaining += added }
    }
    return self[table: table].walk.circle.limit - 1
  }

  /// Walks on until somebody has seen all networks.
  private mutating func finishLeg(_ table: TableID) {
    var budget = Int.max
    walk(table, &budget)
    if !self[table: table].walk.isRunning { walkedTables.removeAll { $0 == table } }
  }

  /// Walks on, at most until somebody has seen all networks.
  private mutating func walk(_ table: TableID, _ budget: inout Int) {
    var leg = self[table: table].walk.isRedeciding ? self[table: table].walk.redecisionRemaining : .max
    var isFlushing = false
    for flush in flushes where flush.table == table {
      isFlushing = true
      leg = min(leg, flush.remaining)
    }
    let isRedeciding = self[table: table].walk.isRedeciding
    var circle = self[table: table].walk.circle
    var visited: UInt32 = 0
    while budget > 0, visited < leg {
      let net = circle.next()
      if isFlushing, self[table: table].isLive(net) { budget -= removeOutdated(net, table) }
      if isRedeciding, self[table: table].isLive(net) { budget -= redecide(net, table) }
      visited += 1
      budget -= 1
    }
    self[table: table].walk.circle = circle
    advance(table, by: visited)
  }

  /// Takes note of the way that was made; those who have seen all networks leave.
  private mutating func advance(_ table: TableID, by visited: UInt32) {
    for index in flushes.indices.reversed() where flushes[index].table == table {
      flushes[index].remaining -= visited
      guard flushes[index].remaining == 0 else { continue }
      let id = flushes[index].channel
      flushes.remove(at: index)
      if !isFlushing(id) { channels[id].marks.forgetOutdated() }
    }
    if self[table: table].walk.isRedeciding {
      self[table: table].walk.redecisionRemaining -= visited
      if self[table: table].walk.redecisionRemaining == 0 { endRedecision(table) }
    }
    self[table: table].walk.isRunning = self[table: table].walk.isRedeciding || flushes.contains { $0.table == table }
  }

  private mutating func endRedecision(_ table: TableID) {
    let next = self[table: table].walk.nextSets
    self[table: table].walk.isRedeciding = false
    self[table: table].walk.changedSets.removeAll()
    self[table: table].walk.nextSets = []
    if !next.isEmpty { startRedecision(next, in: table) }
  }

  /// Removes the outdated routes to a network. What that cost.
  private mutating func removeOutdated(_ net: NetID, _ table: TableID) -> Int {
    var cost = 0
    // The removal of the last route may remove the network.
    while self[table: table].isLive(net),
      let found = self[table: table].firstRoute(in: net, where: { isOutdated($1) })
    {
      let channel = self[table: table].routes[found.route].channel
      if self[table: table].isAdjacent {
        let prefix = self[table: table].prefix(net)
        let path = self[table: table].path(of: found.route)
        _ = forgetImport(prefix, path, table)
        _ = remove(channel, prefix, path)
      } else {
        _ = remove(found, in: net, table, of: channel)
      }
      cost += Router.costOfRoute
    }
    return cost
  }

  /// Decides a network anew if it uses next hops that have changed. What that cost.
  private mutating func redecide(_ net: NetID, _ table: TableID) -> Int {
    var changed = RouteID.none
    var cost = 0
    var routes = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].next(&routes) {
      if changed == .none, self[table: table].walk.changedSets.contains(attributes.header(route.attributes).nextHops) {
        changed = number
      }
      cost += 1
    }
    guard changed != .none else { return cost }
    expectAgain(net, table)
    decide(net, table, oldBest: self[table: table].best(net), changed: changed)
    return cost + Router.costOfRoute
  }

  // MARK: What closed channels leave behind

  /// Gives back networks that a channel would have looked at.
  mutating func leave(_ queue: Queue<NetID>, of table: TableID) {
    if !queue.isEmpty { leftovers.queues.append((queue, table)) }
  }

  /// Gives back a channel's own table. Nothing in it is on its way out any more.
  mutating func leave(adjacentTable table: TableID) {
    flushes.removeAll { $0.table == table }
    walkedTables.removeAll { $0 == table }
    leftovers.tables.append((table, NetCursor()))
  }

  private mutating func giveBackSome(_ budget: inout Int) {
    while budget > 0 {
      if let last = leftovers.queues.indices.last {
        guard let net = leftovers.queues[last].queue.popFirst() else {
          leftovers.queues.removeLast()
          continue
        }
        unpin(net, in: leftovers.queues[last].table)
        budget -= Router.costOfUnpinning
      } else if let last = leftovers.tables.indices.last {
        var (table, cursor) = leftovers.tables[last]
        if let net = self[table: table].next(&cursor, budget: &budget) {
          budget -= releaseAll(net, table)
        } else if self[table: table].isEnd(cursor) {
          leftovers.tables.removeLast()
          // Free for another channel.
          self[table: table] = RoutingTable(name: "", family: self[table: table].family, isAdjacent: true)
          continue
        }
        leftovers.tables[last].cursor = cursor
      } else {
        return
      }
    }
  }

  /// Gives back the attributes of a network's routes; nobody finds the network any more. What that cost.
  private mutating func releaseAll(_ net: NetID, _ table: TableID) -> Int {
    var cost = 0
    var routes = self[table: table].routes(of: net)
    self[table: table][net: net].first = .none
    while let (_, route) = self[table: table].next(&routes) {
      attributes.release(route.attributes, &nextHops)
      cost += Router.costOfUnpinning
    }
    return cost
  }
}
