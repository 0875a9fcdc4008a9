import OSPFv3
import RouteCore
import Testing

/// Random networks of several areas, compared with `AreaReference`.
@Suite struct AreaSimulationTests {
  @Test(arguments: 1...400)
  func `random networks of areas come to the routes of the reference, without loops`(seed: Int) throws {
    var net = Self.randomNetwork(seed: UInt64(seed))
    net.run(for: .seconds(90))
    try Self.check(net, seed, "at first")
    for round in 0..<4 {
      let link = Int(net.random.next() % UInt64(net.links.count))
      net.setLink(link, up: !net.links[link].isUp)
      net.run(for: .seconds(round % 2 == 1 ? 150 : 3))
      if round % 2 == 1 { try Self.check(net, seed, "round \(round)") }
    }
  }

  @Test(arguments: 1...100)
  func `with loss, duplication and reordering too`(seed: Int) throws {
    var net = Self.randomNetwork(seed: UInt64(seed + 1000))
    net.loss = net.random.next() % 20
    net.duplication = net.random.next() % 20
    net.jitter = .milliseconds(30)
    net.run(for: .seconds(100))
    let link = Int(net.random.next() % UInt64(net.links.count))
    net.setLink(link, up: false)
    net.run(for: .seconds(30))
    net.loss = 0
    net.run(for: .seconds(120))
    try Self.check(net, seed, "in the end")
  }

  /// A backbone and one to three other areas, with one or two border routers each; some are stub areas, some have ranges.
  static func randomNetwork(seed: UInt64) -> Simulation {
    var net = Simulation(seed: seed)
    var random = SeededGenerator(seed: seed &* 104_729)
    func upTo(_ n: Int) -> Int { Int(random.next() % UInt64(n)) }
    func cost() -> UInt16 { UInt16(1 + upTo(5)) }
    let areas = 2 + upTo(3)
    var members: [[Int]] = []
    for area in 0..<areas {
      var own: [Int] = []
      for _ in 0..<(1 + upTo(3)) {
        net.addHost(area: UInt32(area)) { $0.mergeExternal = true }
        own.append(net.hosts.count - 1)
      }
      members.append(own)
    }
    func joinArea(_ area: Int, _ hosts: [Int]) {
      for (place, host) in hosts.enumerated().dropFirst() {
        net.join([(hosts[upTo(place)], cost()), (host, cost())], pointToPoint: upTo(4) > 0, area: UInt32(area))
      }
      for _ in 0..<upTo(3) {
        let a = hosts[upTo(hosts.count)]
        let b = hosts[upTo(hosts.count)]
        if a != b { net.join([(a, cost()), (b, cost())], pointToPoint: true, area: UInt32(area)) }
      }
    }
    joinArea(0, members[0])
    for area in 1..<areas {
      // The border routers are members of the backbone, or of the area with a link into the backbone.
      var inside = members[area]
      for _ in 0..<(1 + upTo(2)) {
        let other = members[0][upTo(members[0].count)]
        if upTo(2) == 0 {
          if !inside.contains(other) { inside.append(other) }
        } else {
          net.join([(inside[upTo(members[area].count)], cost()), (other, cost())], pointToPoint: true, area: 0)
        }
      }
      joinArea(area, inside)
      adorn(&net, UInt32(area), &random)
    }
    for host in net.hosts.indices where upTo(3) == 0 { announce(&net, host) }
    return net
  }

  /// Makes an area a stub area, or gives it ranges: in the configuration of all its routers.
  private static func adorn(_ net: inout Simulation, _ area: UInt32, _ random: inout SeededGenerator) {
    let kind = [AreaConfiguration.Kind.ordinary, .ordinary, .stub, .nssa][Int(random.next() % 4)]
    let hasSummary = random.next() % 2 == 0
    var ranges: [AreaConfiguration.AreaRange] = []
    for _ in 0..<(random.next() % 3) {
      let stub = Simulation.stub(Int(random.next() % UInt64(net.hosts.count)))
      let prefix = Prefix(stub.address, UInt8(44 + random.next() % 5), .ipv6)
      if !ranges.contains(where: { $0.prefix == prefix }) { ranges.append(.init(prefix: prefix, hidden: random.next() % 4 == 0)) }
    }
    for host in net.hosts.indices {
      var configuration = net.hosts[host].instance.configuration
      for a in configuration.areas.indices where configuration.areas[a].id.rawValue == area {
        if kind != .ordinary {
          configuration.areas[a].kind = kind
          configuration.areas[a].summary = hasSummary
          configuration.areas[a].defaultCost = 7
        }
        configuration.areas[a].networks = ranges
      }
      if configuration != net.hosts[host].instance.configuration { net.deliver(.reconfigure(configuration), to: host) }
    }
  }

  static func external(_ host: Int) -> Prefix {
    Prefix(IPAddress(high: 0x2001_0db8_eeee_0000 | UInt64(host), low: 0), 64, .ipv6)
  }

