import RouteCore

// From wanted routes to nexthop objects: which next hops can be used, which object stands for them, and what follows when one goes.
extension KernelSync {
  /// Whether a next hop can be used: its interface is up, and the kernel has not refused it.
  private func isUsable(_ hop: NextHop, plainly: Bool) -> Bool {
    switch links[hop.interface] ?? .down {
    case .down: false
    case .noCarrier: plainly
    case .up: true
    }
  }

  /// The next hops of a set that can be used now: those whose interfaces are up, without those that are lost or that the kernel refuses
  /// while there are others.
  mutating func usable(_ id: HopSetID, plainly: Bool) -> HopSetID {
    let place = Int(id.rawValue)
    if !plainly, place < usableSets.count, usableSets[place].stamp == stamp { return usableSets[place].set }
    let hops = sets[id]
    let up = hops.filter { isUsable($0, plainly: plainly) }
    let good = up.filter { !lost.contains($0.way) && (plainly || !refusedHops.contains($0.way)) }
    let chosen = good.isEmpty ? up : good
    let result = chosen.count == hops.count ? id : sets.id(of: chosen)
    if !plainly {
      if place >= usableSets.count {
        usableSets += [UsableSet](repeating: UsableSet(stamp: 0, set: .none), count: place + 1 - usableSets.count)
      }
      usableSets[place] = UsableSet(stamp: stamp, set: result)
    }
    return result
  }

  /// Whether the kernel refuses the objects of a set although it may accept its routes. Over a link that is down it accepts neither.
  func isRefusedAsObject(_ set: HopSetID) -> Bool {
    sets[set].contains { hop in hopRefusals[hop.way].map { !KernelNumbers.isLinkDown($0.code) } ?? false }
  }

  /// Retries the objects that the kernel has refused: on their own, so that no route has to fail with them.
  mutating func probeRefusedHops() {
    guard !refusedHops.isEmpty else { return }
    var wanted: Set<NextHop> = []
    wants.forEach { _, want in for hop in sets[want.hops] { wanted.insert(hop.way) } }
    refusedHops.formIntersection(wanted)
    hopRefusals = hopRefusals.filter { refusedHops.contains($0.key) }
    for hop in refusedHops.sorted() { probe(hop) }
  }

  mutating func probe(_ hop: NextHop) {
    let kind = NextHopObjects.Kind.member(hop, NextHopObjects.family(hop, .ipv6))
    guard let place = objects.place(kind) else {
      _ = makeObject(kind, content: sets.id(of: [hop]))
      return
    }
    if objects[place]?.state == .present { acceptHop(hop) }
  }

  /// The kernel has accepted the object of a next hop: what was refused because of it may be retried.
  mutating func acceptHop(_ hop: NextHop) {
    guard refusedHops.remove(hop) != nil else { return }
    hopRefusals[hop] = nil
    for place in refusals.places where refusals[place].map({ sets[$0.set].contains { $0.way == hop } }) ?? false { refusals.open(place) }
    restamp()
    walkAll()
  }

  /// The usable part of all sets has to be computed again.
  mutating func restamp() {
    stamp &+= 1
    if stamp == 0 { stamp = 1 }
  }

  /// Whether a wanted route refers to objects: if the table uses them and they can express all of it. The kernel accepts no realm together
  /// with an object, and sets the scope of such a route itself.
  func usesObjects(_ want: Shape, _ table: KernelTable) -> Bool {
    guard table.options.usesObjects, objects.isSupported, table.phase != .stopping else { return false }
    if want.details == .none { return true }
    let details = details[want.details]
    return details.realm == nil && details.scope == nil
  }

  /// The object that stands for a set, created if necessary.
  mutating func object(for set: HopSetID, _ family: AddressFamily) -> ObjectPlace {
    let hops = sets[set]
    if hops.count == 1 {
      let kind = NextHopObjects.Kind.single(hops[0], NextHopObjects.family(hops[0], family))
      return objects.place(kind) ?? makeObject(kind, content: set)
    }
    let groupFamily = NextHopObjects.family(hops, family)
    if let place = objects.place(.group(set, groupFamily)) { return place }
    var members: [ObjectPlace] = []
    for hop in hops {
      let kind = NextHopObjects.Kind.member(hop.way, NextHopObjects.family(hop, family))
      members.append(objects.place(kind) ?? makeObject(kind, content: sets.id(of: [hop.way])))
    }
    return makeObject(.group(set, groupFamily), content: set, members: members)
  }

  private mutating func makeObject(_ kind: NextHopObjects.Kind, content: HopSetID, members: [ObjectPlace] = []) -> ObjectPlace {
    let place = objects.add(kind, content: content, members: members)
    objects.retain(place)
    filling.append(PendingChange(.makeObject, object: place))
    return place
  }

  mutating func removeObject(_ place: ObjectPlace) {
    guard let object = objects[place] else { return }
    if object.state == .gone { return objects.remove(place, at: clock) }
    filling.append(removal(of: place))
  }

  /// The change that removes an object. Its place is held until the answer arrives, even if somebody else removes the object before.
  mutating func removal(of place: ObjectPlace) -> PendingChange {
    objects.setState(place, .removing)
    objects.retain(place)
    return PendingChange(.removeObject, object: place)
  }

  /// The kernel no longer has this object, nor the routes that referred to it; groups have lost it as a member.
  mutating func objectGone(_ place: ObjectPlace) {
    guard let object = objects[place], object.state != .gone else { return }
    if case .member = object.kind { for group in objects.groups(of: place) { groupLost(group, [place]) } }
    objects.setState(place, .gone)
    if object.references == 0 { objects.remove(place, at: clock) }
    // What was refused because of it will get another one.
    refusals.retrySoon(at: clock)
    walkAll()
  }

  /// A group has lost members.
  mutating func groupLost(_ place: ObjectPlace, _ gone: [ObjectPlace]) {
    guard let group = objects[place], case .group = group.kind, group.state != .gone else { return }
    let rest = group.members.filter { !gone.contains($0) }
    if rest.isEmpty { return objectGone(place) }
    let weights = sets[group.content]
    var hops: [NextHop] = []
    for member in rest {
      guard case .member(let way, _)? = objects[member]?.kind, let hop = weights.first(where: { $0.way == way }) else { continue }
      hops.append(hop)
    }
    objects.shrink(place, to: rest, sets.id(of: hops))
  }
}

extension NextHop {
  /// The same next hop, whatever its weight.
  var way: NextHop {
    var way = self
    way.weight = 1
    return way
  }
}

/// The usable part of a set of next hops with the links as they are, and when it was computed.
struct UsableSet: BitwiseCopyable {
  var stamp: UInt32
  var set: HopSetID
}
