import BGP
import OSPFv3
import RouteCore

// What can only be checked when a protocol has been read to its end.
extension Parser {
  /// Makes the typed configuration of a protocol. A protocol with errors of its own is not checked further: what is missing may just
  /// not have been understood.
  func finish(_ draft: ProtocolDraft, isSound: Bool) {
    var channels = draft.channels
    if hasImpliedChannel(draft.kind) { channels = [draft.implied] }
    if isSound { channels = completed(channels, of: draft) }
    channels.sort { $0.configuration.family.rawValue < $1.configuration.family.rawValue }
    var result = ProtocolConfiguration(
      name: draft.name, location: draft.token.location, specification: specification(of: draft, channels: channels))
    result.disabled = draft.disabled
    result.debug = draft.debug ?? configuration.debugProtocols
    result.description = draft.description
    result.routerID = draft.routerID
    result.channels = channels.map { $0.configuration }
    configuration.protocols.append(result)
    guard isSound else { return }
    switch result.specification {
    case .device: checkDevice(draft)
    case .kernel(let kernel): checkKernel(kernel, result, draft)
    case .static(let routes): checkStatic(routes, channels, draft)
    case .pipe(let pipe): checkPipe(pipe, draft)
    case .ospf(let ospf): checkOSPF(ospf, draft)
    case .bgp(let peer): checkBGP(peer, channels, draft)
    case .direct: break
    }
  }

  private func specification(of draft: ProtocolDraft, channels: [ChannelDraft]) -> ProtocolConfiguration.Specification {
    switch draft.kind {
    case .device: return .device(draft.device)
    case .direct: return .direct(draft.direct)
    case .kernel: return .kernel(draft.kernel)
    case .static: return .static(draft.staticRoutes)
    case .pipe: return .pipe(PipeConfiguration(peerTable: draft.pipe.peerTable ?? "", opaque: draft.pipe.opaque))
    case .ospf:
      var instance = draft.ospf.instance
      instance.isASBoundaryRouter = channels.contains { if case .none = $0.configuration.exportPolicy { false } else { true } }
      return .ospf(OSPFConfiguration(version: draft.ospf.version ?? .v2, instance: instance))
    case .bgp:
      var peer = draft.bgp.peer
      for channel in channels {
        if channel.configuration.family == .ipv4 { peer.ipv4 = channel.bgp } else { peer.ipv6 = channel.bgp }
      }
      return .bgp(peer)
    }
  }

  /// Checks how many channels a 2.x protocol has, and adds the one it may leave out.
  private func completed(_ channels: [ChannelDraft], of draft: ProtocolDraft) -> [ChannelDraft] {
    guard dialect == .bird2 else { return channels }
    let hint = "write ipv4; or ipv6; or ipv6 { import …; export …; };"
    switch draft.kind {
    case .device, .pipe: break
    case .kernel:
      if channels.count != 1 { report("protocol kernel needs exactly one channel", at: draft.token, hint: hint) }
    case .direct, .static, .bgp:
      if channels.isEmpty { report("protocol \(draft.kind.rawValue) needs a channel", at: draft.token, hint: hint) }
    case .ospf:
      let family: AddressFamily = draft.ospf.version == .v3 ? .ipv6 : .ipv4
      if channels.isEmpty { return [ChannelDraft(family: family, dialect: dialect, kind: .ospf, token: draft.token)] }
      for channel in channels where channel.configuration.family != family {
        let message = family == .ipv6 ? "IPv4 channels of OSPFv3 are not supported yet" : "OSPFv2 takes an IPv4 channel only"
        report(message, at: channel.token, hint: family == .ipv4 ? "protocol ospf v3 is for IPv6" : nil)
      }
    }
    return channels
  }

  private func checkDevice(_ draft: ProtocolDraft) {
    guard configuration.protocols.count(where: { $0.kind == .device }) > 1 else { return }
    report("Kernel device protocol already defined", at: draft.token)
  }

  private func checkKernel(_ kernel: KernelConfiguration, _ result: ProtocolConfiguration, _ draft: ProtocolDraft) {
    for other in configuration.protocols.dropLast() {
      guard case .kernel(let before) = other.specification else { continue }
      for channel in result.channels {
        guard let known = other.channel(channel.family) else { continue }
        if known.table == channel.table {
          report("Kernel syncer '\(other.name)' already attached to table \(known.table)", at: draft.marks["table"] ?? draft.token)
        } else if before.table == kernel.table {
          report(
            "Kernel table \(kernel.table) already used by '\(other.name)'", at: draft.marks["kernel table"] ?? draft.token,
            hint: "kernel table N; names another")
        }
      }
    }
  }

