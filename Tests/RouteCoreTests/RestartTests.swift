import Testing

@testable import RouteCore

@Suite struct RestartTests {
  /// The networks of the common table, in order, with `s` for those that are stale.
  private func networks(_ fixture: borrowing RouterFixture) -> [String] {
    let table = fixture.table
    return fixture.router[table: table].prefixes().sorted().map { prefix in
      guard let net = fixture.router.network(prefix, in: table) else { return "?" }
      let route = fixture.router[table: table].routes[fixture.router.firstRoute(net, in: table)]
      let isStale = fixture.router.attributes.header(route.attributes).flags.contains(.stale)
      return "\(prefix)\(isStale ? " s" : "")"
    }
  }

  private func announce(_ fixture: inout RouterFixture, _ channel: ChannelID, _ prefix: String, communities: [UInt8]) {
    var attributes = RouteAttributes(AttributeHeader(source: .bgp, preference: 0))
    attributes.header.nextHops = fixture.router.nextHops.intern([NextHop(gateway: IPAddress(high: 1, low: 1), interface: 1)])
    let own = attributes.header.nextHops
    if !communities.isEmpty { attributes.set(.communities, flags: 0xc0, communities) }
    fixture.router.announce(channel, Prefix(prefix) ?? Prefix(.unspecified, 0), attributes, at: 0)
    fixture.router.nextHops.release(own)
  }

  @Test func `a suspended channel keeps its routes, exports nothing, and is fed anew when it goes on`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a", exports: true)
    let b = fixture.channel("b", exports: true)
    fixture.announce(a, "2001:db8:1::/48")
    fixture.announce(b, "2001:db8:2::/48")
    fixture.pull(a)
    fixture.pull(b)
    #expect(fixture.told == ["+2001:db8:2::/48", "+2001:db8:1::/48"])
    fixture.told = []
    fixture.router.suspend(a)
    fixture.announce(b, "2001:db8:3::/48")
    fixture.pull(a)
    fixture.pull(b)
    #expect(fixture.told == [])
    do {
      let found = networks(fixture)
      #expect(found == ["2001:db8:1::/48", "2001:db8:2::/48", "2001:db8:3::/48"])
    }
    // Its filter changes meanwhile: still nothing.
    fixture.router.reexport(a, .best)
    fixture.pull(a)
    #expect(fixture.told == [])
    fixture.router.releaseExport(a, exporting: .best)
    fixture.pull(a)
    #expect(fixture.told == ["+2001:db8:2::/48", "+2001:db8:3::/48"])
    // Announced again is 4 only; 1 goes.
    fixture.announce(a, "2001:db8:4::/48")
    fixture.router.endRefresh(a, at: 1)
    fixture.router.finishFlushes()
    do {
      let found = networks(fixture)
      #expect(found == ["2001:db8:2::/48", "2001:db8:3::/48", "2001:db8:4::/48"])
    }
  }

  @Test func `what is held back before a channel opens waits too`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    fixture.announce(a, "2001:db8:1::/48")
    let out = fixture.channel("out", exports: true)
    fixture.router.close(out, at: 0)
    fixture.router.finishFlushes()
    fixture.router.holdExport(out)
    fixture.router.open(out, exporting: .best)
    fixture.pull(out)
    #expect(fixture.told == [])
    fixture.router.releaseExport(out, exporting: .best)
    fixture.pull(out)
    #expect(fixture.told == ["+2001:db8:1::/48"])
    // Closing forgets the hold.
    fixture.router.holdExport(out)
    fixture.router.close(out, at: 0)
    fixture.router.finishFlushes()
    fixture.router.open(out, exporting: .best)
    fixture.pull(out)
    #expect(fixture.told.count == 2)
  }

  @Test func `stale routes lose against all others, are told so, and those with NO_LLGR go`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    let out = fixture.channel("out", exports: true)
    fixture.announce(a, "2001:db8:1::/48") { $0.pathLength = 1 }
    fixture.announce(b, "2001:db8:1::/48") { $0.pathLength = 9 }
    fixture.announce(a, "2001:db8:2::/48")
    announce(&fixture, a, "2001:db8:3::/48", communities: [0xff, 0xff, 0, 7])
    announce(&fixture, a, "2001:db8:4::/48", communities: [0, 1, 0, 2])
    fixture.pull(out)
    #expect(fixture.known[out]?[Prefix("2001:db8:1::/48")!]?.pathLength == 1)
    fixture.told = []
    fixture.router.suspend(a)
    fixture.router.depreference(a, at: 5)
    fixture.pull(out)
    #expect(fixture.told.sorted() == ["+2001:db8:1::/48", "+2001:db8:2::/48", "+2001:db8:4::/48", "-2001:db8:3::/48"])
    #expect(fixture.known[out]?[Prefix("2001:db8:1::/48")!]?.pathLength == 9)
    do {
      let found = networks(fixture)
      #expect(found == ["2001:db8:1::/48", "2001:db8:2::/48 s", "2001:db8:4::/48 s"])
    }
    do {
      let net = fixture.router.network(Prefix("2001:db8:4::/48")!, in: fixture.table)!
      let route = fixture.router[table: fixture.table].routes[fixture.router.firstRoute(net, in: fixture.table)]
      var attributes = RouteAttributes(AttributeHeader(source: .none, preference: 0))
      fixture.router.attributes.load(route.attributes, into: &attributes)
      #expect(attributes.value(.communities) == [0, 1, 0, 2, 0xff, 0xff, 0, 6])
    }
    // A second time changes nothing; announced again they are as good as before.
    fixture.told = []
    fixture.router.depreference(a, at: 6)
    fixture.pull(out)
    #expect(fixture.told == [])
    fixture.announce(a, "2001:db8:1::/48") { $0.pathLength = 1 }
    fixture.router.endRefresh(a, at: 7)
    fixture.router.finishFlushes()
    fixture.pull(out)
    do {
      let found = networks(fixture)
      #expect(found == ["2001:db8:1::/48"])
    }
    #expect(fixture.known[out]?[Prefix("2001:db8:1::/48")!]?.pathLength == 1)
    fixture.router.close(a, at: 8)
    fixture.router.close(b, at: 8)
    fixture.router.finishFlushes()
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `with an import table the routes go through the filter again when they are announced again`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = true }
    for index in 1...3 { fixture.announce(a, "2001:db8:\(index)::/48") }
    fixture.router.suspend(a)
    fixture.router.depreference(a, at: 1)
    fixture.announce(a, "2001:db8:2::/48")
    do {
      let found = networks(fixture)
      #expect(found == ["2001:db8:1::/48 s", "2001:db8:2::/48", "2001:db8:3::/48 s"])
    }
    fixture.router.endRefresh(a, at: 2)
    fixture.router.finishFlushes()
    do {
      let found = networks(fixture)
      #expect(found == ["2001:db8:2::/48"])
    }
  }

  @Test func `a route that comes with LLGR_STALE is stale, whoever made it so`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    announce(&fixture, a, "2001:db8:1::/48", communities: [0, 1, 0, 1, 0xff, 0xff, 0, 6])
    announce(&fixture, a, "2001:db8:2::/48", communities: [0xff, 0xff, 0, 7])
    let found = networks(fixture)
    #expect(found == ["2001:db8:1::/48 s", "2001:db8:2::/48"])
  }
}
