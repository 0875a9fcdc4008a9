// Filters over `policyRoute`, whichever way the route goes.

extension Router {
  /// Runs a filter over `policyRoute`, whose attributes are in place.
  mutating func evaluate(_ program: PolicyProgram, _ prefix: Prefix?, _ source: ChannelID) -> Bool {
    if let prefix { policyRoute.prefix = prefix }
    if !program.effects.isDisjoint(with: [.readsNextHop, .writesNextHop, .readsIGPMetric]) { fillNextHop() }
    if program.effects.contains(.readsProtocol) { policyRoute.protocolName = channels[source].protocolName }
    switch interpreter.run(program, on: &policyRoute) {
    case .accept:
      if !policyRoute.nextHopChanged || takeOverNextHop() { return true }
      policyRoute.changes = []
      policyFaults.note(program, interpreter.failForNextHop())
      return false
    case .reject:
      policyRoute.changes = []
      return false
    case .failed(let fault):
      policyRoute.changes = []
      policyFaults.note(program, fault)
      return false
    }
  }

  /// Runs commands over attributes outside of any channel's policy, as static routes have them. Whether they were accepted. The caller's
  /// reference to the next hops becomes one to those that the commands leave.
  package mutating func apply(
    _ program: PolicyProgram, to attributes: inout RouteAttributes, prefix: Prefix, _ channel: ChannelID
  ) -> Bool {
    policyRoute.attributes.assign(attributes)
    let accepted = evaluate(program, prefix, channel)
    if accepted {
      if policyRoute.nextHopChanged { nextHops.release(attributes.header.nextHops) }
      attributes.assign(policyRoute.attributes)
      policyRoute.changes = []
    }
    return accepted
  }

  private mutating func fillNextHop() {
    let id = policyRoute.attributes.header.nextHops
    let hops = nextHops.hops(id)
    let metric = nextHops.igpMetric(id)
    policyRoute.igpMetric = metric == 0 ? nil : metric
    policyRoute.nextHopCount = UInt16(truncatingIfNeeded: hops.count)
    if let first = hops.first, hops.count == 1 || showsFirstHopOfMultipath {
      policyRoute.gateway = first.gateway
      policyRoute.interfaceIndex = first.interface
      policyRoute.interfaceName = interfaceNames[first.interface] ?? ""
      policyRoute.weight = first.weight
      policyRoute.isOnLink = first.isOnLink
      policyRoute.label = first.labels.isEmpty ? nil : first.labels[0]
    } else {
      policyRoute.gateway = .unspecified
      policyRoute.interfaceIndex = 0
      policyRoute.interfaceName = ""
      policyRoute.weight = 1
      policyRoute.isOnLink = false
      policyRoute.label = nil
    }
  }

  /// The filter set `gw`, `ifname`, `weight`, `dest` or the like: makes the set of next hops that it means, of which one reference is held
  /// until `releaseFilteredNextHop`. False if there is no such interface, or a gateway is on no link.
  private mutating func takeOverNextHop() -> Bool {
    let changes = policyRoute.changes
    guard policyRoute.attributes.header.destination == .unicast else {
      policyRoute.attributes.header.nextHops = .none
      return true
    }
    var hops = nextHops.hops(policyRoute.attributes.header.nextHops)
    if !changes.isDisjoint(with: [.gateway, .interface]) {
      var hop = NextHop(gateway: policyRoute.gateway, interface: policyRoute.interfaceIndex, weight: policyRoute.weight)
      if changes.contains(.interface) {
        hop.interface = interfaceNames.first { $0.value == policyRoute.interfaceName }?.key ?? 0
      } else if hop.interface == 0 {
        hop.interface = interface(to: hop.gateway) ?? 0
      }
      guard hop.interface != 0 else { return false }
      hop.isOnLink = policyRoute.isOnLink
      hops = [hop]
    }
    for index in hops.indices where changes.contains(.weight) { hops[index].weight = policyRoute.weight }
    if !hops.isEmpty, changes.contains(.onLink) { hops[0].isOnLink = policyRoute.isOnLink }
    if !hops.isEmpty, changes.contains(.label) {
      hops[0].labels = LabelStack()
      if let label = policyRoute.label { hops[0].labels.append(label) }
    }
    policyRoute.attributes.header.nextHops = nextHops.intern(hops)
    return true
  }

  mutating func releaseFilteredNextHop() {
    if policyRoute.nextHopChanged { nextHops.release(policyRoute.attributes.header.nextHops) }
    policyRoute.changes = []
  }
}
