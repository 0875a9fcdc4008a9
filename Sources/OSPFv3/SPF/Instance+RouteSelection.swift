import RouteCore

// From the sources of a prefix to its route: RFC 2328 §16.1 (stage 2), §16.2, §16.4 and §11 for the preferences.

extension Instance {
  /// Evaluates all marked prefixes. Only routes that differ from those output before are output.
  mutating func evaluatePrefixes(into output: inout Output) {
    // Internal paths first: forwarding addresses of externals resolve through them.
    var pending: [Int32] = []
    var internalChanged = false
    func take(_ prefixes: inout PrefixTable) -> [Int32] {
      let dirty = prefixes.dirty
      prefixes.dirty = []
      return dirty
    }
    let isBorder = isNSSABorderRouter
    var internalRound: [Int32] = []
    // Twice, since an inter-area route counts for nothing where a range of our own areas has become active.
    for _ in 0..<2 {
      let round = take(&prefixes)
      internalRound += round
      for entry in round {
        let at = Int(entry)
        prefixes.entries[at].isDirty = false
        let had = prefixes.entries[at].hasInternalPath
        let found = internalRoute(prefixes.entries[at])
        prefixes.entries[at].hasInternalPath = found != nil
        if had != (found != nil) { internalChanged = true }
        if isAreaBorderRouter { noteForOtherAreas(prefixes.entries[at].prefix, found) }
        if isBorder, found != nil { noteForTranslation(prefixes.entries[at].prefix, nil, nil) }
        if let found {
          if prefixes.entries[at].route != found.route { internalChanged = true }
          set(entry, found.route.nextHops.isEmpty ? nil : found.route, into: &output)
        } else {
          pending.append(entry)
        }
      }
      updateRanges()
    }
    if internalChanged, !prefixes.forwarding.isEmpty {
      let known = Set(pending)
      for entry in prefixes.forwarding.keys.sorted() where !known.contains(entry) && !prefixes.entries[Int(entry)].hasInternalPath {
        pending.append(entry)
      }
    }
    for entry in pending where !prefixes.entries[Int(entry)].hasInternalPath {
      let found = externalRoute(prefixes.entries[Int(entry)])
      if isBorder { noteForTranslation(prefixes.entries[Int(entry)].prefix, found?.source, found?.route) }
      set(entry, found?.route, into: &output)
    }
    for entry in internalRound { prefixes.collect(entry) }
  }

  private mutating func set(_ entry: Int32, _ route: OSPFRoute?, into output: inout Output) {
    if prefixes.entries[Int(entry)].route == route { return }
    prefixes.entries[Int(entry)].route = route
    output.routes.append(Output.RouteChange(prefix: prefixes.entries[Int(entry)].prefix, route: route))
  }

  // MARK: intra-area and inter-area

  private struct InternalRoute {
    var route: OSPFRoute
    /// The transit area that the path leads through.
    var transitArea: RouterID?
  }

  private func internalRoute(_ entry: PrefixTable.Entry) -> InternalRoute? {
    var best: OSPFRoute?
    var isTold = false
    var id = entry.firstSource
    while id >= 0 {
      let source = prefixes.sources[Int(id)]
      id = source.nextInPrefix
      if source.isExternal { continue }
      if source.kind == .interArea {
        isTold = true
        // §16.2: an area border router looks at the backbone alone.
        if Int(source.area) != mainArea { continue }
      }
      guard let candidate = internalCandidate(source, entry.prefix) else { continue }
      best = best.map { preferred($0, candidate) } ?? candidate
    }
    guard let best else { return nil }
    var found = InternalRoute(route: best)
    if isTold, isAreaBorderRouter {
      // §16.2 (3)
      if best.kind == .interArea, isActiveRange(entry.prefix) { return nil }
      found = throughTransitAreas(best, entry)
    }
    // §G.3: the transit area does not know the destination yet, or the way to it comes back through us.
    return found.route.nextHops.isUnresolved ? nil : found
  }

  /// §16.3: a path of the backbone may be shorter through a transit area; one over a virtual link leads through it in any case.
  private func throughTransitAreas(_ route: OSPFRoute, _ entry: PrefixTable.Entry) -> InternalRoute {
    var best = InternalRoute(route: route)
    if route.areaID != .backbone { return best }
    var transit: OSPFRoute?
    var id = entry.firstSource
    while id >= 0 {
      let source = prefixes.sources[Int(id)]
      id = source.nextInPrefix
      guard source.kind == .interArea, areas[Int(source.area)].isTransit, areas[Int(source.area)].id != .backbone,
        let candidate = internalCandidate(source, entry.prefix)
      else { continue }
      transit = transit.map { preferred($0, candidate) } ?? candidate
    }
    guard let transit, transit.metric1 < route.metric1 || transit.metric1 == route.metric1 && route.nextHops.isUnresolved else {
      return best
    }
    best.route.metric1 = transit.metric1
    best.route.nextHops = transit.nextHops
    best.transitArea = transit.areaID
    return best
  }

