import RouteCore

/// What routes can have in common: everything that the kernel stores for a route except its prefix and table.
///
/// A wanted shape names the set of all next hops; a present one the nexthop object that the route refers to, or the actual next hops that
/// were written.
struct Shape: Hashable, BitwiseCopyable {
  var destination: RouteDestination
  var hops = HopSetID.none
  /// A nexthop object of `NextHopObjects`.
  var object = ObjectPlace.none
  var metric: UInt32 = 0
  var details = KernelDetailsID.none
}

/// The handle of a wanted shape.
struct WantID: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: WantID { WantID(rawValue: 0) }
}

/// The handle of a shape that is in the kernel, or on its way there.
struct FormID: Handle {
  var rawValue: UInt32
  init(rawValue: UInt32) { self.rawValue = rawValue }
  static var none: FormID { FormID(rawValue: 0) }
}

/// Interned, reference-counted shapes: few, however many routes there are. Handle 0 is none.
struct ShapeTable<ID: Handle>: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var shape: Shape
    var references: UInt32
  }
  private var entries = Pool<ID, Entry>(reserved: Entry(shape: Shape(destination: .unicast), references: 0))
  private var ids: [Shape: ID] = [:]
  /// The last one asked for: adjacent routes of a table usually share it.
  private var last = ID(place: 0)

  var count: Int { ids.count }

  subscript(id: ID) -> Shape { entries[id].shape }

  /// The handle of a shape. The caller owns one reference. `isNew` says that nobody held it before.
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

  /// Releases a reference; returns the shape if it was the last one.
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
