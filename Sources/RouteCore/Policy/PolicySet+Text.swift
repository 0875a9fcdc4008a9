// Sets as `print`, `format` and `eval` show them.
//
// Sets of scalars are shown in ascending order, item by item as written. Prefix sets are shown as the nodes of a trie, each with the
// lengths it accepts as an address: bit n−1 counted from the left for length n. The shape of the trie is BIRD's, so that texts can be
// compared: in 1.6 a node for each prefix and each fork, in 2.x nodes at every fourth bit.

extension PolicySet: CustomStringConvertible {
  package var description: String {
    if type.kind == .prefixSet {
      let families = [AddressFamily.ipv4, .ipv6].map { family in patterns.filter { $0.prefix.family == family } }
      return "[\(families.flatMap { PrefixSetText($0, isBinary: isOfBird1).items }.joined(separator: ", "))]"
    }
    func text(_ key: Key) -> String {
      PolicyText.describe(PolicyValue(type.element, high: key.high, low: key.low, detail: type.enumeration.rawValue))
    }
    let items = allSpans.map { $0.first == $0.last ? text($0.first) : "\(text($0.first))..\(text($0.last))" }
    return "[\(items.joined(separator: ", "))]"
  }

  /// The items as written, ascending. A box is a range for each of its first parts.
  private var allSpans: [Span] {
    let plain = spans.isEmpty ? ranges : spans
    if boxes.isEmpty { return plain }
    func key(_ high: UInt16, _ low: UInt16) -> Key { Key(low: UInt64(high) << 16 | UInt64(low)) }
    let rows = boxes.flatMap { box in
      (box.firstHigh...box.lastHigh).map { Span(key($0, box.firstLow), key($0, box.lastLow)) }
    }
    return (plain + rows).sorted { $0.first < $1.first }
  }
}

/// The text of a prefix set of one family.
private struct PrefixSetText {
  /// A place in the trie: a prefix of 128 bits (IPv4 in front) and the lengths it accepts.
  private struct Entry {
    var address: Bits
    var length: UInt8
    var accepted: Bits
    /// The accepted prefixes among the node itself and the first three levels below it, numbered 1; 2, 3; 4 … 7; 8 … 15.
    var local: UInt16 = 0
  }

  private let entries: [Entry]
  private let isIPv4: Bool
  /// Bits per level.
  private let step: UInt8
  private let hasDefault: Bool

  init(_ patterns: [PrefixPattern], isBinary: Bool) {
    isIPv4 = patterns.first?.prefix.family == .ipv4
    step = isBinary ? 1 : 4
    hasDefault = patterns.contains { $0.low == 0 }
    var entries: [Entry] = []
    for pattern in patterns { PrefixSetText.place(pattern, step, &entries) }
    self.entries = entries.sorted { $0.address == $1.address ? $0.length < $1.length : $0.address < $1.address }
  }

  /// A length that is no multiple of the step is split: what is not longer goes to the node above, what is longer to those below.
  private static func place(_ pattern: PrefixPattern, _ step: UInt8, _ entries: inout [Entry]) {
    let address = Bits(pattern.prefix.address, pattern.prefix.family)
    let (low, high) = (pattern.low, pattern.high)
    let length = min(pattern.prefix.length, high)
    let above = length - length % step
    if length == above {
      entries.append(Entry(address: address.prefix(above), length: above, accepted: Bits(lengths: low, high)))
      let last = entries.count - 1
      for level in 0..<min(step, 4) where step > 1 && low <= above + level && above + level <= high {
        entries[last].local |= bits(1, level)
      }
      return
    }
    let below = above + step
    if low < below {
      var entry = Entry(address: address.prefix(above), length: above, accepted: Bits(lengths: low, min(high, above)))
      for level in 0..<step where low <= above + level && above + level <= high {
        let length = above + level
        let first = position(of: address, length: length, from: above)
        let count = length <= pattern.prefix.length ? 1 : 1 << UInt16(length - pattern.prefix.length)
        for index in 0..<UInt16(count) { entry.local |= 1 << (first + index) }
        if level == 0 { entry.local |= 2 }
      }
      entries.append(entry)
    }
    guard below <= high else { return }
    for index in 0..<(UInt64(1) << UInt64(below - length)) {
      let address = address.prefix(length).adding(index, at: below)
      entries.append(Entry(address: address, length: below, accepted: Bits(lengths: max(low, below), high)))
      for level in 0..<step where max(low, below) <= below + level && below + level <= high {
        entries[entries.count - 1].local |= bits(1, level)
      }
    }
  }

  /// The number of a prefix among those that a node represents itself.
  private static func position(of address: Bits, length: UInt8, from node: UInt8) -> UInt16 {
    let level = length - node
    return 1 << UInt16(level) + UInt16(truncatingIfNeeded: address.bits(from: node, count: level))
  }

  /// All numbers `level` levels below a position.
  private static func bits(_ position: UInt16, _ level: UInt8) -> UInt16 {
    let count = UInt16(1) << UInt16(level)
    let ones = count >= 16 ? UInt16.max : (1 << count) - 1
    return ones << (position << UInt16(level))
  }

