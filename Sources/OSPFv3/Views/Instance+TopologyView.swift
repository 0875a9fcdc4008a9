import RouteCore

/// `show ospf topology` and `show ospf state`: what the database says, by router and network.
public struct TopologyView: Hashable, Sendable {
  /// The routers and networks of one area.
  public struct Area: Hashable, Sendable {
    /// The Area ID.
    public var id: RouterID
    /// Routers by Router ID, then networks by designated router and its Interface ID. Unreachable ones too.
    public var nodes: [Node]
  }

  /// A router or a transit network, with all that hangs on it.
  public struct Node: Hashable, Sendable {
    /// What tells nodes apart (RFC 5340 §4.8.1).
    public enum Name: Hashable, Sendable {
      /// By its Router ID.
      case router(RouterID)
      /// By its designated router and that one's Interface ID.
      case network(designatedRouter: RouterID, interfaceID: UInt32)
    }
    /// Which router or network it is.
    public var name: Name
    /// nil: unreachable.
    public var distance: UInt32?
    /// The links, as `topology` shows them.
    public var links: [Item]
    /// What else `state` shows, in its order.
    public var destinations: [Item]
  }

  /// A link, or a destination that a node announces. Metrics are those announced, not whole paths.
  public enum Item: Hashable, Sendable {
    /// A virtual link to a router.
    case virtualLink(RouterID, metric: UInt32)
    /// A neighbour of a router, with the metric; a member of a network, without.
    case router(RouterID, metric: UInt32?)
    /// A transit network the router is attached to.
    case network(designatedRouter: RouterID, interfaceID: UInt32, metric: UInt32)
    /// A network of the router's own.
    case stubNetwork(Prefix, metric: UInt32)
    /// A prefix of the transit network.
    case address(Prefix)
    /// A network of another area (inter-area-prefix-LSA).
    case interAreaNetwork(Prefix, metric: UInt32)
    /// An AS boundary router of another area (inter-area-router-LSA).
    case interAreaRouter(RouterID, metric: UInt32)
    /// A destination outside the AS; `via` is the forwarding address.
    case external(Prefix, isType2: Bool, metric: UInt32, via: IPAddress?, tag: UInt32?)
    /// The same as announced within an NSSA.
    case nssa(Prefix, isType2: Bool, metric: UInt32, via: IPAddress?, tag: UInt32?)
  }

  /// In the order of their IDs.
  public var areas: [Area]
  /// AS boundary routers outside the areas, with their externals.
  public var otherBoundaryRouters: [Node]

  /// A view of these areas and routers.
  public init(areas: [Area], otherBoundaryRouters: [Node]) {
    self.areas = areas
    self.otherBoundaryRouters = otherBoundaryRouters
  }
}

extension Instance {
  /// Reads the whole database: for operators, not for every event.
  public var topologyView: TopologyView {
    var externals: [RouterID: [TopologyView.Item]] = [:]
    for place in database.sorted(.autonomousSystem) where database[place].ageWhenInstalled < Constants.maxAge {
      if case .asExternal(let lsa) = decoded(place) {
        externals[database[place].key.advertisingRouter, default: []].append(
          .external(
            lsa.prefix.prefix, isType2: lsa.isType2, metric: lsa.metric, via: lsa.forwardingAddress, tag: lsa.tag))
      }
    }
    var shown: Set<RouterID> = []
    let views = areas.indices.sorted { areas[$0].id < areas[$1].id }.map { a in
      let destinations = destinations(a)
      let vertices = areas[a].topology.vertices.filter { !$0.fragments.isEmpty }.sorted { $0.key < $1.key }
      let nodes = vertices.map { vertex in
        if !vertex.key.isNetwork { shown.insert(vertex.key.router) }
        return TopologyView.Node(
          name: name(vertex.key), distance: vertex.isReachable ? vertex.distance : nil, links: links(vertex, a),
          destinations: (destinations[vertex.key] ?? []) + (vertex.key.isNetwork ? [] : externals[vertex.key.router] ?? []))
      }
      return TopologyView.Area(id: areas[a].id, nodes: nodes)
    }
    let others = externals.keys.filter { !shown.contains($0) }.sorted().map { router in
      TopologyView.Node(
        name: .router(router), distance: boundaryRouters.find(router).flatMap { boundaryRouters.routers[Int($0)].path?.distance },
        links: [], destinations: externals[router] ?? [])
    }
    return TopologyView(areas: views, otherBoundaryRouters: others)
  }

  private func name(_ key: Topology.VertexKey) -> TopologyView.Node.Name {
    key.isNetwork ? .network(designatedRouter: key.router, interfaceID: key.interfaceID) : .router(key.router)
  }

  private func links(_ vertex: Topology.Vertex, _ a: Int) -> [TopologyView.Item] {
    vertex.fragments.flatMap { fragment in
      fragment.edges.map { edge in
        let target = areas[a].topology.vertices[Int(edge.target)].key
        if vertex.key.isNetwork { return .router(target.router, metric: nil) }
        if target.isNetwork { return .network(designatedRouter: target.router, interfaceID: target.interfaceID, metric: edge.metric) }
        return edge.type == .virtual ? .virtualLink(target.router, metric: edge.metric) : .router(target.router, metric: edge.metric)
      }
    }
  }

  /// What the prefix-carrying LSAs of an area hang on its vertices: first the networks of the area, then those of others, the AS boundary
  /// routers of others, the externals.
  private func destinations(_ a: Int) -> [Topology.VertexKey: [TopologyView.Item]] {
    var items: [Topology.VertexKey: [TopologyView.Item]] = [:]
    let places = database.sorted(areas[a].scope)
    for type in [LSAType.intraAreaPrefix, .interAreaPrefix, .interAreaRouter, .nssa] { add(type, places, to: &items) }
    return items
  }

  private func add(_ type: LSAType, _ places: [UInt32], to items: inout [Topology.VertexKey: [TopologyView.Item]]) {
    for place in places where database[place].key.type == type && database[place].ageWhenInstalled < Constants.maxAge {
      let router = Topology.VertexKey.router(database[place].key.advertisingRouter)
      switch decoded(place) {
      case .intraAreaPrefix(let lsa):
        let isNetwork = lsa.reference.type == .network
        let key: Topology.VertexKey =
          isNetwork ? .network(lsa.reference.advertisingRouter, lsa.reference.linkStateID) : .router(lsa.reference.advertisingRouter)
        items[key, default: []] += lsa.prefixes.map {
          isNetwork ? .address($0.prefix) : .stubNetwork($0.prefix, metric: UInt32($0.field))
        }
      case .interAreaPrefix(let lsa): items[router, default: []].append(.interAreaNetwork(lsa.prefix.prefix, metric: lsa.metric))
      case .interAreaRouter(let lsa): items[router, default: []].append(.interAreaRouter(lsa.destination, metric: lsa.metric))
      case .nssa(let lsa):
        items[router, default: []].append(
          .nssa(lsa.prefix.prefix, isType2: lsa.isType2, metric: lsa.metric, via: lsa.forwardingAddress, tag: lsa.tag))
      case .router, .network, .link, .asExternal, .grace, nil: break
      }
    }
  }
}
