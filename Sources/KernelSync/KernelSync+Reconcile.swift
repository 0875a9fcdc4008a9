import RouteCore

// Compares what is wanted with what is there. Every event ends here, for one record or in a walk over all of them.
extension KernelSync {
  // MARK: Wants

  /// A prefix is to have this route. Returns false if there are more records than can be numbered.
  @discardableResult
  package mutating func want(_ prefix: Prefix, _ table: KernelTableID, _ route: WantedRoute) -> Bool {
    guard let id = routes.findOrInsert(prefix, table) else { return false }
    let shape = Shape(destination: route.destination, hops: route.hops, metric: route.metric, details: route.details)
    let (want, _) = wants.intern(shape)
    let before = routes[id].wanted
    if before == want, routes[id].state != .leftOver {
      _ = wants.release(want)
      return true
    }
    _ = wants.release(before)
    routes[id].wanted = want
    renew(id)
    return true
  }

  /// A prefix is to have no route of ours.
  package mutating func unwant(_ prefix: Prefix, _ table: KernelTableID) {
    guard let id = routes.find(prefix, table), routes[id].state != .leftOver else { return }
    _ = wants.release(routes[id].wanted)
    routes[id].wanted = .none
    renew(id)
  }

  /// The number of a set of next hops, for `want`. It is valid until the next `handle`.
  package mutating func set(of hops: [NextHop]) -> HopSetID { sets.id(of: hops) }
  /// The number of a route's details, for `want`.
  package mutating func name(of new: KernelDetails) -> KernelDetailsID { details.id(of: new) }

  /// A record is to have something else: a refusal of the previous want no longer counts.
  private mutating func renew(_ id: RecordID) {
    if routes[id].state == .refused { leaveRefusal(id) }
    if routes[id].state == .leftOver { routes[id].state = .settled }
    reconcile(id)
  }

  /// A route that was found, or is no longer wanted, but may be wanted again.
  mutating func setLeftOver(_ id: RecordID) {
    if routes[id].state == .refused { leaveRefusal(id) }
    _ = wants.release(routes[id].wanted)
    routes[id].wanted = .none
    guard routes[id].state != .writing else { return }
    if routes[id].present == .none { routes.remove(id) } else { routes[id].state = .leftOver }
  }

  /// Forgets a record, whatever the kernel has.
  mutating func drop(_ id: RecordID) {
    guard routes[id].state != .writing else { return }
    if routes[id].state == .refused { leaveRefusal(id) }
    _ = wants.release(routes[id].wanted)
    setPresent(id, .none)
    routes.remove(id)
  }

  // MARK: The walk

  /// Every record is to be visited again.
  mutating func walkAll() { walkRemaining = max(routes.limit, 1) - 1 }

  mutating func walk() {
    guard walkRemaining > 0 else { return }
    var budget = KernelSync.walkSlice
    while walkRemaining > 0, budget > 0, hasRoom {
      walkCircle.limit = routes.limit
      let id = walkCircle.next()
      walkRemaining -= 1
      budget -= 1
      guard routes.isLive(id) else { continue }
      noteIfMissing(id)
      reconcile(id)
    }
    if walkRemaining == 0 { endWalk() }
  }

  // MARK: One record

  /// Makes a record what is wanted, or lets it wait for whatever prevents that.
  mutating func reconcile(_ id: RecordID) {
    guard routes[id].state != .writing else { return }
    // The route has gone together with its object.
    if routes[id].present != .none {
      let object = forms[routes[id].present].object
      if object != .none, objects[object]?.state ?? .gone == .gone { setPresent(id, .none) }
    }
    let record = routes[id]
    let table = tables[record.table]
    if table.phase == .stopping { return end(id, record, table) }
    if record.wanted == .none { return retire(id, record, table) }
    let want = wants[record.wanted]
    var plainly = !usesObjects(want, table)
    var form = Shape(destination: want.destination, metric: want.metric, details: want.details)
    var set = HopSetID.none
    if want.destination == .unicast {
      // A next hop that was not resolved means unreachable.
      if want.hops == .none { form.destination = .unreachable }
      set = usable(want.hops, plainly: plainly)
      if set == .none, want.hops != .none { return awaitLink(id, record) }
      if !plainly, !refusedHops.isEmpty, isRefusedAsObject(set) { plainly = true }
    }
    if record.present != .none, record.state != .uncertain, isRight(record.present, form, set, plainly: plainly) {
      if record.state == .refused { leaveRefusal(id) }
      routes[id].state = .settled
      return
    }
    if isBarred(id, record, set) { return }
    if set != .none {
      if plainly { form.hops = set } else { form.object = object(for: set, table.family) }
    }
    write(id, form)
  }

