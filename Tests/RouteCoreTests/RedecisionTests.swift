import Testing

@testable import RouteCore

private func name(_ index: Int) -> String { "2001:db8:\(String(index, radix: 16))::/48" }

/// Routes by a next hop that an interior protocol leads to, and as many by others.
private struct RecursiveFixture: ~Copyable {
  var fixture = RouterFixture()
  let igp: ChannelID
  let bgp: ChannelID
  let out: ChannelID
  let set: NextHopSetID

  init(count: Int, exportTable: Bool = false) {
    igp = fixture.channel("igp")
    bgp = fixture.channel("bgp")
    out = fixture.channel("out", exports: true) { $0.exportTable = exportTable }
    set = fixture.router.intern(RecursiveNextHop(IPAddress("2001:db8:ff::1") ?? .unspecified, table: fixture.table))
    let set = set
    reach(by: 7)
    fixture.router.resolveNextHops()
    for index in 1...count {
      fixture.announce(bgp, name(index)) { $0.nextHops = set }
      fixture.announce(bgp, name(index + 0x1000))
    }
    fixture.pull(out)
    fixture.told = []
  }

  mutating func reach(by interface: UInt32) {
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: IPAddress("fe80::9") ?? .unspecified, interface: interface)) {
      $0.source = .ospf
    }
  }

  /// What is told, slice by slice, each network of the next hop with the interface it had.
  mutating func slices(budget: Int) -> [[String]] {
    var slices: [[String]] = []
    var more = true
    while more {
      more = fixture.router.flushSome(budget: budget)
      fixture.told = []
      fixture.pullOnly(out)
      slices.append(fixture.told)
    }
    return slices
  }
}

@Suite struct RedecisionTests {
  @Test(arguments: [false, true]) func `what uses a next hop that has changed is told in slices, each network once`(keeps: Bool) {
    var recursive = RecursiveFixture(count: 50, exportTable: keeps)
    recursive.reach(by: 8)
    recursive.fixture.router.resolveNextHops()
    // The new way holds at once, whoever looks.
    #expect(recursive.fixture.router.nextHops.hops(recursive.set).map(\.interface) == [8])
    let slices = recursive.slices(budget: 500)
    #expect(slices.count > 3)
    let told = slices.flatMap { $0 }
    #expect(told.sorted() == (["+2001:db8:ff::/64"] + (1...50).map { "+\(name($0))" }).sorted())
    #expect((1...50).allSatisfy { recursive.fixture.interfaces[Prefix(name($0))!] == [8] })
  }

  @Test(arguments: [false, true]) func `a second change on the way reaches all networks`(keeps: Bool) {
    var recursive = RecursiveFixture(count: 50, exportTable: keeps)
    recursive.reach(by: 8)
    recursive.fixture.router.resolveNextHops()
    _ = recursive.fixture.router.flushSome(budget: 1000)
    recursive.fixture.pullOnly(recursive.out)
    let early = recursive.fixture.told.count
    #expect(early > 1 && early < 50)
    recursive.reach(by: 9)
    recursive.fixture.router.resolveNextHops()
    _ = recursive.slices(budget: 500)
    #expect((1...50).allSatisfy { recursive.fixture.interfaces[Prefix(name($0))!] == [9] })
    let isLeft = recursive.fixture.router.flushSome(budget: 1)
    #expect(!isLeft)
  }

  @Test func `where the way is lost, another route is chosen in slices, while a peer's routes go`() {
    var recursive = RecursiveFixture(count: 50)
    let other = recursive.fixture.channel("other")
    let gone = recursive.fixture.channel("gone")
    for index in 1...50 {
      recursive.fixture.announce(other, name(index)) { $0.pathLength = 5 }
      recursive.fixture.announce(gone, name(index + 0x2000))
    }
    recursive.fixture.pull(recursive.out)
    #expect(recursive.fixture.router[channel: other].statistics.preferred == 0)
    recursive.fixture.router.close(gone, at: 1)
    _ = recursive.fixture.router.flushSome(budget: 100)
    recursive.fixture.withdraw(recursive.igp, "2001:db8:ff::/64")
    recursive.fixture.router.resolveNextHops()
    let slices = recursive.slices(budget: 500)
    #expect(slices.count > 5)
    #expect(recursive.fixture.router[channel: other].statistics.preferred == 50)
    #expect(recursive.fixture.router[channel: recursive.bgp].statistics.preferred == 50)
    for index in 1...50 { #expect(recursive.fixture.known[recursive.out]?[Prefix(name(index))!]?.pathLength == 5) }
    #expect(recursive.fixture.known[recursive.out]?.count == 100)
    let isFlushing = recursive.fixture.router.isFlushing(gone)
    #expect(!isFlushing)
  }

  @Test func `no table waits for another one's peers`() {
    var recursive = RecursiveFixture(count: 20)
    let second = recursive.fixture.router.addTable("second", .ipv6)
    let configuration = ChannelConfiguration(family: .ipv6, table: "second", preference: 100)
    let busy = recursive.fixture.router.addChannel(configuration, protocolName: "busy", table: second)
    recursive.fixture.router.open(busy, exporting: .off)
    for index in 1...200 { recursive.fixture.announce(busy, name(index)) }
    recursive.reach(by: 8)
    // A peer that refreshes without an end keeps the walk of its table going for ever.
    for _ in 0..<100 {
      recursive.fixture.router.beginRefresh(busy)
      for index in 1...3 { recursive.fixture.announce(busy, name(index)) }
      recursive.fixture.router.endRefresh(busy, at: 1)
      if recursive.fixture.router.nextHopsAreStale { recursive.fixture.router.resolveNextHops() }
      _ = recursive.fixture.router.flushSome(budget: 20)
    }
    recursive.fixture.pullOnly(recursive.out)
    #expect((1...20).allSatisfy { recursive.fixture.interfaces[Prefix(name($0))!] == [8] })
  }
}
