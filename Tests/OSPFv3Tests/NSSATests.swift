import RouteCore
import Testing

@testable import OSPFv3

/// Areas with externals of their own (RFC 3101): who says what, who translates.
@Suite struct NSSATests {
  /// 0 and 1 are in area 1, an NSSA, 2 and 3 its border routers, 4 is in the backbone. All NSSA links cost 10, those of the backbone 20.
  private func network(_ change: (Int, inout InstanceConfiguration) -> Void = { _, _ in }) -> Simulation {
    var net = Simulation(seed: 21)
    for area in [UInt32(1), 1, 0, 0, 0] { net.addHost(area: area) }
    for (a, b) in [(0, 1), (0, 2), (1, 3)] { net.join([(a, 10), (b, 10)], pointToPoint: true, area: 1) }
    for (a, b) in [(2, 4), (3, 4)] { net.join([(a, 20), (b, 20)], pointToPoint: true, area: 0) }
    configure(&net) { host, configuration in
      configuration.isASBoundaryRouter = host != 1
      for a in configuration.areas.indices where configuration.areas[a].id.rawValue == 1 { configuration.areas[a].kind = .nssa }
      change(host, &configuration)
    }
    net.run(for: .seconds(60))
    return net
  }

  private func configure(_ net: inout Simulation, _ change: (Int, inout InstanceConfiguration) -> Void) {
    for host in net.hosts.indices {
      var configuration = net.hosts[host].instance.configuration
      change(host, &configuration)
      net.deliver(.reconfigure(configuration), to: host)
    }
  }

  /// The area's configuration of some hosts.
  private func configureArea(_ net: inout Simulation, _ hosts: [Int] = [0, 1, 2, 3], _ change: (inout AreaConfiguration) -> Void) {
    configure(&net) { host, configuration in
      for a in configuration.areas.indices where hosts.contains(host) && configuration.areas[a].id.rawValue == 1 {
        change(&configuration.areas[a])
      }
    }
  }

