import Testing

@testable import RouteCore

/// Several paths to one network (RFC 7911).
@Suite struct PathTests {
  private let name = "2001:db8::/32"
  private let prefix = Prefix("2001:db8::/32") ?? Prefix(.unspecified, 0)

  /// The lengths of the paths that a channel's peer knows, in order.
  private func lengths(_ fixture: borrowing RouterFixture, _ channel: ChannelID) -> [UInt16] {
    (fixture.paths[channel]?[prefix] ?? [:]).values.sorted()
  }

  @Test func `each path identifier has a route of its own, and the best of all is chosen`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true)
    for (path, length) in [(UInt32(0), UInt16(5)), (7, 3), (9, 4)] { fixture.announce(a, name, path: path) { $0.pathLength = length } }
    fixture.pull(out)
    #expect(fixture.router[channel: a].statistics.imported == 3)
    #expect(fixture.known[out]?[prefix]?.pathLength == 3)
    fixture.announce(a, name, path: 7) { $0.pathLength = 6 }
    fixture.pull(out)
    #expect(fixture.known[out]?[prefix]?.pathLength == 4)
    fixture.withdraw(a, name, path: 8)
    #expect(fixture.router[channel: a].statistics.importWithdraws.ignored == 1)
    fixture.withdraw(a, name, path: 9)
    fixture.pull(out)
    #expect(fixture.known[out]?[prefix]?.pathLength == 5)
    fixture.withdraw(a, name)
    fixture.withdraw(a, name, path: 7)
    fixture.pull(out)
    #expect(fixture.known[out]?[prefix] == nil)
    #expect(fixture.router[table: fixture.table].routeCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `equal paths of one peer: the lowest identifier wins, whatever came first`() {
    for order in [[3, 1, 2], [1, 2, 3], [2, 3, 1]] as [[UInt32]] {
      var fixture = RouterFixture()
      let a = fixture.channel("a")
      for path in order {
        fixture.announce(a, name, path: path, hop: NextHop(gateway: IPAddress(high: UInt64(0xfe80) << 48, low: 1), interface: path))
      }
      let net = fixture.router[table: fixture.table].find(prefix)!
      let best = fixture.router[table: fixture.table].best(net)!
      #expect(fixture.router[table: fixture.table].path(of: best) == 1)
      #expect(fixture.router[table: fixture.table][net: net].decidedBy == .pathIdentifier)
    }
  }

  @Test func `paths of one peer share the traffic`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let kernel = fixture.channel("kernel", exports: true, mode: .merged(limit: 16))
    for path in [4, 5, 6] as [UInt32] {
      fixture.announce(a, name, path: path, hop: NextHop(gateway: IPAddress(high: UInt64(0xfe80) << 48, low: 1), interface: path))
    }
    fixture.pull(kernel)
    #expect(fixture.interfaces[prefix] == [4, 5, 6])
    fixture.withdraw(a, name, path: 5)
    fixture.pull(kernel)
    #expect(fixture.interfaces[prefix] == [4, 6])
  }

  @Test func `a channel that exports every path hears of each, once for each change, and of the end of each`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    let out = fixture.channel("out", exports: true, mode: .everyPath)
    fixture.announce(a, name, path: 1) { $0.pathLength = 1 }
    fixture.announce(a, name, path: 2) { $0.pathLength = 2 }
    fixture.announce(b, name) { $0.pathLength = 3 }
    fixture.pull(out)
    #expect(lengths(fixture, out) == [1, 2, 3] && fixture.told.count == 3)
    #expect(fixture.router[channel: out].statistics.exported == 3)
    // The others are not told again.
    fixture.announce(a, name, path: 2) { $0.pathLength = 9 }
    fixture.pull(out)
    #expect(lengths(fixture, out) == [1, 3, 9] && fixture.told.count == 4)
    fixture.withdraw(a, name, path: 1)
    fixture.pull(out)
    #expect(lengths(fixture, out) == [3, 9] && fixture.told.last == "-\(name)" && fixture.told.count == 5)
    // Away and back before anybody looked: the route may have another number, which changes nothing for the peer.
    fixture.withdraw(b, name)
    fixture.announce(b, name) { $0.pathLength = 3 }
    fixture.pull(out)
    #expect(lengths(fixture, out) == [3, 9])
    fixture.router.close(a, at: 0)
    fixture.router.close(b, at: 0)
    fixture.router.finishFlushes()
    fixture.pull(out)
    #expect(lengths(fixture, out).isEmpty)
    #expect(fixture.router[channel: out].statistics.exported == 0)
    #expect(fixture.router[table: fixture.table].netCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `numbers of routes that other networks take over do no harm`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true, mode: .everyPath)
    fixture.announce(a, name, path: 1) { $0.pathLength = 1 }
    fixture.announce(a, name, path: 2) { $0.pathLength = 2 }
    fixture.pull(out)
    fixture.withdraw(a, name, path: 1)
    fixture.announce(a, "2001:db9::/32", path: 1) { $0.pathLength = 7 }
    fixture.pull(out)
    #expect(lengths(fixture, out) == [2])
    #expect(fixture.paths[out]?[Prefix("2001:db9::/32")!]?.values.sorted() == [7])
  }

  @Test func `an own route does not go back, and what the filter comes to reject is withdrawn`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true, mode: .everyPath)
    fixture.announce(a, name, path: 1) { $0.pathLength = 1 }
    fixture.announce(out, name, path: 1) { $0.pathLength = 2 }
    fixture.pull(out)
    #expect(lengths(fixture, out) == [1])
    fixture.router[channel: out].configuration.exportPolicy = .none
    fixture.router.reexport(out, .everyPath)
    fixture.pull(out)
    #expect(lengths(fixture, out).isEmpty)
  }

  @Test func `a refresh sweeps the paths that were not named again, with and without an import table`() {
    for keeps in [false, true] {
      var fixture = RouterFixture()
      let a = fixture.channel("a") { $0.importTable = keeps }
      for path in 1...3 as ClosedRange<UInt32> { fixture.announce(a, name, path: path) }
      fixture.router.beginRefresh(a)
      fixture.announce(a, name, path: 2)
      fixture.router.endRefresh(a, at: 0)
      fixture.router.finishFlushes()
      let net = fixture.router[table: fixture.table].find(prefix)!
      let left = fixture.router[table: fixture.table].best(net)!
      #expect(fixture.router[table: fixture.table].routeCount == 1)
      #expect(fixture.router[table: fixture.table].path(of: left) == 2)
    }
  }

  @Test func `an import table brings back every path`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") {
      $0.importTable = true
      $0.importPolicy = .none
    }
    for path in 1...3 as ClosedRange<UInt32> { fixture.announce(a, name, path: path) }
    #expect(fixture.router[table: fixture.table].routeCount == 0)
    fixture.router[channel: a].configuration.importPolicy = .all
    fixture.router.reimport(a, at: 0)
    #expect(fixture.router[table: fixture.table].routeCount == 3)
    fixture.withdraw(a, name, path: 2)
    #expect(fixture.router[table: fixture.table].routeCount == 2)
    fixture.router.close(a, at: 0)
    fixture.router.finishFlushes()
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `stale routes of a peer are depreferenced path by path`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    for path in 1...3 as ClosedRange<UInt32> { fixture.announce(a, name, path: path) { $0.pathLength = UInt16(path) } }
    fixture.router.depreference(a, at: 0)
    let net = fixture.router[table: fixture.table].find(prefix)!
    var rest = fixture.router[table: fixture.table].routes(of: net)
    var stale = 0
    while let (_, entry) = fixture.router[table: fixture.table].next(&rest) {
      if fixture.router.attributes.header(entry.attributes).flags.contains(.stale) { stale += 1 }
    }
    #expect(stale == 3)
  }

  @Test func `a pipe carries every path`() {
    var fixture = RouterFixture()
    let other = fixture.router.addTable("other", .ipv6)
    let near = fixture.channel("pipe", exports: true, mode: .any)
    var configuration = ChannelConfiguration(family: .ipv6, table: "other", preference: 70)
    configuration.exportPolicy = .none
    let far = fixture.router.addChannel(configuration, protocolName: "pipe", table: other)
    for end in [near, far] {
      fixture.router[channel: end].isPipe = true
      fixture.router[channel: end].keepsPreference = true
    }
    fixture.router.open(far, exporting: .off)
    let a = fixture.channel("a")
    for path in 1...3 as ClosedRange<UInt32> { fixture.announce(a, name, path: path) }
    func carry() { _ = fixture.router.pullPipe(from: near, to: far, limit: 100, gate: OpenGate(), at: 0) }
    carry()
    #expect(fixture.router[table: other].routeCount == 3)
    fixture.withdraw(a, name, path: 3)
    carry()
    #expect(fixture.router[table: other].routeCount == 2)
    fixture.router.close(a, at: 0)
    fixture.router.finishFlushes()
    carry()
    #expect(fixture.router[table: other].routeCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `a peer has so many paths to one network and no more`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let limit = UInt32(Router.pathLimit)
    for path in 1...limit + 2 { fixture.announce(a, name, path: path) }
    #expect(fixture.router[table: fixture.table].routeCount == Router.pathLimit)
    #expect(fixture.router.surplusPaths.count == 2 && fixture.router.surplusPaths.last?.prefix == prefix)
    #expect(fixture.router[channel: a].statistics.importUpdates.rejected == 2)
    fixture.withdraw(a, name, path: 5)
    fixture.announce(a, name, path: limit + 1)
    #expect(fixture.router[table: fixture.table].routeCount == Router.pathLimit)
  }

  @Test func `an export limit counts paths`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true, mode: .everyPath) { $0.exportLimit = RouteLimit(count: 2, action: .block) }
    for path in 1...3 as ClosedRange<UInt32> { fixture.announce(a, name, path: path) { $0.pathLength = UInt16(path) } }
    fixture.pull(out)
    #expect(lengths(fixture, out) == [1, 2])
  }

  @Test func `peers know at last what the table has, whatever happened`() {
    var generator = SeededGenerator(seed: 11)
    var fixture = RouterFixture()
    let sources = ["a", "b", "c"].map { fixture.channel($0) }
    let out = fixture.channel("out", exports: true, mode: .everyPath)
    let names = (0..<6).map { "2001:db8:\($0)::/48" }
    var expected: [String: [String: UInt16]] = [:]
    for _ in 0..<4000 {
      let name = names[Int(generator.next() % 6)]
      let source = Int(generator.next() % 3)
      let path = UInt32(generator.next() % 4)
      let key = "\(source) \(path)"
      if generator.next() % 3 == 0 {
        fixture.withdraw(sources[source], name, path: path)
        expected[name]?[key] = nil
      } else {
        let length = UInt16(generator.next() % 50)
        fixture.announce(sources[source], name, path: path) { $0.pathLength = length }
        expected[name, default: [:]][key] = length
      }
      if generator.next() % 5 == 0 { fixture.pull(out, limit: 1 + Int(generator.next() % 3)) }
      if generator.next() % 400 == 0 { fixture.router.refeed(out, resend: generator.next() % 2 == 0) }
    }
    fixture.pull(out)
    for name in names {
      let told = (fixture.paths[out]?[Prefix(name)!] ?? [:]).values.sorted()
      #expect(told == (expected[name] ?? [:]).values.sorted())
    }
  }
}
