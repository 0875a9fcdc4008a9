/// An AS_PATH as a route has it (RFC 4271 §4.3, RFC 6793 §3): a view of its bytes, the one place where segments are walked. It allocates
/// nothing, and whatever the bytes are, nothing here reads beyond them: a segment that does not fit ends the path.
///
///     | Segment type (1) | Count (1) | AS number (4, or 2 from a peer that knows no others) … |  …
public struct ASPath: ~Escapable {
  @usableFromInline let bytes: RawSpan
  /// The octets of an AS number.
  @usableFromInline let width: Int

  /// A path of four-octet numbers, as routes have it (RFC 6793); the bytes need not be well formed.
  @inlinable @_lifetime(copy bytes) public init(_ bytes: RawSpan) {
    self.bytes = bytes
    width = 4
  }

  /// A path of two-octet numbers, which only such peers send.
  @inlinable @_lifetime(copy bytes) public init(twoOctets bytes: RawSpan) {
    self.bytes = bytes
    width = 2
  }

  @inlinable @_lifetime(borrow bytes) package init(_ bytes: UnsafeRawBufferPointer) { self.init(bytes.bytes) }

  /// What the numbers of a segment say (RFC 4271 §4.3, RFC 5065 §3).
  public struct SegmentType: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// AS_SET, 1: an unordered set of ASes (RFC 4271 §4.3).
    @inlinable public static var set: SegmentType { SegmentType(rawValue: 1) }
    /// AS_SEQUENCE, 2: the ASes in order, the nearest first (RFC 4271 §4.3).
    @inlinable public static var sequence: SegmentType { SegmentType(rawValue: 2) }
    /// AS_CONFED_SEQUENCE, 3: member ASes of the confederation, in order (RFC 5065 §3).
    @inlinable public static var confederationSequence: SegmentType { SegmentType(rawValue: 3) }
    /// AS_CONFED_SET, 4: an unordered set of member ASes (RFC 5065 §3).
    @inlinable public static var confederationSet: SegmentType { SegmentType(rawValue: 4) }

    /// One place in the path, whatever its members.
    @inlinable public var isSet: Bool { self == .set || self == .confederationSet }
    /// RFC 5065 §5.3: it counts nothing and stays in the confederation.
    @inlinable public var isConfederation: Bool { rawValue > SegmentType.sequence.rawValue }
    /// Counts in the length of the path.
    @inlinable public var isCounted: Bool { self == .set || self == .sequence }
  }

  /// A segment of the path that handed it out.
  public struct Segment: Sendable {
    /// Any octet: a type that is not registered is kept as it came.
    public let type: SegmentType
    /// How many AS numbers it has.
    public let count: Int
    /// The offset of the first one.
    @usableFromInline let start: Int

    @inlinable init(type: SegmentType, count: Int, start: Int) {
      self.type = type
      self.count = count
      self.start = start
    }
  }

  /// Hands out the segments, first to last.
  public struct Segments: ~Escapable {
    @usableFromInline let bytes: RawSpan
    @usableFromInline let width: Int
    @usableFromInline var offset = 0

    @inlinable @_lifetime(copy bytes) init(_ bytes: RawSpan, _ width: Int) {
      self.bytes = bytes
      self.width = width
    }

    /// The next segment; nil at the end, or where one does not fit.
    @inlinable @inline(__always) @_lifetime(self: copy self) public mutating func next() -> Segment? {
      guard offset &+ 2 <= bytes.byteCount else { return nil }
      let count = Int(bytes.unsafeLoad(fromByteOffset: offset &+ 1, as: UInt8.self))
      let end = offset &+ 2 &+ width &* count
      guard end <= bytes.byteCount else { return nil }
      let type = SegmentType(rawValue: bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
      defer { offset = end }
      return Segment(type: type, count: count, start: offset &+ 2)
    }

    /// Whether the last segment handed out ended with the path.
    @inlinable public var isComplete: Bool { offset == bytes.byteCount }
    /// The bytes that were not handed out.
    @inlinable public var rest: RawSpan { @_lifetime(copy self) get { bytes.extracting(droppingFirst: offset) } }
  }

  /// A new iterator over the segments, from the first.
  @inlinable public var segments: Segments { @_lifetime(copy self) get { Segments(bytes, width) } }

  /// An AS number of a segment of this path; `index` is below its count.
  @inlinable @inline(__always) public func number(_ index: Int, of segment: Segment) -> UInt32 {
    let offset = segment.start &+ width &* index
    if width == 2 { return UInt32(UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))) }
    return UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  // MARK: What is asked of a path

  /// RFC 4271 §9.1.2.2 a: an AS_SET counts as one.
  package var length: Int {
    var length = 0
    var segments = segments
    while let segment = segments.next() {
      if segment.type.isCounted { length += segment.type.isSet ? min(segment.count, 1) : segment.count }
    }
    return length
  }

  /// The AS it begins with; 0 if it is empty, or begins with a set or a confederation's segment.
  package var first: UInt32 {
    var segments = segments
    guard let segment = segments.next(), segment.type == .sequence, segment.count > 0 else { return 0 }
    return number(0, of: segment)
  }

  /// The AS it was learned from, outside of our confederation; 0 if there is none or a set stands there.
  package var neighbor: UInt32 {
    var segments = segments
    while let segment = segments.next() {
      if segment.count > 0, segment.type.isCounted { return segment.type.isSet ? 0 : number(0, of: segment) }
    }
    return 0
  }

  /// The AS the path begins at; 0 if a set stands at the end (RFC 6811 §2).
  package var last: UInt32 {
    var result: UInt32 = 0
    var segments = segments
    while let segment = segments.next() {
      if segment.count > 0 { result = segment.type.isSet ? 0 : number(segment.count - 1, of: segment) }
    }
    return result
  }

  /// The last AS before any set.
  package var lastNonaggregated: UInt32 {
    var result: UInt32 = 0
    var segments = segments
    while let segment = segments.next(), !segment.type.isSet {
      if segment.count > 0 { result = number(segment.count - 1, of: segment) }
    }
    return result
  }

  /// Whether any AS of the path satisfies the condition.
  @inlinable @inline(__always) package func contains(where condition: (UInt32) -> Bool) -> Bool {
    var segments = segments
    while let segment = segments.next() {
      for index in 0..<segment.count where condition(number(index, of: segment)) { return true }
    }
    return false
  }

  /// The AS number at a place counted over all segments.
  package func element(_ index: Int) -> UInt32? {
    var left = index
    var segments = segments
    while let segment = segments.next() {
      if left < segment.count { return number(left, of: segment) }
      left -= segment.count
    }
    return nil
  }

  /// Whether there are segments of a confederation.
  package var hasConfederation: Bool {
    var segments = segments
    while let segment = segments.next() { if segment.type.isConfederation { return true } }
    return false
  }

  /// How many numbers the first segment has, if it is of that type and takes another one in front (RFC 4271 §5.1.2 b); else 0.
  package func countToExtend(_ type: SegmentType) -> UInt8 {
    var segments = segments
    guard let first = segments.next(), first.type == type, first.count < 255 else { return 0 }
    return UInt8(truncatingIfNeeded: first.count)
  }
}
