/// What a protocol refuses to hear before its export filter is asked, such as RFC 4271 §9.2 and RFC 1997's well-known communities.
public protocol ExportGate {
  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool
  /// Whether routes to a link, without a gateway, are refused too.
  var refusesDevices: Bool { get }
  /// Whether export filters find routes as `preset` makes them, and have the last word on them. That is BIRD 1.6's order.
  var presetsRoutes: Bool { get }
  /// Gives a route the attributes that the protocol would announce it with, and marks it with `.isPreset`. What no filter has changed
  /// goes to the protocol as it lies in its table all the same.
  func preset(_ route: inout RouteAttributes, via hops: [NextHop])
}

extension ExportGate {
  public var refusesDevices: Bool { false }
  public var presetsRoutes: Bool { false }
  public func preset(_ route: inout RouteAttributes, via hops: [NextHop]) {}
}

/// A gate that is always open.
public struct OpenGate: ExportGate {
  public init() {}
  public func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { true }
}

/// One change a protocol is to hear.
public struct ExportItem: Sendable, BitwiseCopyable {
  public var prefix: Prefix
  /// The attributes after the export filter; `.none` withdraws the network.
  public var attributes: AttributeID
  /// The channel the route came from.
  public var source: ChannelID
  /// What tells it from other routes to the network, if every path is exported; else 0.
  public var path: UInt32 = 0
}

/// A slice of a channel's changes, filled by `Router.pullExports` and given back with `Router.finish`. Reuse one.
public struct ExportBatch {
  public internal(set) var items: [ExportItem] = []
  public init() {}
}

/// A small direct-mapped memory of what the gate and the filter said of recent attributes.
struct VerdictCache {
  struct Entry {
    var attributes = AttributeID.none
    var channel = ChannelID(rawValue: 0)
    var verdict = ExportVerdict.rejected
    /// The verdict holds for prefixes for which these tests end the same way.
    var tests = PolicyPrefixOutcomes()
  }
  private var entries: [Entry]

  init(isUsed: Bool = true) { entries = isUsed ? [Entry](repeating: Entry(), count: 256) : [] }

  func known(_ attributes: AttributeID, _ channel: ChannelID) -> (verdict: ExportVerdict, tests: PolicyPrefixOutcomes)? {
    let entry = entries[Int(attributes.rawValue & 255)]
    return entry.attributes == attributes && entry.channel == channel ? (entry.verdict, entry.tests) : nil
  }

  mutating func remember(
    _ attributes: AttributeID, _ channel: ChannelID, _ verdict: ExportVerdict, _ tests: PolicyPrefixOutcomes = PolicyPrefixOutcomes()
  ) {
    entries[Int(attributes.rawValue & 255)] = Entry(attributes: attributes, channel: channel, verdict: verdict, tests: tests)
  }
}

/// The export policy before a change, and what it says of recent attributes.
struct PreviousExport {
  let policy: Policy
  var cache: VerdictCache

  /// Without a change that is being carried out it is never asked.
  init(_ policy: Policy?) {
    self.policy = policy ?? .none
    cache = VerdictCache(isUsed: policy != nil)
  }
}

enum ExportVerdict {
  case rejected
  case filtered
  /// The attributes to be sent; whoever keeps them takes a reference.
  case accepted(AttributeID)
}

extension Router {
  /// Whether a network is announced to a channel's protocol at present.
  package func isAnnounced(_ prefix: Prefix, to id: ChannelID) -> Bool {
    let channel = channels[id]
    guard let net = self[table: channel.table].find(prefix) else { return false }
    return channel.announced.contains(net)
  }

  /// Presents a network to a channel once more.
  package mutating func look(at prefix: Prefix, _ id: ChannelID) {
    guard channels[id].exportMode != .off, let net = self[table: channels[id].table].find(prefix) else { return }
    mark(net, channels[id].table, id)
  }

