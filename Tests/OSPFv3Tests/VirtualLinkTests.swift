import RouteCore
import Testing

@testable import OSPFv3

/// Virtual links (RFC 2328 §15), in networks whose hosts forward the packets of these links by the routes they have.
@Suite struct VirtualLinkTests {
  private static let transit = RouterID(rawValue: 1)

  /// 0 and 1 have a link in the backbone, 1 to 3 one after another in area 1, 3 and 4 in area 2. 1 and 3 are the ends of a virtual link.
  private func chain(seed: UInt64 = 5, _ change: (Int, inout InstanceConfiguration) -> Void = { _, _ in }) -> Simulation {
    var net = Simulation(seed: seed)
    for area in [UInt32(0), 0, 1, 2, 2] { net.addHost(area: area) }
    net.join([(0, 10), (1, 10)], pointToPoint: true, area: 0)
    net.join([(1, 20), (2, 20)], pointToPoint: true, area: 1)
    net.join([(2, 30), (3, 30)], pointToPoint: true, area: 1)
    net.join([(3, 40), (4, 40)], pointToPoint: true, area: 2)
    Self.link(&net, 1, 3)
    for host in net.hosts.indices {
      var configuration = net.hosts[host].instance.configuration
      change(host, &configuration)
      net.deliver(.reconfigure(configuration), to: host)
    }
    net.run(for: .seconds(60))
    return net
  }

  /// Configures a virtual link through area 1 at both ends.
  static func link(_ net: inout Simulation, _ a: Int, _ b: Int, _ change: (inout InterfaceOptions) -> Void = { _ in }) {
    for (host, other) in [(a, b), (b, a)] {
      var options = InterfaceOptions()
      change(&options)
      configureLinks(&net, host) { $0.append(.init(peer: Simulation.routerID(other), options: options)) }
    }
  }

  private static func configureLinks(
    _ net: inout Simulation, _ host: Int, _ change: (inout [AreaConfiguration.VirtualLink]) -> Void
  ) {
    var configuration = net.hosts[host].instance.configuration
    for a in configuration.areas.indices where configuration.areas[a].id == transit { change(&configuration.areas[a].virtualLinks) }
    net.deliver(.reconfigure(configuration), to: host)
  }

  private func view(_ net: Simulation, _ host: Int, _ name: String = "vlink0") -> InterfaceView? {
    net.hosts[host].instance.interfaceViews.first { $0.name == name }
  }

  private func neighbor(_ net: Simulation, _ host: Int) -> NeighborView? {
    net.hosts[host].instance.neighborViews.first { $0.interfaceName.hasPrefix("vlink") }
  }

  private func router(_ net: Simulation, _ host: Int, in area: UInt32) -> RouterLSA? {
    let key = LSAKey(type: .router, linkStateID: 0, advertisingRouter: Simulation.routerID(host))
    let database = net.hosts[host].instance.database
    guard let place = database.find(.area(RouterID(rawValue: area)), key),
      case .router(let lsa) = DecodedLSA(database[place].bytes, .router)
    else { return nil }
    return lsa
  }

  /// "prefix metric" of what a router tells an area of others.
  private func told(_ net: Simulation, by host: Int, in area: UInt32) -> [String] {
    let database = net.hosts[host].instance.database
    return database.sorted(.area(RouterID(rawValue: area))).compactMap { place in
      let entry = database[place]
      guard entry.key.advertisingRouter == Simulation.routerID(host), entry.ageWhenInstalled < Constants.maxAge,
        case .interAreaPrefix(let lsa) = DecodedLSA(entry.bytes, entry.key.type)
      else { return nil }
      return "\(lsa.prefix.prefix) \(lsa.metric)"
    }.sorted()
  }

  private func endpoint(_ host: Int) -> IPAddress { IPAddress(high: Simulation.stub(host).address.high, low: 1) }

