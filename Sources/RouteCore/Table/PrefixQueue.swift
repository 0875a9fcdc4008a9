/// Gives prefixes in their order, sorting no more at a time than what is asked for: the first of a million comes after a few
/// milliseconds, and the work for the others is spread over the calls.
///
/// Incremental quicksort: `pivots` holds the ends of partitions that are known to be in place, the nearest last.
package struct PrefixQueue: Sendable {
  private var prefixes: [Prefix]
  private var next = 0
  private var pivots: [Int]
  private var generator: SeededGenerator

  /// Ranges up to this long are sorted at once.
  private static let smallRange = 64

  /// `seed` chooses the pivots: whoever decides the order of arrival must not be able to foresee them.
  package init(_ prefixes: [Prefix], seed: UInt64) {
    self.prefixes = prefixes
    pivots = [prefixes.count]
    generator = SeededGenerator(seed: seed)
  }

  /// The next prefix, or nil after the last.
  package mutating func popFirst() -> Prefix? {
    guard next < prefixes.count else { return nil }
    while let end = pivots.last, end > next {
      if end - next <= PrefixQueue.smallRange {
        prefixes[next..<end].sort()
        pivots.append(contentsOf: (next..<end).reversed())
      } else {
        pivots.append(partition(next..<end))
      }
    }
    pivots.removeLast()
    defer { next += 1 }
    return prefixes[next]
  }

  /// Puts a pivot in its place, smaller ones before it and the others behind.
  private mutating func partition(_ range: Range<Int>) -> Int {
    let last = range.upperBound - 1
    prefixes.swapAt(range.lowerBound + Int(generator.next() % UInt64(range.count)), last)
    let pivot = prefixes[last]
    var place = range.lowerBound
    for index in range.lowerBound..<last where prefixes[index] < pivot {
      prefixes.swapAt(index, place)
      place += 1
    }
    prefixes.swapAt(place, last)
    return place
  }
}

extension RoutingTable {
  /// All networks that have routes, and lie within `range` if one is given, in no order.
  package func prefixes(in range: Prefix? = nil) -> [Prefix] {
    var out: [Prefix] = []
    if range == nil { out.reserveCapacity(netCount) }
    var nets = NetCursor()
    while let net = next(&nets) {
      guard self[net: net].first != .none else { continue }
      let prefix = prefix(net)
      if range?.contains(prefix) ?? true { out.append(prefix) }
    }
    return out
  }
}
