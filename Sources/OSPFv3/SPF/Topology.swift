import RouteCore

/// The router- and network-LSAs of an area as a graph, updated whenever such an LSA is installed or removed.
///
/// A vertex exists as long as an LSA describes it, a link points to it or a prefix refers to it; its number stays the same.
package struct Topology: Sendable {
  package struct VertexKey: Hashable, Sendable, Comparable {
    /// The router, or the designated router of the network.
    package var router: RouterID
    /// The designated router's interface, for a network.
    package var interfaceID: UInt32
    package var isNetwork: Bool

    package static func router(_ id: RouterID) -> VertexKey { VertexKey(router: id, interfaceID: 0, isNetwork: false) }
    package static func network(_ router: RouterID, _ interfaceID: UInt32) -> VertexKey {
      VertexKey(router: router, interfaceID: interfaceID, isNetwork: true)
    }

    /// Routers before networks, each by router and interface: the order of `show ospf state`.
    package static func < (a: VertexKey, b: VertexKey) -> Bool {
      if a.isNetwork != b.isNetwork { return b.isNetwork }
      return a.router != b.router ? a.router < b.router : a.interfaceID < b.interfaceID
    }
  }

  package struct Edge: Hashable, Sendable {
    package var target: Int32
    package var metric: UInt32
    package var interfaceID: UInt32
    package var type: RouterLSA.LinkType
  }

  /// What one LSA contributes: a router may have several (RFC 5340 §4.4.3.2).
  package struct Fragment: Sendable {
    package var linkStateID: UInt32
    package var flags: RouterLSA.Flags
    package var options: Options
    package var edges: [Edge]
  }

  package struct Vertex: Sendable {
    package var key: VertexKey
    /// In the order of their Link State IDs.
    package var fragments: [Fragment] = []
    package var references: Int32 = 0
    /// The last calculation's result.
    package var distance: UInt32 = ShortestPaths.unreachable
    package var nextHops: [NextHop] = []
    /// The head of the chain of prefixes that hang on this vertex.
    package var firstSource: Int32 = -1

    package var isReachable: Bool { distance != ShortestPaths.unreachable }
    /// RFC 5340 §4.4.3.2: of several router-LSAs, the one with the lowest Link State ID speaks for the router.
    package var flags: RouterLSA.Flags { fragments.first?.flags ?? [] }
    package var options: Options { fragments.first?.options ?? [] }
  }

  package private(set) var index: [VertexKey: Int32] = [:]
  package var vertices: [Vertex] = []
  private var free: [Int32] = []
  /// Routers without one of these are no part of the calculation.
  private let needed: Options

  package init(_ family: AddressFamily) { needed = family == .ipv6 ? .v6 : [] }

  package func find(_ key: VertexKey) -> Int32? { index[key] }

  /// Returns the vertex with the key, created if need be, with one more reference.
  package mutating func retain(_ key: VertexKey) -> Int32 {
    let vertex = place(key)
    vertices[Int(vertex)].references += 1
    return vertex
  }

  package mutating func release(_ vertex: Int32) {
    vertices[Int(vertex)].references -= 1
    collect(vertex)
  }

  private mutating func place(_ key: VertexKey) -> Int32 {
    if let known = index[key] { return known }
    let id: Int32
    if let reused = free.popLast() {
      id = reused
      vertices[Int(id)] = Vertex(key: key)
    } else {
      id = Int32(truncatingIfNeeded: vertices.count)
      vertices.append(Vertex(key: key))
    }
    index[key] = id
    return id
  }

  private mutating func collect(_ vertex: Int32) {
    let at = Int(vertex)
    guard vertices[at].references <= 0, vertices[at].fragments.isEmpty, index[vertices[at].key] == vertex else { return }
    index[vertices[at].key] = nil
    vertices[at].nextHops = []
    vertices[at].distance = ShortestPaths.unreachable
    free.append(vertex)
  }

  /// Sets what an LSA contributes to its vertex; nil if the LSA is gone.
  package mutating func set(_ key: VertexKey, linkStateID: UInt32, to fragment: Fragment?) {
    let vertex = place(key)
    let at = Int(vertex)
    let position = vertices[at].fragments.firstIndex { $0.linkStateID >= linkStateID } ?? vertices[at].fragments.count
    let exists = position < vertices[at].fragments.count && vertices[at].fragments[position].linkStateID == linkStateID
    var old: [Edge] = []
    if exists {
      old = vertices[at].fragments[position].edges
      if let fragment { vertices[at].fragments[position] = fragment } else { vertices[at].fragments.remove(at: position) }
    } else if let fragment {
      vertices[at].fragments.insert(fragment, at: position)
    }
    for edge in old { release(edge.target) }
    collect(vertex)
  }

  /// The present graph. The edges of `root` are those given, not those of its LSAs: they are its interfaces as they are now, while an LSA
  /// may have to wait for MinLSInterval.
  package func graph(root: Int32, rootEdges: [Edge]) -> SPFGraph {
    var graph = SPFGraph()
    graph.reserve(vertices: vertices.count, edges: vertices.count * 4)
    for at in vertices.indices {
      var flags: SPFGraph.VertexFlags = vertices[at].key.isNetwork ? .network : []
      if Int32(truncatingIfNeeded: at) == root {
        for edge in rootEdges { graph.addEdge(to: edge.target, metric: edge.metric) }
      } else {
        let options = vertices[at].options
        // RFC 5340 §4.8.1: without the V6-bit no part of the calculation, without the R-bit no transit. RFC 5838 §2.3: IPv4 has no bit.
        if vertices[at].key.isNetwork || options.isSuperset(of: needed) {
          for fragment in vertices[at].fragments { for edge in fragment.edges { graph.addEdge(to: edge.target, metric: edge.metric) } }
        }
        if !vertices[at].key.isNetwork, !options.contains(.r) { flags.insert(.noTransit) }
      }
      graph.endVertex(flags)
    }
    return graph
  }
}
