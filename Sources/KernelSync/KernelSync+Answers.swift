import RouteCore

// The kernel's answer to the oldest batch.
extension KernelSync {
  /// Errnos that are about the next hops and not about the prefix.
  private static func concernsNextHops(_ code: Int32) -> Bool {
    switch code {
    case Errno.noDevice, Errno.invalid, Errno.networkDown, Errno.networkUnreachable, Errno.hostUnreachable: true
    default: false
    }
  }

  mutating func answered(_ answer: KernelAnswer) {
    guard !inFlight.isEmpty else { return }
    var batch = inFlight.removeFirst()
    var next = 0
    for index in batch.indices {
      while next < answer.refusals.count, answer.refusals[next].index < index { next += 1 }
      let refusal = next < answer.refusals.count && answer.refusals[next].index == index ? answer.refusals[next] : nil
      if refusal == nil, !answer.isComplete { unsure(batch[index]) } else { note(batch[index], refusal) }
    }
    batch.removeAll(keepingCapacity: true)
    spares.append(batch)
    if !answer.isComplete {
      log(.warning, "Answers from the kernel were lost, scanning its tables")
      for id in tables.ids where tables[id].phase == .up {
        tables[id].isUnsure = true
        scanSoon(id)
      }
    }
  }

  /// The outcome of a change is unknown until the next audit. Until then the previous route is assumed to be still there.
  private mutating func unsure(_ change: PendingChange) {
    let id = change.record
    guard change.kind == .write || change.kind == .remove else { return note(change, nil) }
    switch tables[routes[id].table].phase {
    case .up: break
    case .stopping, .down: return note(change, nil)
    case .starting:
      // The table is about to be read.
      setPresent(id, .none)
      routes[id].state = .settled
      refusals.leave(change.refusal)
      release(change)
      return reconcile(id)
    }
    routes[id].state = .uncertain
    routes[id].seen = touchedMark
    refusals.leave(change.refusal)
    release(change)
  }

  private mutating func note(_ change: PendingChange, _ refusal: KernelRefusal?) {
    switch change.kind {
    case .makeObject: if let refusal { objectRefused(change.object, refusal) } else { objectMade(change.object) }
    case .removeObject: objectRemoved(change.object, refusal)
    case .write: if let refusal { refused(change, refusal) } else { accepted(change) }
    case .remove: removed(change, refusal)
    case .removeStray:
      if let refusal, let stray = change.stray, !Errno.isAbsence(refusal.code) { removalFailed(stray.prefix, stray.table, refusal) }
      releaseForm(change.from)
    }
  }

  // MARK: Routes

  private mutating func accepted(_ change: PendingChange) {
    let id = change.record
    setPresent(id, change.to)
    routes[id].state = .settled
    routes[id].seen = touchedMark
    if change.from != .none {
      let table = tables[routes[id].table]
      let old = forms[change.from]
      // Another metric is another route: the old one goes now that the new one is there.
      if table.effective(old.metric) != table.effective(forms[change.to].metric) { eraseStray(prefix(id), routes[id].table, old) }
    }
    if change.refusal != .none {
      refusals.open(change.refusal)
      refusals.leave(change.refusal)
      walkAll()
    }
    release(change)
    reconcile(id)
  }

  private mutating func refused(_ change: PendingChange, _ refusal: KernelRefusal) {
    let id = change.record
    let shape = forms[change.to]
    let object = shape.object
    let hasObject = object == .none || objects[object]?.state == .present || objects[object]?.state == .writing
    let set = object == .none ? shape.hops : objects[object]?.original ?? .none
    release(change)
    defer { refusals.leave(change.refusal) }
    routes[id].seen = touchedMark
    // The kernel assembles IPv6 routes with several next hops one by one: the old route may have gone.
    routes[id].state = routes[id].present != .none && object == .none && sets[set].count > 1 ? .uncertain : .settled
    if tables[routes[id].table].phase == .stopping {
      // A route that cannot be rewritten stays as it is.
      return leave(id)
    }
    // Something else is wanted by now, about which the kernel has said nothing yet.
    if routes[id].wanted != change.want { return reconcile(id) }
    guard hasObject else {
      // The object is the reason. Without it the kernel may accept the route, or will say what is wrong, unless the link is down.
      for hop in sets[set] {
        guard let reason = hopRefusals[hop.way], KernelNumbers.isLinkDown(reason.code) else { continue }
        return refuse(id, set, reason.code, reason.text)
      }
      // A group is refused although all its members were created: one has silently gone, and an immediate retry would fail.
      if isWhole(object) {
        audits.request(.objects)
        return refuse(id, set, refusal.code, refusal.text)
      }
      tryAgain(id, change.refusal)
      return reconcile(id)
    }
    refuse(id, object == .none && KernelSync.concernsNextHops(refusal.code) ? set : .none, refusal.code, refusal.text)
  }

