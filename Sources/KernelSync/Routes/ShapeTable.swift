import RouteCore

/// What routes have in common whatever their prefix: all that the kernel keeps of one but its key's prefix and table.
///
/// As something wanted it names the set of all next hops; as something present the nexthop object that the route leads to, or the very
/// next hops that were written.
struct Shape: Hashable, BitwiseCopyable {
  var destination: RouteDestination
  var hops = HopSetID.none
  /// The place of a nexthop object in `NextHopObjects`, 0 for none.
  var object: UInt32 = 0
  var metric: UInt32 = 0
  /// A number of `KernelDetailSets`.
  var details: UInt16 = 0
}

/// Interned shapes with a count of those who hold them: few, however many routes there are.
struct ShapeTable: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var shape: Shape
    var references: UInt32
  }
  private var entries = [Entry(shape: Shape(destination: .unicast), references: 0)]
  private var ids: [Shape: UInt32] = [:]
  private var free: [UInt32] = []
  /// The last one asked for: neighbours in a table most often have the same.
  private var last: UInt32 = 0

  var count: Int { ids.count }

  subscript(id: UInt32) -> Shape { entries[Int(id)].shape }

  /// The number of a shape. The caller owns one reference. `isNew` tells that nobody had it.
  mutating func intern(_ shape: Shape) -> (id: UInt32, isNew: Bool) {
    if last != 0, entries[Int(last)].references > 0, entries[Int(last)].shape == shape {
      entries[Int(last)].references += 1
      return (last, false)
    }
    if let id = ids[shape] {
      entries[Int(id)].references += 1
      last = id
      return (id, false)
    }
    let id = free.popLast() ?? UInt32(entries.count)
    let entry = Entry(shape: shape, references: 1)
    if Int(id) == entries.count { entries.append(entry) } else { entries[Int(id)] = entry }
    ids[shape] = id
    last = id
    return (id, true)
  }

  func find(_ shape: Shape) -> UInt32? { ids[shape] }

  mutating func retain(_ id: UInt32) { if id != 0 { entries[Int(id)].references += 1 } }

  /// Gives a reference back; the shape, if it was the last one.
  mutating func release(_ id: UInt32) -> Shape? {
    guard id != 0 else { return nil }
    entries[Int(id)].references -= 1
    guard entries[Int(id)].references == 0 else { return nil }
    let shape = entries[Int(id)].shape
    ids[shape] = nil
    free.append(id)
    return shape
  }

  func forEach(_ body: (UInt32, Shape) -> Void) { for (shape, id) in ids { body(id, shape) } }
}
