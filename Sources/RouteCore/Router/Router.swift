// The middle of the daemon: tables, the channels around them, and the way of a route from one protocol to the others.
//
//   open, announce, close; withdraw
//                        (Router+Import)   import filter, limits, the channel's route in the table
//   decide               (Router+Decision) the best route of the network; who has to know
//   pullExports          (Router+Export)   export filter; what each protocol is to hear
//   feeds                (Router+Feed)     when all networks are presented to a channel
//   next hops            (Router+NextHops) recursive next hops follow the table
//   flushSome            (Router+Flush)    what takes a walk over a table, in slices
//   restarts             (Router+Restart)  exports that wait, routes of a peer that is away
//
// Import is pushed, export is pulled: a change marks the network once for each exporting channel, and the channel's owner takes the
// changes when its socket, the kernel, or the next OSPF origination has room for them. It knows no socket and no clock.

/// All tables, channels and stored attributes of a daemon.
public struct Router: ~Copyable {
  package var attributes = AttributeStore()
  package var nextHops = NextHopTable()
  private var tables: UnsafeMutablePointer<RoutingTable>
  package private(set) var tableCount = 0
  private var tableCapacity = 4
  /// Numbers of tables that were removed.
  private var freeTables: [TableID] = []
  /// The first exporting channel of each table.
  var firstExporter = HandleArray<TableID, ChannelID?>()
  package var channels = HandleArray<ChannelID, Channel>()
  /// What is being done in slices (`Router+Flush`): whose routes are looked for, the tables that are walked, what is to be given back.
  var flushes: [Flush] = []
  var walkedTables: [TableID] = []
  var leftovers = Leftovers()

  /// Names of the interfaces by index, for `ifname`.
  package var interfaceNames: [UInt32: String] = [:]
  /// The networks that interfaces are connected to: what is on link. Next hops that depend on them are looked up again.
  package var networks = ConnectedNetworks() {
    didSet { if networks != oldValue, !nextHops.dependent.isEmpty { nextHopsAreStale = true } }
  }
  /// Failures of filters since the owner last looked.
  package var policyFaults = PolicyFaultLog()
  /// Whether `gw` and `ifname` of a route with several next hops are those of the first; BIRD 1.6 leaves them empty.
  package var showsFirstHopOfMultipath = true

  var decision = Decision()
  package var interpreter = PolicyInterpreter()
  var policyRoute = PolicyRoute(prefix: Prefix(.unspecified, 0), attributes: RouteAttributes(AttributeHeader(source: .none, preference: 0)))
  var mergedHops: [NextHop] = []
  var filteredExports: [AttributeID] = []
  /// Set when a network that contains a recursive next hop changed, or those we are connected to: `resolveNextHops` is due.
  package var nextHopsAreStale = false
  /// Limits reached since the owner last looked.
  package var limitEvents: [LimitEvent] = []
  package var pipeCollisions = PipeCollisions()
  package var surplusPaths = SurplusPaths()
  /// The time that is noted for what is announced, in the unit of the tables; whoever pulls sets it.
  package var exportTime: UInt64 = 0

  /// A router without tables and channels.
  public init() { tables = .allocate(capacity: tableCapacity) }

  /// A router at an address of its own, for as long as the process lives.
  package static func allocate() -> UnsafeMutablePointer<Router> {
    let storage = UnsafeMutablePointer<Router>.allocate(capacity: 1)
    storage.initialize(to: Router())
    return storage
  }

  deinit {
    tables.deinitialize(count: tableCount)
    tables.deallocate()
  }

  // MARK: Tables

  package mutating func addTable(_ name: String, _ family: AddressFamily, isAdjacent: Bool = false) -> TableID {
    if let free = freeTables.popLast() {
      self[table: free] = RoutingTable(name: name, family: family, isAdjacent: isAdjacent)
      return free
    }
    if tableCount == tableCapacity {
      let wider = UnsafeMutablePointer<RoutingTable>.allocate(capacity: tableCapacity * 2)
      wider.moveInitialize(from: tables, count: tableCount)
      tables.deallocate()
      tables = wider
      tableCapacity *= 2
    }
    (tables + tableCount).initialize(to: RoutingTable(name: name, family: family, isAdjacent: isAdjacent))
    tableCount += 1
    return firstExporter.append(nil)
  }