  @Test func `an area without a link into the backbone is joined to it through another`() throws {
    let net = chain()
    let shown = try #require(view(net, 3))
    #expect(shown.virtualLink == .init(peer: Simulation.routerID(1), peerAddress: endpoint(1), transitArea: Self.transit))
    #expect(shown.state == .pointToPoint && shown.cost == 50 && shown.priority == 0 && shown.areaID == .backbone)
    #expect(neighbor(net, 1)?.state == .full && neighbor(net, 1)?.address == endpoint(3))
    // RFC 5340 §4.4.3.2, RFC 2328 §12.4.1
    let own = try #require(router(net, 3, in: 0))
    #expect(own.links.map(\.type) == [.virtual] && own.links.map(\.metric) == [50] && own.flags == .b)
    #expect(own.links.first?.interfaceID == 0x8000_0000 && own.links.first?.neighborInterfaceID == 0x8000_0000)
    #expect(router(net, 3, in: 1)?.flags == [.b, .v] && router(net, 1, in: 1)?.flags == [.b, .v])
    #expect(router(net, 3, in: 2)?.flags == .b)
    #expect(net.hosts[2].instance.view.areas.map(\.isTransit) == [true])
    let expected: [(from: Int, to: Int, metric: UInt32, kind: OSPFRoute.Kind)] = [
      (0, 4, 101, .interArea), (4, 0, 101, .interArea), (3, 0, 61, .intraArea), (3, 1, 51, .intraArea), (1, 4, 91, .interArea),
      (2, 4, 71, .interArea), (2, 0, 31, .interArea), (0, 3, 61, .interArea),
    ]
    for (from, to, metric, kind) in expected {
      let route = net.hosts[from].routes[Simulation.stub(to)]
      #expect(route?.metric1 == metric && route?.kind == kind, "\(from) to \(to): \(String(describing: route))")
    }
    // §16.3: through the transit area, by its routers.
    #expect(net.hosts[3].routes[Simulation.stub(0)]?.nextHops == [NextHop(gateway: Simulation.linkLocal(2, 102), interface: 102)])
    #expect(net.hosts[3].routes[Simulation.stub(0)]?.areaID == .backbone)
    #expect(net.hosts[1].routes[Simulation.stub(4)]?.nextHops == [NextHop(gateway: Simulation.linkLocal(2, 101), interface: 101)])
    // RFC 2328 §12.4.3: the transit area does not hear of paths that lead through it.
    #expect(told(net, by: 3, in: 1) == ["2001:db8:4::/64 1", "2001:db8:5::/64 41"])
    #expect(told(net, by: 1, in: 1) == ["2001:db8:1::/64 11", "2001:db8:2::/64 1"])
    // RFC 5340 §4.4.3.9: the addresses of the ends are there for others, and are no routes of our own.
    #expect(net.hosts[2].routes[Prefix(host: endpoint(3))]?.metric1 == 30)
    #expect(net.hosts[3].routes[Prefix(host: endpoint(3))] == nil)
    // No group is joined for it.
    #expect(net.hosts[3].groups.allSatisfy { $0.interface < 1000 })
    try AreaSimulationTests.check(net, 0, "chain")
  }

  @Test func `externals come through the transit area and not over the link, and both ends find the way to them`() throws {
    let external = try #require(Prefix("2001:db8:e::/48"))
    for origin in [0, 4] {
      var net = chain { host, configuration in configuration.isASBoundaryRouter = host == origin }
      net.deliver(.external(external, ExternalRoute()), to: origin)
      net.run(for: .seconds(10))
      let far = origin == 0 ? 4 : 0
      #expect(net.hosts[far].routes[external]?.metric1 == 100, "\(origin)")
      let end = origin == 0 ? 3 : 1
      #expect(net.hosts[end].routes[external]?.nextHops.map(\.interface) == [origin == 0 ? 102 : 101], "\(origin)")
    }
  }

  @Test func `the link follows the cost of the way, goes down with it and comes back`() throws {
    var net = chain()
    var configuration = net.hosts[3].instance.configuration
    for a in configuration.areas.indices where configuration.areas[a].id == Self.transit {
      configuration.areas[a].interfaces[0].options.cost = 7
    }
    net.deliver(.reconfigure(configuration), to: 3)
    net.run(for: .seconds(10))
    #expect(view(net, 3)?.cost == 27 && view(net, 1)?.cost == 50)
    #expect(net.hosts[4].routes[Simulation.stub(0)]?.metric1 == 78 && neighbor(net, 3)?.state == .full)
    net.setLink(2, up: false)
    net.run(for: .seconds(10))
    let lost = try #require(view(net, 3))
    #expect(lost.state == .down && lost.cost == 0 && lost.virtualLink?.peerAddress == .unspecified && neighbor(net, 3) == nil)
    #expect(net.hosts[4].routes[Simulation.stub(0)] == nil && net.hosts[0].routes[Simulation.stub(4)] == nil)
    #expect(router(net, 1, in: 1)?.flags == .b && router(net, 3, in: 0)?.links == [])
    net.setLink(2, up: true)
    net.run(for: .seconds(60))
    #expect(view(net, 3)?.state == .pointToPoint && net.hosts[4].routes[Simulation.stub(0)]?.metric1 == 78)
    #expect(net.hosts[3].lines.isEmpty && net.hosts[1].lines.isEmpty)
  }

