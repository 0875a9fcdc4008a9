import RouteCore

/// Path attribute type codes (IANA "BGP Path Attributes") that this module knows.
struct AttributeType: RawRepresentable, Hashable, Sendable {
  let rawValue: UInt8
  init(rawValue: UInt8) { self.rawValue = rawValue }

  static let origin = AttributeType(rawValue: 1)
  static let asPath = AttributeType(rawValue: 2)
  static let nextHop = AttributeType(rawValue: 3)
  static let multiExitDiscriminator = AttributeType(rawValue: 4)
  static let localPref = AttributeType(rawValue: 5)
  static let atomicAggregate = AttributeType(rawValue: 6)
  static let aggregator = AttributeType(rawValue: 7)
  static let communities = AttributeType(rawValue: 8)
  static let originatorID = AttributeType(rawValue: 9)
  static let clusterList = AttributeType(rawValue: 10)
  static let reach = AttributeType(rawValue: 14)
  static let unreach = AttributeType(rawValue: 15)
  static let extendedCommunities = AttributeType(rawValue: 16)
  static let as4Path = AttributeType(rawValue: 17)
  static let as4Aggregator = AttributeType(rawValue: 18)
  static let aigp = AttributeType(rawValue: 26)
  static let largeCommunities = AttributeType(rawValue: 32)
  static let onlyToCustomer = AttributeType(rawValue: 35)

  /// The Optional and Transitive bits that the attribute's specification demands; nil for a type we do not know.
  var flags: AttributeFlags? {
    switch rawValue {
    case 1, 2, 3, 5, 6: .wellKnown
    case 4, 9, 10, 14, 15, 26: .optionalNonTransitive
    case 7, 8, 16, 17, 18, 32, 35: .optionalTransitive
    default: nil
    }
  }

  /// As the log names it.
  var name: String {
    switch rawValue {
    case 1: "ORIGIN"
    case 2: "AS_PATH"
    case 3: "NEXT_HOP"
    case 4: "MULTI_EXIT_DISC"
    case 5: "LOCAL_PREF"
    case 6: "ATOMIC_AGGREGATE"
    case 7: "AGGREGATOR"
    case 8: "COMMUNITIES"
    case 9: "ORIGINATOR_ID"
    case 10: "CLUSTER_LIST"
    case 14: "MP_REACH_NLRI"
    case 15: "MP_UNREACH_NLRI"
    case 16: "EXTENDED COMMUNITIES"
    case 17: "AS4_PATH"
    case 18: "AS4_AGGREGATOR"
    case 26: "AIGP"
    case 32: "LARGE_COMMUNITY"
    case 35: "ONLY_TO_CUSTOMER"
    default: "attribute \(rawValue)"
    }
  }
}

/// Attribute flags (RFC 4271 §4.3).
struct AttributeFlags: OptionSet, Hashable, Sendable {
  let rawValue: UInt8
  init(rawValue: UInt8) { self.rawValue = rawValue }

  static let optional = AttributeFlags(rawValue: 0x80)
  static let transitive = AttributeFlags(rawValue: 0x40)
  static let partial = AttributeFlags(rawValue: 0x20)
  static let extendedLength = AttributeFlags(rawValue: 0x10)

  static let wellKnown: AttributeFlags = [.transitive]
  static let optionalNonTransitive: AttributeFlags = [.optional]
  static let optionalTransitive: AttributeFlags = [.optional, .transitive]
  /// The two bits that a specification fixes.
  static let category: AttributeFlags = [.optional, .transitive]
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
  var type: AttributeType?
  var verdict: Verdict
  var reason: String

  /// `malformed AS_PATH, treated as withdraw`.
  public var description: String {
    let subject = type.map { "\(reason) \($0.name)" } ?? reason
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
  mutating func attribute(_ type: UInt8, _ flags: AttributeFlags, length: Int) {
    if length > 255 {
      u8(flags.union(.extendedLength).rawValue)
      u8(type)
      u16(UInt16(truncatingIfNeeded: length))
    } else {
      u8(flags.subtracting(.extendedLength).rawValue)
      u8(type)
      u8(UInt8(truncatingIfNeeded: length))
    }
  }
}
