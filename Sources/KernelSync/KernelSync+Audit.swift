import RouteCore

/// Dumps that have been requested or are to be requested, and what the current one has shown so far.
struct Audits {
  enum Request: Hashable {
    /// All routes of a table, after the objects that they refer to.
    case table(KernelTableID)
    case objects
    /// The routes of others in a table that one program put there.
    case learnt(KernelTableID, UInt8)
  }

  struct Key: Hashable {
    var prefix: Prefix
    var table: KernelTableID
  }

  /// A route of ours that is unknown, or differs from what is known.
  struct Difference {
    var prefix: Prefix
    var shape: Shape
  }

  private(set) var waiting: [Request] = []
  private(set) var current: Request?
  /// The result of the current dump no longer matters.
  private(set) var isCancelled = false
  /// For a table: the objects have been read, and the routes are being read.
  private(set) var isReadingRoutes = false

  var objects: [KernelObject] = []
  /// Objects that were created during the dump.
  var touchedObjects: Set<ObjectPlace> = []
  var different: [Difference] = []
  var others: [KernelRoute] = []
  /// Changes by others, and by us to routes without a record, since the dump began.
  var touched: Set<Key> = []

  /// Whether a route was seen that is being written at the same time, so that nothing can be concluded.
  var isBlurred = false

  var isReadingObjects: Bool { current != nil && !isReadingRoutes }

  mutating func request(_ request: Request) {
    if !waiting.contains(request) { waiting.append(request) }
  }

  /// A table is no longer kept.
  mutating func cancel(_ table: KernelTableID) {
    waiting.removeAll { Audits.table(of: $0) == table }
    if current.map({ Audits.table(of: $0) == table }) ?? false { isCancelled = true }
  }

  static func table(of request: Request) -> KernelTableID? {
    switch request {
    case .table(let table), .learnt(let table, _): table
    case .objects: nil
    }
  }

  mutating func begin(_ request: Request) {
    waiting.removeAll { $0 == request }
    current = request
    isCancelled = false
    isReadingRoutes = false
    isBlurred = false
  }

  mutating func readRoutes() { isReadingRoutes = true }

  mutating func end() {
    self.objects = []
    touchedObjects = []
    different = []
    others = []
    touched = []
    current = nil
    isReadingRoutes = false
  }
}

// The audit compares a dump of the kernel's table with what is known about it. Each route that is seen as expected gets the audit's mark.
// One that is written meanwhile gets a different mark, as the dump may show an older state. Only differences are stored, so that an audit
// of a correct table takes no memory.
extension KernelSync {
  /// The mark of routes that the current audit has seen, and of those written since it began.
  private var seenMark: UInt16 { auditNumber }
  var touchedMark: UInt16 { auditNumber | 1 }

  mutating func scanSoon(_ table: KernelTableID) { if isUp(table) { tables[table].nextScan = clock } }

  mutating func scheduleScan(_ table: KernelTableID) {
    // Without scans there is still one audit if an earlier run has left routes: those not wanted by then are removed.
    let seconds = tables[table].options.scanTime == 0 && tables[table].hasLeftOvers ? 60 : tables[table].options.scanTime
    tables[table].nextScan = seconds == 0 ? nil : clock + .seconds(Int64(seconds))
  }

  /// Requests the dump that is due. A table is not read while something is being written: a dump that runs into changes restarts, and slows
  /// down the writing.
  mutating func beginAudit() {
    for id in tables.ids where tables[id].phase == .up {
      if let due = tables[id].nextScan, due <= clock {
        tables[id].nextScan = nil
        audits.request(.table(id))
      }
    }
    guard audits.current == nil, let next = audits.waiting.first(where: { mayBegin($0) }) else { return }
    audits.begin(next)
    switch next {
    case .table:
      auditNumber &+= 2
      if objects.isSupported { pendingActions.append(.dumpObjects) } else { readRoutes() }
    case .objects: pendingActions.append(.dumpObjects)
    case .learnt: readRoutes()
    }
  }

  private func mayBegin(_ request: Audits.Request) -> Bool {
    guard case .table(let table) = request else { return true }
    if isUp(table) { return isQuiet }
    // A table that begins again, with changes of its former life on their way.
    return !inFlight.joined().contains { change in change.record != .none && routes[change.record].table == table }
  }

  private mutating func readRoutes() {
    audits.readRoutes()
    switch audits.current {
    case .table(let table)?: pendingActions.append(.dumpRoutes(table, protocolNumber: nil))
    case .learnt(let table, let number)?: pendingActions.append(.dumpRoutes(table, protocolNumber: number))
    case .objects?, nil: break
    }
  }

