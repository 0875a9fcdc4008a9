import BFD
import RouteCore
import Testing

@testable import routed

/// Two shells of BFD that speak over the loopback.
@Suite struct BFDShellTests {
  private func configuration(_ network: TestNetwork, _ host: Int, multiplier: Int) -> String {
    """
    router id 10.255.0.\(host);
    protocol bfd F {
      strict bind yes;
      multihop { interval 100 ms; multiplier \(multiplier); };
      neighbor \(network.address(3 - host)) local \(network.address(host)) multihop;
    }
    """
  }

  private func state(_ daemon: TestDaemon) -> Session.State? { (daemon.daemon.instance("F") as? BFDProtocol)?.sessions.all.first?.state }

  /// Two daemons whose sessions are Up. A's neighbour is given up after 300 ms of silence.
  private func pair(_ network: TestNetwork) throws -> (TestDaemon, TestDaemon) {
    let a = try network.add(configuration(network, 1, multiplier: 30))
    let b = try network.add(configuration(network, 2, multiplier: 3))
    try network.until("Up") {
      a.pass(.milliseconds(10))
      b.pass(.milliseconds(10))
      return state(a) == .up && state(b) == .up
    }
    // Until the intervals are those of sessions that are Up.
    for _ in 0..<200 {
      a.pass(.milliseconds(10))
      b.pass(.milliseconds(10))
      _ = try network.loop.run(atMost: .milliseconds(1)) { false }
    }
    return (a, b)
  }

  @Test func `Packets that wait in the socket keep the session, though the Detection Time is over`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, b) = try pair(network)
    for _ in 0..<10 { b.pass(.milliseconds(100)) }
    a.pass(.milliseconds(1000))
    #expect(state(a) == .up)
    #expect(state(b) == .up)
  }

  @Test func `Silence ends the session`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    let (a, _) = try pair(network)
    a.pass(.milliseconds(1000))
    #expect(state(a) == .down)
  }
}
