/// What a `KeyedList` finds by its key.
protocol Keyed {
  associatedtype Key: Comparable
  var key: Key { get }
}

/// A list in the order of its elements' keys.
///
/// Its indices have a type of their own, so that the index of an interface cannot be mistaken for that of a neighbour. An index is valid
/// until an element is inserted or removed.
struct KeyedList<Element: Keyed & Sendable>: RandomAccessCollection, MutableCollection, Sendable {
  struct Index: Hashable, Strideable, Sendable {
    fileprivate let offset: Int

    func distance(to other: Index) -> Int { other.offset - offset }
    func advanced(by distance: Int) -> Index { Index(offset: offset + distance) }
  }

  typealias Indices = Range<Index>

  private var elements: [Element] = []

  var startIndex: Index { Index(offset: 0) }
  var endIndex: Index { Index(offset: elements.count) }

  subscript(index: Index) -> Element {
    _read { yield elements[index.offset] }
    _modify { yield &elements[index.offset] }
  }

  func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }

  func find(_ key: Element.Key) -> Index? {
    let place = place(of: key)
    return place < elements.count && elements[place].key == key ? Index(offset: place) : nil
  }

  /// Puts an element with a new key in its place.
  mutating func insert(_ element: Element) -> Index {
    let place = place(of: element.key)
    elements.insert(element, at: place)
    return Index(offset: place)
  }

  mutating func remove(at index: Index) { elements.remove(at: index.offset) }
  mutating func removeAll() { elements.removeAll() }
  mutating func removeAll(where isGone: (Element) -> Bool) { elements.removeAll(where: isGone) }

  /// The offset of the first element whose key is not less.
  private func place(of key: Element.Key) -> Int {
    var low = 0
    var high = elements.count
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// One of an instance's interfaces.
typealias InterfaceID = KeyedList<Interface>.Index
/// One of an interface's neighbours.
typealias NeighborID = KeyedList<Neighbor>.Index

/// A neighbour among those of all interfaces.
struct NeighborPath: Hashable, Sendable {
  var interface: InterfaceID
  var neighbor: NeighborID
}
