import RouteCore

/// Where the router would send packets for a route that is about to be announced.
public struct ExportGateway: Hashable, Sendable {
  /// The gateway; nil for a route that has none (connected, blackhole …) or several.
  public var address: IPAddress?
  /// The interface of that gateway; 0 if unknown.
  public var interface: UInt32
  /// What the way there costs, or of a route of another protocol what the route costs; from `NextHopTable.unknownMetric` on unknown.
  public var igpMetric: UInt32

  /// A way by its gateway and what it costs.
  public init(address: IPAddress? = nil, interface: UInt32 = 0, igpMetric: UInt32 = 0) {
    self.address = address
    self.interface = interface
    self.igpMetric = igpMetric
  }

  /// No gateway, or several; at no cost.
  public static let none = ExportGateway()

  /// That of a route with these next hops.
  public init(_ hops: [NextHop], igpMetric: UInt32 = 0) {
    self = hops.count == 1 ? ExportGateway(address: hops[0].gateway, interface: hops[0].interface) : .none
    self.igpMetric = igpMetric
  }
}

/// Which routes may go to a peer, and what their attributes become on the way (RFC 4271 §5.1, §9.1.3, RFC 4456).
///
/// The order is: `mayExport`, the export filter, `prepare`. That a route is not sent back over the session it came from is the
/// channel's business. In the 1.6 language `preset` comes before the filter, which so has the last word; `prepare` does it for routes
/// that no filter has changed.
public enum ExportRules {
  /// Whether a route may be announced at all; asked before the export filter.
  public static func mayExport(_ header: AttributeHeader, _ records: RawSpan, to session: borrowing SessionParameters) -> Bool {
    // RFC 4271 §9.2.1 and RFC 4456 §6: between internal peers only what a client sent or is sent to.
    if header.source == .bgp, session.isInternal, !header.flags.contains(.external), !header.flags.contains(.reflectorClient),
      !session.configuration.routeReflectorClient
    {
      return false
    }
    if let role = session.configuration.localRole, !OnlyToCustomer.mayExport(records, role) { return false }
    if session.configuration.interpretCommunities, let found = AttributeRecords.find(.communities, in: records) {
      return !Communities.forbidExport(records.extracting(found.value), to: session)
    }
    return true
  }

  /// Gives a route, as it comes from the export filter, the attributes it is announced with. Answers whether it can be announced.
  ///
  /// The result is canonical: routes to be announced with equal attributes have equal values, and belong into one UPDATE.
  public static func prepare(
    _ attributes: inout RouteAttributes, family: AddressFamily, via gateway: ExportGateway, to session: borrowing SessionParameters
  ) -> Bool {
    if !session.configuration.presetsAttributes {
      complete(&attributes, family, gateway, session)
    } else if !attributes.header.flags.contains(.isPreset) {
      preset(&attributes, family: family, via: gateway, to: session)
    }
    // The filter of the 1.6 language may have taken away what no UPDATE can be without (RFC 4271 §5).
    guard attributes.header.flags.contains(.hasOrigin), attributes.contains(.asPath),
      finishNextHop(&attributes, family, gateway, session)
    else { return false }
    AIGP.prepare(&attributes, family, gateway, session)
    for namespace in [AttributeKey.Namespace.ospf, .kernel, .custom] { attributes.removeAll(in: namespace) }
    if !session.isInternal {
      attributes.remove(.originatorID)
      attributes.remove(.clusterList)
    }
    if !session.isInterior { Communities.removeNonTransitive(from: &attributes) }
    attributes.header = header(attributes.header, session)
    if let role = session.configuration.localRole { OnlyToCustomer.send(&attributes, role, localAS: session.publicAS) }
    return true
  }

  /// What the 2.x language adds to what the export filter has left.
  private static func complete(
    _ attributes: inout RouteAttributes, _ family: AddressFamily, _ gateway: ExportGateway, _ session: borrowing SessionParameters
  ) {
    if !attributes.header.flags.contains(.hasOrigin) {
      attributes.header.flags.insert(.hasOrigin)
      attributes.header.origin = attributes.header.source == .bgp ? .incomplete : .igp
    }
    // RFC 5065 §5: outside of the confederation nothing is seen of its members.
    if !session.isInterior || session.configuration.confederation == nil { ASPathAttribute.removeConfederation(from: &attributes) }
    if prependsAS(session) {
      // RFC 5065 §4.1 b: for another member of the confederation in a sequence of its own kind.
      ASPathAttribute.prepend(session.publicAS, to: &attributes, in: session.isInterior ? .confederationSequence : .sequence)
      // RFC 4271 §5.1.4: a MED must not reach another AS, unless the filter says so.
      if !session.isInterior, !attributes.header.flags.contains(.medSetByFilter) { attributes.header.flags.remove(.hasMED) }
    } else if !attributes.contains(.asPath) {
      attributes.set(.asPath, flags: AttributeFlags.wellKnown.rawValue, [])
    }
    chooseNextHop(&attributes, family, gateway, session)
    // RFC 4271 §5.1.5, RFC 5065 §5.
    if session.isInterior, !attributes.header.flags.contains(.hasLocalPref) { setLocalPref(&attributes, session) }
    if isReflected(attributes.header, session) { reflect(&attributes, session) }
  }

  /// What of the header is announced: ORIGIN, MED and LOCAL_PREF, and nothing else that differs between routes.
  private static func header(_ before: AttributeHeader, _ session: borrowing SessionParameters) -> AttributeHeader {
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.flags = .hasOrigin
    header.origin = before.origin
    if before.flags.contains(.hasMED) {
      header.med = before.med
      header.flags.insert(.hasMED)
    }
    if before.flags.contains(.hasLocalPref), session.isInterior || session.configuration.allowLocalPref {
      header.localPref = before.localPref
      header.flags.insert(.hasLocalPref)
    }
    return header
  }

  // MARK: What both languages do

  /// RFC 4271 §5.1.2: our AS number in front for external peers, nothing for internal ones; RFC 7947 §2.2.2: nor for a route server's
  /// clients.
  static func prependsAS(_ session: borrowing SessionParameters) -> Bool {
    !session.isInternal && !session.configuration.routeServerClient
  }

  static func setLocalPref(_ attributes: inout RouteAttributes, _ session: borrowing SessionParameters) {
    attributes.header.localPref = session.configuration.defaultLocalPref
    attributes.header.flags.insert(.hasLocalPref)
  }

  /// RFC 4456 §8: whether a route goes from one internal peer to another.
  static func isReflected(_ header: AttributeHeader, _ session: borrowing SessionParameters) -> Bool {
    header.source == .bgp && !header.flags.contains(.external) && session.isInternal
  }

  static func reflect(_ attributes: inout RouteAttributes, _ session: borrowing SessionParameters) {
    Reflection.reflect(&attributes, originator: attributes.header.routerID, cluster: session.clusterID)
  }
}
