/// The sets of next hops that installed routes have: few, however many routes there are.
package struct HopSets {
  private var sets: [[NextHop]] = [[]]
  private var ids: [[NextHop]: UInt32] = [[]: 0]
  private var free: [UInt32] = []

  package init() {}

  package subscript(id: UInt32) -> [NextHop] { Int(id) < sets.count ? sets[Int(id)] : [] }

  /// The number of a set. The order does not matter, and the kernel has no weight for a single one.
  package mutating func id(of hops: [NextHop]) -> UInt32 {
    var hops = hops
    if hops.count == 1 { hops[0].weight = 1 } else { hops.sort() }
    if let id = ids[hops] { return id }
    let id = free.popLast() ?? UInt32(sets.count)
    if Int(id) == sets.count { sets.append(hops) } else { sets[Int(id)] = hops }
    ids[hops] = id
    return id
  }

  /// The sets that have a way out by an interface.
  package func using(_ interface: UInt32) -> Set<UInt32> {
    Set(ids.values.filter { id in sets[Int(id)].contains { $0.interface == interface } })
  }

  package var count: Int { ids.count }

  /// Forgets all sets but these.
  package mutating func keep(only used: Set<UInt32>) {
    for id in 1..<UInt32(max(sets.count, 1)) where !used.contains(id) {
      guard ids.removeValue(forKey: sets[Int(id)]) != nil else { continue }
      sets[Int(id)] = []
      free.append(id)
    }
  }
}
