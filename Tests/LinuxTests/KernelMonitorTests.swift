import Glibc
import Linux
import RouteCore
import Testing

@Suite(.enabled(if: NetworkNamespace.isAvailable, "needs root and network namespaces"))
struct KernelMonitorTests {
  @Test func `Dumps list links, addresses and routes as ip shows them`() throws {
    let namespace = try NetworkNamespace()
    defer { namespace.close() }
    try namespace.run("ip link add eth1 type veth peer name eth2")
    try namespace.run("ip link set eth1 up mtu 1400")
    try namespace.run("ip address add 10.1.2.3/24 dev eth1")
    try namespace.run("ip address add 10.9.9.1 peer 10.9.9.2/32 dev eth1")
    try namespace.run("ip -6 address add 2001:db8::1/64 dev eth1 nodad")
    try namespace.run("ip link set eth2 up")
    try namespace.run("ip -6 route add 2001:db8:7::/48 proto 12 metric 32 nexthop via 2001:db8::7 nexthop via 2001:db8::8 weight 3")
    try namespace.run("ip -6 route add unreachable 2001:db8:8::/48 proto 12")
    try namespace.run("ip route add 10.7.0.0/16 via inet6 2001:db8::7 dev eth1 proto 4 src 10.1.2.3 mtu 1300")

    let loop = EventLoop()
    let dumper = try namespace.inside { try KernelDumper(loop) }
    defer { dumper.close() }
    func dump(_ request: KernelDumper.Request) throws -> [NetlinkEvent] {
      var events = [NetlinkEvent]()
      var outcome: KernelDumper.Outcome?
      dumper.dump(request, { events.append($0) }, completion: { outcome = $0 })
      try loop.run(atMost: .seconds(60)) { outcome != nil }
      #expect(outcome == .complete)
      return events
    }

    var links = [String: Link]()
    for case .link(let link) in try dump(.links) { links[link.name] = link }
    let eth1 = try #require(links["eth1"])
    #expect(links.count == 3)
    #expect(eth1.kind == "veth" && eth1.mtu == 1400 && eth1.isUp && eth1.flags.isSuperset(of: [.broadcast, .multicast]))
    #expect(links["lo"]?.flags.contains(.loopback) == true)

    var addresses = [IPAddress: InterfaceAddress]()
    for case .address(let address) in try dump(.addresses) where address.interface == eth1.index { addresses[address.address] = address }
    #expect(addresses[ip("10.1.2.3")]?.prefix == net("10.1.2.0/24"))
    let pointToPoint = try #require(addresses[ip("10.9.9.1")])
    #expect(pointToPoint.opposite == ip("10.9.9.2") && pointToPoint.prefixLength == 32)
    #expect(addresses[ip("2001:db8::1")]?.scope == .universe)
    #expect(addresses.values.contains { $0.address.isLinkLocal && $0.scope == .link })

    var routes = [Prefix: KernelRoute]()
    for case .route(let route, _) in try dump(.routes(.ipv6, table: 254)) { routes[route.prefix] = route }
    let multipath = try #require(routes[net("2001:db8:7::/48")])
    let one = NextHop(gateway: ip("2001:db8::7"), interface: eth1.index)
    let three = NextHop(gateway: ip("2001:db8::8"), interface: eth1.index, weight: 3)
    #expect(Set(multipath.nextHops.map(\.hop)) == [one, three])
    #expect(multipath.protocolNumber == 12 && multipath.metric == 32 && multipath.details.scope == 0)
    #expect(routes[net("2001:db8:8::/48")]?.destination == .unreachable)
    #expect(routes[net("2001:db8:8::/48")]?.metric == 1024)

    routes = [:]
    for case .route(let route, _) in try dump(.routes(.ipv4, table: 254)) { routes[route.prefix] = route }
    let via6 = try #require(routes[net("10.7.0.0/16")])
    #expect(via6.nextHops.map(\.hop) == [one])
    #expect(via6.details.preferredSource == ip("10.1.2.3") && via6.details.metrics[.mtu] == 1300)
    #expect(routes[net("10.1.2.0/24")]?.details.scope == 253)

    #expect(try dump(.routes(.ipv6, table: 254, protocolNumber: 12)).count == 2)
    #expect(try dump(.routes(.ipv4, table: 777)).isEmpty)
  }

