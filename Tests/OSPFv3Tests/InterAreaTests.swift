import RouteCore
import Testing

@testable import OSPFv3

/// Area border routers: what they tell the areas (RFC 2328 §12.4.3), and what they make of what they hear (§16.2 to §16.4).
@Suite struct InterAreaTests {
  /// 0 is in area 1, 3 in area 2; 1 and 2 are border routers with a link in the backbone. Each has a network of its own, of 1 in the
  /// backbone, of 2 in area 2.
  private func chain(_ change: (Int, inout InstanceConfiguration) -> Void = { _, _ in }) -> Simulation {
    var net = Simulation(seed: 11)
    for (host, area) in [UInt32(1), 0, 2, 2].enumerated() { net.addHost(area: area) { change(host, &$0) } }
    net.join([(0, 10), (1, 10)], pointToPoint: true, area: 1)
    net.join([(1, 20), (2, 20)], pointToPoint: true, area: 0)
    net.join([(2, 30), (3, 30)], pointToPoint: true, area: 2)
    for host in net.hosts.indices {
      var configuration = net.hosts[host].instance.configuration
      change(host, &configuration)
      net.deliver(.reconfigure(configuration), to: host)
    }
    net.run(for: .seconds(60))
    return net
  }

  private func configure(_ net: inout Simulation, _ hosts: [Int], area: UInt32, _ change: (inout AreaConfiguration) -> Void) {
    for host in hosts {
      var configuration = net.hosts[host].instance.configuration
      for a in configuration.areas.indices where configuration.areas[a].id.rawValue == area { change(&configuration.areas[a]) }
      net.deliver(.reconfigure(configuration), to: host)
    }
  }

  /// "type prefix metric" of what a router says in an area of others.
  private func said(_ net: Simulation, by host: Int, in area: UInt32) -> [String] {
    let instance = net.hosts[host].instance
    return instance.database.sorted(.area(RouterID(rawValue: area))).compactMap { place in
      let entry = instance.database[place]
      guard entry.key.advertisingRouter == Simulation.routerID(host), entry.ageWhenInstalled < Constants.maxAge else { return nil }
      switch DecodedLSA(entry.bytes, entry.key.type) {
      case .interAreaPrefix(let lsa): return "\(lsa.prefix.prefix) \(lsa.metric)"
      case .interAreaRouter(let lsa): return "router \(lsa.destination) \(lsa.metric)"
      default: return nil
      }
    }.sorted()
  }

  private func flags(_ net: Simulation, of host: Int, in area: UInt32) -> RouterLSA.Flags? {
    let key = LSAKey(type: .router, linkStateID: 0, advertisingRouter: Simulation.routerID(host))
    let database = net.hosts[host].instance.database
    guard let place = database.find(.area(RouterID(rawValue: area)), key),
      case .router(let lsa) = DecodedLSA(database[place].bytes, .router)
    else { return nil }
    return lsa.flags
  }

  /// A router's router-LSA, newer and with other flags.
  private func forgery(_ net: Simulation, of host: Int, in area: UInt32, _ change: (inout RouterLSA.Flags) -> Void) -> [UInt8]? {
    let key = LSAKey(type: .router, linkStateID: 0, advertisingRouter: Simulation.routerID(host))
    let database = net.hosts[host].instance.database
    guard let place = database.find(.area(RouterID(rawValue: area)), key),
      case .router(var lsa) = DecodedLSA(database[place].bytes, .router),
      var header = LSAHeader(database[place].bytes.span.bytes)
    else { return nil }
    change(&lsa.flags)
    header.sequenceNumber += 1
    var body = WireWriter()
    lsa.encode(into: &body)
    return LSAEncoding.lsa(header, body: body.bytes)
  }

  private func packet(_ lsas: [[UInt8]], from host: Int, area: UInt32) -> [UInt8] {
    var packet = WireWriter()
    PacketHeader(type: .linkStateUpdate, routerID: Simulation.routerID(host), areaID: RouterID(rawValue: area), instanceID: 0)
      .encode(into: &packet)
    LinkStateUpdatePacket(lsas: lsas).encode(into: &packet)
    PacketHeader.finish(from: 0, in: &packet)
    return packet.bytes
  }

