import Testing

@testable import RouteCore

@Suite struct AdjacentTableTests {
  /// The networks of a table, in order.
  private func networks(_ router: borrowing Router, _ table: TableID?) -> [String] {
    guard let table else { return [] }
    return router[table: table].prefixes().sorted().map { "\($0)" }
  }

  @Test func `an import table keeps what the filter rejects, and what changes is filtered anew without the peer`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") {
      $0.importTable = true
      $0.importPolicy = .none
    }
    fixture.announce(a, "2001:db8:1::/48")
    fixture.announce(a, "2001:db8:2::/48")
    let table = fixture.router[channel: a].importTable
    do {
      let found = networks(fixture.router, table)
      #expect(found == ["2001:db8:1::/48", "2001:db8:2::/48"])
    }
    #expect(fixture.router[table: fixture.table].routeCount == 0)
    fixture.router[channel: a].configuration.importPolicy = .all
    fixture.router[channel: a].configuration.preference = 77
    fixture.router.reimport(a, at: 5)
    do {
      let found = networks(fixture.router, fixture.table)
      #expect(found == ["2001:db8:1::/48", "2001:db8:2::/48"])
    }
    let net = fixture.router.network(Prefix("2001:db8:1::/48")!, in: fixture.table)!
    let route = fixture.router[table: fixture.table].routes[fixture.router.firstRoute(net, in: fixture.table)]
    #expect(fixture.router.attributes.header(route.attributes).preference == 77)
    fixture.router[channel: a].configuration.importPolicy = .none
    fixture.router.reimport(a, at: 6)
    #expect(fixture.router[table: fixture.table].routeCount == 0)
    fixture.withdraw(a, "2001:db8:1::/48")
    do {
      let found = networks(fixture.router, table)
      #expect(found == ["2001:db8:2::/48"])
    }
    fixture.router.close(a, at: 7)
    fixture.router.finishFlushes()
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `what is received again as it is goes no further`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = true }
    fixture.announce(a, "2001:db8:1::/48")
    fixture.announce(a, "2001:db8:1::/48")
    #expect(fixture.router[channel: a].statistics.importUpdates.ignored == 1)
    fixture.withdraw(a, "2001:db8:2::/48")
    #expect(fixture.router[channel: a].statistics.importWithdraws.ignored == 1)
  }

  @Test func `a refresh sweeps both tables`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = true }
    for index in 1...3 { fixture.announce(a, "2001:db8:\(index)::/48") }
    fixture.router.beginRefresh(a)
    fixture.announce(a, "2001:db8:2::/48")
    fixture.router.endRefresh(a, at: 1)
    fixture.router.finishFlushes()
    do {
      let found = networks(fixture.router, fixture.router[channel: a].importTable)
      #expect(found == ["2001:db8:2::/48"])
    }
    do {
      let found = networks(fixture.router, fixture.table)
      #expect(found == ["2001:db8:2::/48"])
    }
  }

  @Test func `with an import table the receive limit counts what was received, filtered or not`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") {
      $0.importTable = true
      $0.importPolicy = .none
      $0.receiveLimit = RouteLimit(count: 2, action: .block)
    }
    for index in 1...4 { fixture.announce(a, "2001:db8:\(index)::/48") }
    let count = networks(fixture.router, fixture.router[channel: a].importTable).count
    #expect(count == 2)
    #expect(fixture.router.limitEvents.map(\.direction) == [.receive])
  }

  @Test func `an export table holds what is announced, and what is known is not told again unless it is asked for`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true) { $0.exportTable = true }
    fixture.announce(a, "2001:db8:1::/48")
    fixture.pull(out)
    do {
      let found = networks(fixture.router, fixture.router[channel: out].exportTable)
      #expect(found == ["2001:db8:1::/48"])
    }
    fixture.router.refeed(out)
    fixture.pull(out)
    #expect(fixture.told == ["+2001:db8:1::/48"])
    fixture.router.refeed(out, resend: true)
    fixture.pull(out)
    #expect(fixture.told.count == 2)
    fixture.announce(a, "2001:db8:1::/48") { $0.pathLength = 4 }
    fixture.pull(out)
    #expect(fixture.told.count == 3)
    fixture.withdraw(a, "2001:db8:1::/48")
    fixture.pull(out)
    do {
      let found = networks(fixture.router, fixture.router[channel: out].exportTable)
      #expect(found == [])
    }
    fixture.router.close(out, at: 1)
    fixture.router.close(a, at: 1)
    fixture.router.finishFlushes()
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `the tables of a closed channel serve the next one`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = true }
    fixture.announce(a, "2001:db8:1::/48")
    let count = fixture.router.tableCount
    fixture.router.close(a, at: 1)
    fixture.router.finishFlushes()
    fixture.router.open(a, exporting: .off)
    #expect(fixture.router.tableCount == count)
    do {
      let found = networks(fixture.router, fixture.router[channel: a].importTable)
      #expect(found == [])
    }
    let named = fixture.router.table(named: "import")
    #expect(named == nil)
  }
}

@Suite struct SortedTableTests {
  private func lengths(_ fixture: borrowing RouterFixture, _ prefix: String) -> [UInt16] {
    guard let prefix = Prefix(prefix), let net = fixture.router.network(prefix, in: fixture.table) else { return [] }
    var out: [UInt16] = []
    var rest = fixture.router[table: fixture.table].routes(of: net)
    while let (_, route) = fixture.router[table: fixture.table].next(&rest) {
      out.append(fixture.router.attributes.header(route.attributes).pathLength)
    }
    return out
  }

  @Test func `a sorted table holds the routes in the order in which they would be chosen`() {
    var fixture = RouterFixture()
    fixture.router[table: fixture.table].isSorted = true
    let channels = (0..<4).map { fixture.channel("c\($0)") }
    for (channel, length) in zip(channels, [3, 1, 4, 2] as [UInt16]) {
      fixture.announce(channel, "2001:db8::/32") { $0.pathLength = length }
    }
    do {
      let found = lengths(fixture, "2001:db8::/32")
      #expect(found == [1, 2, 3, 4])
    }
    fixture.announce(channels[1], "2001:db8::/32") { $0.pathLength = 5 }
    do {
      let found = lengths(fixture, "2001:db8::/32")
      #expect(found == [2, 3, 4, 5])
    }
    fixture.withdraw(channels[0], "2001:db8::/32")
    do {
      let found = lengths(fixture, "2001:db8::/32")
      #expect(found == [2, 4, 5])
    }
  }

  @Test func `with secondary the first route that is accepted is announced`() {
    var fixture = RouterFixture()
    fixture.router[table: fixture.table].isSorted = true
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    // A channel is never told its own route: with the mode of `secondary` it hears the next one instead.
    let out = fixture.channel("out", exports: true, mode: .accepted)
    fixture.announce(out, "2001:db8::/32") { $0.pathLength = 1 }
    fixture.announce(a, "2001:db8::/32") { $0.pathLength = 3 }
    fixture.announce(b, "2001:db8::/32") { $0.pathLength = 2 }
    fixture.pull(out)
    #expect(fixture.known[out]?[Prefix("2001:db8::/32")!]?.pathLength == 2)
    fixture.withdraw(b, "2001:db8::/32")
    fixture.pull(out)
    #expect(fixture.known[out]?[Prefix("2001:db8::/32")!]?.pathLength == 3)
    fixture.withdraw(a, "2001:db8::/32")
    fixture.pull(out)
    #expect(fixture.told.last == "-2001:db8::/32")
  }
}
