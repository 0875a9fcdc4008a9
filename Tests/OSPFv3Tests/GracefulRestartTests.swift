import OSPFv3
import RouteCore
import Testing

/// Graceful restart (RFC 3623, RFC 5187): each way into helping and out of it, and the restart of a router of our own.
@Suite struct GracefulRestartTests {
  private func able(_ configuration: inout InstanceConfiguration) {
    configuration.gracefulRestart = .able
    configuration.gracefulRestartTime = 100
  }

  /// Two routers on a point-to-point link, the second able to restart, the first with another router behind it on a link of its own.
  private func line(_ seed: UInt64 = 1, helper: InstanceConfiguration.GracefulRestart = .aware) -> Simulation {
    var net = Simulation(seed: seed)
    net.trace = true
    net.addHost { $0.gracefulRestart = helper }
    net.addHost { able(&$0) }
    net.addHost()
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.join([(0, 10), (2, 10)], pointToPoint: true)
    net.run(for: .seconds(30))
    return net
  }

  private func lan(_ seed: UInt64, count: Int = 4) -> Simulation {
    var net = Simulation(seed: seed)
    net.trace = true
    for _ in 0..<count { net.addHost { able(&$0) } }
    net.join((0..<count).map { ($0, 10) }, pointToPoint: false)
    net.run(for: .seconds(80))
    return net
  }

  /// Ends a router and starts it anew after a while, with what the system says of its links.
  private func restart(
    _ host: Int, in net: inout Simulation, after pause: Duration, announced: Bool = true, recovers: Bool = true,
    _ change: (inout InstanceConfiguration) -> Void = { _ in }
  ) {
    if announced { net.deliver(.stopForRestart, to: host) }
    net.end(host)
    net.run(for: pause)
    net.begin(host, recovers: recovers, change)
  }

  private func state(_ net: Simulation, _ host: Int, _ other: Int) -> NeighborView? {
    net.hosts[host].instance.neighborViews.first { $0.routerID == Simulation.routerID(other) }
  }

  private func said(_ net: Simulation, _ host: Int, _ text: String) -> Bool { net.hosts[host].lines.contains { $0.text.contains(text) } }

  private func graceLSAs(_ net: Simulation, _ host: Int) -> Int {
    net.hosts[host].instance.lsaViews(at: net.now).count { $0.type == 0x000b && $0.age < 3600 }
  }

  private func sequence(_ net: Simulation, _ host: Int, of router: Int, _ type: UInt16) -> UInt32? {
    net.hosts[host].instance.lsaViews(at: net.now).first { $0.type == type && $0.advertisingRouter == Simulation.routerID(router) }?
      .sequenceNumber
  }

  // MARK: helping

  @Test func `a neighbour that restarts keeps its place and its routes beyond the dead interval, and is back without a flap`() {
    var net = line()
    let before = (net.hosts[0].routeChanges, net.hosts[2].routeChanges)
    let own = sequence(net, 2, of: 0, 0x2001)
    restart(1, in: &net, after: .seconds(60))
    #expect(state(net, 0, 1)?.isRestarting == true)
    #expect(state(net, 0, 1)?.state == .down)
    #expect(net.hosts[2].routes[Simulation.stub(1)] != nil)
    net.run(for: .seconds(30))
    #expect(state(net, 0, 1)?.isRestarting == false)
    #expect(state(net, 0, 1)?.state == .full)
    #expect(net.hosts[1].recoveries == 1)
    #expect(net.hosts[1].routes[Simulation.stub(2)] != nil)
    #expect((net.hosts[0].routeChanges, net.hosts[2].routeChanges) == before)
    #expect(sequence(net, 2, of: 0, 0x2001) == own)
    #expect(said(net, 1, "Graceful restart finished"))
    #expect((0..<3).allSatisfy { graceLSAs(net, $0) == 0 })
  }

  @Test func `RFC 3623 3.2: a neighbour that does not come back is gone when its grace period is over`() {
    var net = line()
    net.deliver(.stopForRestart, to: 1)
    net.end(1)
    net.run(for: .seconds(99))
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
    #expect(net.hosts[2].routes[Simulation.stub(1)] != nil)
    net.run(for: .seconds(3))
    #expect(state(net, 0, 1) == nil)
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
    net.run(for: .seconds(10))
    #expect(net.hosts[2].routes[Simulation.stub(1)] == nil)
  }

