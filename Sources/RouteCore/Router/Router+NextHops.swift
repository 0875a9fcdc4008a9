extension Router {
  /// Notes that recursive next hops have to be looked up again if the network contains one.
  mutating func checkRecursive(_ net: UInt32, _ table: Int) {
    let prefix = self[table: table].prefix(net)
    for id in nextHops.dependent {
      if case .recursive(let hop)? = nextHops.source(id), Int(hop.table) == table, prefix.contains(hop.address) {
        nextHopsAreStale = true
        return
      }
    }
  }

  /// The set that stands for a BGP next hop looked up in `table` (RFC 4271 §5.1.3). The caller owns one reference.
  package mutating func intern(_ hop: RecursiveNextHop) -> NextHopSetID {
    let id = nextHops.intern(.recursive(hop))
    if nextHops.hops(id).isEmpty { _ = lookUp(id) }
    return id
  }

  /// Looks up all next hops after a change of a network that contains one, or of the interfaces; the routes that use those that changed are
  /// decided anew and marked for export.
  package mutating func resolveNextHops() {
    // A resolution may change the best route of another network that contains a next hop; so again, but not for ever.
    for _ in 0..<8 where nextHopsAreStale {
      nextHopsAreStale = false
      var changed: [NextHopSetID] = []
      // A recursive one may depend on a route by one on our networks.
      for id in nextHops.dependent where isConnected(id) && lookUp(id) { changed.append(id) }
      for id in nextHops.dependent where !isConnected(id) && lookUp(id) { changed.append(id) }
      guard !changed.isEmpty else { return }
      for table in 0..<tableCount where !self[table: table].isAdjacent { redecide(table, using: changed) }
      for case let exported? in channels.map({ $0.exportTable }) { expectAgain(exported, using: changed) }
    }
  }

  private func isConnected(_ id: NextHopSetID) -> Bool { if case .connected? = nextHops.source(id) { true } else { false } }

  private mutating func redecide(_ table: Int, using changed: [NextHopSetID]) {
    for net in 1..<max(self[table: table].netLimit, 1) where self[table: table].isLive(net) {
      var route = self[table: table][net: net].first
      var first: UInt32?
      while route != 0 {
        let entry = self[table: table].routes[route]
        if changed.contains(attributes.header(entry.attributes).nextHops) { first = first ?? route }
        route = entry.next
      }
      if let first { settle(net, table, oldBest: self[table: table].best(net), changed: first) }
    }
  }

  /// Whether what the next hop resolves to has changed.
  private mutating func lookUp(_ id: NextHopSetID) -> Bool {
    let hop: RecursiveNextHop
    switch nextHops.source(id) {
    case .recursive(let found)?: hop = found
    case .connected(let link)?: return lookUp(id, link)
    case .direct?, nil: return false
    }
    let table = Int(hop.table)
    guard table < tableCount, hop.address.family == self[table: table].family,
      let net = self[table: table].longestMatch(hop.address, limit: 128, where: { self[table: table].best($0) != nil }),
      let best = self[table: table].best(net)
    else { return nextHops.resolve(id, to: [], igpMetric: NextHopTable.infinity) }
    let (hops, metric) = resolution(of: hop, by: self[table: table].routes[best])
    return nextHops.resolve(id, to: hops, igpMetric: metric)
  }

  /// What a next hop resolves to by the best route of a network that contains it; nil if the network has none.
  func resolution(of hop: RecursiveNextHop, by prefix: Prefix, in table: Int) -> (hops: [NextHop], igpMetric: UInt32)? {
    guard let net = self[table: table].find(prefix), let best = self[table: table].best(net) else { return nil }
    return resolution(of: hop, by: self[table: table].routes[best])
  }

  private func resolution(of hop: RecursiveNextHop, by route: Route) -> (hops: [NextHop], igpMetric: UInt32) {
    let header = attributes.header(route.attributes)
    // A next hop must not depend on a route that itself depends on a lookup.
    if case .recursive? = nextHops.source(header.nextHops) { return ([], NextHopTable.infinity) }
    guard header.destination == .unicast else { return ([], NextHopTable.infinity) }
    let ways = hop.ways(by: nextHops.hops(header.nextHops)).filter { isForeign(hop.address, by: $0) }
    if ways.isEmpty { return ([], NextHopTable.infinity) }
    return (ways, igpMetric(header, attributes.records(route.attributes)))
  }

  /// The metric of a route as an interior one: OSPF's, 0 for what is directly connected, what has accumulated, else unknown.
  package func igpMetric(_ header: AttributeHeader, _ records: RawSpan) -> UInt32 {
    switch header.source {
    case .device, .staticDevice: return 0
    case .ospf, .ospfInterArea, .ospfExternal1: return AttributeRecords.u32(.ospfMetric1, in: records) ?? NextHopTable.unknownMetric
    case .bgp:
      let total = AccumulatedMetric.total(
        in: records, igpMetric: nextHops.igpMetric(header.nextHops), isReachable: nextHops.isReachable(header.nextHops))
      return UInt32(min(total ?? UInt64(NextHopTable.unknownMetric), UInt64(NextHopTable.unknownMetric)))
    default: return NextHopTable.unknownMetric
    }
  }
}
