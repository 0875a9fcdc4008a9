import Testing

@testable import RouteCore

/// A router with one IPv6 table and some channels, and what each exporting channel was told.
struct RouterFixture: ~Copyable {
  var router = Router()
  let table: TableID
  private var batch = ExportBatch()
  /// What each channel's protocol has been told, as it would know it.
  var known: [ChannelID: [Prefix: AttributeHeader]] = [:]
  var told: [String] = []
  /// The lengths of the AS paths of all that was told to a channel that exports every path, by their identifiers.
  var paths: [ChannelID: [Prefix: [UInt32: UInt16]]] = [:]
  /// The interfaces of each route when it was told.
  var interfaces: [Prefix: [UInt32]] = [:]

  init() { table = router.addTable("master", .ipv6) }

  mutating func channel(
    _ name: String, exports: Bool = false, mode: ExportMode = .best, _ change: (inout ChannelConfiguration) -> Void = { _ in }
  ) -> ChannelID {
    var configuration = ChannelConfiguration(family: .ipv6, table: "master", preference: 100)
    configuration.exportPolicy = exports ? .all : .none
    change(&configuration)
    let id = router.addChannel(configuration, protocolName: name, table: table)
    router.open(id, exporting: exports ? mode : .off)
    return id
  }

  mutating func announce(
    _ channel: ChannelID, _ prefix: String, path: UInt32 = 0, hop: NextHop? = nil, _ change: (inout AttributeHeader) -> Void = { _ in }
  ) {
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.nextHops = router.nextHops.intern([
      hop ?? NextHop(gateway: IPAddress(high: UInt64(0xfe80) << 48, low: 1), interface: UInt32(channel.rawValue) + 1)
    ])
    header.routerID = UInt32(channel.rawValue) + 1
    header.flags.insert(.external)
    let own = header.nextHops
    change(&header)
    router.announce(channel, Prefix(prefix) ?? Prefix(.unspecified, 0), path: path, RouteAttributes(header), at: 0)
    router.nextHops.release(own)
  }

  mutating func withdraw(_ channel: ChannelID, _ prefix: String, path: UInt32 = 0) {
    router.withdraw(channel, Prefix(prefix) ?? Prefix(.unspecified, 0), path: path, at: 0)
  }

  /// As in a turn of the daemon: what is on its way out goes first.
  mutating func pull(_ channel: ChannelID, limit: Int = 1000) {
    router.finishFlushes()
    pullOnly(channel, limit: limit)
  }

  /// What is on its way out stays there.
  mutating func pullOnly(_ channel: ChannelID, limit: Int = 1000) {
    while true {
      let more = router.pullExports(channel, limit: limit, gate: OpenGate(), into: &batch)
      for item in batch.items {
        if item.attributes == .none {
          told.append("-\(item.prefix)")
          known[channel, default: [:]][item.prefix] = nil
          paths[channel]?[item.prefix]?[item.path] = nil
        } else {
          told.append("+\(item.prefix)")
          let header = router.attributes.header(item.attributes)
          known[channel, default: [:]][item.prefix] = header
          paths[channel, default: [:]][item.prefix, default: [:]][item.path] = header.pathLength
          interfaces[item.prefix] = router.nextHops.hops(header.nextHops).map(\.interface)
        }
      }
      router.finish(&batch)
      if !more { return }
    }
  }
}