  mutating func dumped(_ entry: DumpedEntry) {
    guard !audits.isCancelled else { return }
    switch entry {
    case .object(let object): if object.protocolNumber == KernelNumbers.protocolNumber { audits.objects.append(object) }
    case .route(let route): sawRoute(route)
    }
  }

  mutating func dumpEnded(_ outcome: DumpOutcome) {
    guard let request = audits.current else { return }
    defer { if audits.current == nil { finishStops() } }
    if audits.isCancelled { return audits.end() }
    switch outcome {
    case .complete where audits.isReadingRoutes: finish(request)
    case .complete:
      compareObjects()
      if request != .objects { return readRoutes() }
    case .unsupported:
      objects.isSupported = false
      restamp()
      if request != .objects { return readRoutes() }
    case .interrupted: retry(request)
    case .failed(let words):
      log(.error, "Reading the kernel's table: \(words)")
      if case .table(let table) = request { return fail(table) }
    }
    audits.end()
  }

  private mutating func retry(_ request: Audits.Request) {
    guard case .table(let table) = request else { return audits.request(request) }
    if isUp(table) {
      tables[table].nextScan = clock + .seconds(1)
    } else {
      forgetFound(table)
      audits.request(request)
    }
  }

  /// Routes that cannot be read cannot be taken over, but the table is kept all the same.
  private mutating func fail(_ table: KernelTableID) {
    audits.end()
    if isUp(table) { scheduleScan(table) } else { becomeUp(table) }
  }

  /// What was found so far may be wrong, or what a former life of the table left may have gone.
  private mutating func forgetFound(_ table: KernelTableID, unlessSeen: Bool = false) {
    for id in routes.of(table: table) where routes[id].state == .leftOver {
      if !unlessSeen || routes[id].seen != seenMark { drop(id) }
    }
  }

  // MARK: Routes

  private mutating func sawRoute(_ route: KernelRoute) {
    guard let request = audits.current, let table = Audits.table(of: request), table == self.table(of: route) else { return }
    guard route.protocolNumber == KernelNumbers.protocolNumber else {
      if tables[table].options.learns, route.isLearnable { audits.others.append(route) }
      return
    }
    guard case .table = request else { return }
    let id = routes.find(route.prefix, table)
    let seen = shape(of: route, table, beside: id)
    if tables[table].phase == .starting { return found(route.prefix, table, seen) }
    if let id, routes[id].state == .writing || routes[id].seen == touchedMark {
      audits.isBlurred = true
      return
    }
    if let id, routes[id].present != .none, routes[id].state != .uncertain, forms[routes[id].present] == seen {
      routes[id].seen = seenMark
    } else {
      audits.different.append(Audits.Difference(prefix: route.prefix, shape: seen))
    }
  }

  /// A route left by an earlier run is recorded as present, so that it is kept if it is wanted, or else removed once the feed is complete.
  private mutating func found(_ prefix: Prefix, _ table: KernelTableID, _ shape: Shape) {
    guard let id = routes.findOrInsert(prefix, table), routes[id].state != .writing else { return }
    // A run that ended while changing a metric has left two routes: the one the kernel uses, which is shown first, stays.
    if routes[id].present != .none, forms[routes[id].present].metric != shape.metric { return eraseStray(prefix, table, shape) }
    setPresent(id, shape: shape)
    routes[id].state = .leftOver
    routes[id].seen = seenMark
    tables[table].hasLeftOvers = true
  }

  /// The machine's shape of one of our routes.
  private mutating func shape(of route: KernelRoute, _ table: KernelTableID, beside id: RecordID?) -> Shape {
    var shape = Shape(destination: route.destination, metric: tables[table].asked(route.metric))
    var found = route.details
    // The kernel always shows a scope; it is recorded only if one was asked for.
    let wantedScope = id.flatMap { id in routes[id].present == .none ? nil : details[forms[routes[id].present].details].scope }
    if wantedScope != found.scope { found.scope = nil }
    shape.details = details.id(of: found)
    if route.nextHopObject != 0 {
      shape.object = objects.place(id: route.nextHopObject) ?? .none
    } else if route.destination == .unicast {
      shape.hops = sets.id(of: route.nextHops.map { $0.hop })
    }
    return shape
  }

