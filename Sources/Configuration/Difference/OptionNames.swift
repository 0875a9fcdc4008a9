import BFD
import BGP
import OSPFv3
import RouteCore

/// Says which options differ between two values of a protocol's configuration. Every stored member is compared: a test counts them.
protocol OptionNames: Hashable {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference)
}

/// The names of the options that differ, as a user writes them.
struct OptionDifference {
  private(set) var names: [String] = []
  /// How many members were compared.
  private(set) var compared = 0

  mutating func note(_ name: String, _ differ: Bool) {
    compared += 1
    if differ, !names.contains(name) { names.append(name) }
  }
}

extension DeviceConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("scan time", old.scanTime != new.scanTime)
    difference.note("preferred", old.preferred != new.preferred)
  }
}

extension DirectConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("interfaces", old.interfaces != new.interfaces)
    difference.note("check link", old.checkLink != new.checkLink)
  }
}

extension KernelConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("persist", old.persist != new.persist)
    difference.note("graceful restart", old.gracefulRestart != new.gracefulRestart)
    difference.note("scan time", old.scanTime != new.scanTime)
    difference.note("learn", old.learn != new.learn)
    difference.note("merge paths", old.mergePathsLimit != new.mergePathsLimit)
    difference.note("table", old.table != new.table)
    difference.note("metric", old.metric != new.metric)
    difference.note("device routes", old.deviceRoutes != new.deviceRoutes)
    difference.note("nexthop objects", old.nextHopObjects != new.nextHopObjects)
  }
}

extension PipeConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("peer table", old.peerTable != new.peerTable)
    difference.note("opaque", old.opaque != new.opaque)
  }
}

extension BFDConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("interfaces", old.interfaces != new.interfaces)
    difference.note("multihop", old.multihop != new.multihop)
    difference.note("neighbors", old.neighbors != new.neighbors)
    difference.note("accept", old.accepted != new.accepted)
    difference.note("strict bind", old.strictBind != new.strictBind)
  }
}

extension PeerConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("source address", old.localAddress != new.localAddress)
    difference.note("local port", old.localPort != new.localPort)
    difference.note("local as", old.localAS != new.localAS)
    difference.note("the language of the file", old.presetsAttributes != new.presetsAttributes)
    difference.note("router id", old.routerID != new.routerID)
    difference.note("neighbor", old.neighborAddress != new.neighborAddress)
    difference.note("neighbor range", old.neighborRange != new.neighborRange)
    difference.note("dynamic name", old.dynamicName != new.dynamicName)
    difference.note("dynamic name digits", old.dynamicNameDigits != new.dynamicNameDigits)
    difference.note("neighbor port", old.neighborPort != new.neighborPort)
    difference.note("neighbor as", old.neighborAS != new.neighborAS)
    difference.note("interface", old.interface != new.interface)
    difference.note("multihop", old.reach != new.reach)
    difference.note("passive", old.passive != new.passive)
    difference.note("password", old.password != new.password)
    difference.note("ttl security", old.ttlSecurity != new.ttlSecurity)
    difference.note("check link", old.checkLink != new.checkLink)
    difference.note("strict bind", old.strictBind != new.strictBind)
    difference.note("free bind", old.freeBind != new.freeBind)
    difference.note("hold time", old.holdTime != new.holdTime)
    difference.note("min hold time", old.minHoldTime != new.minHoldTime)
    difference.note("startup hold time", old.startupHoldTime != new.startupHoldTime)
    difference.note("keepalive time", old.keepaliveTime != new.keepaliveTime)
    difference.note("min keepalive time", old.minKeepaliveTime != new.minKeepaliveTime)
    difference.note("send hold time", old.sendHoldTime != new.sendHoldTime)
    difference.note("connect delay time", old.connectDelayTime != new.connectDelayTime)
    difference.note("connect retry time", old.connectRetryTime != new.connectRetryTime)
    difference.note("error wait time", old.errorWaitMinimum != new.errorWaitMinimum)
    difference.note("error wait time", old.errorWaitMaximum != new.errorWaitMaximum)
    difference.note("error forget time", old.errorForgetTime != new.errorForgetTime)
    difference.note("disable after error", old.disableAfterError != new.disableAfterError)
    difference.note("disable after cease", old.disableAfterCease != new.disableAfterCease)
    difference.note("capabilities", old.capabilities != new.capabilities)
    difference.note("enable route refresh", old.enableRouteRefresh != new.enableRouteRefresh)
    difference.note("enable enhanced refresh", old.enableEnhancedRefresh != new.enableEnhancedRefresh)
    difference.note("enable as4", old.enableAS4 != new.enableAS4)
    difference.note("enable extended messages", old.enableExtendedMessages != new.enableExtendedMessages)
    difference.note("advertise hostname", old.advertiseHostname != new.advertiseHostname)
    difference.note("hostname", old.hostname != new.hostname)
    difference.note("graceful restart", old.gracefulRestart != new.gracefulRestart)
    difference.note("graceful restart time", old.gracefulRestartTime != new.gracefulRestartTime)
    difference.note("long lived graceful restart", old.longLivedGracefulRestart != new.longLivedGracefulRestart)
    difference.note("long lived stale time", old.longLivedStaleTime != new.longLivedStaleTime)
    difference.note("advertise ipv4", old.advertiseIPv4 != new.advertiseIPv4)
    difference.note("rr client", old.routeReflectorClient != new.routeReflectorClient)
    difference.note("rr cluster id", old.clusterID != new.clusterID)
    difference.note("rs client", old.routeServerClient != new.routeServerClient)
    difference.note("confederation", old.confederation != new.confederation)
    difference.note("confederation member", old.confederationMember != new.confederationMember)
    difference.note("local role", old.localRole != new.localRole)
    difference.note("require roles", old.requireRoles != new.requireRoles)
    difference.note("default bgp_med", old.defaultMED != new.defaultMED)
    difference.note("default bgp_local_pref", old.defaultLocalPref != new.defaultLocalPref)
    difference.note("allow bgp_local_pref", old.allowLocalPref != new.allowLocalPref)
    difference.note("allow local as", old.allowLocalAS != new.allowLocalAS)
    difference.note("allow as sets", old.allowASSets != new.allowASSets)
    difference.note("enforce first as", old.enforceFirstAS != new.enforceFirstAS)
    difference.note("interpret communities", old.interpretCommunities != new.interpretCommunities)
    difference.note("decision", old.decision != new.decision)
    difference.note("ipv4", old.ipv4 != new.ipv4)
    difference.note("ipv6", old.ipv6 != new.ipv6)
  }
}

