import RouteCore

@testable import KernelSync

// What must hold when nothing happens any more.
extension Lab {
  enum Expected: Hashable {
    case route(SimulatedKernel.Key, SimulatedKernel.Route, isObject: Bool)
    case nothing
    /// The kernel takes none such.
    case refused
  }

  static func sorted(_ hops: [NextHop]) -> [NextHop] {
    var hops = hops.sorted()
    if hops.count == 1 { hops[0].weight = 1 }
    return hops
  }

  func expected(_ place: Place) -> Expected {
    guard let want = wants[place] else { return .nothing }
    let table = tables[Int(place.table.rawValue)]
    let key = SimulatedKernel.Key(table.number, place.prefix, want.metric)
    var route = SimulatedKernel.Route(destination: want.destination, details: want.details)
    var isObject = false
    if want.destination == .unicast {
      if want.hops.isEmpty {
        route.destination = .unreachable
      } else {
        isObject = usesObjects(want, place.table)
        let up = hopsUp(want, place.table)
        if up.isEmpty { return .nothing }
        let good = up.filter { !lost.contains($0.way) && (!isObject || kernel.refusal(of: $0, asObject: true) == 0) }
        route.hops = Lab.sorted(good.isEmpty ? up : good)
        if route.hops.contains(where: { kernel.refusal(of: $0, asObject: isObject) != 0 }) { return .refused }
        if !isObject, kernel.refusal(of: route, place.prefix.family) != 0 { return .refused }
      }
    }
    if let present = kernel.routes[key], !present.isOurs { return .refused }
    return .route(key, route, isObject: isObject)
  }

  /// Lets everything come to rest; what is not as it should be then, or was not on the way.
  func rest(_ duration: Duration = .seconds(200)) -> [String] {
    run(duration)
    // What is refused may just be tried again.
    for _ in 0..<2000 where !sync.isQuiet || sync.objects.nextRemoval != nil { run(.milliseconds(1)) }
    var problems = faults
    problems += wrongRoutes()
    problems += wrongLearnt()
    problems += machineProblems()
    // Ways out that the kernel refuses are tried again now and then.
    let isRefused =
      sync.refusedHops.contains { kernel.refusal(of: $0, asObject: true) != 0 }
      || wants.contains { place, want in
        expected(place) == .refused || want.hops.contains { kernel.refusal(of: $0, asObject: false) != 0 }
      }
    let (batchesBefore, dumpsBefore) = (batchCount, dumpCount)
    run(.seconds(120))
    if !isRefused, batchCount != batchesBefore {
      problems.append("\(batchCount - batchesBefore) batches though all is right: \(batches.last ?? [])")
    }
    let audits = tables.reduce(0) { sum, table in
      sum + (!table.isReady || table.options.scanTime == 0 ? 0 : 120 / Int(table.options.scanTime) + 1)
    }
    if dumpCount - dumpsBefore > 2 * audits { problems.append("\(dumpCount - dumpsBefore) dumps though all is right") }
    return Array(problems.prefix(8))
  }

  // MARK: The kernel

  func wrongRoutes() -> [String] {
    var problems: [String] = []
    var ours: [Place: [(SimulatedKernel.Key, SimulatedKernel.Route)]] = [:]
    for (key, route) in kernel.routes where route.isOurs {
      guard let table = tables.first(where: { $0.number == key.table && $0.family == key.prefix.family }), table.isReady else { continue }
      ours[Place(table: table.id, prefix: key.prefix), default: []].append((key, route))
    }
    for place in Set(ours.keys).union(wants.keys).sorted() where tables[Int(place.table.rawValue)].isReady {
      let found = ours[place] ?? []
      let failure = sync.failureText(place.prefix, place.table)
      switch expected(place) {
      case .refused:
        if found.count > 1 { problems.append("\(place.prefix) has \(found.count) routes") }
        // One that was there before the gateway went may stay.
        if failure == nil, found.isEmpty { problems.append("\(place.prefix) cannot be installed, and nobody says why") }
      case .nothing:
        if !found.isEmpty { problems.append("\(place.prefix) has a route that nobody wants: \(found[0].1)") }
      case .route(let key, let route, let isObject):
        if failure != nil { problems.append("\(place.prefix) is said to be refused: \(failure ?? "")") }
        guard found.count == 1, let (foundKey, foundRoute) = found.first else {
          problems.append("\(place.prefix) has \(found.count) routes")
          continue
        }
        var resolved = foundRoute
        resolved.hops = Lab.sorted(foundRoute.object == 0 ? foundRoute.hops : kernel.content(of: foundRoute.object))
        resolved.object = 0
        if foundKey != key || resolved != route || (foundRoute.object != 0) != isObject {
          problems.append("\(place.prefix): \(foundKey.metric) \(foundRoute) \(resolved.hops) instead of \(key.metric) \(route)")
        }
      }
    }
    return problems
  }

