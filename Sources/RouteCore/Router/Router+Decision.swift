extension RoutingTable {
  /// The best route of a network, or nil if it has none but filtered ones.
  package func best(_ net: UInt32) -> UInt32? {
    let first = self[net: net].first
    return first == 0 || routes[first].flags.contains(.filtered) ? nil : first
  }
}

extension Router {
  /// Chooses the best route of a network after one of its routes (`changed`) came, went or took other attributes, and marks the network
  /// for everybody who has to hear of it.
  mutating func settle(_ net: UInt32, _ table: Int, oldBest: UInt32?, changed: UInt32) {
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
    let index = Int(sender(route).rawValue)
    guard route.flags.contains(.piped) || channels[index].marks.areOfSession(route.flags.mark) else { return }
    channels[index].statistics.preferred &+= UInt32(bitPattern: by)
  }

  /// Marks a network for the exporting channels of its table.
  mutating func notify(_ net: UInt32, _ table: Int, bestChanged: Bool) {
    if bestChanged, !nextHopsAreStale, !nextHops.dependent.isEmpty { checkRecursive(net, table) }
    var exporter = firstExporter[table]
    while let id = exporter {
      let index = Int(id.rawValue)
      exporter = channels[index].nextExporter
      if !bestChanged, case .best = channels[index].exportMode { continue }
      mark(net, table, index)
    }
  }

  /// Queues a network for one channel, once.
  mutating func mark(_ net: UInt32, _ table: Int, _ index: Int) {
    // What the running feed has not reached yet needs no mark, unless the network may be gone by then.
    if let cursor = channels[index].feedCursor, net >= cursor, !channels[index].announced.contains(net) { return }
    guard channels[index].dirty.insert(net) else { return }
    channels[index].queue.append(net)
    self[table: table][net: net].pins &+= 1
  }

  mutating func unpin(_ net: UInt32, in table: Int) {
    self[table: table][net: net].pins &-= 1
    self[table: table].removeIfUnused(net)
  }

  /// Decides all networks with several routes anew: the order of the protocols changed.
  package mutating func decideAgain() {
    for table in 0..<tableCount where !self[table: table].isAdjacent {
      for net in 1..<max(self[table: table].netLimit, 1) where self[table: table].isLive(net) {
        guard let best = self[table: table].best(net), self[table: table].routes[best].next != 0, choose(net, table) != best else {
          continue
        }
        settle(net, table, oldBest: best, changed: 0)
      }
    }
  }

  /// Runs the decision over a network's candidates and puts the best first.
  private mutating func choose(_ net: UInt32, _ table: Int) -> UInt32? {
    guard let first = self[table: table].best(net) else { return nil }
    let second = self[table: table].routes[first].next
    if second == 0 || self[table: table].routes[second].flags.contains(.filtered) {
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
  private mutating func sortRest(_ net: UInt32, _ table: Int, _ best: UInt32) {
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
  mutating func gather(_ net: UInt32, _ table: Int) {
    decision.removeAll()
    var route = self[table: table][net: net].first
    while route != 0 {
      let entry = self[table: table].routes[route]
      if entry.flags.contains(.filtered) { break }
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
          options: channels[Int(entry.channel.rawValue)].decision, reachable: isReachable,
          igpMetric: igpMetric, time: entry.time, metric1: metric1, metric2: metric2,
          order: channels[Int(entry.channel.rawValue)].order, path: self[table: table].path(of: route), accumulatedMetric: accumulated))
      route = entry.next
    }
  }
}

extension RoutingTable {
  /// Whether a route is among a network's candidates.
  func isListed(_ wanted: UInt32, in net: UInt32) -> Bool {
    var route = self[net: net].first
    while route != 0 {
      if route == wanted { return true }
      route = routes[route].next
    }
    return false
  }
}
