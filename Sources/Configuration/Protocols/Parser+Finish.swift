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
    result.debug = channels.reduce(draft.debug ?? configuration.debugProtocols) { $0.union($1.debug ?? configuration.debugChannels) }
    result.mrtdump = draft.mrtdump ?? configuration.mrtdumpProtocols
    result.description = draft.description
    result.routerID = draft.routerID
    result.vrf = draft.vrf
    if draft.kind == .bgp { result.bfd = draft.bgp.bfd }
    result.channels = channels.map { $0.configuration }
    configuration.protocols.append(result)
    guard isSound else { return }
    announceAuthorizations(of: draft)
    switch result.specification {
    case .device: checkDevice(draft)
    case .kernel(let kernel): checkKernel(kernel, result, draft)
    case .static(let routes): checkStatic(routes, channels, draft)
    case .pipe(let pipe): checkPipe(pipe, draft)
    case .ospf(let ospf): checkOSPF(ospf, draft)
    case .bgp(let peer): checkBGP(peer, channels, draft)
    case .direct, .bfd: break
    }
  }

  private func specification(of draft: ProtocolDraft, channels: [ChannelDraft]) -> ProtocolConfiguration.Specification {
    switch draft.kind {
    case .device: return .device(draft.device)
    case .direct: return .direct(draft.direct)
    case .bfd: return .bfd(draft.bfd)
    case .kernel: return .kernel(draft.kernel)
    case .static:
      var routes = draft.staticRoutes
      routes.marksDeviceRoutes = dialect.isBird1
      for family in dialect.impliedFamily.map({ [$0] }) ?? AddressFamily.allCases where routes.igpTables[family] == nil {
        let own = channels.first { $0.configuration.family == family }?.configuration.table
        routes.igpTables[family] = own ?? ChannelDraft.defaultTable(family, dialect)
      }
      return .static(routes)
    case .pipe: return .pipe(PipeConfiguration(peerTable: draft.pipe.peerTable ?? "", opaque: draft.pipe.opaque))
    case .ospf:
      var instance = draft.ospf.instance
      instance.family = channels.first?.configuration.family ?? .ipv6
      instance.hasFamilyBit = dialect == .bird2 && draft.ospf.hasAddressFamilies
      if instance.hasFamilyBit, draft.marks["instance id"] == nil { instance.instanceID = Self.instanceIDs(instance.family).lowerBound }
      instance.isASBoundaryRouter = channels.contains { if case .none = $0.configuration.exportPolicy { false } else { true } }
      return .ospf(OSPFConfiguration(version: draft.ospf.version ?? .v2, instance: instance))
    case .bgp:
      var peer = draft.bgp.peer
      peer.presetsAttributes = dialect.isBird1
      // What 1.6 announces if it is only aware; nobody looks at it (RFC 4724 §3).
      if dialect.isBird1, peer.gracefulRestart == .aware { peer.gracefulRestartTime = 0 }
      switch draft.bgp.isInternal {
      case true?: peer.neighborAS = .internal
      case false? where draft.bgp.neighborAS == nil: peer.neighborAS = .external
      default: peer.neighborAS = .number(draft.bgp.neighborAS ?? 0)
      }
      // BIRD 2 changed the default.
      if dialect == .bird2, draft.marks["check link"] == nil { peer.checkLink = peer.isDirect }
      for channel in channels {
        var options = channel.bgp
        // 1.6 does not know it.
        if dialect.isBird1 { options.aigp = false }
        // BIRD 2: reflectors and route servers leave next hops as they are unless told otherwise (RFC 4456 §10, RFC 7947 §2.2.1).
        if dialect == .bird2, channel.marks["next hop keep"] == nil {
          if peer.routeReflectorClient { options.nextHopKeep = .ibgp } else if peer.routeServerClient { options.nextHopKeep = .yes }
        }
        if channel.configuration.family == .ipv4 { peer.ipv4 = options } else { peer.ipv6 = options }
      }
      return .bgp(peer)
    }
  }

  /// Checks how many channels a 2.x protocol has, and adds the one it may leave out.
  private func completed(_ channels: [ChannelDraft], of draft: ProtocolDraft) -> [ChannelDraft] {
    guard dialect == .bird2 else { return channels }
    let hint = "write ipv4; or ipv6; or ipv6 { import …; export …; };"
    switch draft.kind {
    case .device, .pipe, .bfd: break
    case .kernel:
      if channels.count != 1 { report("protocol kernel needs exactly one channel", at: draft.token, hint: hint) }
    case .direct:
      // BIRD's own examples have it like that, disabled.
      if channels.isEmpty, !draft.disabled { warn("protocol direct has no channel and no effect", at: draft.token, hint: hint) }
    case .static, .bgp:
      let hasOther = draft.kind == .static && (!draft.authorizationChannels.isEmpty || draft.passesOver)
      if channels.isEmpty, !hasOther { report("protocol \(draft.kind.rawValue) needs a channel", at: draft.token, hint: hint) }
    case .ospf:
      let isNew = draft.ospf.version == .v3
      if channels.isEmpty { return [ChannelDraft(family: isNew ? .ipv6 : .ipv4, dialect: dialect, kind: .ospf, token: draft.token)] }
      for channel in channels where !isNew && channel.configuration.family == .ipv6 {
        report("OSPFv2 takes an IPv4 channel only", at: channel.token, hint: "protocol ospf v3 is for IPv6")
      }
      for channel in channels where isNew && channel.configuration.family == .ipv4 && !draft.ospf.hasAddressFamilies {
        report("Different channel type", at: channel.token, hint: "without rfc5838 OSPFv3 is for IPv6 only")
      }
      for channel in channels.dropFirst() {
        report("Different channel type", at: channel.token, hint: "a protocol ospf has one channel; write another protocol")
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
    if dialect == .bird2, draft.marks["table"] == nil {
      report("Primary routing table not specified", at: draft.token, hint: "write table NAME;")
    }
    guard !pipe.peerTable.isEmpty else {
      return report("Name of peer routing table not specified", at: draft.token, hint: "write peer table NAME;")
    }
    let own = draft.implied.configuration
    if own.receiveLimit != nil {
      report(
        "Pipe protocol does not support receive limits", at: draft.implied.marks["receive limit"] ?? draft.token, hint: "import limit does")
    }
    if own.keepFiltered {
      report("Pipe protocol prohibits keeping filtered routes", at: draft.implied.marks["import keep filtered"] ?? draft.token)
    }
    if pipe.peerTable == own.table {
      report("Primary table and peer table must be different", at: draft.marks["peer table"] ?? draft.token)
    }
    if case .table(let peer) = symbols.lookup(pipe.peerTable)?.symbol, peer.family != own.family {
      report("Primary table and peer table must have the same type", at: draft.marks["peer table"] ?? draft.token)
    }
  }

  /// RFC 5838 §2.1; from 128 on they are anybody's.
  private static func instanceIDs(_ family: AddressFamily) -> ClosedRange<UInt8> { family == .ipv6 ? 0...31 : 64...95 }

  private func checkOSPF(_ ospf: OSPFConfiguration, _ draft: ProtocolDraft) {
    guard !ospf.instance.areas.isEmpty else {
      return report("No configured areas in OSPF", at: draft.token, hint: "area 0 { interface \"eth*\"; };")
    }
    guard ospf.version == .v3 else { return }
    if ospf.instance.hasFamilyBit {
      let known = Self.instanceIDs(ospf.instance.family)
      for (token, value) in draft.ospf.instanceIDs where value < 128 && !known.contains(value) {
        let what = ospf.instance.family == .ipv6 ? "IPv6 (RFC 5838); or write rfc5838 no;" : "IPv4 (RFC 5838)"
        report(
          "Instance ID \(value) invalid for given channel type", at: token,
          hint: "\(known.lowerBound) to \(known.upperBound) are for \(what)")
      }
    }
    for area in ospf.instance.areas {
      for prefix in area.prefixes where prefix.family != ospf.instance.family {
        report("Area \(area.id): \(prefix) is not of the channel's type \(ospf.instance.family)", at: draft.token)
      }
    }
    var instance = ospf.instance
    // Which router ID there is turns out at the end of the file.
    instance.routerID = RouterID(rawValue: 1)
    for problem in instance.problems { report(problem, at: draft.token) }
  }
}
