/// A directed graph in compressed form, all the shortest-path calculation knows: vertices are numbers, some are networks, some
/// must not be passed through.
package struct SPFGraph: Sendable {
  package struct Edge: Hashable, Sendable {
    package var target: Int32
    package var metric: UInt32

    package init(target: Int32, metric: UInt32) {
      self.target = target
      self.metric = metric
    }
  }

  package struct VertexFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// A transit network rather than a router.
    package static let network = VertexFlags(rawValue: 1)
    /// Can be reached, but nothing through it.
    package static let noTransit = VertexFlags(rawValue: 2)
  }

  package private(set) var flags: [VertexFlags] = []
  /// The edges of vertex v are `edges[offsets[v]..<offsets[v + 1]]`.
  package private(set) var offsets: [Int32] = [0]
  package private(set) var edges: [Edge] = []

  package init() {}

  package var count: Int { flags.count }

  package mutating func reserve(vertices: Int, edges count: Int) {
    flags.reserveCapacity(vertices)
    offsets.reserveCapacity(vertices + 1)
    edges.reserveCapacity(count)
  }

  /// Adds an edge of the vertex the next `endVertex` will complete.
  @inline(__always) package mutating func addEdge(to target: Int32, metric: UInt32) {
    edges.append(Edge(target: target, metric: metric))
  }

  /// Completes the next vertex.
  package mutating func endVertex(_ flags: VertexFlags) {
    self.flags.append(flags)
    offsets.append(Int32(truncatingIfNeeded: edges.count))
  }

  package func edgeRange(of vertex: Int) -> Range<Int> { Int(offsets[vertex])..<Int(offsets[vertex + 1]) }
}
