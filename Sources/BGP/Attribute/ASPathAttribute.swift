import RouteCore

/// AS_PATH (RFC 4271 §5.1.2, RFC 6793): well-known mandatory. Inside the daemon AS numbers always have four octets; `ASPath` reads them.
enum ASPathAttribute {
  /// What a peer may send besides AS_SEQUENCE.
  struct Segments: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let sets = Segments(rawValue: 1)
    /// RFC 5065 §5: only from a member of our confederation.
    static let confederation = Segments(rawValue: 2)

    func allow(_ type: ASPath.SegmentType) -> Bool {
      switch type {
      case .sequence: true
      case .set: contains(.sets)
      case .confederationSequence: contains(.confederation)
      case .confederationSet: self == [.sets, .confederation]
      default: false
      }
    }
  }

  /// What the decision and the loop check need to know of a path.
  struct Summary: Equatable {
    /// RFC 4271 §9.1.2.2 a: an AS_SET counts as one. RFC 5065 §5.3: the confederation's segments do not count.
    var length = 0
    /// The first AS outside of the confederation, 0 if there is none or a set stands there.
    var first: UInt32 = 0
    /// The AS that sent the path: the first of all, 0 for an empty path or one that begins with a set.
    var leading: UInt32 = 0
    /// How often our own AS is in it.
    var own = 0
    /// How often our confederation is in it.
    var ownConfederation = 0
    var beginsInConfederation = false
    var hasConfederation = false
  }

  /// Checks a path of four-octet numbers; nil if it is malformed: RFC 7606 §7.2, RFC 7607 §2 (AS 0), RFC 5065 §5 (confederation
  /// segments have no business outside a confederation), RFC 6472 (AS_SETs, where they are not wanted).
  static func summarize(_ value: RawSpan, own: UInt32, confederation: UInt32 = 0, allowing allowed: Segments = .sets) -> Summary? {
    var summary = Summary()
    let path = ASPath(value)
    var segments = path.segments
    var isFirst = true
    var isFirstCounted = true
    while let segment = segments.next() {
      guard allowed.allow(segment.type), segment.count > 0 else { return nil }
      for index in 0..<segment.count {
        let number = path.number(index, of: segment)
        if number == 0 { return nil }
        if number == own { summary.own += 1 }
        if number == confederation { summary.ownConfederation += 1 }
      }
      if isFirst {
        summary.beginsInConfederation = segment.type == .confederationSequence
        if !segment.type.isSet { summary.leading = path.number(0, of: segment) }
        isFirst = false
      }
      if segment.type.isConfederation {
        summary.hasConfederation = true
      } else {
        if isFirstCounted, !segment.type.isSet { summary.first = path.number(0, of: segment) }
        isFirstCounted = false
        summary.length += segment.type.isSet ? 1 : segment.count
      }
    }
    return segments.isComplete ? summary : nil
  }

  /// A path of two-octet numbers with four octets each; false if its segments do not add up.
  static func widen(_ value: RawSpan, into bytes: inout [UInt8]) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    let path = ASPath(twoOctets: value)
    var segments = path.segments
    while let segment = segments.next() { bytes.append(segment, segment.count, of: path) }
    return segments.isComplete
  }

  /// RFC 6793 §4.2.3: the leading AS numbers that only AS_PATH has, then AS4_PATH. `path` was widened. If AS_PATH is the shorter one,
  /// AS4_PATH is ignored.
  static func merge(_ path: inout [UInt8], length: Int, with new: RawSpan, length newLength: Int) {
    guard length >= newLength else { return }
    path = merged(path, new, missing: length - newLength)
  }

  private static func merged(_ path: [UInt8], _ new: RawSpan, missing: Int) -> [UInt8] {
    var missing = missing
    var merged = [UInt8]()
    merged.reserveCapacity(path.count)
    let old = ASPath(path.span.bytes)
    var segments = old.segments
    while let segment = segments.next() {
      // What the confederation has put in front of the rest goes along.
      if missing == 0, !segment.type.isConfederation { break }
      // A set counts as one and is never divided, and the confederation's segments count nothing.
      let taken = segment.type == .sequence ? min(segment.count, missing) : segment.count
      merged.append(segment, taken, of: old)
      missing -= segment.type == .sequence ? taken : segment.type == .set ? 1 : 0
    }
    new.withUnsafeBytes { merged.append(contentsOf: $0) }
    return merged
  }

  /// Puts an AS number in front (RFC 4271 §5.1.2 b), or in front of the confederation's sequence (RFC 5065 §4.1 b).
  static func prepend(_ number: UInt32, to attributes: inout RouteAttributes, in type: ASPath.SegmentType = .sequence) {
    var count: UInt8 = 0
    if let old = attributes.range(of: .asPath) { count = ASPath(attributes.records.span.bytes.extracting(old)).countToExtend(type) }
    func octet(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: number >> shift) }
    // The head of the first segment grows, or a new one is put before it.
    withUnsafeBytes(of: (type.rawValue, count + 1, octet(24), octet(16), octet(8), octet(0))) { front in
      _ = attributes.prepend(front.bytes, to: .asPath, flags: AttributeFlags.wellKnown.rawValue, replacing: count > 0 ? 2 : 0)
    }
  }

  /// RFC 5065 §4.1 c: what the confederation's members wrote stays inside.
  static func removeConfederation(from attributes: inout RouteAttributes) {
    guard let range = attributes.range(of: .asPath), ASPath(attributes.records.span.bytes.extracting(range)).hasConfederation else {
      return
    }
    let path = withoutConfederation(attributes.records.span.bytes.extracting(range))
    attributes.set(.asPath, flags: AttributeFlags.wellKnown.rawValue, path)
  }

  /// The path without the confederation's segments.
  static func withoutConfederation(_ value: RawSpan) -> [UInt8] {
    var kept = [UInt8]()
    kept.reserveCapacity(value.byteCount)
    let path = ASPath(value)
    var segments = path.segments
    while let segment = segments.next() { if !segment.type.isConfederation { kept.append(segment, segment.count, of: path) } }
    return kept
  }

  /// Writes the attribute in the form the session takes, with AS4_PATH's information left to `encodeAS4` (RFC 6793 §4.2.2).
  static func encode(_ value: RawSpan, fourOctets: Bool, into writer: inout WireWriter) {
    if fourOctets {
      writer.attribute(.asPath, length: value.byteCount)
      writer.append(value)
      return
    }
    let path = ASPath(value)
    var length = 0
    var segments = path.segments
    while let segment = segments.next() { length += 2 + 2 * segment.count }
    writer.attribute(.asPath, length: length)
    segments = path.segments
    while let segment = segments.next() {
      writer.u8(segment.type.rawValue)
      writer.u8(UInt8(truncatingIfNeeded: segment.count))
      for index in 0..<segment.count { writer.u16(UInt16(exactly: path.number(index, of: segment)) ?? OpenMessage.asTrans) }
    }
  }

  /// AS4_PATH, if two octets were not enough.
  static func encodeAS4(_ value: RawSpan, into writer: inout WireWriter) {
    let path = ASPath(value)
    guard path.contains(where: { $0 > 0xffff }) else { return }
    if path.hasConfederation {
      // RFC 6793 §6: they have no place in it.
      let kept = withoutConfederation(value)
      writer.attribute(.as4Path, length: kept.count)
      return writer.append(kept)
    }
    writer.attribute(.as4Path, length: value.byteCount)
    writer.append(value)
  }
}

extension [UInt8] {
  /// Adds a segment with the first so many of its numbers, in four octets each.
  fileprivate mutating func append(_ segment: ASPath.Segment, _ count: Int, of path: borrowing ASPath) {
    append(segment.type.rawValue)
    append(UInt8(truncatingIfNeeded: count))
    for index in 0..<count {
      let number = path.number(index, of: segment)
      for shift in stride(from: UInt32(24), through: 0, by: -8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
  }
}
