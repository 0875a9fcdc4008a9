import RouteCore
import Testing

@testable import OSPFv3

/// Networks without multicast: NBMA with a designated router, and point-to-multipoint (RFC 2328 §9.5.1, RFC 5340 §4.4.3.2).
@Suite struct NonBroadcastTests {
  /// A network of routers of which each has all others as configured neighbours, those of a priority as eligible.
  private func network(
    _ type: NetworkType, _ priorities: [UInt8], seed: UInt64 = 1, costs: [UInt16] = [],
    _ change: (Int, inout InterfaceOptions) -> Void = { _, _ in }
  ) -> Simulation {
    var net = Simulation(seed: seed)
    for _ in priorities { net.addHost() }
    add(type, priorities, costs: costs, to: &net, change)
    return net
  }

  private func add(
    _ type: NetworkType, _ priorities: [UInt8], costs: [UInt16] = [], to net: inout Simulation,
    _ change: (Int, inout InterfaceOptions) -> Void = { _, _ in }
  ) {
    let index = UInt32(100 + net.links.count)
    var host = 0
    let members = priorities.indices.map { (host: $0, cost: costs.isEmpty ? 10 : costs[$0]) }
    net.join(members, pointToPoint: !type.hasDesignatedRouter) { options in
      options.type = type
      options.priority = priorities[host]
      options.neighbors = priorities.indices.map {
        InterfaceOptions.Neighbor(address: Simulation.linkLocal($0, index), isEligible: priorities[$0] > 0)
      }
      change(host, &options)
      host += 1
    }
    net.links[net.links.count - 1].isUnicastOnly = true
  }

  private func expectReference(_ net: Simulation, sourceLocation: SourceLocation = #_sourceLocation) {
    let reference = Reference(net)
    for a in net.hosts.indices {
      for b in net.hosts.indices where a != b {
        let wanted = reference.route(from: a, to: b)
        let found = net.hosts[a].routes[Simulation.stub(b)]
        #expect(found?.metric1 == wanted?.metric, "\(a) to \(b)", sourceLocation: sourceLocation)
        #expect(found?.nextHops == wanted?.hops, "\(a) to \(b)", sourceLocation: sourceLocation)
      }
    }
  }

  private func states(_ net: Simulation, _ host: Int) -> [NeighborState] { net.hosts[host].instance.neighborViews.map(\.state) }

  private func reconfigure(_ net: inout Simulation, _ host: Int, _ change: (inout InterfaceOptions) -> Void) {
    var configuration = net.hosts[host].instance.configuration
    for block in configuration.areas[0].interfaces.indices.dropFirst() { change(&configuration.areas[0].interfaces[block].options) }
    net.deliver(.reconfigure(configuration), to: host)
  }

  // MARK: NBMA

  @Test func `NBMA: routers elect a designated router and exchange everything without multicast, those that are not eligible included`() {
    var net = network(.nonBroadcast, [1, 1, 1, 0, 0])
    net.run(for: .seconds(39))
    #expect(net.hosts[0].instance.interfaceViews.last?.state == .waiting)
    #expect(net.hosts[4].instance.interfaceViews.last?.state == .designatedRouterOther)
    net.run(for: .seconds(41))
    for host in net.hosts {
      let view = host.instance.interfaceViews.last
      #expect(view?.type == .nonBroadcast)
      #expect(view?.designatedRouter == Simulation.routerID(2))
      #expect(view?.backupDesignatedRouter == Simulation.routerID(1))
      #expect(host.groups.isEmpty)
    }
    #expect(states(net, 2) == [.full, .full, .full, .full])
    #expect(states(net, 0) == [.full, .full])
    // Two that are not eligible have nothing to say to each other.
    #expect(states(net, 4) == [.full, .full])
    expectReference(net)
    #expect(net.hosts[4].routes[net.links[0].prefix]?.routerID == Simulation.routerID(2))
  }

  @Test func `9.5.1: a silent neighbour is tried every HelloInterval for RouterDeadInterval, then every PollInterval`() {
    var net = network(.nonBroadcast, [1]) { _, options in
      options.neighbors = [.init(address: Simulation.linkLocal(1, 100), isEligible: true)]
    }
    var counts: [Int] = []
    for _ in 0..<10 {
      net.run(for: .seconds(10) - .milliseconds(1))
      counts.append(net.hosts[0].packets)
      net.run(for: .milliseconds(1))
    }
    // At 0, 10, 20 and 30, and at 40, 60 and 80.
    #expect(counts == [1, 2, 3, 4, 5, 5, 6, 6, 7, 7])
  }

