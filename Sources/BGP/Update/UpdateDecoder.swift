import RouteCore

/// What decoding needs to know of the session, as plain numbers.
struct DecodeContext: Hashable, Sendable {
  var localAS: UInt32
  var remoteAS: UInt32
  var localID: UInt32
  var remoteID: UInt32
  var clusterID: UInt32
  var localAddress: IPAddress
  var localLinkLocal: IPAddress
  var remoteAddress: IPAddress
  var isInternal: Bool
  /// The peer is of another member AS of our confederation.
  var isConfederationPeer: Bool
  /// The confederation that the path must not have seen, 0 where our AS says it all.
  var confederation: UInt32
  var fourOctetAS: Bool
  var ipv4: Bool
  var ipv6: Bool
  /// The peer puts path identifiers before its prefixes (RFC 7911).
  var pathsIPv4: Bool
  var pathsIPv6: Bool
  /// Next hops of the other family are allowed.
  var extendedIPv4: Bool
  var extendedIPv6: Bool
  var takesLocalPref: Bool
  var defaultLocalPref: UInt32
  var defaultMED: UInt32
  var allowedOwnAS: UInt32
  var enforceFirstAS: Bool
  var pathSegments: ASPathAttribute.Segments
  var role: Role?
  var fromClient: Bool
  /// Families for which AIGP is taken.
  var aigpIPv4: Bool
  var aigpIPv6: Bool

  init(_ session: SessionParameters) {
    let configuration = session.configuration
    localAS = session.localAS
    remoteAS = session.remoteAS
    localID = session.localID.rawValue
    remoteID = session.remoteID.rawValue
    clusterID = session.clusterID.rawValue
    localAddress = session.endpoints.local
    localLinkLocal = session.endpoints.linkLocal ?? session.endpoints.local
    remoteAddress = session.endpoints.remote
    isInternal = session.isInternal
    isConfederationPeer = session.isInterior && !session.isInternal
    confederation = session.publicAS == session.localAS ? 0 : session.publicAS
    fourOctetAS = session.fourOctetAS
    ipv4 = session.ipv4
    ipv6 = session.ipv6
    pathsIPv4 = session.receivesPaths(.ipv4)
    pathsIPv6 = session.receivesPaths(.ipv6)
    extendedIPv4 = session.extendedNextHop(.ipv4)
    extendedIPv6 = session.extendedNextHop(.ipv6)
    takesLocalPref = session.isInterior || configuration.allowLocalPref
    defaultLocalPref = configuration.defaultLocalPref
    defaultMED = configuration.defaultMED
    allowedOwnAS = configuration.allowLocalAS
    enforceFirstAS = configuration.enforceFirstAS && !session.isInternal
    role = configuration.localRole
    aigpIPv4 = session.accumulatesMetric(.ipv4)
    aigpIPv6 = session.accumulatesMetric(.ipv6)
    pathSegments = configuration.allowASSets ? .sets : []
    if configuration.confederation != nil, session.isInterior { pathSegments.insert(.confederation) }
    fromClient = session.isInternal && configuration.routeReflectorClient
  }

  func summarize(_ path: RawSpan) -> ASPathAttribute.Summary? {
    ASPathAttribute.summarize(path, own: localAS, confederation: confederation, allowing: pathSegments)
  }

  /// How prefixes of a family are written.
  func form(_ family: AddressFamily) -> NLRI.Form { NLRI.Form(family: family, hasPaths: family == .ipv4 ? pathsIPv4 : pathsIPv6) }

  func carries(_ family: AddressFamily?) -> Bool { family == .ipv4 ? ipv4 : family == .ipv6 ? ipv6 : false }
}

/// Decodes UPDATEs (RFC 4271 §4.3): attributes once per message into a reused value, prefixes streamed.
///
///     | Withdrawn length (2) | Withdrawn routes | Attributes length (2) | Attributes | NLRI (to the end) |
///
/// Nothing reaches the sink before the whole message is known to be readable, so a session reset leaves no half-applied UPDATE.
struct UpdateDecoder: Sendable {
  private(set) var context: DecodeContext?
  var attributes = RouteAttributes(AttributeHeader(source: .bgp, preference: 100))
  /// AS_PATH while its numbers are widened; empty else.
  var path: [UInt8] = []

  /// The family of which the last message was the End-of-RIB.
  private(set) var endedFamily: AddressFamily?

  /// A session begins.
  mutating func begin(_ session: SessionParameters) { context = DecodeContext(session) }