  @Test func `RFC 3623 3.2 (3): a change of the topology ends the help at once`() {
    var net = line()
    net.deliver(.stopForRestart, to: 1)
    net.end(1)
    net.run(for: .seconds(50))
    #expect(state(net, 0, 1)?.isRestarting == true)
    var changed = net.hosts[2].instance.configuration
    changed.areas[0].interfaces[1].options.cost = 77
    net.deliver(.reconfigure(changed), to: 2)
    net.run(for: .seconds(6))
    #expect(state(net, 0, 1) == nil)
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
    #expect(said(net, 0, "graceful restart canceled"))
  }

  @Test func `refreshed LSAs are no change of the topology`() {
    var net = line()
    net.run(for: .seconds(1750))
    net.deliver(.stopForRestart, to: 1)
    net.end(1)
    let before = sequence(net, 0, of: 2, 0x2001)
    net.run(for: .seconds(60))
    #expect(sequence(net, 0, of: 2, 0x2001) != before)
    #expect(state(net, 0, 1)?.isRestarting == true)
  }

  @Test func `who is not allowed to help loses the neighbour with the dead interval, and switching it off ends the help`() {
    var off = line(helper: .off)
    off.deliver(.stopForRestart, to: 1)
    off.end(1)
    off.run(for: .seconds(42))
    #expect(state(off, 0, 1) == nil)
    #expect(off.hosts[0].routes[Simulation.stub(1)] == nil)
    var net = line()
    net.deliver(.stopForRestart, to: 1)
    net.end(1)
    net.run(for: .seconds(50))
    var changed = net.hosts[0].instance.configuration
    changed.gracefulRestart = .off
    net.deliver(.reconfigure(changed), to: 0)
    net.run(for: .seconds(2))
    #expect(state(net, 0, 1) == nil)
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
  }

  @Test func `the end of an interface ends the help, and a failed path does not`() {
    var net = line()
    net.deliver(.stopForRestart, to: 1)
    net.end(1)
    net.run(for: .seconds(1))
    net.setLink(0, up: false)
    net.run(for: .seconds(2))
    #expect(state(net, 0, 1) == nil)
    #expect(net.hosts[0].routes[Simulation.stub(1)] == nil)
    var other = Simulation(seed: 5)
    other.addHost()
    other.addHost { able(&$0) }
    other.join([(0, 10), (1, 10)], pointToPoint: true) { $0.bfd = true }
    other.run(for: .seconds(20))
    other.deliver(.stopForRestart, to: 1)
    other.end(1)
    other.run(for: .seconds(1))
    other.deliver(.pathFailed(interface: 100, address: Simulation.linkLocal(1, 100)), to: 0)
    other.run(for: .seconds(1))
    #expect(state(other, 0, 1)?.state == .down)
    #expect(other.hosts[0].routes[Simulation.stub(1)] != nil)
    #expect(other.hosts[0].instance.watchedNeighbors == [])
    other.begin(1, recovers: true)
    other.run(for: .seconds(20))
    #expect(other.hosts[0].instance.watchedNeighbors.count == 1)
    #expect(state(other, 0, 1)?.state == .full)
  }

  // MARK: restarting

  @Test func `on a shared link everybody may restart, as designated router, backup or other, and nobody's routes flap`() {
    for victim in 0..<4 {
      var net = lan(UInt64(10 + victim))
      let roles = net.hosts[0].instance.interfaceViews.last.map { [$0.designatedRouter, $0.backupDesignatedRouter] }
      let before = net.hosts.map(\.routeChanges)
      let sequences = (0..<4).map { sequence(net, 0, of: $0, 0x2001) }
      restart(victim, in: &net, after: .seconds(15))
      net.run(for: .seconds(40))
      for host in 0..<4 {
        let view = net.hosts[host].instance.interfaceViews.last
        #expect(view.map { [$0.designatedRouter, $0.backupDesignatedRouter] } == roles, "\(victim): \(host)")
        if host == victim { continue }
        #expect(net.hosts[host].routeChanges == before[host], "\(victim): \(host)")
        #expect(sequence(net, 0, of: host, 0x2001) == sequences[host], "\(victim): \(host)")
      }
      #expect(net.hosts[victim].recoveries == 1)
      #expect(said(net, victim, "Graceful restart finished"))
      #expect((0..<4).allSatisfy { graceLSAs(net, $0) == 0 })
      #expect(net.hosts[victim].routes.count == net.hosts[victim == 0 ? 1 : 0].routes.count)
    }
  }