  /// Returns whether a route leads exactly where it should.
  private func isRight(_ present: FormID, _ form: Shape, _ set: HopSetID, plainly: Bool) -> Bool {
    let shape = forms[present]
    guard shape.destination == form.destination, shape.metric == form.metric, shape.details == form.details else { return false }
    if plainly || set == .none { return shape.object == .none && shape.hops == set }
    return shape.object != .none && objects.content(shape.object) == set
  }

  /// Adds a change to the next batch that gives the route this form.
  mutating func write(_ id: RecordID, _ form: Shape) {
    let to = holdForm(form)
    let record = routes[id]
    var change = PendingChange(.write, record: id, from: record.present, to: to)
    forms.retain(record.present)
    change.want = record.wanted
    wants.retain(record.wanted)
    let table = tables[record.table]
    // A replacement would also overwrite another program's route: only replace what is or may be ours.
    let isInPlace = record.present != .none && table.effective(forms[record.present].metric) == table.effective(form.metric)
    change.mode = isInPlace ? .replace : .create
    // It counts as refused until the answer arrives.
    if record.state == .refused { change.refusal = record.refusal }
    routes[id].refusal = .none
    routes[id].state = .writing
    routes[id].seen = touchedMark
    filling.append(change)
  }

  private mutating func erase(_ id: RecordID) {
    forms.retain(routes[id].present)
    if routes[id].state == .refused { leaveRefusal(id) }
    routes[id].state = .writing
    routes[id].seen = touchedMark
    filling.append(PendingChange(.remove, record: id, from: routes[id].present))
  }

  /// Removes a route of ours beside the right one, which has another metric.
  mutating func eraseStray(_ prefix: Prefix, _ table: KernelTableID, _ form: Shape) {
    var change = PendingChange(.removeStray, from: holdForm(form))
    change.stray = PendingChange.Stray(prefix: prefix, table: table)
    filling.append(change)
  }

  /// Nothing is wanted of it.
  private mutating func retire(_ id: RecordID, _ record: RouteRecord, _ table: KernelTable) {
    if record.state == .refused { leaveRefusal(id) }
    if record.present == .none { return routes.remove(id) }
    if table.phase == .starting { routes[id].state = .leftOver }
    if routes[id].state == .leftOver, table.phase == .starting || table.hasLeftOvers { return }
    erase(id)
  }

  /// The table ends.
  private mutating func end(_ id: RecordID, _ record: RouteRecord, _ table: KernelTable) {
    if record.present == .none || table.end == .leave { return leave(id) }
    guard table.end == .persist else { return erase(id) }
    var form = forms[record.present]
    guard form.object != .none else { return }
    form.hops = objects.content(form.object)
    form.object = .none
    write(id, form)
  }

  /// All next hops are on interfaces that are down: the route is written when one of them comes up.
  private mutating func awaitLink(_ id: RecordID, _ record: RouteRecord) {
    if record.present != .none { return erase(id) }
    if record.state == .refused { leaveRefusal(id) }
    routes[id].state = .settled
  }

  // MARK: Shapes

  /// Takes a reference to the shape of a present route.
  private mutating func holdForm(_ shape: Shape) -> FormID {
    let (id, isNew) = forms.intern(shape)
    if isNew, shape.object != .none { objects.retain(shape.object) }
    return id
  }

  mutating func releaseForm(_ id: FormID) {
    if let shape = forms.release(id), shape.object != .none { objects.release(shape.object, at: clock) }
  }

  /// Records what the kernel has; takes a reference to `form`.
  mutating func setPresent(_ id: RecordID, _ form: FormID) {
    let before = routes[id].present
    forms.retain(form)
    routes[id].present = form
    releaseForm(before)
  }

  /// Records what was found in the kernel.
  mutating func setPresent(_ id: RecordID, shape: Shape) {
    let form = holdForm(shape)
    setPresent(id, form)
    releaseForm(form)
  }
}
