import Glibc
import Linux
import RouteCore
import Testing

/// Recorded bytes are in the byte order of the machine they were taken on.
@Suite(.enabled(if: 1.littleEndian == 1, "recorded on a little-endian machine"))
struct NetlinkDecoderTests {
  private func events(_ bytes: [UInt8]) -> [NetlinkEvent] {
    var found = [NetlinkEvent]()
    NetlinkMessages.forEach(in: bytes.span.bytes) { header, body in
      if let event = NetlinkDecoder.event(header, body) { found.append(event) }
    }
    return found
  }

  @Test func `A link`() {
    let flags: Link.Flags = [.up, .broadcast, .running, .multicast, .lowerUp]
    var link = Link(index: 3, name: "eth1", flags: flags, mtu: 1500)
    link.kind = "veth"
    #expect(events(RecordedMessages.link) == [.link(link)])
  }

  @Test func `A message of a bridge about its port is not about the link`() {
    var bytes = RecordedMessages.link
    bytes[16] = UInt8(AF_BRIDGE)
    #expect(events(bytes) == [])
    bytes = RecordedMessages.link
    bytes[4] = 17  // RTM_DELLINK
    if case .linkRemoved(let link)? = events(bytes).first { #expect(link.name == "eth1") } else { Issue.record("not removed") }
  }

  @Test func `An address with another end, and one without`() {
    var pointToPoint = InterfaceAddress(interface: 3, address: ip("10.9.9.1"), prefixLength: 32, opposite: ip("10.9.9.2"))
    pointToPoint.flags = .permanent
    #expect(events(RecordedMessages.pointToPoint) == [.address(pointToPoint)])
    guard case .address(let address)? = events(RecordedMessages.globalIPv6).first else {
      Issue.record("no address")
      return
    }
    #expect(address.address == ip("2001:db8::1") && address.prefix == net("2001:db8::/64") && address.opposite == nil)
    #expect(address.flags.contains(.permanent) && !address.flags.contains(.tentative))
  }

  @Test func `Routes of all kinds`() {
    let via1 = KernelNextHop(NextHop(gateway: ip("fe80::1"), interface: 3))
    let via2 = KernelNextHop(NextHop(gateway: ip("fe80::2"), interface: 3, weight: 3))
    let multipath = KernelRoute(prefix: net("2001:db8:a2::/64"), protocolNumber: 12, metric: 1024, nextHops: [via1, via2])
    #expect(events(RecordedMessages.multipath) == [.route(multipath, replaced: false)])

    var unreachable = KernelRoute(prefix: net("2001:db8:b::/48"), protocolNumber: 12, metric: 32)
    unreachable.destination = .unreachable
    #expect(events(RecordedMessages.unreachable) == [.route(unreachable, replaced: false)])

    let via4 = KernelNextHop(NextHop(gateway: ip("10.1.2.9"), interface: 3))
    let via6 = KernelNextHop(NextHop(gateway: ip("fe80::7"), interface: 3), flags: .onLink)
    var mixed = KernelRoute(prefix: net("10.7.0.0/16"), protocolNumber: 12, metric: 32, nextHops: [via4, via6])
    mixed.details.preferredSource = ip("10.1.2.3")
    mixed.details.metrics[.mtu] = 1300
    #expect(events(RecordedMessages.mixedIPv4) == [.route(mixed, replaced: false)])

    let other = KernelRoute(
      prefix: net("10.8.0.0/16"), table: 1000, protocolNumber: 3,
      nextHops: [KernelNextHop(NextHop(gateway: ip("fe80::7"), interface: 3))])
    #expect(events(RecordedMessages.table1000) == [.route(other, replaced: false)])
  }

  @Test func `A refusal names the request and the errno`() {
    var reply: NetlinkReply?
    let bytes = RecordedMessages.refusal
    NetlinkMessages.forEach(in: bytes.span.bytes) { reply = NetlinkReply($0, $1) }
    #expect(reply?.sequence == 7 && reply?.code == EHOSTUNREACH && reply?.text == nil)
  }

  @Test func `What is encoded is decoded to the same route`() {
    var labelled = NextHop(gateway: ip("fe80::1"), interface: 3)
    for label: UInt32 in [16, 0xf_ffff, 300] { labelled.labels.append(label) }
    let hops = [
      labelled, NextHop(gateway: ip("fe80::2"), interface: 4, weight: 256), NextHop(interface: 70_000, weight: 7),
    ]
    for count in [1, 2, 3] {
      for prefix in [net("2001:db8:a2::/64"), net("::/0"), net("10.0.0.0/8"), net("0.0.0.0/0"), net("10.1.2.3/32")] {
        var request = RouteRequest(prefix, table: 1000, metric: 77)
        request.details.metrics[.mtu] = 1280
        request.details.metrics[.hoplimit] = 33
        request.details.realm = 9
        request.details.preferredSource = prefix.family == .ipv4 ? ip("10.9.9.9") : ip("2001:db8::9")
        var writer = NetlinkWriter()
        let chosen = Array(hops.prefix(count))
        RouteEncoder.encode(request, via: chosen.span, mode: .replace, sequence: 5, into: &writer)
        let found = events(writer.withBytes { Array($0) })
        var route = KernelRoute(prefix: prefix, table: 1000, protocolNumber: 12, metric: 77, nextHops: chosen.map { KernelNextHop($0) })
        route.details = request.details
        route.details.scope = 0
        #expect(found == [.route(route, replaced: true)])
      }
    }
  }

  @Test func `Damaged messages never trap and never loop`() {
    var generator = SeededGenerator(seed: 20)
    for message in RecordedMessages.all {
      for length in 0..<message.count {
        let cut = Array(message[..<length])
        #expect(NetlinkDecoder.decodeAll(cut.span.bytes) == 0)
      }
      for _ in 0..<3000 {
        var damaged = message + message
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
          damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        #expect(NetlinkDecoder.decodeAll(damaged.span.bytes) <= damaged.count / 16)
      }
    }
  }
}