  /// Compares what the kernel has with what it should have.
  private mutating func finish(_ request: Audits.Request) {
    switch request {
    case .objects: break
    case .learnt(let table, let number): compareLearnt(table, audits.others, protocolNumber: number)
    case .table(let table):
      compareLearnt(table, audits.others)
      if tables[table].phase == .starting {
        forgetFound(table, unlessSeen: true)
        return becomeUp(table)
      }
      for difference in audits.different.sorted(by: { $0.prefix < $1.prefix })
      where !audits.touched.contains(Audits.Key(prefix: difference.prefix, table: table)) { correct(difference, table) }
      tables[table].missingMark = seenMark
      if !audits.waiting.contains(request), !audits.isBlurred { tables[table].isUnsure = false }
      if tables[table].hasLeftOvers, !tables[table].options.keepsLeftOvers {
        tables[table].hasLeftOvers = false
      }
      probeRefusedHops()
      restamp()
      walkAll()
      forgetUnusedSets()
      scheduleScan(table)
    }
  }

  private mutating func becomeUp(_ table: KernelTableID) {
    tables[table].phase = .up
    releaseKept(table)
    pendingActions.append(.ready(table))
    for route in learntRoutes(table) { pendingActions.append(.learnt(table, route)) }
    scheduleScan(table)
  }

  /// The kernel has a route of ours that differs from what is known.
  private mutating func correct(_ difference: Audits.Difference, _ table: KernelTableID) {
    guard let id = routes.findOrInsert(difference.prefix, table), routes[id].state != .writing else { return }
    let record = routes[id]
    if record.seen == touchedMark { return }
    let metric = tables[table].effective(difference.shape.metric)
    if record.present != .none, record.seen == seenMark {
      // A second route with a different metric, besides the right one.
      if tables[table].effective(forms[record.present].metric) != metric {
        eraseStray(difference.prefix, table, difference.shape)
      }
      return
    }
    setPresent(id, shape: difference.shape)
    // It was refused when something different was there.
    if record.state == .refused { leaveRefusal(id) }
    if record.state == .uncertain { routes[id].state = .settled }
    routes[id].seen = seenMark
    reconcile(id)
  }

  /// The last audit has not seen a route that should be there. If another program's route has taken its place, that one stays.
  mutating func noteIfMissing(_ id: RecordID) {
    guard let mark = tables[routes[id].table].missingMark, routes[id].present != .none, routes[id].state != .writing,
      routes[id].seen != mark, routes[id].seen != mark | 1
    else { return }
    setPresent(id, .none)
    if routes[id].state == .uncertain { routes[id].state = .settled }
  }

  mutating func endWalk() {
    for id in tables.ids { tables[id].missingMark = nil }
    refusals.endWalk(at: clock)
  }

  // MARK: Objects

  /// Compares the objects that the kernel has with those that are known.
  private mutating func compareObjects() {
    let found = audits.objects.sorted { $0.id < $1.id }
    for place in objects.places where !audits.touchedObjects.contains(place) {
      guard let known = objects[place], known.state == .present else { continue }
      if let object = found.first(where: { $0.id == known.id }) { objectChanged(object) } else { objectGone(place) }
    }
    let members = Set(found.flatMap { $0.members.map { $0.id } })
    for object in found where objects.isOurs(object.id) && objects.place(id: object.id) == nil {
      guard let hop = object.hop else { continue }
      let family = object.family
      let kind = members.contains(object.id) ? NextHopObjects.Kind.member(hop, family) : .single(hop, family)
      _ = objects.adopt(id: object.id, kind, content: sets.id(of: [hop]), at: clock)
    }
    for object in found where objects.isOurs(object.id) && objects.place(id: object.id) == nil && object.hop == nil {
      adoptGroup(object)
    }
    audits.objects = []
  }

  private mutating func adoptGroup(_ object: KernelObject) {
    var places: [ObjectPlace] = []
    var hops: [NextHop] = []
    for member in object.members {
      guard let place = objects.place(id: member.id), case .member(var hop, _)? = objects[place]?.kind else { return }
      hop.weight = member.weight
      places.append(place)
      hops.append(hop)
    }
    // A group with one member is a remainder, which no new route uses.
    let family = NextHopObjects.family(hops, hops.contains { $0.gateway.isIPv4 } ? .ipv4 : .ipv6)
    let set = sets.id(of: hops)
    _ = objects.adopt(id: object.id, .group(set, family), content: set, members: places, at: clock)
  }

  private mutating func forgetUnusedSets() {
    guard sets.count > 64 else { return }
    var used: Set<HopSetID> = []
    wants.forEach { _, shape in used.insert(shape.hops) }
    forms.forEach { _, shape in used.insert(shape.hops) }
    for place in objects.places {
      guard let object = objects[place] else { continue }
      used.formUnion([object.content, object.original])
      if case .group(let set, _) = object.kind { used.insert(set) }
    }
    for place in refusals.places { if let set = refusals[place]?.set { used.insert(set) } }
    sets.keep(only: used)
    restamp()
  }
}
