import Testing

@testable import RouteCore

private func ip(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified }

/// The address of an interface with the length of its network.
private func own(
  _ text: String, on interface: UInt32, _ change: (inout ConnectedNetworks.Network) -> Void = { _ in }
) -> ConnectedNetworks.Network {
  let parts = text.split(separator: "/")
  let address = ip(String(parts[0]))
  var network = ConnectedNetworks.Network(address, Prefix(address, UInt8(parts[1]) ?? 0), interface: interface)
  change(&network)
  return network
}

@Suite struct ConnectedNetworksTests {
  private func name(_ place: ConnectedNetworks.Place) -> String {
    switch place {
    case .neighbor(let network): "neighbor on \(network.interface)"
    case .own(let network): "own of \(network.interface)"
    case .network: "network"
    case .broadcast: "broadcast"
    case .elsewhere: "elsewhere"
    }
  }

  @Test(arguments: [
    ("192.0.2.7", "neighbor on 1"), ("192.0.2.1", "own of 1"), ("192.0.2.0", "network"), ("192.0.2.255", "broadcast"),
    ("198.51.100.9", "elsewhere"),
    // The longest network has it, but in no other may it be more than a host.
    ("10.1.0.7", "neighbor on 3"), ("10.2.0.7", "neighbor on 2"), ("10.1.0.0", "network"), ("10.255.255.255", "broadcast"),
    // RFC 3021: a link of two hosts has neither.
    ("203.0.113.0", "neighbor on 4"), ("203.0.113.1", "own of 4"),
    // The other end of a point-to-point link is no network's address.
    ("172.16.0.0", "neighbor on 5"),
    ("2001:db8::", "neighbor on 6"), ("2001:db8::1", "own of 6"), ("fe80::7", "neighbor on 6"),
  ])
  func `what an address is to us`(_ address: String, _ expected: String) {
    let networks = ConnectedNetworks([
      own("192.0.2.1/24", on: 1), own("10.9.0.1/8", on: 2), own("10.1.3.1/16", on: 3), own("203.0.113.1/31", on: 4),
      own("192.0.2.200/24", on: 5) {
        $0.prefix = Prefix(ip("172.16.0.0"), 24)
        $0.isPointToPoint = true
      }, own("2001:db8::1/64", on: 6), own("fe80::6/64", on: 6),
    ])
    #expect(name(networks.place(of: ip(address))) == expected)
  }

