/// Elements that come and go, named by their places in an array, which are used again: the last that became free first. What is in a free
/// place stays until then, so that whoever frees one says there, if need be, that it is free.
@usableFromInline
package struct Pool<ID: Handle, Element> {
  @usableFromInline var places: HandleArray<ID, Element>
  @usableFromInline var free: [ID] = []

  /// `reserved` takes the first place, for names that mean nothing.
  @inlinable package init(reserved: Element? = nil) { places = HandleArray(reserved.map { [$0] } ?? []) }

  @inlinable package subscript(id: ID) -> Element {
    @inline(__always) _read { yield places[id] }
    @inline(__always) _modify { yield &places[id] }
  }

  /// Whether a name is one of a place, free or not.
  @inlinable package func contains(_ id: ID) -> Bool { places.contains(id) }
  /// The names of all places, free ones and the reserved one included.
  @inlinable package var ids: Handles<ID> { places.ids }

  @inlinable package mutating func insert(_ element: Element) -> ID {
    guard let id = free.popLast() else { return places.append(element) }
    places[id] = element
    return id
  }

  /// Frees a place.
  @inlinable package mutating func remove(_ id: ID) { free.append(id) }
}