  // MARK: The routes of others

  private func wrongLearnt() -> [String] {
    var best: [Place: KernelRoute] = [:]
    for (key, route) in kernel.routes {
      guard let table = tables.first(where: { $0.number == key.table && $0.family == key.prefix.family }) else { continue }
      let shown = kernel.shown(key, route)
      guard table.isReady, table.options.learns, shown.isLearnable else { continue }
      let place = Place(table: table.id, prefix: key.prefix)
      if let other = best[place], other.metric <= shown.metric { continue }
      best[place] = shown
    }
    return Set(best.keys).union(learnt.keys).sorted().compactMap { place in
      if best[place] == learnt[place] || !tables[Int(place.table.rawValue)].isReady { return nil }
      return "\(place.prefix) was learnt as \(String(describing: learnt[place])) instead of \(String(describing: best[place]))"
    }
  }

  // MARK: The machine

  /// What it keeps beyond what is used.
  private func machineProblems() -> [String] {
    var problems: [String] = []
    func expect(_ what: String, _ found: Int, _ wanted: Int) {
      if found != wanted { problems.append("\(found) \(what) instead of \(wanted)") }
    }
    if !sync.isQuiet { problems.append("the machine is not quiet") }
    var forms: Set<FormID> = []
    var wanted: Set<WantID> = []
    var refused = 0
    var cursor = SlabCursor<RecordID>()
    while let id = sync.routes.next(&cursor) {
      let record = sync.routes[id]
      if record.present != .none { forms.insert(record.present) }
      if record.wanted != .none { wanted.insert(record.wanted) }
      if record.state == .refused { refused += 1 }
    }
    expect("records", sync.routes.count, wants.keys.count { tables[Int($0.table.rawValue)].isReady })
    expect("shapes of routes", sync.forms.count, forms.count)
    expect("shapes of wants", sync.wants.count, wanted.count)
    expect("refused", sync.refusals.places.reduce(0) { $0 + Int(sync.refusals[$1]?.count ?? 0) }, refused)
    if sync.sets.count > 64 { problems.append("\(sync.sets.count) sets of next hops") }
    var references: [ObjectPlace: Int] = [:]
    sync.forms.forEach { _, shape in if shape.object != .none { references[shape.object, default: 0] += 1 } }
    for place in sync.objects.places { for member in sync.objects[place]?.members ?? [] { references[member, default: 0] += 1 } }
    for place in sync.objects.places {
      guard let object = sync.objects[place] else { continue }
      expect("references of object \(object.id) (\(object.state))", Int(object.references), references[place] ?? 0)
      if object.references == 0 { problems.append("object \(object.id) (\(object.state)) is kept and not used") }
      if let there = kernel.objects[object.id] {
        if Lab.sorted(kernel.content(of: there.id)) != sync.hops(object.content) {
          problems.append("object \(object.id) is not what it is taken for")
        }
      } else {
        problems.append("object \(object.id) (\(object.state)) is not there")
      }
    }
    for object in kernel.objects.values where object.protocolNumber == KernelNumbers.protocolNumber {
      if sync.objects.place(id: object.id) == nil { problems.append("object \(object.id) is nobody's") }
    }
    return problems
  }
}
