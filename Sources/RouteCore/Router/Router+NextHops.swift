extension Router {
  /// Notes that recursive next hops have to be looked up again if the network contains one.
  mutating func checkRecursive(_ net: NetID, _ table: TableID) {
    let prefix = self[table: table].prefix(net)
    for id in nextHops.dependent {
      if case .recursive(let hop)? = nextHops.source(id), hop.table == table, prefix.contains(hop.address) {
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

  /// Looks up all next hops after a change of a network that contains one, or of the interfaces. What they resolve to holds at once, for
  /// whatever is decided or exported from now on; the networks that use those that changed are decided anew, and marked for export, by
  /// `flushSome`. That may change the best route of another network that contains a next hop: then they are stale again.
  package mutating func resolveNextHops() {
    nextHopsAreStale = false
    var changed: [NextHopSetID] = []
    // A recursive one may depend on a route by one on our networks.
    for id in nextHops.dependent where isConnected(id) && lookUp(id) { changed.append(id) }
    for id in nextHops.dependent where !isConnected(id) && lookUp(id) { changed.append(id) }
    guard !changed.isEmpty else { return }
    for table in tableIDs where !self[table: table].isAdjacent { startRedecision(changed, in: table) }
  }

  private func isConnected(_ id: NextHopSetID) -> Bool { if case .connected? = nextHops.source(id) { true } else { false } }

  /// Whether what the next hop resolves to has changed.
  private mutating func lookUp(_ id: NextHopSetID) -> Bool {
    let hop: RecursiveNextHop
    switch nextHops.source(id) {
    case .recursive(let found)?: hop = found
    case .connected(let link)?: return lookUp(id, link)
    case .direct?, nil: return false
    }
    let table = hop.table
    guard contains(table), hop.address.family == self[table: table].family,
      let net = self[table: table].longestMatch(hop.address, limit: 128, where: { self[table: table].best($0) != nil }),
      let best = self[table: table].best(net)
    else { return nextHops.resolve(id, to: [], igpMetric: NextHopTable.infinity) }
    let (hops, metric) = resolution(of: hop, by: self[table: table].routes[best])
    return nextHops.resolve(id, to: hops, igpMetric: metric)
  }

  /// What a next hop resolves to by the best route of a network that contains it; nil if the network has none.
  func resolution(of hop: RecursiveNextHop, by prefix: Prefix, in table: TableID) -> (hops: [NextHop], igpMetric: UInt32)? {
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

  // MARK: Who vouches for a way out

  /// Notes that a channel's protocol has announced a route with these attributes.
  @inline(__always) mutating func vouch(_ channel: ChannelID, _ id: AttributeID) {
    let set = attributes.header(id).nextHops
    if nextHops.isLastVoucher(channel, set) { return }
    nextHops.vouch(.init(channel: channel, session: channels[channel].session), for: set)
  }

  /// The ways out, in order and with weight 1, that lead nowhere any more when these channels' sessions end: they are in what a next-hop
  /// set resolves to with which the channels have announced routes, and in no set with which another open channel has. Sets that an
  /// export has put together do not count. The time it takes depends on the number of sets, not on that of routes.
  package func solelyVouchedHops(by closing: [ChannelID]) -> [NextHop] {
    var own: Set<NextHop> = []
    var others: Set<NextHop> = []
    nextHops.forEachVouched { vouchers, hops in
      var isOwn = false
      var isOthers = false
      for voucher in vouchers where channels[voucher.channel].session == voucher.session {
        if closing.contains(voucher.channel) {
          isOwn = true
        } else if channels[voucher.channel].state == .up {
          isOthers = true
        }
      }
      guard isOwn || isOthers else { return }
      for var hop in hops {
        hop.weight = 1
        if isOthers { others.insert(hop) } else { own.insert(hop) }
      }
    }
    return own.subtracting(others).sorted()
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