@Suite struct RouterTests {
  @Test func `a channel hears of the best route, of its replacement, and of its end`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    let out = fixture.channel("out", exports: true)
    fixture.announce(a, "2001:db8::/32") { $0.pathLength = 2 }
    fixture.pull(out)
    #expect(fixture.told == ["+2001:db8::/32"])
    fixture.announce(b, "2001:db8::/32") { $0.pathLength = 1 }
    fixture.pull(out)
    #expect(fixture.known[out]?[Prefix("2001:db8::/32")!]?.pathLength == 1)
    fixture.announce(b, "2001:db8::/32") { $0.pathLength = 3 }
    fixture.pull(out)
    #expect(fixture.known[out]?[Prefix("2001:db8::/32")!]?.pathLength == 2)
    fixture.withdraw(a, "2001:db8::/32")
    fixture.withdraw(b, "2001:db8::/32")
    fixture.pull(out)
    #expect(fixture.told.last == "-2001:db8::/32")
    #expect(fixture.router[table: fixture.table].netCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `a burst of changes to one network is told once`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true)
    fixture.pull(out)
    for length in 1...50 { fixture.announce(a, "2001:db8::/32") { $0.pathLength = UInt16(length) } }
    fixture.pull(out)
    #expect(fixture.told == ["+2001:db8::/32"])
  }

  @Test func `a network that came and went before the pull is not told at all`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true)
    fixture.pull(out)
    fixture.announce(a, "2001:db8::/32")
    fixture.withdraw(a, "2001:db8::/32")
    fixture.pull(out)
    #expect(fixture.told.isEmpty)
    #expect(fixture.router[table: fixture.table].netCount == 0)
  }

  @Test func `a route is not sent back to where it came from`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a", exports: true)
    fixture.announce(a, "2001:db8::/32")
    fixture.pull(a)
    #expect(fixture.told.isEmpty)
    #expect(fixture.router[channel: a].statistics.exportUpdates.rejected == 1)
  }

  @Test func `merged export carries the next hops of all equal routes and follows each change`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    let c = fixture.channel("c")
    let kernel = fixture.channel("kernel", exports: true, mode: .merged(limit: 16))
    let prefix = Prefix("2001:db8:a2::/64")!
    for channel in [a, b] { fixture.announce(channel, "2001:db8:a2::/64") { $0.pathLength = 1 } }
    fixture.announce(c, "2001:db8:a2::/64") { $0.pathLength = 2 }
    fixture.pull(kernel)
    #expect(fixture.interfaces[prefix] == [1, 2])
    fixture.withdraw(b, "2001:db8:a2::/64")
    fixture.pull(kernel)
    #expect(fixture.interfaces[prefix] == [1])
    fixture.withdraw(a, "2001:db8:a2::/64")
    fixture.pull(kernel)
    #expect(fixture.interfaces[prefix] == [3])
    #expect(fixture.told.allSatisfy { $0.hasPrefix("+") })
  }

  @Test func `closing a channel takes its routes out`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true)
    for index in 0..<300 { fixture.announce(a, "2001:db8:\(String(index, radix: 16))::/48") }
    fixture.pull(out, limit: 7)
    #expect(fixture.known[out]?.count == 300)
    #expect(fixture.router[channel: a].statistics.preferred == 300)
    fixture.router.close(a, at: 0)
    fixture.pull(out, limit: 7)
    #expect(fixture.known[out]?.isEmpty == true)
    #expect(fixture.router[channel: a].statistics.preferred == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `an import limit blocks what is beyond it and reports once`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importLimit = RouteLimit(count: 2, action: .block) }
    for index in 1...5 { fixture.announce(a, "2001:db8:\(index)::/48") }
    #expect(fixture.router[channel: a].statistics.imported == 2)
    #expect(fixture.router.limitEvents.count == 1)
    #expect(fixture.router[table: fixture.table].netCount == 2)
  }

  @Test func `a refresh removes what was not announced again`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    for index in 1...4 { fixture.announce(a, "2001:db8:\(index)::/48") }
    fixture.router.beginRefresh(a)
    fixture.announce(a, "2001:db8:2::/48")
    fixture.router.endRefresh(a, at: 0)
    fixture.router.finishFlushes()
    let left = fixture.router[table: fixture.table].prefixes()
    #expect(left.map(\.description) == ["2001:db8:2::/48"])
  }

  @Test func `of equal routes the one with cheaper next hops is best, and next hops of another cost are another set`() {
    var fixture = RouterFixture()
    let (dear, cheap) = (fixture.channel("dear"), fixture.channel("cheap"))
    let out = fixture.channel("out", exports: true)
    func set(_ channel: ChannelID, _ cost: UInt32) -> NextHopSetID {
      fixture.router.nextHops.intern([NextHop(interface: UInt32(channel.rawValue) + 1)], cost: cost)
    }
    let (first, second) = (set(dear, 20), set(cheap, 10))
    #expect(set(dear, 0) != first && fixture.router.nextHops.igpMetric(first) == 20)
    fixture.announce(dear, "2001:db8::/32") { $0.nextHops = first }
    fixture.announce(cheap, "2001:db8::/32") { $0.nextHops = second }
    fixture.pull(out)
    #expect(fixture.known[out]?.values.first?.nextHops == second)
  }

  @Test func `a recursive next hop follows the route towards it`() {
    var fixture = RouterFixture()
    let igp = fixture.channel("igp")
    let bgp = fixture.channel("bgp")
    let out = fixture.channel("out", exports: true)
    let table = fixture.table
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: IPAddress("fe80::9")!, interface: 7)) { $0.source = .ospf }
    let set = fixture.router.intern(RecursiveNextHop(IPAddress("2001:db8:ff::1")!, table: table))
    fixture.announce(bgp, "2001:db8:1::/48") { $0.nextHops = set }
    fixture.router.nextHops.release(set)
    fixture.pull(out)
    #expect(fixture.router.nextHops.hops(set).map(\.interface) == [7])
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: IPAddress("fe80::9")!, interface: 8)) { $0.source = .ospf }
    fixture.router.resolveNextHops()
    fixture.told = []
    fixture.pull(out)
    #expect(fixture.router.nextHops.hops(set).map(\.interface) == [8])
    #expect(fixture.told.contains("+2001:db8:1::/48"))
    fixture.withdraw(igp, "2001:db8:ff::/64")
    fixture.router.resolveNextHops()
    let isReachable = fixture.router.nextHops.isReachable(set)
    #expect(!isReachable)
  }

  @Test(arguments: [ExportMode.best, .everyPath])
  func `an export table does not hide that a next hop has become another`(mode: ExportMode) {
    var fixture = RouterFixture()
    let igp = fixture.channel("igp")
    let bgp = fixture.channel("bgp")
    let out = fixture.channel("out", exports: true, mode: mode) { $0.exportTable = true }
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: IPAddress("fe80::9")!, interface: 7)) { $0.source = .ospf }
    let set = fixture.router.intern(RecursiveNextHop(IPAddress("2001:db8:ff::1")!, table: fixture.table))
    fixture.announce(bgp, "2001:db8:1::/48") { $0.nextHops = set }
    fixture.announce(bgp, "2001:db8:2::/48")
    fixture.router.nextHops.release(set)
    fixture.pull(out)
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: IPAddress("fe80::9")!, interface: 8)) { $0.source = .ospf }
    fixture.router.resolveNextHops()
    fixture.router.finishFlushes()
    fixture.router.refeed(out)
    fixture.told = []
    fixture.pull(out)
    #expect(fixture.told.sorted() == ["+2001:db8:1::/48", "+2001:db8:ff::/64"])
    fixture.router.refeed(out)
    fixture.told = []
    fixture.pull(out)
    #expect(fixture.told.isEmpty)
  }

  @Test func `where a recursive next hop is on a network of ours, the link-local address beside it is the gateway`() {
    var fixture = RouterFixture()
    let connected = fixture.channel("direct")
    func ip(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified }
    fixture.announce(connected, "2001:db8:1::/64", hop: NextHop(interface: 7)) { $0.source = .device }
    fixture.announce(connected, "2001:db8:2::/64", hop: NextHop(gateway: ip("fe80::9"), interface: 8)) { $0.source = .static }
    func gateway(_ address: String, _ link: String?) -> IPAddress? {
      let id = fixture.router.intern(RecursiveNextHop(ip(address), table: fixture.table, link: link.map(ip)))
      return fixture.router.nextHops.hops(id).first?.gateway
    }
    #expect(gateway("2001:db8:1::5", "fe80::5") == ip("fe80::5"))
    #expect(gateway("2001:db8:1::5", nil) == ip("2001:db8:1::5"))
    #expect(gateway("2001:db8:2::5", "fe80::5") == ip("fe80::9"))
  }

  @Test(arguments: 0..<20)
  func `after random changes every channel knows just the best routes`(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var fixture = RouterFixture()
    var sources: [ChannelID] = []
    for index in 0..<4 { sources.append(fixture.channel("s\(index)")) }
    let first = fixture.channel("out", exports: true)
    var late: ChannelID?
    var reference: [String: [ChannelID: UInt16]] = [:]
    for step in 0..<3000 {
      let prefix = "2001:db8:\(String(Int.random(in: 1...200, using: &generator), radix: 16))::/48"
      let source = sources[Int.random(in: 0..<4, using: &generator)]
      if Int.random(in: 0..<3, using: &generator) == 0 {
        fixture.withdraw(source, prefix)
        reference[prefix]?[source] = nil
      } else {
        let length = UInt16.random(in: 1...4, using: &generator)
        fixture.announce(source, prefix) { $0.pathLength = length }
        reference[prefix, default: [:]][source] = length
      }
      if step == 1500 { late = fixture.channel("late", exports: true) }
      if Int.random(in: 0..<10, using: &generator) == 0 { fixture.pull(first, limit: 3) }
    }
    fixture.pull(first)
    for channel in [first, late].compactMap({ $0 }) {
      fixture.pull(channel)
      var expected: [Prefix: UInt16] = [:]
      for (prefix, routes) in reference { if let best = routes.values.min() { expected[Prefix(prefix)!] = best } }
      #expect(fixture.known[channel]?.mapValues(\.pathLength) ?? [:] == expected, "seed \(seed)")
    }
    for source in sources { fixture.router.close(source, at: 0) }
    fixture.pull(first)
    if let late { fixture.pull(late) }
    #expect(fixture.router[table: fixture.table].netCount == 0)
    #expect(fixture.router[table: fixture.table].routeCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }
}
