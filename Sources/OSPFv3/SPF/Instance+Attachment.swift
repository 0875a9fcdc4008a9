import RouteCore

// The content of an LSA is entered into graph and prefix table when it is installed, and removed when it goes.

extension Instance {
  mutating func attach(_ place: UInt32, at now: Instant) {
    let key = database[place].key
    let scope = database[place].scope
    guard let decoded = decoded(place) else { return }
    switch decoded {
    case .router(let lsa):
      guard let a = area(of: scope) else { return }
      let fragment = areas[a].topology.fragment(lsa, linkStateID: key.linkStateID)
      setFragment(a, .router(key.advertisingRouter), key.linkStateID, fragment, at: now)
    case .network(let lsa):
      guard let a = area(of: scope) else { return }
      let fragment = areas[a].topology.fragment(lsa, linkStateID: 0)
      setFragment(a, .network(key.advertisingRouter, key.linkStateID), 0, fragment, at: now)
    case .link:
      linkLSAChanged(scope, at: now)
    case .grace:
      return
    case .intraAreaPrefix(let lsa):
      attach(lsa, place, scope, at: now)
    case .interAreaPrefix(let lsa):
      guard let a = area(of: scope), key.advertisingRouter != routerID, lsa.metric < Constants.lsInfinity else { return }
      let source = PathSource(kind: .interArea, area: UInt16(truncatingIfNeeded: a), lsa: place, metric: lsa.metric, node: -1)
      addSource(source, lsa.prefix, .router(key.advertisingRouter))
    case .interAreaRouter(let lsa):
      guard let a = area(of: scope), key.advertisingRouter != routerID, lsa.metric < Constants.lsInfinity else { return }
      let router = boundaryRouters.retain(lsa.destination)
      let vertex = areas[a].topology.retain(.router(key.advertisingRouter))
      boundaryRouters.routers[Int(router)].interAreaPaths.append(
        BoundaryRouter.InterAreaPath(
          lsa: place, area: UInt16(truncatingIfNeeded: a), vertex: vertex, metric: lsa.metric, options: lsa.options))
    case .asExternal(let lsa):
      attach(lsa, place)
    case .nssa(let lsa):
      // RFC 3101 §2.5 (2), (3)
      guard let a = area(of: scope), areas[a].isNSSA, key.advertisingRouter != routerID, lsa.metric < Constants.lsInfinity else { return }
      var source = PathSource(
        kind: lsa.isType2 ? .external2 : .external1, area: UInt16(truncatingIfNeeded: a), lsa: place, metric: lsa.metric,
        tag: lsa.tag ?? 0, node: -1)
      source.flags = lsa.prefix.options.contains(.p) ? [.nssa, .propagated] : .nssa
      if lsa.hasForwardingAddress { source.flags.insert(.forwardingAddress) }
      addSource(source, lsa.prefix, .router(key.advertisingRouter))
    }
    schedule.topologyChanged(at: now, tick: tick)
  }

  mutating func detach(_ place: UInt32, at now: Instant) {
    let key = database[place].key
    let scope = database[place].scope
    switch key.type.kind {
    case .router:
      if let a = area(of: scope) { setFragment(a, .router(key.advertisingRouter), key.linkStateID, nil, at: now) }
    case .network:
      if let a = area(of: scope) { setFragment(a, .network(key.advertisingRouter, key.linkStateID), 0, nil, at: now) }
    case .link:
      linkLSAChanged(scope, at: now)
    case .interAreaRouter:
      detachInterAreaRouter(place)
    case .interAreaPrefix, .asExternal, .nssa, .intraAreaPrefix:
      removeSources(place)
    case .grace, nil:
      break
    }
    schedule.topologyChanged(at: now, tick: tick)
  }

  private mutating func setFragment(
    _ a: Int, _ vertex: Topology.VertexKey, _ linkStateID: UInt32, _ fragment: Topology.Fragment?, at now: Instant
  ) {
    let before = flags(a, vertex)
    areas[a].topology.set(vertex, linkStateID: linkStateID, to: fragment)
    areas[a].due.insert(.shortestPaths)
    if vertex.isNetwork || vertex.router == routerID { return }
    let after = flags(a, vertex)
    if before.contains(.e) != after.contains(.e) {
      if after.contains(.e) {
        _ = boundaryRouters.retain(vertex.router)
      } else {
        boundaryRouters.find(vertex.router).map { boundaryRouters.release($0) }
      }
    } else if let router = boundaryRouters.find(vertex.router) {
      boundaryRouters.markDirty(router)
    }
    // What an area border router or AS boundary router says is believed as long as it says that it is one.
    if before != after, let place = areas[a].topology.find(vertex) {
      markSources(of: areas[a].topology.vertices[Int(place)].firstSource)
      if before.contains(.b) != after.contains(.b) { markRouters(behind: place, a) }
    }
  }

