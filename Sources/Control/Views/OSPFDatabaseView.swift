import RouteCore

/// `show ospf topology` and `show ospf state`: the graph that SPF saw, by area. Nodes come in the order shown: routers by id, then
/// networks by designated router and interface.
package struct OSPFTopologyView: Hashable, Sendable {
  package enum Vertex: Hashable, Sendable {
    case router(RouterID)
    /// OSPFv3's network: its designated router and that router's interface id.
    case network(RouterID, interface: UInt32)
  }
  /// What hangs on a node. `show ospf topology` shows the first four.
  package enum Link: Hashable, Sendable {
    case virtualLink(RouterID, metric: UInt32)
    case router(RouterID, metric: UInt32)
    case network(RouterID, interface: UInt32, metric: UInt32)
    /// A router attached to a network.
    case attached(RouterID)
    case stubNetwork(Prefix, metric: UInt32)
    /// A host address: a prefix with the LA bit (RFC 5340 §A.4.1.1).
    case address(Prefix)
    /// Inter-area prefix and router (RFC 5340 §4.4.3.4, §4.4.3.5).
    case interAreaPrefix(Prefix, metric: UInt32)
    case interAreaRouter(RouterID, metric: UInt32)
    case external(External)
    case nssa(External)

    var isTopology: Bool {
      switch self {
      case .virtualLink, .router, .network, .attached: true
      default: false
      }
    }
  }
  package struct External: Hashable, Sendable {
    package var prefix: Prefix
    package var metric: UInt32
    /// E-bit: a type 2 metric.
    package var isType2: Bool
    package var forwarding: IPAddress?
    package var tag: UInt32
    package init(_ prefix: Prefix, metric: UInt32, isType2: Bool, forwarding: IPAddress? = nil, tag: UInt32 = 0) {
      self.prefix = prefix
      self.metric = metric
      self.isType2 = isType2
      self.forwarding = forwarding
      self.tag = tag
    }
  }
  package struct Node: Hashable, Sendable {
    package var vertex: Vertex
    /// nil: unreachable; shown by `all` only.
    package var distance: UInt32?
    package var links: [Link]
    package init(_ vertex: Vertex, distance: UInt32?, links: [Link]) {
      self.vertex = vertex
      self.distance = distance
      self.links = links
    }
  }
  package struct Area: Hashable, Sendable {
    package var id: RouterID
    package var nodes: [Node]
    package init(id: RouterID, nodes: [Node]) {
      self.id = id
      self.nodes = nodes
    }
  }
  package var areas: [Area]
  /// Routers that announce externals but are in no area we are in; their links are `.external`.
  package var otherASBRs: [Node]
  package init(areas: [Area], otherASBRs: [Node] = []) {
    self.areas = areas
    self.otherASBRs = otherASBRs
  }
}

/// `show ospf lsadb`: what the filter of the command let through, by flooding domain in the order shown.
package struct OSPFLSADBView: Hashable, Sendable {
  package enum Domain: Hashable, Sendable {
    case global
    case area(RouterID)
    case link(String)
  }
  package struct LSA: Hashable, Sendable {
    package var type: UInt16
    package var id: UInt32
    package var router: RouterID
    package var sequence: UInt32
    package var age: UInt16
    package var checksum: UInt16
    package init(type: UInt16, id: UInt32, router: RouterID, sequence: UInt32, age: UInt16, checksum: UInt16) {
      self.type = type
      self.id = id
      self.router = router
      self.sequence = sequence
      self.age = age
      self.checksum = checksum
    }
  }
  package struct Section: Hashable, Sendable {
    package var domain: Domain
    package var lsas: [LSA]
    package init(_ domain: Domain, _ lsas: [LSA]) {
      self.domain = domain
      self.lsas = lsas
    }
  }
  package var sections: [Section]
  package init(sections: [Section]) { self.sections = sections }
}
