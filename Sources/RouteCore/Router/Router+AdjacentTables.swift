// `import table` and `export table`: a channel's routes as they came, before its import filter, and as they went, behind its export
// filter (Adj-RIB-In and Adj-RIB-Out of RFC 4271 §3.2). They are tables like the others, but nothing is decided in them. With the first
// a changed filter needs no help of the peer's; with the second nothing is sent twice.

extension Router {
  mutating func closeImportTable(_ channel: ChannelID) {
    if let table = channels[channel].importTable { leave(adjacentTable: table) }
    channels[channel].importTable = nil
  }

  mutating func closeExportTable(_ channel: ChannelID) {
    if let table = channels[channel].exportTable { leave(adjacentTable: table) }
    channels[channel].exportTable = nil
  }

  /// A table for one channel alone.
  mutating func adjacentTable(_ name: String, _ family: AddressFamily) -> TableID {
    let free = tableIDs.first { self[table: $0].isAdjacent && !self[table: $0].isUsed }
    let index = free ?? addTable(name, family, isAdjacent: true)
    self[table: index] = RoutingTable(name: name, family: family, isAdjacent: true)
    self[table: index].isUsed = true
    return index
  }

  // MARK: Import

  /// Keeps a route of the run as it came. Whether it is to be filtered and stored: false for one that is known as it is, and for what
  /// the receive limit keeps out.
  mutating func noteImport(_ prefix: Prefix, _ table: TableID, _ run: borrowing ImportRun) -> Bool {
    let channel = run.channel
    let id = attributes.intern(run.base, &nextHops)
    defer { attributes.release(id, &nextHops) }
    guard let net = self[table: table].findOrInsert(prefix) else {
      channels[channel].statistics.importUpdates.rejected &+= 1
      return false
    }
    if let route = adjacentRoute(run.path, net, table) {
      let old = self[table: table].routes[route]
      let mark = channels[channel].marks.current
      let isConfirmed = old.flags.mark != mark
      self[table: table].routes[route].flags.mark = mark
      if old.attributes == id {
        if !isConfirmed { channels[channel].statistics.importUpdates.ignored &+= 1 }
        return isConfirmed
      }
      attributes.retain(id)
      self[table: table].routes[route].attributes = id
      self[table: table].routes[route].time = run.time
      attributes.release(old.attributes, &nextHops)
      return true
    }
    if run.path != 0, !hasRoomForPath(of: run.source, net, table) {
      noteSurplusPath(net, table, run)
      return false
    }
    if channels[channel].receiveLimit.limit != nil, !admits(UInt32(truncatingIfNeeded: self[table: table].routeCount), channel) {
      self[table: table].removeIfUnused(net)
      return false
    }
    attributes.retain(id)
    let new = self[table: table].insert(
      Route(
        attributes: id, channel: channel, time: run.time, flags: Route.Flags().bearing(channels[channel].marks.current)),
      path: run.path)
    self[table: table].link(new, after: .none, in: net)
    return true
  }

  /// In a table of one channel the path identifier alone tells its routes apart.
  func adjacentRoute(_ path: UInt32, _ net: NetID, _ table: TableID) -> RouteID? {
    self[table: table].firstRoute(in: net) { id, _ in self[table: table].path(of: id) == path }?.route
  }

  /// Whether the receive limit lets one more than `count` routes in.
  private mutating func admits(_ count: UInt32, _ channel: ChannelID) -> Bool {
    if channels[channel].receiveLimit.reach(count) { tell(channels[channel].receiveLimit, .receive, channel) }
    guard channels[channel].receiveLimit.isBlocked else { return true }
    channels[channel].statistics.importUpdates.ignored &+= 1
    return false
  }

  /// Whether there was a route to be withdrawn.
  mutating func forgetImport(_ prefix: Prefix, _ path: UInt32, _ table: TableID) -> Bool {
    guard let net = self[table: table].find(prefix) else { return false }
    return removeAdjacent(path, net, table)
  }

  private mutating func removeAdjacent(_ path: UInt32, _ net: NetID, _ table: TableID) -> Bool {
    guard let found = self[table: table].firstRoute(in: net, where: { id, _ in self[table: table].path(of: id) == path }) else {
      return false
    }
    let id = self[table: table].routes[found.route].attributes
    self[table: table].unlink(found, in: net)
    self[table: table].routes.remove(found.route)
    attributes.release(id, &nextHops)
    self[table: table].removeIfUnused(net)
    return true
  }

  /// Runs everything the channel has received through its import filter again.
  package mutating func reimport(_ id: ChannelID, at time: UInt64) {
    guard let table = channels[id].importTable, channels[id].state == .up else { return }
    resetImportLimits(id)
    var run = ImportRun()
    var shared = AttributeID.none
    var nets = NetCursor()
    while let net = self[table: table].next(&nets) {
      var routes = self[table: table].routes(of: net)
      while let (number, route) = self[table: table].next(&routes) {
        // Neighbours in the table most often have the same attributes.
        if route.attributes != shared || !run.isOpen {
          open(&run, id, source: id, at: time)
          attributes.load(route.attributes, into: &run.base)
          complete(&run)
          shared = route.attributes
        }
        channels[id].statistics.importUpdates.received &+= 1
        run.path = self[table: table].path(of: number)
        filterAndStore(self[table: table].prefix(net), &run)
      }
    }
    close(&run)
  }

  // MARK: Export

  /// Keeps what is announced of a network. Whether that is new.
  mutating func noteExport(_ prefix: Prefix, path: UInt32, _ id: AttributeID, _ origin: Route, in table: TableID) -> Bool {
    guard let net = self[table: table].findOrInsert(prefix) else { return true }
    if let route = adjacentRoute(path, net, table) {
      let old = self[table: table].routes[route]
      if old.attributes == id, old.channel == origin.channel, !old.flags.contains(.expected) { return false }
      _ = removeAdjacent(path, net, table)
      return noteExport(prefix, path: path, id, origin, in: table)
    }
    attributes.retain(id)
    let new = self[table: table].insert(
      Route(attributes: id, channel: origin.channel, time: exportTime, flags: []), path: path)
    self[table: table].link(new, after: .none, in: net)
    return true
  }

  /// What some next hops come to has changed: a network's routes with them may have to be announced otherwise, though their attributes
  /// are the same.
  mutating func expectAgain(_ net: NetID, _ table: TableID) {
    var exporter = firstExporter[table]
    while let id = exporter {
      exporter = channels[id].nextExporter
      guard let exported = channels[id].exportTable, let known = self[table: exported].find(self[table: table].prefix(net)) else {
        continue
      }
      var routes = self[table: exported].routes(of: known)
      while let (number, route) = self[table: exported].next(&routes) {
        if self[table: table].walk.changedSets.contains(attributes.header(route.attributes).nextHops) {
          self[table: exported].routes[number].flags.insert(.expected)
        }
      }
    }
  }

  /// Whether it was kept.
  mutating func forgetExport(_ prefix: Prefix, path: UInt32, in table: TableID) -> Bool {
    guard let net = self[table: table].find(prefix) else { return false }
    return removeAdjacent(path, net, table)
  }
}
