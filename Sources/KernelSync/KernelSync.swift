import RouteCore

// Keeps the kernel's routes in step with the selected ones: a pure machine like those of the protocols, with no socket and no clock.
//
//   want / unwant           (KernelSync+Reconcile)  what each table is to have, prefix by prefix
//   reconcile               (KernelSync+Reconcile)  compares what is wanted with what is there: the one place where changes are made
//   objects                 (KernelSync+Objects)    which next hops can be used, and which nexthop objects stand for them
//   answered                (KernelSync+Answers)    what the kernel accepted of a batch, and what it refused (Refusals)
//   audit                   (KernelSync+Audit)      compares a dump with what is known
//   links                   (KernelSync+Links)      what the kernel drops silently
//   lose / regain           (KernelSync+Failover)   removes next hops from all routes at once
//   learn                   (KernelSync+Learn)      the routes of other programs
//
// A record (32 bytes) stands for a prefix of a table: what it is to have and what the kernel has, each the handle of an interned shape,
// and its state. Every event changes one side of a record, or the meaning of a shape, and has the record reconciled: at once for a single
// prefix, and in a walk over all records, cut into slices, where many may be affected. For a record that is right, a walk costs one
// comparison and changes nothing.
//
// Routes refer to nexthop objects (NextHopObjects): one for each next hop, one group for each set of them, created before the first route
// that uses it and never changed by us. A next hop has two objects: one for routes that have no other, and one as a member of groups.
// Deleting the second removes the next hop from all groups at once and leaves alone the routes that have nothing else, which are then
// corrected one by one. So no route that has another next hop is ever missing. A group that the kernel has shrunk stands for what is left
// of it: routes that refer to it and want exactly that need no change.
//
// Up to two batches are with the kernel, and the next is filled meanwhile. They are processed and answered in order, and a prefix is in at
// most one of them, so that answers are unambiguous: whatever is wanted by then is reconciled when the answer arrives.

