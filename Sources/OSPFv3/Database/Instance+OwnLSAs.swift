import RouteCore

// The LSAs that describe the router and its links to an area (RFC 5340 §4.4.3).

/// A link of the router as it is now, and where it leads.
struct LocalLink: Sendable {
  var interface: InterfaceKey
  /// The far end, if the link leads to a router.
  var neighbor: RouterID?
  var link: RouterLSA.Link
}

extension Instance {
  /// Links of one router-LSA: as many as fit into an IPv6 packet of 1280 bytes.
  private static var linksPerLSA: Int { (1280 - 40 - PacketHeader.size - 4 - LSAHeader.size - 4) / RouterLSA.Link.size }
  /// Bytes of prefixes in one intra-area-prefix-LSA.
  private static var prefixBytesPerLSA: Int { 1280 - 40 - PacketHeader.size - 4 - LSAHeader.size - IntraAreaPrefixLSA.fixedSize }

  /// RFC 5340 §4.4.3.2: a link for each full adjacency of point-to-point and point-to-multipoint interfaces and virtual links, and for each
  /// transit network.
  func localLinks(_ a: Int) -> [LocalLink] {
    var links: [LocalLink] = []
    for i in interfaces.indices where interfaces[i].area == a && interfaces[i].isActive {
      let interface = interfaces[i]
      let cost = interface.options.cost
      if !interface.type.hasDesignatedRouter {
        for neighbor in interface.neighbors where neighbor.isFullyAdjacent {
          links.append(
            LocalLink(
              interface: interface.key, neighbor: neighbor.routerID,
              link: RouterLSA.Link(
                type: interface.virtualLink == nil ? .pointToPoint : .virtual, metric: cost, interfaceID: interface.key.index,
                neighborInterfaceID: neighbor.interfaceID, neighborRouterID: neighbor.routerID)))
        }
      } else if interface.isTransit {
        let designated =
          interface.neighbors.find(interface.designatedRouter).map { interface.neighbors[$0].interfaceID } ?? interface.key.index
        links.append(
          LocalLink(
            interface: interface.key, neighbor: nil,
            link: RouterLSA.Link(
              type: .transit, metric: cost, interfaceID: interface.key.index, neighborInterfaceID: designated,
              neighborRouterID: interface.designatedRouter)))
      }
    }
    return links
  }

  mutating func originateAll(_ a: Int, at now: Instant) {
    originateRouterLSAs(a, at: now)
    // RFC 5340 §4.4.3.8: virtual links have no link-LSAs.
    for i in interfaces.indices where interfaces[i].area == a && interfaces[i].virtualLink == nil {
      originateLinkLSA(i, at: now)
      originateNetworkLSA(i, at: now)
    }
    originateRouterPrefixes(a, at: now)
    if areas[a].isNSSA { chooseSurrogate(a) }
  }

  func own(_ scope: Scope, _ type: LSAType, _ id: UInt32) -> OwnLSA {
    OwnLSA(scope: scope, key: LSAKey(type: type, linkStateID: id, advertisingRouter: routerID))
  }