  /// Whether an object is a group without any member known to be missing.
  private func isWhole(_ place: ObjectPlace) -> Bool {
    guard let group = objects[place], !group.members.isEmpty, group.members.count == sets[group.original].count else { return false }
    return group.members.allSatisfy { objects[$0]?.state == .present }
  }

  /// A record that was tried may be tried once more in the same round.
  private mutating func tryAgain(_ id: RecordID, _ refusal: RefusalID) {
    guard refusals[refusal] != nil else { return }
    refusals.join(refusal)
    routes[id].state = .refused
    routes[id].refusal = refusal
    refusals[refusal]?.probes += 1
  }

  private mutating func removed(_ change: PendingChange, _ refusal: KernelRefusal?) {
    let id = change.record
    if let refusal, !Errno.isAbsence(refusal.code) { removalFailed(prefix(id), routes[id].table, refusal) }
    setPresent(id, .none)
    routes[id].state = .settled
    release(change)
    reconcile(id)
  }

  /// The next audit will find what is there.
  private mutating func removalFailed(_ prefix: Prefix, _ table: KernelTableID, _ refusal: KernelRefusal) {
    log(.error, "Netlink: removing \(prefix): \(refusal.text)")
    tables[table].isUnsure = true
    scanSoon(table)
  }

  private mutating func release(_ change: PendingChange) {
    _ = wants.release(change.want)
    releaseForm(change.from)
    releaseForm(change.to)
  }

  // MARK: Objects

  private mutating func objectMade(_ place: ObjectPlace) {
    if audits.isReadingObjects { audits.touchedObjects.insert(place) }
    if objects[place]?.state == .writing { objects.setState(place, .present) }
    switch objects[place]?.kind {
    case .single(let hop, _)?, .member(let hop, _)?: acceptHop(hop.way)
    case .group?, nil: break
    }
    let hasGone = objects[place]?.state == .gone
    objects.release(place, at: clock)
    // Its link went down while it was being created, and may be up again.
    if hasGone { filling.append(removal(of: place)) }
  }

  private mutating func objectRefused(_ place: ObjectPlace, _ refusal: KernelRefusal) {
    switch objects[place]?.kind {
    case _ where refusal.code == Errno.notSupported:
      if objects.isSupported { log(.info, "The kernel has no nexthop objects") }
      objects.isSupported = false
      restamp()
      walkAll()
    case .single(let hop, _)?, .member(let hop, _)?:
      // That the number is taken is no reason: the next attempt uses another one.
      if refusal.code != Errno.exists {
        refusedHops.insert(hop.way)
        hopRefusals[hop.way] = HopRefusal(code: refusal.code, text: refusal.text)
        restamp()
        // Sets with another next hop do without this one for a while.
        hopRetry = hopRetry ?? clock + Refusals.longestDelay
      }
    case .group?, nil: break
    }
    objects.setState(place, .gone)
    objects.release(place, at: clock)
    if objects[place]?.references == 0 { objects.remove(place, at: clock) }
  }

  private mutating func objectRemoved(_ place: ObjectPlace, _ refusal: KernelRefusal?) {
    if let refusal, !Errno.isAbsence(refusal.code), let id = objects[place]?.id {
      log(.error, "Netlink: removing nexthop object \(id): \(refusal.text)")
    }
    objects.setState(place, .gone)
    objects.release(place, at: clock)
    if objects[place]?.references == 0 { objects.remove(place, at: clock) }
  }
}

/// Why the kernel refuses the object of a next hop.
struct HopRefusal: Hashable {
  var code: Int32
  var text: String
}

/// The errnos that matter here, as Linux numbers them.
enum Errno {
  static var absent: Int32 { 2 }
  static var noProcess: Int32 { 3 }
  static var exists: Int32 { 17 }
  static var noDevice: Int32 { 19 }
  static var invalid: Int32 { 22 }
  static var notSupported: Int32 { 95 }
  static var networkDown: Int32 { 100 }
  static var networkUnreachable: Int32 { 101 }
  static var hostUnreachable: Int32 { 113 }

  /// ESRCH for a route, ENOENT for a nexthop object: already gone counts as removed.
  static func isAbsence(_ code: Int32) -> Bool { code == absent || code == noProcess }
}
