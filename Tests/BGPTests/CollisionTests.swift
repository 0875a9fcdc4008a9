import RouteCore
import Testing

@testable import BGP

/// RFC 4271 §6.8: of two connections the one survives that the side with the higher identifier has opened.
@Suite struct CollisionTests {
  /// Both connections in OpenSent.
  private func both(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> Bench {
    var bench = Bench(configurationA(change))
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(bench.at(5, .accepted(Bench.in7, endpointsA)) == ["send in7 OPEN"])
    return bench
  }

  @Test func `The lower identifier closes its own connection`() {
    var bench = both()
    #expect(bench.at(5, Bench.out1, receives: Bench.open()) == ["send out1 KEEPALIVE", "OpenConfirm"])
    #expect(
      bench.at(5, Bench.in7, receives: Bench.open()) == [
        "send out1 NOTIFICATION Connection collision resolution", "close out1", "send in7 KEEPALIVE",
      ])
    #expect(bench.at(5, Bench.in7, receives: MessageHeader.keepalive) == ["established in7 hold 6", "Established"])
    #expect(bench.peer.lastError == nil)
  }

  @Test func `The lower identifier closes its own connection also if its OPEN comes second`() {
    var bench = both()
    _ = bench.at(5, Bench.in7, receives: Bench.open())
    #expect(bench.at(5, Bench.out1, receives: Bench.open()) == ["send out1 NOTIFICATION Connection collision resolution", "close out1"])
    #expect(bench.peer.incoming?.state == .openConfirm)
  }

  @Test func `The higher identifier closes the accepted connection`() {
    var bench = both { $0.routerID = RouterID(rawValue: 0x0200_0000) }
    _ = bench.at(5, Bench.in7, receives: Bench.open())
    #expect(
      bench.at(5, Bench.out1, receives: Bench.open()) == [
        "send in7 NOTIFICATION Connection collision resolution", "close in7", "send out1 KEEPALIVE",
      ])
  }

  @Test func `Equal identifiers are decided by the AS number`() {
    // RFC 6286 §2.3: 65001 is lower than 65002.
    var bench = both { $0.routerID = RouterID(rawValue: 0x0100_0002) }
    _ = bench.at(5, Bench.out1, receives: Bench.open())
    #expect(bench.at(5, Bench.in7, receives: Bench.open()).first == "send out1 NOTIFICATION Connection collision resolution")
  }

  @Test func `An established session is not disturbed by another connection`() {
    var bench = Bench.established()
    #expect(bench.at(6, .accepted(Bench.in7, endpointsA)) == ["abort in7"])
    #expect(bench.peer.state == .established)
  }

  @Test func `The session closes what is left of the other connection`() {
    var bench = both()
    _ = bench.at(5, Bench.out1, receives: Bench.open())
    #expect(
      bench.at(5, Bench.out1, receives: MessageHeader.keepalive) == [
        "send in7 NOTIFICATION Connection collision resolution", "close in7", "established out1 hold 6", "Established",
      ])
  }

  @Test func `An attempt to connect ends when the peer's own connection has come`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .accepted(Bench.in7, endpointsA))
    #expect(bench.at(5, Bench.in7, receives: Bench.open()) == ["close out1", "send in7 KEEPALIVE", "OpenConfirm"])
  }

  @Test func `The peer's word about a collision is no error`() {
    var bench = both()
    #expect(bench.at(5, Bench.out1, receives: Notification.cease(.connectionCollision).encoded) == ["close out1"])
    #expect(bench.peer.lastError == nil)
    #expect(bench.at(5, Bench.in7, receives: Bench.open() + MessageHeader.keepalive).last == "Established")
  }

  @Test func `Two peers that connect to each other at the same time end with one session`() {
    for seed in UInt64(0)..<50 {
      var network = TwoPeers(seed: seed)
      network.run(until: .seconds(30))
      #expect(network.a.state == .established && network.b.state == .established, "seed \(seed)")
      #expect(network.a.session?.remoteID == RouterID(rawValue: 0x0100_0002))
      #expect(network.connections == 1, "seed \(seed)")
    }
  }
}

