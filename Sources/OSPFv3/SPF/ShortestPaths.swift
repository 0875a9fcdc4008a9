import RouteCore

/// The first step of a path: an edge of the root, and the router at its far end; no router where the edge leads to a network
/// and the path ends there.
package struct FirstHop: Hashable, Sendable, Comparable {
  /// Counted among the root's edges.
  package var edge: Int32
  /// A vertex, or -1.
  package var router: Int32

  package init(edge: Int32, router: Int32) {
    self.edge = edge
    self.router = router
  }

  package static func < (a: FirstHop, b: FirstHop) -> Bool { a.edge != b.edge ? a.edge < b.edge : a.router < b.router }
}

/// Dijkstra's algorithm with all equally short first hops (RFC 2328 §16.1).
///
/// An edge counts only if its target has an edge back (§16.1 (2b)). That is checked by stamping all vertices with an edge to the
/// one being expanded, so the check costs one pass over the edges in all, also for a hub of thousands of links.
package struct ShortestPaths: Sendable {
  package static let unreachable = UInt32.max

  /// Per vertex; `unreachable` if there is no path.
  package private(set) var distances: [UInt32]
  /// Per vertex the index of its set of first hops; 0 is the empty set (the root, and what cannot be reached).
  package private(set) var hopSets: [Int32]
  /// The sets in use, each in order.
  package private(set) var sets: [[FirstHop]] = [[]]

  private var setIDs: [[FirstHop]: Int32] = [:]
  private var unions: [UInt64: Int32] = [:]

  package init(_ graph: SPFGraph, from root: Int) {
    distances = Array(repeating: Self.unreachable, count: graph.count)
    hopSets = Array(repeating: 0, count: graph.count)
    guard root >= 0, root < graph.count else { return }
    run(graph, root)
  }

  private mutating func run(_ graph: SPFGraph, _ root: Int) {
    let back = ReverseEdges(graph)
    var stamps = [Int32](repeating: -1, count: graph.count)
    var isDone = [Bool](repeating: false, count: graph.count)
    var candidates = Heap<Candidate>()
    distances[root] = 0
    candidates.insert(Candidate(distance: 0, isRouter: true, vertex: root))
    // RFC 2328 §16.1 (3): the candidate closest to the root joins the tree.
    while let candidate = candidates.popFirst() {
      let vertex = candidate.vertex
      if isDone[vertex] { continue }
      isDone[vertex] = true
      // RFC 5340 §4.8.1: a router whose R-bit is clear is a leaf.
      if vertex != root, graph.flags[vertex].contains(.noTransit) { continue }
      back.stamp(&stamps, with: Int32(truncatingIfNeeded: vertex))
      let base = distances[vertex]
      let range = graph.edgeRange(of: vertex)
      for position in range {
        let edge = graph.edges[position]
        let target = Int(edge.target)
        // (2b), (2c)
        if stamps[target] != Int32(truncatingIfNeeded: vertex) || isDone[target] { continue }
        let (distance, overflow) = base.addingReportingOverflow(edge.metric)
        if overflow || distance >= Constants.lsInfinity || distance > distances[target] { continue }
        let isNetwork = graph.flags[target].contains(.network)
        let hops = firstHops(
          to: target, isNetwork: isNetwork, from: vertex,
          rootEdge: vertex == root ? Int32(truncatingIfNeeded: position - range.lowerBound) : nil)
        // (2d)
        if distance == distances[target] {
          hopSets[target] = union(hopSets[target], hops)
        } else {
          distances[target] = distance
          hopSets[target] = hops
          candidates.insert(Candidate(distance: distance, isRouter: !isNetwork, vertex: target))
        }
      }
    }
  }

  /// RFC 2328 §16.1.1: the first hops of the path to `target` by way of `parent`.
  private mutating func firstHops(to target: Int, isNetwork: Bool, from parent: Int, rootEdge: Int32?) -> Int32 {
    if let rootEdge {
      return intern([FirstHop(edge: rootEdge, router: isNetwork ? -1 : Int32(truncatingIfNeeded: target))])
    }
    let inherited = hopSets[parent]
    let set = sets[Int(inherited)]
    // Behind a network the root is attached to, the router itself is the first hop.
    guard !isNetwork, set.contains(where: { $0.router < 0 }) else { return inherited }
    return intern(
      set.map { $0.router < 0 ? FirstHop(edge: $0.edge, router: Int32(truncatingIfNeeded: target)) : $0 }.sorted())
  }

  private mutating func intern(_ set: [FirstHop]) -> Int32 {
    if let known = setIDs[set] { return known }
    let id = Int32(truncatingIfNeeded: sets.count)
    sets.append(set)
    setIDs[set] = id
    return id
  }

  private mutating func union(_ a: Int32, _ b: Int32) -> Int32 {
    if a == b { return a }
    let key = UInt64(UInt32(bitPattern: min(a, b))) << 32 | UInt64(UInt32(bitPattern: max(a, b)))
    if let known = unions[key] { return known }
    var merged = sets[Int(a)]
    for hop in sets[Int(b)] where !merged.contains(hop) { merged.append(hop) }
    let id = intern(merged.sorted())
    unions[key] = id
    return id
  }
}

/// Who has an edge to whom.
private struct ReverseEdges {
  private var offsets: [Int32]
  private var sources: [Int32]

  init(_ graph: SPFGraph) {
    offsets = Array(repeating: 0, count: graph.count + 1)
    sources = Array(repeating: 0, count: graph.edges.count)
    for edge in graph.edges { offsets[Int(edge.target) + 1] += 1 }
    for vertex in 0..<graph.count { offsets[vertex + 1] += offsets[vertex] }
    var next = offsets
    for vertex in 0..<graph.count {
      for position in graph.edgeRange(of: vertex) {
        let target = Int(graph.edges[position].target)
        sources[Int(next[target])] = Int32(truncatingIfNeeded: vertex)
        next[target] += 1
      }
    }
  }

  /// Marks all vertices with an edge to `vertex`.
  func stamp(_ stamps: inout [Int32], with vertex: Int32) {
    for position in Int(offsets[Int(vertex)])..<Int(offsets[Int(vertex) + 1]) { stamps[Int(sources[position])] = vertex }
  }
}

/// A candidate, packed into one integer: distance, then networks before routers (RFC 2328 §16.1 (3): so that equal paths through a
/// network are all found), then the vertex.
private struct Candidate: Comparable {
  private let packed: UInt64

  init(distance: UInt32, isRouter: Bool, vertex: Int) {
    packed = UInt64(distance) << 32 | (isRouter ? 1 << 31 : 0) | UInt64(truncatingIfNeeded: vertex & 0x7fff_ffff)
  }

  var vertex: Int { Int(packed & 0x7fff_ffff) }

  static func < (a: Candidate, b: Candidate) -> Bool { a.packed < b.packed }
}
