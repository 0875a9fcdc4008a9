extension RoutingTable {
  /// The best route of a network, or nil if it has none but filtered ones.
  package func best(_ net: NetID) -> RouteID? {
    let first = self[net: net].first
    return first == .none || routes[first].flags.contains(.filtered) ? nil : first
  }
}

extension Router {
  /// Chooses the best route of a network after one of its routes (`changed`) came, went or took other attributes, and marks the network
  /// for everybody who has to hear of it.
  mutating func decide(_ net: NetID, _ table: TableID, oldBest: RouteID?, changed: RouteID) {
    let best = choose(net, table)
    let bestChanged = best != oldBest || best == changed || oldBest == changed
    if best != oldBest {
      // A removed route's slot may not be read any more; `remove` corrects its channel's count.
      if let oldBest, oldBest != changed || self[table: table].isListed(oldBest, in: net) {
        countPreferred(self[table: table].routes[oldBest], -1)
      }
      if let best { countPreferred(self[table: table].routes[best], 1) }
    }
    notify(net, table, bestChanged: bestChanged)
  }

  @inline(__always) private mutating func countPreferred(_ route: Route, _ by: Int32) {
    let id = sender(route)
    guard route.flags.contains(.piped) || channels[id].marks.areOfSession(route.flags.mark) else { return }
    channels[id].statistics.preferred &+= UInt32(bitPattern: by)
  }

  /// Marks a network for the exporting channels of its table.
  mutating func notify(_ net: NetID, _ table: TableID, bestChanged: Bool) {
    if bestChanged, !nextHopsAreStale, !nextHops.dependent.isEmpty { checkRecursive(net, table) }
    var exporter = firstExporter[table]
    while let id = exporter {
      exporter = channels[id].nextExporter
      if !bestChanged, case .best = channels[id].exportMode { continue }
      mark(net, table, id)
    }
  }

  /// Queues a network for one channel, once.
  mutating func mark(_ net: NetID, _ table: TableID, _ channel: ChannelID) {
    // What the running feed has not reached yet needs no mark, unless the network may be gone by then.
    if channels[channel].export.willFeed(net), !channels[channel].announced.contains(net) { return }
    guard channels[channel].dirty.insert(net) else { return }
    channels[channel].queue.append(net)
    self[table: table][net: net].pins &+= 1
  }

  mutating func unpin(_ net: NetID, in table: TableID) {
    self[table: table][net: net].pins &-= 1
    self[table: table].removeIfUnused(net)
  }

  /// Decides all networks with several routes anew: the order of the protocols changed.
  package mutating func decideAgain() {
    for table in tableIDs where !self[table: table].isAdjacent {
      var nets = NetCursor()
      while let net = self[table: table].next(&nets) {
        guard let best = self[table: table].best(net), self[table: table].routes[best].next != .none, choose(net, table) != best else {
          continue
        }
        decide(net, table, oldBest: best, changed: .none)
      }
    }
  }

  /// Runs the decision over a network's candidates and puts the best first.
  private mutating func choose(_ net: NetID, _ table: TableID) -> RouteID? {
    guard let first = self[table: table].best(net) else { return nil }
    let second = self[table: table].routes[first].next
    if second == .none || self[table: table].routes[second].flags.contains(.filtered) {
      self[table: table][net: net].decidedBy = .onlyRoute
      return first
    }
    gather(net, table)
    guard let place = decision.best() else { return nil }
    let best = decision.candidates[place].route
    let step = decision.decidedBy
    self[table: table].promote(best, in: net)
    self[table: table][net: net].decidedBy = step
    if self[table: table].isSorted { sortRest(net, table, best) }
    return best
  }

  /// Brings the candidates behind the best into the order in which they would take its place.
  private mutating func sortRest(_ net: NetID, _ table: TableID, _ best: RouteID) {
    var last = best
    decision.candidates.removeAll { $0.route == best }
    while let place = decision.best() {
      let next = decision.candidates[place].route
      self[table: table].move(next, behind: last, in: net)
      decision.candidates.removeAll { $0.route == next }
      last = next
    }
  }

  /// Collects what the decision looks at.
  mutating func gather(_ net: NetID, _ table: TableID) {
    decision.removeAll()
    var rest = self[table: table].routes(of: net)
    while let (route, entry) = self[table: table].nextCandidate(&rest) {
      let header = attributes.header(entry.attributes)
      var metric1: UInt32 = 0
      var metric2: UInt32 = 0
      var accumulated = AccumulatedMetric.infinity
      let isReachable = nextHops.isReachable(header.nextHops)
      let igpMetric = nextHops.igpMetric(header.nextHops)
      if header.source.isOSPF {
        metric1 = AttributeRecords.u32(.ospfMetric1, in: attributes.records(entry.attributes)) ?? 0
        metric2 = AttributeRecords.u32(.ospfMetric2, in: attributes.records(entry.attributes)) ?? 0
      } else if header.source == .bgp {
        let records = attributes.records(entry.attributes)
        metric1 = UInt32((AttributeRecords.find(.clusterList, in: records)?.value.count ?? 0) / 4)
        accumulated =
          AccumulatedMetric.total(in: records, igpMetric: igpMetric, isReachable: isReachable) ?? AccumulatedMetric.infinity
      }
      decision.candidates.append(
        Candidate(
          route: route, attributes: entry.attributes, header: header, channel: entry.channel,
          options: channels[entry.channel].decision, reachable: isReachable,
          igpMetric: igpMetric, time: entry.time, metric1: metric1, metric2: metric2,
          order: channels[entry.channel].order, path: self[table: table].path(of: route), accumulatedMetric: accumulated))
    }
  }
}

extension RoutingTable {
  /// Whether a route is among a network's candidates.
  func isListed(_ wanted: RouteID, in net: NetID) -> Bool {
    firstRoute(in: net) { id, _ in id == wanted } != nil
  }
}
