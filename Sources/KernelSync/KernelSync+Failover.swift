import RouteCore

// Removes next hops from all routes at once, before any table is walked.
extension KernelSync {
  /// No protocol vouches for these next hops any more. Routes that have another next hop lose them at once; a route without another keeps
  /// them until the tables have decided about it.
  mutating func lose(_ hops: [NextHop]) {
    for hop in hops { lost.insert(hop.way) }
    restamp()
    var places = hops.flatMap { hop in
      [AddressFamily.ipv6, .ipv4].compactMap { objects.place(.member(hop.way, $0)) }
    }
    // A group must not lose all its members, nor be created after its member is gone.
    for group in objects.places {
      guard let members = objects[group]?.members, members.contains(where: { places.contains($0) }) else { continue }
      let isReady = objects[group]?.state == .present && members.contains { !places.contains($0) }
      if !isReady { places.removeAll { members.contains($0) } }
    }
    for place in places where objects[place]?.state == .present {
      for group in objects.groups(of: place) { groupLost(group, [place]) }
      urgent.append(removal(of: place))
    }
  }

  /// The tables have caught up: routes that use these next hops now are meant to.
  mutating func regain(_ hops: [NextHop]) {
    guard hops.contains(where: { lost.contains($0.way) }) else { return }
    for hop in hops { lost.remove(hop.way) }
    restamp()
    walkAll()
  }
}
