/// The items of a path mask: slots of nine bytes, each a kind and two numbers. An item is one slot, a set one and one more for each of
/// its ranges.
package enum PolicyMaskItem: Hashable, Sendable {
  case asn(UInt32)
  case range(UInt32, UInt32)
  /// `?`: one AS, any.
  case any
  /// `*`: any number of them.
  case sequence
  /// `+`: what stands before it, once or more often.
  case loop
  /// `[…]`: one AS of a set of disjoint ascending ranges.
  case set([ClosedRange<UInt32>])

  static var size: Int { 9 }

  private var slots: [(UInt8, UInt32, UInt32)] {
    switch self {
    case .asn(let asn): [(0, asn, asn)]
    case .range(let low, let high): [(0, low, high)]
    case .any: [(1, 0, .max)]
    case .sequence: [(2, 0, .max)]
    case .loop: [(3, 0, 0)]
    case .set(let ranges):
      [(4, UInt32(truncatingIfNeeded: ranges.count), 0)] + ranges.map { (5, $0.lowerBound, $0.upperBound) }
    }
  }

  package static func encode(_ items: [PolicyMaskItem]) -> [UInt8] {
    var writer = WireWriter()
    for item in items {
      for (kind, low, high) in item.slots {
        writer.u8(kind)
        writer.u32(low)
        writer.u32(high)
      }
    }
    return writer.bytes
  }
}

/// Matching a path against a mask: all states of the mask at once, one bit each, so that no pattern takes more than path × mask steps.
struct PolicyMask {
  let items: UnsafeRawBufferPointer
  /// Bits of the state set.
  static var maximumItems: Int { 63 }

  init(_ items: UnsafeRawBufferPointer) { self.items = items }

  // Items are known by the offset of their first slot.
  @inline(__always) func kind(_ offset: Int) -> UInt8 { offset < items.count ? items[offset] : 0 }
  @inline(__always) func low(_ offset: Int) -> UInt32 { items.word(offset &+ 1) }
  @inline(__always) func high(_ offset: Int) -> UInt32 { items.word(offset &+ 5) }

  /// Each item's offset and number.
  @inline(__always) func forEachItem(_ body: (_ offset: Int, _ index: UInt64) -> Void) {
    var offset = 0
    var index: UInt64 = 0
    while offset &+ PolicyMaskItem.size <= items.count {
      body(offset, index)
      index &+= 1
      offset &+= PolicyMaskItem.size
      if kind(offset &- PolicyMaskItem.size) == 4 {
        offset &+= Int(low(offset &- PolicyMaskItem.size)) &* PolicyMaskItem.size
      }
    }
  }

  var count: Int {
    var count = 0
    forEachItem { _, _ in count += 1 }
    return count
  }

  /// The ranges of a set.
  func members(_ offset: Int) -> [(UInt32, UInt32)] {
    (0..<Int(low(offset))).map { index in
      let slot = offset + (index + 1) * PolicyMaskItem.size
      return (low(slot), high(slot))
    }
  }

  @inline(__always) private func takes(_ offset: Int, _ asn: UInt32) -> Bool {
    kind(offset) == 4 ? isMember(asn, offset) : asn >= low(offset) && asn <= high(offset)
  }

  private func isMember(_ asn: UInt32, _ offset: Int) -> Bool {
    var first = 0
    var end = Int(low(offset))
    while first < end {
      let middle = (first + end) / 2
      let slot = offset + (middle + 1) * PolicyMaskItem.size
      if asn < low(slot) { end = middle } else if asn > high(slot) { first = middle + 1 } else { return true }
    }
    return false
  }

  /// States reachable without taking an AS: a `*` may be nothing, a `+` may be over.
  private func closure(_ start: UInt64) -> UInt64 {
    var states = start
    forEachItem { offset, index in
      if states >> index & 1 == 1 && (kind(offset) == 2 || kind(offset) == 3) { states |= 1 << (index &+ 1) }
    }
    return states
  }

  func matches(_ path: borrowing ASPath) -> Bool {
    let count = count
    guard count <= PolicyMask.maximumItems else { return false }
    var states = closure(1)
    var segments = path.segments
    while states != 0, let segment = segments.next() {
      if segment.type.isSet {
        if segment.count > 0 { states = step(states) { offset in contains(path, segment, offset) } }
      } else {
        for index in 0..<segment.count where states != 0 {
          let asn = path.number(index, of: segment)
          states = step(states) { takes($0, asn) }
        }
      }
    }
    return states >> UInt64(count) & 1 == 1
  }

  private func contains(_ path: borrowing ASPath, _ segment: ASPath.Segment, _ item: Int) -> Bool {
    for index in 0..<segment.count where takes(item, path.number(index, of: segment)) { return true }
    return false
  }

  @inline(__always) private func step(_ states: UInt64, _ takes: (Int) -> Bool) -> UInt64 {
    var next: UInt64 = 0
    var previous = 0
    forEachItem { offset, index in
      if states >> index & 1 == 1 {
        switch kind(offset) {
        case 2: next |= 1 << index
        // A loop stands behind what it repeats: taking another one leads to the loop again.
        case 3: if index > 0, takes(previous) { next |= 1 << index }
        default: if takes(offset) { next |= 1 << (index &+ 1) }
        }
      }
      previous = offset
    }
    return closure(next)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the text matches a shell pattern of `*` and `?`: the language's `~` between strings. Takes at most text × pattern steps.
  func matches(glob pattern: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    var next = 0
    var retryPattern = -1
    var retryText = 0
    while position < count {
      if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
        next += 1
        retryPattern = next
        retryText = position
      } else if next < pattern.count, pattern[next] == UInt8(ascii: "?") || pattern[next] == self[position] {
        next += 1
        position += 1
      } else if retryPattern >= 0 {
        retryText += 1
        next = retryPattern
        position = retryText
      } else {
        return false
      }
    }
    while next < pattern.count, pattern[next] == UInt8(ascii: "*") { next += 1 }
    return next == pattern.count
  }
}
