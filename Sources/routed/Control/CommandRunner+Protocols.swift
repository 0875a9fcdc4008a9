import BGP
import Configuration
import Control
import Linux
import OSPFv3
import RouteCore

extension CommandRunner {
  func showProtocols(_ selection: ProtocolSelection, _ detail: Detail, _ reply: inout ReplyWriter) {
    let views = daemon.protocols.filter { selection.includes($0.name) }.map(view)
    ProtocolView.write(views, detail, style, nothing: selection.nothingFound(format), to: &reply)
  }

  private func view(_ instance: ProtocolInstance) -> ProtocolView {
    let kind = instance.configuration.kind
    // Protocols that may have several channels have no table of their own in 2.x.
    let hasTable = format == .bird1 || kind.channels != .several
    var view = ProtocolView(
      name: instance.name, type: kind.displayName, table: hasTable ? instance.configuration.channels.first?.table : nil,
      state: ProtocolView.State(rawValue: instance.state.rawValue) ?? .down, since: clock.stamp(instance.since))
    view.description = instance.configuration.description
    view.message = instance.message
    view.routerID = instance.configuration.routerID
    view.vrf = instance.configuration.vrf.map { $0.name ?? "default" }
    view.channels = zip(instance.channels, instance.configuration.channels).map { channelView($0, $1, of: instance) }
    instance.shown?.fill(&view, self)
    if view.channels.isEmpty, format == .bird1 { view.channels = [emptyChannel(kind)] }
    return view
  }

  /// In 1.6 a protocol without routes has a connection to the main table all the same.
  private func emptyChannel(_ kind: ProtocolDescription) -> ChannelView {
    ChannelView(
      name: "\(daemon.configuration.dialect.impliedFamily ?? .ipv6)", state: .up, table: "master", preference: kind.defaultPreference,
      inputFilter: "ACCEPT", outputFilter: "REJECT")
  }

  private func channelView(_ id: ChannelID, _ configuration: ChannelConfiguration, of instance: ProtocolInstance) -> ChannelView {
    let channel = daemon.router[channel: id]
    var view = ChannelView(
      name: "\(configuration.family)", state: state(of: channel, instance), table: configuration.table,
      preference: configuration.preference, inputFilter: ChannelView.name(of: configuration.importPolicy),
      outputFilter: ChannelView.name(of: configuration.exportPolicy))
    let hit = channel.limitsHit
    view.receiveLimit = configuration.receiveLimit.map { ChannelView.Limit($0, isHit: hit.receive) }
    view.importLimit = configuration.importLimit.map { ChannelView.Limit($0, isHit: hit.import) }
    view.exportLimit = configuration.exportLimit.map { ChannelView.Limit($0, isHit: hit.export) }
    if daemon.recovery.stage == .waiting {
      view.recovery = .init(isPending: daemon.recovery.pending.contains(id), isWaiting: daemon.recovery.waiting.contains(id))
    }
    let statistics = channel.statistics
    view.imported = statistics.imported
    view.filtered = configuration.keepFiltered ? statistics.filtered : nil
    view.exported = statistics.exported
    view.preferred = statistics.preferred
    view.statistics.importUpdates = .init(statistics.importUpdates)
    view.statistics.importWithdraws = .init(statistics.importWithdraws)
    view.statistics.exportUpdates = .init(statistics.exportUpdates)
    view.statistics.exportWithdraws = .init(statistics.exportWithdraws)
    instance.shown?.fill(&view, id, self)
    return view
  }

  /// A pipe filters what leaves a table, and what it has exported is what the other end has imported.
  func fill(_ view: inout ChannelView, _ own: ChannelStatistics, _ peer: ChannelStatistics) {
    func passed(_ out: ChannelStatistics.Line, _ in: ChannelStatistics.Line) -> ChannelView.Counters {
      .init(
        received: out.received, rejected: out.rejected, filtered: out.filtered, ignored: `in`.ignored, accepted: `in`.accepted)
    }
    view.exported = peer.imported
    view.statistics.importUpdates = passed(peer.exportUpdates, own.importUpdates)
    view.statistics.importWithdraws = passed(peer.exportWithdraws, own.importWithdraws)
    view.statistics.exportUpdates = passed(own.exportUpdates, peer.importUpdates)
    view.statistics.exportWithdraws = passed(own.exportWithdraws, peer.importWithdraws)
  }

  /// The channel of a peer that restarts keeps its routes while there is no session.
  private func state(of channel: Channel, _ instance: ProtocolInstance) -> ChannelView.State {
    channel.state == .down ? .down : instance.state == .up ? .up : .start
  }

  func fill(_ view: inout ChannelView, _ family: AddressFamily, _ bgp: BGPProtocol) {
    if bgp.peer.isNeighborRestarting {
      view.neighborRestart =
        bgp.peer.restartKind(family).map { $0 == .longLived ? .longLived : .graceful } ?? ChannelView.NeighborRestart.none
      view.staleTimer = bgp.peer.staleTimer(family, at: daemon.now)
    }
    guard let session = bgp.session else { return }
    if let nextHop = session.nextHopSelf(family) {
      view.nextHops = [nextHop]
      if !nextHop.isIPv4, !nextHop.isLinkLocal, let local = session.endpoints.linkLocal { view.nextHops.append(local) }
    }
    if case .recursive = session.configuration.gatewayMode(family) {
      view.igpTables = [.init(family, session.configuration.channel(family)?.igpTable ?? view.table)]
      let other: AddressFamily = family == .ipv4 ? .ipv6 : .ipv4
      if let name = bgp.otherIGPTable(family) { view.igpTables.insert(.init(other, name), at: other == .ipv4 ? 0 : 1) }
    }
  }