extension ChannelOptions: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("next hop self", old.nextHopSelf != new.nextHopSelf)
    difference.note("next hop keep", old.nextHopKeep != new.nextHopKeep)
    difference.note("next hop address", old.nextHopAddress != new.nextHopAddress)
    difference.note("missing lladdr", old.missingLinkLocal != new.missingLinkLocal)
    difference.note("graceful restart", old.gracefulRestart != new.gracefulRestart)
    difference.note("long lived graceful restart", old.longLivedGracefulRestart != new.longLivedGracefulRestart)
    difference.note("long lived stale time", old.longLivedStaleTime != new.longLivedStaleTime)
    difference.note("gateway", old.gateway != new.gateway)
    difference.note("next hop prefer", old.prefersGlobalNextHop != new.prefersGlobalNextHop)
    difference.note("extended next hop", old.extendedNextHop != new.extendedNextHop)
    difference.note("add paths", old.receivesPaths != new.receivesPaths)
    difference.note("add paths", old.sendsPaths != new.sendsPaths)
    difference.note("aigp", old.aigp != new.aigp)
    difference.note("aigp originate", old.originatesAIGP != new.originatesAIGP)
    difference.note("mandatory", old.mandatory != new.mandatory)
    difference.note("cost", old.cost != new.cost)
    difference.note("igp table", old.igpTable != new.igpTable)
    difference.note("igp table", old.otherIGPTable != new.otherIGPTable)
  }
}

extension BGP.DecisionOptions: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("path metric", old.pathMetric != new.pathMetric)
    difference.note("med metric", old.medMetric != new.medMetric)
    difference.note("igp metric", old.igpMetric != new.igpMetric)
    difference.note("prefer older", old.preferOlder != new.preferOlder)
    difference.note("deterministic med", old.deterministicMED != new.deterministicMED)
  }
}

extension InstanceConfiguration: OptionNames {
  static func compare(_ old: Self, _ new: Self, _ difference: inout OptionDifference) {
    difference.note("router id", old.routerID != new.routerID)
    difference.note("channel type", old.family != new.family)
    difference.note("rfc5838", old.hasFamilyBit != new.hasFamilyBit)
    difference.note("instance id", old.instanceID != new.instanceID)
    difference.note("ecmp", old.ecmp != new.ecmp)
    difference.note("ecmp limit", old.ecmpLimit != new.ecmpLimit)
    difference.note("merge external", old.mergeExternal != new.mergeExternal)
    difference.note("rfc1583compat", old.rfc1583Compatibility != new.rfc1583Compatibility)
    difference.note("stub router", old.stubRouter != new.stubRouter)
    difference.note("tick", old.tick != new.tick)
    difference.note("graceful restart", old.gracefulRestart != new.gracefulRestart)
    difference.note("graceful restart time", old.gracefulRestartTime != new.gracefulRestartTime)
    difference.note("is asboundary router", old.isASBoundaryRouter != new.isASBoundaryRouter)
    difference.note("areas", old.areas != new.areas)
  }
}