  private mutating func originateRouterLSAs(_ a: Int, at now: Instant) {
    var wanted: [Area.LinkIdentity: RouterLSA.Link] = [:]
    var order: [Area.LinkIdentity] = []
    for local in localLinks(a) {
      var link = local.link
      // RFC 6987 §2
      if configuration.stubRouter { link.metric = Constants.maxLinkMetric }
      let identity = Area.LinkIdentity(
        interfaceID: link.interfaceID, neighborInterfaceID: link.neighborInterfaceID, neighborRouterID: link.neighborRouterID)
      if wanted.updateValue(link, forKey: identity) == nil { order.append(identity) }
    }
    var layout = areas[a].routerLSALayout
    let former = layout.count
    var placed: Set<Area.LinkIdentity> = []
    for f in layout.indices {
      layout[f].removeAll { wanted[$0] == nil }
      placed.formUnion(layout[f])
    }
    var room = 0
    for identity in order where !placed.contains(identity) {
      while room < layout.count, layout[room].count >= Self.linksPerLSA { room += 1 }
      if room == layout.count { layout.append([]) }
      layout[room].append(identity)
    }
    while layout.count > 1, layout.last?.isEmpty == true { layout.removeLast() }
    areas[a].routerLSALayout = layout
    // RFC 2328 §12.4.1; in a stub area there are no AS boundary routers.
    var flags: RouterLSA.Flags = isAreaBorderRouter ? .b : []
    if isASBoundaryRouter, areas[a].configuration.kind != .stub { flags.insert(.e) }
    if isVirtualLinkEndpoint(a) { flags.insert(.v) }
    // RFC 3101 §3.1
    if isAreaBorderRouter, areas[a].isNSSA, areas[a].configuration.translator { flags.insert(.nt) }
    for f in 0..<max(former, layout.count) {
      let lsa = own(areas[a].scope, .router, UInt32(f))
      let links = f < layout.count ? layout[f].compactMap { wanted[$0] } : nil
      want(lsa, links.map { RouterLSA(flags: flags, options: areas[a].options, links: $0).bytes }, at: now)
    }
  }

  /// RFC 5340 §4.4.3.8
  private mutating func originateLinkLSA(_ i: InterfaceID, at now: Instant) {
    let interface = interfaces[i]
    let lsa = own(.link(interface.key), .link, interface.key.index)
    let isSuppressed = interface.options.linkLSASuppression && !interface.type.hasDesignatedRouter
    guard interface.state != .down, interface.state != .loopback, !isSuppressed else { return want(lsa, nil, at: now) }
    let body = LinkLSA(
      priority: interface.options.priority, options: areas[interface.area].options,
      linkLocalAddress: interface.linkAddress(family) ?? .unspecified, prefixes: linkPrefixes(interface)
    )
    want(lsa, body.bytes, at: now)
  }

  /// The networks of a link, host routes marked as addresses of the router (RFC 5340 §A.4.1.1, LA-bit).
  private func linkPrefixes(_ interface: Interface) -> [LSAPrefix] {
    var prefixes: [LSAPrefix] = []
    for address in interface.announcedAddresses(family) {
      let prefix = LSAPrefix(Prefix(address.address, address.length, family), options: options(address.length))
      if !prefixes.contains(prefix) { prefixes.append(prefix) }
    }
    return prefixes
  }

  private func options(_ length: UInt8) -> LSAPrefix.Options { length == family.bitWidth ? .la : [] }

  /// RFC 5340 §4.4.3.3 and, for the network's prefixes, §4.4.3.9: the business of the designated router.
  private mutating func originateNetworkLSA(_ i: InterfaceID, at now: Instant) {
    let interface = interfaces[i]
    let scope = areas[interface.area].scope
    let network = own(scope, .network, interface.key.index)
    let prefixes = own(scope, .intraAreaPrefix, interface.key.index)
    let full = interface.neighbors.filter { $0.isFullyAdjacent }
    guard interface.isActive, interface.type.hasDesignatedRouter, interface.state == .designatedRouter, !full.isEmpty else {
      want(network, nil, at: now)
      want(prefixes, nil, at: now)
      return
    }
    var options = areas[interface.area].options
    var gathered: [Prefix: LSAPrefix.Options] = [:]
    let members = [(routerID, interface.key.index)] + full.map { ($0.routerID, $0.interfaceID) }
    for (router, interfaceID) in members {
      let key = LSAKey(type: .link, linkStateID: interfaceID, advertisingRouter: router)
      guard let place = database.find(.link(interface.key), key), database[place].ageWhenInstalled < Constants.maxAge,
        case .link(let lsa) = decoded(place)
      else { continue }
      options.formUnion(lsa.options)
      for prefix in lsa.prefixes
      where prefix.options.isDisjoint(with: [.nu, .la]) && !prefix.prefix.address.isLinkLocal && !prefix.prefix.address.isMulticast {
        gathered[prefix.prefix, default: []].formUnion(prefix.options)
      }
    }
    want(network, NetworkLSA(options: options, attachedRouters: members.map { $0.0 }).bytes, at: now)
    let sorted = gathered.keys.sorted()
    if sorted.isEmpty { return want(prefixes, nil, at: now) }
    let lsa = IntraAreaPrefixLSA(reference: network.key, prefixes: sorted.map { LSAPrefix($0, options: gathered[$0] ?? []) })
    want(prefixes, lsa.bytes, at: now)
  }

