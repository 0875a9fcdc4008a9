import Control
import ControlLanguage
import Linux
import RouteCore

/// The answer of `plan`: first all networks are counted, then, on request, those that change are listed for each channel. Nothing is
/// stored for the others, and no slice takes longer than a few milliseconds.
final class PlanAnswer: LongAnswer {
  private enum Phase {
    case begin
    /// The networks of the present tables.
    case counting(table: TableID, NetCursor)
    /// Those that would be new.
    case countingNew([Prefix])
    case listing(row: Int, PrefixQueue?)
    case end
  }

  private let plan: RoutePlan
  private let file: String
  private let listing: any PlanListing
  private var phase = Phase.begin
  private var rows: [Snapshot.Plan.Row]
  /// Networks with a change, to be listed.
  private var changed: [Prefix] = []
  /// Which configuration was in use when the plan was made.
  private let generation: UInt32
  /// Where each staged network is in its batch.
  private var places: [Prefix: Int] = [:]
  /// What the current channel exports now for the staged networks, in their order; where the routes of each begin; and which of them have
  /// been matched with what they would become.
  private var before: [AttributeID] = []
  private var starts: [Int] = []
  private var isPaired: [Bool] = []

  /// How many networks are staged at a time.
  private static let batch = 64
  /// How many networks are examined in search of some to stage.
  private static let networksPerStep = 4096
  private static let sliceTime = Duration.milliseconds(4)
  private static let bytesPerSlice = 32 * 1024

  init(_ plan: RoutePlan, _ file: String, _ listing: any PlanListing) {
    self.plan = plan
    self.file = file
    self.listing = listing
    rows = plan.exports.map { $0.row }
    generation = plan.daemon.reconfiguration.count
  }

  private var daemon: Daemon { plan.daemon }

  func writeSlice(to reply: inout ReplyWriter) -> Bool {
    guard daemon.reconfiguration.count == generation else {
      reply.fail(ControlError(.stoppedByReconfiguration, "Stopped due to reconfiguration"))
      return true
    }
    let deadline = daemon.now + PlanAnswer.sliceTime
    let bytes = reply.count + PlanAnswer.bytesPerSlice
    repeat {
      if step(&reply) { return true }
    } while daemon.now < deadline && reply.count < bytes
    return false
  }

  /// Handles one batch of networks. Returns whether the answer is complete.
  private func step(_ reply: inout ReplyWriter) -> Bool {
    switch phase {
    case .begin:
      plan.rehearsal.resolveNextHops(from: daemon.router)
      phase = counting(daemon.router.tableIDs.first { _ in true })
    case .counting(let table, let nets): phase = count(table, nets)
    case .countingNew(let prefixes):
      count(Array(prefixes.prefix(PlanAnswer.batch)))
      let rest = Array(prefixes.dropFirst(PlanAnswer.batch))
      phase = .countingNew(rest)
      if rest.isEmpty {
        let view = Snapshot.Plan(file: file, actions: plan.reconfiguration.lines, rows: rows, notes: plan.notes)
        listing.begin(view, to: &reply)
        phase = .listing(row: 0, nil)
      }
    case .listing(let row, let queue): phase = list(row, queue, &reply)
    case .end:
      listing.finish(to: &reply)
      return true
    }
    return false
  }

  // MARK: Counting

  /// The first table from a number on; nil if there is none.
  private func counting(_ table: TableID?) -> Phase {
    guard let table else { return .countingNew(plan.rehearsal.newNetworks(beside: daemon.router)) }
    return .counting(table: table, NetCursor())
  }

  private func count(_ table: TableID, _ start: NetCursor) -> Phase {
    guard plan.rehearsal.isStaged(table, of: daemon.router) else { return counting(daemon.router.table(after: table)) }
    var prefixes: [Prefix] = []
    var nets = start
    var budget = PlanAnswer.networksPerStep
    while prefixes.count < PlanAnswer.batch, let net = daemon.router[table: table].next(&nets, budget: &budget) {
      guard daemon.router[table: table][net: net].first != .none else { continue }
      let prefix = daemon.router[table: table].prefix(net)
      // A network that is in several tables is counted with the first.
      if !plan.rehearsal.isPresent(prefix, in: daemon.router, before: table) { prefixes.append(prefix) }
    }
    count(prefixes)
    return daemon.router[table: table].isEnd(nets) ? counting(daemon.router.table(after: table)) : .counting(table: table, nets)
  }