  @Test func `Long lists come in slices, and what was asked for ends when the dumper is closed`() throws {
    let namespace = try NetworkNamespace()
    defer { namespace.close() }
    let script = "for i in $(seq 0 19); do for j in $(seq 0 249); do echo route add blackhole 10.$i.$j.0/24; done; done"
    try namespace.run("sh -c '\(script) | ip -batch -'")
    let loop = EventLoop()
    let dumper = try namespace.inside { try KernelDumper(loop) }
    var routes = 0
    var rounds = [Int: Int]()
    var round = 0
    var outcomes = [KernelDumper.Outcome]()
    dumper.dump(
      .routes(.ipv4, table: 254),
      { _ in
        routes += 1
        rounds[round, default: 0] += 1
      }, completion: { outcomes.append($0) })
    let end = Clock.now() + .seconds(10)
    while outcomes.isEmpty, Clock.now() < end {
      try loop.runOnce(noLaterThan: end)
      round += 1
    }
    #expect(outcomes == [.complete] && routes == 5000)
    #expect(rounds.count > 1)
    // In the middle of a list, from within, and before one has begun.
    outcomes = []
    routes = 0
    dumper.dump(
      .routes(.ipv4, table: 254),
      { _ in
        routes += 1
        if routes == 10 { dumper.close() }
      }, completion: { outcomes.append($0) })
    dumper.dump(.links, { _ in routes += 1 }, completion: { outcomes.append($0) })
    try loop.run(atMost: .seconds(60)) { outcomes.count == 2 }
    let cancelled = KernelDumper.Outcome.failed(SystemError(ECANCELED, "dump"))
    #expect(outcomes == [cancelled, cancelled] && routes == 10)
    dumper.dump(.links, { _ in routes += 1 }, completion: { outcomes.append($0) })
    #expect(outcomes == [cancelled, cancelled, cancelled])
    // The slices on their way are not for anybody any more.
    try loop.run(atMost: .milliseconds(100)) { false }
    #expect(outcomes.count == 3 && routes == 10)
  }

  @Test func `Changes are told as they happen`() throws {
    let namespace = try NetworkNamespace()
    defer { namespace.close() }
    let loop = EventLoop()
    var events = [NetlinkEvent]()
    var resyncs = 0
    let monitor = try namespace.inside {
      try KernelMonitor(loop, onEvent: { events.append($0) }, resyncNeeded: { resyncs += 1 })
    }
    defer { monitor.close() }
    func expect(_ what: String, _ condition: (NetlinkEvent) -> Bool) throws {
      #expect(try loop.run(atMost: .seconds(60)) { events.contains(where: condition) }, "\(what)")
      events = []
    }
    try namespace.run("ip link add eth1 type veth peer name eth2")
    try expect("link") { if case .link(let link) = $0 { link.name == "eth1" && !link.isUp } else { false } }
    try namespace.run("ip link set eth2 up")
    try namespace.run("ip link set eth1 up")
    try expect("up") { if case .link(let link) = $0 { link.name == "eth1" && link.isUp } else { false } }
    try namespace.run("ip -6 address add 2001:db8::1/64 dev eth1 nodad")
    try expect("address") { if case .address(let address) = $0 { address.address == ip("2001:db8::1") } else { false } }
    try namespace.run("ip -6 route add 2001:db8:9::/48 via 2001:db8::2 proto 4")
    try expect("route") {
      if case .route(let route, replaced: false) = $0 { route.prefix == net("2001:db8:9::/48") } else { false }
    }
    try namespace.run("ip -6 route replace 2001:db8:9::/48 via 2001:db8::3 proto 4")
    try expect("replacement") {
      if case .route(let route, replaced: true) = $0 { route.prefix == net("2001:db8:9::/48") } else { false }
    }
    try namespace.run("ip link set eth2 down")
    try expect("carrier") { if case .link(let link) = $0 { link.name == "eth1" && !link.isUp && link.flags.contains(.up) } else { false } }
    try namespace.run("ip link del eth1")
    try expect("removal") { if case .linkRemoved(let link) = $0 { link.name == "eth1" } else { false } }
    #expect(resyncs == 0)
  }

  @Test func `An overrun of the receive buffer asks for a resync`() throws {
    let namespace = try NetworkNamespace()
    defer { namespace.close() }
    let loop = EventLoop()
    var routes = 0
    var resyncs = 0
    let monitor = try namespace.inside {
      try KernelMonitor(
        loop, receiveBuffer: 4096, onEvent: { if case .route = $0 { routes += 1 } }, resyncNeeded: { resyncs += 1 })
    }
    defer { monitor.close() }
    try namespace.run("sh -c 'for i in $(seq 1 200); do echo route add blackhole 10.0.$i.0/24; done | ip -batch -'")
    #expect(try loop.run(atMost: .seconds(60)) { resyncs > 0 })
    #expect(routes < 200)
    let before = routes
    try namespace.run("ip route add blackhole 10.200.0.0/16")
    #expect(try loop.run(atMost: .seconds(60)) { routes > before }, "events go on after an overrun")
  }
}
