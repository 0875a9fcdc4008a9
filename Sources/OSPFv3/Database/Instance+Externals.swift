import RouteCore

// AS-external-LSAs (RFC 5340 §4.4.3.6) and NSSA-LSAs (§4.4.3.7, RFC 3101): the routes of other protocols, and what an area border router
// translates of an NSSA's.

extension Instance {
  /// RFC 2328 §3.3, and RFC 3101 §3.1: who may have to translate.
  var isASBoundaryRouter: Bool { configuration.isASBoundaryRouter || isNSSABorderRouter }
  var isNSSABorderRouter: Bool { isAreaBorderRouter && areas.contains { $0.isNSSA } }

  mutating func exportChanged(_ prefix: Prefix, _ route: ExternalRoute?, at now: Instant) {
    guard prefix.family == family else { return }
    if origination.externals[prefix] == route { return }
    origination.externals[prefix] = route
    origination.dirtyExternals.append(prefix)
    origination.schedule(at: now)
  }

  mutating func markAllExternals() {
    origination.dirtyExternals += origination.externals.keys.sorted()
    origination.dirtyExternals.append(.everything(family))
  }

  mutating func originateExternals(at now: Instant, into output: inout Output) {
    let dirty = origination.dirtyExternals
    origination.dirtyExternals = []
    for prefix in dirty {
      let id = origination.linkStateIDs.take(for: prefix)
      want(own(.autonomousSystem, .asExternal, id), asExternal(prefix)?.bytes, at: now)
      for a in areas.indices where areas[a].isNSSA {
        want(own(areas[a].scope, .nssa, id), nssa(prefix, a, into: &output)?.bytes, at: now)
      }
      // While the flush lasts no other prefix may take the number.
      releaseLinkStateID(id)
    }
  }

  /// What is announced to the AS: the route exported here, else one that is translated.
  private func asExternal(_ prefix: Prefix) -> ASExternalLSA? {
    guard hasExternalCapableArea else { return nil }
    guard configuration.isASBoundaryRouter, let route = origination.externals[prefix] else { return translated(prefix) }
    return ASExternalLSA(
      isType2: route.isType2, metric: route.metric, prefix: LSAPrefix(prefix), forwardingAddress: forwardingAddress(route),
      tag: route.tag == 0 ? nil : route.tag)
  }

  /// What is announced to an NSSA. Area border routers announce their routes to the AS, and a default route to the NSSA. The others ask for
  /// translation (the P-bit), which takes a forwarding address.
  private func nssa(_ prefix: Prefix, _ a: Int, into output: inout Output) -> ASExternalLSA? {
    let area = areas[a].configuration
    if isAreaBorderRouter {
      guard prefix.length == 0, area.defaultNSSA else { return nil }
      return ASExternalLSA(isType2: area.isDefaultType2, metric: area.defaultCost, prefix: LSAPrefix(prefix))
    }
    guard configuration.isASBoundaryRouter, let route = origination.externals[prefix] else { return nil }
    guard let address = forwardingAddress(route) ?? areas[a].surrogate else {
      output.log(.error, "No address in area \(area.id) to forward to: \(prefix) is not announced")
      return nil
    }
    return ASExternalLSA(
      isType2: route.isType2, metric: route.metric, prefix: LSAPrefix(prefix, options: .p), forwardingAddress: address,
      tag: route.tag == 0 ? nil : route.tag)
  }

  /// A gateway others can reach directly spares them the way through this router (RFC 2328 §12.4.4.1).
  private func forwardingAddress(_ route: ExternalRoute) -> IPAddress? {
    guard let hop = route.nextHop, !hop.gateway.isUnspecified, !hop.gateway.isLinkLocal, hop.gateway.family == family else { return nil }
    let isShared = interfaces.contains { $0.key.index == hop.interface && $0.isActive && $0.type.hasDesignatedRouter }
    return isShared ? hop.gateway : nil
  }

  /// RFC 3101 §2.3: an address of our own in the area, if possible one of the router itself, else one of a stub network.
  mutating func chooseSurrogate(_ a: Int) {
    var best: (rank: Int, address: IPAddress)?
    for interface in interfaces where interface.area == a && interface.state != .down {
      for address in interface.announcedAddresses(family) {
        let rank = address.length == family.bitWidth ? 3 : interface.options.stub ? 2 : 1
        if rank > best?.rank ?? 0 { best = (rank, address.address) }
      }
    }
    if areas[a].surrogate == best?.address { return }
    areas[a].surrogate = best?.address
    if !isAreaBorderRouter { markAllExternals() }
  }
}
