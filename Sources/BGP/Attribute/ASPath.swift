import RouteCore

/// AS_PATH (RFC 4271 §5.1.2, RFC 6793): well-known mandatory. Inside the daemon AS numbers always have four octets.
///
///     | Segment type (1) | Count (1) | AS number (4, or 2 with an old peer) … |  …
enum ASPath {
  static let set: UInt8 = 1
  static let sequence: UInt8 = 2
  /// RFC 5065 §3.
  static let confederationSequence: UInt8 = 3
  static let confederationSet: UInt8 = 4

  /// What a peer may send besides AS_SEQUENCE.
  struct Segments: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let sets = Segments(rawValue: 1)
    /// RFC 5065 §5: only from a member of our confederation.
    static let confederation = Segments(rawValue: 2)

    func contains(type: UInt8) -> Bool {
      switch type {
      case ASPath.sequence: true
      case ASPath.set: contains(.sets)
      case ASPath.confederationSequence: contains(.confederation)
      case ASPath.confederationSet: self == [.sets, .confederation]
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
  static func summarize(
    _ path: RawSpan, own: UInt32, confederation: UInt32 = 0, allowing segments: Segments = .sets
  ) -> Summary? {
    var summary = Summary()
    var offset = 0
    var isFirst = true
    while offset < path.byteCount {
      guard path.byteCount - offset >= 2 else { return nil }
      let type = path.loadU8(offset)
      let count = Int(path.loadU8(offset + 1))
      guard segments.contains(type: type), count > 0, path.byteCount - offset - 2 >= 4 * count else {
        return nil
      }
      for index in 0..<count {
        let number = path.loadU32(offset + 2 + 4 * index)
        if number == 0 { return nil }
        if number == own { summary.own += 1 }
        if number == confederation { summary.ownConfederation += 1 }
      }
      if offset == 0 {
        summary.beginsInConfederation = type == confederationSequence
        if type == sequence || type == confederationSequence { summary.leading = path.loadU32(2) }
      }
      if type == sequence || type == set {
        if isFirst, type == sequence { summary.first = path.loadU32(offset + 2) }
        isFirst = false
        summary.length += type == sequence ? count : 1
      } else {
        summary.hasConfederation = true
      }
      offset += 2 + 4 * count
    }
    return summary
  }

  /// A path of two-octet numbers with four octets each; false if its segments do not add up.
  static func widen(_ path: RawSpan, into bytes: inout [UInt8]) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    var offset = 0
    while offset < path.byteCount {
      guard path.byteCount - offset >= 2 else { return false }
      let count = Int(path.loadU8(offset + 1))
      guard path.byteCount - offset - 2 >= 2 * count else { return false }
      bytes.append(path.loadU8(offset))
      bytes.append(path.loadU8(offset + 1))
      for index in 0..<count {
        let number = path.loadU16(offset + 2 + 2 * index)
        bytes.append(contentsOf: [0, 0, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)])
      }
      offset += 2 + 2 * count
    }
    return true
  }

  /// RFC 6793 §4.2.3: the leading AS numbers that only AS_PATH has, then AS4_PATH. `path` was widened. If AS_PATH is the shorter one,
  /// AS4_PATH is ignored.
  static func merge(_ path: inout [UInt8], length: Int, with new: RawSpan, length newLength: Int) {
    var missing = length - newLength
    guard missing >= 0 else { return }
    var merged = [UInt8]()
    merged.reserveCapacity(path.count)
    var offset = 0
    while offset + 2 <= path.count {
      let type = path[offset]
      // What the confederation has put in front of the rest goes along.
      if missing == 0, type <= sequence { break }
      let count = Int(path[offset + 1])
      // A set counts as one and is never divided, and the confederation's segments count nothing.
      let taken = type == sequence ? min(count, missing) : count
      guard offset + 2 + 4 * count <= path.count else { return }
      merged.append(type)
      merged.append(UInt8(truncatingIfNeeded: taken))
      merged.append(contentsOf: path[(offset + 2)..<(offset + 2 + 4 * taken)])
      missing -= type == sequence ? taken : type == set ? 1 : 0
      offset += 2 + 4 * count
    }
    new.withUnsafeBytes { merged.append(contentsOf: $0) }
    path = merged
  }