  @Test func `9.4 (6): who becomes designated router speaks to those that are not eligible, not earlier`() {
    var net = network(.nonBroadcast, [1]) { _, options in options.neighbors = [.init(address: Simulation.linkLocal(1, 100))] }
    net.run(for: .seconds(39))
    #expect(net.hosts[0].packets == 0)
    net.run(for: .seconds(60))
    // At 40, 50, 60 and 70, and at 80.
    #expect(net.hosts[0].packets == 5)
  }

  @Test func `9.5.1: who is not eligible speaks only when spoken to`() {
    var net = network(.nonBroadcast, [0]) { _, options in
      options.neighbors = [.init(address: Simulation.linkLocal(1, 100), isEligible: true)]
    }
    net.run(for: .seconds(300))
    #expect(net.hosts[0].packets == 0)
  }

  @Test func `a neighbour that is lost goes after RouterDeadInterval, and is found again by polling`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      // Only one end knows of the other.
      var net = network(type, [1, 1]) { host, options in
        if host == 1 { options.neighbors = [] }
        options.pollInterval = 60
      }
      net.run(for: .seconds(100))
      #expect(states(net, 0) == [.full])
      expectReference(net)
      net.setLink(0, up: false, noticed: false)
      net.run(for: .seconds(45))
      #expect(states(net, 0) == [])
      #expect(net.hosts[1].routes[Simulation.stub(0)] == nil)
      net.run(for: .seconds(600))
      net.setLink(0, up: true, noticed: false)
      net.run(for: .seconds(type == .nonBroadcast ? 61 : 11))
      #expect(net.hosts[0].instance.neighborViews.count == 1)
      net.run(for: .seconds(30))
      expectReference(net)
    }
  }

  @Test func `NBMA: the backup takes over when the designated router has gone, and with it the routers that are not eligible`() {
    var net = network(.nonBroadcast, [1, 1, 1, 0])
    net.run(for: .seconds(90))
    #expect(net.hosts[3].instance.interfaceViews.last?.designatedRouter == Simulation.routerID(2))
    net.links[0].separated = [[0, 2], [1, 2], [3, 2]]
    net.run(for: .seconds(90))
    for host in [0, 1, 3] {
      #expect(net.hosts[host].instance.interfaceViews.last?.designatedRouter == Simulation.routerID(1))
      #expect(net.hosts[host].routes[Simulation.stub(2)] == nil)
    }
    #expect(net.hosts[3].routes[Simulation.stub(0)]?.nextHops == [NextHop(gateway: Simulation.linkLocal(0, 100), interface: 100)])
    net.links[0].separated = []
    net.run(for: .seconds(120))
    expectReference(net)
  }

  @Test func `14.1: an orderly end is told to each neighbour, who forgets the router at once`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      var net = network(type, [1, 1, 0])
      net.run(for: .seconds(90))
      expectReference(net)
      net.deliver(.stop, to: 0)
      net.run(for: .seconds(2))
      for host in [1, 2] {
        #expect(net.hosts[host].instance.neighborViews.filter { $0.routerID == Simulation.routerID(0) }.allSatisfy { $0.state == .`init` })
        #expect(net.hosts[host].routes[Simulation.stub(0)] == nil)
      }
    }
  }

  @Test(arguments: [NetworkType.nonBroadcast, .pointToMultipoint])
  func `packets that are lost, doubled and late: all routes are there at last`(type: NetworkType) {
    for seed in UInt64(1)...6 {
      var net = network(type, [1, 1, 0, 1, 0, 1], seed: seed, costs: [10, 20, 30, 5, 10, 40])
      if type == .pointToMultipoint { net.links[0].separated = [[0, 1], [2, 3], [4, 5], [0, 5]] }
      net.loss = 20
      net.duplication = 10
      net.jitter = .milliseconds(300)
      net.run(for: .seconds(300))
      net.loss = 0
      net.run(for: .seconds(200))
      expectReference(net)
    }
  }

  @Test func `networks of all types beside each other, whose links come and go`() {
    for seed in UInt64(1)...4 {
      let priorities: [UInt8] = [1, 1, 0, 1, 1, 0]
      var net = network(.nonBroadcast, priorities, seed: seed, costs: [50, 60, 70, 50, 55, 65])
      add(.pointToMultipoint, priorities, costs: [10, 15, 20, 25, 30, 35], to: &net)
      net.links[1].separated = [[0, 1], [0, 2], [1, 3], [2, 4], [3, 5], [4, 5]]
      net.join([(0, 5), (5, 7)], pointToPoint: true)
      net.join([(1, 40), (2, 45), (3, 40)], pointToPoint: false)
      net.loss = 5
      net.jitter = .milliseconds(50)
      net.run(for: .seconds(200))
      expectReference(net)
      for link in [2, 1, 0] {
        net.setLink(link, up: false, noticed: seed % 2 == 0)
        net.run(for: .seconds(90))
        expectReference(net)
      }
      for link in [0, 2, 1] {
        net.setLink(link, up: true, noticed: seed % 2 == 0)
        net.run(for: .seconds(200))
        expectReference(net)
      }
    }
  }

  // MARK: who becomes a neighbour

  private func remarks(_ net: Simulation, _ host: Int) -> Set<String> {
    Set(net.hosts[host].lines.filter { $0.level == .remote || $0.level == .warning }.map(\.text))
  }

  @Test func `a router that is not configured is taken for a neighbour, unless the network is strict`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      for isStrict in [false, true] {
        var net = network(type, [1, 1]) { host, options in
          if host == 1 { options.neighbors = [] }
          options.strictNonBroadcast = isStrict
        }
        net.run(for: .seconds(60))
        #expect(states(net, 1) == (isStrict ? [] : [.full]))
        let denied: Set = ["Bad packet from \(Simulation.linkLocal(0, 100)) via l0 - new neighbor denied"]
        #expect(remarks(net, 1) == (isStrict ? denied : []))
        #expect(net.hosts[1].instance.interfaceViews.last?.isStrict == isStrict)
      }
    }
  }

  @Test func `on NBMA, what is configured has to agree with the neighbour's priority; on point-to-multipoint that is of no importance`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      var net = network(type, [1, 0]) { host, options in
        if host == 1 { options.neighbors[0].isEligible = false }
      }
      net.run(for: .seconds(80))
      #expect(states(net, 1) == (type == .nonBroadcast ? [] : [.full]))
      let mismatch: Set = ["Bad packet from \(Simulation.linkLocal(0, 100)) via l0 - eligibility mismatch (1)"]
      #expect(remarks(net, 1) == (type == .nonBroadcast ? mismatch : []))
    }
  }

  // MARK: point-to-multipoint

  @Test func `point-to-multipoint: a hub and its spokes are adjacent in pairs, and the spokes reach each other through the hub`() {
    var net = network(.pointToMultipoint, [1, 1, 1, 1], costs: [5, 10, 20, 30])
    net.links[0].separated = [[1, 2], [1, 3], [2, 3]]
    net.run(for: .seconds(60))
    #expect(states(net, 0) == [.full, .full, .full])
    for spoke in 1...3 {
      #expect(states(net, spoke) == [.full])
      #expect(net.hosts[spoke].instance.interfaceViews.last?.state == .pointToPoint)
      #expect(net.hosts[spoke].instance.neighborViews.first?.position == .pointToPoint)
    }
    expectReference(net)
    #expect(net.hosts[1].routes[Simulation.stub(3)]?.metric1 == 16)
    #expect(net.hosts.allSatisfy { $0.groups.isEmpty })
    // 12.4.1.4, RFC 5340 4.4.3.2: a link to each neighbour.
    let database = net.hosts[2].instance.database
    let scope = Scope.area(RouterID(rawValue: 0))
    let found = database.sorted(scope).compactMap { place -> [RouterLSA.Link]? in
      guard database[place].key.advertisingRouter == Simulation.routerID(0),
        case .router(let lsa)? = DecodedLSA(database[place].bytes, .router),
        database[place].key.type == .router
      else { return nil }
      return lsa.links
    }
    let links: [RouterLSA.Link] = found.flatMap { $0 }
    #expect(links.map(\.neighborRouterID) == [1, 2, 3].map(Simulation.routerID))
    #expect(links.allSatisfy { $0.type == .pointToPoint && $0.metric == 5 && $0.interfaceID == 100 })
    #expect(database.sorted(scope).allSatisfy { database[$0].key.type != .network })
  }

  @Test func `4.4.3.9: addresses on a point-to-multipoint network are announced as hosts of no cost, with the LA-bit`() throws {
    var net = network(.pointToMultipoint, [1, 1])
    let address = try #require(IPAddress("2001:db8:7::1"))
    net.deliver(
      .interfaceChanged(
        InterfaceStatus(index: 100, name: "l0", linkLocal: Simulation.linkLocal(0, 100), addresses: [.init(address, length: 64)])), to: 0)
    net.run(for: .seconds(20))
    #expect(net.hosts[1].routes[Prefix(host: address)]?.metric1 == 10)
    #expect(net.hosts[1].routes[Prefix(address, 64, .ipv6)] == nil)
    #expect(
      net.hosts[0].instance.routerPrefixes(0).filter { $0.prefix.length == 128 } == [
        LSAPrefix(Prefix(host: address), options: .la, field: 0)
      ])
  }

  @Test func `without neighbours a point-to-multipoint interface speaks to the other end of its address, if it has one`() {
    for (peer, isStrict, packets) in [(nil, false, 0), (Simulation.linkLocal(1, 100), false, 3), (Simulation.linkLocal(1, 100), true, 0)] {
      var net = network(.pointToMultipoint, [1]) { _, options in
        options.neighbors = []
        options.strictNonBroadcast = isStrict
      }
      net.run(for: .seconds(1))
      net.hosts[0].packets = 0
      net.deliver(
        .interfaceChanged(InterfaceStatus(index: 100, name: "l0", linkLocal: Simulation.linkLocal(0, 100), linkLocalPeer: peer)), to: 0)
      net.run(for: .seconds(30))
      #expect(net.hosts[0].packets == packets)
    }
  }

  @Test func `link-LSAs can be left out on point-to-multipoint, and not on NBMA`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      var net = network(type, [1, 1]) { _, options in options.linkLSASuppression = true }
      net.run(for: .seconds(90))
      let links = net.hosts[0].instance.lsaViews(at: net.now).filter { $0.scope == .link(name: "l0") }
      #expect(links.count == (type == .nonBroadcast ? 2 : 0))
      expectReference(net)
    }
  }

  @Test func `RFC 5882 4.1: BFD watches the neighbours of such networks too`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      var net = network(type, [1, 1]) { _, options in options.bfd = true }
      net.run(for: .seconds(95))
      let other = WatchedNeighbor(interface: 100, address: Simulation.linkLocal(1, 100), local: Simulation.linkLocal(0, 100))
      #expect(net.hosts[0].instance.watchedNeighbors == [other])
      net.setLink(0, up: false, noticed: false)
      net.deliver(.pathFailed(interface: 100, address: other.address), to: 0)
      net.run(for: .milliseconds(100))
      #expect(states(net, 0) == [])
      #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
      net.setLink(0, up: true, noticed: false)
      net.run(for: .seconds(60))
      #expect(states(net, 0) == [.full])
      expectReference(net)
    }
  }

  // MARK: reconfiguration

  @Test func `neighbours come, go and change their eligibility with the adjacencies of the others in place`() {
    for type in [NetworkType.nonBroadcast, .pointToMultipoint] {
      // The third is not known to the others, and does not know them.
      var net = network(type, [1, 1, 1]) { host, options in
        options.neighbors = host == 2 ? [] : Array(options.neighbors[0...1])
        options.pollInterval = 10000
      }
      net.run(for: .seconds(90))
      #expect(states(net, 0) == [.full])
      net.trace = true
      reconfigure(&net, 0) { $0.neighbors.append(.init(address: Simulation.linkLocal(2, 100), isEligible: true)) }
      net.run(for: .seconds(1))
      #expect(net.hosts[0].lines.contains { $0.text.hasSuffix("Adding NBMA neighbor \(Simulation.linkLocal(2, 100)) on l0") })
      #expect(net.hosts[0].instance.neighborViews.count == 2)
      net.run(for: .seconds(60))
      #expect(net.hosts[0].instance.neighborViews.first { $0.routerID == Simulation.routerID(1) }?.state == .full)
      #expect(net.hosts[0].routes[Simulation.stub(2)] != nil)
      // Who is a neighbour stays one.
      reconfigure(&net, 0) { $0.neighbors.removeLast() }
      reconfigure(&net, 0) { $0.neighbors[1].isEligible = false }
      reconfigure(&net, 0) { $0.strictNonBroadcast = true }
      net.run(for: .seconds(60))
      #expect(net.hosts[0].lines.contains { $0.text.hasSuffix("Removing NBMA neighbor \(Simulation.linkLocal(2, 100)) on l0") })
      #expect(
        net.hosts[0].lines.contains { $0.text.hasSuffix("Changing eligibility of NBMA neighbor \(Simulation.linkLocal(1, 100)) on l0") })
      #expect(states(net, 0) == [.full, .full])
      #expect(net.hosts[0].lines.allSatisfy { !$0.text.contains("from Full") })
    }
  }

  @Test func `a new poll interval counts at once`() {
    var net = network(.nonBroadcast, [1]) { _, options in
      options.neighbors = [.init(address: Simulation.linkLocal(1, 100), isEligible: true)]
      options.pollInterval = 10000
    }
    net.run(for: .seconds(100))
    let before = net.hosts[0].packets
    reconfigure(&net, 0) { $0.pollInterval = 5 }
    net.run(for: .seconds(21))
    #expect(net.hosts[0].packets == before + 4)
  }

  @Test func `a neighbour whose address is not of the link is warned of, and one of IPv4 is never sent to`() throws {
    let addresses = [try #require(IPAddress("2001:db8::9")), try #require(IPAddress("10.0.0.9"))]
    var net = network(.pointToMultipoint, [1]) { _, options in options.neighbors = addresses.map { .init(address: $0) } }
    net.run(for: .seconds(1))
    #expect(
      net.hosts[0].lines.filter { $0.level == .warning }.map(\.text)
        == addresses.map { "Configured neighbor address (\($0)) should be link-local" })
    #expect(net.hosts[0].packets == 1)
  }

  // MARK: the type of a network

  @Test func `the type follows from what the link can do, and gives way where it cannot`() {
    struct Case {
      var isMultiAccess = true
      var isMulticast = true
      var hasPeer = false
      var configured: NetworkType?
      var isStub = false
      var type: NetworkType
      var warning: String?
    }
    let cases = [
      Case(type: .broadcast), Case(isMulticast: false, type: .nonBroadcast), Case(isMultiAccess: false, type: .pointToPoint),
      Case(hasPeer: true, type: .pointToPoint), Case(isMulticast: false, hasPeer: true, type: .pointToMultipoint),
      Case(isMulticast: false, configured: .broadcast, type: .nonBroadcast, warning: "as broadcast, forcing nbma"),
      Case(isMulticast: false, configured: .pointToPoint, type: .pointToMultipoint, warning: "as ptp, forcing ptmp"),
      Case(isMultiAccess: false, isMulticast: false, type: .pointToMultipoint, warning: "as ptp, forcing ptmp"),
      Case(isMulticast: false, configured: .broadcast, isStub: true, type: .broadcast),
      Case(configured: .nonBroadcast, type: .nonBroadcast),
      Case(isMulticast: false, configured: .pointToMultipoint, type: .pointToMultipoint),
    ]
    for item in cases {
      var area = AreaConfiguration(id: RouterID(rawValue: 0))
      var options = InterfaceOptions()
      options.type = item.configured
      options.stub = item.isStub
      area.interfaces = [.init(pattern: InterfacePattern(name: "x"), options: options)]
      var configuration = InstanceConfiguration(routerID: RouterID(rawValue: 1))
      configuration.areas = [area]
      #expect(configuration.problems == [])
      var instance = Instance(configuration: configuration, seed: 1, now: .zero)
      var output = Output()
      let status = InterfaceStatus(
        index: 7, name: "x", isMultiAccess: item.isMultiAccess, isMulticast: item.isMulticast, linkLocal: Simulation.linkLocal(0, 7),
        linkLocalPeer: item.hasPeer ? Simulation.linkLocal(1, 7) : nil)
      instance.handle(.interfaceChanged(status), at: .zero, into: &output)
      #expect(instance.interfaceViews.map(\.type) == [item.type])
      #expect(output.lines.map(\.text) == (item.warning.map { ["Cannot use interface x \($0)"] } ?? []))
      #expect(output.memberships.isEmpty == (item.isStub || !item.type.usesMulticast))
    }
  }

  @Test func `a link that loses multicast becomes another kind of network, with a warning and without groups`() {
    var net = Simulation(seed: 1)
    for _ in 0..<2 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: false) { $0.priority = 0 }
    net.run(for: .seconds(1))
    #expect(net.hosts[0].groups.count == 1)
    let status = InterfaceStatus(index: 100, name: "l0", isMulticast: false, linkLocal: Simulation.linkLocal(0, 100))
    net.deliver(.interfaceChanged(status), to: 0)
    net.deliver(.interfaceChanged(status), to: 0)
    #expect(net.hosts[0].groups.isEmpty)
    #expect(net.hosts[0].instance.interfaceViews.last?.type == .nonBroadcast)
    let warning = "Cannot use interface l0 as broadcast, forcing nbma"
    #expect(net.hosts[0].lines.map(\.text) == [warning])
    // What was found out is now asked for, and the other way round.
    reconfigure(&net, 0) { $0.type = .nonBroadcast }
    #expect(net.hosts[0].lines.map(\.text) == [warning])
    reconfigure(&net, 0) { $0.type = .broadcast }
    #expect(net.hosts[0].lines.map(\.text) == [warning, warning])
  }
}
