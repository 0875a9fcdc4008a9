import RouteCore

extension Snapshot {
  /// `show ospf topology` and `show ospf state`: the graph that SPF saw, by area. Nodes come in the order shown: routers by id, then
  /// networks by designated router and interface.
  package struct OSPFTopology: Hashable, Sendable {
    /// What of the graph is shown.
    package enum Part: Sendable {
      /// `show ospf topology`: routers, networks and the links between them.
      case topology
      /// `show ospf state`: prefixes too.
      case state
    }
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
}
