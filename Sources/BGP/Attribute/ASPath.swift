import RouteCore

/// AS_PATH (RFC 4271 §5.1.2, RFC 6793): well-known mandatory. Inside the daemon AS numbers always have four octets.
///
///     | Segment type (1) | Count (1) | AS number (4, or 2 with an old peer) … |  …
enum ASPath {
  static let set: UInt8 = 1
  static let sequence: UInt8 = 2

  /// What a peer may send besides AS_SEQUENCE.
  struct Segments: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let sets = Segments(rawValue: 1)
  }

  /// What the decision and the loop check need to know of a path.
  struct Summary: Equatable {
    /// RFC 4271 §9.1.2.2 a: an AS_SET counts as one.
    var length = 0
    /// The first AS, 0 for an empty path or one that begins with a set.
    var first: UInt32 = 0
    /// How often our own AS is in it.
    var own = 0
  }

  /// Checks a path of four-octet numbers; nil if it is malformed: RFC 7606 §7.2, RFC 7607 §2 (AS 0), RFC 5065 §5 (confederation
  /// segments have no business outside a confederation), RFC 6472 (AS_SETs, where they are not wanted).
  static func summarize(_ path: RawSpan, own: UInt32, allowing segments: Segments = .sets) -> Summary? {
    var summary = Summary()
    var offset = 0
    while offset < path.byteCount {
      guard path.byteCount - offset >= 2 else { return nil }
      let type = path.loadU8(offset)
      let count = Int(path.loadU8(offset + 1))
      guard type == sequence || type == set && segments.contains(.sets), count > 0, path.byteCount - offset - 2 >= 4 * count else {
        return nil
      }
      for index in 0..<count {
        let number = path.loadU32(offset + 2 + 4 * index)
        if number == 0 { return nil }
        if number == own { summary.own += 1 }
      }
      if offset == 0, type == sequence { summary.first = path.loadU32(2) }
      summary.length += type == sequence ? count : 1
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
    while missing > 0, offset + 2 <= path.count {
      let type = path[offset]
      let count = Int(path[offset + 1])
      // A set counts as one and is never divided.
      let taken = type == set ? count : min(count, missing)
      guard offset + 2 + 4 * count <= path.count else { return }
      merged.append(type)
      merged.append(UInt8(truncatingIfNeeded: taken))
      merged.append(contentsOf: path[(offset + 2)..<(offset + 2 + 4 * taken)])
      missing -= type == set ? 1 : taken
      offset += 2 + 4 * count
    }
    new.withUnsafeBytes { merged.append(contentsOf: $0) }
    path = merged
  }

  /// Puts an AS number in front (RFC 4271 §5.1.2 b).
  static func prepend(_ number: UInt32, to attributes: inout RouteAttributes) {
    var path = [UInt8]()
    let old = attributes.range(of: .asPath)
    let count = old.map { $0.count } ?? 0
    path.reserveCapacity(count + 6)
    var rest = old ?? 0..<0
    path.append(sequence)
    if let old, old.count >= 2, attributes.records[old.lowerBound] == sequence, attributes.records[old.lowerBound + 1] < 255 {
      path.append(attributes.records[old.lowerBound + 1] + 1)
      rest = (old.lowerBound + 2)..<old.upperBound
    } else {
      path.append(1)
    }
    for shift in [UInt32(24), 16, 8, 0] { path.append(UInt8(truncatingIfNeeded: number >> shift)) }
    path.append(contentsOf: attributes.records[rest])
    attributes.set(.asPath, flags: AttributeFlags.wellKnown.rawValue, path)
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
    writer.attribute(AttributeType.as4Path.rawValue, .optionalTransitive, length: path.byteCount)
    writer.append(path)
  }

  /// `65002 65003 { 1 2 }`, or with the braces of 2.x: `65002 65003 {1 2}`.
  static func text(_ path: RawSpan, _ style: AttributeText.Style = .bird1) -> String {
    var words = [String]()
    let (opening, closing) = style == .bird1 ? ("{ ", " }") : ("{", "}")
    forEachNumber(path) { number, segment, position in
      let opens = segment.type == set && position == 0
      let closes = segment.type == set && position == Int(segment.count) - 1
      words.append("\(opens ? opening : "")\(number)\(closes ? closing : "")")
    }
    return words.joined(separator: " ")
  }

  /// The last AS of the path, as the short form of `show route` names it; nil if there is none or it is in a set.
  static func last(_ path: RawSpan) -> UInt32? {
    var last: UInt32?
    forEachNumber(path) { number, segment, _ in last = segment.type == sequence ? number : nil }
    return last
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