  private static func announce(_ net: inout Simulation, _ host: Int) {
    var configuration = net.hosts[host].instance.configuration
    if configuration.areas.count == 1, configuration.areas[0].kind == .stub { return }
    configuration.isASBoundaryRouter = true
    net.deliver(.reconfigure(configuration), to: host)
    net.deliver(.external(external(host), ExternalRoute()), to: host)
  }

  static func check(_ net: Simulation, _ seed: Int, _ when: String) throws {
    let reference = AreaReference(net)
    for (number, host) in net.hosts.enumerated() {
      #expect(host.instance.neighborViews.allSatisfy { $0.state == .full || $0.state == .twoWay }, "seed \(seed) host \(number)")
      for prefix in reference.prefixes where prefix != Simulation.stub(number) {
        compare(host.routes[prefix], reference.path(number, prefix), number, reference, "seed \(seed) \(when): \(number) to \(prefix)")
      }
      let isInside = host.instance.configuration.areas.count == 1
      let home = host.instance.configuration.areas[0]
      if isInside, home.kind != .ordinary {
        let all = try #require(Prefix("::/0"))
        compare(host.routes[all], reference.defaultPath(number), number, reference, "seed \(seed) \(when): \(number) default")
      }
      for other in net.hosts.indices where other != number && net.hosts[other].instance.configuration.isASBoundaryRouter {
        let route = host.routes[external(other)]
        let source = net.hosts[other].instance.configuration.areas
        let isTranslated = source.count == 1 && source[0].kind == .nssa
        var expected = isTranslated ? reference.path(number, toNSSA: other) : reference.path(number, toRouter: other)
        if isInside, home.kind == .stub || home.kind == .nssa && !isTranslated { expected = nil }
        #expect(route?.metric1 == expected?.metric, "seed \(seed) \(when): \(number) to AS boundary router \(other)")
        #expect(route?.nextHops ?? [] == expected.map { reference.hops(number, $0) } ?? [], "seed \(seed) \(when): \(number), \(other)")
      }
    }
    for target in net.hosts.indices { checkLoops(net, Simulation.stub(target), seed, when) }
    checkDatabases(net, seed, when)
  }

  private static func compare(
    _ route: OSPFRoute?, _ expected: AreaReference.Path?, _ host: Int, _ reference: AreaReference, _ what: String
  ) {
    #expect(route?.metric1 == expected?.metric, "\(what)")
    #expect(route?.kind == expected?.kind, "\(what)")
    #expect(route?.areaID == expected?.area, "\(what)")
    #expect(route?.nextHops ?? [] == expected.map { reference.hops(host, $0) } ?? [], "\(what)")
  }

  /// Follows all next hops, by longest match; with ranges, that overlap here at will and leave no discard routes, by exact match.
  private static func checkLoops(_ net: Simulation, _ target: Prefix, _ seed: Int, _ when: String) {
    let hasRanges = net.hosts.contains { $0.instance.configuration.areas.contains { !$0.networks.isEmpty } }
    func next(_ host: Int) -> [Int] {
      let known = net.hosts[host].routes.filter { hasRanges ? $0.key == target : $0.key.contains(target) }
        .max { $0.key.length < $1.key.length }
      return (known?.value.nextHops ?? []).filter { $0.gateway.isLinkLocal }.map { Int($0.gateway.low >> 16) - 1 }
    }
    var state = Array(repeating: 0, count: net.hosts.count)
    func visit(_ host: Int) -> Bool {
      if state[host] == 1 { return false }
      if state[host] == 2 { return true }
      state[host] = 1
      for hop in next(host) where !visit(hop) { return false }
      state[host] = 2
      return true
    }
    for host in net.hosts.indices { #expect(visit(host), "seed \(seed) \(when): a loop on the way from \(host) to \(target)") }
  }

  /// Neighbours that are Full have the same LSAs of their area, and of the AS where it is no stub area; nobody has others.
  private static func checkDatabases(_ net: Simulation, _ seed: Int, _ when: String) {
    func database(_ host: Int, _ area: RouterID) -> [String] {
      let instance = net.hosts[host].instance
      let isOrdinary = (instance.configuration.areas.first { $0.id == area }?.kind ?? .ordinary) == .ordinary
      return instance.lsaViews(at: net.now).filter { $0.scope == .area(area) || (isOrdinary && $0.scope == .autonomousSystem) }
        .map { "\($0.type) \($0.linkStateID) \($0.advertisingRouter) \($0.sequenceNumber) \($0.checksum)" }
    }
    for (number, host) in net.hosts.enumerated() {
      for neighbor in host.instance.neighborViews where neighbor.state == .full {
        let other = Int(neighbor.routerID.rawValue & 0xff) - 1
        #expect(database(number, neighbor.areaID) == database(other, neighbor.areaID), "seed \(seed) \(when): \(number) and \(other)")
      }
      if host.instance.configuration.areas.allSatisfy({ $0.kind != .ordinary }), host.instance.configuration.areas.count == 1 {
        #expect(!host.instance.lsaViews(at: net.now).contains { $0.scope == .autonomousSystem }, "seed \(seed): \(number)")
      }
    }
  }
}