  /// Decodes one body. Throws what resets the session; answers what was tolerated as RFC 7606 demands.
  mutating func decode<Sink: RouteSink & ~Copyable>(_ body: RawSpan, sink: inout Sink) throws(Notification) -> UpdateProblem? {
    guard let context else { return nil }
    endedFamily = nil
    var reader = WireReader(body)
    // RFC 7606 §3 (b), RFC 4271 §6.3: lengths that do not add up are not survivable.
    guard let withdrawnLength = try? reader.u16(), let withdrawn = try? reader.take(Int(withdrawnLength)),
      let attributesLength = try? reader.u16(), let list = try? reader.take(Int(attributesLength))
    else { throw .malformedAttributeList }
    let routes = reader.rest
    let classic = context.form(.ipv4)
    try NLRI.check(withdrawn, classic)
    try NLRI.check(routes, classic)
    if list.byteCount == 0 {
      if context.ipv4 { decodeWithdrawn(withdrawn, routes, classic, sink: &sink) }
      return routes.byteCount == 0 ? nil : UpdateProblem(code: nil, verdict: .treatAsWithdraw, reason: "missing mandatory attribute")
    }
    var scan = AttributeScan(list.byteCount)
    attributes.reset(header(context))
    try scan.run(list, context, into: &attributes)
    let reach: Multiprotocol.Reach? =
      if let range = scan.reach { try Multiprotocol.decodeReach(list.extracting(range), context) } else { nil }
    let unreach: AddressFamily?? =
      if let range = scan.unreach { .some(try Multiprotocol.decodeUnreach(list.extracting(range), context)) } else { nil }
    let announces = routes.byteCount > 0 || !(reach?.routes.isEmpty ?? true)
    if announces { finishAttributes(&scan, list, context, classic: routes.byteCount > 0) }
    if attributes.contains(.accumulatedMetric) {
      let isTaken = (routes.byteCount == 0 || context.aigpIPv4) && (reach?.family == .ipv6 ? context.aigpIPv6 : context.aigpIPv4)
      if announces, !isTaken { dropAIGP(&scan) }
    }
    // RFC 7606 §5.2: an attribute error in a message without a readable route may have hidden the routes.
    if scan.mustWithdraw, !announces, scan.hasOthers { throw .malformedAttributeList }

    if context.ipv4 { NLRI.forEach(withdrawn, classic) { sink.withdraw($0, path: $1) } }
    if let range = scan.unreach, case .some(.some(let family)) = unreach, context.carries(family) {
      let fields = list.extracting(range).extracting(droppingFirst: 3)
      if fields.byteCount == 0, !announces, !scan.hasOthers, withdrawn.byteCount == 0 { end(family, &sink) }
      NLRI.forEach(fields, context.form(family)) { sink.withdraw($0, path: $1) }
    }
    if routes.byteCount > 0, context.ipv4 {
      let usable = !scan.isRejected && storeClassicNextHop(&scan, list, context)
      deliver(routes, classic, usable: usable, sink: &sink)
    }
    if let reach, let range = scan.reach, let family = reach.family, context.carries(family) {
      let value = list.extracting(range)
      let usable = !scan.isRejected && store(value.extracting(reach.nextHop), family, &scan, context)
      deliver(value.extracting(reach.routes), context.form(family), usable: usable, sink: &sink)
    }
    return scan.problem
  }

  /// RFC 7311 §3.1: from peers that are not to send it it is ignored.
  private mutating func dropAIGP(_ scan: inout AttributeScan) {
    attributes.remove(.accumulatedMetric)
    scan.note(.aigp, .discard, "unexpected")
  }

  /// A message without attributes: withdrawals, or nothing at all, which is End-of-RIB (RFC 4724 §2).
  private mutating func decodeWithdrawn<Sink: RouteSink & ~Copyable>(
    _ withdrawn: RawSpan, _ routes: RawSpan, _ form: NLRI.Form, sink: inout Sink
  ) {
    if withdrawn.byteCount == 0, routes.byteCount == 0 { return end(.ipv4, &sink) }
    NLRI.forEach(withdrawn, form) { sink.withdraw($0, path: $1) }
    // Routes without any attribute: RFC 7606 §3 (d).
    NLRI.forEach(routes, form) { sink.withdraw($0, path: $1) }
  }

  private mutating func end<Sink: RouteSink & ~Copyable>(_ family: AddressFamily, _ sink: inout Sink) {
    endedFamily = family
    sink.endOfRIB(family)
  }

  private func header(_ context: DecodeContext) -> AttributeHeader {
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.from = context.remoteAddress
    header.routerID = context.remoteID
    if !context.isInternal { header.flags.insert(.external) }
    if context.isConfederationPeer { header.flags.insert(.confederation) }
    if context.fromClient { header.flags.insert(.reflectorClient) }
    header.localPref = context.defaultLocalPref
    // What a route without MULTI_EXIT_DISC is compared by (RFC 4271 §9.1.2.2 c leaves it to the operator).
    header.med = context.defaultMED
    return header
  }

