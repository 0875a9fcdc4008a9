import OSPFv3
import RouteCore
import Testing

/// Options of an instance that change while it runs: as with BIRD adjacencies stay, and routes follow.
@Suite struct ReconfigurationTests {
  private func change(_ net: inout Simulation, _ host: Int, _ body: (inout InstanceConfiguration) -> Void) {
    var configuration = net.hosts[host].instance.configuration
    body(&configuration)
    net.deliver(.reconfigure(configuration), to: host)
    net.run(for: .seconds(10))
    #expect(net.hosts.allSatisfy { $0.instance.neighborViews.allSatisfy { $0.state == .full } })
  }

  @Test func `ecmp and its limit hold for the routes that there are`() {
    var net = Simulation(seed: 1)
    for _ in 0..<2 { net.addHost() }
    for _ in 0..<3 { net.join([(0, 10), (1, 10)], pointToPoint: true) }
    net.run(for: .seconds(10))
    var hops: Int? { net.hosts[0].routes[Simulation.stub(1)]?.nextHops.count }
    #expect(hops == 3)
    change(&net, 0) { $0.ecmpLimit = 2 }
    #expect(hops == 2)
    change(&net, 0) { $0.ecmp = false }
    #expect(hops == 1)
    change(&net, 0) { ($0.ecmp, $0.ecmpLimit) = (true, 16) }
    #expect(hops == 3)
  }

  @Test func `a router that becomes a stub is avoided, and not when it is none any more`() {
    var net = Simulation(seed: 2)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(1, 10), (2, 10)], pointToPoint: true)
    net.run(for: .seconds(10))
    var metric: UInt32? { net.hosts[0].routes[Simulation.stub(2)]?.metric1 }
    #expect(metric == 21)
    change(&net, 1) { $0.stubRouter = true }
    #expect(metric == 65_546)
    change(&net, 1) { ($0.stubRouter, $0.tick) = (false, 3) }
    #expect(metric == 21)
  }

  @Test func `external routes of several routers merge as soon as they may`() {
    var net = Simulation(seed: 3)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(0, 10), (2, 10)], pointToPoint: true)
    let prefix = Prefix(IPAddress(high: 0x2001_0db8_aaaa_0000, low: 0), 48)
    for host in 1...2 {
      change(&net, host) { $0.isASBoundaryRouter = true }
      net.deliver(.external(prefix, ExternalRoute()), to: host)
    }
    net.run(for: .seconds(10))
    var hops: Int? { net.hosts[0].routes[prefix]?.nextHops.count }
    #expect(hops == 1)
    change(&net, 0) { $0.mergeExternal = true }
    #expect(hops == 2)
    change(&net, 0) { $0.mergeExternal = false }
    #expect(hops == 1)
  }
}