  var items: [String] {
    var items: [String] = hasDefault ? [isIPv4 ? "0.0.0.0/0" : "::/0"] : []
    if !entries.isEmpty { show(entries[...], Bits(), 0, &items) }
    return items
  }

  /// The node at `address`/`length` and what is below it; the depth is bounded by the bits of an address.
  private func show(_ entries: ArraySlice<Entry>, _ address: Bits, _ length: UInt8, _ items: inout [String]) {
    var accepted = Bits()
    var local: UInt16 = 0
    for entry in entries {
      if entry.length == length {
        accepted.formUnion(entry.accepted)
        local |= entry.local
      } else {
        // What is shorter than this node is told here too.
        accepted.formUnion(entry.accepted.prefix(length))
        for level in 0..<step where step > 1 && length + level > 0 && entry.accepted.bit(length + level - 1) {
          local |= 1 << PrefixSetText.position(of: entry.address, length: length + level, from: length)
        }
      }
    }
    if !accepted.isZero { items.append("\(text(address, length)){\(text(accepted))}") }
    if step > 1 { showLocal(local, accepted, address, length, &items) }
    var rest = entries.drop { $0.length == length && $0.address == address }
    rest = rest.filter { $0.length > length }[...]
    while let first = rest.first {
      let branch = first.address.bits(from: length, count: step)
      let group = rest.prefix { $0.address.bits(from: length, count: step) == branch }
      rest = rest.dropFirst(group.count)
      var common = group.map { $0.length }.min() ?? length
      for entry in group { common = min(common, entry.address.common(with: first.address)) }
      let below = max(common - common % step, length + 1)
      show(group, first.address.prefix(below), below, &items)
    }
  }

  /// The single prefixes at a node, those above each other together.
  private func showLocal(_ all: UInt16, _ accepted: Bits, _ address: Bits, _ length: UInt8, _ items: inout [String]) {
    var local = all
    for level in 0..<step where length + level > 0 && accepted.bit(length + level - 1) { local &= ~PrefixSetText.bits(1, level) }
    for position in UInt16(2)..<16 where local >> position & 1 == 1 {
      let level = UInt8(truncatingIfNeeded: 15 - position.leadingZeroBitCount)
      var levels: UInt8 = 0
      while level + levels < step {
        let below = PrefixSetText.bits(position, levels)
        guard local & below == below else { break }
        local &= ~below
        levels += 1
      }
      let inner = address.adding(UInt64(position) & (1 << UInt64(level) - 1), at: length + level)
      items.append("\(text(inner, length + level)){\(text(Bits(lengths: length + level, length + level + levels - 1)))}")
    }
  }

  private func text(_ address: Bits, _ length: UInt8) -> String { "\(text(address))/\(length)" }
  private func text(_ bits: Bits) -> String {
    "\(isIPv4 ? IPAddress(ipv4: UInt32(truncatingIfNeeded: bits.high >> 32)) : IPAddress(high: bits.high, low: bits.low))"
  }
}

/// 128 bits, counted from the left.
private struct Bits: Equatable, Comparable {
  var high: UInt64 = 0
  var low: UInt64 = 0

  init() {}
  init(_ address: IPAddress, _ family: AddressFamily) {
    if family == .ipv4 { high = address.low << 32 } else { (high, low) = (address.high, address.low) }
  }
  /// The bits for the lengths from `first` to `last`; length 0 has none.
  init(lengths first: UInt8, _ last: UInt8) {
    guard first <= last, last > 0 else { return }
    let mask = IPAddress.mask(last)
    let not = IPAddress.mask(first > 0 ? first - 1 : 0)
    (high, low) = (mask.high & ~not.high, mask.low & ~not.low)
  }

  static func < (a: Bits, b: Bits) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
  var isZero: Bool { high | low == 0 }
  mutating func formUnion(_ other: Bits) {
    high |= other.high
    low |= other.low
  }
  func prefix(_ length: UInt8) -> Bits {
    let mask = IPAddress.mask(length)
    var out = Bits()
    (out.high, out.low) = (high & mask.high, low & mask.low)
    return out
  }
  func bit(_ index: UInt8) -> Bool { index < 128 && (index < 64 ? high >> UInt64(63 - index) : low >> UInt64(127 - index)) & 1 == 1 }
  /// `count` bits from `start` on as a number.
  func bits(from start: UInt8, count: UInt8) -> UInt64 {
    var out: UInt64 = 0
    for index in 0..<count where start < 128 - index { out |= (bit(start + index) ? 1 : 0) << UInt64(count - 1 - index) }
    return out
  }
  /// With a small number put so that its last bit is the last of the first `length`.
  func adding(_ value: UInt64, at length: UInt8) -> Bits {
    var out = self
    for shift in 0..<UInt8(8) where value >> UInt64(shift) & 1 == 1 && length > shift {
      let index = length - 1 - shift
      if index < 64 { out.high |= 1 << UInt64(63 - index) } else { out.low |= 1 << UInt64(127 - index) }
    }
    return out
  }
  func common(with other: Bits) -> UInt8 {
    let difference = high ^ other.high
    return UInt8(difference != 0 ? difference.leadingZeroBitCount : 64 + (low ^ other.low).leadingZeroBitCount)
  }
}