  @Test func `a restart that nobody announced is helped too if the router is back in time`() {
    var net = line()
    let before = net.hosts[0].routeChanges
    restart(1, in: &net, after: .seconds(20), announced: false)
    net.run(for: .seconds(20))
    #expect(state(net, 0, 1)?.state == .full)
    #expect(net.hosts[0].routeChanges == before)
    #expect(said(net, 1, "Graceful restart finished"))
  }

  @Test func `RFC 3623 2.2 (2): a neighbour that has forgotten us ends the restart`() {
    var net = line(helper: .off)
    restart(1, in: &net, after: .seconds(60))
    net.run(for: .seconds(20))
    #expect(state(net, 0, 1)?.state == .full)
    #expect(said(net, 1, "Graceful restart ended - inconsistent router-LSA"))
    #expect(net.hosts[1].recoveries == 1)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[Simulation.stub(1)] != nil)
    #expect(net.hosts[1].routes[Simulation.stub(0)] != nil)
  }

  @Test func `RFC 3623 2.2 (3): alone, the restart ends with its grace period`() {
    var net = line()
    net.deliver(.stopForRestart, to: 1)
    net.end(1)
    net.setLink(0, up: false, noticed: false)
    net.begin(1, recovers: true)
    net.run(for: .seconds(99))
    #expect(net.hosts[1].recoveries == 0)
    #expect(net.hosts[1].instance.lsaViews(at: net.now).allSatisfy { $0.type == 0x000b })
    net.run(for: .seconds(3))
    #expect(net.hosts[1].recoveries == 1)
    #expect(said(net, 1, "grace period expired"))
  }

  @Test func `who does not take part restarts as ever`() {
    var net = line()
    restart(1, in: &net, after: .seconds(10), announced: false) { $0.gracefulRestart = .aware }
    net.run(for: .seconds(20))
    #expect(net.hosts[1].recoveries == 0)
    #expect(graceLSAs(net, 0) == 0)
    #expect(state(net, 0, 1)?.state == .full)
  }

  @Test func `externals of before stay until all exports are told, then those go that are no more`() throws {
    var net = Simulation(seed: 7)
    net.addHost()
    net.addHost {
      able(&$0)
      $0.isASBoundaryRouter = true
    }
    net.join([(0, 10), (1, 10)], pointToPoint: true)
    net.run(for: .seconds(20))
    let kept = try #require(Prefix("2001:db8:e1::/48"))
    let gone = try #require(Prefix("2001:db8:e2::/48"))
    for prefix in [kept, gone, .everything(.ipv6)] { net.deliver(.external(prefix, ExternalRoute()), to: 1) }
    net.run(for: .seconds(10))
    let before = net.hosts[0].routeChanges
    #expect(net.hosts[0].routes[gone] != nil)
    restart(1, in: &net, after: .seconds(5))
    net.run(for: .seconds(30))
    #expect(net.hosts[1].recoveries == 1)
    #expect(net.hosts[0].routeChanges == before)
    for prefix in [kept, .everything(.ipv6)] { net.deliver(.external(prefix, ExternalRoute()), to: 1) }
    net.deliver(.exportsCompleted, to: 1)
    net.run(for: .seconds(10))
    #expect(net.hosts[0].routes[kept] != nil)
    #expect(net.hosts[0].routes[.everything(.ipv6)] != nil)
    #expect(net.hosts[0].routes[gone] == nil)
    #expect(net.hosts[0].routeChanges == before + 1)
  }

  // MARK: the LSA

  @Test func `a grace-LSA is read and written, and one whose lengths are wrong is malformed`() throws {
    let body: [UInt8] = [0, 1, 0, 4, 0, 0, 0, 120, 0, 2, 0, 1, 0, 0, 0, 0]
    var writer = WireWriter()
    GraceLSA(gracePeriod: 120).encode(into: &writer)
    #expect(writer.bytes == body)
    #expect(try GraceLSA.decode(body.span.bytes) == GraceLSA(gracePeriod: 120, reason: 0))
    // A TLV that is not known, and the reason padded.
    let more: [UInt8] = [0, 9, 0, 3, 1, 2, 3, 0] + body.dropLast(4) + [1, 0, 0, 0]
    #expect(try GraceLSA.decode(more.span.bytes) == GraceLSA(gracePeriod: 120, reason: 1))
    for broken: [UInt8] in [[0, 1, 0, 3, 0, 0, 0, 1], [0, 1, 0, 4, 0, 0, 0], [0, 2, 0, 2, 0, 1, 0, 0], [0, 9, 255, 255], [0, 1, 0]] {
      #expect(throws: Truncated.self) { try GraceLSA.decode(broken.span.bytes) }
    }
  }
}
