import Testing

@testable import RouteCore

/// A router with channels of all kinds, to which the same things are done as to another one: one of them removes what has to go at once,
/// the other one in slices between what happens next.
private struct Twin: ~Copyable {
  var fixture = RouterFixture()
  let isSliced: Bool
  let sources: [ChannelID]
  let igp: ChannelID
  let outs: [ChannelID]

  /// With these, what a refresh has not confirmed counts for a limit until it is gone, so that they are not refreshed.
  static let limited = 3

  init(isSliced: Bool) {
    self.isSliced = isSliced
    igp = fixture.channel("igp")
    sources = [
      fixture.channel("plain"), fixture.channel("kept") { $0.importTable = true },
      fixture.channel("filtered") {
        $0.importPolicy = .none
        $0.keepFiltered = true
      },
      fixture.channel("limited") { $0.importLimit = RouteLimit(count: 20, action: .block) },
      fixture.channel("both", exports: true),
    ]
    outs = [
      fixture.channel("best", exports: true), fixture.channel("known", exports: true) { $0.exportTable = true },
      fixture.channel("paths", exports: true, mode: .everyPath), fixture.channel("merged", exports: true, mode: .merged(limit: 4)),
    ]
  }

  static func mode(_ place: Int) -> ExportMode {
    switch place {
    case 2: .everyPath
    case 3: .merged(limit: 4)
    default: .best
    }
  }

  mutating func perform(_ step: Step) {
    let source = sources[step.source]
    switch step.kind {
    case .announce:
      let length = step.number
      guard step.isRecursive else {
        return fixture.announce(source, step.prefix, path: step.path) { $0.pathLength = length }
      }
      let set = fixture.router.intern(RecursiveNextHop(IPAddress("2001:db8:ff::1") ?? .unspecified, table: fixture.table))
      fixture.announce(source, step.prefix, path: step.path) {
        $0.pathLength = length
        $0.nextHops = set
      }
      fixture.router.nextHops.release(set)
    case .withdraw: fixture.withdraw(source, step.prefix, path: step.path)
    case .close: fixture.router.close(source, at: 0)
    case .open: fixture.router.open(source, exporting: step.source == 4 ? .best : .off)
    case .begin: if step.source != Twin.limited { fixture.router.beginRefresh(source) }
    case .end: if step.source != Twin.limited { fixture.router.endRefresh(source, at: 0) }
    case .suspend: if step.source != Twin.limited { fixture.router.suspend(source) }
    case .reach:
      let metric = UInt32(step.number)
      fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: IPAddress(high: 0xfe80 << 48, low: 9), interface: metric + 1)) {
        $0.source = .ospf
      }
    case .unreach: fixture.withdraw(igp, "2001:db8:ff::/64")
    case .reopenOut:
      let place = step.source % outs.count
      fixture.router.close(outs[place], at: 0)
      fixture.known[outs[place]] = nil
      fixture.paths[outs[place]] = nil
      fixture.router.open(outs[place], exporting: Twin.mode(place))
    case .pull: fixture.pullOnly(outs[step.source % outs.count], limit: 3)
    }
    if !isSliced { finish() } else if step.budget > 0 { slice(step.budget) }
  }

  private mutating func slice(_ budget: Int) {
    if fixture.router.nextHopsAreStale { fixture.router.resolveNextHops() }
    _ = fixture.router.flushSome(budget: budget)
  }

  mutating func finish() {
    for _ in 0..<8 {
      if fixture.router.nextHopsAreStale { fixture.router.resolveNextHops() }
      fixture.router.finishFlushes()
    }
  }

  mutating func pullAll() {
    for out in outs { fixture.pullOnly(out, limit: 7) }
    if fixture.router[channel: sources[4]].state == .up { fixture.pullOnly(sources[4], limit: 7) }
  }

  /// All that is to be the same, in words.
  mutating func summary() -> [String] {
    var lines: [String] = []
    for prefix in fixture.router[table: fixture.table].prefixes().sorted() {
      guard let net = fixture.router.network(prefix, in: fixture.table) else { continue }
      var routes: [String] = []
      var rest = fixture.router[table: fixture.table].routes(of: net)
      while let (number, _) = fixture.router[table: fixture.table].next(&rest) {
        let route = fixture.router.shownRoute(number, of: net, in: fixture.table)
        let header = fixture.router.attributes.header(route.attributes)
        let hops = fixture.router.nextHops.hops(header.nextHops).map { "\($0.interface)" }
        let best = route.isBest ? "*" : route.isFiltered ? "-" : ""
        routes.append("\(best)\(route.channel.rawValue)/\(route.path) \(header.pathLength) via \(hops)")
      }
      lines.append("\(prefix): \(routes.sorted())")
    }
    for (place, id) in (sources + outs + [igp]).enumerated() {
      let statistics = fixture.router[channel: id].statistics
      lines.append(
        "\(place): \(statistics.imported) \(statistics.filtered) \(statistics.preferred) \(statistics.exported)"
          + (place == Twin.limited ? " \(statistics.importUpdates.accepted) \(fixture.router.limitEvents.count)" : ""))
    }
    for (place, out) in outs.enumerated() { for line in announced(out) { lines.append("\(place) \(line)") } }
    return lines
  }

  /// What a channel's protocol knows.
  func announced(_ out: ChannelID) -> [String] {
    guard out != outs[2] else {
      return (fixture.paths[out] ?? [:]).filter { !$0.value.isEmpty }.map { "\($0.key) \($0.value.values.sorted())" }.sorted()
    }
    return (fixture.known[out] ?? [:]).map { "\($0.key) \($0.value.pathLength)" }.sorted()
  }
}

