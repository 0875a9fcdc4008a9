import Glibc
import Linux
import RouteCore
import Testing

@Suite(.enabled(if: NetworkNamespace.isAvailable, "needs root and network namespaces"))
struct BFDSocketTests {
  @Test(arguments: [("10.0.0.1", "10.0.0.2"), ("2001:db8::1", "2001:db8::2")])
  func `A control packet comes from a high port, with TTL 255, on the interface it was sent on`(from: String, to: String) throws {
    let pair = try TwoHosts()
    defer { pair.close() }
    let loop = EventLoop()
    let source = try #require(IPAddress(from))
    let destination = try #require(IPAddress(to))
    var arrivals: [BFDReceiver.Arrival] = []
    var bytes: [UInt8] = []
    let everywhere = source.isIPv4 ? IPAddress(ipv4: 0) : .unspecified
    let receiver = try pair.hosts[1].inside {
      try BFDReceiver(
        loop, on: Endpoint(everywhere, port: BFDReceiver.directPort),
        onPacket: { arrival, packet in
          arrivals.append(arrival)
          bytes = packet.withUnsafeBytes { Array($0) }
        }, onError: { Issue.record($0) })
    }
    // Of two protocols only one can have the port.
    #expect(throws: SystemError.self) {
      try pair.hosts[1].inside {
        try BFDReceiver(loop, on: Endpoint(everywhere, port: BFDReceiver.directPort), onPacket: { _, _ in }, onError: { _ in })
      }
    }
    let sender = try pair.hosts[0].inside { try BFDSender(source.family, ports: [50000]) }
    let second = try pair.hosts[0].inside { try BFDSender(source.family, ports: [50000, 50001]) }
    defer {
      receiver.close()
      sender.close()
      second.close()
    }
    let packet: [UInt8] = [1, 2, 3]
    for interface in [pair.interfaces[0], 0] {
      arrivals = []
      #expect(sender.send(packet.span.bytes, from: source, to: destination, port: BFDReceiver.directPort, on: interface) == nil)
      try loop.run(atMost: .seconds(60)) { !arrivals.isEmpty }
      #expect(arrivals == [.init(source: source, interface: pair.interfaces[1], hopLimit: 255)])
      #expect(bytes == packet)
    }
    // An address that is not ours.
    let error = sender.send(packet.span.bytes, from: destination, to: destination, port: BFDReceiver.directPort, on: 0)
    #expect(error != nil)
  }

  @Test func `All that has arrived is read at once when somebody must know`() throws {
    let pair = try TwoHosts()
    defer { pair.close() }
    let loop = EventLoop()
    var count = 0
    let address = try #require(IPAddress("127.0.0.1"))
    let receiver = try pair.hosts[0].inside {
      try BFDReceiver(
        loop, on: Endpoint(address, port: BFDReceiver.multihopPort), onPacket: { _, _ in count += 1 }, onError: { Issue.record($0) })
    }
    let sender = try pair.hosts[0].inside { try BFDSender(.ipv4, ports: [50000]) }
    defer {
      receiver.close()
      sender.close()
    }
    let packet: [UInt8] = [1, 2, 3]
    for _ in 0..<1000 {
      #expect(sender.send(packet.span.bytes, from: address, to: address, port: BFDReceiver.multihopPort, on: 0) == nil)
    }
    // A round of the loop reads 64.
    var most = 0
    let end = Clock.now() + .seconds(5)
    while count < 1000, Clock.now() < end {
      let before = count
      receiver.catchUp()
      most = max(most, count - before)
    }
    #expect(count == 1000)
    #expect(most > 64)
  }
}
