/// Where the BGP attributes of the route being filtered lie in its records, found once and not by each condition anew.
///
/// Whatever writes the records calls `forget`.
struct PolicyRecordDirectory: ~Copyable {
  /// Type codes below this are kept: all that filters name.
  private static var capacity: Int { 64 }
  private let places: UnsafeMutablePointer<(offset: UInt32, count: UInt32)>
  /// Bit n: type n is there.
  private var present: UInt64 = 0
  private var isFilled = false

  init() {
    places = .allocate(capacity: PolicyRecordDirectory.capacity)
    places.initialize(repeating: (0, 0), count: PolicyRecordDirectory.capacity)
  }

  deinit { places.deallocate() }

  @inline(__always) mutating func forget() { isFilled = false }

  /// Where the value of an attribute lies, or nil if it is not there.
  @inline(__always)
  mutating func range(of key: AttributeKey, in attributes: borrowing RouteAttributes) -> Range<Int>? {
    let code = Int(key.rawValue)
    guard code < PolicyRecordDirectory.capacity else { return attributes.range(of: key) }
    if !isFilled { fill(attributes) }
    guard present >> UInt64(code) & 1 == 1 else { return nil }
    let start = Int(places[code].offset)
    let end = start &+ Int(places[code].count)
    // The bytes are read without further checks.
    guard end <= attributes.records.count else { return nil }
    return Range(uncheckedBounds: (start, end))
  }

  private mutating func fill(_ attributes: borrowing RouteAttributes) {
    present = 0
    isFilled = true
    let records = attributes.records.span.bytes
    var offset = 0
    while let found = AttributeRecords.record(at: offset, in: records), found.key.rawValue < PolicyRecordDirectory.capacity {
      let code = Int(found.key.rawValue)
      // Of two records of one key, which there should not be, the first counts, as everywhere.
      if present >> UInt64(code) & 1 == 0 {
        present |= 1 << UInt64(code)
        places[code] = (UInt32(truncatingIfNeeded: found.value.lowerBound), UInt32(truncatingIfNeeded: found.value.count))
      }
      offset = found.record.upperBound
    }
  }
}
