import RouteCore

/// The handle of an entry of `Refusals`.
struct RefusalID: Handle {
  var rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }
  static var none: RefusalID { RefusalID(rawValue: 0) }
}

/// What the kernel refuses, and why: one entry for each reason and set of next hops, however many prefixes are affected.
///
/// After a pause some of the prefixes are tried; if one is accepted, all of them are tried, otherwise the pause grows.
struct Refusals {
  struct Entry {
    /// The set of next hops that is refused; `none` if it is the prefix, or if another program's route is in the way.
    var set: HopSetID
    var code: Int32
    var text: String
    /// The number of records refused for this reason.
    var count: UInt32 = 0
    /// One of these records.
    var example: Prefix
    var delay = Refusals.firstDelay
    var retryAt: Instant?
    /// How many records may still be tried in this round.
    var probes = 0
    /// The record that was tried last.
    var cursor = RecordID.none
    /// Whether one was accepted, so that all may be tried.
    var isOpen = false
    /// Whether the outcome of this round is not known yet.
    var isTrying = false
    /// Rounds without success.
    var rounds = 0
    /// How many records were refused when this was last reported.
    var told: UInt32 = 0
  }

  static var firstDelay: Duration { .seconds(1) }
  static var longestDelay: Duration { .seconds(60) }
  static var probesPerRound: Int { 64 }

  private var entries = HandleArray<RefusalID, Entry?>([nil])
  private var bySet: [HopSetID: RefusalID] = [:]
  /// Whether there may be something to report.
  var hasNews = false

  var isEmpty: Bool { places.isEmpty }
  var places: [RefusalID] { entries.ids.filter { entries[$0] != nil } }

  subscript(id: RefusalID) -> Entry? {
    get { entries.contains(id) ? entries[id] : nil }
    set { if entries.contains(id) { entries[id] = newValue } }
  }

  /// The entry that blocks a set of next hops.
  func barring(_ set: HopSetID) -> RefusalID? { set == .none ? nil : bySet[set] }

  /// The entry for a reason, created if necessary.
  mutating func entry(_ set: HopSetID, _ code: Int32, _ text: String, _ prefix: Prefix, at now: Instant) -> RefusalID {
    for place in places where entries[place].map({ $0.set == set && $0.code == code }) ?? false { return place }
    let entry = Entry(set: set, code: code, text: text, example: prefix, retryAt: now + Refusals.firstDelay)
    let place: RefusalID
    if let free = entries.ids.first(where: { $0 != .none && entries[$0] == nil }) {
      place = free
      entries[free] = entry
    } else if entries.count < Int(UInt16.max) {
      place = entries.append(entry)
    } else {
      return RefusalID(place: entries.count - 1)
    }
    if set != .none { bySet[set] = place }
    return place
  }

  mutating func remove(_ place: RefusalID) {
    guard let entry = self[place] else { return }
    if bySet[entry.set] == place { bySet[entry.set] = nil }
    entries[place] = nil
  }

  /// One of its prefixes was accepted.
  mutating func open(_ place: RefusalID) {
    guard let entry = self[place], !entry.isOpen else { return }
    self[place]?.isOpen = true
    if bySet[entry.set] == place { bySet[entry.set] = nil }
  }

  /// One was refused again.
  mutating func close(_ place: RefusalID, at now: Instant) {
    guard let entry = self[place] else { return }
    self[place]?.isOpen = false
    if entry.set != .none { bySet[entry.set] = place }
    guard entry.isTrying else { return }
    self[place]?.isTrying = false
    self[place]?.rounds += 1
    self[place]?.delay = min(entry.delay * 2, Refusals.longestDelay)
    self[place]?.retryAt = now + min(entry.delay * 2, Refusals.longestDelay)
  }

  /// What was refused may be accepted now.
  mutating func retrySoon(at now: Instant) { for place in places { self[place]?.retryAt = now } }

  var nextRetry: Instant? {
    var next: Instant?
    for case let entry? in entries.elements { next = earliest(next, entry.retryAt) }
    return next
  }

