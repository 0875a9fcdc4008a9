import RouteCore

/// One attribute of an UPDATE as it came.
///
///     | Flags (1) | Type (1) | Length (1 or 2) | Value |
struct ReceivedAttribute: ~Escapable {
  let code: UInt8
  let flags: AttributeFlags
  let value: RawSpan
  /// Where the value lies in the list of attributes.
  let place: Range<Int>

  @_lifetime(copy value)
  init(_ code: UInt8, _ flags: AttributeFlags, _ value: RawSpan, at place: Range<Int>) {
    self.code = code
    self.flags = flags
    self.value = value
    self.place = place
  }

  /// The flags that are kept (RFC 4271 §5): those that the specification fixes, and of what is carried on Partial too.
  func keptFlags(_ fixed: AttributeFlags) -> UInt8 {
    fixed == .optionalTransitive ? flags.union(fixed).subtracting(.extendedLength).rawValue : fixed.rawValue
  }

  /// Takes an attribute whose form says all there is to be checked.
  @inline(__always)
  func store(_ attribute: BGPAttribute, _ context: DecodeContext, into attributes: inout RouteAttributes) -> Verdict {
    let row = attribute.row
    if row.traits.contains(.internalOnly), !context.isInternal { return .accept }
    guard row.form.admits(value) else { return row.traits.contains(.discardedIfMalformed) ? .discard : .treatAsWithdraw }
    attributes.set(attribute.key, flags: keptFlags(row.flags), value)
    return .accept
  }

  /// RFC 4271 §5, §9: unrecognized optional attributes are carried on if transitive, marked Partial, and else ignored.
  func storeUnknown(into attributes: inout RouteAttributes) {
    guard flags.contains(.optionalTransitive) else { return }
    let kept = flags.union(.partial).intersection([.optional, .transitive, .partial])
    attributes.set(AttributeKey(.bgp, code), flags: kept.rawValue, value)
  }
}

/// What RFC 7606 §2 makes of one attribute; "session reset" is thrown as the NOTIFICATION.
enum Verdict: Hashable, Sendable {
  case accept
  /// The attribute is left out, the routes stay.
  case discard
  /// The routes of the message are treated as withdrawn.
  case treatAsWithdraw
}

/// An error in an UPDATE that did not end the session, for the log.
public struct UpdateProblem: Hashable, Sendable {
  /// The type code of the attribute, nil for the list of them.
  var code: UInt8?
  var verdict: Verdict
  var reason: String

  /// `malformed AS_PATH, treated as withdraw`.
  public var description: String {
    let subject = code.map { "\(reason) \(BGPAttribute.name(ofType: $0))" } ?? reason
    return verdict == .discard ? "\(subject), attribute discarded" : "\(subject), treated as withdraw"
  }
}

extension RawSpan {
  /// Big-endian loads for places that have been checked to exist.
  @inline(__always) func loadU32(_ offset: Int) -> UInt32 {
    UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  @inline(__always) func loadU16(_ offset: Int) -> UInt16 {
    UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  @inline(__always) func loadU8(_ offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
}

extension WireWriter {
  /// Begins an attribute: flags, type, length in one or two octets as needed.
  mutating func attribute(_ code: UInt8, _ flags: AttributeFlags, length: Int) {
    if length > 255 {
      u8(flags.union(.extendedLength).rawValue)
      u8(code)
      u16(UInt16(truncatingIfNeeded: length))
    } else {
      u8(flags.subtracting(.extendedLength).rawValue)
      u8(code)
      u8(UInt8(truncatingIfNeeded: length))
    }
  }

  /// The same with the flags of a known one.
  @inline(__always) mutating func attribute(_ attribute: BGPAttribute, length: Int) {
    self.attribute(attribute.rawValue, attribute.row.flags, length: length)
  }
}
