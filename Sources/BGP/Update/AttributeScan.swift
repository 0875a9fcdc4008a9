import RouteCore

/// One pass over the attributes of an UPDATE: each is checked and stored, or its place remembered if it needs the others.
struct AttributeScan {
  // Places in the attribute list.
  var asPath: Range<Int>?
  var as4Path: Range<Int>?
  var nextHop: Range<Int>?
  var aggregator: Range<Int>?
  var aggregatorFlags: AttributeFlags = []
  var as4Aggregator: Range<Int>?
  var reach: Range<Int>?
  var unreach: Range<Int>?

  /// The first thing that was wrong; "treat as withdraw" displaces "discard".
  private(set) var problem: UpdateProblem?
  private(set) var mustWithdraw = false
  /// The route has been here before.
  var isLoop = false
  /// There are attributes besides MP_UNREACH_NLRI.
  private(set) var hasOthers = false
  /// The types seen, one bit each.
  private var seen: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private let size: Int

  init(_ size: Int) { self.size = size }

  var isRejected: Bool { mustWithdraw || isLoop }

  mutating func report(_ new: UpdateProblem) {
    if problem == nil || problem?.verdict == .discard && new.verdict == .treatAsWithdraw { problem = new }
  }

  mutating func note(_ type: AttributeType, _ verdict: Verdict) {
    switch verdict {
    case .accept: return
    case .discard: report(UpdateProblem(type: type, verdict: .discard, reason: "malformed"))
    case .treatAsWithdraw:
      mustWithdraw = true
      report(UpdateProblem(type: type, verdict: .treatAsWithdraw, reason: "malformed"))
    }
  }

  /// Well-formed, but not to be used on this session (RFC 7311 §3.1).
  mutating func ignore(_ type: AttributeType) {
    report(UpdateProblem(type: type, verdict: .discard, reason: "unexpected"))
  }

  mutating func missing(_ type: AttributeType) {
    mustWithdraw = true
    report(UpdateProblem(type: type, verdict: .treatAsWithdraw, reason: "missing"))
  }

  /// Well-formed, but not acceptable.
  mutating func refuse(_ type: AttributeType, _ reason: String) {
    mustWithdraw = true
    report(UpdateProblem(type: type, verdict: .treatAsWithdraw, reason: reason))
  }

  mutating func run(_ list: RawSpan, _ context: DecodeContext, into attributes: inout RouteAttributes) throws(Notification) {
    var reader = WireReader(list)
    while !reader.isEmpty {
      let start = size - reader.remaining
      guard let rawFlags = try? reader.u8(), let code = try? reader.u8() else { return broken() }
      let flags = AttributeFlags(rawValue: rawFlags)
      let length: Int
      if flags.contains(.extendedLength) {
        guard let long = try? reader.u16() else { return broken() }
        length = Int(long)
      } else {
        guard let short = try? reader.u8() else { return broken() }
        length = Int(short)
      }
      let place = size - reader.remaining
      guard let value = try? reader.take(length) else { return broken() }
      let type = AttributeType(rawValue: code)
      if type != .unreach { hasOthers = true }
      guard try isFirst(type) else { continue }
      if let expected = type.flags, flags.intersection(.category) != expected {
        // RFC 7311 §3.2
        if type == .aigp {
          note(type, .discard)
          continue
        }
        // RFC 7606 §3 (c). The routes have to be read nevertheless.
        mustWithdraw = true
        report(UpdateProblem(type: type, verdict: .treatAsWithdraw, reason: "wrong flags of"))
        if type == .reach { reach = place..<(place + length) }
        if type == .unreach { unreach = place..<(place + length) }
        continue
      }
      note(type, try decode(type, flags, value, place..<(place + length), context, into: &attributes))
      if type.flags == nil, !flags.contains(.optional) {
        // RFC 4271 §6.3: the erroneous attribute is the data.
        throw .unrecognizedWellKnown(list.extracting(start..<(place + length)).withUnsafeBytes { Array($0.prefix(256)) })
      }
    }
  }

  /// RFC 7606 §4: an attribute that does not fit ends the list and is treated as withdraw.
  private mutating func broken() {
    mustWithdraw = true
    hasOthers = true
    report(UpdateProblem(type: nil, verdict: .treatAsWithdraw, reason: "malformed attribute list"))
  }

  /// RFC 7606 §3 (g): the first of several counts; the multiprotocol attributes must not be repeated.
  private mutating func isFirst(_ type: AttributeType) throws(Notification) -> Bool {
    let bit = UInt64(1) << UInt64(type.rawValue & 63)
    let known: Bool
    switch type.rawValue >> 6 {
    case 0: (known, seen.0) = (seen.0 & bit != 0, seen.0 | bit)
    case 1: (known, seen.1) = (seen.1 & bit != 0, seen.1 | bit)
    case 2: (known, seen.2) = (seen.2 & bit != 0, seen.2 | bit)
    default: (known, seen.3) = (seen.3 & bit != 0, seen.3 | bit)
    }
    guard known else { return true }
    if type == .reach || type == .unreach { throw .malformedAttributeList }
    report(UpdateProblem(type: type, verdict: .discard, reason: "repeated"))
    return false
  }

  private mutating func decode(
    _ type: AttributeType, _ flags: AttributeFlags, _ value: RawSpan, _ place: Range<Int>, _ context: DecodeContext,
    into attributes: inout RouteAttributes
  ) throws(Notification) -> Verdict {
    switch type {
    case .origin: return OriginAttribute.decode(value, into: &attributes)
    case .asPath: asPath = place
    case .nextHop:
      // RFC 7606 §7.3.
      guard value.byteCount == 4 else { return .treatAsWithdraw }
      nextHop = place
    case .multiExitDiscriminator: return MultiExitDiscriminator.decode(value, into: &attributes)
    case .localPref: return quietly(LocalPref.decode(value, context, into: &attributes), context)
    case .atomicAggregate: return AtomicAggregate.decode(value, into: &attributes)
    case .aggregator:
      aggregator = place
      aggregatorFlags = flags
    case .communities: return Communities.decode(value, .communities, flags: flags, into: &attributes)
    case .originatorID: return quietly(Reflection.decodeOriginator(value, context, into: &attributes), context)
    case .clusterList: return quietly(Reflection.decodeClusterList(value, context, into: &attributes), context)
    case .reach: reach = place
    case .unreach: unreach = place
    case .extendedCommunities: return Communities.decode(value, .extendedCommunities, flags: flags, into: &attributes)
    case .largeCommunities: return Communities.decode(value, .largeCommunities, flags: flags, into: &attributes)
    case .aigp: return AIGP.decode(value, into: &attributes)
    case .onlyToCustomer: return OnlyToCustomer.decode(value, flags: flags, into: &attributes)
    // RFC 6793 §4.1, §6: never from a peer that knows four octets; a broken one is discarded where it is used.
    case .as4Path: if !context.fourOctetAS { as4Path = place }
    case .as4Aggregator: if !context.fourOctetAS { as4Aggregator = place }
    default:
      // RFC 4271 §5, §9: unrecognized optional attributes are carried on if transitive, marked Partial, and else ignored.
      if flags.contains(.optionalTransitive) {
        let kept = flags.union(.partial).intersection([.optional, .transitive, .partial])
        attributes.set(AttributeKey(.bgp, type.rawValue), flags: kept.rawValue, value)
      }
    }
    return .accept
  }

  /// What an external peer must not send is left out without a word: many do.
  private func quietly(_ verdict: Verdict, _ context: DecodeContext) -> Verdict {
    verdict == .discard && !context.isInternal ? .accept : verdict
  }
}
