import RouteCore

/// Names a set of next hops in `HopSets`.
package struct HopSetID: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  package var rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The set without any.
  package static var none: HopSetID { HopSetID(rawValue: 0) }
}

/// The sets of next hops that the kernel's routes have: few, however many routes there are.
package struct HopSets {
  private var sets: [[NextHop]] = [[]]
  private var ids: [[NextHop]: HopSetID] = [[]: .none]
  private var free: [HopSetID] = []

  package init() {}

  package subscript(id: HopSetID) -> [NextHop] { Int(id.rawValue) < sets.count ? sets[Int(id.rawValue)] : [] }

  package var count: Int { ids.count }
  /// All numbers are below this.
  package var limit: Int { sets.count }

  /// The number of a set. The order does not matter, and the kernel has no weight for a single one.
  package mutating func id(of hops: [NextHop]) -> HopSetID {
    var hops = hops
    if hops.count == 1 { hops[0].weight = 1 } else { hops.sort() }
    if let id = ids[hops] { return id }
    let id = free.popLast() ?? HopSetID(rawValue: UInt32(sets.count))
    if Int(id.rawValue) == sets.count { sets.append(hops) } else { sets[Int(id.rawValue)] = hops }
    ids[hops] = id
    return id
  }

  /// Forgets all sets but these.
  package mutating func keep(only used: Set<HopSetID>) {
    for number in 1..<UInt32(max(sets.count, 1)) {
      let id = HopSetID(rawValue: number)
      // A free number names the empty set, which stays.
      guard !used.contains(id), !sets[Int(number)].isEmpty else { continue }
      ids[sets[Int(number)]] = nil
      sets[Int(number)] = []
      free.append(id)
    }
  }
}
