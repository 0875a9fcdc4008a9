import RouteCore

@testable import KernelSync

/// Everything that can happen to tables of the kernel, at random.
struct Chaos {
  /// What can happen beside wants.
  enum Trouble: Int, CaseIterable {
    case links, carriers, removedLinks, addresses, gateways, losses
    case foreignRoutes, takeOvers, removedRoutes, removedObjects, foreignObjects
    case refusals, lostAnswers, lostNotices, interruptions, slowness
    case stops, options, restarts
  }

  let lab: Lab
  let troubles: [Trouble]
  let tables: [KernelTableID]
  let interfaces: UInt32 = 4
  let prefixes = 24

  init(seed: UInt64, only: [Trouble]? = nil) {
    lab = Lab(seed: seed, interfaces: interfaces)
    lab.sliceSize = [3, 10, Int.max][Int(lab.random.next() % 3)]
    lab.kernel.isCompatible = lab.chance(50)
    lab.kernel.supportsObjects = !lab.chance(5)
    // Few at a time, so that a seed tells what is wrong.
    let count = [0, 1, 2, 3, 5, Trouble.allCases.count][Int(lab.random.next() % 6)]
    troubles = only ?? Array(Trouble.allCases.shuffled(using: &lab.random).prefix(count))
    let places: [(UInt32, AddressFamily)] = [(254, .ipv6), (254, .ipv4), (7, .ipv6)]
    let number = 1 + Int(lab.random.next() % 3)
    var made: [KernelTableID] = []
    for (table, family) in places.prefix(number) {
      let learns = lab.chance(50)
      let usesObjects = lab.chance(80)
      made.append(
        lab.addTable(table, family) { options in
          options.learns = learns
          options.usesObjects = usesObjects
        })
    }
    tables = made
    if troubles.contains(.slowness) {
      slowDown()
      lab.isForgiving = troubles.contains { [.links, .carriers, .removedLinks].contains($0) }
    }
  }

  private func slowDown() {
    lab.executionDelay = .seconds(2)
    lab.answerDelay = .seconds(3)
    lab.noticeDelay = .seconds(4)
  }

  private func pick<T>(_ items: [T]) -> T { items[Int(lab.random.next() % UInt64(items.count))] }
  private func number(_ limit: Int) -> Int { Int(lab.random.next() % UInt64(limit)) }

  // MARK: Wants

  private func way(_ family: AddressFamily) -> NextHop {
    let family = family == .ipv6 || lab.chance(20) ? AddressFamily.ipv6 : .ipv4
    return hop(1 + number(2), on: 1 + UInt32(number(Int(interfaces))), weight: pick([1, 1, 1, 3, 7]), family)
  }

  private func want(_ family: AddressFamily) -> Lab.Want {
    var want = Lab.Want(metric: pick([0, 0, 0, 32, 50]))
    switch number(20) {
    case 0: want.destination = .blackhole
    case 1: break
    case 2: want.hops = [NextHop(interface: 1 + UInt32(number(Int(interfaces))))]
    case 3..<9: want.hops = [way(family)]
    default:
      var ways: [NextHop] = []
      for _ in 0..<(2 + number(3)) {
        let hop = way(family)
        if !ways.contains(where: { $0.way == hop.way }) { ways.append(hop) }
      }
      want.hops = ways
    }
    if lab.chance(10) { want.details.metrics[.mtu] = 1400 }
    if family == .ipv4, lab.chance(5) { want.details.realm = 5 }
    return want
  }

  private func changeWants() {
    let table = pick(tables)
    let family = lab.tables[Int(table.rawValue)].family
    switch number(6) {
    case 0, 1: lab.want(prefix(number(prefixes), family), table, nil)
    case 2:
      // All of a kind, as when a peer comes.
      let same = want(family)
      for index in 0..<prefixes where lab.chance(60) { lab.want(prefix(index, family), table, same) }
    case 3 where lab.chance(20):
      for index in 0..<prefixes { lab.want(prefix(index, family), table, nil) }
    default: lab.want(prefix(number(prefixes), family), table, want(family))
    }
  }

  // MARK: A step

  func step() {
    if troubles.isEmpty || lab.chance(60) { changeWants() } else { happen(pick(troubles)) }
    switch number(10) {
    case 0: break
    case 1..<7: lab.run(lab.delay(.milliseconds(4)))
    case 7, 8: lab.run(lab.delay(.seconds(3)))
    default: lab.run(lab.delay(.seconds(40)))
    }
  }

  private func happen(_ trouble: Trouble) {
    let index = 1 + UInt32(number(Int(interfaces)))
    switch trouble {
    case .links: lab.setLink(index) { $0.isUp.toggle() }
    case .carriers: lab.setLink(index) { $0.hasCarrier.toggle() }
    case .removedLinks: lab.kernel.setInterface(index, lab.kernel.interfaces[index] == nil ? SimulatedKernel.Interface() : nil)
    case .addresses: lab.setLink(index) { $0.hasIPv4.toggle() }
    case .gateways: changeGateways(index)
    case .losses: loseOrRegain(index)
    case .foreignRoutes, .takeOvers, .removedRoutes: changeRoutes(trouble)
    case .removedObjects: removeObjects()
    case .foreignObjects: makeObject()
    case .refusals: refuse()
    case .lostAnswers: lab.answerLoss = pick([0, 0, 20, 50])
    case .lostNotices: lab.noticeLoss = pick([0, 0, 20, 50])
    case .interruptions: lab.interruption = pick([0, 0, 20, 80])
    case .slowness: slowDown()
    case .stops: stopOrStart()
    case .options: changeOptions()
    case .restarts: restart()
    }
  }

