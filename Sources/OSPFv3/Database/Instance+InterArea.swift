import RouteCore

// Inter-area-prefix-LSAs and inter-area-router-LSAs: what an area border router tells an area of the rest of the AS
// (RFC 2328 §12.4.3, RFC 5340 §4.4.3.4 and §4.4.3.5).

extension Instance {
  var isAreaBorderRouter: Bool { areas.count > 1 }

  /// Originates, in all areas, what has changed since the last time.
  mutating func originateInterArea(at now: Instant) {
    let prefixes = interArea.dirty
    interArea.dirty = []
    for prefix in prefixes {
      let id = origination.linkStateIDs.take(for: prefix)
      for a in areas.indices {
        let lsa = announcedMetric(prefix, into: a).map { InterAreaPrefixLSA(metric: $0, prefix: LSAPrefix(prefix)) }
        want(own(areas[a].scope, .interAreaPrefix, id), lsa?.bytes, at: now)
      }
      releaseLinkStateID(id)
    }
    let routers = interArea.dirtyRouters
    interArea.dirtyRouters = []
    for router in routers {
      for a in areas.indices {
        let lsa = announcedPath(to: router, into: a).map {
          InterAreaRouterLSA(options: $0.options, metric: $0.distance, destination: router)
        }
        want(own(areas[a].scope, .interAreaRouter, router.rawValue), lsa?.bytes, at: now)
      }
    }
    if !isAreaBorderRouter { interArea.removeAll() }
  }

  /// The metric with which a prefix is announced into an area; nil if it is not.
  func announcedMetric(_ prefix: Prefix, into a: Int) -> UInt32? {
    guard isAreaBorderRouter else { return nil }
    let area = areas[a]
    // §12.4.3.1, RFC 3101 §2.7: a stub area or NSSA has a default route from its border routers, and the rest only if that is asked
    // for. No other default route is handed on.
    if prefix.length == 0 {
      let hasDefault = area.configuration.kind == .stub || area.isNSSA && !area.configuration.summary
      return hasDefault ? area.configuration.defaultCost : nil
    }
    if !area.isExternalCapable, !area.configuration.summary { return nil }
    // §12.4.3, of ranges: the largest of the costs, into all areas but their own. The backbone's are not condensed for a transit area.
    for other in areas.indices where other != a && !(areas[other].id == .backbone && area.isTransit) {
      for range in areas[other].ranges where range.prefix == prefix && !range.isHidden {
        if let metric = range.metric { return metric }
      }
    }
    guard let route = interArea.routes[prefix], route.area != area.id, route.transitArea != area.id,
      route.metric < Constants.lsInfinity
    else { return nil }
    // Inter-area routes are the backbone's, and so do not go back into it.
    if route.isInterArea { return route.metric }
    if route.area == .backbone, area.isTransit { return route.metric }
    // Intra-area routes that a range stands for, or hides, are not announced.
    guard let origin = self.area(route.area), areas[origin].ranges.longest(around: prefix) == nil else { return nil }
    return route.metric
  }

  /// The path to an AS boundary router that is announced into an area; nil if none is.
  func announcedPath(to router: RouterID, into a: Int) -> BoundaryRouter.Path? {
    guard isAreaBorderRouter, areas[a].isExternalCapable, router != routerID,
      let path = boundaryRouters.find(router).flatMap({ boundaryRouters.routers[Int($0)].path }),
      path.areaID != areas[a].id, path.transitArea != areas[a].id, path.distance < Constants.lsInfinity
    else { return nil }
    return path
  }

  /// Works out which ranges have networks in them, and at which cost. Routes of other areas with the prefix of a range that has
  /// become active, or ceased to be, are to be evaluated again.
  mutating func updateRanges() {
    guard take(.areaRanges), isAreaBorderRouter, areas.contains(where: { !$0.ranges.isEmpty }) else { return }
    var metrics = areas.map { $0.ranges.map { _ in UInt32?.none } }
    for (prefix, route) in interArea.routes where !route.isInterArea {
      guard let a = area(route.area), let r = areas[a].ranges.longest(around: prefix) else { continue }
      metrics[a][r] = max(metrics[a][r] ?? 0, route.metric)
    }
    for a in areas.indices {
      for r in areas[a].ranges.indices where areas[a].ranges[r].metric != metrics[a][r] {
        let prefix = areas[a].ranges[r].prefix
        let hasChanged = (areas[a].ranges[r].metric == nil) != (metrics[a][r] == nil)
        areas[a].ranges[r].metric = metrics[a][r]
        interArea.dirty.append(prefix)
        if hasChanged, let entry = prefixes.find(prefix) { prefixes.markDirty(entry) }
      }
    }
  }

  /// RFC 2328 §16.2 (3): whether one of our own areas has the prefix as an active range, which makes inter-area routes to it useless.
  func isActiveRange(_ prefix: Prefix) -> Bool {
    areas.contains { $0.ranges.contains { $0.prefix == prefix && $0.metric != nil } }
  }

  /// Marks everything that is announced into areas to be looked at again.
  mutating func markInterArea() {
    due.insert(.areaRanges)
    interArea.dirty += interArea.routes.keys.sorted() + areas.flatMap { $0.ranges.map { $0.prefix } }
    interArea.dirty.append(.everything(family))
    interArea.dirtyRouters += boundaryRouters.index.keys.sorted()
  }

  /// Frees a Link State ID that no LSA of ours has any more.
  mutating func releaseLinkStateID(_ id: UInt32) {
    guard let prefix = origination.linkStateIDs[id], origination.externals[prefix] == nil else { return }
    if isInUse(own(.autonomousSystem, .asExternal, id)) { return }
    if areas.contains(where: { isInUse(own($0.scope, .interAreaPrefix, id)) || isInUse(own($0.scope, .nssa, id)) }) { return }
    origination.linkStateIDs.release(id)
  }

  private func isInUse(_ lsa: OwnLSA) -> Bool {
    database.find(lsa.scope, lsa.key) != nil || origination.deferred[lsa] != nil
  }
}
