import OSPFv3
import RouteCore
import Testing

/// Single rules, with a neighbour whose packets are written by hand.
@Suite struct MachineTests {
  /// Two routers, Full, on a point-to-point link.
  private func pair(_ seed: UInt64 = 1) -> Simulation {
    var net = Simulation(seed: seed)
    net.addHost { $0.isASBoundaryRouter = true }
    net.addHost { $0.isASBoundaryRouter = true }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.run(for: .seconds(20))
    return net
  }

  @Test func `RFC 5882 4.1: a neighbour whose path has failed is down at once, with its routes, and comes back by its Hellos`() {
    var net = Simulation(seed: 4)
    net.addHost()
    net.addHost()
    net.join([(0, 10), (1, 10)], pointToPoint: true) { $0.bfd = true }
    #expect(net.hosts[0].instance.watchedNeighbors == [])
    net.run(for: .seconds(20))
    let other = WatchedNeighbor(interface: 100, address: Simulation.linkLocal(1, 100), local: Simulation.linkLocal(0, 100))
    #expect(net.hosts[0].instance.watchedNeighbors == [other])
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
    net.setLink(0, up: false, noticed: false)
    net.deliver(.pathFailed(interface: 100, address: Simulation.linkLocal(9, 100)), to: 0)
    net.run(for: .milliseconds(100))
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
    net.deliver(.pathFailed(interface: 100, address: other.address), to: 0)
    net.run(for: .milliseconds(100))
    #expect(net.hosts[0].instance.watchedNeighbors == [])
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
    net.setLink(0, up: true, noticed: false)
    net.run(for: .seconds(20))
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
  }

  @Test func `switching bfd on and off says that other neighbours are to be watched`() {
    var net = pair()
    var configuration = net.hosts[0].instance.configuration
    for isOn in [true, false] {
      for block in configuration.areas[0].interfaces.indices { configuration.areas[0].interfaces[block].options.bfd = isOn }
      var output = Output()
      net.hosts[0].instance.handle(.reconfigure(configuration), at: net.now, into: &output)
      #expect(output.neighborsChanged)
      #expect(net.hosts[0].instance.watchedNeighbors.count == (isOn ? 1 : 0))
      #expect(net.hosts[0].instance.neighborViews.map(\.state) == [.full])
    }
  }

  @Test(arguments: [1420, 9000] as [UInt32])
  func `RFC 2328 10.6: ends with different MTUs stay in ExStart and say so once, until they are equal`(_ mtu: UInt32) {
    var net = Simulation(seed: 4)
    net.addHost()
    net.addHost()
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    func setMTU(_ value: UInt32) {
      net.deliver(
        .interfaceChanged(InterfaceStatus(index: 100, name: "l0", mtu: value, linkLocal: Simulation.linkLocal(1, 100))), to: 1)
    }
    setMTU(mtu)
    net.run(for: .seconds(60))
    for (host, other, remote, local) in [(0, 1, mtu, 1500), (1, 0, 1500, mtu)] {
      #expect(net.hosts[host].instance.neighborViews.map(\.state) == [.exStart])
      #expect(net.hosts[host].routes[Simulation.stub(other)] == nil)
      let told = net.hosts[host].lines.filter { $0.level == .remote }
      #expect(told.map(\.text) == ["MTU mismatch with nbr \(Simulation.routerID(other)) on l0 (remote \(remote), local \(local))"])
    }
    setMTU(1500)
    net.run(for: .seconds(20))
    #expect(net.hosts.allSatisfy { $0.instance.neighborViews.map(\.state) == [.full] })
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
  }

  private func packet(_ type: PacketType, from host: Int, _ body: (inout WireWriter) -> Void) -> [UInt8] {
    var writer = WireWriter()
    PacketHeader(type: type, routerID: Simulation.routerID(host), areaID: RouterID(rawValue: 0), instanceID: 0).encode(into: &writer)
    body(&writer)
    PacketHeader.finish(from: 0, in: &writer)
    return writer.bytes
  }

  private func deliver(_ bytes: [UInt8], from sender: Int, to host: Int, in net: inout Simulation) {
    net.deliver(
      .received(interface: 100, source: Simulation.linkLocal(sender, 100), destination: Constants.allSPFRouters, bytes: bytes), to: host)
  }