  @Test func `RFC 2328 16.2 (4): what a router says of other areas is believed as long as it says that it is a border router`() throws {
    var net = chain { host, configuration in if host == 3 { configuration.isASBoundaryRouter = true } }
    let external = try #require(Prefix("2001:db8:e::/48"))
    net.deliver(.external(external, ExternalRoute()), to: 3)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[Simulation.stub(3)] != nil && net.hosts[0].routes[external] != nil)
    let forged = try #require(forgery(net, of: 1, in: 1) { $0.remove(.b) })
    net.deliver(
      .received(
        interface: 100, source: Simulation.linkLocal(1, 100), destination: Constants.allSPFRouters,
        bytes: packet([forged], from: 1, area: 1)), to: 0)
    net.run(for: .seconds(1))
    #expect(net.hosts[0].routes[Simulation.stub(3)] == nil && net.hosts[0].routes[external] == nil)
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
  }

  @Test func `what is said again after a flush begins above the number of what was flushed`() throws {
    var net = chain { host, configuration in if host == 3 { configuration.isASBoundaryRouter = true } }
    let external = try #require(Prefix("2001:db8:e::/48"))
    var numbers: [UInt32] = []
    for _ in 0..<3 {
      net.deliver(.external(external, ExternalRoute()), to: 3)
      net.run(for: .seconds(10))
      numbers += net.hosts[0].instance.lsaViews(at: net.now).filter { $0.type == 0x4005 }.map(\.sequenceNumber)
      net.deliver(.external(external, nil), to: 3)
      net.run(for: .seconds(10))
    }
    #expect(numbers.count == 3 && numbers == numbers.sorted() && Set(numbers).count == 3)
  }

  @Test func `a chain of areas: each network is told on with the cost so far, into the backbone only what lies in an area`() {
    let net = chain()
    #expect(flags(net, of: 0, in: 1) == [])
    #expect(flags(net, of: 1, in: 1) == .b && flags(net, of: 1, in: 0) == .b)
    #expect(said(net, by: 1, in: 0) == ["2001:db8:1::/64 11"])
    #expect(said(net, by: 1, in: 1) == ["2001:db8:2::/64 1", "2001:db8:3::/64 21", "2001:db8:4::/64 51"])
    #expect(said(net, by: 2, in: 0) == ["2001:db8:3::/64 1", "2001:db8:4::/64 31"])
    #expect(said(net, by: 2, in: 2) == ["2001:db8:1::/64 31", "2001:db8:2::/64 21"])
    let route = net.hosts[0].routes[Simulation.stub(3)]
    #expect(route?.kind == .interArea && route?.metric1 == 61 && route?.routerID == Simulation.routerID(1))
    #expect(route?.nextHops == [NextHop(gateway: Simulation.linkLocal(1, 100), interface: 100)])
  }

  @Test func `an area that goes takes with it what the others heard of it, and brings it back`() {
    var net = chain()
    net.setLink(0, up: false)
    net.run(for: .seconds(10))
    #expect(said(net, by: 1, in: 0) == [])
    #expect(said(net, by: 2, in: 2) == ["2001:db8:2::/64 21"])
    #expect(net.hosts[3].routes[Simulation.stub(0)] == nil)
    net.setLink(0, up: true)
    net.run(for: .seconds(20))
    #expect(net.hosts[3].routes[Simulation.stub(0)]?.metric1 == 61)
  }

  @Test func `RFC 2328 12.4.3: a range stands for the networks in it, at the largest of their costs; hidden, for none`() throws {
    var net = chain()
    let range = try #require(Prefix("2001:db8::/44"))
    configure(&net, [2, 3], area: 2) { $0.networks = [.init(prefix: range)] }
    net.run(for: .seconds(20))
    #expect(said(net, by: 2, in: 0) == ["2001:db8::/44 31"])
    #expect(net.hosts[0].routes[Simulation.stub(3)] == nil)
    #expect(net.hosts[0].routes[range]?.metric1 == 61)
    #expect(
      net.hosts[2].instance.view.areas.first { $0.id.rawValue == 2 }?.networks == [.init(prefix: range, isHidden: false, isActive: true)])
    net.setLink(2, up: false)
    net.run(for: .seconds(10))
    // What is left of the area in it.
    #expect(said(net, by: 2, in: 0) == ["2001:db8::/44 1"])
    net.setLink(2, up: true)
    configure(&net, [2, 3], area: 2) { $0.networks = [.init(prefix: range, hidden: true)] }
    net.run(for: .seconds(20))
    #expect(said(net, by: 2, in: 0) == [])
    configure(&net, [2, 3], area: 2) { $0.networks = [] }
    net.run(for: .seconds(20))
    #expect(said(net, by: 2, in: 0) == ["2001:db8:3::/64 1", "2001:db8:4::/64 31"])
  }

  @Test func `the longest of nested ranges counts`() throws {
    var net = chain()
    let ranges = try ["2001:db8::/44", "2001:db8:4::/48"].map { try #require(Prefix($0)) }
    configure(&net, [2, 3], area: 2) { $0.networks = ranges.map { .init(prefix: $0) } }
    net.run(for: .seconds(20))
    #expect(said(net, by: 2, in: 0) == ["2001:db8:4::/48 31", "2001:db8::/44 1"])
  }

  @Test func `RFC 2328 16.2 (3): whoever has a range active itself does not believe others about it`() throws {
    var net = chain()
    let range = try #require(Prefix("2001:db8::/44"))
    configure(&net, [2, 3], area: 2) { $0.networks = [.init(prefix: range)] }
    net.run(for: .seconds(20))
    #expect(net.hosts[1].routes[range]?.kind == .interArea)
    configure(&net, [0, 1], area: 1) { $0.networks = [.init(prefix: range)] }
    net.run(for: .seconds(20))
    #expect(net.hosts[1].routes[range] == nil && net.hosts[2].routes[range] == nil)
    // Each area hears its own border router about the other's.
    #expect(said(net, by: 1, in: 0) == ["2001:db8::/44 11"])
    #expect(said(net, by: 1, in: 1) == ["2001:db8:2::/64 1"])
    net.setLink(0, up: false)
    net.run(for: .seconds(10))
    #expect(net.hosts[1].routes[range]?.kind == .interArea)
  }

  @Test func `configured stub networks are told to other areas though there is no route to them`() throws {
    var net = chain()
    let network = try #require(Prefix("2001:db8:aaaa::/48"))
    configure(&net, [1], area: 1) { $0.stubNetworks = [.init(prefix: network, cost: 5)] }
    net.run(for: .seconds(10))
    #expect(said(net, by: 1, in: 0) == ["2001:db8:1::/64 11", "2001:db8:aaaa::/48 5"])
    #expect(net.hosts[1].routes[network] == nil)
    #expect(net.hosts[3].routes[network]?.metric1 == 55)
    // It stands for the network in it.
    configure(&net, [0], area: 1) {
      $0.stubNetworks = [.init(prefix: Prefix(Simulation.stub(0).address, 40, .ipv6), summary: true, cost: 3)]
    }
    net.run(for: .seconds(10))
    #expect(said(net, by: 1, in: 0) == ["2001:db8::/40 13", "2001:db8:aaaa::/48 5"])
  }

  // MARK: stub areas

  @Test func `a stub area hears of a default route alone, or of the rest too, and never of externals`() throws {
    var net = chain { host, configuration in if host == 3 { configuration.isASBoundaryRouter = true } }
    let external = try #require(Prefix("2001:db8:e::/48"))
    let all = try #require(Prefix("::/0"))
    net.deliver(.external(external, ExternalRoute()), to: 3)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[external]?.kind == .external2)
    #expect(said(net, by: 1, in: 1).contains("router 10.0.0.4 50"))
    configure(&net, [0, 1], area: 1) { $0.kind = .stub }
    net.run(for: .seconds(60))
    #expect(said(net, by: 1, in: 1) == ["::/0 1000"])
    #expect(net.hosts[0].routes[all]?.metric1 == 1010 && net.hosts[0].routes[all]?.kind == .interArea)
    #expect(net.hosts[0].routes[external] == nil && net.hosts[0].routes[Simulation.stub(3)] == nil)
    #expect(!net.hosts[0].instance.lsaViews(at: net.now).contains { $0.scope == .autonomousSystem })
    // The border router has the external, and no default route of its own.
    #expect(net.hosts[1].routes[external] != nil && net.hosts[1].routes[all] == nil)
    #expect(net.hosts[2].routes[Simulation.stub(0)]?.kind == .interArea)
    configure(&net, [0, 1], area: 1) {
      $0.summary = true
      $0.defaultCost = 5
    }
    net.run(for: .seconds(20))
    #expect(said(net, by: 1, in: 1) == ["2001:db8:2::/64 1", "2001:db8:3::/64 21", "2001:db8:4::/64 51", "::/0 5"])
    configure(&net, [0, 1], area: 1) {
      $0.kind = .ordinary
      $0.summary = false
    }
    net.run(for: .seconds(60))
    #expect(net.hosts[0].routes[external]?.kind == .external2 && net.hosts[0].routes[all] == nil)
  }

  @Test func `routers that do not agree on a stub area are no neighbours`() {
    var net = chain()
    configure(&net, [0], area: 1) { $0.kind = .stub }
    net.run(for: .seconds(60))
    #expect(net.hosts[0].instance.neighborViews.isEmpty)
    #expect(net.hosts[0].lines.contains { $0.text.hasSuffix("area type mismatch (13)") })
    #expect(net.hosts[1].lines.contains { $0.text.hasSuffix("area type mismatch (11)") })
  }

  @Test func `RFC 2328 13 (3): an AS-external-LSA that comes into a stub area is dropped`() throws {
    var net = chain()
    configure(&net, [0, 1], area: 1) { $0.kind = .stub }
    net.run(for: .seconds(60))
    var body = WireWriter()
    ASExternalLSA(isType2: true, metric: 1, prefix: LSAPrefix(try #require(Prefix("2001:db8:e::/48")))).encode(into: &body)
    let lsa = LSAEncoding.lsa(
      LSAHeader(age: 1, type: .asExternal, linkStateID: 1, advertisingRouter: Simulation.routerID(0), sequenceNumber: 1), body: body.bytes)
    net.deliver(
      .received(
        interface: 100, source: Simulation.linkLocal(0, 100), destination: Constants.allSPFRouters,
        bytes: packet([lsa], from: 0, area: 1)), to: 1)
    net.run(for: .seconds(2))
    #expect(!net.hosts[1].instance.lsaViews(at: net.now).contains { $0.type == 0x4005 })
    #expect(net.hosts[1].lines.last?.text.hasSuffix("malformed LSA, type 4005") == true)
  }

  // MARK: AS boundary routers

  @Test func `RFC 2328 16.4.1: a path within another area is preferred to a shorter one of the backbone, but not with rfc1583compat`()
    throws
  {
    for compatible in [false, true] {
      var net = Simulation(seed: 12)
      net.addHost { $0.rfc1583Compatibility = compatible }
      net.addHost { $0.isASBoundaryRouter = true }
      net.join([(0, 10), (1, 10)], pointToPoint: true, area: 0)
      net.join([(0, 50), (1, 50)], pointToPoint: true, area: 1)
      net.run(for: .seconds(20))
      let external = try #require(Prefix("2001:db8:e::/48"))
      net.deliver(.external(external, ExternalRoute()), to: 1)
      net.run(for: .seconds(5))
      #expect(net.hosts[0].routes[external]?.metric1 == (compatible ? 10 : 50))
      #expect(net.hosts[0].routes[external]?.nextHops.first?.interface == (compatible ? 100 : 101))
    }
  }

  @Test func `an AS boundary router is told of by its Router ID, in ordinary areas that it is not in, and as long as it is one`() {
    var net = chain { host, configuration in if host == 0 { configuration.isASBoundaryRouter = true } }
    #expect(said(net, by: 1, in: 0).contains("router 10.0.0.1 10"))
    #expect(!said(net, by: 1, in: 1).contains { $0.hasPrefix("router") })
    #expect(said(net, by: 2, in: 2).contains("router 10.0.0.1 30"))
    var configuration = net.hosts[0].instance.configuration
    configuration.isASBoundaryRouter = false
    net.deliver(.reconfigure(configuration), to: 0)
    net.run(for: .seconds(10))
    #expect(!said(net, by: 1, in: 0).contains { $0.hasPrefix("router") } && !said(net, by: 2, in: 2).contains { $0.hasPrefix("router") })
  }

  @Test func `a forwarding address in another area is reached by the inter-area route`() throws {
    var net = Simulation(seed: 13)
    for area in [UInt32(1), 0, 0] { net.addHost(area: area) { $0.isASBoundaryRouter = true } }
    net.join([(0, 10), (1, 10)], pointToPoint: true, area: 1)
    net.join([(1, 20), (2, 20)], pointToPoint: false, area: 0)
    net.run(for: .seconds(60))
    let external = try #require(Prefix("2001:db8:e::/48"))
    let gateway = IPAddress(high: net.links[1].prefix.address.high, low: 99)
    net.deliver(.external(external, ExternalRoute(nextHop: NextHop(gateway: gateway, interface: 101))), to: 2)
    net.run(for: .seconds(5))
    #expect(net.hosts[0].routes[external]?.metric1 == 30)
    #expect(net.hosts[1].routes[external]?.nextHops == [NextHop(gateway: gateway, interface: 101)])
  }

  // MARK: transit areas

  @Test func `RFC 2328 16.3: where a virtual link leads through an area, its border routers show shorter ways of the backbone`() throws {
    var net = Simulation(seed: 14)
    net.addHost()
    net.addHost()
    net.join([(0, 100), (1, 100)], pointToPoint: true, area: 0)
    net.join([(0, 1), (1, 1)], pointToPoint: true, area: 1)
    net.run(for: .seconds(20))
    #expect(net.hosts[0].routes[Simulation.stub(1)]?.metric1 == 101)
    let forged = try #require(forgery(net, of: 1, in: 1) { $0.insert(.v) })
    func pass(from sender: Int, to host: Int) {
      net.deliver(
        .received(
          interface: 101, source: Simulation.linkLocal(sender, 101), destination: Constants.allSPFRouters,
          bytes: packet([forged], from: sender, area: 1)), to: host)
    }
    pass(from: 1, to: 0)
    net.run(for: .seconds(1))
    #expect(net.hosts[0].instance.view.areas.map(\.isTransit) == [false, true])
    let route = net.hosts[0].routes[Simulation.stub(1)]
    #expect(route?.metric1 == 2 && route?.areaID.rawValue == 0 && route?.kind == .intraArea)
    #expect(route?.nextHops.map(\.interface) == [101])
    // What really leads through the area is not told to it (§12.4.3).
    #expect(!said(net, by: 0, in: 1).contains { $0.hasPrefix("2001:db8:2::") })
    // The other hears what it is to have said, and takes it back.
    pass(from: 0, to: 1)
    net.run(for: .seconds(20))
    #expect(net.hosts[0].routes[Simulation.stub(1)]?.metric1 == 101)
    #expect(said(net, by: 0, in: 1).contains("2001:db8:2::/64 101"))
  }

  // MARK: areas that come and go

  @Test func `an area is added, changed and left while the neighbours in the others stay Full`() {
    var net = Simulation(seed: 15)
    for _ in 0..<3 { net.addHost() }
    net.join([(0, 10), (1, 10)], pointToPoint: true, area: 0)
    net.run(for: .seconds(20))
    for host in net.hosts.indices { net.hosts[host].lines = [] }
    net.trace = true
    net.join([(1, 10), (2, 10)], pointToPoint: true, area: 5)
    net.run(for: .seconds(20))
    // The backbone of the third is empty, but it is a border router: its network there is reached through nobody.
    #expect(flags(net, of: 1, in: 0) == .b)
    #expect(net.hosts[1].instance.neighborViews.map(\.state) == [.full, .full])
    configure(&net, [2], area: 0) { $0.interfaces = [] }
    var third = net.hosts[2].instance.configuration
    third.areas[1].interfaces.append(.init(pattern: InterfacePattern(name: "dummy0"), options: InterfaceOptions()))
    third.areas.removeFirst()
    net.deliver(.reconfigure(third), to: 2)
    net.run(for: .seconds(60))
    #expect(flags(net, of: 2, in: 5) == [])
    #expect(net.hosts[0].routes[Simulation.stub(2)]?.kind == .interArea)
    configure(&net, [1, 2], area: 5) { $0.kind = .stub }
    net.run(for: .seconds(60))
    #expect(net.hosts[2].routes.keys.contains(Prefix(.unspecified, 0, .ipv6)))
    var second = net.hosts[1].instance.configuration
    second.areas.removeAll { $0.id.rawValue == 5 }
    net.deliver(.reconfigure(second), to: 1)
    net.run(for: .seconds(1))
    #expect(flags(net, of: 1, in: 0) == [] && said(net, by: 1, in: 0) == [])
    #expect(net.hosts[0].routes[Simulation.stub(2)] == nil)
    // It said goodbye.
    #expect(net.hosts[2].instance.neighborViews.allSatisfy { $0.state != .full })
    #expect(!net.hosts[0].lines.contains { $0.text.contains("Neighbor") })
  }

  @Test func `areas keep their places in the databases when one in the middle is left`() {
    var net = Simulation(seed: 16)
    for area in [UInt32(0), 1, 2, 3] { net.addHost(area: area) { $0.isASBoundaryRouter = true } }
    for area in UInt32(1)...3 { net.join([(0, 10), (Int(area), 10)], pointToPoint: true, area: area) }
    net.run(for: .seconds(30))
    var configuration = net.hosts[0].instance.configuration
    configuration.areas.removeAll { $0.id.rawValue == 1 }
    net.deliver(.reconfigure(configuration), to: 0)
    net.setLink(2, up: false)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil && net.hosts[0].routes[Simulation.stub(3)] == nil)
    #expect(net.hosts[2].routes[Simulation.stub(0)]?.kind == .interArea && net.hosts[2].routes[Simulation.stub(3)] == nil)
    net.setLink(2, up: true)
    net.run(for: .seconds(10))
    #expect(net.hosts[2].routes[Simulation.stub(3)]?.metric1 == 21)
    #expect(net.hosts[3].routes[Simulation.stub(2)]?.metric1 == 21)
  }

  @Test func `a border router that starts again takes its old LSAs over, and flushes those that are true no more`() throws {
    var net = chain()
    let configuration = net.hosts[1].instance.configuration
    configure(&net, [1], area: 0) { area in
      for number in UInt64(1)...8 {
        area.stubNetworks.append(.init(prefix: Prefix(IPAddress(high: 0x2001_0db8_5b00_0000 | number << 16, low: 0), 48, .ipv6)))
      }
    }
    net.run(for: .seconds(10))
    let before = net.hosts[0].instance.lsaViews(at: net.now).filter { $0.type == 0x2003 }
    #expect(before.count == 11)
    net.watched = Simulation.routerID(1)
    // So that it hears what it once said long before it knows how things are.
    net.delay = .milliseconds(2)
    net.hosts[1].instance = Instance(configuration: configuration, seed: 99, now: net.now)
    net.hosts[1].groups = []
    for (index, name) in [(UInt32(100), "l0"), (101, "l1")] {
      net.deliver(.interfaceChanged(InterfaceStatus(index: index, name: name, linkLocal: Simulation.linkLocal(1, index))), to: 1)
    }
    net.run(for: .seconds(8))
    let after = net.hosts[0].instance.lsaViews(at: net.now).filter { $0.type == 0x2003 }
    // Nothing else was flushed, though the router did not know at first what it would have to say.
    let kept = Set(after.map(\.linkStateID.rawValue))
    #expect(!net.flushed.contains { $0.type == .interAreaPrefix && kept.contains($0.linkStateID) } && net.flushed.count >= 9)
    // Its own networks are gone: "dummy0" is not there, and the stub networks are not configured.
    #expect(Set(after.map(\.linkStateID)).isSubset(of: Set(before.map(\.linkStateID))) && after.count == 2)
    #expect(net.hosts[0].routes[Simulation.stub(3)]?.metric1 == 61 && net.hosts[0].routes[Simulation.stub(1)] == nil)
  }

  @Test func `Link State IDs stay the same, differ where prefixes would share one, and are free again in the end`() throws {
    var ids = LinkStateIDs()
    let a = try #require(Prefix("2001:db8::/32"))
    let first = ids.take(for: a)
    #expect(ids.take(for: a) == first && ids[first] == a)
    // Some other prefix with the same hash, found by trying.
    var random = SeededGenerator(seed: 1)
    var seen: [UInt32: Prefix] = [:]
    var pair: (Prefix, Prefix)?
    while pair == nil {
      let prefix = Prefix(IPAddress(high: random.next(), low: 0), 64, .ipv6)
      var fresh = LinkStateIDs()
      let id = fresh.take(for: prefix)
      if let other = seen[id], other != prefix { pair = (other, prefix) }
      seen[id] = prefix
    }
    let (b, c) = try #require(pair)
    let one = ids.take(for: b)
    let two = ids.take(for: c)
    #expect(one != two && ids.take(for: c) == two && ids[two] == c)
    ids.release(one)
    // The other keeps what it has.
    #expect(ids.take(for: c) == two)
    ids.release(two)
    #expect(ids.take(for: c) == one)
  }
}
