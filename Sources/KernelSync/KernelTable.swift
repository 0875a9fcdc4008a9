import RouteCore

/// A kernel table as the machine keeps it.
struct KernelTable {
  enum Phase {
    /// Not kept.
    case down
    /// Reading what an earlier run has left.
    case starting
    case up
    /// Ending: our routes are being removed or rewritten.
    case stopping
  }
  let number: UInt32
  let family: AddressFamily
  var options: KernelTableOptions
  var phase = Phase.down
  var nextScan: Instant?
  /// Whether routes of an earlier run may be left.
  var hasLeftOvers = false
  /// Answers were lost: until the next audit, our routes may refer to objects that seem unused.
  var isUnsure = false
  /// The mark of the last audit, until all records have been visited: a record without it has gone from the kernel.
  var missingMark: UInt16?
  /// While stopping: what becomes of our routes.
  var end = KernelTableEnd.remove
  /// After stopping: objects that remaining routes refer to, each with a reference.
  var kept: Set<ObjectPlace> = []

  init(number: UInt32, family: AddressFamily, options: KernelTableOptions) {
    self.number = number
    self.family = family
    self.options = options
  }

  /// The metric that we would have asked for to get this one.
  func asked(_ metric: UInt32) -> UInt32 {
    options.metric == 0 && family == .ipv6 && metric == KernelNumbers.defaultIPv6Metric ? 0 : metric
  }

  /// The metric that the kernel gives a route.
  func effective(_ metric: UInt32) -> UInt32 { metric == 0 && family == .ipv6 ? KernelNumbers.defaultIPv6Metric : metric }
}

extension KernelSync {
  /// The machine's number for a kernel table, which stays the same.
  package mutating func table(_ number: UInt32, _ family: AddressFamily) -> KernelTableID {
    tables.firstID { $0.number == number && $0.family == family }
      ?? tables.append(KernelTable(number: number, family: family, options: KernelTableOptions()))
  }

  /// The kernel's number of a table, and its family.
  package func place(of id: KernelTableID) -> (number: UInt32, family: AddressFamily) {
    (tables[id].number, tables[id].family)
  }

  func isUp(_ id: KernelTableID) -> Bool { tables.contains(id) && tables[id].phase == .up }

  /// The table a route of the kernel belongs to, if it is kept.
  func table(of route: KernelRoute) -> KernelTableID? {
    tables.firstID { $0.number == route.table && $0.family == route.prefix.family && $0.phase != .down }
  }

  mutating func start(_ id: KernelTableID, _ options: KernelTableOptions) {
    guard tables.contains(id), tables[id].phase == .down || tables[id].phase == .stopping else { return }
    if tables[id].phase == .stopping {
      // Routes about to be removed may be wanted again.
      for record in routes.of(table: id) { setLeftOver(record) }
      tables[id].hasLeftOvers = true
      stopping.removeAll { $0 == id }
      pendingActions.append(.stopped(id))
    }
    tables[id].options = options
    tables[id].phase = .starting
    audits.request(.table(id))
  }

  mutating func stop(_ id: KernelTableID, _ end: KernelTableEnd) {
    guard tables.contains(id), tables[id].phase != .stopping else { return }
    // Nothing had been started.
    if tables[id].phase == .down { return pendingActions.append(.stopped(id)) }
    tables[id].phase = .stopping
    tables[id].nextScan = nil
    tables[id].hasLeftOvers = false
    tables[id].end = end
    learnt.forget(id)
    audits.cancel(id)
    if end == .leave { forgetRecords(of: id) } else { walkAll() }
    stopping.append(id)
  }

  mutating func setOptions(_ id: KernelTableID, _ options: KernelTableOptions) {
    guard tables.contains(id), tables[id].options != options else { return }
    if tables[id].options.usesObjects != options.usesObjects { walkAll() }
    tables[id].options = options
    if tables[id].phase == .up { scheduleScan(id) }
  }

  /// Ends the stopping tables that have no work left.
  mutating func finishStops() {
    guard !stopping.isEmpty, isQuiet else { return }
    for id in stopping where tables[id].phase == .stopping { forgetRecords(of: id) }
    // Nobody would be left to remove them later.
    if !tables.elements.contains(where: { $0.phase == .starting || $0.phase == .up }) {
      for index in objects.unused { removeObject(index) }
      if !isQuiet { return }
    }
    for id in stopping where tables[id].phase == .stopping {
      tables[id].phase = .down
      pendingActions.append(.stopped(id))
    }
    stopping.removeAll()
  }

  private mutating func forgetRecords(of id: KernelTableID) { for record in routes.of(table: id) { leave(record) } }

  /// Forgets a record but leaves its route in the kernel, and keeps the object that the route refers to.
  mutating func leave(_ id: RecordID) {
    let object = forms[routes[id].present].object
    if object != .none, tables[routes[id].table].kept.insert(object).inserted { objects.retain(object) }
    drop(id)
  }

  /// The routes of the earlier run have been found.
  mutating func releaseKept(_ table: KernelTableID) {
    for object in tables[table].kept.sorted(by: { $0.rawValue < $1.rawValue }) { objects.release(object, at: clock) }
    tables[table].kept = []
  }
}
