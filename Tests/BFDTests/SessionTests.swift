import RouteCore
import Testing

@testable import BFD

@Suite("Sessions, on a virtual clock")
struct SessionTests {
  @Test("two ends come up at once by the three-way handshake, and change to the fast interval with a poll")
  func comesUp() {
    var pair = Pair()
    pair.showsPackets = true
    pair.open(0)
    #expect(pair.takeLines() == ["0 A> Down 1000/10"])
    pair.now = ms(300)
    pair.open(1)
    #expect(
      pair.takeLines() == [
        "300 B> Down 1000/10", "300 A Init", "300 A> Init 1000/10", "300 B Up", "300 B> Up P 100/10", "300 A Up", "300 A> Up F 100/10",
        "300 A> Up P 100/10", "300 B> Up F 100/10",
      ])
    #expect(pair[0]?.state == .up && pair[1]?.state == .up)
    #expect(pair[0]?.transmitInterval == 100_000)
    #expect(pair[0]?.detectionTime == .milliseconds(500))
  }

  @Test("RFC 5880 §6.8.7: periodic packets come after 75 to 90 % of the interval, not in step")
  func jitter() {
    var pair = Pair()
    pair.open(0)
    pair.open(1)
    pair.sent = [0, 0]
    pair.run(until: ms(100_000))
    for end in 0...1 { #expect((1112...1333).contains(pair.sent[end])) }
    #expect(pair[0]?.transmitDeadline != pair[1]?.transmitDeadline)
    #expect(pair.failures == [0, 0])
  }

  @Test("RFC 5880 §6.8.4: silence of the Detection Time ends a session, with its diagnostic")
  func expires() throws {
    var pair = Pair.up { $0.multiplier = 3 }
    pair.isCut[0] = true
    pair.run(until: ms(2000))
    let lines = pair.takeLines()
    // The last packet came at most 90 ms before 1000.
    let time = try #require(lines.first?.split(separator: " ").first.flatMap { Int($0) })
    #expect((1210...1300).contains(time))
    #expect(lines == ["\(time) A Down failed", "\(time) B Down failed"])
    #expect(pair[0]?.localDiagnostic == .controlDetectionTimeExpired)
    #expect(pair[1]?.localDiagnostic == .neighborSignaledSessionDown)
    #expect(pair[0]?.transmitInterval == 1_000_000)
    pair.isCut[0] = false
    pair.run(until: ms(4000))
    #expect(pair[0]?.state == .up && pair[1]?.state == .up)
  }

  @Test("the one who hears nothing tells the other, which goes down even if it hears all")
  func oneWay() {
    var pair = Pair()
    pair.open(0)
    pair.isCut[0] = true
    pair.open(1)
    pair.run(until: ms(3000))
    // B hears A, A does not hear B: nobody is Up.
    #expect(pair[0]?.state == .down)
    #expect(pair[1]?.state == .`init`)
    #expect(pair.failures == [0, 0])
  }

  @Test("RFC 5880 §6.8.7: no more is sent than the neighbour takes")
  func slowReceiver() {
    var slow = SessionOptions()
    slow.minRxInterval = 400_000
    var pair = Pair([SessionOptions(), slow])
    pair.open(0)
    pair.open(1)
    #expect(pair[0]?.transmitInterval == 400_000)
    #expect(pair[1]?.transmitInterval == 100_000)
    #expect(pair[1]?.detectionTime == .milliseconds(2000))
    pair.sent = [0, 0]
    pair.run(until: ms(40_000))
    #expect((110...134).contains(pair.sent[0]))
    #expect(pair.failures == [0, 0])
  }

  @Test("RFC 5880 §6.8.3: a slower interval is used only when the neighbour knows of it; nothing fails meanwhile")
  func slower() {
    var pair = Pair.up { $0.multiplier = 3 }
    pair.showsPackets = true
    var overrides = SessionOverrides()
    overrides.minTxInterval = 700_000
    pair.isCut[1] = true
    pair.handle(0, .change(Pair.key(0), overrides))
    #expect(pair.takeLines() == ["1000 A> Up P 700/10"])
    #expect(pair[0]?.transmitInterval == 100_000)
    pair.run(until: ms(1100))
    pair.isCut[1] = false
    pair.run(until: ms(1200))
    #expect(pair[0]?.transmitInterval == 700_000)
    #expect(pair[1]?.detectionTime == .milliseconds(2100))
    pair.run(until: ms(10_000))
    #expect(pair.failures == [0, 0])
  }

  @Test("RFC 5880 §6.8.3: the Detection Time becomes shorter only when the neighbour sends faster")
  func fasterReception() {
    var pair = Pair {
      $0.minRxInterval = 500_000
      $0.minTxInterval = 100_000
    }
    pair.open(0)
    pair.open(1)
    pair.run(until: ms(3000))
    var overrides = SessionOverrides()
    overrides.minRxInterval = 100_000
    pair.isCut[1] = true
    pair.handle(0, .change(Pair.key(0), overrides))
    #expect(pair[0]?.detectionTime == .milliseconds(2500))
    pair.isCut[1] = false
    pair.run(until: ms(3500))
    #expect(pair[0]?.detectionTime == .milliseconds(500))
    pair.run(until: ms(10_000))
    #expect(pair.failures == [0, 0])
  }

  @Test("changes during a poll sequence have one of their own (§6.5)")
  func changesDuringPoll() {
    var pair = Pair()
    pair.open(0)
    pair.open(1)
    pair.run(until: ms(1000))
    pair.isCut[1] = true
    var overrides = SessionOverrides()
    for interval: UInt32 in [300_000, 800_000] {
      overrides.minTxInterval = interval
      pair.handle(0, .change(Pair.key(0), overrides))
    }
    pair.isCut[1] = false
    pair.run(until: ms(2000))
    #expect(pair[0]?.transmitInterval == 800_000)
    #expect(pair[0]?.poll == [])
    #expect(pair.failures == [0, 0])
  }

  @Test("a passive end waits for the other one (§6.1)")
  func passive() {
    var passive = SessionOptions()
    passive.passive = true
    var pair = Pair([passive, passive])
    pair.open(0)
    pair.open(1)
    pair.run(until: ms(10_000))
    #expect(pair.sent == [0, 0])
    var overrides = SessionOverrides()
    overrides.passive = false
    pair.handle(1, .change(Pair.key(1), overrides))
    pair.run(until: ms(11_000))
    #expect(pair[0]?.state == .up)
  }

  @Test("RFC 5880 §6.8.16, RFC 5882 §4.2: a session that is closed tells the neighbour, for whom that is no failure")
  func closed() {
    var pair = Pair.up()
    pair.handle(0, .close(Pair.key(0)))
    pair.run(until: ms(3999))
    #expect(pair.takeLines() == [])
    pair.run(until: ms(4000))
    #expect(pair.takeLines() == ["4000 B Down"])
    #expect(pair[0] == nil)
    pair.run(until: ms(20_000))
    #expect(pair[1]?.state == .down)
    pair.open(0)
    pair.run(until: ms(22_000))
    #expect(pair[1]?.state == .up)
  }

  @Test("a session that is wanted again within seconds goes on, with what is wanted now")
  func reopened() {
    var pair = Pair.up()
    pair.handle(0, .close(Pair.key(0)))
    pair.run(until: ms(3000))
    var overrides = SessionOverrides()
    overrides.multiplier = 9
    pair.open(0, overrides)
    pair.run(until: ms(9000))
    #expect(pair.takeLines() == [])
    #expect(pair[1]?.detectionTime == .milliseconds(900))
  }

  @Test("a neighbour that has begun anew is taken for another one until the Detection Time is over")
  func restarted() {
    var pair = Pair()
    pair.open(0)
    pair.open(1)
    pair.run(until: ms(1000))
    pair.handle(0, .stop(.silent))
    pair.open(0)
    #expect(pair[1]?.state == .up)
    pair.run(until: ms(4000))
    #expect(pair[1]?.state == .up && pair[0]?.state == .up)
    #expect(pair.failures == [0, 1])
  }

  @Test("RFC 5880 §6.6: no periodic packets to a neighbour in demand mode")
  func demand() throws {
    var pair = Pair()
    pair.open(0)
    pair.open(1)
    pair.run(until: ms(1000))
    var packet = ControlPacket()
    packet.state = .up
    packet.flags = .demand
    packet.detectMultiplier = 5
    packet.myDiscriminator = try #require(pair[1]?.localDiscriminator)
    packet.yourDiscriminator = try #require(pair[0]?.localDiscriminator)
    packet.desiredMinTxInterval = 100_000
    packet.requiredMinRxInterval = 10_000
    var writer = WireWriter()
    packet.encode(into: &writer)
    var output = Sessions.Output()
    let arrival = Sessions.Arrival(from: Pair.addresses[1], on: 7, hopLimit: 255, isMultihop: false)
    pair.ends[0].receive(writer.bytes.span.bytes, arrival, at: pair.now, into: &output)
    #expect(output.packets.isEmpty)
    #expect(pair[0]?.transmitDeadline == nil)
  }

  @Test("a stopped protocol has nothing left to do")
  func stopped() {
    var pair = Pair.up()
    pair.handle(0, .stop(.told))
    #expect(pair.takeLines() == ["1000 B Down"])
    #expect(pair.ends[0].nextDeadline == nil)
    #expect(pair.ends[0].all.isEmpty)
  }
}