  private func changeGateways(_ index: UInt32) {
    let gateway = hop(1 + number(2), on: index, pick([.ipv4, .ipv6])).gateway
    if lab.kernel.unreachable.remove(gateway) == nil {
      lab.kernel.unreachable.insert(gateway)
      // What leads there goes, as the kernel would not take it any more.
      for object in lab.kernel.objects.values.filter({ $0.hop?.gateway == gateway }).sorted(by: { $0.id < $1.id }) {
        lab.kernel.removeObject(object.id, isTold: true)
      }
    } else {
      lab.kernel.notices.append(.addresses(index))
    }
    lab.noteUse()
  }

  private func loseOrRegain(_ index: UInt32) {
    if !lab.lost.isEmpty, lab.chance(60) { return lab.regain(lab.lost.sorted()) }
    lab.lose([hop(1, on: index), hop(2, on: index)])
  }

  private func makeObject() {
    // Some have numbers that we mean to have; but who has not heard that his own was refused takes such a one for it.
    let isSure = !troubles.contains(.lostAnswers) && !troubles.contains(.restarts)
    let id = lab.chance(50) || !isSure ? 100 + UInt32(number(4)) : Lab.objectBase + 1 + UInt32(number(40))
    if lab.kernel.objects[id] != nil { return }
    lab.kernel.othersMake(KernelObject(id: id, protocolNumber: 4, hop: way(.ipv6)))
  }

  private func removeObjects() {
    if lab.chance(20) { return lab.kernel.othersFlushObjects() }
    guard !lab.kernel.objects.isEmpty else { return }
    lab.kernel.removeObject(pick(lab.kernel.objects.keys.sorted()), isTold: true)
  }

  private func refuse() {
    let rate = pick([0, 0, 5, 50, 100] as [UInt64])
    let code = pick([1, 12, 16, 17, 22, 101, 105, 113] as [Int32])
    lab.injection = { [lab] operation in
      guard lab.chance(rate) else { return 0 }
      // Not all numbers of objects are taken.
      if case .write = operation { return code }
      return code == Errno.exists ? 0 : code
    }
    if rate == 100 {
      lab.run(lab.delay(.seconds(20)))
      lab.injection = nil
    }
  }

  // MARK: Other programs

  private func changeRoutes(_ trouble: Trouble) {
    let table = lab.tables[Int(pick(tables).rawValue)]
    let key = SimulatedKernel.Key(table.number, prefix(number(prefixes), table.family), pick([0, 0, 32, 99]))
    var route = SimulatedKernel.Route(protocolNumber: pick([4, 4, 3]), hops: [way(table.family)])
    let objects = lab.kernel.objects.values.filter { $0.protocolNumber == 4 }
    if lab.chance(30), let object = objects.min(by: { $0.id < $1.id }) {
      route.object = object.id
      route.hops = []
    }
    let ours = lab.kernel.routes.filter { $0.value.isOurs }.keys.sorted()
    let others = lab.kernel.routes.filter { !$0.value.isOurs }.keys.sorted()
    switch trouble {
    case .removedRoutes: if !ours.isEmpty { lab.kernel.othersRemove(pick(ours)) }
    case .takeOvers: lab.kernel.othersWrite(ours.isEmpty || lab.chance(30) ? key : pick(ours), route, replacing: true)
    default: if !others.isEmpty, lab.chance(50) { lab.kernel.othersRemove(pick(others)) } else { lab.kernel.othersWrite(key, route) }
    }
  }

  // MARK: Configuration

  private func stopOrStart() {
    let table = pick(tables)
    if lab.tables[Int(table.rawValue)].isReady {
      lab.stop(table, pick([.remove, .remove, .persist, .leave]))
    } else {
      start(table)
    }
  }

  private func start(_ table: KernelTableID) {
    let options = lab.tables[Int(table.rawValue)].options
    lab.start(table) { $0 = options }
  }

  private func changeOptions() {
    let keeps = lab.chance(20)
    let uses = lab.chance(50)
    lab.setOptions(pick(tables)) { options in
      options.keepsLeftOvers = keeps
      options.usesObjects = uses
    }
  }

  private func restart() {
    lab.restart()
    for table in tables { start(table) }
  }

  // MARK: The end

  /// Nothing bad happens any more, and most of what had stays mended.
  func finish() -> [String] {
    lab.injection = nil
    lab.answerLoss = 0
    lab.noticeLoss = 0
    lab.interruption = 0
    for delay in [\Lab.executionDelay, \.answerDelay, \.noticeDelay] { lab[keyPath: delay] = .milliseconds(2) }
    lab.regain(lab.lost.sorted())
    // Objects live on without the address that they were made with, which cannot be foretold.
    for index in 1...interfaces where lab.kernel.interfaces[index] != nil { lab.setLink(index) { $0.hasIPv4 = true } }
    if lab.chance(60) {
      lab.kernel.unreachable = []
      for index in 1...interfaces { lab.kernel.setInterface(index, SimulatedKernel.Interface()) }
      lab.noteUse()
    }
    for table in tables {
      if !lab.tables[Int(table.rawValue)].isReady { start(table) }
      lab.setOptions(table) { $0.keepsLeftOvers = false }
    }
    return lab.rest()
  }
}
