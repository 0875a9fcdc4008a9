import RouteCore

// The routing table calculation of RFC 2328 §16 (RFC 5340 §4.8), as far as anything has changed.

extension Instance {
  mutating func calculate(at now: Instant, into output: inout Output) {
    calculations += 1
    // §16.1
    for a in areas.indices where areas[a].due.remove(.shortestPaths) != nil {
      shortestPathCalculations += 1
      calculateArea(a)
    }
    // §16.4 (3), the paths to AS boundary routers
    evaluateBoundaryRouters()
    // §16.1 to §16.4, the prefixes
    evaluatePrefixes(into: &output)
    // RFC 3101 §3
    electTranslators(at: now)
    updateExternalRanges()
    if !origination.dirtyExternals.isEmpty { origination.schedule(at: now) }
    checkVirtualLinks(at: now, into: &output)
    // RFC 3623 §2 (1): not while we restart.
    if isRecovering { return }
    // §16.7
    originateInterArea(at: now)
    // Not before the router has had the chance to originate them again.
    if !origination.unclaimed.isEmpty, origination.scheduledDeadline == nil { flushUnclaimed(at: now) }
  }

  /// Marks all prefixes and AS boundary routers to be evaluated again.
  mutating func markEverything() {
    for entry in prefixes.entries.indices where prefixes.entries[entry].firstSource >= 0 {
      prefixes.markDirty(Int32(truncatingIfNeeded: entry))
    }
    for router in boundaryRouters.index.values.sorted() { boundaryRouters.markDirty(router) }
  }

  private mutating func calculateArea(_ a: Int) {
    let root = areas[a].root
    // Our own side of each link is as it is now, not as the last router-LSA said.
    var links: [LocalLink] = []
    var edges: [Topology.Edge] = []
    for local in localLinks(a) {
      let key: Topology.VertexKey =
        local.neighbor.map { .router($0) } ?? .network(local.link.neighborRouterID, local.link.neighborInterfaceID)
      guard let target = areas[a].topology.find(key) else { continue }
      links.append(local)
      edges.append(
        Topology.Edge(
          target: target, metric: UInt32(local.link.metric), interfaceID: local.link.interfaceID, type: local.link.type))
    }
    let paths = ShortestPaths(areas[a].topology.graph(root: root, rootEdges: edges), from: Int(root))
    let resolved = paths.sets.map { resolve($0, links, a) }
    for vertex in areas[a].topology.vertices.indices {
      let hops = resolved[Int(paths.hopSets[vertex])]
      // Without a next hop that is known it cannot be used, whatever the distance; only the router itself needs none.
      let isUsable = !hops.isEmpty || vertex == Int(root)
      apply(isUsable ? paths.distances[vertex] : ShortestPaths.unreachable, hops, to: vertex, a)
    }
    // Which interface a network of our own is on may have changed with no distance changing.
    markSources(of: areas[a].topology.vertices[Int(root)].firstSource)
    // §16.1 (2): some router we can reach is the end of a virtual link through the area.
    let isTransit = areas[a].topology.vertices.contains { $0.isReachable && $0.flags.contains(.v) }
    if isTransit != areas[a].isTransit {
      areas[a].isTransit = isTransit
      markEverything()
      markInterArea()
    }
  }

  private mutating func apply(_ distance: UInt32, _ hops: [NextHop], to vertex: Int, _ a: Int) {
    if areas[a].topology.vertices[vertex].distance == distance, areas[a].topology.vertices[vertex].nextHops == hops { return }
    areas[a].topology.vertices[vertex].distance = distance
    areas[a].topology.vertices[vertex].nextHops = hops
    markSources(of: areas[a].topology.vertices[vertex].firstSource)
    let key = areas[a].topology.vertices[vertex].key
    if key.isNetwork { return }
    if let router = boundaryRouters.find(key.router) { boundaryRouters.markDirty(router) }
    // As an area border router it may be the way to others.
    if areas[a].topology.vertices[vertex].flags.contains(.b) { markRouters(behind: Int32(truncatingIfNeeded: vertex), a) }
  }

