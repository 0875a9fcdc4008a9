/// Reading an AS_PATH as it stands in a route's records: segments of type (1), count (1), AS numbers (4 each) (RFC 4271 §4.3, RFC 6793).
///
/// Whatever the bytes are, nothing here reads beyond them: a segment that does not fit ends the path.
struct PolicyPath {
  let bytes: UnsafeRawBufferPointer

  @inline(__always) init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  static var set: UInt8 { 1 }
  static var sequence: UInt8 { 2 }

  struct Segment {
    var type: UInt8
    /// The offset of the first AS number.
    var start: Int
    var count: Int
    /// One place in the path, whatever its members: AS_SET and AS_CONFED_SET (RFC 5065).
    var isSet: Bool { type == PolicyPath.set || type == 4 }
    /// Counts in the length of the path (RFC 5065 §5.3: confederation segments do not).
    var counts: Bool { type == PolicyPath.set || type == PolicyPath.sequence }
  }

  @inline(__always) func segment(at offset: Int) -> Segment? {
    guard offset &+ 2 <= bytes.count else { return nil }
    let count = Int(bytes[offset + 1])
    guard offset + 2 + 4 * count <= bytes.count else { return nil }
    return Segment(type: bytes[offset], start: offset + 2, count: count)
  }

  @inline(__always) func forEachSegment(_ body: (Segment) -> Bool) {
    var offset = 0
    while let segment = segment(at: offset), body(segment) { offset = segment.start + 4 * segment.count }
  }

  @inline(__always) func asn(_ segment: Segment, _ index: Int) -> UInt32 { bytes.word(segment.start + 4 * index) }

  /// RFC 4271 §9.1.2.2 a: an AS_SET counts as one.
  var length: Int {
    var length = 0
    forEachSegment { segment in
      if segment.counts { length += segment.isSet ? (segment.count > 0 ? 1 : 0) : segment.count }
      return true
    }
    return length
  }

  /// The AS the path was learned from; 0 if it is empty or begins with a set.
  var first: UInt32 {
    var result: UInt32 = 0
    forEachSegment { segment in
      if segment.count == 0 || !segment.counts { return true }
      if !segment.isSet { result = asn(segment, 0) }
      return false
    }
    return result
  }

  /// The AS the path begins at; of a set at the end its first member.
  var last: UInt32 {
    var result: UInt32 = 0
    forEachSegment { segment in
      if segment.count > 0, segment.counts { result = asn(segment, segment.isSet ? 0 : segment.count - 1) }
      return true
    }
    return result
  }

  /// The last AS before any set.
  var lastNonaggregated: UInt32 {
    var result: UInt32 = 0
    forEachSegment { segment in
      if segment.isSet { return false }
      if segment.count > 0, segment.counts { result = asn(segment, segment.count - 1) }
      return true
    }
    return result
  }

  /// Whether any AS of the path satisfies the condition.
  @inline(__always) func contains(where condition: (UInt32) -> Bool) -> Bool {
    var found = false
    forEachSegment { segment in
      for index in 0..<segment.count where condition(asn(segment, index)) {
        found = true
        return false
      }
      return true
    }
    return found
  }

  /// The AS number at a place counted over all segments, for `for`.
  func element(_ index: Int) -> UInt32? {
    var left = index
    var result: UInt32?
    forEachSegment { segment in
      if left < segment.count {
        result = asn(segment, left)
        return false
      }
      left -= segment.count
      return true
    }
    return result
  }

  /// Writes the path with an AS in front: into the first sequence while it has room (RFC 4271 §5.1.2 b).
  func prepend(_ asn: UInt32, into out: inout PolicyBytes) {
    guard let first = segment(at: 0), first.type == PolicyPath.sequence, first.count < 255 else {
      out.append(PolicyPath.sequence)
      out.append(UInt8(1))
      out.append(asn)
      return out.append(bytes)
    }
    out.append(PolicyPath.sequence)
    out.append(UInt8(first.count + 1))
    out.append(asn)
    out.append(UnsafeRawBufferPointer(rebasing: bytes[first.start...]))
  }

