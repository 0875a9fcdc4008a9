extension Sequence {
  /// The elements by a key; of several with the same one the last.
  package func indexed<Key: Hashable>(by key: (Element) -> Key) -> [Key: Element] {
    var index: [Key: Element] = [:]
    for element in self { index[key(element)] = element }
    return index
  }
}
