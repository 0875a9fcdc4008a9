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

  /// The AS it begins with; 0 if it is empty, or begins with a set or a confederation's segment.
  var first: UInt32 {
    guard let segment = segment(at: 0), segment.type == PolicyPath.sequence, segment.count > 0 else { return 0 }
    return asn(segment, 0)
  }

  /// The AS it was learned from, outside of our confederation; 0 if there is none or a set stands there.
  var neighbor: UInt32 {
    var result: UInt32 = 0
    forEachSegment { segment in
      if segment.count == 0 || !segment.counts { return true }
      if !segment.isSet { result = asn(segment, 0) }
      return false
    }
    return result
  }

  /// The AS the path begins at; 0 if a set stands at the end (RFC 6811 §2).
  var last: UInt32 {
    var result: UInt32 = 0
    forEachSegment { segment in
      if segment.count > 0 { result = segment.isSet ? 0 : asn(segment, segment.count - 1) }
      return true
    }
    return result
  }

  /// The last AS before any set.
  var lastNonaggregated: UInt32 {
    var result: UInt32 = 0
    forEachSegment { segment in
      if segment.isSet { return false }
      if segment.count > 0 { result = asn(segment, segment.count - 1) }
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
