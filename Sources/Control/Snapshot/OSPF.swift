import OSPFv3
import RouteCore

// For OSPF the snapshot consists of the views of an instance that its module provides, and of what these lack.

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
    /// The remaining time of the Inactivity Timer.
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
    /// Whether the instance uses several paths, and so the weights of interfaces.
    package var hasECMP: Bool
    package var interfaces: [InterfaceView]
    package init(_ name: String, hasECMP: Bool, _ interfaces: [InterfaceView]) {
      self.name = name
      self.hasECMP = hasECMP
      self.interfaces = interfaces
    }
  }

  /// Which part of the graph is shown.
  package enum OSPFTopologyPart: Sendable {
    /// `show ospf topology`: routers, networks and the links between them.
    case topology
    /// `show ospf state`: prefixes too.
    case state
  }
}