  private func prefix(_ text: String) throws -> Prefix { try #require(Prefix(text)) }

  /// What a host's database holds of a router's externals: "nssa" or "external", the prefix, the metric with its type, P, the forwarding
  /// address, the tag.
  private func externals(_ net: Simulation, at host: Int, of router: Int) -> [String] {
    let database = net.hosts[host].instance.database
    return database.entries.compactMap { entry in
      guard entry.isPresent, entry.key.advertisingRouter == Simulation.routerID(router), entry.ageWhenInstalled < Constants.maxAge else {
        return nil
      }
      let kind: String
      let lsa: ASExternalLSA
      switch DecodedLSA(entry.bytes, entry.key.type) {
      case .nssa(let found): (kind, lsa) = ("nssa", found)
      case .asExternal(let found): (kind, lsa) = ("external", found)
      default: return nil
      }
      return "\(kind) \(lsa.prefix.prefix) \(lsa.isType2 ? "2:" : "1:")\(lsa.metric)\(lsa.prefix.options.contains(.p) ? " P" : "")"
        + (lsa.forwardingAddress.map { " via \($0)" } ?? "") + (lsa.tag.map { " tag \($0)" } ?? "")
    }.sorted()
  }

  @Test func `an external goes through the NSSA as such, and through the rest of the AS as its translator says`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute(metric: 77, tag: 5)), to: 0)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 1, of: 0) == ["nssa 2001:db8:e::/48 2:77 P via 2001:db8:1::1 tag 5"])
    // The border router with the higher Router ID.
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:e::/48 2:77 via 2001:db8:1::1 tag 5"])
    #expect(externals(net, at: 4, of: 2) == [])
    #expect(net.hosts[2].instance.view.areas.map(\.isTranslating) == [false, false])
    #expect(net.hosts[3].instance.view.areas.map(\.isTranslating) == [false, true])
    // By way of the other, which is nearer to the forwarding address.
    let route = net.hosts[4].routes[external]
    #expect(route?.kind == .external2 && route?.metric1 == 31 && route?.metric2 == 77 && route?.tag == 5)
    #expect(route?.nextHops.map(\.interface) == [103])
    #expect(net.hosts[1].routes[external]?.metric1 == 11 && net.hosts[2].routes[external]?.metric1 == 11)
    #expect(!net.hosts[0].instance.lsaViews(at: net.now).contains { $0.scope == .autonomousSystem })
    net.deliver(.external(external, nil), to: 0)
    net.run(for: .seconds(10))
    #expect(net.hosts.allSatisfy { $0.routes[external] == nil })
    #expect(net.hosts.allSatisfy { !$0.instance.lsaViews(at: net.now).contains { [0x2007, 0x4005].contains($0.type) } })
  }

  @Test func `RFC 3101 3.1: another translates when the elected one is gone, and for a while after it is back`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute()), to: 0)
    net.run(for: .seconds(10))
    // The elected one loses the NSSA.
    net.setLink(2, up: false)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 3) == [])
    #expect(externals(net, at: 4, of: 2) == ["external 2001:db8:e::/48 2:10000 via 2001:db8:1::1"])
    net.setLink(2, up: true)
    net.run(for: .seconds(20))
    #expect(externals(net, at: 4, of: 3).count == 1 && externals(net, at: 4, of: 2).count == 1)
    #expect(net.hosts[2].instance.view.areas.map(\.isRunningDown) == [false, true])
    net.run(for: .seconds(40))
    #expect(externals(net, at: 4, of: 3).count == 1 && externals(net, at: 4, of: 2) == [])
    // One that is told to translates, and says so; the other, which is not, stops.
    configureArea(&net, [2]) { $0.translator = true }
    net.run(for: .seconds(60))
    #expect(externals(net, at: 4, of: 2).count == 1 && externals(net, at: 4, of: 3) == [])
    configureArea(&net, [3]) { $0.translator = true }
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 2).count == 1 && externals(net, at: 4, of: 3).count == 1)
  }

  @Test func `RFC 3101 3.2: a range stands for the externals in it, one above the largest of type 2; hidden, for none`() throws {
    var net = network()
    for (text, metric) in [("2001:db8:e1::/48", UInt32(5)), ("2001:db8:e2::/48", 9), ("2001:db8:f1::/48", 3)] {
      net.deliver(.external(try prefix(text), ExternalRoute(metric: metric)), to: 0)
    }
    net.deliver(.external(try prefix("2001:db8:e3::/48"), ExternalRoute(isType2: false, metric: 7)), to: 0)
    let range = try prefix("2001:db8:e0::/44")
    configureArea(&net) { $0.externals = [.init(prefix: range, tag: 9)] }
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:e0::/44 2:10 tag 9", "external 2001:db8:f1::/48 2:3 via 2001:db8:1::1"])
    #expect(net.hosts[3].instance.view.areas.last?.externalNetworks == [.init(prefix: range, isHidden: false, isActive: true)])
    for text in ["2001:db8:e1::/48", "2001:db8:e2::/48"] { net.deliver(.external(try prefix(text), nil), to: 0) }
    net.run(for: .seconds(10))
    // Of type 1 counts what the way there costs: 20 and 1 to the forwarding address.
    #expect(externals(net, at: 4, of: 3).first == "external 2001:db8:e0::/44 1:28 tag 9")
    configureArea(&net) { $0.externals = [.init(prefix: range, hidden: true)] }
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:f1::/48 2:3 via 2001:db8:1::1"])
    configureArea(&net) { $0.externals = [] }
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 3).count == 2)
  }

  @Test func `a border router announces its own routes to the AS alone, and before what it translates`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute(metric: 5)), to: 0)
    net.deliver(.external(external, ExternalRoute(metric: 6)), to: 3)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:e::/48 2:6"])
    #expect(externals(net, at: 1, of: 3) == [])
    net.deliver(.external(external, nil), to: 3)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:e::/48 2:5 via 2001:db8:1::1"])
  }

  @Test func `RFC 3101 2.5 (6e): of equals the NSSA-LSA with the P-bit is preferred to the AS-external-LSA`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute()), to: 0)
    net.run(for: .seconds(10))
    // The border router that does not translate has both, with the same forwarding address.
    #expect(externals(net, at: 2, of: 3).count == 1)
    #expect(net.hosts[2].routes[external]?.routerID == Simulation.routerID(0))
    #expect(net.hosts[4].routes[external]?.routerID == Simulation.routerID(3))
  }

  // MARK: default routes

  @Test func `an NSSA has an inter-area default route, or all networks and with default nssa an external one`() throws {
    var net = network()
    let all = try prefix("::/0")
    #expect(net.hosts[0].routes[all]?.kind == .interArea && net.hosts[0].routes[all]?.metric1 == 1010)
    #expect(net.hosts[0].routes[Simulation.stub(4)] == nil)
    configureArea(&net) { $0.summary = true }
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[all] == nil && net.hosts[0].routes[Simulation.stub(4)]?.kind == .interArea)
    configureArea(&net) {
      $0.defaultNSSA = true
      $0.defaultCost = 8
    }
    net.run(for: .seconds(10))
    #expect(externals(net, at: 0, of: 2) == ["nssa ::/0 1:8"])
    #expect(net.hosts[0].routes[all]?.kind == .external1 && net.hosts[0].routes[all]?.metric1 == 18)
    configureArea(&net) { $0.isDefaultType2 = true }
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[all]?.kind == .external2 && net.hosts[0].routes[all]?.metric2 == 8)
    // Border routers do not follow each other's.
    #expect(net.hosts[2].routes[all] == nil && net.hosts[4].routes[all] == nil)
  }

  // MARK: forwarding addresses

  @Test func `RFC 3101 2.3: the forwarding address is one of the router itself before one of a stub network; without any nothing is said`()
    throws
  {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute()), to: 0)
    net.run(for: .seconds(5))
    let host = try #require(IPAddress("2001:db8:1:5::5"))
    func dummy(_ addresses: [InterfaceStatus.Address]) -> InterfaceStatus {
      InterfaceStatus(index: 1, name: "dummy0", linkLocal: Simulation.linkLocal(0, 1), addresses: addresses)
    }
    let usual = InterfaceStatus.Address(IPAddress(high: Simulation.stub(0).address.high, low: 1), length: 64)
    net.deliver(.interfaceChanged(dummy([usual, .init(host, length: 128)])), to: 0)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 1, of: 0) == ["nssa 2001:db8:e::/48 2:10000 P via 2001:db8:1:5::5"])
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:e::/48 2:10000 via 2001:db8:1:5::5"])
    net.deliver(.interfaceChanged(dummy([])), to: 0)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 1, of: 0) == [])
    #expect(
      net.hosts[0].lines.contains {
        $0.level == .error && $0.text == "No address in area 0.0.0.1 to forward to: 2001:db8:e::/48 is not announced"
      })
    net.deliver(.interfaceChanged(dummy([usual])), to: 0)
    net.run(for: .seconds(10))
    #expect(externals(net, at: 1, of: 0).count == 1)
  }

  @Test func `RFC 3101 2.5 (3): a forwarding address outside of the area leads nowhere`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    var body = WireWriter()
    ASExternalLSA(
      isType2: true, metric: 1, prefix: LSAPrefix(external, options: .p),
      forwardingAddress: IPAddress(high: Simulation.stub(4).address.high, low: 1)
    ).encode(into: &body)
    let lsa = LSAEncoding.lsa(
      LSAHeader(age: 1, type: .nssa, linkStateID: 1, advertisingRouter: Simulation.routerID(0), sequenceNumber: 1), body: body.bytes)
    var packet = WireWriter()
    PacketHeader(type: .linkStateUpdate, routerID: Simulation.routerID(0), areaID: RouterID(rawValue: 1), instanceID: 0).encode(
      into: &packet)
    LinkStateUpdatePacket(lsas: [lsa]).encode(into: &packet)
    PacketHeader.finish(from: 0, in: &packet)
    net.deliver(
      .received(interface: 101, source: Simulation.linkLocal(0, 101), destination: Constants.allSPFRouters, bytes: packet.bytes), to: 2)
    net.run(for: .seconds(2))
    #expect(net.hosts[2].instance.lsaViews(at: net.now).contains { $0.type == 0x2007 })
    #expect(net.hosts[2].routes[external] == nil && externals(net, at: 4, of: 3) == [])
  }

  @Test func `externals move when the area becomes another kind`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute()), to: 0)
    net.run(for: .seconds(10))
    configureArea(&net) { $0.kind = .ordinary }
    net.run(for: .seconds(60))
    #expect(externals(net, at: 4, of: 0) == ["external 2001:db8:e::/48 2:10000"] && externals(net, at: 4, of: 3) == [])
    #expect(net.hosts[4].routes[external]?.metric1 == 30)
    configureArea(&net) { $0.kind = .nssa }
    net.run(for: .seconds(60))
    #expect(externals(net, at: 4, of: 3).count == 1)
    #expect(externals(net, at: 1, of: 0) == ["nssa 2001:db8:e::/48 2:10000 P via 2001:db8:1::1"])
    #expect(net.hosts[4].routes[external]?.metric1 == 31)
  }

  @Test func `a router with an NSSA that starts again takes its translations over`() throws {
    var net = network()
    let external = try prefix("2001:db8:e::/48")
    net.deliver(.external(external, ExternalRoute()), to: 0)
    net.run(for: .seconds(10))
    let configuration = net.hosts[3].instance.configuration
    net.hosts[3].instance = Instance(configuration: configuration, seed: 99, now: net.now)
    net.hosts[3].groups = []
    for (index, name) in [(UInt32(102), "l2"), (104, "l4")] {
      net.deliver(.interfaceChanged(InterfaceStatus(index: index, name: name, linkLocal: Simulation.linkLocal(3, index))), to: 3)
    }
    net.run(for: .seconds(60))
    #expect(externals(net, at: 4, of: 3) == ["external 2001:db8:e::/48 2:10000 via 2001:db8:1::1"])
    #expect(externals(net, at: 4, of: 2) == [])
  }
}