  @Test func `RFC 2328 15: a way of more than 0xffff makes no link`() {
    var net = chain { host, configuration in
      for a in configuration.areas.indices where configuration.areas[a].id == Self.transit && host != 1 {
        for i in configuration.areas[a].interfaces.indices { configuration.areas[a].interfaces[i].options.cost = 0x8000 }
      }
    }
    // From 3 over 2: twice 0x8000.
    #expect(view(net, 3)?.state == .down && view(net, 1)?.state == .pointToPoint && neighbor(net, 1) == nil)
    var configuration = net.hosts[3].instance.configuration
    for a in configuration.areas.indices where configuration.areas[a].id == Self.transit {
      configuration.areas[a].interfaces[0].options.cost = 0x7fff
    }
    net.deliver(.reconfigure(configuration), to: 3)
    net.run(for: .seconds(60))
    #expect(view(net, 3)?.state == .pointToPoint && view(net, 3)?.cost == 0xffff && neighbor(net, 1)?.state == .full)
  }

  @Test func `links come and go, and their intervals change, by reconfiguration; nothing else begins anew`() {
    var net = chain()
    for host in [1, 3] {
      Self.configureLinks(&net, host) { $0[0].options.helloInterval = 5 }
      Self.configureLinks(&net, host) { $0[0].options.deadInterval = 17 }
    }
    net.run(for: .seconds(60))
    #expect(view(net, 3)?.helloInterval == 5 && view(net, 3)?.deadInterval == 17 && neighbor(net, 3)?.state == .full)
    #expect(net.hosts[3].lines.allSatisfy { $0.text.contains("interval mismatch") })
    Self.configureLinks(&net, 3) { $0 = [] }
    net.run(for: .seconds(1))
    // The last Hello has told the other end.
    #expect(view(net, 3) == nil && neighbor(net, 1)?.state != .full && net.hosts[0].routes[Simulation.stub(4)] == nil)
    #expect(net.hosts[3].instance.neighborViews.count { $0.state == .full } == 2)
    Self.configureLinks(&net, 3) { $0.append(.init(peer: Simulation.routerID(1))) }
    Self.configureLinks(&net, 1) { $0[0].options = InterfaceOptions() }
    net.run(for: .seconds(60))
    #expect(view(net, 3, "vlink1")?.state == .pointToPoint && net.hosts[0].routes[Simulation.stub(4)]?.metric1 == 101)
    // Another Instance ID is another link.
    for host in [1, 3] { Self.configureLinks(&net, host) { $0[0].options.instanceID = 9 } }
    net.run(for: .seconds(60))
    #expect(view(net, 3, "vlink2")?.instanceID == 9 && net.hosts[0].routes[Simulation.stub(4)]?.metric1 == 101)
    // An area that becomes an NSSA is no transit area.
    for host in 1...3 {
      var configuration = net.hosts[host].instance.configuration
      for a in configuration.areas.indices where configuration.areas[a].id == Self.transit {
        configuration.areas[a].kind = .nssa
        configuration.areas[a].summary = true
      }
      net.deliver(.reconfigure(configuration), to: host)
    }
    net.run(for: .seconds(60))
    #expect(neighbor(net, 3) == nil && net.hosts[0].routes[Simulation.stub(4)] == nil)
    #expect(net.hosts[2].routes[Simulation.stub(4)]?.metric1 == 71)
  }

  @Test func `RFC 5340 4.2.2: what is taken for a packet of the link`() throws {
    var net = chain()
    func hello(_ sender: Int, area: RouterID = .backbone, instance: UInt8 = 0) -> [UInt8] {
      var packet = WireWriter()
      PacketHeader(type: .hello, routerID: Simulation.routerID(sender), areaID: area, instanceID: instance).encode(into: &packet)
      HelloPacket(
        interfaceID: 0x8000_0000, priority: 0, options: [.v6, .e, .r], helloInterval: 10, deadInterval: 40,
        designatedRouter: RouterID(rawValue: 0), backupDesignatedRouter: RouterID(rawValue: 0), neighbors: []
      ).encode(into: &packet)
      PacketHeader.finish(from: 0, in: &packet)
      return packet.bytes
    }
    func state(after bytes: [UInt8], on interface: UInt32, to destination: IPAddress? = nil) -> NeighborState? {
      var copy = net
      copy.deliver(
        .received(interface: interface, source: endpoint(1), destination: destination ?? endpoint(3), bytes: bytes), to: 3)
      return neighbor(copy, 3)?.state
    }
    // A Hello that does not list us is 1-Way: so it counts.
    #expect(state(after: hello(1), on: 102) == .`init`)
    // From somebody else; of another instance; not by the transit area; to a group.
    #expect(state(after: hello(2), on: 102) == .full)
    #expect(state(after: hello(1, instance: 1), on: 102) == .full)
    #expect(state(after: hello(1), on: 103) == .full)
    #expect(state(after: hello(1), on: 102, to: Constants.allSPFRouters) == .full)
    // While the link is down nobody is heard.
    net.setLink(2, up: false)
    net.run(for: .seconds(5))
    net.setLink(2, up: true)
    #expect(state(after: hello(1), on: 102) == nil)
  }

