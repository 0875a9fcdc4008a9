import RouteCore

/// Where the router would send packets for a route that is about to be announced.
public struct ExportGateway: Hashable, Sendable {
  /// The gateway; nil for a route that has none (connected, blackhole …) or several.
  public var address: IPAddress?
  /// The interface of that gateway; 0 if unknown.
  public var interface: UInt32

  public init(address: IPAddress? = nil, interface: UInt32 = 0) {
    self.address = address
    self.interface = interface
  }

  public static let none = ExportGateway()
}

/// Which routes may go to a peer, and what their attributes become on the way (RFC 4271 §5.1, §9.1.3, RFC 4456).
///
/// The order is: `mayExport`, the export filter, `prepare`. That a route is not sent back over the session it came from is the
/// channel's business.
public enum ExportRules {
  /// Whether a route may be announced at all; asked before the export filter.
  public static func mayExport(_ header: AttributeHeader, _ records: RawSpan, to session: borrowing SessionParameters) -> Bool {
    // RFC 4271 §9.2.1 and RFC 4456 §6: between internal peers only what a client sent or is sent to.
    if header.source == .bgp, session.isInternal, !header.flags.contains(.external), !header.flags.contains(.reflectorClient),
      !session.configuration.routeReflectorClient
    {
      return false
    }
    if session.configuration.interpretCommunities, let found = AttributeRecords.find(.communities, in: records) {
      return !Communities.forbidExport(records.extracting(found.value), to: session)
    }
    return true
  }

  /// The AS that the export filter finds in front of the path, 0 for none: in the 1.6 language an external session's own.
  public static func leadingAS(_ session: borrowing SessionParameters) -> UInt32 {
    let configuration = session.configuration
    return configuration.filterSeesOwnAS && !session.isInternal && !configuration.routeServerClient ? session.localAS : 0
  }

  /// Gives a route the attributes it is announced with. `attributes` comes from the export filter; `original` and `originalRecords`
  /// are what went into it, so that what the filter has set can be told from what was there. Answers whether the route can be
  /// announced.
  ///
  /// The result is canonical: routes to be announced with equal attributes have equal values, and belong into one UPDATE.
  public static func prepare(
    _ attributes: inout RouteAttributes, original: AttributeHeader, originalRecords: RawSpan, family: AddressFamily,
    via gateway: ExportGateway, to session: borrowing SessionParameters
  ) -> Bool {
    let before = attributes.header
    for namespace in [AttributeKey.Namespace.ospf, .kernel, .custom] { attributes.removeAll(in: namespace) }
    let changed = nextHopChanged(attributes, originalRecords)
    let choice = NextHopChoice(header: before, wasSetByFilter: changed, gateway: gateway, family: family)
    guard setNextHop(choice, &attributes, session) else { return false }
    attributes.header = header(before, original, session)

    let reflected = before.source == .bgp && !before.flags.contains(.external) && session.isInternal
    if reflected {
      Reflection.reflect(&attributes, originator: before.routerID, cluster: session.clusterID)
    } else if !session.isInternal {
      attributes.remove(.originatorID)
      attributes.remove(.clusterList)
    }
    // RFC 4271 §5.1.2: our AS number in front for external peers, nothing for internal ones; RFC 7947 §2.2.2: nor for a route
    // server's clients.
    if !session.isInternal, !session.configuration.routeServerClient {
      if !before.flags.contains(.hasOwnAS) { ASPath.prepend(session.localAS, to: &attributes) }
    } else if !attributes.contains(.asPath) {
      attributes.set(.asPath, flags: AttributeFlags.wellKnown.rawValue, [])
    }
    return true
  }

  /// ORIGIN, MED and LOCAL_PREF, and nothing else that differs between routes.
  private static func header(
    _ before: AttributeHeader, _ original: AttributeHeader, _ session: borrowing SessionParameters
  ) -> AttributeHeader {
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.flags = .hasOrigin
    if before.flags.contains(.hasOrigin) {
      header.origin = before.origin
    } else {
      // RFC 4271 §5.1.1: what OSPF itself only has from outside is incomplete here too.
      header.origin = before.source == .ospfExternal1 || before.source == .ospfExternal2 ? .incomplete : .igp
    }
    // RFC 4271 §5.1.4: a MED received from one neighbouring AS must not reach another, unless the filter says so.
    let inherited = before.source == .bgp && original.flags.contains(.hasMED) && original.med == before.med
    let keepsMED = session.isInternal || session.configuration.routeServerClient || !inherited
    if before.flags.contains(.hasMED), keepsMED {
      header.med = before.med
      header.flags.insert(.hasMED)
    }
    // RFC 4271 §5.1.5.
    if session.isInternal || session.configuration.allowLocalPref {
      header.localPref = before.flags.contains(.hasLocalPref) ? before.localPref : session.configuration.defaultLocalPref
      header.flags.insert(.hasLocalPref)
    }
    return header
  }

  private static func nextHopChanged(_ attributes: borrowing RouteAttributes, _ original: RawSpan) -> Bool {
    guard let now = attributes.range(of: .nextHop) else { return false }
    guard let then = AttributeRecords.find(.nextHop, in: original)?.value else { return true }
    guard now.count == then.count else { return true }
    let current = attributes.records.span.bytes
    for index in 0..<now.count
    where current.loadU8(now.lowerBound + index) != original.loadU8(then.lowerBound + index) { return true }
    return false
  }
}