@Suite("Whose packet it is")
struct ReceptionTests {
  private func packet(_ change: (inout ControlPacket) -> Void = { _ in }) -> [UInt8] {
    var packet = ControlPacket()
    packet.detectMultiplier = 3
    packet.myDiscriminator = 99
    packet.desiredMinTxInterval = 1_000_000
    packet.requiredMinRxInterval = 1
    change(&packet)
    var writer = WireWriter()
    packet.encode(into: &writer)
    return writer.bytes
  }

  /// What is said about a packet by somebody who has a session with 2001:db8::1 on interface 7 and one over several hops.
  private func said(
    _ bytes: [UInt8], from source: String = "2001:db8::1", on interface: UInt32 = 7, hops: UInt8? = 255, multihop: Bool = false
  )
    -> (lines: [String], changes: [SessionKey])
  {
    var sessions = Sessions(configuration: BFDConfiguration(), seed: 3)
    var output = Sessions.Output()
    for interface: UInt32 in [7, 0] {
      sessions.handle(
        .open(
          SessionKey(address("2001:db8::1"), interface: interface), from: address("2001:db8::2"),
          interfaceName: interface == 0 ? nil : "l0", SessionOverrides()), at: .zero, into: &output)
    }
    output.removeAll()
    sessions.receive(
      bytes.span.bytes, .init(from: address(source), on: interface, hopLimit: hops, isMultihop: multihop), at: .zero, into: &output)
    return (output.lines.map(\.text), output.changes.map(\.key))
  }

