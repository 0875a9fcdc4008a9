/// A set of handles, one bit each.
struct HandleSet<ID: Handle> {
  private var words: [UInt64] = []

  func contains(_ id: ID) -> Bool {
    let word = id.place >> 6
    return word < words.count && words[word] & HandleSet.bit(id) != 0
  }

  /// Whether it was not there before.
  mutating func insert(_ id: ID) -> Bool {
    let word = id.place >> 6
    if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count + words.count / 2)) }
    if words[word] & HandleSet.bit(id) != 0 { return false }
    words[word] |= HandleSet.bit(id)
    return true
  }

  /// Whether it was there.
  mutating func remove(_ id: ID) -> Bool {
    guard contains(id) else { return false }
    words[id.place >> 6] &= ~HandleSet.bit(id)
    return true
  }

  mutating func removeAll() { words = [] }

  private static func bit(_ id: ID) -> UInt64 { 1 << UInt64(id.rawValue & 63) }
}