  private func flags(_ a: Int, _ vertex: Topology.VertexKey) -> RouterLSA.Flags {
    areas[a].topology.find(vertex).map { areas[a].topology.vertices[Int($0)].flags } ?? []
  }

  /// A link-LSA names next hops, and prefixes for the designated router to announce.
  private mutating func linkLSAChanged(_ scope: Scope, at now: Instant) {
    guard let a = area(of: scope) else { return }
    areas[a].due.insert(.shortestPaths)
    if case .link(let key) = scope, let i = interfaces.find(key), interfaces[i].state == .designatedRouter {
      postpone(.origination, area: a, at: now)
    }
  }

  private mutating func attach(_ lsa: IntraAreaPrefixLSA, _ place: UInt32, _ scope: Scope, at now: Instant) {
    guard let a = area(of: scope) else { return }
    let reference = lsa.reference
    let vertex: Topology.VertexKey
    if reference.type == .network {
      vertex = .network(reference.advertisingRouter, reference.linkStateID)
    } else if reference.type == .router, reference.linkStateID == 0 {
      vertex = .router(reference.advertisingRouter)
    } else {
      return
    }
    for prefix in lsa.prefixes {
      var source = PathSource(
        kind: .intraArea, area: UInt16(truncatingIfNeeded: a), lsa: place, metric: UInt32(prefix.field), node: -1)
      let isOfRouter = vertex == .router(database[place].key.advertisingRouter)
      if isOfRouter, prefix.options.contains(.la), prefix.prefix.length == 128 { source.flags = .routerAddress }
      addSource(source, prefix, vertex)
    }
  }

  /// RFC 2328 §16.4 (1) and (2): neither what is unreachable nor our own.
  private mutating func attach(_ lsa: ASExternalLSA, _ place: UInt32) {
    let router = database[place].key.advertisingRouter
    guard lsa.metric < Constants.lsInfinity, router != routerID, isUsable(lsa.prefix) else { return }
    let node = boundaryRouters.retain(router)
    let source = PathSource(
      kind: lsa.isType2 ? .external2 : .external1, flags: lsa.hasForwardingAddress ? .forwardingAddress : [], lsa: place,
      metric: lsa.metric,
      tag: lsa.tag ?? 0, node: node)
    let id = prefixes.add(source, for: lsa.prefix.prefix, firstOfLSA: database[place].firstSource)
    database[place].firstSource = id
    link(id, before: boundaryRouters.routers[Int(node)].firstSource)
    boundaryRouters.routers[Int(node)].firstSource = id
  }

  private func isUsable(_ prefix: LSAPrefix) -> Bool {
    !prefix.options.contains(.nu) && !prefix.prefix.address.isLinkLocal && !prefix.prefix.address.isMulticast
  }

  /// Hangs a source on a vertex of its area.
  private mutating func addSource(_ source: PathSource, _ prefix: LSAPrefix, _ vertex: Topology.VertexKey) {
    guard isUsable(prefix) else { return }
    let a = Int(source.area)
    var source = source
    source.node = areas[a].topology.retain(vertex)
    let id = prefixes.add(source, for: prefix.prefix, firstOfLSA: database[source.lsa].firstSource)
    database[source.lsa].firstSource = id
    link(id, before: areas[a].topology.vertices[Int(source.node)].firstSource)
    areas[a].topology.vertices[Int(source.node)].firstSource = id
  }

  private mutating func link(_ id: Int32, before first: Int32) {
    prefixes.sources[Int(id)].nextOfNode = first
    if first >= 0 { prefixes.sources[Int(first)].previousOfNode = id }
  }

  private mutating func removeSources(_ place: UInt32) {
    var id = database[place].firstSource
    database[place].firstSource = -1
    while id >= 0 {
      let source = prefixes.sources[Int(id)]
      let a = Int(source.area)
      if source.nextOfNode >= 0 { prefixes.sources[Int(source.nextOfNode)].previousOfNode = source.previousOfNode }
      if source.previousOfNode >= 0 {
        prefixes.sources[Int(source.previousOfNode)].nextOfNode = source.nextOfNode
      } else if source.isOfBoundaryRouter {
        boundaryRouters.routers[Int(source.node)].firstSource = source.nextOfNode
      } else {
        areas[a].topology.vertices[Int(source.node)].firstSource = source.nextOfNode
      }
      prefixes.remove(id)
      if source.isOfBoundaryRouter { boundaryRouters.release(source.node) } else { areas[a].topology.release(source.node) }
      id = source.nextInLSA
    }
  }

  private mutating func detachInterAreaRouter(_ place: UInt32) {
    guard case .interAreaRouter(let lsa) = decoded(place),
      let router = boundaryRouters.find(lsa.destination),
      let position = boundaryRouters.routers[Int(router)].interAreaPaths.firstIndex(where: { $0.lsa == place })
    else { return }
    let path = boundaryRouters.routers[Int(router)].interAreaPaths.remove(at: position)
    areas[Int(path.area)].topology.release(path.vertex)
    boundaryRouters.release(router)
  }
}
