import RouteCore

/// One `protocol ospf`: interfaces, neighbours, the link-state database and the routing table calculated from it.
public struct Instance: Machine, Sendable {
  /// What the last `.reconfigure` brought.
  public internal(set) var configuration: InstanceConfiguration
  var areas: [Area] = []
  /// What concerns neither one area nor one interface.
  var due: DueWork = []
  /// The position of the area whose inter-area-LSAs count (RFC 2328 §16.2): the backbone of an area border router, else the only one.
  var mainArea = 0
  var interfaces = KeyedList<Interface>()
  /// All links of the system, also those OSPF has nothing to do with.
  var links: [UInt32: InterfaceStatus] = [:]
  var database = LinkStateDatabase()
  var prefixes = PrefixTable()
  var boundaryRouters = BoundaryRouters()
  var schedule = CalculationSchedule()
  var origination = Origination()
  var interArea = InterAreaAnnouncements()
  var translations = NSSATranslations()
  /// How many virtual links there have been: each has a name and an Interface ID of its own.
  var virtualLinksMade: UInt32 = 0
  var recovery = Recovery()
  var random: SeededGenerator
  /// Neighbours in Exchange or Loading: LSAs of MaxAge are kept for them (RFC 2328 §14).
  var exchangingNeighbors = 0
  /// After `.stop` or `.stopForRestart`: every event is ignored.
  public private(set) var isStopped = false
  let started: Instant
  /// How often the routing table was calculated.
  public internal(set) var calculations = 0
  /// How often of these with Dijkstra (RFC 2328 §16.1).
  public internal(set) var shortestPathCalculations = 0

  /// `recovers`: after a graceful restart (RFC 3623 §2), if the configuration wants to take part in it.
  public init(configuration: InstanceConfiguration, seed: UInt64, now: Instant, recovers: Bool = false) {
    self.configuration = configuration
    started = now
    random = SeededGenerator(seed: seed)
    areas = configuration.attachedAreas.map { Area($0, of: configuration) }
    mainArea = area(.backbone) ?? 0
    adoptVirtualLinks(at: now)
    markInterArea()
    if recovers, configuration.gracefulRestart == .able {
      recovery.stage = .recovering(until: now + .seconds(Int64(configuration.gracefulRestartTime)))
      recovery.awaitsExports = configuration.isASBoundaryRouter
    }
    if !recovery.awaitsExports { markAllExternals() }
    origination.schedule(at: now)
  }

  /// That of the configuration.
  public var routerID: RouterID { configuration.routerID }
  var family: AddressFamily { configuration.family }

  /// What the LSA at a place of the database says; nil if its type is unknown.
  func decoded(_ place: UInt32) -> DecodedLSA? { DecodedLSA(database[place].bytes, database[place].key.type, family) }

  /// See `Machine`.
  public mutating func handle(_ event: Event, at now: Instant, into output: inout Output) {
    if isStopped { return }
    switch event {
    case .interfaceChanged(let status):
      links[status.index] = status
      linkChanged(status.index, at: now, into: &output)
    case .interfaceRemoved(let index):
      links[index] = nil
      linkChanged(index, at: now, into: &output)
    case .received(let index, let source, let destination, let hopLimit, let bytes):
      let packet = ReceivedPacket(interface: index, source: source, destination: destination, hopLimit: hopLimit, bytes: bytes)
      receive(packet, at: now, into: &output)
    case .pathFailed(let index, let address):
      pathFailed(index, address, at: now, into: &output)
    case .deadline:
      endWaiting(at: now, into: &output)
    case .external(let prefix, let route):
      exportChanged(prefix, route, at: now)
    case .reconfigure(let new):
      reconfigure(to: new, at: now, into: &output)
    case .exportsCompleted:
      exportsCompleted(at: now)
    case .stopForRestart:
      return stopForRestart(at: now, into: &output)
    case .stop:
      stop(at: now, into: &output)
      return
    }
    runTimers(at: now, into: &output)
    finishEvent(at: now, into: &output)
  }

  /// RFC 2328 §14.1 for everything of our own, then silence.
  mutating func stop(at now: Instant, into output: inout Output) {
    flushEverything(at: now, into: &output)
    finishEvent(at: now, into: &output)
    while let i = interfaces.indices.last { removeInterface(i, at: now, into: &output) }
    for entry in prefixes.entries.indices where prefixes.entries[entry].route != nil {
      output.routes.append(Output.RouteChange(prefix: prefixes.entries[entry].prefix, route: nil))
      prefixes.entries[entry].route = nil
    }
    end(into: &output)
  }

  mutating func end(into output: inout Output) {
    isStopped = true
    output.trace(.states, "stopped")
  }

  // MARK: looking things up

  var hasExternalCapableArea: Bool { areas.contains { $0.isExternalCapable } }

  func area(_ id: RouterID) -> Int? { areas.firstIndex { $0.id == id } }

  /// Where an LSA received (or asked for) on an interface belongs; nil for the reserved scope, and where it has no place.
  func scope(of type: LSAType, on i: InterfaceID) -> Scope? {
    switch type.floodingScope {
    case .link: .link(interfaces[i].key)
    case .area: areas[interfaces[i].area].scope
    // RFC 2328 §13 (3): no AS-external-LSAs in stub areas.
    case .autonomousSystem: areas[interfaces[i].area].isExternalCapable ? .autonomousSystem : nil
    case nil: nil
    }
  }

  func area(of scope: Scope) -> Int? {
    switch scope {
    case .link(let key): interfaces.find(key).map { interfaces[$0].area }
    case .area(let id): area(id)
    case .autonomousSystem: nil
    }
  }
}
