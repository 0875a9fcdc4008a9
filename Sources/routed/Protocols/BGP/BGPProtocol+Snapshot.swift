import BGP
import Control
import RouteCore

// What `show protocols all` tells of BGP.
extension BGPProtocol {
  func fill(_ status: inout Snapshot.ProtocolStatus) {
    let configuration = peer.configuration
    let now = daemon.now
    var shown = Snapshot.BGPPeer(
      state: .init(peer.status), neighborAddress: configuration.neighborAddress, neighborAS: neighborAS, localAS: configuration.localAS)
    defer { status.details = .bgp(shown) }
    if configuration.isListener { shown.neighborRange = configuration.neighborRange }
    if configuration.neighborAddress.isLinkLocal { shown.neighborInterface = configuration.interface ?? neighborInterface?.name }
    shown.errorWait = peer.errorWaitTimer(at: now).map(Snapshot.BGPPeer.Countdown.init)
    shown.connectDelay = peer.connectDelayTimer(at: now).map(Snapshot.BGPPeer.Countdown.init)
    shown.isNeighborRestarting = peer.isNeighborRestarting
    shown.restartTimer = peer.restartTimer(at: now).map { .init($0, of: nil) }
    // 1.6 has one timer for both.
    if shown.restartTimer == nil {
      shown.staleTimer = AddressFamily.allCases.lazy.compactMap { self.peer.staleTimer($0, at: now) }.first.map { .init($0, of: nil) }
    }
    // A session that is there has forgotten the errors before it.
    guard let session else {
      shown.lastError = peer.lastError.map { .init(.init($0.origin), $0.text) }
      return
    }
    shown.session = Snapshot.BGPPeer.Session(
      neighborID: session.remoteID, local: session.localCapabilities.descriptions, neighbor: session.remoteCapabilities.descriptions,
      flags: .init(session), source: session.endpoints.local,
      hold: peer.holdTimer(at: now).map(Snapshot.BGPPeer.Countdown.init) ?? .init(.zero, of: .zero),
      keepalive: peer.keepaliveTimer(at: now).map(Snapshot.BGPPeer.Countdown.init) ?? .init(.zero, of: .zero))
    if let id = channels.first, let limit = daemon.router[channel: id].configuration.importLimit {
      let statistics = daemon.router[channel: id].statistics
      shown.session?.routeLimit = (statistics.imported &+ statistics.filtered, limit.count)
    }
  }

  /// The AS that the configuration names, or the peer itself.
  private var neighborAS: UInt32 {
    switch peer.configuration.neighborAS {
    case .number(let number): number
    case .internal: peer.configuration.localAS
    case .external: session?.remoteAS ?? 0
    }
  }

  func fill(_ channel: inout Snapshot.Channel, _ id: ChannelID) {
    let family = daemon.router[channel: id].configuration.family
    if peer.isNeighborRestarting {
      channel.neighborRestart =
        peer.restartKind(family).map { $0 == .longLived ? .longLived : .graceful } ?? Snapshot.Channel.NeighborRestart.none
      channel.staleTimer = peer.staleTimer(family, at: daemon.now)
    }
    guard let session else { return }
    if let nextHop = session.nextHopSelf(family) {
      channel.nextHops = [nextHop]
      if !nextHop.isIPv4, !nextHop.isLinkLocal, let local = session.endpoints.linkLocal { channel.nextHops.append(local) }
    }
    if case .recursive = session.configuration.gatewayMode(family) {
      channel.igpTables = [.init(family, session.configuration.channel(family)?.igpTable ?? channel.table)]
      let other = family.other
      if let name = otherIGPTable(family) { channel.igpTables.insert(.init(other, name), at: other == .ipv4 ? 0 : 1) }
    }
  }
}

extension Snapshot.BGPPeer.State {
  fileprivate init(_ status: Peer.Status) {
    switch status {
    case .down: self = .down
    case .passive: self = .passive
    case .session(.idle): self = .idle
    case .session(.connect): self = .connect
    case .session(.active): self = .active
    case .session(.openSent): self = .openSent
    case .session(.openConfirm): self = .openConfirm
    case .session(.established): self = .established
    }
  }
}

extension Snapshot.BGPPeer.SessionFlags {
  fileprivate init(_ session: SessionParameters) {
    self = []
    if session.isInternal { insert(.internal) }
    if !session.isDirect { insert(.multihop) }
    if session.configuration.routeReflectorClient { insert(.routeReflector) }
    if session.configuration.routeServerClient { insert(.routeServer) }
    if session.families.contains(where: session.receivesPaths) { insert(.addPathRX) }
    if session.families.contains(where: session.sendsPaths) { insert(.addPathTX) }
    if session.fourOctetAS { insert(.as4) }
    if session.extendedMessages { insert(.extendedMessages) }
  }
}

extension Snapshot.BGPPeer.Countdown {
  fileprivate init(_ timer: Peer.TimerView) { self.init(timer.remaining, of: timer.total) }
}

extension Snapshot.BGPPeer.LastError.Class {
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
