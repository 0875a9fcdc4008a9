import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// An instance in `show ospf`, but for its areas.
  mutating func head(of instance: Snapshot.OSPFInstance) {
    line(.ospf, "\(instance.name):")
    line(.ospf, "RFC1583 compatibility: \(instance.rfc1583 ? "enabled" : "disabled")")
    line(.ospf, "Stub router: \(instance.isStubRouter ? "Yes" : "No")")
    line(.ospf, "RT scheduler tick: \(instance.tick)")
    line(.ospf, "Number of areas: \(instance.areas.count)")
    line(.ospf, "Number of LSAs in DB:\t\(instance.lsaCount)")
  }

  /// An area, but for its networks.
  mutating func head(of area: Snapshot.OSPFInstance.Area) {
    func yes(_ truth: Bool) -> String { truth ? "Yes" : "No" }
    line(.ospf, "\tArea: \(area.id) (\(area.id.rawValue)) \(area.id.rawValue == 0 ? "[BACKBONE]" : "")")
    var isNSSA = false
    if case .nssa = area.kind { isNSSA = true }
    line(.ospf, "\t\tStub:\t\(yes(area.kind == .stub))")
    line(.ospf, "\t\tNSSA:\t\(yes(isNSSA))")
    line(.ospf, "\t\tTransit:\t\(yes(area.isTransit))")
    if case .nssa(let translates, let runningDown) = area.kind {
      line(.ospf, "\t\tNSSA translation:\t\(yes(translates))\(runningDown ? " (run down)" : "")")
    }
    line(.ospf, "\t\tNumber of interfaces:\t\(area.interfaces)")
    line(.ospf, "\t\tNumber of neighbors:\t\(area.neighbors)")
    line(.ospf, "\t\tNumber of adjacent neighbors:\t\(area.adjacentNeighbors)")
    if !area.networks.isEmpty { line(.ospf, "\t\tArea networks:") }
  }

  /// A network of an area; `write` aligns its prefix as the look does.
  mutating func network(_ network: Snapshot.OSPFInstance.Area.Network, _ write: (inout TextBuffer, Prefix) -> Void) {
    begin(.ospf)
    text.append("\t\t\t")
    write(&text, network.prefix)
    text.append(network.isHidden ? "\tHidden\t" : "\tAdvertise\t")
    if network.isActive { text.append("Active") }
    end()
  }

  /// The columns of a neighbour after its router id, up to the timer.
  mutating func state(of neighbor: Snapshot.OSPFNeighbor) {
    text.append("\t")
    text.append(neighbor.priority, width: 3)
    text.append("\t")
    text.append(neighbor.state.rawValue)
    text.append("/")
    cell(5) { $0.append(neighbor.role.rawValue) }
    text.append("\t")
  }
}

extension BIRDPresentation {
  package func write(_ instances: [(name: String, interfaces: [Snapshot.OSPFInterface])], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.line(.ospfInterface, "\(instance.name):")
      for interface in instance.interfaces { reply.ospf(interface) }
    }
    reply.final(.ok)
  }
}

extension ReplyWriter {
  fileprivate mutating func ospf(_ interface: Snapshot.OSPFInterface) {
    func line(_ text: String) { self.line(.ospfInterface, text) }
    if case .virtualLink(let router, let peer, let transitArea) = interface.kind {
      line("Virtual link \(interface.name) to \(router)")
      line("\tPeer IP: \(peer)")
      line("\tTransit area: \(transitArea) (\(transitArea.rawValue))")
    } else {
      line("Interface \(interface.name) (IID \(interface.instanceID))")
      line("\tType: \(interface.kind.words)")
      line("\tArea: \(interface.area) (\(interface.area.rawValue))")
    }
    line("\tState: \(interface.state.rawValue)\(interface.isStub ? " (stub)" : "")")
    line("\tPriority: \(interface.priority)")
    line("\tCost: \(interface.cost)")
    if let ecmpWeight = interface.ecmpWeight { line("\tECMP weight: \(ecmpWeight)") }
    line("\tHello timer: \(interface.hello)")
    if let poll = interface.poll { line("\tPoll timer: \(poll)") }
    line("\tWait timer: \(interface.wait)")
    line("\tDead timer: \(interface.dead)")
    line("\tRetransmit timer: \(interface.retransmit)")
    guard interface.kind.hasDesignatedRouter else { return }
    line("\tDesignated router (ID): \(interface.designated.id)")
    line("\tDesignated router (IP): \(interface.designated.address)")
    line("\tBackup designated router (ID): \(interface.backup.id)")
    line("\tBackup designated router (IP): \(interface.backup.address)")
  }
}

extension Snapshot.OSPFInterface.Kind {
  fileprivate var words: String {
    switch self {
    case .broadcast: "broadcast"
    case .nbma(let strict): strict ? "nbma (strict)" : "nbma"
    case .pointToPoint: "ptp"
    case .pointToMultipoint(let strict): strict ? "ptmp (strict)" : "ptmp"
    case .virtualLink: "virtual link"
    }
  }

  fileprivate var hasDesignatedRouter: Bool {
    switch self {
    case .broadcast, .nbma: true
    case .pointToPoint, .pointToMultipoint, .virtualLink: false
    }
  }
}