  // MARK: BGP

  func bgpView(_ bgp: BGPProtocol) -> BGPView {
    let peer = bgp.peer
    let configuration = peer.configuration
    let now = daemon.now
    var view = BGPView(
      state: BGPView.State(rawValue: peer.statusName) ?? .idle, neighborAddress: configuration.neighborAddress,
      neighborAS: neighborAS(bgp), localAS: configuration.localAS)
    if configuration.isListener { view.neighborRange = configuration.neighborRange }
    if configuration.neighborAddress.isLinkLocal { view.neighborInterface = configuration.interface ?? bgp.neighborInterface?.name }
    view.errorWait = peer.errorWaitTimer(at: now).map(BGPView.Countdown.init)
    view.connectDelay = peer.connectDelayTimer(at: now).map(BGPView.Countdown.init)
    view.isNeighborRestarting = peer.isNeighborRestarting
    view.restartTimer = peer.restartTimer(at: now).map { BGPView.Countdown($0, of: nil) }
    // 1.6 has one timer for both.
    if view.restartTimer == nil {
      view.staleTimer = AddressFamily.allCases.lazy.compactMap { peer.staleTimer($0, at: now) }.first.map { BGPView.Countdown($0, of: nil) }
    }
    // A session that is there has forgotten the errors before it.
    guard let session = bgp.session else {
      view.lastError = peer.lastError.map { BGPView.LastError(.init($0.origin), $0.text) }
      return view
    }
    view.session = BGPView.Session(
      neighborID: session.remoteID, local: .init(session.localCapabilities), neighbor: .init(session.remoteCapabilities),
      flags: flags(session), source: session.endpoints.local,
      hold: peer.holdTimer(at: now).map(BGPView.Countdown.init) ?? .init(.zero, of: .zero),
      keepalive: peer.keepaliveTimer(at: now).map(BGPView.Countdown.init) ?? .init(.zero, of: .zero))
    // 1.6 tells the import limit of a session here too.
    if format == .bird1, let channel = bgp.channels.first, let limit = daemon.router[channel: channel].configuration.importLimit {
      let statistics = daemon.router[channel: channel].statistics
      view.session?.routeLimit = (statistics.imported &+ statistics.filtered, limit.count)
    }
    return view
  }

  /// The AS that the configuration names, or the peer itself.
  private func neighborAS(_ bgp: BGPProtocol) -> UInt32 {
    switch bgp.peer.configuration.neighborAS {
    case .number(let number): number
    case .internal: bgp.peer.configuration.localAS
    case .external: bgp.session?.remoteAS ?? 0
    }
  }

  private func flags(_ session: SessionParameters) -> BGPView.SessionFlags {
    var flags: BGPView.SessionFlags = []
    if session.isInternal { flags.insert(.internal) }
    if !session.isDirect { flags.insert(.multihop) }
    if session.configuration.routeReflectorClient { flags.insert(.routeReflector) }
    if session.configuration.routeServerClient { flags.insert(.routeServer) }
    if session.families.contains(where: session.receivesPaths) { flags.insert(.addPathRX) }
    if session.families.contains(where: session.sendsPaths) { flags.insert(.addPathTX) }
    if session.fourOctetAS { flags.insert(.as4) }
    if session.extendedMessages { flags.insert(.extendedMessages) }
    return flags
  }
}

extension ChannelView.Counters {
  fileprivate init(_ line: ChannelStatistics.Line) {
    self.init(
      received: line.received, rejected: line.rejected, filtered: line.filtered, ignored: line.ignored, accepted: line.accepted)
  }
}

extension BGPView.Countdown {
  fileprivate init(_ timer: Peer.TimerView) { self.init(timer.remaining, of: timer.total) }
}

extension BGPView.LastError.Class {
  fileprivate init(_ origin: Peer.LastError.Class) {
    switch origin {
    case .miscellaneous: self = .miscellaneous
    case .socket: self = .socket
    case .received: self = .received
    case .sent: self = .sent
    case .automaticShutdown: self = .automaticShutdown
    }
  }
}

extension BGPCapabilitiesView {
  fileprivate init(_ capabilities: Capabilities) {
    self.init()
    multiprotocol = capabilities.multiprotocol.map { $0.name }
    routeRefresh = capabilities.routeRefresh
    enhancedRefresh = capabilities.enhancedRefresh
    extendedNextHop = capabilities.extendedNextHop.map { $0.name }
    extendedMessage = capabilities.extendedMessages
    if let restart = capabilities.gracefulRestart {
      var shown = GracefulRestart(restartTime: restart.families.isEmpty ? nil : UInt32(restart.restartTime))
      shown.isRestarting = restart.restarted
      shown.families = restart.families.map { $0.name }
      shown.preserved = restart.preserved.map { $0.name }
      gracefulRestart = shown
    }
    if let families = capabilities.longLivedGracefulRestart?.families {
      var shown = LongLivedGracefulRestart(staleTime: families.map { $0.staleTime }.max())
      shown.families = families.filter { $0.staleTime > 0 }.map { $0.code.name }
      shown.preserved = families.filter { $0.isPreserved }.map { $0.code.name }
      longLived = shown
    }
    as4 = capabilities.as4 != nil
    addPathRX = capabilities.addPathReceive.map { $0.name }
    addPathTX = capabilities.addPathSend.map { $0.name }
    hostname = capabilities.hostname
    role = capabilities.role.map { Role(rawValue: $0)?.name ?? "?" }
  }
}
