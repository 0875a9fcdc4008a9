import RouteCore

/// What routes have in common whatever their prefix: all that the kernel keeps of one but its key's prefix and table.
///
/// As something wanted it names the set of all next hops; as something present the nexthop object that the route leads to, or the very
/// next hops that were written.
struct Shape: Hashable, BitwiseCopyable {
  var destination: RouteDestination
  var hops = HopSetID.none
  /// A nexthop object of `NextHopObjects`.
  var object = ObjectPlace.none
  var metric: UInt32 = 0
  var details = KernelDetailsID.none
}

/// Names a shape that is wanted.
struct WantID: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: WantID { WantID(rawValue: 0) }
}

/// Names a shape that is in the kernel, or on its way there.
struct FormID: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: FormID { FormID(rawValue: 0) }
}

/// Interned shapes with a count of those who hold them: few, however many routes there are. 0 names none.
struct ShapeTable<ID: Handle>: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var shape: Shape
    var references: UInt32
  }
  private var entries = Pool<ID, Entry>(reserved: Entry(shape: Shape(destination: .unicast), references: 0))
  private var ids: [Shape: ID] = [:]
  /// The last one asked for: neighbours in a table most often have the same.
  private var last = ID(place: 0)

  var count: Int { ids.count }

  subscript(id: ID) -> Shape { entries[id].shape }

  /// The name of a shape. The caller owns one reference. `isNew` tells that nobody had it.
  mutating func intern(_ shape: Shape) -> (id: ID, isNew: Bool) {
    if entries[last].references > 0, entries[last].shape == shape {
      entries[last].references += 1
      return (last, false)
    }
    let known = ids[shape]
    if let known { entries[known].references += 1 }
    last = known ?? entries.insert(Entry(shape: shape, references: 1))
    if known == nil { ids[shape] = last }
    return (last, known == nil)
  }

  func find(_ shape: Shape) -> ID? { ids[shape] }

  mutating func retain(_ id: ID) { if id.place != 0 { entries[id].references += 1 } }

  /// Gives a reference back; the shape, if it was the last one.
  mutating func release(_ id: ID) -> Shape? {
    guard id.place != 0 else { return nil }
    entries[id].references -= 1
    guard entries[id].references == 0 else { return nil }
    let shape = entries[id].shape
    ids[shape] = nil
    entries.remove(id)
    return shape
  }

  func forEach(_ body: (ID, Shape) -> Void) { for (shape, id) in ids { body(id, shape) } }
}