  private mutating func noteForOtherAreas(_ prefix: Prefix, _ found: InternalRoute?) {
    let route = found.map {
      InterAreaAnnouncements.Route(
        isInterArea: $0.route.kind == .interArea, metric: $0.route.metric1, area: $0.route.areaID, transitArea: $0.transitArea)
    }
    if interArea.set(prefix, to: route) { due.insert(.areaRanges) }
  }

  private func internalCandidate(_ source: PathSource, _ prefix: Prefix) -> OSPFRoute? {
    let a = Int(source.area)
    let at = Int(source.node)
    guard areas[a].topology.vertices[at].isReachable else { return nil }
    let (metric, overflow) = areas[a].topology.vertices[at].distance.addingReportingOverflow(source.metric)
    if overflow || metric >= Constants.lsInfinity { return nil }
    // RFC 2328 §16.2 (4): only an area border router can lead to other areas.
    if source.kind == .interArea, !areas[a].topology.vertices[at].flags.contains(.b) { return nil }
    var hops = areas[a].topology.vertices[at].nextHops
    if at == Int(areas[a].root) {
      guard let own = ownNextHops(prefix, a) else { return nil }
      hops = own
    }
    return OSPFRoute(
      kind: source.kind == .interArea ? .interArea : .intraArea, metric1: metric, routerID: areas[a].topology.vertices[at].key.router,
      areaID: areas[a].id, nextHops: hops)
  }

  /// The interface one of our own networks is on; empty for a configured stub network, nil if it is gone.
  private func ownNextHops(_ prefix: Prefix, _ a: Int) -> [NextHop]? {
    for interface in interfaces where interface.area == a && interface.state != .down {
      for address in interface.status.addresses where !address.isPeer {
        if Prefix(address.address, address.length, family) == prefix || Prefix(host: address.address) == prefix {
          // What is announced for virtual links alone is nothing to be routed here.
          let isOfNetwork = prefix.length > address.length && interface.state != .loopback
          if isOfNetwork, interface.type != .pointToMultipoint { return [] }
          return [NextHop(interface: interface.key.index, weight: interface.options.ecmpWeight)]
        }
      }
    }
    return areas[a].configuration.stubNetworks.contains { $0.prefix == prefix } ? [] : nil
  }

  /// The kind, the metric, then a configured stub network, the larger area; equals are merged with `ecmp`, else the higher
  /// Router ID decides.
  private func preferred(_ a: OSPFRoute, _ b: OSPFRoute) -> OSPFRoute {
    if a.kind != b.kind { return a.kind < b.kind ? a : b }
    if a.metric1 != b.metric1 { return a.metric1 < b.metric1 ? a : b }
    if a.areaID != b.areaID { return a.areaID > b.areaID ? a : b }
    if a.nextHops.isEmpty != b.nextHops.isEmpty { return a.nextHops.isEmpty ? a : b }
    if a.nextHops.isUnresolved != b.nextHops.isUnresolved { return a.nextHops.isUnresolved ? b : a }
    let higher = a.routerID >= b.routerID ? a : b
    return configuration.ecmp ? merged(higher, a.nextHops, b.nextHops) : higher
  }

  private func merged(_ route: OSPFRoute, _ a: [NextHop], _ b: [NextHop]) -> OSPFRoute {
    if a == b { return route }
    var route = route
    route.nextHops = limited(a + b.filter { !a.contains($0) })
    return route
  }

  // MARK: AS-external

  /// An external path while it is being compared.
  private struct ExternalCandidate {
    var route: OSPFRoute
    var source: PathSource
    /// RFC 2328 §16.4.1
    var isPreferred: Bool

    /// RFC 3101 §2.5 (6e): NSSA-LSAs with the P-bit before AS-external-LSAs before other NSSA-LSAs, then the Router ID.
    func isPriorTo(_ other: ExternalCandidate) -> Bool {
      priority != other.priority ? priority > other.priority : route.routerID >= other.route.routerID
    }
    private var priority: Int { source.isNSSA ? source.isPropagated ? 2 : 0 : 1 }
  }

