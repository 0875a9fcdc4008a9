import BGP
import Configuration
import RouteCore

// What the configuration means for a peer, its routes and the end of its session.
extension BGPProtocol {
  /// What the file says of the peer.
  static func peerConfiguration(_ configuration: ProtocolConfiguration) -> PeerConfiguration {
    guard case .bgp(let peer) = configuration.specification else {
      preconditionFailure("a BGP protocol has a BGP configuration")
    }
    return peer
  }

  /// The typed configuration with the global router id filled in.
  static func peerConfiguration(_ configuration: ProtocolConfiguration, _ daemon: Daemon) -> PeerConfiguration {
    var peer = peerConfiguration(configuration)
    peer.routerID = configuration.routerID ?? daemon.routerID
    peer.hostname = daemon.hostname
    // `BGPSink` sweeps what a refresh did not bring again.
    peer.enableEnhancedRefresh = peer.enableRouteRefresh
    if peer.isListener { peer.passive = true }
    return peer
  }

  static func decisionOptions(_ configuration: PeerConfiguration) -> RouteCore.DecisionOptions {
    let options = configuration.decision
    var out: RouteCore.DecisionOptions = []
    if options.pathMetric { out.insert(.pathMetric) }
    if options.medMetric { out.insert(.medMetric) }
    if options.igpMetric { out.insert(.igpMetric) }
    if options.preferOlder { out.insert(.preferOlder) }
    return out
  }

  static func exportMode(_ configuration: ChannelConfiguration, of session: SessionParameters?) -> ExportMode {
    if session?.sendsPaths(configuration.family) == true { return .everyPath }
    return configuration.exportsSecondary ? .accepted : .best
  }
}

extension Peer.StopReason {
  init(_ reason: ProtocolInstance.StopReason) {
    switch reason {
    case .shutdown(let message): self = .shutdown(message)
    case .restart(let message): self = .reset(message)
    case .deconfigured: self = .deconfigured
    case .reconfigured: self = .reconfigured
    case .limit: self = .prefixLimit
    case .gracefulRestart: self = .gracefulRestart
    }
  }
}
