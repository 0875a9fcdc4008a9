/// A number that names something: a record of a slab, a place in an array. Each kind of thing has a type of its own, as cheap as the
/// number, so that one is never taken for another; and names are not added up.
@usableFromInline
package protocol Handle: RawRepresentable, Hashable, Sendable, BitwiseCopyable where RawValue: FixedWidthInteger & UnsignedInteger {
  init(rawValue: RawValue)
}

extension Handle {
  /// The place in an array.
  @inlinable @inline(__always) package var place: Int { Int(rawValue) }
  /// The name of a place in an array, which must be one that can be named.
  @inlinable @inline(__always) package init(place: Int) { self.init(rawValue: RawValue(place)) }
}

/// The names of all places of an array, in order.
@usableFromInline
package struct Handles<ID: Handle>: Sequence, IteratorProtocol {
  @usableFromInline var place: Int
  @usableFromInline let end: Int

  @inlinable package init(_ range: Range<Int>) {
    place = range.lowerBound
    end = range.upperBound
  }

  @inlinable package mutating func next() -> ID? {
    guard place < end else { return nil }
    defer { place += 1 }
    return ID(place: place)
  }
}

/// An array whose places have names of their own type.
@usableFromInline
package struct HandleArray<ID: Handle, Element> {
  @usableFromInline package var elements: [Element]

  @inlinable package init(_ elements: [Element] = []) { self.elements = elements }

  @inlinable package subscript(id: ID) -> Element {
    // No `get`, which would copy an element to look at one of its members.
    @inline(__always) _read { yield elements[id.place] }
    @inline(__always) _modify { yield &elements[id.place] }
  }

  @inlinable package var count: Int { elements.count }
  @inlinable package var ids: Handles<ID> { Handles(elements.indices) }
  /// Whether a name is one of a place that is there.
  @inlinable package func contains(_ id: ID) -> Bool { id.place < elements.count }

  /// The name of the new last place.
  @inlinable package mutating func append(_ element: Element) -> ID {
    elements.append(element)
    return ID(place: elements.count - 1)
  }

  /// The first element that satisfies a condition.
  @inlinable package func firstID(where condition: (Element) -> Bool) -> ID? {
    elements.firstIndex(where: condition).map { ID(place: $0) }
  }
}
