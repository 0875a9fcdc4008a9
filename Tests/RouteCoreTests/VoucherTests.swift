import Testing

@testable import RouteCore

private let one = NextHop(gateway: IPAddress(high: 0xfe80 << 48, low: 1), interface: 1)
private let two = NextHop(gateway: IPAddress(high: 0xfe80 << 48, low: 2), interface: 2)

@Suite struct VoucherTests {
  @Test func `a way out is the session's alone until another one announces a route by it`() {
    var fixture = RouterFixture()
    let (a, b) = (fixture.channel("a"), fixture.channel("b"))
    fixture.announce(a, "2001:db8:1::/48", hop: one)
    fixture.announce(a, "2001:db8:2::/48", hop: two)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one, two])
    #expect(fixture.router.solelyVouchedHops(by: [b]) == [])
    fixture.announce(b, "2001:db8:9::/48", hop: two)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one])
    #expect(fixture.router.solelyVouchedHops(by: [b]) == [])
    // Both go.
    #expect(fixture.router.solelyVouchedHops(by: [a, b]) == [one, two])
  }

  @Test func `a session that has ended vouches for nothing, and the next one of its channel anew`() {
    var fixture = RouterFixture()
    let (a, b) = (fixture.channel("a"), fixture.channel("b"))
    fixture.announce(a, "2001:db8:1::/48", hop: one)
    fixture.announce(b, "2001:db8:1::/48", hop: one)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [])
    fixture.router.close(b, at: 1)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one])
    #expect(fixture.router.solelyVouchedHops(by: [b]) == [])
    fixture.router.open(b, exporting: .off)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one])
    // The same channel and the same set as the last time.
    fixture.announce(b, "2001:db8:1::/48", hop: one)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [])
    #expect(fixture.router.solelyVouchedHops(by: [b]) == [])
  }

  @Test func `a number that another channel has now says nothing of the one before`() {
    var fixture = RouterFixture()
    let (a, b) = (fixture.channel("a"), fixture.channel("b"))
    fixture.announce(a, "2001:db8:1::/48", hop: one)
    fixture.announce(b, "2001:db8:1::/48", hop: one)
    fixture.router.close(b, at: 1)
    fixture.router.removeChannel(b)
    fixture.router.finishFlushes()
    let c = fixture.channel("c")
    #expect(c == b)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one])
    fixture.announce(c, "2001:db8:1::/48", hop: one)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [])
  }

  @Test func `a set that is made anew under the number of one that was freed has its own vouchers`() {
    var fixture = RouterFixture()
    let (a, b) = (fixture.channel("a"), fixture.channel("b"))
    fixture.announce(a, "2001:db8:1::/48", hop: one)
    fixture.withdraw(a, "2001:db8:1::/48")
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [])
    // Twice the same channel, in the slot of the set that was freed.
    fixture.announce(a, "2001:db8:1::/48", hop: two)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [two])
    fixture.announce(b, "2001:db8:1::/48", hop: two)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [])
  }

  @Test func `a route that is replaced vouches for its new set, a filtered one for none`() {
    var fixture = RouterFixture()
    let a = fixture.channel("a")
    let b = fixture.channel("b") {
      $0.importPolicy = .none
      $0.keepFiltered = true
    }
    fixture.announce(a, "2001:db8:1::/48", hop: one)
    fixture.announce(b, "2001:db8:1::/48", hop: one)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one])
    fixture.router[channel: b].configuration.importPolicy = .all
    fixture.announce(b, "2001:db8:1::/48", hop: one)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [])
    fixture.announce(a, "2001:db8:1::/48", hop: two)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [two])
  }

  @Test func `the weight of a way out does not matter, its labels and its link do`() {
    var fixture = RouterFixture()
    let (a, b) = (fixture.channel("a"), fixture.channel("b"))
    var heavy = one
    heavy.weight = 7
    var labelled = one
    labelled.labels.append(100)
    var onLink = one
    onLink.isOnLink = true
    let set = fixture.router.nextHops.intern([heavy, two])
    fixture.announce(a, "2001:db8:1::/48") { $0.nextHops = set }
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one, two])
    fixture.announce(b, "2001:db8:2::/48", hop: labelled)
    fixture.announce(b, "2001:db8:3::/48", hop: onLink)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one, two])
    fixture.announce(b, "2001:db8:4::/48", hop: one)
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [two])
  }

  @Test func `what a recursive next hop resolves to by a gateway of the interior protocol is not the session's alone`() {
    var fixture = RouterFixture()
    let (igp, direct, bgp) = (fixture.channel("igp"), fixture.channel("direct"), fixture.channel("bgp"))
    fixture.announce(igp, "2001:db8:ff::/64", hop: one) { $0.source = .ospf }
    fixture.announce(direct, "2001:db8:fe::/64", hop: NextHop(interface: 5)) { $0.source = .device }
    func announce(_ prefix: String, via address: String) {
      let set = fixture.router.intern(RecursiveNextHop(IPAddress(address) ?? .unspecified, table: fixture.table))
      fixture.announce(bgp, prefix) { $0.nextHops = set }
      fixture.router.nextHops.release(set)
    }
    announce("2001:db8:1::/48", via: "2001:db8:ff::1")
    #expect(fixture.router.solelyVouchedHops(by: [bgp]) == [])
    // On a network of ours the address is the gateway, and the network's own route leads to the link alone.
    announce("2001:db8:2::/48", via: "2001:db8:fe::1")
    #expect(fixture.router.solelyVouchedHops(by: [bgp]) == [NextHop(gateway: IPAddress("2001:db8:fe::1")!, interface: 5)])
    #expect(fixture.router.solelyVouchedHops(by: [igp]) == [])
    // As many routes as there may be: the answer is the same.
    for index in 1...100 { fixture.announce(bgp, "2001:db8:a\(index)::/48", hop: two) }
    #expect(fixture.router.solelyVouchedHops(by: [bgp]).contains(two))
  }

  @Test func `a merged export vouches for nobody`() {
    var fixture = RouterFixture()
    let (a, b) = (fixture.channel("a"), fixture.channel("b"))
    let kernel = fixture.channel("kernel", exports: true, mode: .merged(limit: 16))
    fixture.announce(a, "2001:db8:1::/48", hop: one)
    fixture.announce(b, "2001:db8:1::/48", hop: two)
    fixture.pull(kernel)
    #expect(fixture.interfaces[Prefix("2001:db8:1::/48")!] == [1, 2])
    #expect(fixture.router.solelyVouchedHops(by: [a]) == [one])
    #expect(fixture.router.solelyVouchedHops(by: [b]) == [two])
  }

  @Test(arguments: [false, true])
  func `for a route in another table its own channel vouches, but for an opaque pipe's the pipe`(opaque: Bool) {
    var router = Router()
    let tables = HandleArray<TableID, TableID>([router.addTable("one", .ipv6), router.addTable("two", .ipv6)])
    func channel(_ name: String, _ table: TableID, isPipe: Bool) -> ChannelID {
      var configuration = ChannelConfiguration(family: .ipv6, table: table == 0 ? "one" : "two", preference: 100)
      configuration.exportPolicy = isPipe && table == 0 ? .all : .none
      let id = router.addChannel(configuration, protocolName: name, table: tables[table])
      router[channel: id].isPipe = isPipe
      router[channel: id].keepsPreference = isPipe && !opaque
      router.open(id, exporting: isPipe ? .any : .off)
      return id
    }
    let a = channel("a", 0, isPipe: false)
    let (near, far) = (channel("pipe", 0, isPipe: true), channel("pipe", 1, isPipe: true))
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.nextHops = router.nextHops.intern([one])
    router.announce(a, Prefix("2001:db8:1::/48")!, RouteAttributes(header), at: 0)
    _ = router.pullPipe(from: near, to: far, limit: 100, gate: OpenGate(), at: 0)
    #expect(router[table: tables[1]].routeCount == 1)
    #expect(router.solelyVouchedHops(by: [a]) == (opaque ? [] : [one]))
    #expect(router.solelyVouchedHops(by: [far]) == [])
    #expect(router.solelyVouchedHops(by: [a, far]) == [one])
  }
}