  /// Takes up to `limit` of the networks a channel still has to look at, and appends to `batch` what its protocol is to hear of them.
  /// Whether any are left.
  package mutating func pullExports<Gate: ExportGate>(_ id: ChannelID, limit: Int, gate: Gate, into batch: inout ExportBatch) -> Bool {
    let table = channels[id].table
    var budget = limit
    var cache = VerdictCache()
    let isChange = channels[id].previousExport != nil
    var previous = PreviousExport(channels[id].previousExport)
    batch.items.reserveCapacity(min(limit, 4096))
    defer { releaseFilteredExports() }
    while budget > 0, let net = channels[id].queue.popFirst() {
      _ = channels[id].dirty.remove(net)
      export(net, id, gate, &cache, &batch)
      unpin(net, in: table)
      budget -= 1
    }
    // Networks in the order of their numbers, which is that of their arrival: those with equal attributes stand together.
    while budget > 0, var cursor = channels[id].feedCursor {
      guard let net = self[table: table].next(&cursor) else {
        channels[id].previousExport = nil
        endFeed(id)
        continue
      }
      channels[id].feedCursor = cursor
      guard self[table: table][net: net].first != .none else { continue }
      budget -= 1
      if isChange, isAnnouncedAlike(net, id, gate, &cache, &previous) { continue }
      export(net, id, gate, &cache, &batch)
    }
    return channels[id].hasPendingExports
  }

  /// Whether a network is announced, and both the policy before and the present one let it through with the same attributes.
  private mutating func isAnnouncedAlike<Gate: ExportGate>(
    _ net: NetID, _ channel: ChannelID, _ gate: Gate, _ cache: inout VerdictCache, _ previous: inout PreviousExport
  ) -> Bool {
    let table = channels[channel].table
    guard channels[channel].announced.contains(net), let best = self[table: table].best(net) else { return false }
    let route = self[table: table].routes[best]
    guard sender(route) != channel else { return false }
    let prefix = self[table: table].prefix(net)
    guard case .accepted(let before) = verdict(prefix, route, previous.policy, gate, &previous.cache),
      case .accepted(let now) = verdict(prefix, route, channels[channel].configuration.exportPolicy, gate, &cache)
    else { return false }
    return before == now
  }

  /// Attributes made by the filter during a pull are kept until its end, since the verdict cache may name them again.
  mutating func releaseFilteredExports() {
    for id in filteredExports { attributes.release(id, &nextHops) }
    filteredExports.removeAll(keepingCapacity: true)
  }

  /// Gives the references of a batch back and empties it.
  package mutating func finish(_ batch: inout ExportBatch) {
    for item in batch.items { attributes.release(item.attributes, &nextHops) }
    if batch.items.capacity > 16384 { batch.items = [] } else { batch.items.removeAll(keepingCapacity: true) }
  }

  private mutating func export<Gate: ExportGate>(
    _ net: NetID, _ channel: ChannelID, _ gate: Gate, _ cache: inout VerdictCache, _ batch: inout ExportBatch
  ) {
    let table = channels[channel].table
    let prefix = self[table: table].prefix(net)
    if channels[channel].exportMode == .everyPath { return exportPaths(net, prefix, channel, gate, &cache, &batch) }
    guard let best = self[table: table].best(net) else {
      if channels[channel].announced.contains(net) { channels[channel].statistics.exportWithdraws.received &+= 1 }
      return withdrawExport(net, prefix, channel, &batch)
    }
    var route = self[table: table].routes[best]
    channels[channel].statistics.exportUpdates.received &+= 1
    var verdict = ExportVerdict.rejected
    var isMerged = false
    switch channels[channel].exportMode {
    case .merged(let limit):
      if sender(route) != channel { verdict = mergedVerdict(net, channel, limit, gate) }
      isMerged = true
    case .accepted: (route, verdict) = firstAccepted(net, channel, gate, &cache)
    case .best, .everyPath, .any, .off:
      if sender(route) != channel {
        verdict = self.verdict(prefix, route, channels[channel].configuration.exportPolicy, gate, &cache)
      }
    }
    switch verdict {
    case .rejected:
      channels[channel].statistics.exportUpdates.rejected &+= 1
      withdrawExport(net, prefix, channel, &batch)
    case .filtered:
      channels[channel].statistics.exportUpdates.filtered &+= 1
      withdrawExport(net, prefix, channel, &batch)
    case .accepted(let id):
      defer { if isMerged { attributes.release(id, &nextHops) } }
      let isNew = !channels[channel].announced.contains(net)
      channels[channel].feedCount &+= 1
      guard !isNew || isWithinExportLimit(channel) else { return }
      if let exported = channels[channel].exportTable, !noteExport(prefix, path: 0, id, route, in: exported), !channels[channel].resends {
        return
      }
      channels[channel].statistics.exportUpdates.accepted &+= 1
      if isNew {
        _ = channels[channel].announced.insert(net)
        channels[channel].statistics.exported &+= 1
      }
      attributes.retain(id)
      batch.items.append(ExportItem(prefix: prefix, attributes: id, source: route.channel))
    }
  }

