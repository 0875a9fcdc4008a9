/// What a protocol refuses to hear before its export filter is asked, such as RFC 4271 §9.2 and RFC 1997's well-known communities.
public protocol ExportGate {
  /// Whether the protocol may hear of a route with these attributes. `records` are those of `RouteAttributes`.
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
  /// By default routes to a link are not refused.
  public var refusesDevices: Bool { false }
  /// By default the protocol adds its attributes after the filter.
  public var presetsRoutes: Bool { false }
  /// By default nothing is changed.
  public func preset(_ route: inout RouteAttributes, via hops: [NextHop]) {}
}

/// A gate that is always open.
public struct OpenGate: ExportGate {
  /// There is nothing to configure.
  public init() {}
  public func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { true }
}

/// One change a protocol is to hear.
public struct ExportItem: Sendable, BitwiseCopyable {
  /// The network that changed.
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
  /// In the order in which the networks were marked.
  public internal(set) var items: [ExportItem] = []
  /// An empty batch.
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

/// What is at hand while a channel's changes are pulled.
struct ExportPull<Gate: ExportGate>: ~Copyable {
  let channel: ChannelID
  let table: TableID
  let mode: ExportMode
  let exportTable: TableID?
  let gate: Gate
  var cache = VerdictCache()
  /// The policy before a change that is being carried out, and what it says of recent attributes.
  let previousPolicy: Policy?
  var previousCache: VerdictCache
  /// The batch.
  var items: [ExportItem] = []
  /// How many routes were let through since the feed last heard of it.
  var passed: UInt32 = 0

  init(_ channel: Channel, _ gate: Gate) {
    self.channel = channel.id
    table = channel.table
    mode = channel.exportMode
    exportTable = channel.exportTable
    self.gate = gate
    previousPolicy = channel.export.previousPolicy
    previousCache = VerdictCache(isUsed: previousPolicy != nil)
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

  /// Takes up to `limit` of the networks a channel still has to look at, and appends to `batch` what its protocol is to hear of them.
  /// Whether any are left.
  package mutating func pullExports<Gate: ExportGate>(_ id: ChannelID, limit: Int, gate: Gate, into batch: inout ExportBatch) -> Bool {
    var budget = limit
    var pull = ExportPull(channels[id], gate)
    swap(&pull.items, &batch.items)
    pull.items.reserveCapacity(min(limit, 4096))
    while budget > 0, let net = channels[id].queue.popFirst() {
      _ = channels[id].dirty.remove(net)
      export(net, &pull)
      unpin(net, in: pull.table)
      budget -= 1
    }
    while budget > 0, let net = nextFed(id, passed: &pull.passed) {
      budget -= 1
      if pull.previousPolicy != nil, isAnnouncedAlike(net, &pull) { continue }
      export(net, &pull)
    }
    swap(&pull.items, &batch.items)
    channels[id].export.note(passed: pull.passed)
    releaseFilteredExports()
    return channels[id].hasPendingExports
  }

  /// Whether a network is announced, and both the policy before and the present one let it through with the same attributes.
  private mutating func isAnnouncedAlike<Gate: ExportGate>(_ net: NetID, _ pull: inout ExportPull<Gate>) -> Bool {
    guard let before = pull.previousPolicy, channels[pull.channel].announced.contains(net),
      let best = self[table: pull.table].best(net)
    else { return false }
    let route = self[table: pull.table].routes[best]
    guard sender(route) != pull.channel else { return false }
    let prefix = self[table: pull.table].prefix(net)
    guard case .accepted(let old) = verdict(prefix, route, before, pull.gate, &pull.previousCache),
      case .accepted(let new) = verdict(prefix, route, channels[pull.channel].configuration.exportPolicy, pull.gate, &pull.cache)
    else { return false }
    return old == new
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
    _ net: NetID, _ pull: inout ExportPull<Gate>
  ) {
    let (channel, table) = (pull.channel, pull.table)
    let prefix = self[table: table].prefix(net)
    if pull.mode == .everyPath { return exportPaths(net, prefix, &pull) }
    guard let best = self[table: table].best(net) else {
      if channels[channel].announced.contains(net) { channels[channel].statistics.exportWithdraws.received &+= 1 }
      return withdrawExport(net, prefix, &pull)
    }
    var route = self[table: table].routes[best]
    channels[channel].statistics.exportUpdates.received &+= 1
    var verdict = ExportVerdict.rejected
    var isMerged = false
    switch pull.mode {
    case .merged(let limit):
      if sender(route) != channel { verdict = mergedVerdict(net, channel, limit, pull.gate) }
      isMerged = true
    case .accepted: (route, verdict) = firstAccepted(net, prefix, &pull)
    case .best, .everyPath, .any, .off:
      if sender(route) != channel {
        verdict = self.verdict(prefix, route, channels[channel].configuration.exportPolicy, pull.gate, &pull.cache)
      }
    }
    switch verdict {
    case .rejected:
      channels[channel].statistics.exportUpdates.rejected &+= 1
      withdrawExport(net, prefix, &pull)
    case .filtered:
      channels[channel].statistics.exportUpdates.filtered &+= 1
      withdrawExport(net, prefix, &pull)
    case .accepted(let id):
      defer { if isMerged { attributes.release(id, &nextHops) } }
      let isNew = !channels[channel].announced.contains(net)
      pull.passed &+= 1
      guard !isNew || isWithinExportLimit(channel) else { return }
      if let exported = pull.exportTable, !noteExport(prefix, path: 0, id, route, in: exported), !channels[channel].export.resends {
        return
      }
      channels[channel].statistics.exportUpdates.accepted &+= 1
      if isNew {
        _ = channels[channel].announced.insert(net)
        channels[channel].statistics.exported &+= 1
      }
      attributes.retain(id)
      pull.items.append(ExportItem(prefix: prefix, attributes: id, source: route.channel))
    }
  }

  private mutating func withdrawExport<Gate: ExportGate>(_ net: NetID, _ prefix: Prefix, _ pull: inout ExportPull<Gate>) {
    let channel = pull.channel
    guard channels[channel].announced.remove(net) else { return }
    channels[channel].statistics.exported &-= 1
    channels[channel].statistics.exportWithdraws.accepted &+= 1
    if let exported = pull.exportTable { _ = forgetExport(prefix, path: 0, in: exported) }
    pull.items.append(ExportItem(prefix: prefix, attributes: .none, source: channel))
  }

  /// The first of a sorted table's routes that the gate and the filter let through, or the best with what was said of it.
  private mutating func firstAccepted<Gate: ExportGate>(
    _ net: NetID, _ prefix: Prefix, _ pull: inout ExportPull<Gate>
  ) -> (Route, ExportVerdict) {
    let (channel, table) = (pull.channel, pull.table)
    let first = self[table: table][net: net].first
    var outcome = ExportVerdict.rejected
    var rest = self[table: table].routes(of: net)
    while let (number, route) = self[table: table].nextCandidate(&rest) {
      if sender(route) != channel {
        let verdict = self.verdict(prefix, route, channels[channel].configuration.exportPolicy, pull.gate, &pull.cache)
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