  /// Writes the path with only those AS numbers for which the condition holds; segments left empty go.
  func filter(into out: inout PolicyBytes, _ condition: (UInt32) -> Bool) {
    forEachSegment { segment in
      var kept = 0
      for index in 0..<segment.count where condition(asn(segment, index)) { kept += 1 }
      if kept == 0 { return true }
      out.append(segment.type)
      out.append(UInt8(truncatingIfNeeded: kept))
      for index in 0..<segment.count where condition(asn(segment, index)) { out.append(asn(segment, index)) }
      return true
    }
  }
}

/// The items of a path mask, nine bytes each: what it is, and two numbers.
package enum PolicyMaskItem: Hashable, Sendable {
  case asn(UInt32)
  case range(UInt32, UInt32)
  /// `?`: one AS, any.
  case any
  /// `*`: any number of them.
  case sequence
  /// `+`: what stands before it, once or more often.
  case loop

  static var size: Int { 9 }

  private var parts: (UInt8, UInt32, UInt32) {
    switch self {
    case .asn(let asn): (0, asn, asn)
    case .range(let low, let high): (0, low, high)
    case .any: (1, 0, .max)
    case .sequence: (2, 0, 0)
    case .loop: (3, 0, 0)
    }
  }

  package static func encode(_ items: [PolicyMaskItem]) -> [UInt8] {
    var out = [UInt8]()
    for item in items {
      let (kind, low, high) = item.parts
      out.append(kind)
      for word in [low, high] { for shift in [24, 16, 8, 0] as [UInt32] { out.append(UInt8(truncatingIfNeeded: word >> shift)) } }
    }
    return out
  }
}

/// Matching a path against a mask: all states of the mask at once, one bit each, so that no pattern takes more than path × mask steps.
struct PolicyMask {
  let items: UnsafeRawBufferPointer
  var count: Int { items.count / PolicyMaskItem.size }
  /// Bits of the state set.
  static var maximumItems: Int { 63 }

  init(_ items: UnsafeRawBufferPointer) { self.items = items }

  @inline(__always) func kind(_ index: Int) -> UInt8 { items[index * PolicyMaskItem.size] }
  @inline(__always) func low(_ index: Int) -> UInt32 { items.word(index * PolicyMaskItem.size + 1) }
  @inline(__always) func high(_ index: Int) -> UInt32 { items.word(index * PolicyMaskItem.size + 5) }
  @inline(__always) private func takes(_ index: Int, _ asn: UInt32) -> Bool { asn >= low(index) && asn <= high(index) }

  /// States reachable without taking an AS: a `*` may be nothing, a `+` may be over.
  private func closure(_ states: UInt64) -> UInt64 {
    var states = states
    for index in 0..<count where states >> UInt64(index) & 1 == 1 && kind(index) >= 2 { states |= 1 << UInt64(index + 1) }
    return states
  }

  func matches(_ path: PolicyPath) -> Bool {
    guard count <= PolicyMask.maximumItems else { return false }
    var states = closure(1)
    path.forEachSegment { segment in
      if segment.isSet {
        if segment.count > 0 { states = step(states) { index in contains(path, segment, index) } }
      } else {
        for index in 0..<segment.count where states != 0 {
          let asn = path.asn(segment, index)
          states = step(states) { takes($0, asn) }
        }
      }
      return states != 0
    }
    return states >> UInt64(count) & 1 == 1
  }

  private func contains(_ path: PolicyPath, _ segment: PolicyPath.Segment, _ item: Int) -> Bool {
    for index in 0..<segment.count where takes(item, path.asn(segment, index)) { return true }
    return false
  }

  @inline(__always) private func step(_ states: UInt64, _ takes: (Int) -> Bool) -> UInt64 {
    var next: UInt64 = 0
    for index in 0..<count where states >> UInt64(index) & 1 == 1 {
      switch kind(index) {
      case 2: next |= 1 << UInt64(index)
      // A loop stands behind what it repeats: taking another one leads to the loop again.
      case 3: if index > 0, takes(index - 1) { next |= 1 << UInt64(index) }
      default: if takes(index) { next |= 1 << UInt64(index + 1) }
      }
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