  private func checkStatic(_ routes: StaticConfiguration, _ channels: [ChannelDraft], _ draft: ProtocolDraft) {
    guard dialect == .bird2, !channels.isEmpty else { return }
    for route in routes.routes where !channels.contains(where: { $0.configuration.family == route.prefix.family }) {
      report("The route's type \(route.prefix.family) has no channel here", at: route.location, hint: "add \(route.prefix.family);")
    }
  }

  private func checkPipe(_ pipe: PipeConfiguration, _ draft: ProtocolDraft) {
    guard !pipe.peerTable.isEmpty else {
      return report("Name of peer routing table not specified", at: draft.token, hint: "write peer table NAME;")
    }
    let own = draft.implied.configuration
    if pipe.peerTable == own.table {
      report("Primary table and peer table must be different", at: draft.marks["peer table"] ?? draft.token)
    }
    if case .table(let peer) = symbols.lookup(pipe.peerTable)?.symbol, peer.family != own.family {
      report("Primary table and peer table must have the same type", at: draft.marks["peer table"] ?? draft.token)
    }
  }

  private func checkOSPF(_ ospf: OSPFConfiguration, _ draft: ProtocolDraft) {
    guard !ospf.instance.areas.isEmpty else {
      return report("No configured areas in OSPF", at: draft.token, hint: "area 0 { interface \"eth*\"; };")
    }
    guard ospf.version == .v3 else { return }
    var instance = ospf.instance
    // Which router ID there is turns out at the end of the file.
    instance.routerID = RouterID(rawValue: 1)
    for problem in instance.problems { report(problem, at: draft.token) }
  }

  /// Which options a problem found by `PeerConfiguration.problems` is about, and what to do.
  private static let bgpProblems: [(text: String, options: [String], hint: String?)] = [
    ("Local AS number must be set", ["local"], "local as 65001;"),
    ("Neighbor must be configured", ["neighbor"], "neighbor 2001:db8::1 as 65002;"),
    ("Remote AS number must be set", ["neighbor"], "neighbor … as 65002;"),
    ("Link-local neighbor address requires specified interface", ["neighbor"], "neighbor fe80::1%eth0 as …, or interface \"eth0\";"),
    ("Only internal neighbor can be RR client", ["rr client"], "the neighbor's AS differs from the local one"),
    ("Only external neighbor can be RS client", ["rs client"], "the neighbor's AS is the local one"),
    ("Hold time must be", ["hold time"], nil), ("Minimal error wait time", ["error wait time"], nil),
    ("Multihop BGP cannot use direct gateway mode", ["gateway", "multihop"], "internal sessions are multihop unless 'direct' is given"),
    ("Multihop BGP cannot be used with link-local addresses", ["neighbor"], "write direct;"),
    ("Multihop BGP cannot be bound to interface", ["interface", "neighbor"], "write direct;"),
    ("Multihop BGP cannot depend on link state", ["check link", "multihop"], "write direct;"),
  ]

  private func checkBGP(_ peer: PeerConfiguration, _ channels: [ChannelDraft], _ draft: ProtocolDraft) {
    for problem in peer.problems() where problem != "BGP needs at least one channel" {
      let entry = Parser.bgpProblems.first { problem.hasPrefix($0.text) }
      let place = (entry?.options ?? []).lazy.compactMap { name in draft.marks[name] ?? channels.lazy.compactMap { $0.marks[name] }.first }
      report(problem, at: place.first ?? draft.token, hint: entry?.hint)
    }
    for channel in channels {
      let options = channel.configuration
      if peer.gatewayMode(options.family) == .recursive, configuration.table(named: options.table)?.sorted == true {
        report("BGP in recursive mode prohibits sorted table", at: channel.marks["table"] ?? channel.token)
      }
      // RFC 8212; BIRD demands it since 2.0.
      guard dialect == .bird2, !peer.isInternal else { continue }
      for direction in ["import", "export"] where channel.marks[direction] == nil {
        report(
          "External BGP requires an explicit \(direction) policy (RFC 8212)", at: channel.token,
          hint: "write \(direction) all; or none, or a filter")
      }
    }
  }
}