  private func external(_ prefix: String, id: UInt32, from host: Int, sequence: Int32, metric: UInt32, age: UInt16 = 1) throws -> [UInt8] {
    var writer = WireWriter()
    ASExternalLSA(isType2: true, metric: metric, prefix: LSAPrefix(try #require(Prefix(prefix)))).encode(into: &writer)
    return LSAEncoding.lsa(
      LSAHeader(age: age, type: .asExternal, linkStateID: id, advertisingRouter: Simulation.routerID(host), sequenceNumber: sequence),
      body: writer.bytes)
  }

  private func update(_ lsas: [[UInt8]], from host: Int) -> [UInt8] {
    packet(.linkStateUpdate, from: host) { LinkStateUpdatePacket(lsas: lsas).encode(into: &$0) }
  }

  private func sequence(_ instance: Instance, _ type: UInt16, _ router: Int, _ now: Instant) -> UInt32? {
    instance.lsaViews(at: now).first { $0.type == type && $0.advertisingRouter == Simulation.routerID(router) }?.sequenceNumber
  }

  @Test func `RFC 2328 13 (5a): of LSAs that follow their predecessors within a second a few are taken, then none`() throws {
    var net = pair()
    for number in Int32(1)...10 {
      let lsa = try external("2001:db8:e::/48", id: 5, from: 1, sequence: number, metric: UInt32(number))
      deliver(update([lsa], from: 1), from: 1, to: 0, in: &net)
      if number < 10 { net.now += .milliseconds(100) }
    }
    // The first and three early ones.
    #expect(sequence(net.hosts[0].instance, 0x4005, 1, net.now) == 4)
    net.now += .milliseconds(600)
    let late = try external("2001:db8:e::/48", id: 5, from: 1, sequence: 11, metric: 11)
    deliver(update([late], from: 1), from: 1, to: 0, in: &net)
    #expect(sequence(net.hosts[0].instance, 0x4005, 1, net.now) == 11)
    // It was not quiet since, so the next early one is not taken.
    net.now += .milliseconds(500)
    let early = try external("2001:db8:e::/48", id: 5, from: 1, sequence: 12, metric: 12)
    deliver(update([early], from: 1), from: 1, to: 0, in: &net)
    #expect(sequence(net.hosts[0].instance, 0x4005, 1, net.now) == 11)
  }

  @Test func `an LSA with a wrong checksum, a malformed body or the reserved scope is dropped`() throws {
    var net = pair()
    let before = net.hosts[0].instance.lsaViews(at: net.now).count
    var broken = try external("2001:db8:e::/48", id: 5, from: 1, sequence: 1, metric: 1)
    broken[24] ^= 1
    let malformed = LSAEncoding.lsa(
      LSAHeader(age: 1, type: .asExternal, linkStateID: 6, advertisingRouter: Simulation.routerID(1), sequenceNumber: 1),
      body: [4, 0, 0, 1, 129, 0, 0, 0])
    let reserved = LSAEncoding.lsa(
      LSAHeader(
        age: 1, type: LSAType(rawValue: 0xe001), linkStateID: 7, advertisingRouter: Simulation.routerID(1), sequenceNumber: 1), body: [])
    deliver(update([broken, malformed, reserved], from: 1), from: 1, to: 0, in: &net)
    #expect(net.hosts[0].instance.lsaViews(at: net.now).count == before)
    // One complaint for all three: they came within a second.
    #expect(net.hosts[0].lines.count { $0.level == .remote } == 1)
  }

  @Test func `an unknown type with the U-bit travels on, without it stays on its link`() throws {
    var net = Simulation(seed: 3)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(0, 10), (2, 10)], pointToPoint: true)
    net.run(for: .seconds(20))
    let lsas = [UInt16(0xa0ff), 0x20ff].map {
      LSAEncoding.lsa(
        LSAHeader(age: 1, type: LSAType(rawValue: $0), linkStateID: 7, advertisingRouter: Simulation.routerID(1), sequenceNumber: 1),
        body: [1, 2, 3, 4])
    }
    deliver(update(lsas, from: 1), from: 1, to: 0, in: &net)
    net.run(for: .seconds(2))
    #expect(net.hosts[2].instance.lsaViews(at: net.now).map(\.type).filter { $0 & 0xff == 0xff } == [0xa0ff])
    #expect(net.hosts[0].instance.lsaViews(at: net.now).count { $0.type & 0xff == 0xff } == 2)
  }

