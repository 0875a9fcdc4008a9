import OSPFv3
import RouteCore
import Testing

@Suite struct SimulationTests {
  @Test func `two routers on a point-to-point link are Full within a second and have each other's networks`() {
    var net = Simulation(seed: 1)
    net.addHost()
    net.addHost()
    net.join([(0, 10), (1, 20)], pointToPoint: true)
    net.run(for: .seconds(1))
    #expect(net.hosts[0].instance.neighborViews.map(\.state) == [.full])
    #expect(net.hosts[1].instance.neighborViews.map(\.state) == [.full])
    net.run(for: .seconds(5))
    let route = net.hosts[0].routes[Simulation.stub(1)]
    #expect(route?.metric1 == 11)
    #expect(route?.kind == .intraArea)
    #expect(route?.routerID == Simulation.routerID(1))
    #expect(route?.nextHops == [NextHop(gateway: Simulation.linkLocal(1, 100), interface: 100)])
    #expect(net.hosts[1].routes[Simulation.stub(0)]?.metric1 == 21)
    #expect(net.hosts[0].routes[Simulation.stub(0)]?.nextHops == [NextHop(interface: 1)])
  }

  @Test func `three routers on a LAN wait, elect the highest Router ID and its runner-up, and announce the LAN once`() {
    var net = Simulation(seed: 2)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10), (2, 10)], pointToPoint: false)
    net.run(for: .seconds(39))
    #expect(net.hosts.allSatisfy { $0.instance.interfaceViews.last?.state == .waiting })
    net.run(for: .seconds(7))
    for host in net.hosts {
      let view = host.instance.interfaceViews.last
      #expect(view?.designatedRouter == Simulation.routerID(2))
      #expect(view?.backupDesignatedRouter == Simulation.routerID(1))
      #expect(host.instance.neighborViews.allSatisfy { $0.state == .full })
    }
    let lan = net.links[0].prefix
    #expect(net.hosts[0].routes[lan]?.nextHops == [NextHop(interface: 100)])
    #expect(net.hosts[0].routes[lan]?.routerID == Simulation.routerID(2))
    #expect(net.hosts[0].routes[Simulation.stub(1)]?.nextHops == [NextHop(gateway: Simulation.linkLocal(1, 100), interface: 100)])
  }

  @Test func `the backup takes over when the designated router falls silent`() {
    var net = Simulation(seed: 3)
    for _ in 0..<4 { net.addHost() }
    net.join([(0, 10), (1, 10), (2, 10), (3, 10)], pointToPoint: false)
    net.run(for: .seconds(60))
    #expect(net.hosts[0].instance.interfaceViews.last?.designatedRouter == Simulation.routerID(3))
    net.deliver(.stop, to: 3)
    net.run(for: .seconds(10))
    for host in net.hosts[0..<3] {
      #expect(host.instance.interfaceViews.last?.designatedRouter == Simulation.routerID(2))
      #expect(host.routes[Simulation.stub(3)] == nil)
    }
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
  }

  @Test func `a router that was stopped reads all Hellos that wait before it gives anybody up`() {
    var net = Simulation(seed: 3)
    for _ in 0..<4 { net.addHost() }
    net.join([(0, 10), (1, 10), (2, 10), (3, 10)], pointToPoint: false)
    // All say Hello every 10 s; those of 60 s are on their way.
    net.run(for: .seconds(60))
    let states = net.hosts.map { $0.instance.neighborViews.map(\.state) }
    net.suspend(0)
    net.run(for: .seconds(31))
    #expect(net.hosts[0].instance.silenceDeadline.map { $0 < net.now } == true)
    #expect(net.hosts[0].socket.count >= 9)
    net.resume(0)
    #expect(net.hosts[0].instance.neighborViews.map(\.state) == states[0])
    net.run(for: .seconds(60))
    #expect(net.hosts.map { $0.instance.neighborViews.map(\.state) } == states)
    #expect(net.hosts.allSatisfy { host in !host.lines.contains { $0.text.contains("InactivityTimer") } })
  }

  @Test func `a neighbour that is silent is given up at the deadline, whatever others say before it`() {
    var net = Simulation(seed: 3)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10), (2, 10)], pointToPoint: false)
    // Its last Hello is that of 60 s.
    net.run(for: .seconds(65))
    net.end(2)
    net.suspend(0)
    net.run(for: .seconds(36))
    net.resume(0)
    #expect(net.hosts[0].instance.neighborViews.map(\.routerID).contains(Simulation.routerID(2)))
    net.run(for: .milliseconds(1))
    #expect(!net.hosts[0].instance.neighborViews.map(\.routerID).contains(Simulation.routerID(2)))
  }

  @Test func `a link that goes takes its routes to the other path within 100 ms`() {
    var net = Simulation(seed: 4)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(1, 10), (2, 10)], pointToPoint: true)
    net.join([(0, 30), (2, 30)], pointToPoint: true)
    net.run(for: .seconds(20))
    #expect(net.hosts[0].routes[Simulation.stub(2)]?.metric1 == 21)
    net.setLink(1, up: false)
    net.run(for: .milliseconds(100))
    #expect(net.hosts[0].routes[Simulation.stub(2)]?.metric1 == 31)
    #expect(net.hosts[0].routes[Simulation.stub(2)]?.nextHops.first?.interface == 102)
  }

  @Test func `externals are announced, changed and withdrawn, and merged when two routers have the same`() throws {
    var net = Simulation(seed: 5)
    for _ in 0..<3 {
      net.addHost {
        $0.isASBoundaryRouter = true
        $0.mergeExternal = true
      }
    }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(0, 10), (2, 10)], pointToPoint: true)
    net.run(for: .seconds(10))
    let prefix = try #require(Prefix("2001:db8:e::/48"))
    net.deliver(.external(prefix, ExternalRoute()), to: 1)
    net.run(for: .seconds(1))
    #expect(net.hosts[0].routes[prefix]?.kind == .external2)
    #expect(net.hosts[0].routes[prefix]?.metric1 == 10)
    #expect(net.hosts[0].routes[prefix]?.metric2 == 10000)
    #expect(net.hosts[0].routes[prefix]?.nextHops.count == 1)
    net.deliver(.external(prefix, ExternalRoute()), to: 2)
    net.run(for: .seconds(2))
    #expect(net.hosts[0].routes[prefix]?.nextHops.map(\.interface).sorted() == [100, 101])
    net.deliver(.external(prefix, ExternalRoute(isType2: false, metric: 5, tag: 7)), to: 1)
    net.run(for: .seconds(6))
    #expect(net.hosts[0].routes[prefix]?.kind == .external1)
    #expect(net.hosts[0].routes[prefix]?.metric1 == 15)
    #expect(net.hosts[0].routes[prefix]?.tag == 7)
    net.deliver(.external(prefix, nil), to: 1)
    net.deliver(.external(prefix, nil), to: 2)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[prefix] == nil)
    #expect(net.hosts[0].instance.lsaViews(at: net.now).allSatisfy { $0.type != 0x4005 })
  }

  @Test func `a router that starts again takes its old LSAs over`() throws {
    var net = Simulation(seed: 6)
    net.addHost()
    net.addHost { $0.isASBoundaryRouter = true }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    let kept = try #require(Prefix("2001:db8:e1::/48"))
    let lost = try #require(Prefix("2001:db8:e2::/48"))
    net.deliver(.external(kept, ExternalRoute()), to: 1)
    net.deliver(.external(lost, ExternalRoute()), to: 1)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[lost] != nil)
    // It crashes and forgets everything.
    let configuration = net.hosts[1].instance.configuration
    net.hosts[1].instance = Instance(configuration: configuration, seed: 99, now: net.now)
    net.hosts[1].groups = []
    net.deliver(.interfaceChanged(InterfaceStatus(index: 100, name: "l0", linkLocal: Simulation.linkLocal(1, 100))), to: 1)
    net.deliver(.external(kept, ExternalRoute()), to: 1)
    net.run(for: .seconds(20))
    #expect(net.hosts[0].routes[kept] != nil)
    #expect(net.hosts[0].routes[lost] == nil)
    #expect(net.hosts[0].instance.neighborViews.map(\.state) == [.full])
  }

  @Test func `in two hours of quiet all LSAs are refreshed, none expires, and no route is output again`() {
    var net = Simulation(seed: 7)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10), (2, 10)], pointToPoint: false)
    net.run(for: .seconds(60))
    let changes = net.hosts.map(\.routeChanges)
    let calculations = net.hosts.map { $0.instance.calculations }
    net.run(for: .seconds(7200))
    #expect(net.hosts.map(\.routeChanges) == changes)
    #expect(net.hosts.map { $0.instance.calculations } == calculations)
    #expect(net.hosts[0].instance.lsaViews(at: net.now).allSatisfy { $0.age <= 1802 })
    #expect(net.hosts[0].routes[Simulation.stub(2)] != nil)
  }

  @Test(arguments: 1...48)
  func `random networks with loss, duplication and reordering come to equal databases and the shortest paths`(seed: Int) {
    var net = Self.randomNetwork(seed: UInt64(seed))
    net.run(for: .seconds(90))
    for round in 0..<3 {
      let link = Int(net.random.next() % UInt64(net.links.count))
      net.setLink(link, up: !net.links[link].isUp)
      net.run(for: .seconds(round == 2 ? 150 : 3))
    }
    net.loss = 0
    net.run(for: .seconds(100))
    Self.check(net, seed)
  }

  static func randomNetwork(seed: UInt64) -> Simulation {
    var net = Simulation(seed: seed)
    var random = SeededGenerator(seed: seed &* 7919)
    let count = 3 + Int(random.next() % 6)
    net.loss = random.next() % 20
    net.duplication = random.next() % 20
    net.jitter = .milliseconds(Int64(1 + random.next() % 50))
    for _ in 0..<count { net.addHost() }
    func cost() -> UInt16 { UInt16(1 + random.next() % 4) }
    for host in 1..<count { net.join([(Int(random.next() % UInt64(host)), cost()), (host, cost())], pointToPoint: random.next() % 3 > 0) }
    for _ in 0..<count {
      let a = Int(random.next() % UInt64(count))
      let b = Int(random.next() % UInt64(count))
      let c = Int(random.next() % UInt64(count))
      if a == b { continue }
      if c != a, c != b, random.next() % 2 == 0 {
        net.join([(a, cost()), (b, cost()), (c, cost())], pointToPoint: false)
      } else {
        net.join([(a, cost()), (b, cost())], pointToPoint: true)
      }
    }
    return net
  }

  /// Neighbours that are Full have equal databases; every route is what the reference says.
  static func check(_ net: Simulation, _ seed: Int) {
    let reference = Reference(net)
    for (number, host) in net.hosts.enumerated() {
      for neighbor in host.instance.neighborViews {
        #expect(neighbor.state == .full || neighbor.state == .twoWay, "seed \(seed) host \(number)")
        guard neighbor.state == .full else { continue }
        let other = Int(neighbor.routerID.rawValue & 0xff) - 1
        #expect(
          Self.database(host.instance, net.now) == Self.database(net.hosts[other].instance, net.now), "seed \(seed): \(number) and \(other)"
        )
      }
      for target in net.hosts.indices where target != number {
        let route = host.routes[Simulation.stub(target)]
        let expected = reference.route(from: number, to: target)
        #expect(route?.metric1 == expected?.metric, "seed \(seed): \(number) to \(target)")
        #expect(route?.nextHops ?? [] == expected?.hops ?? [], "seed \(seed): \(number) to \(target)")
      }
    }
  }

  private static func database(_ instance: Instance, _ now: Instant) -> [String] {
    instance.lsaViews(at: now).filter { if case .link = $0.scope { false } else { true } }
      .map { "\($0.type) \($0.linkStateID) \($0.advertisingRouter) \($0.sequenceNumber) \($0.checksum)" }
  }
}
