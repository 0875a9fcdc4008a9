import BGP
import RouteCore

// What a change of each option of a peer requires: a new session if its connection or our OPEN would be different. The machine has the same
// rules (`PeerConfiguration.needsNewSession`), which a test compares; after a change in place it arranges itself for routes to be imported
// or exported again.

extension PeerConfiguration {
  /// `decision`, `ipv4` and `ipv6` have settings of their own.
  static let settings: [Setting<PeerConfiguration>] = [
    Setting("source address", .restart) { $0.localAddress },
    Setting("local port", .restart) { $0.localPort },
    Setting("local as", .restart) { $0.localAS },
    Setting("the language of the file", .restart) { $0.presetsAttributes },
    Setting("router id", .restart) { $0.routerID },
    Setting("neighbor", .restart) { $0.neighborAddress },
    Setting("neighbor range", .restart) { $0.neighborRange },
    Setting("dynamic name", .restart) { $0.dynamicName },
    Setting("dynamic name digits", .restart) { $0.dynamicNameDigits },
    Setting("neighbor port", .restart) { $0.neighborPort },
    Setting("neighbor as", .restart) { $0.neighborAS },
    Setting("interface", .restart) { $0.interface },
    Setting("multihop", .restart) { $0.reach },
    Setting("passive", .adjust) { $0.passive },
    // A session has the key that its connection began with; the listener of a range takes another one at once.
    Setting("password") { $0.password == $1.password ? nil : $1.isListener ? .adjust : .restart },
    Setting("ttl security", .restart) { $0.ttlSecurity },
    Setting("check link", .adjust) { $0.checkLink },
    Setting("strict bind", .restart) { $0.strictBind },
    Setting("free bind", .restart) { $0.freeBind },
    Setting("hold time", .adjust) { $0.holdTime },
    Setting("min hold time", .adjust) { $0.minHoldTime },
    Setting("startup hold time", .adjust) { $0.startupHoldTime },
    Setting("keepalive time", .adjust) { $0.keepaliveTime },
    Setting("min keepalive time", .adjust) { $0.minKeepaliveTime },
    Setting("send hold time", .adjust) { $0.sendHoldTime },
    Setting("connect delay time", .adjust) { $0.connectDelayTime },
    Setting("connect retry time", .adjust) { $0.connectRetryTime },
    Setting("error wait time", .adjust) { $0.errorWaitMinimum },
    Setting("error wait time", .adjust) { $0.errorWaitMaximum },
    Setting("error forget time", .adjust) { $0.errorForgetTime },
    Setting("disable after error", .adjust) { $0.disableAfterError },
    Setting("disable after cease", .adjust) { $0.disableAfterCease },
    Setting("capabilities", .restart) { $0.capabilities },
    Setting("enable route refresh", .restart) { $0.enableRouteRefresh },
    Setting("enable enhanced refresh", .restart) { $0.enableEnhancedRefresh },
    Setting("enable as4", .restart) { $0.enableAS4 },
    Setting("enable extended messages", .restart) { $0.enableExtendedMessages },
    Setting("advertise hostname", .restart) { $0.advertiseHostname },
    Setting("hostname", .adjust) { $0.hostname },
    Setting("graceful restart", .restart) { $0.gracefulRestart },
    Setting("graceful restart time", .restart) { $0.gracefulRestartTime },
    Setting("long lived graceful restart", .restart) { $0.longLivedGracefulRestart },
    Setting("long lived stale time", .restart) { $0.longLivedStaleTime },
    Setting("advertise ipv4", .restart) { $0.advertiseIPv4 },
    Setting("rr client", .adjust) { $0.routeReflectorClient },
    Setting("rr cluster id", .adjust) { $0.clusterID },
    Setting("rs client", .adjust) { $0.routeServerClient },
    Setting("confederation", .restart) { $0.confederation },
    Setting("confederation member", .restart) { $0.confederationMember },
    Setting("local role", .restart) { $0.localRole },
    Setting("require roles", .restart) { $0.requireRoles },
    Setting("default bgp_med", .adjust) { $0.defaultMED },
    Setting("default bgp_local_pref", .adjust) { $0.defaultLocalPref },
    Setting("allow bgp_local_pref", .adjust) { $0.allowLocalPref },
    Setting("allow local as", .adjust) { $0.allowLocalAS },
    Setting("allow as sets", .adjust) { $0.allowASSets },
    Setting("enforce first as", .adjust) { $0.enforceFirstAS },
    Setting("interpret communities", .adjust) { $0.interpretCommunities },
  ]
}

extension ChannelOptions {
  static let settings: [Setting<ChannelOptions>] = [
    Setting("next hop self", .adjust) { $0.nextHopSelf },
    Setting("next hop keep", .adjust) { $0.nextHopKeep },
    Setting("next hop address", .adjust) { $0.nextHopAddress },
    Setting("missing lladdr", .adjust) { $0.missingLinkLocal },
    Setting("graceful restart", .restart) { $0.gracefulRestart },
    Setting("long lived graceful restart", .restart) { $0.longLivedGracefulRestart },
    Setting("long lived stale time", .restart) { $0.longLivedStaleTime },
    Setting("gateway", .adjust) { $0.gateway },
    Setting("next hop prefer", .adjust) { $0.prefersGlobalNextHop },
    Setting("extended next hop", .restart) { $0.extendedNextHop },
    Setting("add paths", .restart) { $0.receivesPaths },
    Setting("add paths", .restart) { $0.sendsPaths },
    Setting("aigp", .adjust) { $0.aigp },
    Setting("aigp originate", .adjust) { $0.originatesAIGP },
    // A family that is not mandatory any more was carried or not; one that has become so might not be.
    Setting("mandatory") { old, new in old.mandatory == new.mandatory ? nil : new.mandatory ? .restart : .adjust },
    Setting("cost", .adjust) { $0.cost },
    Setting("igp table", .restart) { $0.igpTable },
    Setting("igp table", .restart) { $0.otherIGPTable },
  ]
}

extension BGP.DecisionOptions {
  static let settings: [Setting<BGP.DecisionOptions>] = [
    Setting("path metric", .adjust) { $0.pathMetric },
    Setting("med metric", .adjust) { $0.medMetric },
    Setting("igp metric", .adjust) { $0.igpMetric },
    Setting("prefer older", .adjust) { $0.preferOlder },
    Setting("deterministic med", .adjust) { $0.deterministicMED },
  ]
}
