import RouteCore

// Routes of other protocols as AS-external-LSAs (RFC 5340 §4.4.3.6).

extension Instance {
  mutating func exportChanged(_ prefix: Prefix, _ route: ExternalRoute?, at now: Instant) {
    guard prefix.family == .ipv6 else { return }
    if let route {
      if origination.externals[prefix]?.route == route { return }
      let id = origination.linkStateIDs.take(for: prefix)
      origination.externals[prefix] = Origination.External(route: route, linkStateID: id)
    } else if origination.externals[prefix] == nil {
      return
    } else {
      // The Link State ID is kept until the LSA has been told to go.
      origination.externals[prefix]?.route.metric = Constants.lsInfinity
    }
    origination.dirtyExternals.append(prefix)
    origination.note(at: now)
  }

  mutating func markAllExternals() { origination.dirtyExternals += origination.externals.keys.sorted() }

  mutating func originateExternals(at now: Instant) {
    let mayAnnounce = configuration.isASBoundaryRouter && hasExternalCapableArea
    let dirty = origination.dirtyExternals
    origination.dirtyExternals = []
    for prefix in dirty {
      guard let external = origination.externals[prefix] else { continue }
      let key = LSAKey(type: .asExternal, linkStateID: external.linkStateID, advertisingRouter: routerID)
      let lsa = OwnLSA(scope: .autonomousSystem, key: key)
      if external.route.metric >= Constants.lsInfinity || !mayAnnounce {
        want(lsa, nil, at: now)
        if external.route.metric >= Constants.lsInfinity {
          origination.externals[prefix] = nil
          // While the flush lasts no other prefix may take the number.
          releaseLinkStateID(external.linkStateID)
        }
        continue
      }
      var writer = WireWriter()
      ASExternalLSA(
        isType2: external.route.isType2, metric: external.route.metric, prefix: LSAPrefix(prefix),
        forwardingAddress: forwardingAddress(external.route), tag: external.route.tag == 0 ? nil : external.route.tag
      ).encode(into: &writer)
      want(lsa, writer.bytes, at: now)
    }
  }

  /// A gateway others can reach directly spares them the way through this router (RFC 2328 §12.4.4.1).
  private func forwardingAddress(_ route: ExternalRoute) -> IPAddress? {
    guard let hop = route.nextHop, !hop.gateway.isUnspecified, !hop.gateway.isLinkLocal, !hop.gateway.isIPv4 else { return nil }
    let isShared = interfaces.contains { $0.key.index == hop.interface && $0.isActive && $0.isBroadcast }
    return isShared ? hop.gateway : nil
  }
}
