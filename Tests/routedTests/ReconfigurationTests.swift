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

  @Test func `Another hold time restarts the session alone`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    let (bgp, statics) = (try a.bgp(), a.daemon.instance("S"))
    let text = network.configuration(1, ["10.1.0.0/16"]).replacing("hold time 6;", with: "hold time 9;")
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
