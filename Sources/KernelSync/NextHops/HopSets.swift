import RouteCore

/// The handle of a set of next hops in `HopSets`.
package struct HopSetID: Handle {
  package var rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The empty set.
  package static var none: HopSetID { HopSetID(rawValue: 0) }
}

/// The sets of next hops that the kernel's routes have: few, however many routes there are.
package struct HopSets {
  private var sets = Pool<HopSetID, [NextHop]>(reserved: [])
  private var ids: [[NextHop]: HopSetID] = [[]: .none]

  package init() {}

  package subscript(id: HopSetID) -> [NextHop] { sets.contains(id) ? sets[id] : [] }

  package var count: Int { ids.count }
  /// The number of a set. The order does not matter, and the kernel has no weight for a single one.
  package mutating func id(of hops: [NextHop]) -> HopSetID {
    var hops = hops
    if hops.count == 1 { hops[0].weight = 1 } else { hops.sort() }
    if let id = ids[hops] { return id }
    let id = sets.insert(hops)
    ids[hops] = id
    return id
  }

  /// Forgets all sets but these.
  package mutating func keep(only used: Set<HopSetID>) {
    // A free place holds the empty set, which stays.
    for id in sets.ids where !used.contains(id) && !sets[id].isEmpty {
      ids[sets[id]] = nil
      sets[id] = []
      sets.remove(id)
    }
  }
}
