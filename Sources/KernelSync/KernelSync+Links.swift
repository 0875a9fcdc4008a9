import RouteCore

// What the kernel drops silently: with a link its nexthop objects and their routes, with an address the routes that depend on it.
extension KernelSync {
  mutating func linkChanged(_ index: UInt32, _ state: LinkState) {
    let before = links[index] ?? .down
    if state == .down { links[index] = nil } else { links[index] = state }
    guard before != state else { return }
    restamp()
    if state == .down {
      refusedHops = refusedHops.filter { $0.interface != index }
      hopRefusals = hopRefusals.filter { $0.key.interface != index }
    }
    retrySoon()
    // Objects need a carrier, other routes only a link that is up.
    if state != .up, before == .up { objectsGone(on: index) }
    if state == .down || before == .down { doubtRoutes(over: index) }
    if state == .up { requestObjects(on: index) }
    walkAll()
    askForLearnt { $0.nextHops.contains { $0.hop.interface == index } || $0.nextHopObject != 0 }
  }

  /// The addresses of an interface changed, or its VRF: routes over it may have gone.
  mutating func addressesChanged(_ index: UInt32) {
    retrySoon()
    requestObjects(on: index)
    doubtRoutes(over: index)
    askForLearnt { $0.nextHops.contains { $0.hop.interface == index } || $0.nextHopObject != 0 }
  }

  private func isOn(_ index: UInt32, _ object: NextHopObjects.Object) -> Bool {
    switch object.kind {
    case .single(let hop, _), .member(let hop, _): hop.interface == index
    case .group: false
    }
  }

  private mutating func objectsGone(on index: UInt32) {
    for place in objects.places {
      guard let object = objects[place], object.state == .present || object.state == .writing, isOn(index, object) else { continue }
      objectGone(place)
    }
  }

  /// Asks the kernel which objects it has, if some are on an interface.
  private mutating func requestObjects(on index: UInt32) {
    guard objects.isSupported else { return }
    if objects.places.contains(where: { objects[$0].map { isOn(index, $0) } ?? false }) { audits.request(.objects) }
  }

  /// Routes that were written with next hops over an interface may have gone, whole or in part.
  private mutating func doubtRoutes(over index: UInt32) {
    var doubtful: Set<FormID> = []
    forms.forEach { id, shape in
      if shape.object == .none, sets[shape.hops].contains(where: { $0.interface == index }) { doubtful.insert(id) }
    }
    guard !doubtful.isEmpty else { return }
    var cursor = SlabCursor<RecordID>()
    while let id = routes.next(&cursor) {
      if doubtful.contains(routes[id].present), routes[id].state == .settled { routes[id].state = .uncertain }
    }
    walkAll()
  }

  // MARK: Objects as others see them

  /// Somebody changed an object, or the kernel did.
  mutating func objectChanged(_ object: KernelObject) {
    guard let place = objects.place(id: object.id) else { return askForLearnt { $0.nextHopObject == object.id } }
    guard let known = objects[place], known.state == .present, case .group = known.kind else { return }
    let present = Set(object.members.map { $0.id })
    let gone = known.members.filter { member in objects[member].map { !present.contains($0.id) } ?? true }
    if !gone.isEmpty { groupLost(place, gone) }
  }

  /// Somebody removed an object, or the kernel did.
  mutating func objectRemoved(_ id: UInt32) {
    guard let place = objects.place(id: id) else { return askForLearnt { $0.nextHopObject != 0 } }
    guard objects[place]?.state == .present else { return }
    noteTampering()
    objectGone(place)
  }

  /// Logged once for all that are lost together.
  private mutating func noteTampering() {
    guard tamperingLimiter.admits(at: clock) else { return }
    log(.warning, "Nexthop objects were removed by somebody else, recreating them")
  }

  // MARK: Notices of routes

  mutating func routeAppeared(_ route: KernelRoute) {
    guard let table = table(of: route) else { return }
    touch(route.prefix, table)
    if route.protocolNumber == KernelNumbers.protocolNumber { return }
    learn(route, table)
    guard let id = routes.find(route.prefix, table), routes[id].present != .none else { return }
    let metric = tables[table].effective(forms[routes[id].present].metric)
    guard metric == tables[table].effective(route.metric) else { return }
    // Another program replaced our route and keeps the place until its route goes, unless we have taken it back since: an audit will tell.
    scanSoon(table)
    if routes[id].state == .writing {
      // What is not with the kernel yet does not take the place.
      guard let place = filling.firstIndex(where: { $0.record == id && $0.kind == .write }) else { return }
      filling[place].mode = .create
      return setPresent(id, .none)
    }
    setPresent(id, .none)
    if routes[id].state != .refused { routes[id].state = .settled }
    reconcile(id)
  }

  mutating func routeDisappeared(_ route: KernelRoute) {
    guard let table = table(of: route) else { return }
    touch(route.prefix, table)
    let id = routes.find(route.prefix, table)
    if route.protocolNumber == KernelNumbers.protocolNumber {
      // Not by us, as our own changes are not reported. Perhaps only a part of it has gone.
      guard let id, routes[id].present != .none, routes[id].state == .settled || routes[id].state == .uncertain else { return }
      routes[id].state = .uncertain
      return reconcile(id)
    }
    unlearn(route, table)
    // It may have been in our way.
    if let id, routes[id].state == .refused {
      leaveRefusal(id)
      reconcile(id)
    }
  }

  /// What a running audit has seen of a prefix may be older than this change.
  private mutating func touch(_ prefix: Prefix, _ table: KernelTableID) {
    guard audits.isReadingRoutes else { return }
    if let id = routes.find(prefix, table) { routes[id].seen = touchedMark }
    audits.touched.insert(Audits.Key(prefix: prefix, table: table))
  }

  mutating func notificationsLost() {
    for id in tables.ids where tables[id].phase == .up { scanSoon(id) }
  }
}