/// Makes kernel tables hold what is wanted.
package struct KernelSync: ~Copyable, Machine {
  var tables = HandleArray<KernelTableID, KernelTable>()
  /// The tables that are ending.
  var stopping: [KernelTableID] = []
  var routes = RouteRecords()
  var wants = ShapeTable<WantID>()
  var forms = ShapeTable<FormID>()
  var sets = HopSets()
  var details = KernelDetailSets()
  var objects: NextHopObjects
  var refusals = Refusals()
  var learnt = LearntRoutes()
  var audits = Audits()
  /// Even; see `KernelSync+Audit`.
  var auditNumber: UInt16 = 2

  /// The interfaces that are not down.
  var links: [UInt32: LinkState] = [:]
  /// Next hops for which no protocol vouches any more, without weights.
  var lost: Set<NextHop> = []
  /// Next hops whose objects the kernel refuses, why, and until when they are left out.
  var refusedHops: Set<NextHop> = []
  var hopRefusals: [NextHop: HopRefusal] = [:]
  var hopRetry: Instant?
  /// The usable part of each set, by its number; see `usable`.
  var usableSets: [UsableSet] = []
  var stamp: UInt32 = 1
  var tamperingLimiter = Limiter()

  /// Changes for the next batch, and those that do not wait for it.
  var filling: [PendingChange] = []
  var urgent: [PendingChange] = []
  /// The batches that are with the kernel, the oldest first, and storage for further ones.
  var inFlight: [[PendingChange]] = []
  var spares: [[PendingChange]] = []

  /// Records that the walk has still to visit, and where it is.
  var walkRemaining: UInt32 = 0
  var walkCircle = SlabCircle<RecordID>()
  /// What the owner is to do besides writing.
  var pendingActions: [Action] = []
  /// The time of the present event.
  var clock = Instant.zero

  /// Changes in one batch: some 50 KiB, which the kernel takes in one to three milliseconds.
  package static var batchLimit: Int { 512 }
  /// Batches that are with the kernel when it has much to do, so that it need not wait for the next one. Urgent changes come on top.
  package static var batchesInFlight: Int { 2 }
  /// Records that a walk visits in one turn.
  static var walkSlice: UInt32 { 8192 }

  /// `objectBase` is the first of the 2^24 numbers that nexthop objects of this daemon have.
  package init(objectBase: UInt32) { objects = NextHopObjects(base: objectBase) }

  // MARK: The machine

  /// Handles an event; what the owner is to do is appended to `output`.
  package mutating func handle(_ event: Event, at now: Instant, into output: inout Output) {
    clock = now
    switch event {
    case .start(let table, let options): start(table, options)
    case .stop(let table, let end): stop(table, end)
    case .options(let table, let options): setOptions(table, options)
    case .answered(let answer): answered(answer)
    case .link(let index, let state): linkChanged(index, state)
    case .addressesChanged(let index): addressesChanged(index)
    case .routeAppeared(let route): routeAppeared(route)
    case .routeDisappeared(let route): routeDisappeared(route)
    case .objectChanged(let object): objectChanged(object)
    case .objectRemoved(let id): objectRemoved(id)
    case .notificationsLost: notificationsLost()
    case .scanSoon(let table): scanSoon(table)
    // There are many of these, and nothing can be done before the end of the dump.
    case .dumped(let entry): return dumped(entry)
    case .dumpEnded(let outcome): dumpEnded(outcome)
    case .lost(let hops): lose(hops)
    case .regained(let hops): regain(hops)
    case .deadline: deadlineReached()
    case .turn: break
    }
    turn(into: &output)
  }

  /// Goes on with the walk and hands out what there is to do.
  private mutating func turn(into output: inout Output) {
    walk()
    reportRefusals()
    finishStops()
    if !urgent.isEmpty || mayHandOut {
      var batch = spares.popLast() ?? []
      if urgent.isEmpty { swap(&batch, &filling) } else { swap(&batch, &urgent) }
      for change in batch { output.batch.append(kernelChange(change)) }
      inFlight.append(batch)
    }
    beginAudit()
    output.actions += pendingActions
    pendingActions.removeAll(keepingCapacity: true)
  }

  /// A few changes wait for company while the kernel is busy.
  private var mayHandOut: Bool {
    inFlight.isEmpty ? !filling.isEmpty : !hasRoom && inFlight.count < KernelSync.batchesInFlight
  }

  /// When `deadline` is due; nil while nothing is.
  package var nextDeadline: Instant? {
    var next = earliest(refusals.nextRetry, hopRetry)
    if mayRemoveObjects { next = earliest(next, objects.nextRemoval) }
    // A table that cannot be read yet is read when all is written.
    if isQuiet { for table in tables.elements where table.phase == .up { next = earliest(next, table.nextScan) } }
    return next
  }

  private mutating func deadlineReached() {
    retryRefused()
    if let due = hopRetry, due <= clock {
      hopRetry = nil
      probeRefusedHops()
    }
    if mayRemoveObjects { for place in objects.removable(at: clock) { removeObject(place) } }
  }

  /// It is not known which objects routes of an earlier run refer to until these have been read.
  private var mayRemoveObjects: Bool {
    audits.current == nil && !tables.elements.contains { $0.phase == .starting || $0.phase == .up && $0.isUnsure }
  }

  /// Whether another `turn` would have work at once.
  package var hasMore: Bool { walkRemaining > 0 && hasRoom }
  /// Whether more routes may be wanted without changes piling up.
  package var hasRoom: Bool { filling.count < KernelSync.batchLimit }
  /// Whether another `turn` would hand out a batch.
  package var isWaiting: Bool { !urgent.isEmpty || mayHandOut }
  /// Whether nothing is being written or about to be.
  package var isQuiet: Bool { inFlight.isEmpty && filling.isEmpty && urgent.isEmpty && walkRemaining == 0 }

  // MARK: For whoever writes and shows

  /// The next hops of a set.
  package func hops(_ id: HopSetID) -> [NextHop] { sets[id] }
  package func details(_ id: KernelDetailsID) -> KernelDetails { details[id] }

  mutating func log(_ level: Action.Level, _ text: String) { pendingActions.append(.log(level, text)) }
}
