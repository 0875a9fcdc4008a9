import OSPFv3
import RouteCore
import Testing

@Suite struct ShortestPathsTests {
  /// A random graph: routers, some networks (which lead to routers only, at no cost).
  private func graph(_ random: inout SeededGenerator) -> SPFGraph {
    let routers = 2 + Int(random.next() % 12)
    let networks = Int(random.next() % 4)
    var edges = [[SPFGraph.Edge]](repeating: [], count: routers + networks)
    for _ in 0..<routers * 2 {
      let a = Int(random.next() % UInt64(routers))
      let b = Int(random.next() % UInt64(routers))
      if a == b { continue }
      edges[a].append(.init(target: Int32(b), metric: UInt32(1 + random.next() % 4)))
      // Now and then a link only one side knows of.
      if random.next() % 8 > 0 { edges[b].append(.init(target: Int32(a), metric: UInt32(1 + random.next() % 4))) }
    }
    for network in routers..<routers + networks {
      for router in 0..<routers where random.next() % 3 == 0 {
        edges[router].append(.init(target: Int32(network), metric: UInt32(1 + random.next() % 4)))
        if random.next() % 8 > 0 { edges[network].append(.init(target: Int32(router), metric: 0)) }
      }
    }
    var graph = SPFGraph()
    for vertex in 0..<routers + networks {
      for edge in edges[vertex] { graph.addEdge(to: edge.target, metric: edge.metric) }
      var flags: SPFGraph.VertexFlags = vertex >= routers ? .network : []
      if vertex > 0, vertex < routers, random.next() % 8 == 0 { flags.insert(.noTransit) }
      graph.endVertex(flags)
    }
    return graph
  }

  private func hasEdge(_ graph: SPFGraph, _ a: Int, _ b: Int) -> Bool { graph.edgeRange(of: a).contains { graph.edges[$0].target == b } }

  /// Distances by relaxing all edges until nothing changes, first hops by walking every shortest path from the root.
  private func naive(_ graph: SPFGraph) -> (distances: [UInt32], hops: [Set<FirstHop>]) {
    var distances = [UInt32](repeating: ShortestPaths.unreachable, count: graph.count)
    var hops = [Set<FirstHop>](repeating: [], count: graph.count)
    distances[0] = 0
    var changed = true
    while changed {
      changed = false
      for a in 0..<graph.count where distances[a] != ShortestPaths.unreachable && (a == 0 || !graph.flags[a].contains(.noTransit)) {
        for position in graph.edgeRange(of: a) {
          let edge = graph.edges[position]
          let b = Int(edge.target)
          guard b != 0, hasEdge(graph, b, a) else { continue }
          let distance = distances[a] + edge.metric
          if distance < distances[b] {
            distances[b] = distance
            hops = hops.map { _ in [] }
            changed = true
          }
          guard distance == distances[b] else { continue }
          var set = hops[a]
          if a == 0 {
            set = [
              FirstHop(
                edge: Int32(position - graph.edgeRange(of: 0).lowerBound), router: graph.flags[b].contains(.network) ? -1 : edge.target)
            ]
          }
          if a != 0, !graph.flags[b].contains(.network) {
            set = Set(set.map { $0.router < 0 ? FirstHop(edge: $0.edge, router: edge.target) : $0 })
          }
          if !set.isSubset(of: hops[b]) {
            hops[b].formUnion(set)
            changed = true
          }
        }
      }
    }
    return (distances, hops)
  }

  @Test func `a thousand random graphs give the distances and first hops of the naive calculation`() {
    for seed in 1...1000 {
      var random = SeededGenerator(seed: UInt64(seed))
      let graph = graph(&random)
      let paths = ShortestPaths(graph, from: 0)
      let expected = naive(graph)
      #expect(paths.distances == expected.distances, "seed \(seed)")
      for vertex in 1..<graph.count {
        #expect(paths.sets[Int(paths.hopSets[vertex])] == expected.hops[vertex].sorted(), "seed \(seed) vertex \(vertex)")
      }
    }
  }

  @Test func `a root outside the graph reaches nothing`() {
    #expect(ShortestPaths(SPFGraph(), from: 0).distances.isEmpty)
    #expect(ShortestPaths(SPFGraph(), from: -1).distances.isEmpty)
  }
}
