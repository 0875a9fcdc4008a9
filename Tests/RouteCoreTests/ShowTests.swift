import Testing

@testable import RouteCore

@Suite struct ShowTests {
  @Test(arguments: [0, 1, 2, 63, 64, 65, 5000])
  func `a queue gives all prefixes in their order, whatever order they came in`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let prefixes = (0..<count).map { _ in Prefix(IPAddress(high: generator.next(), low: 0), UInt8(generator.next() % 65), .ipv6) }
    for input in [prefixes, prefixes.sorted(), prefixes.sorted().reversed()] {
      var queue = PrefixQueue(input, seed: 1)
      var out: [Prefix] = []
      while let prefix = queue.popFirst() { out.append(prefix) }
      #expect(out == prefixes.sorted())
      #expect(queue.popFirst() == nil)
    }
  }

  @Test func `equal prefixes all come out`() {
    let prefix = Prefix(.unspecified, 0, .ipv6)
    var queue = PrefixQueue(Array(repeating: prefix, count: 300), seed: 3)
    var count = 0
    while queue.popFirst() == prefix { count += 1 }
    #expect(count == 300)
  }

  @Test func `the routes of a network are visited, the best first`() throws {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b")
    fixture.announce(a, "2001:db8::/32") { $0.pathLength = 2 }
    fixture.announce(b, "2001:db8::/32") { $0.pathLength = 1 }
    let missing = fixture.network("2001:db8:1::/48")
    let otherFamily = fixture.network("10.0.0.0/8")
    #expect(missing == nil && otherFamily == nil)
    let found = fixture.network("2001:db8::/32")
    let net = try #require(found)
    var rest = fixture.router[table: fixture.table].routes(of: net)
    let (one, other) = (fixture.router[table: fixture.table].next(&rest), fixture.router[table: fixture.table].next(&rest))
    let first = fixture.router.shownRoute(try #require(one).id, of: net, in: fixture.table)
    #expect(first.isBest && !first.isFiltered && first.channel == b)
    let second = fixture.router.shownRoute(try #require(other).id, of: net, in: fixture.table)
    #expect(!second.isBest && second.channel == a)
    #expect(fixture.router[table: fixture.table].next(&rest) == nil)
    let step = fixture.router.decidingStep(net, in: fixture.table)
    #expect(step == .pathLength)
    let host = try #require(Prefix("2001:db8:1::1/128"))
    let match = fixture.router.longestMatch(host, in: fixture.table)
    #expect(match?.description == "2001:db8::/32")
  }

  @Test func `looking at an export changes nothing and keeps no reference`() throws {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let open = fixture.channel("open", exports: true)
    let closed = fixture.channel("closed")
    fixture.announce(a, "2001:db8::/32")
    fixture.announce(open, "2001:db8:1::/48")
    let sets = fixture.router.attributes.count
    let found = (fixture.network("2001:db8::/32"), fixture.network("2001:db8:1::/48"))
    let net = try #require(found.0)
    let own = try #require(found.1)

    let beforePull = fixture.sides(net, to: open)
    #expect(beforePull == [.before, .accepted], "nothing has been pulled")
    let ofOwn = fixture.sides(own, to: open)
    #expect(ofOwn == [], "a protocol does not hear of its own routes")
    let toClosed = fixture.sides(net, to: closed)
    #expect(toClosed == [.before, .rejected])
    fixture.pull(open)
    let afterPull = fixture.sides(net, to: open)
    #expect(afterPull == [.before, .accepted, .announced])
    let told = fixture.told
    #expect(told == ["+2001:db8::/32"])

    let looked = fixture.router.attributes.count
    #expect(looked == sets)
    fixture.withdraw(a, "2001:db8::/32")
    fixture.pull(open)
    let left = fixture.router.attributes.count
    #expect(left == sets - 1)
  }
}

extension RouterFixture {
  fileprivate func network(_ text: String) -> NetID? { Prefix(text).flatMap { router.network($0, in: table) } }

  /// On which sides of a channel's export filter the best route of a network is.
  fileprivate mutating func sides(_ net: NetID, to channel: ChannelID) -> [ExportSide] {
    var sides: [ExportSide] = []
    for side in [ExportSide.before, .accepted, .rejected, .announced] {
      guard
        let id = router.attributes(
          of: router.firstRoute(net, in: router[channel: channel].table), net, exportedTo: channel, side, gate: OpenGate())
      else { continue }
      router.release(id)
      sides.append(side)
    }
    return sides
  }
}
