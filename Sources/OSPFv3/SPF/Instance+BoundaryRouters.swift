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
      guard let known = best else {
        best = path
        continue
      }
      if path.distance != known.distance {
        if path.distance < known.distance { best = path }
      } else {
        // Equals are merged with `ecmp`, else the higher Router ID decides.
        var higher = path.routerID > known.routerID ? path : known
        if configuration.ecmp { higher.nextHops = limited(known.nextHops + path.nextHops.filter { !known.nextHops.contains($0) }) }
        best = higher
      }
    }
    return best
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

  /// §16.3: a path of the backbone may be shorter through a transit area.
  private func pathInTransit(_ path: BoundaryRouter.Path?, to router: BoundaryRouter, _ a: Int) -> BoundaryRouter.Path? {
    guard var best = path else { return nil }
    if areas[a].id != .backbone { return best }
    for inter in router.interAreaPaths where areas[Int(inter.area)].isTransit && Int(inter.area) != a {
      guard let shorter = self.path(inter, Int(inter.area)), shorter.distance < best.distance else { continue }
      best.distance = shorter.distance
      best.nextHops = shorter.nextHops
      best.transitArea = areas[Int(inter.area)].id
    }
    return best
  }

  /// §16.4.1, then cost, then the larger Area ID.
  private func better(_ a: BoundaryRouter.Path, _ b: BoundaryRouter.Path) -> BoundaryRouter.Path {
    if !configuration.rfc1583Compatibility, a.isPreferred != b.isPreferred { return a.isPreferred ? a : b }
    if a.distance != b.distance { return a.distance < b.distance ? a : b }
    return a.areaID > b.areaID ? a : b
  }
}