  private func count(_ prefixes: [Prefix]) {
    guard !prefixes.isEmpty else { return }
    var hasChange = [Bool](repeating: false, count: prefixes.count)
    stage(prefixes)
    for index in plan.exports.indices {
      compare(prefixes, index) { place, before, after in
        switch (before, after) {
        case (nil, nil): return
        case (nil, _?): rows[index].gained += 1
        case (_?, nil): rows[index].lost += 1
        case (let before?, let after?):
          guard before != after else { return rows[index].unchanged += 1 }
          rows[index].changed += 1
        }
        hasChange[place] = true
      } same: {
        rows[index].unchanged += 1
      }
    }
    plan.rehearsal.clear()
    if listing.listsRoutes { for place in prefixes.indices where hasChange[place] { changed.append(prefixes[place]) } }
  }

  // MARK: Listing

  private func list(_ row: Int, _ queue: PrefixQueue?, _ reply: inout ReplyWriter) -> Phase {
    guard row < rows.count else { return .end }
    guard var queue else {
      listing.beginRow(rows[row], to: &reply)
      return .listing(row: row, PrefixQueue(listing.listsRoutes && rows[row].hasChanges ? changed : [], seed: daemon.generator.next()))
    }
    var prefixes: [Prefix] = []
    while prefixes.count < PlanAnswer.batch, let prefix = queue.popFirst() { prefixes.append(prefix) }
    guard !prefixes.isEmpty else {
      listing.endRow(to: &reply)
      return .listing(row: row + 1, nil)
    }
    var routes = [[PlannedRoute]](repeating: [], count: prefixes.count)
    stage(prefixes)
    compare(prefixes, row) { place, before, after in
      if let route = route(prefixes[place], plan.exports[row], before, after) { routes[place].append(route) }
    } same: {
    }
    plan.rehearsal.clear()
    for route in routes.joined() { listing.write(route, to: &reply) }
    return .listing(row: row, queue)
  }

  private func route(_ prefix: Prefix, _ export: PlannedExport, _ before: ObservedRoute?, _ after: ObservedRoute?) -> PlannedRoute? {
    switch (before, after) {
    case (nil, nil): return nil
    case (nil, _?): return PlannedRoute(prefix, .gained)
    case (_?, nil): return PlannedRoute(prefix, .lost)
    case (let before?, let after?):
      guard before != after else { return nil }
      let old = export.presentLines(before, daemon.router.interfaceNames)
      let new = export.futureLines(after, daemon.router.interfaceNames)
      return PlannedRoute(prefix, .changed, before: old.filter { !new.contains($0) }, after: new.filter { !old.contains($0) })
    }
  }

  // MARK: Comparing

  private func stage(_ prefixes: [Prefix]) {
    places.removeAll(keepingCapacity: true)
    for (place, prefix) in prefixes.enumerated() { places[prefix] = place }
    plan.rehearsal.stage(prefixes, from: daemon.router)
  }

  /// Compares what one channel exports now for the staged networks with what it would export; `same` gets routes that need no closer look.
  /// Of several routes to one network, equal ones are paired first, and the others in their order.
  private func compare(
    _ prefixes: [Prefix], _ index: Int, _ differs: (Int, ObservedRoute?, ObservedRoute?) -> Void, same: () -> Void
  ) {
    let export = plan.exports[index]
    let daemon = daemon
    // Output and failures of filters are not reported here.
    swap(&daemon.router.interpreter, &plan.rehearsal.router.interpreter)
    let faults = daemon.router.policyFaults
    before.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    for prefix in prefixes {
      starts.append(before.count)
      if let present = export.present {
        daemon.router.appendAnnounced(prefix, to: present.channel, gate: present.observer, &before)
      }
    }
    starts.append(before.count)
    isPaired = [Bool](repeating: false, count: before.count)
    swap(&daemon.router.interpreter, &plan.rehearsal.router.interpreter)
    daemon.router.policyFaults = faults
    func observed(_ index: Int) -> ObservedRoute? {
      guard let present = export.present else { return nil }
      return present.observer.observe(before[index], daemon.router)
    }
    var others: [(place: Int, route: ObservedRoute?)] = []
    if let future = export.future {
      plan.rehearsal.export(future.channel, gate: future.observer) { router, item in
        guard let place = places[item.prefix] else { return }
        if export.isObservedAlike,
          let index = firstUnpaired(place, where: { daemon.router.holdsSame(before[$0], as: item.attributes, of: router) })
        {
          isPaired[index] = true
          return same()
        }
        others.append((place, future.observer.observe(item.attributes, router)))
      }
    }
    for (place, route) in others {
      let index = firstUnpaired(place) { _ in true }
      if let index { isPaired[index] = true }
      differs(place, index.flatMap(observed), route)
    }
    for place in prefixes.indices {
      for index in starts[place]..<starts[place + 1] {
        if !isPaired[index] { differs(place, observed(index), nil) }
        daemon.router.release(before[index])
      }
    }
  }

  private func firstUnpaired(_ place: Int, where condition: (Int) -> Bool) -> Int? {
    (starts[place]..<starts[place + 1]).first { !isPaired[$0] && condition($0) }
  }
}
