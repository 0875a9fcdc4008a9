import RouteCore
import Testing

@testable import KernelSync

/// A daemon's part beside the machine, and a kernel, on a virtual clock that jumps to the next event.
final class Lab {
  /// A prefix of a table.
  struct Place: Hashable, Comparable {
    var table: KernelTableID
    var prefix: Prefix

    static func < (a: Place, b: Place) -> Bool {
      a.table != b.table ? a.table.rawValue < b.table.rawValue : a.prefix < b.prefix
    }
  }

  struct Want: Hashable {
    var destination = RouteDestination.unicast
    var hops: [NextHop] = []
    var metric: UInt32 = 0
    var details = KernelDetails()
  }

  /// Something that happens at a certain time.
  enum Occurrence {
    case execute
    case answer(KernelAnswer)
    case slice
    case notice(SimulatedKernel.Notice)
    /// Notices were lost.
    case loss
  }

  struct Scheduled {
    var at: Instant
    var order: Int
    var what: Occurrence
  }

  struct Dump {
    var request: KernelSync.Action
    var cursor = 0
    var changes = 0
    var keys: [SimulatedKernel.Key] = []
    var ids: [UInt32] = []
    var isStarted = false
  }

  var sync: KernelSync
  var kernel = SimulatedKernel()
  var now = Instant.zero
  var random: SeededGenerator

  // MARK: The daemon's side

  struct TableState {
    var id: KernelTableID
    var number: UInt32
    var family: AddressFamily
    var options = KernelTableOptions()
    var isReady = false
    var isStopped = true
  }
  var tables: [TableState] = []
  /// What is to be wanted in the end, and what the machine has been told of it.
  var wants: [Place: Want] = [:]
  var told: [Place: Want] = [:]
  /// Places whose wants the machine has not been told yet.
  private var feed: [Place] = []
  private var feedStart = 0
  /// What it knows of the links.
  var links: [UInt32: LinkState] = [:]
  /// Next hops that are lost.
  var lost: Set<NextHop> = []

  // MARK: What was seen

  var learnt: [Place: KernelRoute] = [:]
  var logs: [(level: KernelSync.Action.Level, text: String)] = []
  var refusals: [(prefix: Prefix, others: UInt32, text: String)] = []
  /// All batches handed out, if `isWatching`.
  var batches: [[KernelChange]] = []
  /// Whether what happens to each prefix is followed: see `Lab+Promises`. Not where there are very many.
  var isWatching = true
  /// Prints all that happens.
  var trace = false
  /// How many changes were handed out, and how many dumps asked for.
  var changeCount = 0
  var batchCount = 0
  var dumpCount = 0
  /// Broken promises.
  var faults: [String] = []

  // MARK: How the world behaves

  /// A batch is executed this much later at most, and answered so much later again.
  var executionDelay: Duration = .milliseconds(2)
  var answerDelay: Duration = .milliseconds(2)
  var noticeDelay: Duration = .milliseconds(2)
  var sliceSize = Int.max
  /// The errno for a change, 0 for what the kernel would say.
  var injection: ((SimulatedKernel.Operation) -> Int32)?
  /// In percent: batches whose answer gets lost, dumps that are interrupted, notices that get lost.
  var answerLoss: UInt64 = 0
  var interruption: UInt64 = 0
  var noticeLoss: UInt64 = 0

  // MARK: Under way

  private var queue: [Scheduled] = []
  private var order = 0
  private var lastNotice = Instant.zero
  /// Batches that are with the kernel, which works them off in order, and their numbers.
  private var pending: [(number: Int, operations: [SimulatedKernel.Operation])] = []
  private var lastAnswer = Instant.zero
  private var dump: Dump?
  /// Since when, in handouts, a place has been wanted with a way out that can be used; see `Lab+Promises`.
  var usableSince: [Place: Int] = [:]
  var handouts = 0
  /// The machine cannot know which routes there are, as answers were lost or links flap unseen: what goes is not held against it.
  var isForgiving = false
  /// All metrics that were ever wanted.
  var metrics: Set<UInt32> = [0]
  private var output = KernelSync.Output()

  static var objectBase: UInt32 { 0x0c00_0000 }

  init(seed: UInt64 = 1) {
    sync = KernelSync(objectBase: Lab.objectBase)
    random = SeededGenerator(seed: seed)
  }

  func chance(_ percent: UInt64) -> Bool { percent > 0 && random.next() % 100 < percent }
  func delay(_ limit: Duration) -> Duration { .nanoseconds(Int64(random.next() % UInt64(max(limit.nanoseconds, 1)))) }

  /// The daemon dies and another one begins: nothing is known but what the kernel has.
  func restart() {
    sync = KernelSync(objectBase: Lab.objectBase)
    queue = []
    pending = []
    dump = nil
    feed = []
    feedStart = 0
    (told, usableSince, links, learnt, lost) = ([:], [:], [:], [:], [])
    kernel.notices = kernel.interfaces.keys.sorted().map { .link($0, kernel.interfaces[$0]?.state ?? .down) }
    for table in tables.indices {
      tables[table].isReady = false
      tables[table].isStopped = true
      _ = sync.table(tables[table].number, tables[table].family)
    }
  }

