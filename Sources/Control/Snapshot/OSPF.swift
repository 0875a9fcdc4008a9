import OSPFv3
import RouteCore

// Of OSPF the snapshot has the views that its module gives of an instance, and what they do not have beside them.

extension Snapshot {
  /// An instance in `show ospf`.
  package struct OSPFInstance: Sendable {
    package var name: String
    package var view: InstanceView
    package init(_ name: String, _ view: InstanceView) {
      self.name = name
      self.view = view
    }
  }

  package struct OSPFNeighbor: Sendable {
    package var view: NeighborView
    /// What is left of the Inactivity Timer.
    package var deadTime: Duration
    package init(_ view: NeighborView, deadTime: Duration) {
      self.view = view
      self.deadTime = deadTime
    }
  }

  /// The neighbours of an instance.
  package struct OSPFNeighbors: Sendable {
    package var name: String
    package var neighbors: [OSPFNeighbor]
    package init(_ name: String, _ neighbors: [OSPFNeighbor]) {
      self.name = name
      self.neighbors = neighbors
    }
  }

  /// The interfaces of an instance.
  package struct OSPFInterfaces: Sendable {
    package var name: String
    /// Whether the instance makes use of several paths, and so of the interfaces' weights.
    package var hasECMP: Bool
    package var interfaces: [InterfaceView]
    package init(_ name: String, hasECMP: Bool, _ interfaces: [InterfaceView]) {
      self.name = name
      self.hasECMP = hasECMP
      self.interfaces = interfaces
    }
  }

  /// What of the graph is shown.
  package enum OSPFTopologyPart: Sendable {
    /// `show ospf topology`: routers, networks and the links between them.
    case topology
    /// `show ospf state`: prefixes too.
    case state
  }
}
