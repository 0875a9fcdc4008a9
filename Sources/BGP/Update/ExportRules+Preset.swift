import RouteCore

extension ExportRules {
  /// What BIRD 1.6 does before the export filter: the route has the attributes that the peer is to get, the filter reads them, and what
  /// it changes or takes away is the end of it. LOCAL_PREF and the reflector's attributes still go to internal peers only.
  public static func preset(
    _ attributes: inout RouteAttributes, family: AddressFamily, via gateway: ExportGateway, to session: borrowing SessionParameters
  ) {
    if attributes.header.source == .bgp { forward(&attributes, session) } else { originate(&attributes, session) }
    chooseNextHop(&attributes, family, gateway, session)
    attributes.header.flags.insert(.isPreset)
  }

  /// A route of another protocol begins anew, whatever it brought; MED and communities stay.
  private static func originate(_ attributes: inout RouteAttributes, _ session: borrowing SessionParameters) {
    // RFC 4271 §5.1.1: what OSPF itself only has from outside is incomplete here too.
    let isFromOutside = attributes.header.source == .ospfExternal1 || attributes.header.source == .ospfExternal2
    attributes.header.origin = isFromOutside ? .incomplete : .igp
    attributes.header.flags.insert(.hasOrigin)
    attributes.set(.asPath, flags: AttributeFlags.wellKnown.rawValue, RawSpan())
    // Here a route server's client is an external peer like others.
    if !session.isInternal { ASPathAttribute.prepend(session.localAS, to: &attributes) }
    setLocalPref(&attributes, session)
  }

  private static func forward(_ attributes: inout RouteAttributes, _ session: borrowing SessionParameters) {
    if prependsAS(session) {
      ASPathAttribute.prepend(session.localAS, to: &attributes)
      // RFC 4271 §5.1.4: a MED must not reach another AS. Here that means its value.
      attributes.header.med = 0
    }
    if isReflected(attributes.header, session) { reflect(&attributes, session) }
  }
}