  // MARK: Telling the machine

  func handle(_ event: KernelSync.Event) {
    if trace { print(now.nanoseconds / 1000, event) }
    sync.handle(event, at: now, into: &output)
    let actions = output.actions
    if !output.batch.isEmpty { handOut() }
    output.removeAll()
    for action in actions { perform(action) }
  }

  private func handOut() {
    let operations = output.batch.map { operation($0) }
    // What is urgent goes alone, and past the others that wait.
    let isUrgent = operations.allSatisfy { if case .removeObject = $0 { true } else { false } }
    if !isUrgent {
      handouts += 1
      if pending.count >= KernelSync.batchesInFlight { faults.append("\(now): too many batches are with the kernel") }
    }
    pending.append((handouts, operations))
    changeCount += operations.count
    batchCount += 1
    if isWatching { batches.append(output.batch) }
    if pending.count == 1 { schedule(.execute, after: delay(executionDelay)) }
  }

  private func operation(_ change: KernelChange) -> SimulatedKernel.Operation {
    switch change {
    case .makeNextHop(let id, let hop, let family): return .makeNextHop(id: id, hop, family)
    case .makeGroup(let id, let members): return .makeGroup(id: id, members)
    case .removeObject(let id): return .removeObject(id: id)
    case .write(let route, let mode):
      var written = SimulatedKernel.Route()
      written.destination = route.destination
      written.object = route.object
      if route.object == 0 { written.hops = sync.hops(route.hops) }
      written.details = sync.details(route.details)
      return .write(SimulatedKernel.Key(route.table, route.prefix, route.metric), written, mode)
    case .remove(let route): return .remove(SimulatedKernel.Key(route.table, route.prefix, route.metric))
    }
  }

  private func perform(_ action: KernelSync.Action) {
    switch action {
    case .ready(let table):
      tables[Int(table.rawValue)].isReady = true
      for place in wants.keys.filter({ $0.table == table }).sorted() { feed.append(place) }
    case .stopped(let table): tables[Int(table.rawValue)].isStopped = true
    case .dumpObjects, .dumpRoutes:
      if dump != nil { faults.append("\(now): a dump was asked for while another is under way") }
      dumpCount += 1
      dump = Dump(request: action)
      schedule(.slice, after: delay(executionDelay))
    case .learnt(let table, let route): learnt[Place(table: table, prefix: route.prefix)] = route
    case .forgotten(let table, let prefix):
      if learnt.removeValue(forKey: Place(table: table, prefix: prefix)) == nil {
        faults.append("\(now): \(prefix) was forgotten that nobody knew")
      }
    case .refused(let prefix, let others, _, let text): refusals.append((prefix, others, text))
    case .log(let level, let text): logs.append((level, text))
    }
  }

  /// Tells the machine what is wanted, as long as it has room.
  private func pump() {
    for _ in 0..<10_000 {
      while feedStart < feed.count, sync.hasRoom {
        tell(feed[feedStart])
        feedStart += 1
      }
      if feedStart == feed.count {
        feed.removeAll(keepingCapacity: true)
        feedStart = 0
      }
      guard sync.hasMore || sync.isWaiting else { return }
      handle(.turn)
    }
    faults.append("\(now): the walk does not end")
  }

  private func tell(_ place: Place) {
    guard tables[Int(place.table.rawValue)].isReady else { return }
    if isWatching { told[place] = wants[place] }
    if trace { print(now.nanoseconds / 1000, place, wants[place].map { String(describing: $0) } ?? "-") }
    if isWatching { noteUse(place) }
    guard let want = wants[place] else { return sync.unwant(place.prefix, place.table) }
    let set = sync.set(of: want.hops)
    let details = sync.name(of: want.details)
    if !sync.want(place.prefix, place.table, WantedRoute(want.destination, via: set, metric: want.metric, details: details)) {
      faults.append("\(now): \(place.prefix) cannot be wanted")
    }
  }

  func want(_ prefix: Prefix, _ table: KernelTableID, _ want: Want?) {
    let place = Place(table: table, prefix: prefix)
    wants[place] = want
    if let want { metrics.insert(want.metric) }
    feed.append(place)
  }

  // MARK: The clock

  private func schedule(_ what: Occurrence, at: Instant) {
    order += 1
    let entry = Scheduled(at: at, order: order, what: what)
    let place = queue.lastIndex { $0.at <= at }.map { $0 + 1 } ?? 0
    queue.insert(entry, at: place)
  }

  private func schedule(_ what: Occurrence, after: Duration) { schedule(what, at: now + after) }

  /// Lets everything happen for so long.
  func run(_ duration: Duration) {
    let end = now + duration
    var events = 0
    var last = now
    sendNotices()
    while true {
      pump()
      guard let next = earliest(queue.first?.at, sync.nextDeadline), next <= end else { break }
      now = max(now, next)
      events = now == last ? events + 1 : 0
      last = now
      if events > 2000 {
        faults.append("\(now): the machine does not come to rest")
        return
      }
      if let first = queue.first, first.at <= now {
        queue.removeFirst()
        happen(first.what)
      } else {
        handle(.deadline)
      }
      sendNotices()
    }
    now = end
  }