  /// Marks the AS boundary routers that an area border router announces to be evaluated again.
  mutating func markRouters(behind vertex: Int32, _ a: Int) {
    for router in boundaryRouters.index.values.sorted()
    where boundaryRouters.routers[Int(router)].interAreaPaths.contains(where: { $0.vertex == vertex && Int($0.area) == a }) {
      boundaryRouters.markDirty(router)
    }
  }

  mutating func markSources(of first: Int32) {
    var id = first
    while id >= 0 {
      prefixes.markDirty(prefixes.sources[Int(id)].entry)
      id = prefixes.sources[Int(id)].nextOfNode
    }
  }

  /// RFC 5340 §4.8.2: gateways are the link-local addresses of link-LSAs, or, for want of one, where Hellos come from. These come from
  /// IPv6 addresses, which do not lead to IPv4 networks (RFC 5838 §2.5).
  private func resolve(_ set: [FirstHop], _ links: [LocalLink], _ a: Int) -> [NextHop] {
    var hops: [NextHop] = []
    for first in set {
      let local = links[Int(first.edge)]
      guard let i = interfaces.find(local.interface) else { continue }
      if interfaces[i].virtualLink != nil {
        if !hops.contains(.unresolved) { hops.append(.unresolved) }
        continue
      }
      var gateway = IPAddress.unspecified
      if first.router >= 0 {
        guard let found = self.gateway(to: first.router, by: local, i, a) else { continue }
        gateway = found
      }
      var hop = NextHop(gateway: gateway, interface: local.interface.index, weight: interfaces[i].options.ecmpWeight)
      // The ends of a link need no network in common.
      hop.isOnLink = gateway.isIPv4 && !interfaces[i].status.addresses.contains { Prefix($0.address, $0.length, .ipv4).contains(gateway) }
      if !hops.contains(hop) { hops.append(hop) }
    }
    return limited(hops)
  }

  /// In order, and as many as `ecmp` allows. A virtual link is not used beside real ones.
  func limited(_ hops: [NextHop]) -> [NextHop] {
    var sorted = hops.sorted()
    if sorted.count > 1 { sorted.removeAll { $0.isUnresolved } }
    return Array(sorted.prefix(configuration.ecmp ? max(configuration.ecmpLimit, 1) : 1))
  }

  private func gateway(to router: Int32, by local: LocalLink, _ i: InterfaceID, _ a: Int) -> IPAddress? {
    let vertex = areas[a].topology.vertices[Int(router)]
    if let neighbor = local.neighbor {
      guard let n = interfaces[i].neighbors.find(neighbor) else { return nil }
      if family == .ipv6 { return interfaces[i].neighbors[n].address }
      return linkAddress(of: neighbor, interfaces[i].neighbors[n].interfaceID, on: local.interface)
    }
    // The router's own link to the network tells its Interface ID there, and that its link-LSA.
    let network = areas[a].topology.find(.network(local.link.neighborRouterID, local.link.neighborInterfaceID))
    for fragment in vertex.fragments {
      for edge in fragment.edges where edge.target == network && edge.type == .transit {
        if let address = linkAddress(of: vertex.key.router, edge.interfaceID, on: local.interface) { return address }
      }
    }
    guard family == .ipv6 else { return nil }
    return interfaces[i].neighbors.find(vertex.key.router).map { interfaces[i].neighbors[$0].address }
  }

  /// The address in a router's link-LSA.
  private func linkAddress(of router: RouterID, _ interfaceID: UInt32, on link: InterfaceKey) -> IPAddress? {
    let key = LSAKey(type: .link, linkStateID: interfaceID, advertisingRouter: router)
    guard let place = database.find(.link(link), key), database[place].ageWhenInstalled < Constants.maxAge,
      case .link(let lsa) = decoded(place)
    else { return nil }
    let address = lsa.linkLocalAddress
    let isUsable = family == .ipv6 ? address.isLinkLocal : !address.isUnspecified && !address.isMulticast && !address.isLoopback
    return isUsable ? address : nil
  }
}

extension NextHop {
  /// Stands for the next hop where a path begins with a virtual link: the inter-area-LSAs of the transit area give the real one
  /// (RFC 2328 §16.3).
  static var unresolved: NextHop { NextHop(interface: 0) }
  var isUnresolved: Bool { interface == 0 }
}

extension Array<NextHop> {
  var isUnresolved: Bool { first?.isUnresolved ?? false }
}