  /// Puts an AS number in front (RFC 4271 §5.1.2 b), or in front of the confederation's sequence (RFC 5065 §4.1 b).
  static func prepend(_ number: UInt32, to attributes: inout RouteAttributes, in sequence: UInt8 = ASPath.sequence) {
    var count: UInt8 = 1
    if let old = attributes.range(of: .asPath), old.count >= 2, attributes.records[old.lowerBound] == sequence,
      attributes.records[old.lowerBound + 1] < 255
    {
      count += attributes.records[old.lowerBound + 1]
    }
    func octet(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: number >> shift) }
    // The head of the first segment grows, or a new one is put before it.
    withUnsafeBytes(of: (sequence, count, octet(24), octet(16), octet(8), octet(0))) { front in
      _ = attributes.prepend(front.bytes, to: .asPath, flags: AttributeFlags.wellKnown.rawValue, replacing: count > 1 ? 2 : 0)
    }
  }

  /// Whether there are segments of a confederation.
  static func hasConfederation(_ path: RawSpan) -> Bool {
    var offset = 0
    while path.byteCount - offset >= 2 {
      if path.loadU8(offset) > sequence { return true }
      offset += 2 + 4 * Int(path.loadU8(offset + 1))
    }
    return false
  }

  /// RFC 5065 §4.1 c: what the confederation's members wrote stays inside.
  static func removeConfederation(from attributes: inout RouteAttributes) {
    guard let range = attributes.range(of: .asPath), hasConfederation(attributes.records.span.bytes.extracting(range)) else { return }
    let path = withoutConfederation(attributes.records.span.bytes.extracting(range))
    attributes.set(.asPath, flags: AttributeFlags.wellKnown.rawValue, path)
  }

  /// The path without the confederation's segments.
  static func withoutConfederation(_ path: RawSpan) -> [UInt8] {
    var kept = [UInt8]()
    kept.reserveCapacity(path.byteCount)
    forEachNumber(path) { number, segment, position in
      guard segment.type <= sequence else { return }
      if position == 0 {
        kept.append(segment.type)
        kept.append(segment.count)
      }
      for shift in [UInt32(24), 16, 8, 0] { kept.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    return kept
  }

  /// Whether a number needs more than two octets.
  static func needsFourOctets(_ path: RawSpan) -> Bool {
    var found = false
    forEachNumber(path) { number, _, _ in if number > 0xffff { found = true } }
    return found
  }

  /// Writes the attribute in the form the session takes, with AS4_PATH's information left to `encodeAS4` (RFC 6793 §4.2.2).
  static func encode(_ path: RawSpan, fourOctets: Bool, into writer: inout WireWriter) {
    if fourOctets {
      writer.attribute(AttributeType.asPath.rawValue, .wellKnown, length: path.byteCount)
      writer.append(path)
      return
    }
    var numbers = 0
    var segments = 0
    forEachNumber(path) { _, _, position in
      numbers += 1
      if position == 0 { segments += 1 }
    }
    writer.attribute(AttributeType.asPath.rawValue, .wellKnown, length: 2 * segments + 2 * numbers)
    forEachNumber(path) { number, segment, position in
      if position == 0 {
        writer.u8(segment.type)
        writer.u8(segment.count)
      }
      writer.u16(UInt16(exactly: number) ?? OpenMessage.asTrans)
    }
  }

  static func encodeAS4(_ path: RawSpan, into writer: inout WireWriter) {
    if hasConfederation(path) {
      // RFC 6793 §6: they have no place in it.
      let kept = withoutConfederation(path)
      writer.attribute(AttributeType.as4Path.rawValue, .optionalTransitive, length: kept.count)
      return writer.append(kept)
    }
    writer.attribute(AttributeType.as4Path.rawValue, .optionalTransitive, length: path.byteCount)
    writer.append(path)
  }

  /// Visits the numbers of a well-formed path with their segment and their place in it; stops where it does not add up.
  static func forEachNumber(_ path: RawSpan, _ body: (UInt32, (type: UInt8, count: UInt8), Int) -> Void) {
    var offset = 0
    while path.byteCount - offset >= 2 {
      let type = path.loadU8(offset)
      let count = path.loadU8(offset + 1)
      guard path.byteCount - offset - 2 >= 4 * Int(count) else { return }
      for index in 0..<Int(count) { body(path.loadU32(offset + 2 + 4 * index), (type, count), index) }
      offset += 2 + 4 * Int(count)
    }
  }
}