private struct Step {
  enum Kind: CaseIterable { case announce, withdraw, close, open, begin, end, suspend, reach, unreach, reopenOut, pull }
  var kind: Kind
  var source: Int
  var prefix: String
  var path: UInt32
  var number: UInt16
  var isRecursive: Bool
  /// Of the slice after it; none if 0.
  var budget: Int

  init(using generator: inout SeededGenerator) {
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<55: kind = .announce
    case 55..<70: kind = .withdraw
    case 70..<90: kind = .pull
    default: kind = Kind.allCases.randomElement(using: &generator) ?? .open
    }
    source = Int.random(in: 0..<5, using: &generator)
    prefix = "2001:db8:\(String(Int.random(in: 1...60, using: &generator), radix: 16))::/48"
    path = source == 0 ? UInt32.random(in: 0...2, using: &generator) : 0
    number = UInt16.random(in: 1...4, using: &generator)
    isRecursive = Bool.random(using: &generator)
    budget = Int.random(in: 0...60, using: &generator)
  }
}

@Suite struct FlushComparisonTests {
  @Test(arguments: 0..<10) func `removed in slices or at once, what is left is the same`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var whole = Twin(isSliced: false)
    var sliced = Twin(isSliced: true)
    var isEverBehind = false
    for round in 0..<12 {
      for _ in 0..<120 {
        let step = Step(using: &generator)
        whole.perform(step)
        sliced.perform(step)
        if !sliced.fixture.router.flushes.isEmpty { isEverBehind = true }
      }
      // Now and then all comes to rest.
      guard round % 3 == 2 else { continue }
      sliced.finish()
      whole.pullAll()
      sliced.pullAll()
      let (expected, found) = (whole.summary(), sliced.summary())
      #expect(expected.filter { !found.contains($0) } == found.filter { !expected.contains($0) }, "round \(round)")
      #expect(expected.count == found.count && !expected.isEmpty)
      // What is announced is what an export from the beginning would announce.
      for out in sliced.outs {
        let known = sliced.announced(out)
        sliced.fixture.known[out] = nil
        sliced.fixture.paths[out] = nil
        sliced.fixture.router.refeed(out, resend: true)
        sliced.fixture.pullOnly(out)
        let again = sliced.announced(out)
        #expect(known == again)
      }
    }
    #expect(isEverBehind)
    for source in sliced.sources + [sliced.igp] + sliced.outs { sliced.fixture.router.close(source, at: 0) }
    _ = sliced.fixture.flush(budget: 50)
    #expect(sliced.fixture.router[table: sliced.fixture.table].netCount == 0)
    #expect(sliced.fixture.router.attributes.count == 0)
  }
}