  @Test func `what keeps virtual links from being run`() {
    var configuration = InstanceConfiguration(routerID: Simulation.routerID(0))
    var area = AreaConfiguration(id: Self.transit)
    area.virtualLinks = [.init(peer: Simulation.routerID(1))]
    configuration.areas = [area]
    #expect(configuration.problems == ["Vlinks cannot be used on single area router"])
    configuration.areas.append(AreaConfiguration(id: RouterID(rawValue: 2)))
    #expect(configuration.problems == [])
    configuration.family = .ipv4
    #expect(configuration.problems == ["Vlinks not supported in AFs other than IPv6 unicast"])
    configuration.family = .ipv6
    area.id = .backbone
    configuration.areas[0] = area
    #expect(configuration.problems == ["Virtual link cannot be in backbone"])
  }

  @Test(arguments: 1...200)
  func `random backbones in pieces, joined through area 1, come to the routes of the reference, without loops`(seed: Int) throws {
    var net = Self.randomNetwork(seed: UInt64(seed))
    net.run(for: .seconds(150))
    try AreaSimulationTests.check(net, seed, "at first")
    for round in 0..<4 {
      let link = Int(net.random.next() % UInt64(net.links.count))
      net.setLink(link, up: !net.links[link].isUp)
      net.run(for: .seconds(round % 2 == 1 ? 200 : 3))
      if round % 2 == 1 { try AreaSimulationTests.check(net, seed, "round \(round)") }
    }
  }

  @Test(arguments: 1...60)
  func `with loss, duplication and reordering too`(seed: Int) throws {
    var net = Self.randomNetwork(seed: UInt64(seed + 1000))
    net.loss = net.random.next() % 20
    net.duplication = net.random.next() % 20
    net.jitter = .milliseconds(30)
    net.run(for: .seconds(150))
    let link = Int(net.random.next() % UInt64(net.links.count))
    net.setLink(link, up: false)
    net.run(for: .seconds(30))
    net.loss = 0
    net.run(for: .seconds(200))
    try AreaSimulationTests.check(net, seed, "in the end")
  }

  /// Area 1 with two to four border routers, each with a piece of the backbone or an area of its own behind it; virtual links join them.
  static func randomNetwork(seed: UInt64) -> Simulation {
    var net = Simulation(seed: seed)
    var random = SeededGenerator(seed: seed &* 7919)
    func upTo(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
    func cost() -> UInt16 { UInt16(1 + upTo(5)) }
    func connect(_ hosts: [Int], _ area: UInt32) {
      for (place, host) in hosts.enumerated().dropFirst() {
        net.join([(hosts[upTo(place)], cost()), (host, cost())], pointToPoint: upTo(3) > 0, area: area)
      }
      guard hosts.count > 1 else { return }
      for _ in 0..<upTo(3) {
        let a = hosts[upTo(hosts.count)]
        let b = hosts[upTo(hosts.count)]
        if a != b { net.join([(a, cost()), (b, cost())], pointToPoint: true, area: area) }
      }
    }
    var inside: [Int] = []
    for _ in 0..<upTo(4) {
      net.addHost(area: 1)
      inside.append(net.hosts.count - 1)
    }
    var borders: [Int] = []
    var areas: [(UInt32, [Int])] = []
    for number in 0..<(2 + upTo(3)) {
      let area: UInt32 = upTo(3) > 0 ? 0 : UInt32(10 + number)
      net.addHost(area: area)
      var members = [net.hosts.count - 1]
      borders += members
      for _ in 0..<upTo(3) {
        net.addHost(area: area)
        members.append(net.hosts.count - 1)
      }
      areas.append((area, members))
    }
    connect((inside + borders).shuffled(using: &random), 1)
    for (area, members) in areas { connect(members, area) }
    if upTo(3) == 0 { net.join([(borders[0], cost()), (borders[1], cost())], pointToPoint: true, area: 0) }
    for (place, border) in borders.enumerated().dropFirst() { link(&net, borders[upTo(place)], border) }
    if borders.count > 2, upTo(2) == 0 { link(&net, borders[0], borders[borders.count - 1]) }
    return net
  }
}