/// Two real machines on a wire with a delay; the driver that the daemon is, in small.
private struct TwoPeers {
  enum Delivery {
    case opened(toA: Bool, ConnectionID)
    case accepted(byA: Bool, ConnectionID)
    case bytes(toA: Bool, ConnectionID, [UInt8])
    case closed(toA: Bool, ConnectionID)
  }
  var a: Peer
  var b: Peer
  var now = Instant.zero
  var queue: [(Instant, Int, Delivery)] = []
  var sequence = 0
  var open: Set<String> = []
  var sink = RecordingSink()
  let delay: Duration

  init(seed: UInt64) {
    // The same delay for both, so that they nearly always connect together.
    a = Peer(configuration: configurationA { $0.connectDelayTime = .milliseconds(Int64(seed % 5)) }, seed: seed)
    b = Peer(configuration: configurationB { $0.connectDelayTime = .milliseconds(Int64(seed % 5)) }, seed: seed &+ 1000)
    delay = .milliseconds(Int64(seed % 7) + 1)
    for isA in [true, false] { step(isA, .start) }
  }

  var connections: Int { open.count }

  mutating func post(_ delivery: Delivery) {
    sequence += 1
    queue.append((now + delay, sequence, delivery))
  }

  mutating func step(_ isA: Bool, _ event: Peer.Event) {
    var output = Peer.Output()
    if isA { a.handle(event, at: now, into: &output) } else { b.handle(event, at: now, into: &output) }
    act(isA, output)
  }

  /// The other side's name of a connection.
  func mirror(_ id: ConnectionID) -> ConnectionID { ConnectionID(id.direction == .outgoing ? .incoming : .outgoing, id.number) }
  func key(_ isA: Bool, _ id: ConnectionID) -> String { "\(isA == (id.direction == .outgoing))\(id.number)" }

  mutating func act(_ isA: Bool, _ output: Peer.Output) {
    for action in output.actions {
      switch action {
      case .connect(let id):
        open.insert(key(isA, id))
        post(.accepted(byA: !isA, mirror(id)))
        post(.opened(toA: isA, id))
      case .send(let id, let bytes): post(.bytes(toA: !isA, mirror(id), bytes))
      case .close(let id), .abort(let id): if open.remove(key(isA, id)) != nil { post(.closed(toA: !isA, mirror(id))) }
      default: break
      }
    }
  }

  mutating func run(until end: Duration) {
    let limit = Instant.zero + end
    while true {
      queue.sort { ($0.0, $0.1) < ($1.0, $1.1) }
      let timer = earliest(a.nextDeadline, b.nextDeadline)
      guard let next = earliest(queue.first?.0, timer), next <= limit else { return }
      now = max(now, next)
      guard let first = queue.first, first.0 <= next else {
        step(true, .deadline)
        step(false, .deadline)
        continue
      }
      queue.removeFirst()
      deliver(first.2)
    }
  }

  mutating func deliver(_ delivery: Delivery) {
    switch delivery {
    case .opened(let toA, let id): if open.contains(key(toA, id)) { step(toA, .connectionOpened(id, toA ? endpointsA : endpointsB)) }
    case .accepted(let byA, let id): if open.contains(key(byA, id)) { step(byA, .accepted(id, byA ? endpointsA : endpointsB)) }
    case .closed(let toA, let id): step(toA, .connectionClosed(id, reason: nil))
    case .bytes(let toA, let id, let bytes):
      var output = Peer.Output()
      if toA {
        a.receiveAll(bytes, on: id, at: now, sink: &sink, into: &output)
      } else {
        b.receiveAll(bytes, on: id, at: now, sink: &sink, into: &output)
      }
      act(toA, output)
    }
  }
}