  package subscript(table id: TableID) -> RoutingTable {
    @inline(__always) unsafeAddress {
      precondition(id.place < tableCount)
      return UnsafePointer(tables + id.place)
    }
    @inline(__always) unsafeMutableAddress {
      precondition(id.place < tableCount)
      return tables + id.place
    }
  }

  /// Forgets a table that no channel uses any more; false if one does, or if it is not empty when all that was to go has gone.
  package mutating func removeTable(_ id: TableID) -> Bool {
    finishFlushes(in: id)
    guard self[table: id].netCount == 0, !channels.elements.contains(where: { $0.isLive && $0.table == id }) else { return false }
    // No name is empty, so it is never found.
    self[table: id] = RoutingTable(name: "", family: self[table: id].family)
    firstExporter[id] = nil
    freeTables.append(id)
    return true
  }

  /// All tables, channels' own included.
  package var tableIDs: Handles<TableID> { firstExporter.ids }
  package func contains(_ id: TableID) -> Bool { id.place < tableCount }
  /// The table behind another one in `tableIDs`; nil after the last.
  package func table(after id: TableID) -> TableID? { id.place + 1 < tableCount ? TableID(place: id.place + 1) : nil }

  /// The table of a name, which is not a channel's own.
  package func table(named name: String) -> TableID? {
    tableIDs.first { self[table: $0].name == name && !self[table: $0].isAdjacent }
  }

  // MARK: Channels

  /// Adds a channel, down at first. A removed one's number is used again once all its routes are gone.
  package mutating func addChannel(
    _ configuration: ChannelConfiguration, protocolName: String, table: TableID, decision: DecisionOptions = .defaults
  ) -> ChannelID {
    let free = channels.firstID { !$0.isLive && !isFlushing($0.id) }
    let id = free ?? ChannelID(place: channels.count)
    var channel = Channel(id: id, protocolName: protocolName, table: table, configuration: configuration, decision: decision)
    if let free {
      channel.session = channels[free].session &+ 1
      channels[free] = channel
    } else {
      _ = channels.append(channel)
    }
    return id
  }

  package subscript(channel id: ChannelID) -> Channel {
    @inline(__always) _read { yield channels[id] }
    @inline(__always) _modify { yield &channels[id] }
  }

  /// Opens a channel: routes may come in, and everything in the table is fed to it if it exports.
  package mutating func open(_ id: ChannelID, exporting mode: ExportMode) {
    guard channels[id].state == .down else { return }
    let configuration = channels[id].configuration
    channels[id].state = .up
    channels[id].statistics = ChannelStatistics()
    nextHops.forgetLastVoucher()
    channels[id].receiveLimit = LimitState(limit: configuration.receiveLimit)
    channels[id].importLimit = LimitState(limit: configuration.importLimit)
    channels[id].exportLimit = LimitState(limit: configuration.exportLimit)
    if configuration.importTable { channels[id].importTable = adjacentTable("import", configuration.family) }
    openExport(id, mode)
  }

  /// Closes a channel: what was announced to it is forgotten, and its routes are on their way out of the table (`flushSome`). It may be
  /// opened again before they are gone.
  package mutating func close(_ id: ChannelID, at time: UInt64) {
    guard channels[id].state == .up else { return }
    closeExport(id)
    if channels[id].isPipe { flushPiped(id) } else { outdateSession(id) }
    closeImportTable(id)
    channels[id].export = .closed
    channels[id].state = .down
    channels[id].session &+= 1
    nextHops.forgetLastVoucher()
  }

  /// Forgets a closed channel; `flushSome` goes on to remove its routes.
  package mutating func removeChannel(_ id: ChannelID) {
    guard channels[id].state == .down else { return }
    channels[id].isLive = false
  }
}
