import ControlLanguage
import OSPFv3
import RouteCore

extension ReplyWriter {
  /// An instance in `show ospf`, but for its areas.
  mutating func head(of instance: Snapshot.OSPFInstance) {
    line(.ospf, "\(instance.name):")
    line(.ospf, "RFC1583 compatibility: \(instance.view.rfc1583Compatibility ? "enabled" : "disabled")")
    line(.ospf, "Stub router: \(instance.view.isStubRouter ? "Yes" : "No")")
    line(.ospf, "RT scheduler tick: \(instance.view.tick)")
    line(.ospf, "Number of areas: \(instance.view.areas.count)")
    line(.ospf, "Number of LSAs in DB:\t\(instance.view.lsaCount)")
  }

  /// An area, but for its networks.
  mutating func head(of area: InstanceView.AreaView) {
    func yes(_ truth: Bool) -> String { truth ? "Yes" : "No" }
    line(.ospf, "\tArea: \(area.id) (\(area.id.rawValue)) \(area.id.rawValue == 0 ? "[BACKBONE]" : "")")
    line(.ospf, "\t\tStub:\t\(yes(area.kind == .stub))")
    line(.ospf, "\t\tNSSA:\t\(yes(area.kind == .nssa))")
    line(.ospf, "\t\tTransit:\t\(yes(area.isTransit))")
    if area.kind == .nssa {
      line(.ospf, "\t\tNSSA translation:\t\(yes(area.isTranslating))\(area.isRunningDown ? " (run down)" : "")")
    }
    line(.ospf, "\t\tNumber of interfaces:\t\(area.interfaces)")
    line(.ospf, "\t\tNumber of neighbors:\t\(area.neighbors)")
    line(.ospf, "\t\tNumber of adjacent neighbors:\t\(area.adjacentNeighbors)")
    if !area.networks.isEmpty { line(.ospf, "\t\tArea networks:") }
  }

  /// A network of an area; `write` aligns its prefix as the look does.
  mutating func network(_ network: InstanceView.AreaView.Network, _ write: (inout TextBuffer, Prefix) -> Void) {
    begin(.ospf)
    text.append("\t\t\t")
    write(&text, network.prefix)
    text.append(network.isHidden ? "\tHidden\t" : "\tAdvertise\t")
    if network.isActive { text.append("Active") }
    end()
  }

  /// The columns of a neighbour after its router id, up to the timer.
  mutating func state(of neighbor: NeighborView) {
    text.append("\t")
    text.append(neighbor.priority, width: 3)
    text.append("\t")
    text.append(neighbor.state.name)
    text.append("/")
    cell(5) { $0.append(neighbor.position.word) }
    text.append("\t")
  }
}

extension BIRDPresentation {
  package func write(_ instances: [Snapshot.OSPFInterfaces], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.line(.ospfInterface, "\(instance.name):")
      for interface in instance.interfaces { reply.ospf(interface, showsWeight: instance.hasECMP) }
    }
    reply.final(.ok)
  }
}

extension ReplyWriter {
  fileprivate mutating func ospf(_ interface: InterfaceView, showsWeight: Bool) {
    func line(_ text: String) { self.line(.ospfInterface, text) }
    let hasDesignatedRouter = interface.virtualLink == nil && (interface.type == .broadcast || interface.type == .nonBroadcast)
    if let link = interface.virtualLink {
      line("Virtual link \(interface.name) to \(link.peer)")
      line("\tPeer IP: \(link.peerAddress)")
      line("\tTransit area: \(link.transitArea) (\(link.transitArea.rawValue))")
    } else {
      let isStrict = interface.isStrict && (interface.type == .nonBroadcast || interface.type == .pointToMultipoint)
      line("Interface \(interface.name) (IID \(interface.instanceID))")
      line("\tType: \(interface.type.name)\(isStrict ? " (strict)" : "")")
      line("\tArea: \(interface.areaID) (\(interface.areaID.rawValue))")
    }
    line("\tState: \(interface.state.name)\(interface.isStub ? " (stub)" : "")")
    line("\tPriority: \(interface.priority)")
    line("\tCost: \(interface.cost)")
    if showsWeight { line("\tECMP weight: \(interface.ecmpWeight)") }
    line("\tHello timer: \(interface.helloInterval)")
    if interface.type == .nonBroadcast { line("\tPoll timer: \(interface.pollInterval)") }
    line("\tWait timer: \(interface.waitInterval)")
    line("\tDead timer: \(interface.deadInterval)")
    line("\tRetransmit timer: \(interface.retransmitInterval)")
    guard hasDesignatedRouter else { return }
    line("\tDesignated router (ID): \(interface.designatedRouter)")
    line("\tDesignated router (IP): \(interface.designatedRouterAddress)")
    line("\tBackup designated router (ID): \(interface.backupDesignatedRouter)")
    line("\tBackup designated router (IP): \(interface.backupDesignatedRouterAddress)")
  }
}

extension NeighborView.Position {
  /// What the neighbour is on the link.
  var word: String {
    switch self {
    case .designatedRouter: "DR"
    case .backup: "BDR"
    case .other: "Other"
    case .pointToPoint: "PtP"
    }
  }
}