  @Test func `of two interfaces in one network that with a carrier comes first, then the first`() {
    let a = own("192.0.2.1/24", on: 1) { $0.hasCarrier = false }
    #expect(name(ConnectedNetworks([a, own("192.0.2.2/24", on: 2)]).place(of: ip("192.0.2.7"))) == "neighbor on 2")
    #expect(
      name(ConnectedNetworks([own("192.0.2.2/24", on: 2), own("192.0.2.1/24", on: 1)]).place(of: ip("192.0.2.7"))) == "neighbor on 1")
    #expect(name(ConnectedNetworks([a]).place(of: ip("192.0.2.7"))) == "neighbor on 1")
  }

  // MARK: Next hops

  /// The ways of a set, or why there is none.
  private func take(_ hop: LinkNextHop, _ router: inout Router) -> String {
    do throws(NextHopProblem) {
      let id = try router.intern(hop)
      defer { router.nextHops.release(id) }
      return router.nextHops.hops(id).map { "\($0.gateway)%\($0.interface)" }.joined(separator: " ")
    } catch { return error.text }
  }

  @Test func `a next hop on no network of ours, or of ours, is refused with the reason`() {
    var router = Router()
    router.networks = ConnectedNetworks(
      [
        own("192.0.2.1/24", on: 1), own("fe80::1/64", on: 1), own("198.18.0.1/24", on: 2),
        own("10.255.0.1/32", on: 9) { $0.isLoopback = true },
        own("127.0.0.1/8", on: 9) { $0.isLoopback = true }, own("203.0.113.1/24", on: 3) { $0.master = 7 },
      ], vrfs: [3: 7, 7: 7])
    #expect(take(LinkNextHop(ip("192.0.2.2")), &router) == "192.0.2.2%1")
    #expect(take(LinkNextHop(ip("198.18.0.1")), &router) == "it is an address of ours")
    #expect(take(LinkNextHop(ip("10.255.0.1")), &router) == "it is an address of ours")
    #expect(take(LinkNextHop(ip("192.0.2.0")), &router) == "it is the address of a network")
    #expect(take(LinkNextHop(ip("192.0.2.255")), &router) == "it is a broadcast address")
    #expect(take(LinkNextHop(ip("198.51.100.1")), &router) == "it is on no network of ours")
    #expect(take(LinkNextHop(ip("127.0.0.5")), &router) == "it is on no network of ours")
    #expect(take(LinkNextHop(ip("fe80::2"), interface: 1), &router) == "fe80::2%1")
    #expect(take(LinkNextHop(ip("fe80::2")), &router) == "it is on no network of ours")
    #expect(take(LinkNextHop(ip("fe80::1"), interface: 1), &router) == "it is an address of ours")
    #expect(take(LinkNextHop(ip("2001:db8::1"), link: ip("fe80::2"), interface: 1), &router) == "fe80::2%1")
    // What is in another VRF is not of ours, nor a neighbour.
    #expect(take(LinkNextHop(ip("203.0.113.2"), master: 0), &router) == "it is on no network of ours")
    #expect(take(LinkNextHop(ip("203.0.113.2"), master: 7), &router) == "203.0.113.2%3")
    #expect(take(LinkNextHop(ip("198.18.0.1"), master: 7), &router) == "it is on no network of ours")
  }

  @Test func `routes move with the network of their next hop, and lead nowhere while it is on none`() throws {
    var fixture = RouterFixture()
    let bgp = fixture.channel("bgp")
    let out = fixture.channel("out", exports: true)
    fixture.router.networks = ConnectedNetworks([own("2001:db8:7::1/64", on: 1)])
    let set = try fixture.router.intern(LinkNextHop(ip("2001:db8:7::2"), cost: 5))
    fixture.announce(bgp, "2001:db8:1::/48") { $0.nextHops = set }
    fixture.router.nextHops.release(set)
    fixture.pull(out)
    #expect(fixture.router.nextHops.hops(set) == [NextHop(gateway: ip("2001:db8:7::2"), interface: 1)])
    #expect(fixture.router.nextHops.igpMetric(set) == 5)
    let steps: [([ConnectedNetworks.Network], [UInt32])] = [
      ([own("2001:db8:7::1/64", on: 2)], [2]), ([], []), ([own("2001:db8:7::1/64", on: 3)], [3]),
    ]
    for (networks, interfaces) in steps {
      fixture.told = []
      fixture.router.networks = ConnectedNetworks(networks)
      fixture.router.resolveNextHops()
      fixture.pull(out)
      #expect(fixture.told == ["+2001:db8:1::/48"])
      #expect(fixture.interfaces[try #require(Prefix("2001:db8:1::/48"))] == interfaces)
    }
    // A change that does not touch them costs nothing.
    fixture.told = []
    fixture.router.networks = ConnectedNetworks([own("2001:db8:7::1/64", on: 3), own("2001:db8:8::1/64", on: 4)])
    fixture.router.resolveNextHops()
    fixture.pull(out)
    #expect(fixture.told.isEmpty)
  }

  @Test func `a route that comes between a change of the networks and the lookup does not hide it from the others`() throws {
    var fixture = RouterFixture()
    let bgp = fixture.channel("bgp")
    let out = fixture.channel("out", exports: true)
    fixture.router.networks = ConnectedNetworks([own("2001:db8:7::1/64", on: 1)])
    for (number, interface) in [(1, 1), (2, 2)] as [(Int, UInt32)] {
      fixture.router.networks = ConnectedNetworks([own("2001:db8:7::1/64", on: interface)])
      let set = try fixture.router.intern(LinkNextHop(ip("2001:db8:7::2")))
      fixture.announce(bgp, "2001:db8:\(number)::/48") { $0.nextHops = set }
      fixture.router.nextHops.release(set)
      fixture.router.resolveNextHops()
      fixture.pull(out)
    }
    #expect(fixture.interfaces[try #require(Prefix("2001:db8:1::/48"))] == [2])
    #expect(fixture.interfaces[try #require(Prefix("2001:db8:2::/48"))] == [2])
  }

  @Test func `a next hop that is looked up in a table leads nowhere while it is an address of ours`() {
    var fixture = RouterFixture()
    let igp = fixture.channel("igp")
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(interface: 7)) { $0.source = .device }
    let id = fixture.router.intern(RecursiveNextHop(ip("2001:db8:ff::5"), table: fixture.table))
    func hops() -> [UInt32] { fixture.router.nextHops.hops(id).map(\.interface) }
    #expect(hops() == [7])
    fixture.router.networks = ConnectedNetworks([own("2001:db8:ff::5/64", on: 7)])
    fixture.router.resolveNextHops()
    #expect(hops() == [])
    // Even by a way that does not go there.
    fixture.announce(igp, "2001:db8:ff::/64", hop: NextHop(gateway: ip("fe80::9"), interface: 8)) { $0.source = .ospf }
    fixture.router.resolveNextHops()
    #expect(hops() == [])
    fixture.router.networks = ConnectedNetworks([own("2001:db8:ff::5/64", on: 7)], vrfs: [7: 3])
    fixture.router.resolveNextHops()
    #expect(hops() == [8])
  }

  @Test func `a next hop that is looked up follows one on our networks`() throws {
    var fixture = RouterFixture()
    let bgp = fixture.channel("bgp")
    fixture.router.networks = ConnectedNetworks([own("2001:db8:7::1/64", on: 1)])
    // Made first, so that it is not looked up later by chance.
    let far = fixture.router.intern(RecursiveNextHop(ip("2001:db8:ff::5"), table: fixture.table))
    let near = try fixture.router.intern(LinkNextHop(ip("2001:db8:7::2")))
    fixture.announce(bgp, "2001:db8:ff::/64") { $0.nextHops = near }
    fixture.router.resolveNextHops()
    #expect(fixture.router.nextHops.hops(far).map(\.interface) == [1])
    fixture.router.networks = ConnectedNetworks([own("2001:db8:7::1/64", on: 2)])
    fixture.router.resolveNextHops()
    #expect(fixture.router.nextHops.hops(far).map(\.interface) == [2])
  }
}
