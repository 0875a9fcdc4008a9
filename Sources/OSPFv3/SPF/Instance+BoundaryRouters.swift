import RouteCore

// The paths to AS boundary routers: RFC 2328 §16.2 and §16.3 for routers, §16.4 (3).

extension Instance {
  mutating func evaluateBoundaryRouters() {
    let dirty = boundaryRouters.dirty
    boundaryRouters.dirty = []
    for router in dirty {
      boundaryRouters.routers[Int(router)].isDirty = false
      let path = bestPath(to: boundaryRouters.routers[Int(router)])
      if path != boundaryRouters.routers[Int(router)].path {
        boundaryRouters.routers[Int(router)].path = path
        markSources(of: boundaryRouters.routers[Int(router)].firstSource)
        if isAreaBorderRouter { interArea.dirtyRouters.append(boundaryRouters.routers[Int(router)].routerID) }
      }
      boundaryRouters.collect(router)
    }
  }

  /// §16.4 (3): the best of the routing table entries of all areas.
  private func bestPath(to router: BoundaryRouter) -> BoundaryRouter.Path? {
    if router.routerID == routerID { return nil }
    var best: BoundaryRouter.Path?
    // Stub areas have no AS boundary routers that others could use.
    for a in areas.indices where areas[a].isExternalCapable {
      guard let path = pathInTransit(intraAreaPath(to: router, a) ?? interAreaPath(to: router, a), to: router, a) else { continue }
      best = best.map { better($0, path) } ?? path
    }
    return best
  }

  private func intraAreaPath(to router: BoundaryRouter, _ a: Int) -> BoundaryRouter.Path? {
    guard let vertex = areas[a].topology.find(.router(router.routerID)).map({ areas[a].topology.vertices[Int($0)] }),
      vertex.isReachable, vertex.flags.contains(.e)
    else { return nil }
    return BoundaryRouter.Path(
      distance: vertex.distance, nextHops: vertex.nextHops, areaID: areas[a].id, routerID: router.routerID, options: vertex.options,
      isPreferred: areas[a].id != .backbone)
  }

  /// §16.2: an area border router looks at the backbone alone.
  private func interAreaPath(to router: BoundaryRouter, _ a: Int) -> BoundaryRouter.Path? {
    guard a == mainArea else { return nil }
    var best: BoundaryRouter.Path?
    for inter in router.interAreaPaths where Int(inter.area) == a {
      guard let path = path(inter, a) else { continue }
      best = best.map { nearer($0, path) } ?? path
    }
    return best
  }

  /// Equals of an area are merged with `ecmp`, else the higher Router ID decides.
  private func nearer(_ a: BoundaryRouter.Path, _ b: BoundaryRouter.Path) -> BoundaryRouter.Path {
    if a.distance != b.distance { return a.distance < b.distance ? a : b }
    if a.areaID != b.areaID { return a.areaID > b.areaID ? a : b }
    if a.nextHops.isUnresolved != b.nextHops.isUnresolved { return a.nextHops.isUnresolved ? b : a }
    var higher = b.routerID > a.routerID ? b : a
    if configuration.ecmp { higher.nextHops = limited(a.nextHops + b.nextHops.filter { !a.nextHops.contains($0) }) }
    return higher
  }

  private func path(_ inter: BoundaryRouter.InterAreaPath, _ a: Int) -> BoundaryRouter.Path? {
    let vertex = areas[a].topology.vertices[Int(inter.vertex)]
    // §16.2 (4): only an area border router can lead to other areas.
    guard vertex.isReachable, vertex.flags.contains(.b) else { return nil }
    let (distance, overflow) = vertex.distance.addingReportingOverflow(inter.metric)
    if overflow || distance >= Constants.lsInfinity { return nil }
    return BoundaryRouter.Path(
      distance: distance, nextHops: vertex.nextHops, areaID: areas[a].id, routerID: vertex.key.router, options: inter.options,
      isPreferred: false)
  }

  /// §16.3: a path of the backbone may be shorter through a transit area; one over a virtual link has to be found there (§G.3).
  private func pathInTransit(_ path: BoundaryRouter.Path?, to router: BoundaryRouter, _ a: Int) -> BoundaryRouter.Path? {
    guard var best = path else { return nil }
    if areas[a].id != .backbone { return best }
    var transit: BoundaryRouter.Path?
    for inter in router.interAreaPaths where areas[Int(inter.area)].isTransit && Int(inter.area) != a {
      guard let found = self.path(inter, Int(inter.area)) else { continue }
      transit = transit.map { nearer($0, found) } ?? found
    }
    if let transit, transit.distance < best.distance || transit.distance == best.distance && best.nextHops.isUnresolved {
      best.distance = transit.distance
      best.nextHops = transit.nextHops
      best.transitArea = transit.areaID
    }
    return best.nextHops.isUnresolved ? nil : best
  }

  /// §16.4.1, then cost, then the larger Area ID.
  private func better(_ a: BoundaryRouter.Path, _ b: BoundaryRouter.Path) -> BoundaryRouter.Path {
    if !configuration.rfc1583Compatibility, a.isPreferred != b.isPreferred { return a.isPreferred ? a : b }
    if a.distance != b.distance { return a.distance < b.distance ? a : b }
    return a.areaID > b.areaID ? a : b
  }
}