  /// Begins a round for each entry whose pause is over, and returns these entries.
  mutating func beginRounds(at now: Instant) -> [RefusalID] {
    let due = places.filter { self[$0]?.retryAt.map { $0 <= now } ?? false }
    for place in due {
      self[place]?.retryAt = nil
      self[place]?.isTrying = true
      self[place]?.probes = Refusals.probesPerRound
    }
    return due
  }

  /// The walk that tried them is complete. Until the answers arrive, another round is due after the same pause.
  mutating func endWalk(at now: Instant) {
    for place in places {
      guard let entry = self[place], entry.retryAt == nil, !entry.isOpen else { continue }
      self[place]?.probes = 0
      self[place]?.retryAt = now + entry.delay
    }
  }

  /// One more record is refused for this reason.
  mutating func join(_ place: RefusalID) { self[place]?.count += 1 }

  /// One record is no longer refused.
  mutating func leave(_ place: RefusalID) {
    guard let count = self[place]?.count else { return }
    if count <= 1 { remove(place) } else { self[place]?.count = count - 1 }
  }
}

extension KernelSync {
  /// The kernel refuses a record's route.
  mutating func refuse(_ id: RecordID, _ set: HopSetID, _ code: Int32, _ text: String) {
    let prefix = prefix(id)
    let place = refusals.entry(set, code, text, prefix, at: clock)
    refusals.close(place, at: clock)
    refusals.join(place)
    refusals.hasNews = true
    routes[id].state = .refused
    routes[id].refusal = place
  }

  /// A record is no longer refused, or is to have something else.
  mutating func leaveRefusal(_ id: RecordID) {
    let place = routes[id].refusal
    routes[id].refusal = .none
    routes[id].state = .settled
    refusals.leave(place)
  }

  /// Returns whether a refusal prevents a record from being written now. If so, the record is counted among those refused.
  mutating func isBarred(_ id: RecordID, _ record: RouteRecord, _ set: HopSetID) -> Bool {
    if record.state == .refused, let entry = refusals[record.refusal] {
      if entry.isOpen { return false }
      guard entry.probes > 0 else { return true }
      refusals[record.refusal]?.probes -= 1
      refusals[record.refusal]?.cursor = id
      return false
    }
    guard let place = refusals.barring(set) else { return false }
    refusals.join(place)
    routes[id].state = .refused
    routes[id].refusal = place
    return true
  }

  /// The pauses of some refusals are over.
  mutating func retryRefused() {
    let due = refusals.beginRounds(at: clock)
    guard let first = due.first.flatMap({ refusals[$0] }) else { return }
    // Try others than in the last round.
    walkCircle.goOn(behind: first.cursor)
    for place in due {
      guard let set = refusals[place]?.set, set != .none else { continue }
      // An object may be accepted now; try that first.
      for hop in sets[set] where refusedHops.contains(hop.way) { probe(hop.way) }
    }
    walkAll()
  }

  /// Retries everything that was refused at once.
  mutating func retrySoon() {
    refusals.retrySoon(at: clock)
    probeRefusedHops()
  }

  /// Reports refusals: the first time, and again when there are many more. The kernel knows that a link is down before we do; such a refusal
  /// is reported only if it persists.
  mutating func reportRefusals() {
    guard refusals.hasNews else { return }
    refusals.hasNews = false
    for place in refusals.places {
      guard let entry = refusals[place], entry.rounds > 0 || !KernelNumbers.isLinkDown(entry.code) else { continue }
      let isGrown = entry.rounds > 0 && entry.count / 2 >= entry.told
      guard entry.told == 0 || isGrown, entry.count != entry.told else { continue }
      refusals[place]?.told = entry.count
      pendingActions.append(.refused(entry.example, others: entry.count - 1, entry.set, entry.text))
    }
  }

  /// The kernel's reason for not installing a prefix.
  package func failureText(_ prefix: Prefix, _ table: KernelTableID) -> String? {
    guard let id = routes.find(prefix, table) else { return nil }
    let record = routes[id]
    if record.state == .refused { return refusals[record.refusal]?.text }
    guard record.state == .settled, record.present == .none, record.wanted != .none else { return nil }
    return "Network is down"
  }
}