  /// §16.4
  private func externalRoute(_ entry: PrefixTable.Entry) -> ExternalCandidate? {
    var best: ExternalCandidate?
    var id = entry.firstSource
    while id >= 0 {
      let source = prefixes.sources[Int(id)]
      id = source.nextInPrefix
      guard source.isExternal, let candidate = externalCandidate(source, entry.prefix) else { continue }
      best = best.map { preferred($0, candidate) } ?? candidate
    }
    return best
  }

  /// §16.4 (3): the path to the AS boundary router, or to the forwarding address. (4), (5): the costs.
  private func externalCandidate(_ source: PathSource, _ prefix: Prefix) -> ExternalCandidate? {
    guard var path = source.isNSSA ? nssaPath(source, prefix) : boundaryRouters.routers[Int(source.node)].path else { return nil }
    let router =
      source.isNSSA
      ? areas[Int(source.area)].topology.vertices[Int(source.node)].key.router : boundaryRouters.routers[Int(source.node)].routerID
    if source.hasForwardingAddress {
      guard let forwarding = forwardingPath(source) else { return nil }
      path = forwarding
    }
    let isType2 = source.kind == .external2
    let (sum, overflow) = path.distance.addingReportingOverflow(source.metric)
    if !isType2, overflow || sum >= Constants.lsInfinity { return nil }
    let route = OSPFRoute(
      kind: isType2 ? .external2 : .external1, metric1: isType2 ? path.distance : sum,
      metric2: isType2 ? source.metric : Constants.lsInfinity, tag: source.tag, routerID: router, areaID: path.areaID,
      nextHops: path.nextHops)
    return ExternalCandidate(route: route, source: source, isPreferred: path.isPreferred)
  }

  /// RFC 3101 §2.5 (3): the path to the router within the NSSA.
  private func nssaPath(_ source: PathSource, _ prefix: Prefix) -> BoundaryRouter.Path? {
    let area = areas[Int(source.area)]
    let vertex = area.topology.vertices[Int(source.node)]
    guard vertex.isReachable, vertex.flags.contains(.e) else { return nil }
    // An area border router follows a default route only if it is to be told on and the area hears of the rest anyway.
    if prefix.length == 0, isAreaBorderRouter, !(source.isPropagated && area.configuration.summary) { return nil }
    return BoundaryRouter.Path(
      distance: vertex.distance, nextHops: vertex.nextHops, areaID: area.id, routerID: vertex.key.router, isPreferred: area.id != .backbone)
  }

  private func forwardingPath(_ source: PathSource) -> BoundaryRouter.Path? {
    guard let address = decoded(source.lsa)?.external?.forwardingAddress, let entry = prefixes.longestInternalMatch(address, family),
      let route = prefixes.entries[Int(entry)].route
    else {
      return nil
    }
    // RFC 3101 §2.5 (3): that of an NSSA-LSA lies within the area.
    if source.isNSSA, route.kind != .intraArea || route.areaID != areas[Int(source.area)].id { return nil }
    // An address of our own would send the packet in a circle.
    if interfaces.contains(where: { $0.status.addresses.contains { $0.address == address } }) { return nil }
    var path = BoundaryRouter.Path(
      distance: route.metric1, nextHops: route.nextHops, areaID: route.areaID, routerID: route.routerID,
      isPreferred: route.kind == .intraArea && route.areaID.rawValue != 0)
    path.nextHops = route.nextHops.map { $0.leading(to: address) }
    return path
  }

  /// §16.4 (6)
  private func preferred(_ a: ExternalCandidate, _ b: ExternalCandidate) -> ExternalCandidate {
    // (6a), (6b): type 1 before type 2, then the external metric.
    if a.route.kind != b.route.kind { return a.route.kind < b.route.kind ? a : b }
    if a.route.metric2 != b.route.metric2 { return a.route.metric2 < b.route.metric2 ? a : b }
    // (6c)
    if !configuration.rfc1583Compatibility, a.isPreferred != b.isPreferred { return a.isPreferred ? a : b }
    // (6d)
    if a.route.metric1 != b.route.metric1 { return a.route.metric1 < b.route.metric1 ? a : b }
    // (6e)
    var prior = a.isPriorTo(b) ? a : b
    guard configuration.ecmp, configuration.mergeExternal else { return prior }
    prior.route = merged(prior.route, a.route.nextHops, b.route.nextHops)
    return prior
  }
}
