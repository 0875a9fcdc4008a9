// Next hops of a rehearsal. Direct ones are copied. What a recursive one resolves to depends on networks that are not staged together with
// its route; so it is found beforehand, in the tables as they would be, and kept.
extension Rehearsal {
  /// What a recursive next hop resolves to.
  struct Resolution: Equatable {
    var hops: [NextHop]
    var igpMetric: UInt32
  }

  /// The set here that stands for a set of the present router. The caller owns one reference.
  mutating func intern(_ id: NextHopSetID, _ present: borrowing Router) -> NextHopSetID {
    switch present.nextHops.source(id) {
    case nil: return .none
    case .direct(let hops, let cost)?: return router.nextHops.intern(.direct(hops, cost: cost))
    case .recursive(let hop)?: return internResolved(.recursive(here(hop)))
    case .connected(let hop)?:
      let copy = router.nextHops.intern(.connected(hop))
      _ = router.nextHops.resolve(copy, to: present.nextHops.hops(id), igpMetric: present.nextHops.igpMetric(id))
      return copy
    }
  }

  /// A recursive set with what it resolves to.
  mutating func internResolved(_ source: NextHopSource) -> NextHopSetID {
    let id = router.nextHops.intern(source)
    if let known = resolutions[source] { _ = router.nextHops.resolve(id, to: known.hops, igpMetric: known.igpMetric) }
    return id
  }

  /// A recursive next hop of the present router with the name that its table has here.
  private func here(_ hop: RecursiveNextHop) -> RecursiveNextHop {
    var hop = hop
    hop.table = (names.contains(hop.table) ? names[hop.table] : nil) ?? TableID(rawValue: .max)
    return hop
  }

  /// Finds out to what the recursive next hops of all routes would resolve. A next hop may depend on a choice that depends on another one:
  /// so several times, but not for ever.
  package mutating func resolveNextHops(from present: borrowing Router) {
    var sources: [NextHopSource] = []
    for id in present.nextHops.dependent {
      guard case .recursive(let hop)? = present.nextHops.source(id) else { continue }
      let source = NextHopSource.recursive(here(hop))
      // To begin with, what is true now.
      resolutions[source] = Resolution(hops: present.nextHops.hops(id), igpMetric: present.nextHops.igpMetric(id))
      sources.append(source)
    }
    for prefix in extras.keys.sorted() {
      for route in extras[prefix] ?? [] {
        guard let source = route.source, case .recursive = source, resolutions[source] == nil else { continue }
        resolutions[source] = Resolution(hops: [], igpMetric: NextHopTable.infinity)
        sources.append(source)
      }
    }
    for _ in 0..<4 {
      var isChanged = false
      for source in sources {
        let found = lookUp(source, present)
        if resolutions.updateValue(found, forKey: source) != found { isChanged = true }
      }
      if !isChanged { return }
    }
  }

  /// Stages the networks that contain the next hop, from the longest on, until one has a route.
  private mutating func lookUp(_ source: NextHopSource, _ present: borrowing Router) -> Resolution {
    let nothing = Resolution(hops: [], igpMetric: NextHopTable.infinity)
    guard case .recursive(let hop) = source, router.contains(hop.table), router[table: hop.table].family == hop.address.family
    else { return nothing }
    let address = hop.address
    var length = Int(address.family.bitWidth)
    while length >= 0 {
      let prefix = Prefix(unchecked: address.masked(UInt8(length), address.family), UInt8(length), address.family)
      length -= 1
      guard extras[prefix] != nil || isPresent(prefix, in: present) else { continue }
      stage([prefix], from: present)
      let found = router.resolution(of: hop, by: prefix, in: hop.table)
      clear()
      if let found { return Resolution(hops: found.hops, igpMetric: found.igpMetric) }
    }
    return nothing
  }
}