  @Test func `RFC 2328 14: MaxAge removes an LSA and its route everywhere, and one nobody has is only acknowledged`() throws {
    var net = pair()
    deliver(update([try external("2001:db8:e::/48", id: 5, from: 1, sequence: 1, metric: 1)], from: 1), from: 1, to: 0, in: &net)
    net.run(for: .milliseconds(200))
    let prefix = try #require(Prefix("2001:db8:e::/48"))
    #expect(net.hosts[0].routes[prefix]?.metric2 == 1)
    net.run(for: .seconds(2))
    deliver(
      update([try external("2001:db8:e::/48", id: 5, from: 1, sequence: 1, metric: 1, age: 3600)], from: 1), from: 1, to: 0, in: &net)
    net.run(for: .seconds(1))
    #expect(net.hosts[0].routes[prefix] == nil)
    #expect(sequence(net.hosts[0].instance, 0x4005, 1, net.now) == nil)
  }

  @Test func `an LSA nobody refreshes is gone after an hour`() throws {
    var net = pair()
    deliver(update([try external("2001:db8:e::/48", id: 5, from: 7, sequence: 1, metric: 1)], from: 1), from: 1, to: 0, in: &net)
    net.run(for: .seconds(3590))
    #expect(sequence(net.hosts[0].instance, 0x4005, 7, net.now) == 1)
    net.run(for: .seconds(20))
    #expect(sequence(net.hosts[0].instance, 0x4005, 7, net.now) == nil)
  }

  @Test func `RFC 2328 13.4: an LSA of our own from an earlier life is flushed, and one still said is said anew`() throws {
    var net = pair()
    let sequenceBefore = try #require(sequence(net.hosts[0].instance, 0x2001, 0, net.now))
    var writer = WireWriter()
    RouterLSA(flags: [], options: [.v6, .e, .r], links: []).encode(into: &writer)
    let router = LSAEncoding.lsa(
      LSAHeader(
        age: 1, type: .router, linkStateID: 0, advertisingRouter: Simulation.routerID(0),
        sequenceNumber: Int32(bitPattern: sequenceBefore) + 10), body: writer.bytes)
    deliver(update([router, try external("2001:db8:e::/48", id: 5, from: 0, sequence: 1, metric: 1)], from: 1), from: 1, to: 0, in: &net)
    net.run(for: .seconds(7))
    for host in net.hosts {
      #expect(sequence(host.instance, 0x2001, 0, net.now) == sequenceBefore + 11)
      #expect(sequence(host.instance, 0x4005, 0, net.now) == nil)
      #expect(host.routes[Simulation.stub(0)] != nil)
    }
  }

  @Test func `RFC 2328 12.1.6: after the last sequence number the LSA is flushed and begins anew`() throws {
    var net = pair()
    let prefix = try #require(Prefix("2001:db8:e::/48"))
    net.deliver(.external(prefix, ExternalRoute()), to: 0)
    net.run(for: .seconds(10))
    let id = try #require(net.hosts[0].instance.lsaViews(at: net.now).first { $0.type == 0x4005 }).linkStateID
    deliver(
      update([try external("2001:db8:e::/48", id: id.rawValue, from: 0, sequence: 0x7fff_fffe, metric: 1)], from: 1), from: 1, to: 0,
      in: &net)
    net.run(for: .seconds(10))
    #expect(sequence(net.hosts[1].instance, 0x4005, 0, net.now) == 0x7fff_ffff)
    net.deliver(.external(prefix, ExternalRoute(metric: 77)), to: 0)
    net.run(for: .seconds(15))
    #expect(sequence(net.hosts[1].instance, 0x4005, 0, net.now) == 0x8000_0001)
    #expect(net.hosts[1].routes[prefix]?.metric2 == 77)
  }