  /// AS_PATH, AGGREGATOR, what is missing, and loops: everything that needs all attributes.
  private mutating func finishAttributes(_ scan: inout AttributeScan, _ list: RawSpan, _ context: DecodeContext, classic: Bool) {
    // RFC 7606 §3 (d): a missing mandatory attribute is treated as withdraw.
    if !attributes.header.flags.contains(.hasOrigin) { scan.note(.origin, .treatAsWithdraw, "missing") }
    if classic, scan.nextHop == nil { scan.note(.nextHop, .treatAsWithdraw, "missing") }
    attributes.header.flags.insert(.hasLocalPref)
    if let (place, flags) = scan.aggregator {
      let new: RawSpan? = if let place = scan.as4Aggregator { list.extracting(place) } else { nil }
      let received = ReceivedAttribute(BGPAttribute.aggregator.rawValue, flags, list.extracting(place), at: place)
      scan.note(.aggregator, Aggregator.decode(received, new: new, fourOctets: context.fourOctetAS, into: &attributes))
    }
    if let role = context.role, !OnlyToCustomer.receive(&attributes, role, remoteAS: context.remoteAS) {
      scan.note(.onlyToCustomer, .treatAsWithdraw, "route leak shown by")
    }
    guard let range = scan.asPath else { return scan.note(.asPath, .treatAsWithdraw, "missing") }
    guard let summary = storePath(list.extracting(range), scan, list, context) else { return scan.note(.asPath, .treatAsWithdraw) }
    attributes.header.pathLength = UInt16(clamping: summary.length)
    attributes.header.neighborAS = summary.first
    // RFC 5065 §5: a member of our confederation has put its number in front.
    if context.isConfederationPeer, !summary.beginsInConfederation { scan.note(.asPath, .treatAsWithdraw) }
    // RFC 4271 §6.3, last paragraph of AS_PATH.
    if context.enforceFirstAS, summary.leading != context.remoteAS { scan.note(.asPath, .treatAsWithdraw) }
    // RFC 4271 §9.1.2, RFC 5065 §4, RFC 4456 §8: no error, but nothing for us.
    if max(summary.own, summary.ownConfederation) > Int(context.allowedOwnAS) || Reflection.isLoop(attributes, context) {
      scan.isLoop = true
    }
  }

  private mutating func storePath(_ value: RawSpan, _ scan: AttributeScan, _ list: RawSpan, _ context: DecodeContext) -> ASPathAttribute
    .Summary?
  {
    let flags = AttributeFlags.wellKnown.rawValue
    if context.fourOctetAS {
      guard let summary = context.summarize(value) else { return nil }
      attributes.set(.asPath, flags: flags, value)
      return summary
    }
    // Taken out while it is worked on, so that no copy is made.
    var path = [UInt8]()
    swap(&path, &self.path)
    defer { swap(&path, &self.path) }
    guard ASPathAttribute.widen(value, into: &path), var summary = context.summarize(path.span.bytes) else { return nil }
    if let place = scan.as4Path, !ignoresAS4(scan, list),
      let new = ASPathAttribute.summarize(list.extracting(place), own: 0, allowing: context.pathSegments.union(.confederation))
    {
      // RFC 6793 §6: confederation segments in AS4_PATH are left out.
      let kept = new.hasConfederation ? ASPathAttribute.withoutConfederation(list.extracting(place)) : []
      ASPathAttribute.merge(
        &path, length: summary.length, with: new.hasConfederation ? kept.span.bytes : list.extracting(place), length: new.length)
      guard let merged = context.summarize(path.span.bytes) else { return nil }
      summary = merged
    }
    attributes.set(.asPath, flags: flags, path.span.bytes)
    return summary
  }

  /// RFC 6793 §4.2.3: an AGGREGATOR whose AS is not AS_TRANS, beside AS4_AGGREGATOR, shows that the AS4 attributes are stale.
  private func ignoresAS4(_ scan: AttributeScan, _ list: RawSpan) -> Bool {
    guard let range = scan.aggregator?.place, scan.as4Aggregator != nil, range.count == 6 else { return false }
    return list.extracting(range).loadU16(0) != OpenMessage.asTrans
  }

  private mutating func storeClassicNextHop(_ scan: inout AttributeScan, _ list: RawSpan, _ context: DecodeContext) -> Bool {
    guard let range = scan.nextHop else { return false }
    return store(list.extracting(range), .ipv4, &scan, context)
  }

  private mutating func store(_ value: RawSpan, _ family: AddressFamily, _ scan: inout AttributeScan, _ context: DecodeContext) -> Bool {
    let usable =
      value.byteCount == 4
      ? NextHopAttribute.store(ipv4: value, context, into: &attributes)
      : NextHopAttribute.store(ipv6: value, family, context, into: &attributes)
    if !usable { scan.report(UpdateProblem(code: BGPAttribute.nextHop.rawValue, verdict: .treatAsWithdraw, reason: "invalid")) }
    return usable
  }

  private func deliver<Sink: RouteSink & ~Copyable>(_ routes: RawSpan, _ form: NLRI.Form, usable: Bool, sink: inout Sink) {
    guard routes.byteCount > 0 else { return }
    guard usable else { return NLRI.forEach(routes, form) { sink.withdraw($0, path: $1) } }
    sink.begin(attributes, form.family)
    NLRI.forEach(routes, form) { sink.announce($0, path: $1) }
  }
}
