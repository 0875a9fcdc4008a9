/// A set of the language as it is built when the configuration is read: sorted ranges, or for prefixes a trie.
package struct PolicySet: Hashable, Sendable {
  package var type: PolicyType
  /// Disjoint and ascending; of pairs, ints, quads and enumerations only the low word counts.
  package var ranges: [Span]
  /// Patterns of pairs whose two parts both vary, such as `(1..3, 5..7)`.
  var boxes: [Box]
  /// The items as written, ascending, if some of them became one range.
  var spans: [Span] = []
  /// What a set of prefixes consists of.
  var patterns: [PrefixPattern] = []
  /// Texts of prefix sets differ between 1.6 and 2.x.
  var isOfBird1 = false

  /// A scalar as an unsigned number of 128 bits.
  package struct Key: BitwiseCopyable, Hashable, Sendable, Comparable {
    package var high: UInt64
    package var low: UInt64
    package init(high: UInt64 = 0, low: UInt64) { (self.high, self.low) = (high, low) }
    @inline(__always) package static func < (a: Key, b: Key) -> Bool { a.high != b.high ? a.high < b.high : a.low < b.low }
  }

  /// From `first` to `last`, both included.
  package struct Span: BitwiseCopyable, Hashable, Sendable {
    package var first: Key
    package var last: Key
    package init(_ first: Key, _ last: Key) { (self.first, self.last) = (first, last) }
  }

  /// The same for what has 32 bits.
  struct ShortSpan: BitwiseCopyable, Hashable, Sendable {
    var first: UInt32
    var last: UInt32
  }

  package struct Box: BitwiseCopyable, Hashable, Sendable {
    package var firstHigh: UInt16
    package var lastHigh: UInt16
    package var firstLow: UInt16
    package var lastLow: UInt16
    package init(_ high: ClosedRange<UInt16>, _ low: ClosedRange<UInt16>) {
      (firstHigh, lastHigh, firstLow, lastLow) = (high.lowerBound, high.upperBound, low.lowerBound, low.upperBound)
    }
    @inline(__always) func contains(_ pair: UInt32) -> Bool {
      let high = UInt16(truncatingIfNeeded: pair >> 16)
      let low = UInt16(truncatingIfNeeded: pair)
      return high >= firstHigh && high <= lastHigh && low >= firstLow && low <= lastLow
    }
  }

  /// A set of scalars. Overlapping ranges become one.
  package init(of element: PolicyType, _ spans: [Span], boxes: [Box] = []) {
    type = element.set
    self.boxes = boxes
    ranges = []
    let sorted = spans.sorted { $0.first != $1.first ? $0.first < $1.first : $0.last < $1.last }
    for span in sorted where !(span.last < span.first) {
      if let last = ranges.last, !(last.last < span.first) {
        ranges[ranges.count - 1].last = max(last.last, span.last)
      } else {
        ranges.append(span)
      }
    }
    if ranges != sorted { self.spans = sorted }
  }

  /// A set of prefixes.
  package init(_ patterns: [PrefixPattern], isOfBird1: Bool = false) {
    type = PolicyType(.prefixSet)
    ranges = []
    boxes = []
    self.patterns = patterns
    self.isOfBird1 = isOfBird1
  }

  /// `[]`, which is a set of whatever is asked for.
  package static var empty: PolicySet { PolicySet(of: .any, []) }

  package var isEmpty: Bool { ranges.isEmpty && boxes.isEmpty && patterns.isEmpty }

  /// Its elements have 32 bits.
  static func isShort(_ element: PolicyKind) -> Bool {
    switch element {
    case .int, .pair, .quad, .enumeration: true
    default: false
    }
  }
}

/// One item of a prefix set: networks that agree with `prefix` and whose length lies in the range.
package struct PrefixPattern: Hashable, Sendable {
  package var prefix: Prefix
  package var low: UInt8
  package var high: UInt8

  /// `low` and `high` count the family's own bits.
  package init(_ prefix: Prefix, _ low: UInt8, _ high: UInt8) { (self.prefix, self.low, self.high) = (prefix, low, high) }
}

/// Where a set lies in the pools of its program.
struct PolicySetPlace: BitwiseCopyable, Hashable, Sendable {
  var kind: PolicyKind
  var element: PolicyKind
  var enumeration: UInt8
  /// Into the short spans, the spans or the nodes, as the element says.
  var start: UInt32
  var count: UInt32
  var boxStart: UInt32
  var boxCount: UInt32
}

extension PolicyProgram {
  /// Whether a set of 32-bit elements contains `value`.
  @inline(__always) func contains(_ value: UInt32, in place: PolicySetPlace) -> Bool {
    let spans = shortSpans.buffer
    var low = Int(place.start)
    var count = Int(place.count)
    guard low &+ count <= spans.count else { return false }
    // The last span that does not begin beyond the value, found without branches that nobody could foretell.
    while count > 1 {
      let half = count / 2
      low = spans[low &+ half].first <= value ? low &+ half : low
      count &-= half
    }
    if count == 1, spans[low].first <= value, value <= spans[low].last { return true }
    guard place.boxCount > 0 else { return false }
    for index in Int(place.boxStart)..<Int(place.boxStart + place.boxCount) where boxes[index]?.contains(value) == true { return true }
    return false
  }

  /// Whether a set of wider elements contains `key`.
  func contains(_ key: PolicySet.Key, in place: PolicySetPlace) -> Bool {
    let spans = self.spans.buffer
    var low = Int(place.start)
    var high = low + Int(place.count)
    guard high <= spans.count else { return false }
    while low < high {
      let middle = (low + high) / 2
      let span = spans[middle]
      if key < span.first { high = middle } else if span.last < key { low = middle + 1 } else { return true }
    }
    return false
  }

  /// Whether a prefix set contains `prefix`.
  func contains(_ prefix: Prefix, in place: PolicySetPlace) -> Bool {
    let nodes = prefixNodes.buffer
    guard Int(place.start) + Int(place.count) <= nodes.count else { return false }
    return PolicyPrefixTrie.contains(
      prefix, in: UnsafeBufferPointer(rebasing: nodes[Int(place.start)..<Int(place.start + place.count)]))
  }
}
