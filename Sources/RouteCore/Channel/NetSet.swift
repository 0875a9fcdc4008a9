/// A set of network numbers, one bit each.
struct NetSet {
  private var words: [UInt64] = []

  func contains(_ net: UInt32) -> Bool {
    let word = Int(net >> 6)
    return word < words.count && words[word] >> UInt64(net & 63) & 1 == 1
  }

  /// Whether the network was not there before.
  mutating func insert(_ net: UInt32) -> Bool {
    let word = Int(net >> 6)
    if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count + words.count / 2)) }
    let bit = UInt64(1) << UInt64(net & 63)
    if words[word] & bit != 0 { return false }
    words[word] |= bit
    return true
  }

  /// Whether the network was there.
  mutating func remove(_ net: UInt32) -> Bool {
    let word = Int(net >> 6)
    guard word < words.count else { return false }
    let bit = UInt64(1) << UInt64(net & 63)
    if words[word] & bit == 0 { return false }
    words[word] &= ~bit
    return true
  }

  mutating func removeAll() { words = [] }
}

/// A queue of network numbers that gives its memory back when it runs empty.
struct NetQueue {
  private var nets: [UInt32] = []
  private var head = 0

  var isEmpty: Bool { head == nets.count }
  var count: Int { nets.count - head }

  mutating func append(_ net: UInt32) { nets.append(net) }

  mutating func popFirst() -> UInt32? {
    guard head < nets.count else { return nil }
    let net = nets[head]
    head += 1
    if head == nets.count {
      head = 0
      if nets.capacity > 4096 { nets = [] } else { nets.removeAll(keepingCapacity: true) }
    }
    return net
  }
}