  private func happen(_ what: Occurrence) {
    switch what {
    case .execute: execute()
    case .answer(let answer): handle(.answered(answer))
    case .slice: readSlice()
    case .notice(let notice): deliver(notice)
    case .loss:
      handle(.notificationsLost)
      // Whoever reads the notices reads the links anew.
      for index in Set(links.keys).union(kernel.interfaces.keys).sorted() {
        deliver(.link(index, kernel.interfaces[index]?.state ?? .down))
      }
    }
  }

  // MARK: The kernel's side

  private func execute() {
    let (number, batch) = pending.removeFirst()
    let isLost = chance(answerLoss)
    if isLost { isForgiving = true }
    let limit = isLost ? [0, batch.count, Int(random.next() % UInt64(batch.count + 1))][Int(random.next() % 3)] : batch.count
    var answer = KernelAnswer(isComplete: !isLost)
    for (index, operation) in batch.enumerated().prefix(limit) {
      var code = injection?(operation) ?? 0
      if code == 0 {
        kernel.vanished = []
        kernel.overwritten = []
        code = kernel.execute(operation)
        if isWatching { checkPromises(operation, inBatch: number) }
        // It may take a route for its own that has gone.
        if isLost { kernel.dispossessed.formUnion(kernel.vanished) }
      }
      if trace { print(now.nanoseconds / 1000, operation, code) }
      if code == 0 || isLost && chance(50) { continue }
      answer.refusals.append(KernelRefusal(index: index, code: code, text: "errno \(code)"))
    }
    lastAnswer = max(lastAnswer, now + delay(answerDelay))
    schedule(.answer(answer), at: lastAnswer)
    if !pending.isEmpty { schedule(.execute, after: delay(executionDelay)) }
  }

  /// Sends what the kernel has to tell on its way.
  private func sendNotices() {
    guard !kernel.notices.isEmpty else { return }
    let notices = kernel.notices
    kernel.notices = []
    var isLost = false
    for notice in notices {
      lastNotice = max(lastNotice, now + delay(noticeDelay))
      if chance(noticeLoss) { isLost = true } else { schedule(.notice(notice), at: lastNotice) }
    }
    if isLost { schedule(.loss, at: lastNotice) }
  }

  private func deliver(_ notice: SimulatedKernel.Notice) {
    switch notice {
    case .link(let index, let state):
      links[index] = state
      noteUse()
      noteInterruption(index)
      handle(.link(index, state))
    case .addresses(let index): handle(.addressesChanged(index))
    case .routeAppeared(let route): handle(.routeAppeared(route))
    case .routeDisappeared(let route): handle(.routeDisappeared(route))
    case .objectChanged(let object): handle(.objectChanged(object))
    case .objectRemoved(let id): handle(.objectRemoved(id))
    }
  }

  private func changes(_ request: KernelSync.Action) -> Int {
    if case .dumpObjects = request { kernel.objectChanges } else { kernel.routeChanges }
  }

  private func readSlice() {
    guard var dump else { return }
    if !dump.isStarted {
      dump.isStarted = true
      dump.changes = changes(dump.request)
      if case .dumpRoutes(let table, let number) = dump.request {
        let state = tables[Int(table.rawValue)]
        dump.keys = kernel.routes.keys.filter { key in
          key.table == state.number && key.prefix.family == state.family && (number == nil || kernel.routes[key]?.protocolNumber == number)
        }.sorted()
      } else {
        dump.ids = kernel.objects.keys.sorted()
      }
    }
    let isObjects = dump.keys.isEmpty
    let count = isObjects ? dump.ids.count : dump.keys.count
    let end = count - dump.cursor > sliceSize ? dump.cursor + sliceSize : count
    while dump.cursor < end {
      if isObjects {
        if let object = kernel.objects[dump.ids[dump.cursor]] { handle(.dumped(.object(object))) }
      } else if let route = kernel.routes[dump.keys[dump.cursor]] {
        handle(.dumped(.route(kernel.shown(dump.keys[dump.cursor], route))))
      }
      dump.cursor += 1
    }
    self.dump = dump
    if end < count { return schedule(.slice, after: delay(executionDelay)) }
    endDump(dump)
  }

  private func endDump(_ ended: Dump) {
    dump = nil
    var isObjects = false
    if case .dumpObjects = ended.request { isObjects = true }
    if isObjects, !kernel.supportsObjects { return handle(.dumpEnded(.unsupported)) }
    // IPv4 does not notice.
    let isDisturbed = changes(ended.request) != ended.changes && chance(70)
    if isDisturbed || chance(interruption) { return handle(.dumpEnded(.interrupted)) }
    if case .dumpRoutes(let table, nil) = ended.request {
      let state = tables[Int(table.rawValue)]
      kernel.dispossessed = kernel.dispossessed.filter { $0.table != state.number || $0.prefix.family != state.family }
    }
    handle(.dumpEnded(.complete))
  }
}