  @Test("the first packets of a neighbour are known by address and interface, or by the port of several hops")
  func first() {
    #expect(said(packet()).changes == [SessionKey(address("2001:db8::1"), interface: 7)])
    #expect(said(packet(), hops: 60, multihop: true).changes == [SessionKey(address("2001:db8::1"))])
    #expect(said(packet(), on: 8).changes == [])
    #expect(said(packet(), from: "2001:db8::3").lines == [])
  }

  @Test("RFC 5881 §5: a packet of one hop has come from the link")
  func hopLimit() {
    #expect(said(packet(), hops: 254).lines == ["Bad packet from 2001:db8::1 - wrong TTL (254)"])
    #expect(said(packet(), hops: nil).lines == ["Bad packet from 2001:db8::1 - wrong TTL (0)"])
  }

  @Test("an unknown discriminator, and authentication where none is expected, are refused")
  func refused() {
    #expect(said(packet { $0.yourDiscriminator = 5 }).lines == ["Bad packet from 2001:db8::1 - unknown session id (5)"])
    var bytes = packet { $0.flags = .authenticationPresent }
    bytes[3] = 26
    #expect(said(bytes + [1, 2]).lines == ["Authentication failed for 2001:db8::1 - authentication method mismatch (1)"])
  }

  @Test("bad packets are told of once a second")
  func flood() {
    var sessions = Sessions(configuration: BFDConfiguration(), seed: 3)
    var output = Sessions.Output()
    for time: Int64 in 0..<2500 {
      let arrival = Sessions.Arrival(from: address("2001:db8::1"), on: 7, hopLimit: 3, isMultihop: false)
      sessions.receive(packet().span.bytes, arrival, at: ms(time), into: &output)
    }
    #expect(output.lines.count == 3)
  }

  @Test func `Only the deadline ends a session for its silence`() {
    var pair = Pair.up { $0.multiplier = 3 }
    guard let due = pair.ends[0].silenceDeadline else {
      Issue.record("nothing is waited for")
      return
    }
    pair.now = due + .milliseconds(1)
    pair.isCut = [true, true]
    // Its own end changes, and somebody else is to be watched.
    var overrides = SessionOverrides()
    overrides.multiplier = 7
    pair.handle(0, .change(Pair.key(0), overrides))
    pair.handle(0, .open(SessionKey(address("fe80::c"), interface: 7), from: Pair.addresses[0], interfaceName: "l0", SessionOverrides()))
    #expect(pair[0]?.state == .up)
    #expect(pair.ends[0].nextDeadline.map { $0 <= pair.now } == true)
    pair.handle(0, .deadline)
    #expect(pair[0]?.state == .down)
  }
}