  /// RFC 5340 §4.4.3.9: the networks of the router itself: stub links, loopbacks, host addresses, configured stub networks.
  private mutating func originateRouterPrefixes(_ a: Int, at now: Instant) {
    var lsas: [[LSAPrefix]] = [[]]
    var size = 0
    for prefix in routerPrefixes(a) {
      if size + prefix.size > Self.prefixBytesPerLSA {
        lsas.append([])
        size = 0
      }
      lsas[lsas.count - 1].append(prefix)
      size += prefix.size
    }
    let reference = LSAKey(type: .router, linkStateID: 0, advertisingRouter: routerID)
    let former = areas[a].prefixLSACount
    areas[a].prefixLSACount = lsas.count
    for (number, prefixes) in lsas.enumerated() {
      let body = prefixes.isEmpty ? nil : IntraAreaPrefixLSA(reference: reference, prefixes: prefixes).bytes
      want(own(areas[a].scope, .intraAreaPrefix, routerPrefixLSAID(number)), body, at: now)
    }
    for number in lsas.count..<max(former, lsas.count) {
      want(own(areas[a].scope, .intraAreaPrefix, routerPrefixLSAID(number)), nil, at: now)
    }
  }

  /// Interface indices are positive and small: 0 and the upper half of the numbers are free for the router's own.
  private func routerPrefixLSAID(_ number: Int) -> UInt32 { number == 0 ? 0 : 0x8000_0000 | UInt32(number) }

  func routerPrefixes(_ a: Int) -> [LSAPrefix] {
    var prefixes: [LSAPrefix] = []
    var seen: Set<Prefix> = []
    func add(_ prefix: Prefix, _ cost: UInt16, _ options: LSAPrefix.Options = []) {
      if seen.insert(prefix).inserted { prefixes.append(LSAPrefix(prefix, options: options, field: cost)) }
    }
    for interface in interfaces where interface.area == a && interface.state != .down {
      let isTransit = interface.isActive && interface.isTransit
      for address in interface.announcedAddresses(family) {
        let prefix = Prefix(address.address, address.length, family)
        // Those of a transit network are announced by its designated router.
        if address.length < family.bitWidth, isTransit { continue }
        if isCovered(prefix, a) { continue }
        // On a point-to-multipoint network who is reached directly are the neighbours, not the whole network.
        if address.length == family.bitWidth || interface.state == .loopback || interface.type == .pointToMultipoint {
          add(Prefix(host: address.address), 0, .la)
        } else {
          add(prefix, interface.options.cost)
        }
      }
    }
    for network in areas[a].configuration.stubNetworks where !network.hidden {
      add(network.prefix, network.cost, isOwnAddress(network.prefix) ? .la : [])
    }
    // RFC 5340 §4.4.3.9: the other ends of virtual links need an address to send to.
    let isTransit = !areas[a].configuration.virtualLinks.isEmpty
    if isTransit, !prefixes.contains(where: { $0.options.contains(.la) }), let address = addressOfAnyInterface(a) {
      add(Prefix(host: address), 0, .la)
    }
    return prefixes
  }

  private func isOwnAddress(_ prefix: Prefix) -> Bool {
    prefix.length == family.bitWidth && links.values.contains { $0.addresses.contains { $0.address == prefix.address } }
  }

  /// Whether a configured stub network stands for the prefix.
  private func isCovered(_ prefix: Prefix, _ a: Int) -> Bool {
    areas[a].configuration.stubNetworks.contains { $0.summary ? $0.prefix.contains(prefix) : $0.prefix == prefix }
  }
}
