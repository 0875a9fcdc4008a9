import RouteCore

extension ExportRules {
  /// NEXT_HOP (RFC 4271 §5.1.3): the filter's, the received one, the gateway, or ourselves. For ourselves the address alone is set.
  static func chooseNextHop(
    _ attributes: inout RouteAttributes, _ family: AddressFamily, _ gateway: ExportGateway, _ session: borrowing SessionParameters
  ) {
    let options = session.configuration.channel(family) ?? ChannelOptions()
    let header = attributes.header
    let isFirst = session.configuration.presetsAttributes
    let keeps = applies(options.nextHopKeep, header)
    if !applies(options.nextHopSelf, header) {
      // Before the filter there is a next hop in received routes alone, and they go to no gateway.
      if !isFirst || header.source == .bgp, let received = nextHop(of: attributes) {
        if keeps || header.flags.contains(.nextHopAttributeSetByFilter) { return }
        let means = session.isInterior && !received.isLinkLocal && !received.isUnspecified
        if isOf(received, family, session), means || header.source == .bgp && isShared(gateway, session) { return }
      }
      if !isFirst || header.source != .bgp, let address = gateway.address, isOf(address, family, session), !address.isUnspecified,
        !address.isLinkLocal, session.isInterior || isShared(gateway, session) || isFirst && keeps
      {
        return store(address, nil, family, &attributes)
      }
    }
    if let address = session.nextHopSelf(family) { store(address, nil, family, &attributes) } else { attributes.remove(.nextHop) }
  }

  /// The chosen next hop in the form in which it is sent (RFC 2545 §3). False if there is none that can be announced.
  static func finishNextHop(
    _ attributes: inout RouteAttributes, _ family: AddressFamily, _ gateway: ExportGateway, _ session: borrowing SessionParameters
  ) -> Bool {
    guard let range = attributes.range(of: .nextHop),
      let chosen = NextHopAttribute.addresses(attributes.records.span.bytes.extracting(range)), isOf(chosen.0, family, session)
    else { return false }
    if chosen.0 == session.nextHopSelf(family) { return setSelf(family, &attributes, session) }
    // RFC 4271 §5.1.3: never the peer's own address.
    if chosen.0 == session.endpoints.remote || chosen.0.isUnspecified { return false }
    return setThirdParty(chosen, isShared(gateway, session), family, &attributes, session)
  }

  /// The address that a route's NEXT_HOP holds.
  public static func nextHop(of attributes: borrowing RouteAttributes) -> IPAddress? {
    attributes.range(of: .nextHop).flatMap { NextHopAttribute.addresses(attributes.records.span.bytes.extracting($0)) }?.0
  }

  /// Whether an address can be the next hop of a family's routes; RFC 8950 allows others.
  private static func isOf(_ address: IPAddress, _ family: AddressFamily, _ session: borrowing SessionParameters) -> Bool {
    address.family == family || session.extendedNextHop(family)
  }

  /// Whether packets would go to the network that we share with the peer.
  private static func isShared(_ gateway: ExportGateway, _ session: borrowing SessionParameters) -> Bool {
    session.isDirect && gateway.interface != 0 && gateway.interface == session.endpoints.interface
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
    guard let address = session.nextHopSelf(family), isOf(address, family, session) else { return false }
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
