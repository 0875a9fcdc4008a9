import Testing

@testable import RouteCore

private func name(_ index: Int) -> String { "2001:db8:\(String(index, radix: 16))::/48" }

extension RouterFixture {
  /// The networks of the common table, in order.
  func networks() -> [String] { router[table: table].prefixes().sorted().map(\.description) }

  /// Removes what has to go. In how many slices.
  mutating func flush(budget: Int) -> Int {
    var slices = 1
    while router.flushSome(budget: budget) { slices += 1 }
    return slices
  }
}

@Suite struct FlushTests {
  @Test func `a closed channel counts nothing at once, and its routes go slice by slice`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true)
    for index in 1...100 { fixture.announce(a, name(index)) }
    fixture.pull(out)
    fixture.router.close(a, at: 1)
    #expect(fixture.router[channel: a].state == .down)
    #expect(fixture.router[channel: a].statistics.imported == 0)
    #expect(fixture.router[channel: a].statistics.preferred == 0)
    let isFlushing = fixture.router.isFlushing(a)
    #expect(isFlushing)
    // All are there still, and nobody has heard anything.
    #expect(fixture.router[table: fixture.table].routeCount == 100)
    fixture.told = []
    fixture.pullOnly(out)
    #expect(fixture.told.isEmpty)
    let more = fixture.router.flushSome(budget: 1000)
    let left = fixture.router[table: fixture.table].routeCount
    #expect(more && left > 50 && left < 100)
    fixture.pullOnly(out)
    #expect(fixture.told.count == 100 - left)
    let slices = fixture.flush(budget: 1000)
    #expect(slices > 2)
    let isFlushingStill = fixture.router.isFlushing(a)
    #expect(!isFlushingStill)
    fixture.pullOnly(out)
    #expect(fixture.known[out] == [:])
    #expect(fixture.router[channel: a].statistics.imported == 0)
    #expect(fixture.router[table: fixture.table].netCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `what a new session announces before the walk has come is new, and stays`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    for index in 1...4 { fixture.announce(a, name(index)) { $0.pathLength = 1 } }
    fixture.announce(b, name(1)) { $0.pathLength = 2 }
    fixture.announce(b, name(3)) { $0.pathLength = 2 }
    #expect(fixture.router[channel: b].statistics.preferred == 0)
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    // With the same attributes, with better ones, and with worse ones than the other channel's.
    fixture.announce(a, name(1)) { $0.pathLength = 1 }
    fixture.announce(a, name(3)) { $0.pathLength = 3 }
    fixture.announce(a, name(4)) { $0.pathLength = 5 }
    #expect(fixture.router[channel: a].statistics.imported == 3)
    #expect(fixture.router[channel: a].statistics.preferred == 2)
    #expect(fixture.router[channel: a].statistics.importUpdates.accepted == 3)
    #expect(fixture.router[channel: b].statistics.preferred == 1)
    #expect(fixture.networks().count == 4)
    _ = fixture.flush(budget: 8)
    let left = fixture.networks()
    #expect(left == [name(1), name(3), name(4)])
    #expect(fixture.router[channel: a].statistics.imported == 3)
    #expect(fixture.router[channel: a].statistics.preferred == 2)
    #expect(fixture.router[table: fixture.table].routeCount == 5)
  }

  @Test func `a route of the session before may become the best, and counts for nobody`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    fixture.announce(a, name(1)) { $0.pathLength = 2 }
    fixture.announce(b, name(1)) { $0.pathLength = 1 }
    fixture.router.close(a, at: 1)
    fixture.withdraw(b, name(1))
    #expect(fixture.networks() == [name(1)])
    #expect(fixture.router[channel: a].statistics.preferred == 0)
    fixture.announce(b, name(1)) { $0.pathLength = 1 }
    _ = fixture.flush(budget: 8)
    #expect(fixture.router[channel: a].statistics.preferred == 0)
    #expect(fixture.router[channel: b].statistics.preferred == 1)
  }

  @Test func `the withdrawal of a route of the session before is one of nothing, and takes it out`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    fixture.announce(a, name(1))
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    fixture.withdraw(a, name(1))
    #expect(fixture.router[channel: a].statistics.importWithdraws.ignored == 1)
    #expect(fixture.router[channel: a].statistics.imported == 0)
    #expect(fixture.networks() == [])
  }

  @Test func `limits count the routes of the session alone`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") {
      $0.importLimit = RouteLimit(count: 3, action: .block)
      $0.receiveLimit = RouteLimit(count: 3, action: .block)
    }
    for index in 1...3 { fixture.announce(a, name(index)) }
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    for index in 2...4 { fixture.announce(a, name(index)) }
    #expect(fixture.router.limitEvents.isEmpty)
    fixture.announce(a, name(1))
    #expect(fixture.router.limitEvents.count == 1)
    _ = fixture.flush(budget: 8)
    let left = fixture.networks()
    #expect(left == [name(2), name(3), name(4)])
    #expect(fixture.router[channel: a].statistics.imported == 3)
  }

  @Test func `what a limit keeps out takes the route of the session before with it`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importLimit = RouteLimit(count: 1, action: .block) }
    let out = fixture.channel("out", exports: true)
    fixture.announce(a, name(1))
    fixture.pull(out)
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    fixture.announce(a, name(2))
    fixture.announce(a, name(1))
    fixture.pullOnly(out)
    #expect(fixture.told.sorted() == ["+\(name(1))", "+\(name(2))", "-\(name(1))"])
    #expect(fixture.networks() == [name(2)])
  }

  @Test func `filtered routes that are kept leave with the others`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") {
      $0.importPolicy = .none
      $0.keepFiltered = true
    }
    fixture.announce(a, name(1))
    fixture.announce(a, name(2))
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    fixture.announce(a, name(2))
    #expect(fixture.router[channel: a].statistics.filtered == 1)
    _ = fixture.flush(budget: 8)
    #expect(fixture.networks() == [name(2)])
    #expect(fixture.router[channel: a].statistics.filtered == 1)
  }

  @Test func `a peer that comes and goes faster than the walk leaves what its last session announced`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    for index in 1...50 { fixture.announce(a, name(index)) }
    for session in 1...100 {
      fixture.router.close(a, at: 1)
      fixture.router.open(a, exporting: .off)
      fixture.announce(a, name(session))
      fixture.announce(a, name(session + 1))
      _ = fixture.router.flushSome(budget: 5)
      #expect(fixture.router[channel: a].statistics.imported == 2)
    }
    _ = fixture.flush(budget: 5)
    #expect(fixture.networks() == [name(100), name(101)].sorted())
    #expect(fixture.router[channel: a].statistics.imported == 2)
    #expect(fixture.router[channel: a].statistics.preferred == 2)
  }

  @Test func `networks that come while the walk goes on hide none from it`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    for index in 1...20 { fixture.announce(a, name(index)) }
    fixture.router.close(a, at: 1)
    _ = fixture.router.flushSome(budget: 100)
    // The second walker joins in the middle, at a table that has become larger.
    for index in 100...200 { fixture.announce(b, name(index)) }
    for index in 1...20 { fixture.announce(b, name(index)) }
    fixture.router.close(b, at: 1)
    _ = fixture.flush(budget: 3)
    #expect(fixture.networks() == [])
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `a path identifier of the session before takes no room`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    for path in 1...UInt32(Router.pathLimit) { fixture.announce(a, name(1), path: path) }
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    for path in 1001...1000 + UInt32(Router.pathLimit) { fixture.announce(a, name(1), path: path) }
    #expect(fixture.router.surplusPaths.count == 0)
    #expect(fixture.router[channel: a].statistics.imported == UInt32(Router.pathLimit))
    _ = fixture.flush(budget: 3)
    #expect(fixture.router[table: fixture.table].routeCount == Router.pathLimit)
    fixture.announce(a, name(1), path: 1)
    #expect(fixture.router.surplusPaths.count == 1)
  }

  // MARK: Refreshes

  @Test(arguments: [false, true]) func `refreshes that begin and do not end confirm nothing`(keeps: Bool) {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = keeps }
    for index in 1...5 { fixture.announce(a, name(index)) }
    for round in 1...50 {
      fixture.router.beginRefresh(a)
      if round < 50 { fixture.announce(a, name(1 + round % 4)) }
    }
    fixture.announce(a, name(2))
    #expect(fixture.router[channel: a].statistics.imported == 5)
    fixture.router.endRefresh(a, at: 1)
    // Until they are gone they count.
    #expect(fixture.router[channel: a].statistics.imported == 5)
    _ = fixture.flush(budget: 3)
    #expect(fixture.networks() == [name(2)])
    #expect(fixture.router[channel: a].statistics.imported == 1)
    #expect(fixture.router[channel: a].statistics.preferred == 1)
  }

  @Test(arguments: [false, true]) func `what is announced after a refresh and before the walk stays`(keeps: Bool) {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = keeps }
    for index in 1...5 { fixture.announce(a, name(index)) }
    fixture.router.beginRefresh(a)
    fixture.announce(a, name(1))
    fixture.router.endRefresh(a, at: 1)
    fixture.announce(a, name(4))
    // Another refresh begins before the walk has done anything for the first.
    fixture.router.beginRefresh(a)
    fixture.announce(a, name(5))
    _ = fixture.flush(budget: 3)
    #expect(fixture.networks() == [name(1), name(4), name(5)])
    fixture.router.endRefresh(a, at: 1)
    _ = fixture.flush(budget: 3)
    #expect(fixture.networks() == [name(5)])
    #expect(fixture.router[channel: a].statistics.imported == 1)
  }

  @Test func `a refresh without a beginning removes nothing, and costs no walk`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    fixture.announce(a, name(1))
    fixture.router.endRefresh(a, at: 1)
    let isFlushing = fixture.router.isFlushing(a)
    #expect(!isFlushing)
    #expect(fixture.networks() == [name(1)])
  }

  // MARK: Numbers

  @Test func `a removed channel's number is not given again before its routes are gone`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    fixture.announce(a, name(1))
    fixture.router.close(a, at: 1)
    fixture.router.removeChannel(a)
    let b = fixture.channel("b")
    #expect(b != a)
    fixture.announce(b, name(1))
    #expect(fixture.router[table: fixture.table].routeCount == 2)
    let owner = fixture.router.protocolName(of: a)
    #expect(owner == "a")
    fixture.router.finishFlush(a)
    #expect(fixture.router[table: fixture.table].routeCount == 1)
    let c = fixture.channel("c")
    #expect(c == a)
  }

  @Test func `a table that is removed is emptied at once`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a", exports: true)
    let b = fixture.channel("b")
    for index in 1...20 { fixture.announce(b, name(index)) }
    fixture.router.close(a, at: 1)
    fixture.router.close(b, at: 1)
    fixture.router.removeChannel(a)
    fixture.router.removeChannel(b)
    let isRemoved = fixture.router.removeTable(fixture.table)
    #expect(isRemoved)
    #expect(fixture.router.attributes.count == 0)
    let isLeft = fixture.router.flushSome(budget: 1000)
    #expect(!isLeft)
    let again = fixture.router.addTable("again", .ipv6)
    #expect(again == fixture.table)
  }

  // MARK: What a channel keeps for itself

  @Test func `networks that a closed channel would have looked at are let go of`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true)
    fixture.pull(out)
    for index in 1...50 { fixture.announce(a, name(index)) }
    for index in 1...50 { fixture.withdraw(a, name(index)) }
    #expect(fixture.router[table: fixture.table].netCount == 50)
    fixture.router.close(out, at: 1)
    fixture.router.open(out, exporting: .best)
    fixture.announce(a, name(7))
    #expect(fixture.router[table: fixture.table].netCount == 50)
    let slices = fixture.flush(budget: 20)
    #expect(slices > 5)
    #expect(fixture.networks() == [name(7)])
    fixture.pullOnly(out)
    #expect(fixture.known[out]?.count == 1)
  }

  @Test func `the import and export tables of a closed channel go in slices, and it has new ones meanwhile`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importTable = true }
    let out = fixture.channel("out", exports: true) { $0.exportTable = true }
    for index in 1...30 { fixture.announce(a, name(index)) }
    fixture.pull(out)
    let before = fixture.router[channel: a].importTable
    fixture.router.close(a, at: 1)
    fixture.router.close(out, at: 1)
    fixture.router.open(a, exporting: .off)
    fixture.router.open(out, exporting: .best)
    #expect(fixture.router[channel: a].importTable != before)
    _ = fixture.router.flushSome(budget: 40)
    fixture.announce(a, name(3))
    fixture.told = []
    let slices = fixture.flush(budget: 40)
    #expect(slices > 5)
    fixture.pullOnly(out)
    #expect(fixture.told == ["+\(name(3))"])
    fixture.router.close(a, at: 1)
    fixture.router.close(out, at: 1)
    _ = fixture.flush(budget: 40)
    #expect(fixture.router.attributes.count == 0)
    let tables = fixture.router.tableCount
    fixture.router.open(a, exporting: .off)
    fixture.router.open(out, exporting: .best)
    #expect(fixture.router.tableCount == tables)
  }
}
