import RouteCore

/// One pass over the attributes of an UPDATE: each is checked and stored, or its place remembered if it needs the others.
struct AttributeScan {
  // Places in the attribute list.
  var asPath: Range<Int>?
  var as4Path: Range<Int>?
  var nextHop: Range<Int>?
  var aggregator: (place: Range<Int>, flags: AttributeFlags)?
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

  mutating func note(_ attribute: BGPAttribute, _ verdict: Verdict, _ reason: String = "malformed") {
    if verdict == .accept { return }
    if verdict == .treatAsWithdraw { mustWithdraw = true }
    report(UpdateProblem(code: attribute.rawValue, verdict: verdict, reason: reason))
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
      let received = ReceivedAttribute(code, flags, value, at: place..<(place + length))
      if code != BGPAttribute.unreach.rawValue { hasOthers = true }
      guard try isFirst(code) else { continue }
      guard let attribute = BGPAttribute(rawValue: code) else {
        received.storeUnknown(into: &attributes)
        if flags.contains(.optional) { continue }
        // RFC 4271 §6.3: the erroneous attribute is the data.
        throw .unrecognizedWellKnown(list.extracting(start..<(place + length)).withUnsafeBytes { Array($0.prefix(256)) })
      }
      if flags.intersection(.category) == attribute.row.flags {
        note(attribute, decode(attribute, received, context, into: &attributes))
      } else if attribute.row.traits.contains(.discardedIfMiscategorized) {
        note(attribute, .discard)
      } else {
        note(attribute, .treatAsWithdraw, "wrong flags of")
        // The routes have to be read nevertheless.
        if attribute == .reach { reach = received.place }
        if attribute == .unreach { unreach = received.place }
      }
    }
  }

  /// RFC 7606 §4: an attribute that does not fit ends the list and is treated as withdraw.
  private mutating func broken() {
    mustWithdraw = true
    hasOthers = true
    report(UpdateProblem(code: nil, verdict: .treatAsWithdraw, reason: "malformed attribute list"))
  }

  /// RFC 7606 §3 (g): the first of several counts; the multiprotocol attributes must not be repeated.
  private mutating func isFirst(_ code: UInt8) throws(Notification) -> Bool {
    let bit = UInt64(1) << UInt64(code & 63)
    let known: Bool
    switch code >> 6 {
    case 0: (known, seen.0) = (seen.0 & bit != 0, seen.0 | bit)
    case 1: (known, seen.1) = (seen.1 & bit != 0, seen.1 | bit)
    case 2: (known, seen.2) = (seen.2 & bit != 0, seen.2 | bit)
    default: (known, seen.3) = (seen.3 & bit != 0, seen.3 | bit)
    }
    guard known else { return true }
    if code == BGPAttribute.reach.rawValue || code == BGPAttribute.unreach.rawValue { throw .malformedAttributeList }
    report(UpdateProblem(code: code, verdict: .discard, reason: "repeated"))
    return false
  }

  @inline(__always)
  private mutating func decode(
    _ attribute: BGPAttribute, _ received: borrowing ReceivedAttribute, _ context: DecodeContext, into attributes: inout RouteAttributes
  ) -> Verdict {
    switch attribute {
    case .origin: return OriginAttribute.decode(received.value, into: &attributes)
    case .asPath: asPath = received.place
    case .nextHop:
      // RFC 7606 §7.3.
      guard received.value.byteCount == 4 else { return .treatAsWithdraw }
      nextHop = received.place
    case .multiExitDiscriminator: return MultiExitDiscriminator.decode(received.value, into: &attributes)
    case .localPref: return LocalPref.decode(received.value, context, into: &attributes)
    case .aggregator: aggregator = (received.place, received.flags)
    case .reach: reach = received.place
    case .unreach: unreach = received.place
    // RFC 6793 §4.1, §6: never from a peer that knows four octets; a broken one is discarded where it is used.
    case .as4Path: if !context.fourOctetAS { as4Path = received.place }
    case .as4Aggregator: if !context.fourOctetAS { as4Aggregator = received.place }
    case .originatorID:
      let verdict = received.store(attribute, context, into: &attributes)
      if let originator = attributes.u32(.originatorID) { attributes.header.routerID = originator }
      return verdict
    // The row of any other says what is to be checked.
    default: return received.store(attribute, context, into: &attributes)
    }
    return .accept
  }
}
