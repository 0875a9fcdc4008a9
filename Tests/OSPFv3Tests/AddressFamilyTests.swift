import RouteCore
import Testing

@testable import OSPFv3

/// IPv4 networks in OSPFv3 (RFC 5838).
@Suite struct AddressFamilyTests {
  private func network(seed: UInt64, _ count: Int) -> Simulation {
    var net = Simulation(seed: seed)
    for _ in 0..<count {
      net.addHost {
        $0.family = .ipv4
        $0.hasFamilyBit = true
        $0.instanceID = 64
        $0.isASBoundaryRouter = true
      }
    }
    return net
  }

  @Test func `IPv4 prefixes of every length survive, longer ones are refused`() throws {
    for length in UInt8(0)...32 {
      let prefix = LSAPrefix(Prefix(IPAddress(ipv4: 0xc0a8_ffff), length, .ipv4), options: .la, field: 7)
      var writer = WireWriter()
      prefix.encode(into: &writer)
      #expect(writer.count == prefix.size)
      var reader = WireReader(writer.bytes.span.bytes)
      let decoded = try LSAPrefix.decode(&reader, .ipv4)
      #expect(decoded == prefix)
    }
    let long: [UInt8] = [33, 0, 0, 0, 10, 0, 0, 0, 128, 0, 0, 0]
    #expect(throws: Truncated.self) {
      var reader = WireReader(long.span.bytes)
      _ = try LSAPrefix.decode(&reader, .ipv4)
    }
  }

  @Test func `addresses stand in the first four octets of their fields`() throws {
    var writer = WireWriter()
    let prefix = LSAPrefix(Prefix(IPAddress(ipv4: 0xc000_0200), 24))
    LinkLSA(priority: 1, options: [.r, .af], linkLocalAddress: IPAddress(ipv4: 0xc000_0201), prefixes: [prefix]).encode(into: &writer)
    let link: [UInt8] =
      [1, 0, 1, 0x10, 192, 0, 2, 1] + [UInt8](repeating: 0, count: 12) + [0, 0, 0, 1, 24, 0, 0, 0, 192, 0, 2, 0]
    #expect(writer.bytes == link)
    let decoded = try LinkLSA.decode(link.span.bytes, .ipv4)
    #expect(decoded.linkLocalAddress == IPAddress(ipv4: 0xc000_0201) && decoded.prefixes == [prefix])
    writer.removeAll()
    let external = ASExternalLSA(isType2: true, metric: 5, prefix: prefix, forwardingAddress: IPAddress(ipv4: 0xc000_0263))
    external.encode(into: &writer)
    #expect(writer.bytes == [6, 0, 0, 5, 24, 0, 0, 0, 192, 0, 2, 0, 192, 0, 2, 99] + [UInt8](repeating: 0, count: 12))
    let again = try ASExternalLSA.decode(writer.bytes.span.bytes, .ipv4)
    #expect(again == external)
  }

  @Test func `networks behind a LAN and a point-to-point link are reached by IPv4 gateways`() {
    var net = network(seed: 3, 3)
    net.join([(0, 10), (1, 10)], pointToPoint: false)
    net.join([(1, 10), (2, 10)], pointToPoint: true)
    net.deliver(.external(Prefix(IPAddress(ipv4: 0xac10_0000), 12), ExternalRoute(metric: 7)), to: 2)
    net.deliver(.external(Prefix(.unspecified, 0, .ipv6), ExternalRoute(metric: 7)), to: 2)
    net.run(for: .seconds(60))
    let lan = Prefix(Simulation.ipv4(0, 0), 24)
    #expect(net.hosts[2].routes[lan]?.metric1 == 20)
    let direct = NextHop(gateway: Simulation.ipv4(1, 0), interface: 100)
    #expect(net.hosts[0].routes[Simulation.stub(1, .ipv4)]?.nextHops == [direct])
    #expect(net.hosts[0].routes[Simulation.stub(2, .ipv4)]?.nextHops == [direct])
    #expect(net.hosts[0].routes[Prefix(IPAddress(ipv4: 0xac10_0000), 12)]?.kind == .external2)
    // The ends of the point-to-point link have no network in common.
    var far = NextHop(gateway: Simulation.ipv4(1, 1), interface: 101)
    far.isOnLink = true
    #expect(net.hosts[2].routes[Simulation.stub(0, .ipv4)]?.nextHops == [far])
    #expect(net.hosts.allSatisfy { host in host.routes.keys.allSatisfy { $0.family == .ipv4 } })
    #expect(!net.hosts[0].routes.keys.contains { $0.length == 0 })
  }

  @Test func `a forwarding address on a LAN is followed`() {
    var net = network(seed: 4, 3)
    net.join([(0, 10), (1, 10), (2, 10)], pointToPoint: false)
    var route = ExternalRoute(metric: 7)
    route.nextHop = NextHop(gateway: Simulation.ipv4(2, 0), interface: 100)
    let prefix = Prefix(IPAddress(ipv4: 0xac10_0000), 12)
    net.deliver(.external(prefix, route), to: 1)
    net.run(for: .seconds(60))
    #expect(net.hosts[0].routes[prefix]?.nextHops == [NextHop(gateway: Simulation.ipv4(2, 0), interface: 100)])
  }

  @Test func `an area border router tells of IPv4 networks and a stub area gets a default route`() {
    var net = network(seed: 5, 3)
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(1, 10), (2, 10)], pointToPoint: true, area: 1)
    for host in [1, 2] {
      var configuration = net.hosts[host].instance.configuration
      for a in configuration.areas.indices where configuration.areas[a].id.rawValue == 1 {
        configuration.areas[a].kind = .stub
        configuration.areas[a].summary = true
      }
      if host == 2 { configuration.areas.removeAll { $0.id.rawValue == 0 } }
      if host == 2 { configuration.isASBoundaryRouter = false }
      net.deliver(.reconfigure(configuration), to: host)
    }
    net.run(for: .seconds(60))
    #expect(net.hosts[2].routes[Simulation.stub(0, .ipv4)]?.kind == .interArea)
    #expect(net.hosts[2].routes[.everything(.ipv4)]?.kind == .interArea)
  }

  @Test func `a neighbour without the AF-bit is refused for IPv4 and not for IPv6`() {
    for family in AddressFamily.allCases {
      var net = Simulation(seed: 6)
      for host in 0..<2 {
        net.addHost {
          $0.family = family
          $0.hasFamilyBit = host == 0
        }
      }
      net.join([(0, 10), (1, 10)], pointToPoint: true)
      net.run(for: .seconds(60))
      let isFull = net.hosts[0].instance.neighborViews.map(\.state) == [.full]
      #expect(isFull == (family == .ipv6))
      if family == .ipv4 { #expect(net.hosts[0].lines.contains { $0.text.contains("AF-bit mismatch") }) }
    }
  }

  @Test func `an interface without an IPv4 address is complained of`() {
    var net = network(seed: 7, 1)
    net.join([(0, 10)], pointToPoint: true)
    net.deliver(
      .interfaceChanged(InterfaceStatus(index: 100, name: "l0", isUp: false, linkLocal: Simulation.linkLocal(0, 100))), to: 0)
    net.deliver(.interfaceChanged(InterfaceStatus(index: 100, name: "l0", linkLocal: Simulation.linkLocal(0, 100))), to: 0)
    #expect(net.hosts[0].lines.contains { $0.text == "Cannot find next hop address for l0" })
  }
}
