// What `show route` reads. Routes are visited without a copy, by `RoutingTable.next` and `shownRoute`.

/// One route as it lies in its table.
package struct ShownRoute: BitwiseCopyable {
  package var attributes: AttributeID
  package var channel: ChannelID
  /// When it took its present form, in the unit of the table.
  package var time: UInt64
  /// The one the decision chose.
  package var isBest: Bool
  /// Rejected by its import filter and kept to be shown.
  package var isFiltered: Bool
  /// The path identifier it came with, 0 for none.
  package var path: UInt32
}

/// Which side of a channel's export filter is looked at.
package enum ExportSide: Sendable {
  /// What arrives at the filter.
  case before
  /// What passes it.
  case accepted
  /// What it rejects.
  case rejected
  /// What passes it and is announced at present.
  case announced
}

extension Router {
  /// The number of a network, or nil if it has no routes.
  package func network(_ prefix: Prefix, in table: TableID) -> NetID? {
    guard prefix.family == self[table: table].family, let net = self[table: table].find(prefix), self[table: table][net: net].first != .none
    else { return nil }
    return net
  }

  /// The longest network that contains `prefix` and has a route.
  package func longestMatch(_ prefix: Prefix, in table: TableID) -> Prefix? {
    guard prefix.family == self[table: table].family else { return nil }
    let net = self[table: table].longestMatch(prefix.address, limit: prefix.length) { self[table: table].best($0) != nil }
    return net.map { self[table: table].prefix($0) }
  }

  package func firstRoute(_ net: NetID, in table: TableID) -> RouteID { self[table: table][net: net].first }

  package func shownRoute(_ route: RouteID, of net: NetID, in table: TableID) -> ShownRoute {
    let entry = self[table: table].routes[route]
    let isFiltered = entry.flags.contains(.filtered)
    return ShownRoute(
      attributes: entry.attributes, channel: entry.channel, time: entry.time,
      isBest: !isFiltered && self[table: table][net: net].first == route,
      isFiltered: isFiltered, path: self[table: table].path(of: route))
  }

  /// The step of the decision that chose a network's best route.
  package func decidingStep(_ net: NetID, in table: TableID) -> DecisionStep { self[table: table][net: net].decidedBy }

  /// The name of the protocol that a channel belongs to.
  package func protocolName(of channel: ChannelID) -> String { channels[channel].protocolName }

  /// What a filter makes of a route: its attributes, with one reference for the caller; nil if it rejects the route.
  package mutating func attributes(_ id: AttributeID, passing program: PolicyProgram, _ prefix: Prefix, from source: ChannelID)
    -> AttributeID?
  {
    attributes.load(id, into: &policyRoute.attributes)
    guard evaluate(program, prefix, source) else { return nil }
    guard policyRoute.attributesChanged || policyRoute.nextHopChanged else {
      attributes.retain(id)
      return id
    }
    let result = attributes.intern(policyRoute.attributes, &nextHops)
    releaseFilteredNextHop()
    return result
  }

  /// What a channel's export makes of one of a network's routes, without doing anything: the attributes, with one reference for the
  /// caller; nil if the route is not on the asked side.
  package mutating func attributes<Gate: ExportGate>(
    of number: RouteID, _ net: NetID, exportedTo id: ChannelID, _ side: ExportSide, gate: Gate
  ) -> AttributeID? {
    let table = channels[id].table
    guard channels[id].state == .up else { return nil }
    let route = self[table: table].routes[number]
    guard sender(route) != id, admits(route, gate) else { return nil }
    if side == .before {
      attributes.retain(route.attributes)
      return route.attributes
    }
    if side == .announced, !isAnnounced(number, of: net, id) { return nil }
    var outcome: AttributeID?
    if case .merged(let limit) = channels[id].exportMode {
      if case .accepted(let merged) = mergedVerdict(net, id, limit, gate) { outcome = merged }
    } else {
      outcome = policyResult(self[table: table].prefix(net), route, id, gate)
    }
    guard side == .rejected else { return outcome }
    if let outcome {
      attributes.release(outcome, &nextHops)
      return nil
    }
    attributes.retain(route.attributes)
    return route.attributes
  }

  /// The attributes as an export filter finds them, where the protocol gives them to it. Takes a reference for the one it returns.
  package mutating func preset<Gate: ExportGate>(_ id: AttributeID, gate: Gate) -> AttributeID {
    guard gate.presetsRoutes, !attributes.header(id).flags.contains(.isPreset) else { return id }
    attributes.load(id, into: &policyRoute.attributes)
    gate.preset(&policyRoute.attributes, via: nextHops.hops(policyRoute.attributes.header.nextHops))
    defer { attributes.release(id, &nextHops) }
    return attributes.intern(policyRoute.attributes, &nextHops)
  }

  /// Gives back what `attributes(…)` handed out.
  package mutating func release(_ id: AttributeID) { attributes.release(id, &nextHops) }
}
