import RouteCore

// What the LSAs of RFC 5340 contribute to the graph.

extension Topology {
  /// The contribution of a router-LSA. The targets of its links are retained.
  package mutating func fragment(_ lsa: RouterLSA, linkStateID: UInt32) -> Fragment {
    let edges = lsa.links.map { link in
      let key: VertexKey =
        link.type == .transit ? .network(link.neighborRouterID, link.neighborInterfaceID) : .router(link.neighborRouterID)
      return Edge(target: retain(key), metric: UInt32(link.metric), interfaceID: link.interfaceID, type: link.type)
    }
    return Fragment(linkStateID: linkStateID, flags: lsa.flags, options: lsa.options, edges: edges)
  }

  package mutating func fragment(_ lsa: NetworkLSA, linkStateID: UInt32) -> Fragment {
    let edges = lsa.attachedRouters.map { router in
      Edge(target: retain(.router(router)), metric: 0, interfaceID: 0, type: .transit)
    }
    return Fragment(linkStateID: linkStateID, flags: [], options: lsa.options, edges: edges)
  }
}
