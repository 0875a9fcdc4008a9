import RouteCore

// Next hops out of all routes at once, before any table is walked.
extension KernelSync {
  /// Nobody vouches for these ways out any more. They leave the routes that have another one; who has no other keeps what he has until the
  /// tables have said what is to become of him.
  mutating func lose(_ hops: [NextHop]) {
    for hop in hops { lost.insert(hop.way) }
    restamp()
    var places = hops.flatMap { hop in
      [AddressFamily.ipv6, .ipv4].compactMap { objects.place(.member(hop.way, $0)) }
    }
    // A group must not lose all it has, nor be made after its member has gone.
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

  /// The tables have followed: what leads there now is meant to.
  mutating func regain(_ hops: [NextHop]) {
    guard hops.contains(where: { lost.contains($0.way) }) else { return }
    for hop in hops { lost.remove(hop.way) }
    restamp()
    walkAll()
  }
}
