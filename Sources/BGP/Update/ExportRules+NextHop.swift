import RouteCore

/// What the choice of a next hop depends on besides the session.
struct NextHopChoice {
  var header: AttributeHeader
  /// The export filter has set `bgp_next_hop`.
  var wasSetByFilter: Bool
  var gateway: ExportGateway
  var family: AddressFamily
}

extension ExportRules {
  /// NEXT_HOP (RFC 4271 §5.1.3, RFC 2545 §2): the filter's, the received one, the gateway on a shared network, or ourselves.
  /// False if there is none to be announced.
  static func setNextHop(
    _ choice: NextHopChoice, _ attributes: inout RouteAttributes, _ session: borrowing SessionParameters
  ) -> Bool {
    let options = session.configuration.channel(choice.family) ?? ChannelOptions()
    let received = attributes.range(of: .nextHop).flatMap { NextHopAttribute.addresses(attributes.records.span.bytes.extracting($0)) }
    let shared = session.isDirect && choice.gateway.interface != 0 && choice.gateway.interface == session.endpoints.interface
    var chosen: (IPAddress, IPAddress?)?
    if choice.wasSetByFilter {
      chosen = received
    } else if !applies(options.nextHopSelf, choice.header) {
      let keep = applies(options.nextHopKeep, choice.header)
      if choice.header.source == .bgp {
        if keep || session.isInterior || shared { chosen = received }
      } else if let address = choice.gateway.address, !address.isUnspecified, !address.isLinkLocal,
        keep || session.isInterior || shared
      {
        chosen = (address, nil)
      }
    }
    guard let chosen, chosen.0.family == choice.family || session.extendedNextHop(choice.family),
      chosen.0 != session.nextHopSelf(choice.family)
    else {
      return setSelf(choice.family, &attributes, session)
    }
    // RFC 4271 §5.1.3: never the peer's own address.
    if chosen.0 == session.endpoints.remote { return false }
    return setThirdParty(chosen, shared, choice.family, &attributes, session)
  }

  private static func applies(_ rule: ChannelOptions.NextHopRule, _ header: AttributeHeader) -> Bool {
    switch rule {
    case .no: false
    case .yes: true
    case .ibgp: header.source == .bgp && !header.flags.contains(.external)
    case .ebgp: header.source == .bgp && header.flags.contains(.external)
    }
  }

  private static func setSelf(
    _ family: AddressFamily, _ attributes: inout RouteAttributes, _ session: borrowing SessionParameters
  ) -> Bool {
    guard let address = session.nextHopSelf(family), address.family == family || session.extendedNextHop(family) else { return false }
    let linkLocal = session.isDirect && !address.isIPv4 ? session.endpoints.linkLocal : nil
    // On a session between link-local addresses there is no global one to announce.
    if address.isLinkLocal {
      store(.unspecified, address, family, &attributes)
    } else {
      store(address, linkLocal, family, &attributes)
    }
    return true
  }

  /// RFC 2545 §3: the link-local address is added if, and only if, the next hop shares a network with the peer.
  private static func setThirdParty(
    _ addresses: (IPAddress, IPAddress?), _ shared: Bool, _ family: AddressFamily, _ attributes: inout RouteAttributes,
    _ session: borrowing SessionParameters
  ) -> Bool {
    if addresses.0.isIPv4 || !shared {
      // A link-local address alone means nothing elsewhere.
      if addresses.0.isLinkLocal { return setSelf(family, &attributes, session) }
      store(addresses.0, nil, family, &attributes)
      return true
    }
    if addresses.0.isLinkLocal {
      store(.unspecified, addresses.0, family, &attributes)
      return true
    }
    if addresses.1 == nil {
      switch session.configuration.missingLinkLocal(family) {
      case .self: return setSelf(family, &attributes, session)
      case .drop: return false
      case .ignore: break
      }
    }
    store(addresses.0, addresses.1, family, &attributes)
    return true
  }

  private static func store(_ first: IPAddress, _ second: IPAddress?, _ family: AddressFamily, _ attributes: inout RouteAttributes) {
    let flags = NextHopAttribute.flags
    if family == .ipv4, let v4 = first.ipv4 {
      attributes.set(.nextHop, flags: flags, u32: v4)
      return
    }
    let second = second ?? .unspecified
    let words = (first.high.bigEndian, first.low.bigEndian, second.high.bigEndian, second.low.bigEndian)
    withUnsafeBytes(of: words) { bytes in
      _ = attributes.set(.nextHop, flags: flags, bytes.bytes.extracting(first: second.isUnspecified ? 16 : 32))
    }
  }
}