  private mutating func withdrawExport(_ net: NetID, _ prefix: Prefix, _ channel: ChannelID, _ batch: inout ExportBatch) {
    guard channels[channel].announced.remove(net) else { return }
    channels[channel].statistics.exported &-= 1
    channels[channel].statistics.exportWithdraws.accepted &+= 1
    if let exported = channels[channel].exportTable { _ = forgetExport(prefix, path: 0, in: exported) }
    batch.items.append(ExportItem(prefix: prefix, attributes: .none, source: channel))
  }

  /// The first of a sorted table's routes that the gate and the filter let through, or the best with what was said of it.
  private mutating func firstAccepted<Gate: ExportGate>(
    _ net: NetID, _ channel: ChannelID, _ gate: Gate, _ cache: inout VerdictCache
  ) -> (Route, ExportVerdict) {
    let table = channels[channel].table
    let prefix = self[table: table].prefix(net)
    let first = self[table: table][net: net].first
    var outcome = ExportVerdict.rejected
    var rest = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].nextCandidate(&rest) {
      if sender(route) != channel {
        let verdict = self.verdict(prefix, route, channels[channel].configuration.exportPolicy, gate, &cache)
        if case .accepted = verdict { return (route, verdict) }
        if number == first { outcome = verdict }
      }
    }
    return (self[table: table].routes[first], outcome)
  }

  /// What the gate and an export policy say of one route. The attributes of `.accepted` are kept alive by the table or by the batch.
  mutating func verdict<Gate: ExportGate>(
    _ prefix: Prefix, _ route: Route, _ policy: Policy, _ gate: Gate, _ cache: inout VerdictCache
  ) -> ExportVerdict {
    if let known = cache.known(route.attributes, route.channel), holds(known.tests, prefix, policy) { return known.verdict }
    guard admits(route, gate) else {
      cache.remember(route.attributes, route.channel, .rejected)
      return .rejected
    }
    switch policy {
    case .all:
      cache.remember(route.attributes, route.channel, .accepted(route.attributes))
      return .accepted(route.attributes)
    case .none: return .filtered
    case .filter(let program, _):
      let verdict = filteredVerdict(program, prefix, route, gate)
      if program.isUniformOverOutcomes, let tests = interpreter.reusableOutcomes {
        cache.remember(route.attributes, route.channel, verdict, tests)
      }
      return verdict
    }
  }

  /// Whether an export filter's tests end for a prefix as they did for the one a verdict is known of.
  private func holds(_ tests: PolicyPrefixOutcomes, _ prefix: Prefix, _ policy: Policy) -> Bool {
    if tests.asked == 0 { return true }
    guard case .filter(let program, _) = policy else { return true }
    var known = PolicyPrefixOutcomes()
    return program.agrees(tests, for: prefix, &known)
  }

  private mutating func filteredVerdict<Gate: ExportGate>(
    _ program: PolicyProgram, _ prefix: Prefix, _ route: Route, _ gate: Gate
  ) -> ExportVerdict {
    guard filterExport(program, prefix, route, gate) else { return .filtered }
    guard policyRoute.attributesChanged || policyRoute.nextHopChanged else { return .accepted(route.attributes) }
    let id = attributes.intern(policyRoute.attributes, &nextHops)
    releaseFilteredNextHop()
    filteredExports.append(id)
    return .accepted(id)
  }

  /// What the gate says of a stored route.
  @inline(__always) func admits<Gate: ExportGate>(_ route: Route, _ gate: Gate) -> Bool {
    let header = attributes.header(route.attributes)
    return gate.admits(header, attributes.records(route.attributes)) && !(gate.refusesDevices && isDevice(header))
  }

  /// Whether a route leads to a link, without a gateway, and no static one says so.
  package func isDevice(_ header: AttributeHeader) -> Bool {
    guard header.destination == .unicast, header.source != .staticDevice else { return false }
    let hops = nextHops.hops(header.nextHops)
    return hops.count == 1 && hops[0].gateway.isUnspecified
  }

  /// Runs an export filter over a stored route; the outcome's attributes are in `policyRoute`.
  mutating func filterExport<Gate: ExportGate>(
    _ program: PolicyProgram, _ prefix: Prefix, _ route: Route, _ gate: Gate
  ) -> Bool {
    attributes.load(route.attributes, into: &policyRoute.attributes)
    if gate.presetsRoutes { gate.preset(&policyRoute.attributes, via: nextHops.hops(policyRoute.attributes.header.nextHops)) }
    guard evaluate(program, prefix, route.channel) else { return false }
    policyRoute.attributes.header.flags.formUnion(policyRoute.setByFilter)
    return true
  }

  /// The best route with the next hops of all routes that are as good. `.accepted` carries one reference.
  mutating func mergedVerdict<Gate: ExportGate>(_ net: NetID, _ channel: ChannelID, _ limit: Int, _ gate: Gate) -> ExportVerdict {
    let table = channels[channel].table
    let prefix = self[table: table].prefix(net)
    guard let bestRoute = self[table: table].best(net) else { return .rejected }
    let best = self[table: table].routes[bestRoute]
    guard admits(best, gate) else { return .rejected }
    guard let first = policyResult(prefix, best, channel, gate) else { return .filtered }
    let hasRivals = best.next != .none && attributes.header(first).destination == .unicast
    guard hasRivals, nextHops.isReachable(attributes.header(first).nextHops) else { return .accepted(first) }
    gather(net, table)
    let equals = decision.equals()
    guard equals > 1 else { return .accepted(first) }
    mergedHops = nextHops.hops(attributes.header(first).nextHops)
    for place in 0..<equals where decision.candidates[place].route != bestRoute {
      let candidate = self[table: table].routes[decision.candidates[place].route]
      guard sender(candidate) != channel, let other = policyResult(prefix, candidate, channel, gate) else { continue }
      if attributes.header(other).destination == .unicast { mergedHops += nextHops.hops(attributes.header(other).nextHops) }
      attributes.release(other, &nextHops)
    }
    let merged = internMerged(limit)
    defer { nextHops.release(merged) }
    guard merged != attributes.header(first).nextHops else { return .accepted(first) }
    attributes.load(first, into: &policyRoute.attributes)
    attributes.release(first, &nextHops)
    policyRoute.attributes.header.nextHops = merged
    return .accepted(attributes.intern(policyRoute.attributes, &nextHops))
  }

  private mutating func internMerged(_ limit: Int) -> NextHopSetID {
    // Which ones stay when there are too many must not depend on who came first.
    guard let source = NextHopSource(mergedHops), case .direct(let hops, _) = source else { return .none }
    return nextHops.intern(hops.count > limit ? .direct(Array(hops.prefix(limit))) : source)
  }

  /// The attributes of a route after the channel's export filter, with one reference; nil if it was rejected.
  mutating func policyResult<Gate: ExportGate>(_ prefix: Prefix, _ route: Route, _ channel: ChannelID, _ gate: Gate) -> AttributeID? {
    switch channels[channel].configuration.exportPolicy {
    case .none: return nil
    case .all:
      attributes.retain(route.attributes)
      return route.attributes
    case .filter(let program, _):
      guard filterExport(program, prefix, route, gate) else { return nil }
      guard policyRoute.attributesChanged || policyRoute.nextHopChanged else {
        attributes.retain(route.attributes)
        return route.attributes
      }
      let id = attributes.intern(policyRoute.attributes, &nextHops)
      releaseFilteredNextHop()
      return id
    }
  }
}
