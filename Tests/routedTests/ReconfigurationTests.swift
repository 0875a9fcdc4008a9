import BGP
import RouteCore
import Testing

@testable import routed

@Suite struct ReconfigurationTests {
  @Test func `The same configuration touches nothing`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, _) = try network.pair()
    let before = a.daemon.protocols
    try a.reconfigure(network.configuration(1, ["10.1.0.0/16"]))
    #expect(zip(before, a.daemon.protocols).allSatisfy { $0 === $1 } && before.count == a.daemon.protocols.count)
    #expect(a.isEstablished())
    #expect(a.networks(of: "B") == ["10.2.0.0/16"])
  }

  @Test func `A changed export filter keeps the session and takes back what it rejects`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair([["10.1.0.0/16", "10.3.0.0/16"], ["10.2.0.0/16"]])
    let instance = try a.bgp()
    let channel = "import all; export where net != 10.3.0.0/16;"
    try a.reconfigure(network.configuration(1, ["10.1.0.0/16", "10.3.0.0/16"], channel: channel))
    try network.until("it is withdrawn") { b.networks(of: "B") == ["10.1.0.0/16"] }
    #expect(try a.bgp() === instance)
    #expect(a.isEstablished() && b.isEstablished())
  }

  @Test func `What a session takes in place leaves it as it is`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    let (bgp, since) = (try a.bgp(), try a.bgp().since)
    let changed = network.configuration(1, ["10.1.0.0/16"])
      .replacing("hold time 6;", with: "hold time 9; keepalive time 2; error wait time 5, 6; default bgp_med 7; path metric off;")
      .replacing("next hop address 192.0.2.1;", with: "next hop address 192.0.2.7; aigp;")
    try a.reconfigure(changed)
    #expect(try a.bgp() === bgp && bgp.since == since && bgp.peer.configuration.holdTime == 9 && bgp.session?.holdTime == 6)
    #expect(a.isEstablished() && !a.hasLogged("Restarting protocol"))
    #expect(a.daemon.router[channel: bgp.channels[0]].decision.contains(.pathMetric) == false)
    try network.until("the new next hop is announced") {
      b.route("10.1.0.0/16").flatMap { ExportRules.nextHop(of: $0) } == IPAddress("192.0.2.7")
    }
    try network.until("the routes were asked for again") { a.route("10.2.0.0/16")?.header.med == 7 }
    // The next session has the new times.
    b.daemon.restart(try b.bgp(), reason: .restart(""))
    try network.until("the session is lost") { !a.isEstablished() }
    for _ in 0..<3 where !a.isEstablished() {
      b.pass(.seconds(2))
      _ = try network.loop.run(atMost: .seconds(60)) { a.isEstablished() && b.isEstablished() }
    }
    #expect(bgp.session?.holdTime == 6 && bgp.peer.configuration.holdTime == 9 && bgp.session?.keepaliveTime == 2)
  }

  @Test func `Without route refresh it restarts where the peer would have to send its routes again, as the check says`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, _) = try network.pair(options: "enable route refresh no;")
    let bgp = try a.bgp()
    let text = network.configuration(1, ["10.1.0.0/16"], options: "enable route refresh no;")
    let changed = try TestDaemon.configuration(text.replacing("next hop address 192.0.2.1;", with: "next hop address 192.0.2.1; aigp;"))
    #expect(ReconfigurationPlan(a.daemon, to: changed).lines == ["Protocol B: restarted (aigp of ipv4, no route refresh)"])
    let soft = try TestDaemon.configuration(text.replacing("next hop address 192.0.2.1;", with: "next hop address 192.0.2.7;"))
    #expect(ReconfigurationPlan(a.daemon, to: soft).lines == ["Protocol B: adjusted (next hop address of ipv4)"])
    a.daemon.apply(changed)
    #expect(try a.bgp() !== bgp)
  }

  @Test func `What our OPEN says restarts the session alone`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    let (bgp, statics) = (try a.bgp(), a.daemon.instance("S"))
    let text = network.configuration(1, ["10.1.0.0/16"]).replacing("hold time 6;", with: "enable extended messages;")
    try a.reconfigure(text)
    #expect(try a.bgp() !== bgp)
    #expect(a.daemon.instance("S") === statics)
    #expect(a.hasLogged("Restarting protocol B"))
    try network.until("the peer hears of it") { !b.isEstablished() }
    #expect(try b.bgp().peer.lastError?.description == "Received: Other configuration change")
  }

  @Test func `A protocol that is gone says so, and its routes are gone`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    try a.reconfigure("router id 10.255.0.1;\nprotocol static S { ipv4; route 10.1.0.0/16 blackhole; }\n")
    #expect(a.daemon.instance("B") == nil)
    try network.until("the peer hears of it") { !b.isEstablished() }
    #expect(try b.bgp().peer.lastError?.description == "Received: Peer de-configured")
    #expect(b.networks(of: "B").isEmpty)
  }
}
