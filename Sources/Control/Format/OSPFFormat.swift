import RouteCore

extension OSPFView {
  /// Writes the whole answer of `show ospf`.
  package static func write(_ instances: [OSPFView], _ style: ReplyStyle, to reply: inout ReplyWriter) {
    for instance in instances { instance.write(style.format, to: &reply) }
    reply.final(.ok)
  }

  private func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.line(.ospf, "\(name):")
    reply.line(.ospf, "RFC1583 compatibility: \(rfc1583 ? "enabled" : "disabled")")
    reply.line(.ospf, "Stub router: \(isStubRouter ? "Yes" : "No")")
    reply.line(.ospf, "RT scheduler tick: \(tick)")
    reply.line(.ospf, "Number of areas: \(areas.count)")
    reply.line(.ospf, "Number of LSAs in DB:\t\(lsaCount)")
    for area in areas { area.write(format, to: &reply) }
  }
}

extension OSPFView.Area {
  fileprivate func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    func yes(_ truth: Bool) -> String { truth ? "Yes" : "No" }
    reply.line(.ospf, "\tArea: \(id) (\(id.rawValue)) \(id.rawValue == 0 ? "[BACKBONE]" : "")")
    var isNSSA = false
    if case .nssa = kind { isNSSA = true }
    reply.line(.ospf, "\t\tStub:\t\(yes(kind == .stub))")
    reply.line(.ospf, "\t\tNSSA:\t\(yes(isNSSA))")
    reply.line(.ospf, "\t\tTransit:\t\(yes(isTransit))")
    if case .nssa(let translates, let runningDown) = kind {
      reply.line(.ospf, "\t\tNSSA translation:\t\(yes(translates))\(runningDown ? " (run down)" : "")")
    }
    reply.line(.ospf, "\t\tNumber of interfaces:\t\(interfaces)")
    reply.line(.ospf, "\t\tNumber of neighbors:\t\(neighbors)")
    reply.line(.ospf, "\t\tNumber of adjacent neighbors:\t\(adjacentNeighbors)")
    if !networks.isEmpty { reply.line(.ospf, "\t\tArea networks:") }
    for network in networks { network.write(format, to: &reply) }
    // 2.x lists these without a heading of their own if there are area networks.
    if !externalNetworks.isEmpty, format == .bird1 || networks.isEmpty { reply.line(.ospf, "\t\tArea external networks:") }
    for network in externalNetworks { network.write(format, to: &reply) }
  }
}

extension OSPFView.Area.Network {
  fileprivate func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.begin(.ospf)
    reply.text.append("\t\t\t")
    let start = reply.text.count
    // 1.6 aligns the address in the width of its family, 2.x the whole network.
    if format == .bird1 {
      reply.text.append(prefix.address)
      reply.text.alignRight(from: start, to: prefix.family == .ipv4 ? 15 : 39)
      reply.text.append("/")
      reply.text.append(prefix.length)
    } else {
      reply.text.append(prefix)
      reply.text.alignRight(from: start, to: prefix.family == .ipv4 ? 18 : 43)
    }
    reply.text.append(isHidden ? "\tHidden\t" : "\tAdvertise\t")
    if isActive { reply.text.append("Active") }
    reply.end()
  }
}

extension OSPFNeighborView {
  /// Writes the whole answer of `show ospf neighbors`, instance by instance.
  package static func write(
    _ instances: [(name: String, neighbors: [OSPFNeighborView])], _ style: ReplyStyle, to reply: inout ReplyWriter
  ) {
    if style.output == .json { return writeJSON(instances, to: &reply) }
    for instance in instances {
      reply.line(.ospfNeighbor, "\(instance.name):")
      // 1.6 fills the last column, 2.x does not.
      reply.line(
        .ospfNeighbor,
        "Router ID   \tPri\t     State     \tDTime\tInterface  Router IP\(style.format == .bird1 ? "   " : "")")
      for neighbor in instance.neighbors { neighbor.write(style.format, to: &reply) }
    }
    reply.final(.ok)
  }

  private func write(_ format: CLIFormat, to reply: inout ReplyWriter) {
    reply.begin(.ospfNeighbor)
    reply.text.append(routerID)
    if format == .bird2 { reply.pad(to: 12) }
    reply.text.append("\t")
    reply.text.append(priority, width: 3)
    reply.text.append("\t")
    reply.text.append(state.rawValue)
    reply.text.append("/")
    var start = reply.text.count
    reply.text.append(role.rawValue)
    reply.text.pad(from: start, to: 5)
    reply.text.append("\t")
    start = reply.text.count
    if format == .bird2 {
      reply.text.append(seconds: deadTime ?? .zero, format, width: 6)
    } else if let deadTime {
      let seconds = UInt64(max(deadTime.wholeSeconds, 0))
      reply.text.append(zeroPadded: seconds / 60, width: 2)
      reply.text.append(":")
      reply.text.append(zeroPadded: seconds % 60, width: 2)
    } else {
      reply.text.append("-Inf-")
    }
    reply.text.append("\t")
    start = reply.text.count
    reply.text.append(interface)
    reply.text.pad(from: start, to: 10)
    reply.text.append(" ")
    start = reply.text.count
    reply.text.append(address)
    if format == .bird1 { reply.text.pad(from: start, to: address.isIPv4 ? 15 : 39) }
    reply.end()
  }
}

extension OSPFInterfaceView {
  /// Writes the whole answer of `show ospf interface`, instance by instance.
  package static func write(_ instances: [(name: String, interfaces: [OSPFInterfaceView])], to reply: inout ReplyWriter) {
    for instance in instances {
      reply.line(.ospfInterface, "\(instance.name):")
      for interface in instance.interfaces { interface.write(to: &reply) }
    }
    reply.final(.ok)
  }

  private func write(to reply: inout ReplyWriter) {
    func line(_ text: String) { reply.line(.ospfInterface, text) }
    if case .virtualLink(let router, let peer, let transitArea) = kind {
      line("Virtual link \(name) to \(router)")
      line("\tPeer IP: \(peer)")
      line("\tTransit area: \(transitArea) (\(transitArea.rawValue))")
    } else {
      line("Interface \(name) (IID \(instanceID))")
      line("\tType: \(kind.words)")
      line("\tArea: \(area) (\(area.rawValue))")
    }
    line("\tState: \(state.rawValue)\(isStub ? " (stub)" : "")")
    line("\tPriority: \(priority)")
    line("\tCost: \(cost)")
    if let ecmpWeight { line("\tECMP weight: \(ecmpWeight)") }
    line("\tHello timer: \(hello)")
    if let poll { line("\tPoll timer: \(poll)") }
    line("\tWait timer: \(wait)")
    line("\tDead timer: \(dead)")
    line("\tRetransmit timer: \(retransmit)")
    guard kind.hasDesignatedRouter else { return }
    line("\tDesignated router (ID): \(designated.id)")
    line("\tDesignated router (IP): \(designated.address)")
    line("\tBackup designated router (ID): \(backup.id)")
    line("\tBackup designated router (IP): \(backup.address)")
  }
}

extension OSPFInterfaceView.Kind {
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
