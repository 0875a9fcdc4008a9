import RouteCore

/// A kernel table as the machine keeps it.
struct KernelTable {
  enum Phase {
    /// Nothing of it is kept.
    case down
    /// What an earlier run left is being looked for.
    case starting
    case up
    /// Our routes are being removed, or rewritten.
    case stopping
  }
  let number: UInt32
  let family: AddressFamily
  var options: KernelTableOptions
  var phase = Phase.down
  var nextScan: Instant?
  /// Whether routes of an earlier run may be left.
  var hasLeftOvers = false
  /// Answers were lost: until the next audit our routes may lead to objects that seem unused.
  var isUnsure = false
  /// The audit that was made last, until all records were looked at: what it has not seen has gone.
  var missingMark: UInt16?
  /// While it is stopping: what becomes of our routes.
  var end = KernelTableEnd.remove
  /// Once it has stopped: objects that routes lead to that were left, each with a reference.
  var kept: Set<UInt32> = []

  init(number: UInt32, family: AddressFamily, options: KernelTableOptions) {
    self.number = number
    self.family = family
    self.options = options
  }

  /// The metric as we would have asked for it.
  func asked(_ metric: UInt32) -> UInt32 {
    options.metric == 0 && family == .ipv6 && metric == KernelNumbers.defaultIPv6Metric ? 0 : metric
  }

  /// The metric a route really gets.
  func effective(_ metric: UInt32) -> UInt32 { metric == 0 && family == .ipv6 ? KernelNumbers.defaultIPv6Metric : metric }
}

extension KernelSync {
  /// The machine's number for a kernel table, which stays the same.
  package mutating func table(_ number: UInt32, _ family: AddressFamily) -> KernelTableID {
    if let place = tables.firstIndex(where: { $0.number == number && $0.family == family }) {
      return KernelTableID(rawValue: UInt16(place))
    }
    tables.append(KernelTable(number: number, family: family, options: KernelTableOptions()))
    return KernelTableID(rawValue: UInt16(truncatingIfNeeded: tables.count - 1))
  }

  /// The kernel's number of a table, and its family.
  package func place(of id: KernelTableID) -> (number: UInt32, family: AddressFamily) {
    (tables[Int(id.rawValue)].number, tables[Int(id.rawValue)].family)
  }

  func isUp(_ id: KernelTableID) -> Bool { Int(id.rawValue) < tables.count && tables[Int(id.rawValue)].phase == .up }

  /// The table a route of the kernel belongs to, if it is kept.
  func table(of route: KernelRoute) -> KernelTableID? {
    let place = tables.firstIndex { $0.number == route.table && $0.family == route.prefix.family && $0.phase != .down }
    return place.map { KernelTableID(rawValue: UInt16(truncatingIfNeeded: $0)) }
  }

  mutating func start(_ id: KernelTableID, _ options: KernelTableOptions) {
    let index = Int(id.rawValue)
    guard index < tables.count, tables[index].phase == .down || tables[index].phase == .stopping else { return }
    if tables[index].phase == .stopping {
      // What was about to go may be wanted again.
      for record in routes.of(table: id.rawValue) { setLeftOver(record) }
      tables[index].hasLeftOvers = true
      stopping.removeAll { $0 == id }
      pendingActions.append(.stopped(id))
    }
    tables[index].options = options
    tables[index].phase = .starting
    audits.request(.table(id))
  }

  mutating func stop(_ id: KernelTableID, _ end: KernelTableEnd) {
    let index = Int(id.rawValue)
    guard index < tables.count, tables[index].phase != .stopping else { return }
    // Nothing was begun of it.
    if tables[index].phase == .down { return pendingActions.append(.stopped(id)) }
    tables[index].phase = .stopping
    tables[index].nextScan = nil
    tables[index].hasLeftOvers = false
    tables[index].end = end
    learnt.forget(id)
    audits.cancel(id)
    if end == .leave { forgetRecords(of: id) } else { walkAll() }
    stopping.append(id)
  }

  mutating func setOptions(_ id: KernelTableID, _ options: KernelTableOptions) {
    let index = Int(id.rawValue)
    guard index < tables.count, tables[index].options != options else { return }
    if tables[index].options.usesObjects != options.usesObjects { walkAll() }
    tables[index].options = options
    if tables[index].phase == .up { scheduleScan(id) }
  }

  /// Ends the tables that are stopping and of which nothing is left to be done.
  mutating func finishStops() {
    guard !stopping.isEmpty, isQuiet else { return }
    for id in stopping where tables[Int(id.rawValue)].phase == .stopping { forgetRecords(of: id) }
    // Nobody is there to remove them later.
    if !tables.contains(where: { $0.phase == .starting || $0.phase == .up }) {
      for index in objects.unused { removeObject(index) }
      if !isQuiet { return }
    }
    for id in stopping where tables[Int(id.rawValue)].phase == .stopping {
      tables[Int(id.rawValue)].phase = .down
      pendingActions.append(.stopped(id))
    }
    stopping.removeAll()
  }

  private mutating func forgetRecords(of id: KernelTableID) { for record in routes.of(table: id.rawValue) { leave(record) } }

  /// Forgets a record whose route stays, and keeps the object that it leads to.
  mutating func leave(_ id: UInt32) {
    let object = forms[routes[id].present].object
    if object != 0, tables[Int(routes[id].table)].kept.insert(object).inserted { objects.retain(object) }
    drop(id)
  }

  /// What was left has been found again.
  mutating func releaseKept(_ table: KernelTableID) {
    for object in tables[Int(table.rawValue)].kept.sorted() { objects.release(object, at: clock) }
    tables[Int(table.rawValue)].kept = []
  }
}
