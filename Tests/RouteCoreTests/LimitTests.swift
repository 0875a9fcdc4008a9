import Testing

@testable import RouteCore

/// Announces networks number `range` on a channel.
private func announce(_ fixture: inout RouterFixture, _ channel: ChannelID, _ range: ClosedRange<Int>) {
  for index in range { fixture.announce(channel, "2001:db8:\(index)::/48") }
}

@Suite struct LimitTests {
  @Test func `a limit that blocks lets nothing in until all routes come again`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importLimit = RouteLimit(count: 2, action: .block) }
    announce(&fixture, a, 1...3)
    #expect(fixture.router[table: fixture.table].routeCount == 2)
    #expect(fixture.router.limitEvents.count == 1)
    fixture.withdraw(a, "2001:db8:1::/48")
    announce(&fixture, a, 4...4)
    #expect(fixture.router[channel: a].statistics.imported == 1)
    #expect(fixture.router.limitEvents.count == 1)
    fixture.router.resetImportLimits(a)
    announce(&fixture, a, 4...5)
    #expect(fixture.router[channel: a].statistics.imported == 2)
    #expect(fixture.router.limitEvents.count == 2)
  }

  @Test func `what is there already may change, whatever the limit`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importLimit = RouteLimit(count: 1, action: .block) }
    announce(&fixture, a, 1...2)
    fixture.announce(a, "2001:db8:1::/48") { $0.pathLength = 9 }
    #expect(fixture.router[channel: a].statistics.importUpdates.accepted == 2)
    #expect(fixture.router[channel: a].statistics.importUpdates.ignored == 1)
  }

  @Test func `a limit that only warns tells each time it is crossed`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") { $0.importLimit = RouteLimit(count: 2, action: .warn) }
    announce(&fixture, a, 1...4)
    #expect(fixture.router[channel: a].statistics.imported == 4)
    #expect(fixture.router.limitEvents.count == 1)
    for index in 2...4 { fixture.withdraw(a, "2001:db8:\(index)::/48") }
    announce(&fixture, a, 2...4)
    #expect(fixture.router.limitEvents.count == 2)
    #expect(fixture.router[channel: a].limitsHit.import)
  }

  @Test func `what an import limit keeps out is kept as filtered if filtered routes are kept`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a") {
      $0.importLimit = RouteLimit(count: 1, action: .block)
      $0.keepFiltered = true
    }
    announce(&fixture, a, 1...3)
    #expect(fixture.router[channel: a].statistics.imported == 1)
    #expect(fixture.router[channel: a].statistics.filtered == 2)
    #expect(fixture.router[table: fixture.table].best(fixture.router[table: fixture.table].find(Prefix("2001:db8:2::/48")!)!) == nil)
  }

  @Test func `a receive limit counts filtered routes that are kept, and only those`() {
    var fixture = RouterFixture()
    let kept = fixture.channel("kept") {
      $0.importPolicy = .none
      $0.keepFiltered = true
      $0.receiveLimit = RouteLimit(count: 2, action: .block)
    }
    announce(&fixture, kept, 1...4)
    #expect(fixture.router[channel: kept].statistics.filtered == 2)
    #expect(fixture.router.limitEvents.map(\.direction) == [.receive])
    let dropped = fixture.channel("dropped") {
      $0.importPolicy = .none
      $0.receiveLimit = RouteLimit(count: 2, action: .block)
    }
    announce(&fixture, dropped, 1...4)
    #expect(fixture.router.limitEvents.count == 1)
  }

  @Test func `an export limit is lifted by a feed that stays within it`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true) { $0.exportLimit = RouteLimit(count: 2, action: .block) }
    announce(&fixture, a, 1...3)
    fixture.pull(out)
    #expect(fixture.router[channel: out].statistics.exported == 2)
    fixture.withdraw(a, "2001:db8:1::/48")
    fixture.pull(out)
    #expect(fixture.router[channel: out].statistics.exported == 1)
    #expect(fixture.router[channel: out].limitsHit.export)
    fixture.router.refeed(out)
    fixture.pull(out)
    #expect(fixture.router[channel: out].statistics.exported == 2)
    #expect(!fixture.router[channel: out].limitsHit.export)
    #expect(fixture.known[out]?.count == 2)
  }

  @Test func `a feed in slices counts what all of them let through`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let out = fixture.channel("out", exports: true) { $0.exportLimit = RouteLimit(count: 2, action: .block) }
    announce(&fixture, a, 1...4)
    fixture.pull(out)
    fixture.router.refeed(out)
    fixture.pull(out, limit: 1)
    #expect(fixture.router[channel: out].statistics.exported == 2)
    #expect(fixture.router[channel: out].limitsHit.export)
  }

  @Test func `a new limit that is exceeded already acts at once`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    announce(&fixture, a, 1...3)
    fixture.router[channel: a].configuration.importLimit = RouteLimit(count: 3, action: .restart)
    fixture.router.applyLimits(a)
    #expect(fixture.router.limitEvents.isEmpty)
    fixture.router[channel: a].configuration.importLimit = RouteLimit(count: 2, action: .restart)
    fixture.router.applyLimits(a)
    #expect(fixture.router.limitEvents.map(\.limit.action) == [.restart])
  }
}