  @Test func `a link that flaps all the time makes a few early router-LSAs, then no more than MinLSInterval allows`() throws {
    var net = Simulation(seed: 9)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(0, 10), (2, 10)], pointToPoint: true)
    net.run(for: .seconds(20))
    let before = try #require(sequence(net.hosts[0].instance, 0x2001, 0, net.now))
    for flap in 0..<50 {
      net.setLink(1, up: flap % 2 == 1)
      net.run(for: .milliseconds(400))
    }
    let after = try #require(sequence(net.hosts[0].instance, 0x2001, 0, net.now))
    // The first, three early ones, and one every 5 s of 20.
    #expect((4...8).contains(after - before))
    for flap in 0..<50 {
      net.setLink(1, up: flap % 2 == 1)
      net.run(for: .milliseconds(400))
    }
    let later = try #require(sequence(net.hosts[0].instance, 0x2001, 0, net.now))
    #expect((3...5).contains(later - after))
    net.run(for: .seconds(60))
    #expect(net.hosts[1].routes[Simulation.stub(2)]?.metric1 == 21)
  }

  @Test func `a neighbour that does not acknowledge is sent the LSA again every RxmtInterval`() throws {
    var net = pair()
    net.links[0].isUp = false
    let prefix = try #require(Prefix("2001:db8:e::/48"))
    net.deliver(.external(prefix, ExternalRoute()), to: 0)
    net.run(for: .seconds(1))
    let sent = net.hosts[0].packets
    net.run(for: .seconds(20))
    // 4 retransmissions and 2 Hellos.
    #expect((5...7).contains(net.hosts[0].packets - sent))
    net.links[0].isUp = true
    net.run(for: .seconds(6))
    #expect(net.hosts[1].routes[prefix] != nil)
  }

  @Test func `a neighbour that falls silent is gone after RouterDeadInterval, to the second`() {
    var net = pair()
    net.run(for: .seconds(10))
    net.setLink(0, up: false, noticed: false)
    net.run(for: .seconds(29))
    #expect(net.hosts[0].instance.neighborViews.count == 1)
    net.run(for: .seconds(12))
    #expect(net.hosts[0].instance.neighborViews.isEmpty)
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
  }

  @Test func `Hellos with other intervals, areas or Instance IDs make no neighbour`() {
    var net = Simulation(seed: 11)
    net.addHost()
    net.addHost()
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    for change in [{ (o: inout InterfaceOptions) in o.helloInterval = 9 }, { $0.deadInterval = 39 }, { $0.instanceID = 1 }] {
      var configuration = net.hosts[1].instance.configuration
      configuration.areas[0].interfaces[1].options = InterfaceOptions()
      configuration.areas[0].interfaces[1].options.type = .pointToPoint
      change(&configuration.areas[0].interfaces[1].options)
      net.deliver(.reconfigure(configuration), to: 1)
      net.run(for: .seconds(60))
      #expect(net.hosts[1].instance.neighborViews.isEmpty)
    }
  }

  @Test func `a new cost and the first export are taken over in place, with the adjacency`() throws {
    var net = Simulation(seed: 12)
    net.addHost()
    net.addHost()
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.run(for: .seconds(20))
    let since = try #require(net.hosts[1].instance.neighborViews.first)
    let before = try #require(net.hosts[1].routes[Simulation.stub(0)]?.metric1)
    var configuration = net.hosts[1].instance.configuration
    for index in configuration.areas[0].interfaces.indices { configuration.areas[0].interfaces[index].options.cost &+= 30 }
    net.deliver(.reconfigure(configuration), to: 1)
    var other = net.hosts[0].instance.configuration
    other.isASBoundaryRouter = true
    net.deliver(.reconfigure(other), to: 0)
    let prefix = try #require(Prefix("2001:db8:e::/48"))
    net.deliver(.external(prefix, ExternalRoute()), to: 0)
    net.run(for: .seconds(8))
    #expect(net.hosts[1].routes[Simulation.stub(0)]?.metric1 == before + 30)
    #expect(net.hosts[1].routes[prefix] != nil)
    #expect(net.hosts[1].instance.neighborViews.first?.state == since.state)
    other.isASBoundaryRouter = false
    net.deliver(.reconfigure(other), to: 0)
    net.run(for: .seconds(8))
    #expect(net.hosts[1].routes[prefix] == nil)
    #expect(net.hosts[1].routes[Simulation.stub(0)]?.metric1 == before + 30)
  }

  @Test func `a prefix-only change needs no Dijkstra, and only the routes that changed are output`() throws {
    var net = pair()
    net.run(for: .seconds(10))
    let dijkstras = net.hosts[1].instance.shortestPathCalculations
    let changes = net.hosts[1].routeChanges
    let address = try #require(IPAddress("2001:db8:77::1"))
    net.deliver(
      .interfaceChanged(
        InterfaceStatus(index: 1, name: "dummy0", linkLocal: Simulation.linkLocal(0, 1), addresses: [.init(address, length: 64)])), to: 0)
    net.run(for: .seconds(6))
    #expect(net.hosts[1].instance.shortestPathCalculations == dijkstras)
    #expect(net.hosts[1].routeChanges == changes + 2)
    #expect(net.hosts[1].routes[Simulation.stub(0)] == nil)
    #expect(net.hosts[1].routes[Prefix(address, 64)]?.metric1 == 11)
  }

  @Test func `a hub of 80 links needs two router-LSAs, and one link that goes changes one of them`() throws {
    var net = Simulation(seed: 12)
    for _ in 0...80 { net.addHost() }
    for spoke in 1...80 { net.join([(0, 10), (spoke, 10)], pointToPoint: true) }
    net.run(for: .seconds(20))
    func hub() -> [LSAView] {
      net.hosts[7].instance.lsaViews(at: net.now).filter { $0.type == 0x2001 && $0.advertisingRouter == Simulation.routerID(0) }
    }
    let before = hub()
    #expect(before.count == 2)
    #expect(net.hosts[7].routes[Simulation.stub(79)]?.metric1 == 21)
    net.setLink(3, up: false)
    net.run(for: .seconds(2))
    let after = hub()
    #expect(zip(before, after).count { $0.sequenceNumber != $1.sequenceNumber } == 1)
    #expect(net.hosts[7].routes[Simulation.stub(4)] == nil)
  }

  @Test func `a configuration that cannot be run is refused with the reason`() {
    var configuration = InstanceConfiguration(routerID: RouterID(rawValue: 1))
    #expect(configuration.problems == ["No configured areas in OSPF"])
    configuration.areas = [AreaConfiguration(id: RouterID(rawValue: 0))]
    #expect(configuration.problems.isEmpty)
    configuration.areas[0].kind = .stub
    #expect(configuration.problems == ["Backbone area cannot be stub/NSSA"])
    configuration.areas[0] = AreaConfiguration(id: RouterID(rawValue: 1))
    configuration.areas[0].summary = true
    #expect(configuration.problems == ["Only stub/NSSA areas can use summary propagation"])
    configuration.areas[0].kind = .stub
    #expect(configuration.problems.isEmpty)
    configuration.isASBoundaryRouter = true
    #expect(configuration.problems == ["ASBR must be in non-stub area"])
    configuration.areas.append(AreaConfiguration(id: RouterID(rawValue: 2)))
    #expect(configuration.problems.isEmpty)
    configuration.areas[1].kind = .nssa
    #expect(configuration.problems.isEmpty)
    configuration.areas[1].defaultNSSA = true
    #expect(configuration.problems == ["Only NSSA areas with summary propagation can use NSSA default route"])
    configuration.areas[1].summary = true
    configuration.areas[1].isDefaultType2 = true
    #expect(configuration.problems.isEmpty)
    configuration.areas[1].defaultNSSA = false
    #expect(configuration.problems == ["Only NSSA default route can use type 2 metric"])
  }

  @Test func `mutated packets neither crash an instance nor keep it from working`() {
    var net = pair(21)
    var random = SeededGenerator(seed: 4711)
    let seeds =
      (Fixtures.hello + Fixtures.databaseDescription + Fixtures.linkStateRequest + Fixtures.linkStateUpdate
      + Fixtures.linkStateAcknowledgment).map(CodecTests.bytes)
    for round in 0..<20_000 {
      var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
      // From the neighbour, in its area, so that it gets past the header.
      bytes.replaceSubrange(4..<12, with: [10, 0, 0, 2, 0, 0, 0, 0])
      for _ in 0..<Int(random.next() % 6) { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
      bytes.replaceSubrange(2..<4, with: [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)])
      if random.next() % 2 == 0 { bytes = Fuzzing.repairChecksums(bytes) }
      bytes.replaceSubrange(2..<4, with: [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)])
      deliver(bytes, from: 1, to: 0, in: &net)
      if round % 50 == 0 { net.run(for: .milliseconds(700)) }
    }
    net.run(for: .seconds(4000))
    #expect(net.hosts[0].instance.neighborViews.map(\.state) == [.full])
    #expect(net.hosts[0].routes[Simulation.stub(1)]?.metric1 == 11)
  }
}
