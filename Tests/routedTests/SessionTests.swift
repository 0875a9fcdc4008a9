import RouteCore
import Testing

@testable import routed

/// Two shells of BGP that speak over the loopback.
@Suite struct SessionTests {
  @Test func `Two daemons come to Established and have each other's routes`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    #expect(try a.bgp().info == "Established   ")
    #expect(try a.bgp().state == .up)
    #expect(try b.bgp().session?.holdTime == 6)
  }

  @Test func `Without a connection attempt being due nobody connects`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let a = try network.add(network.configuration(1, []))
    let b = try network.add(network.configuration(2, []))
    _ = try network.loop.run(atMost: .milliseconds(50)) { false }
    #expect(!a.isEstablished() && !b.isEstablished())
    a.pass(.seconds(1))
    try network.until("established") { a.isEstablished() && b.isEstablished() }
  }

  @Test func `An attempt that the system refuses is told to the machine at once, and made again`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    // 192.0.2.9 is nobody's, so that nothing can be bound to it.
    let text = network.configuration(1, []).replacing(network.address(1), with: "192.0.2.9").replacing("strict bind yes;", with: "")
    let a = try network.add(text)
    a.pass(.seconds(1))
    #expect(try a.bgp().peer.state == .active)
    #expect(try a.bgp().peer.lastError?.description.hasPrefix("Socket: ") == true)
    #expect(try a.bgp().nextDeadline.map { $0 > a.daemon.now } == true)
    a.pass(.seconds(2))
    #expect(try a.bgp().peer.state == .active)
  }

  @Test func `Routes that come and go are told`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    try a.reconfigure(network.configuration(1, ["10.1.0.0/16", "10.3.0.0/16"]))
    try network.until("the new route") { b.networks(of: "B") == ["10.1.0.0/16", "10.3.0.0/16"] }
    try a.reconfigure(network.configuration(1, ["10.3.0.0/16"]))
    try network.until("the old one is withdrawn") { b.networks(of: "B") == ["10.3.0.0/16"] }
  }

  @Test func `A peer that restarts loses its routes and brings them again`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    b.daemon.restart(try b.bgp(), reason: .restart(""))
    try network.until("the session is lost") { !a.isEstablished() }
    #expect(a.networks(of: "B").isEmpty)
    #expect(try a.bgp().peer.lastError?.description == "Received: Administrative reset")
    for _ in 0..<3 where !a.isEstablished() {
      b.pass(.seconds(2))
      _ = try network.loop.run(atMost: .seconds(60)) { a.isEstablished() && b.isEstablished() }
    }
    try network.until("the routes are back") { a.networks(of: "B") == ["10.2.0.0/16"] && b.networks(of: "B") == ["10.1.0.0/16"] }
  }

  @Test func `A refreshed import brings routes that were rejected, and sweeps none that were not`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (_, b) = try network.pair([["10.1.0.0/16", "10.3.0.0/16"], ["10.2.0.0/16"]])
    let channel = "import where net != 10.3.0.0/16; export all;"
    try b.reconfigure(network.configuration(2, ["10.2.0.0/16"], channel: channel))
    try network.until("one is rejected") { b.networks(of: "B") == ["10.1.0.0/16"] }
    try b.reconfigure(network.configuration(2, ["10.2.0.0/16"]))
    try network.until("it is back") { b.networks(of: "B") == ["10.1.0.0/16", "10.3.0.0/16"] }
    #expect(b.isEstablished())
  }

  /// RFC 7313 §4.1: the beginning and the end stand around what is sent again, also if routes are about to go out when the request comes.
  @Test func `The answer to a refresh stands between its marks`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let a = try network.add(network.configuration(1, ["10.1.0.0/16", "10.3.0.0/16"], options: "passive yes;"))
    let peer = try RawPeer(network)
    defer { peer.connection.abort() }
    try network.until("all routes are sent") { a.exported(to: "B") == 2 && !(a.daemon.instance("B")?.exporter?.hasPendingExports ?? true) }
    try network.until("the end of them has come") { peer.messages.contains { $0.type == 2 && $0.body == [0, 0, 0, 0] } }
    peer.forget()
    peer.send(5, [0, 1, 0, 1])
    a.daemon.scheduleTurn()
    try network.until("the answer ends") { peer.messages.contains { $0.type == 5 && $0.body == [0, 1, 2, 1] } }
    #expect(peer.messages.first.map { $0.type == 5 && $0.body == [0, 1, 1, 1] } == true)
    #expect(peer.messages.dropFirst().dropLast().allSatisfy { $0.type == 2 })
    #expect(peer.messages.count >= 3)
    #expect(peer.messages.last?.type == 5)
  }

  // MARK: What has arrived when a deadline comes

  @Test func `A keepalive that waits in the socket keeps the session, though the hold time is over`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    // B says something; A is stopped meanwhile, and finds all of it at once: the message, and its hold timer.
    b.pass(.seconds(2))
    a.pass(.seconds(7))
    #expect(a.isEstablished())
    #expect(!a.hasLogged("Hold timer expired"))
    let session = try a.bgp().session
    #expect(session != nil)
    // The hold timer runs from now on.
    #expect(try a.bgp().peer.silenceDeadline == a.daemon.now + .seconds(6))
  }

  @Test func `An UPDATE does so as well, and is not lost`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    try b.reconfigure(network.configuration(2, ["10.2.0.0/16", "10.4.0.0/16"]))
    try network.until("B has sent it") { b.exported(to: "B") == 2 }
    a.pass(.seconds(7))
    #expect(a.isEstablished())
    #expect(a.networks(of: "B") == ["10.2.0.0/16", "10.4.0.0/16"])
  }

  @Test func `Silence ends the session, and its routes with it`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try network.pair()
    a.pass(.seconds(7))
    #expect(!a.isEstablished())
    #expect(a.hasLogged("Hold timer expired"))
    try network.until("its routes have gone") { a.networks(of: "B").isEmpty }
    try network.until("the peer is told") { !b.isEstablished() }
    #expect(try b.bgp().peer.lastError?.description == "Received: Hold timer expired")
  }

  @Test func `A connection that is there when its attempt is given up is used`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let a = try network.add(network.configuration(1, []))
    let b = try network.add(network.configuration(2, [], options: "passive yes;"))
    a.pass(.seconds(1))
    // The kernel has connected, and nobody has looked.
    a.pass(.seconds(3))
    #expect(try a.bgp().peer.state == .openSent)
    try network.until("established") { a.isEstablished() && b.isEstablished() }
  }
}
