// What the tables would be under another configuration, without touching them (`plan`).
//
// A rehearsal is a second router with the channels of the new configuration. Networks are staged in it a few at a time: their routes are
// copied from the present tables through the channels that would carry them, with the new import filters; pipes pass them on; the decision
// and the export filters are those that route for real. Then everything is taken out again, so that the memory needed is that of a few
// networks, whatever the size of the tables.
//
//   addTable, addChannel, addPipe    the new configuration
//   bring                            where the routes of a present channel come in, and routes that are no one's yet
//   stage … export … clear           some networks
//   resolveNextHops                  (Rehearsal+NextHops) recursive next hops, before the first stage
//
// Limits are not rehearsed: what they let through depends on the order in which routes come.

/// The tables as they would be, for some networks at a time.
package struct Rehearsal: ~Copyable {
  /// The tables and channels of the new configuration.
  package var router = Router()

  /// Where the routes of a present channel come in.
  struct Entrance {
    var channel: ChannelID
    /// The filtered ones too, which are kept as they came.
    var includesFiltered: Bool
    /// The channel's import table, if its routes come from there.
    var received: TableID?
  }
  /// By the number of the present channel.
  var entrances = HandleArray<ChannelID, Entrance?>()
  /// The present tables as they are named here.
  var names = HandleArray<TableID, TableID?>()
  /// Import tables that routes come from.
  private var receivedTables: Set<TableID> = []
  var pipes: [(ChannelID, ChannelID)] = []
  private var modes: [(channel: ChannelID, mode: ExportMode)] = []
  /// Routes that are in no present table as they would come.
  var extras: [Prefix: [RehearsedRoute]] = [:]
  /// What recursive next hops resolve to.
  var resolutions: [NextHopSource: Resolution] = [:]

  private var scratch = RouteAttributes(AttributeHeader(source: .none, preference: 0))
  private var batch = ExportBatch()

  package init() {}

  /// Takes over what filters see of the system.
  package mutating func takeSurroundings(from present: borrowing Router) {
    router.interfaceNames = present.interfaceNames
    router.networks = present.networks
    names = HandleArray(Array(repeating: nil, count: present.tableCount))
    entrances = HandleArray(Array(repeating: nil, count: present.channels.count))
  }

  // MARK: The new configuration

  /// A table; `present` is the one whose place it takes.
  package mutating func addTable(_ name: String, _ family: AddressFamily, present: TableID?) -> TableID {
    let table = router.addTable(name, family)
    if let present, names.contains(present) { names[present] = table }
    return table
  }

  /// A channel of a protocol that would run.
  package mutating func addChannel(_ rehearsed: RehearsedChannel) -> ChannelID {
    var configuration = rehearsed.configuration
    configuration.receiveLimit = nil
    configuration.importLimit = nil
    configuration.exportLimit = nil
    configuration.keepFiltered = false
    configuration.importTable = false
    configuration.exportTable = false
    let id = router.addChannel(
      configuration, protocolName: rehearsed.protocolName, table: rehearsed.table, decision: rehearsed.decision)
    router[channel: id].order = rehearsed.order
    router[channel: id].keepsPreference = rehearsed.keepsPreference
    router[channel: id].isPipe = rehearsed.mode == .any
    modes.append((id, rehearsed.mode))
    return id
  }

  /// The two ends of a pipe; what is exported to one is imported by the other.
  package mutating func addPipe(_ one: ChannelID, _ other: ChannelID) { pipes.append((one, other)) }

  // MARK: What comes in

  /// The routes of a present channel would come through `channel`.
  package mutating func bring(_ present: ChannelID, through channel: ChannelID, includingFiltered: Bool, received: TableID? = nil) {
    guard entrances.contains(present) else { return }
    entrances[present] = Entrance(channel: channel, includesFiltered: includingFiltered, received: received)
    if let received { receivedTables.insert(received) }
  }

  /// A route that would come, as it is before the import filter.
  package mutating func bring(_ route: RehearsedRoute) { extras[route.prefix, default: []].append(route) }

  /// The networks of routes that would come, and are in no present table of their family.
  package func newNetworks(beside present: borrowing Router) -> [Prefix] {
    var found: [Prefix] = []
    for prefix in extras.keys where !isPresent(prefix, in: present) { found.append(prefix) }
    found.sort()
    return found
  }

  /// Whether a present table has routes that may come in: not those that channels keep for themselves.
  package func isStaged(_ table: TableID, of present: borrowing Router) -> Bool {
    !present[table: table].isAdjacent || receivedTables.contains(table)
  }

  /// Whether one of the tables, or of those before one, has routes for a network.
  package func isPresent(_ prefix: Prefix, in present: borrowing Router, before end: TableID? = nil) -> Bool {
    for table in present.tableIDs
    where end.map({ table < $0 }) ?? true && present[table: table].family == prefix.family && isStaged(table, of: present) {
      if present.network(prefix, in: table) != nil { return true }
    }
    return false
  }

  // MARK: Staging

  /// Puts the routes of some networks in place.
  package mutating func stage(_ prefixes: [Prefix], from present: borrowing Router) {
    for (channel, mode) in modes { router.open(channel, exporting: mode) }
    for prefix in prefixes {
      for table in present.tableIDs where present[table: table].family == prefix.family && isStaged(table, of: present) {
        stage(prefix, table, present)
      }
      for route in extras[prefix] ?? [] { stage(route) }
    }
    runPipes()
  }

  private mutating func stage(_ prefix: Prefix, _ table: TableID, _ present: borrowing Router) {
    guard let net = present.network(prefix, in: table) else { return }
    var rest = present[table: table].routes(of: net)
    while let (number, route) = present[table: table].next(&rest) {
      let path = present[table: table].path(of: number)
      guard entrances.contains(route.channel), let entrance = entrances[route.channel] else { continue }
      // What pipes brought they bring again.
      if route.flags.contains(.piped) || route.flags.contains(.filtered) && !entrance.includesFiltered { continue }
      if let received = entrance.received, received != table { continue }
      present.attributes.load(route.attributes, into: &scratch)
      let hops = intern(scratch.header.nextHops, present)
      scratch.header.nextHops = hops
      router.announce(entrance.channel, prefix, path: path, scratch, at: route.time)
      router.nextHops.release(hops)
    }
  }

  private mutating func stage(_ route: RehearsedRoute) {
    scratch.assign(route.attributes)
    switch route.source {
    case .direct(let list, let cost)?: scratch.header.nextHops = router.nextHops.intern(list, cost: cost)
    case .recursive?, .connected?: if let source = route.source { scratch.header.nextHops = internResolved(source) }
    case nil: scratch.header.nextHops = .none
    }
    if route.commands.map({ router.apply($0, to: &scratch, prefix: route.prefix, route.channel) }) ?? true {
      router.announce(route.channel, route.prefix, scratch, at: route.time)
    }
    router.nextHops.release(scratch.header.nextHops)
  }

  /// Passes routes on until no pipe has anything left. Routes that chase one another in a ring of pipes are left where they are.
  private mutating func runPipes() {
    for _ in 0..<64 {
      var isMoving = false
      for (one, other) in pipes {
        if move(one, other) { isMoving = true }
        if move(other, one) { isMoving = true }
      }
      if !isMoving { return }
    }
  }

  private mutating func move(_ from: ChannelID, _ to: ChannelID) -> Bool {
    guard router[channel: from].hasPendingExports else { return false }
    _ = router.pullPipe(from: from, to: to, limit: .max, gate: OpenGate(), at: 0)
    return true
  }

  /// What a channel's protocol would hear of the staged networks: hands over what it would be told to keep, which may be several routes
  /// to one network. Ask once after each `stage`.
  package mutating func export<Gate: ExportGate>(
    _ channel: ChannelID, gate: Gate, _ body: (borrowing Router, ExportItem) -> Void
  ) {
    _ = router.pullExports(channel, limit: .max, gate: gate, into: &batch)
    for item in batch.items where item.attributes != .none { body(router, item) }
    router.finish(&batch)
  }

  /// Takes everything out again.
  package mutating func clear() {
    // What is exported first, so that nobody is told of the end.
    for (channel, _) in modes { router.closeExport(channel) }
    for (channel, _) in modes { router.close(channel, at: 0) }
    router.finishFlushes()
    router.nextHopsAreStale = false
    if router.interpreter.hasOutput { _ = router.interpreter.takeOutput() }
  }
}

/// A channel of a protocol that would run.
package struct RehearsedChannel {
  package var configuration: ChannelConfiguration
  package var protocolName: String
  package var table: TableID
  package var decision = DecisionOptions.defaults
  /// The protocol's place in the configuration.
  package var order: UInt16
  package var mode: ExportMode
  /// Routes come with the preference they have: those that passed their import filter already.
  package var keepsPreference = false

  package init(_ configuration: ChannelConfiguration, _ protocolName: String, table: TableID, order: UInt16, mode: ExportMode) {
    self.configuration = configuration
    self.protocolName = protocolName
    self.table = table
    self.order = order
    self.mode = mode
  }
}

/// A route that would come, before the import filter.
package struct RehearsedRoute {
  package var channel: ChannelID
  package var prefix: Prefix
  /// Without next hops.
  package var attributes: RouteAttributes
  package var source: NextHopSource?
  /// Run over the route before its channel's filter.
  package var commands: PolicyProgram?
  package var time: UInt64 = 0

  package init(_ channel: ChannelID, _ prefix: Prefix, _ attributes: RouteAttributes, _ source: NextHopSource?) {
    self.channel = channel
    self.prefix = prefix
    self.attributes = attributes
    self.source = source
  }
}
