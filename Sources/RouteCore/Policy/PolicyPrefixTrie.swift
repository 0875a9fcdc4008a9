/// A node of a prefix set's trie: a network, and the lengths that are in the set among the networks below it.
struct PolicyPrefixNode: BitwiseCopyable, Hashable, Sendable {
  /// In 128 bits, IPv4 mapped.
  var address: IPAddress
  /// Bit n counted from the most significant of `lengthsHigh`: length n (of 128) is in the set. Includes what the nodes above say.
  var lengthsHigh: UInt64
  var lengthsLow: UInt64
  /// Index of the child whose next bit is 0 and 1; 0 for none (the roots are nobody's children).
  var zero: UInt32
  var one: UInt32
  var length: UInt8
  /// Length 128, for which the two words have no bit.
  var hostRoutes: Bool

  @inline(__always) func accepts(_ length: UInt8) -> Bool {
    if length >= 128 { return hostRoutes }
    let bit = UInt64(1) << UInt64(63 &- length & 63)
    return (length < 64 ? lengthsHigh : lengthsLow) & bit != 0
  }
}

/// A path-compressed binary trie in one flat array: the first two nodes are the roots of IPv4 and IPv6.
///
/// A pattern such as 10.0.0.0/8{6,24} also contains the shorter networks around 10/8. They are put in one by one, so that a lookup
/// only ever walks down: the deepest node that contains the network knows the answer.
struct PolicyPrefixTrie {
  private(set) var nodes: [PolicyPrefixNode] = []

  init(_ patterns: [PrefixPattern]) {
    nodes = [PolicyPrefixTrie.node(.unspecified, 96), PolicyPrefixTrie.node(.unspecified, 0)]
    nodes[0].address = IPAddress(ipv4: 0)
    for pattern in patterns {
      let shift: UInt8 = pattern.prefix.family == .ipv4 ? 96 : 0
      let own = pattern.prefix.length + shift
      let low = min(pattern.low, pattern.prefix.family.bitWidth) + shift
      let high = min(pattern.high, pattern.prefix.family.bitWidth) + shift
      guard low <= high else { continue }
      if low < own {
        for length in low...min(high, own - 1) { insert(pattern.prefix, length, length...length) }
      }
      if high >= own { insert(pattern.prefix, own, max(low, own)...high) }
    }
    inherit(0, 0, 0, false)
    inherit(1, 0, 0, false)
  }

  private static func node(_ address: IPAddress, _ length: UInt8) -> PolicyPrefixNode {
    let mask = IPAddress.mask(length)
    return PolicyPrefixNode(
      address: IPAddress(high: address.high & mask.high, low: address.low & mask.low), lengthsHigh: 0, lengthsLow: 0, zero: 0, one: 0,
      length: length, hostRoutes: false)
  }

  /// Finds or makes the node of `length` bits and adds the lengths to it.
  private mutating func insert(_ prefix: Prefix, _ length: UInt8, _ lengths: ClosedRange<UInt8>) {
    let index = place(PolicyPrefixTrie.node(prefix.address, length), under: prefix.family == .ipv4 ? 0 : 1)
    for length in lengths {
      if length == 128 {
        nodes[index].hostRoutes = true
      } else if length < 64 {
        nodes[index].lengthsHigh |= 1 << UInt64(63 - length)
      } else {
        nodes[index].lengthsLow |= 1 << UInt64(127 - length)
      }
    }
  }

  private mutating func place(_ new: PolicyPrefixNode, under root: Int) -> Int {
    var index = root
    while true {
      if nodes[index].length == new.length { return index }
      let side = new.address.bit(nodes[index].length)
      let child = Int(side ? nodes[index].one : nodes[index].zero)
      guard child != 0 else { return attach(new, to: index, side) }
      let common = min(nodes[child].address.commonBits(with: new.address), nodes[child].length, new.length)
      if common == nodes[child].length {
        index = child
        continue
      }
      // The child hangs below a node of the common bits: the new one, or a fork above both.
      let fork = attach(common == new.length ? new : PolicyPrefixTrie.node(new.address, common), to: index, side)
      if nodes[child].address.bit(common) { nodes[fork].one = UInt32(child) } else { nodes[fork].zero = UInt32(child) }
      return common == new.length ? fork : attach(new, to: fork, new.address.bit(common))
    }
  }

  private mutating func attach(_ new: PolicyPrefixNode, to parent: Int, _ side: Bool) -> Int {
    nodes.append(new)
    if side { nodes[parent].one = UInt32(nodes.count - 1) } else { nodes[parent].zero = UInt32(nodes.count - 1) }
    return nodes.count - 1
  }

  /// Hands each node's lengths down. The depth is bounded by the bits of an address.
  private mutating func inherit(_ index: Int, _ high: UInt64, _ low: UInt64, _ host: Bool) {
    nodes[index].lengthsHigh |= high
    nodes[index].lengthsLow |= low
    if host { nodes[index].hostRoutes = true }
    let node = nodes[index]
    if node.zero != 0 { inherit(Int(node.zero), node.lengthsHigh, node.lengthsLow, node.hostRoutes) }
    if node.one != 0 { inherit(Int(node.one), node.lengthsHigh, node.lengthsLow, node.hostRoutes) }
  }

  static func contains(_ prefix: Prefix, in nodes: UnsafeBufferPointer<PolicyPrefixNode>) -> Bool {
    guard nodes.count >= 2 else { return false }
    let length = prefix.mappedLength
    var node = nodes[prefix.family == .ipv4 ? 0 : 1]
    while node.length < length {
      let child = Int(prefix.address.bit(node.length) ? node.one : node.zero)
      guard child != 0, child < nodes.count else { break }
      let next = nodes[child]
      guard next.length <= length, next.address.commonBits(with: prefix.address) >= next.length else { break }
      node = next
    }
    return node.accepts(length)
  }
}
