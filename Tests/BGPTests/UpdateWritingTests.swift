import RouteCore
import Testing

@testable import BGP

@Suite struct UpdateWritingTests {
  private func route(_ family: AddressFamily = .ipv6, to session: SessionParameters) throws -> RouteAttributes {
    try #require(ExportTests.prepared(ExportTests.own(), to: session, family))
  }

  /// The messages in a buffer.
  private func messages(_ bytes: [UInt8], limit: Int = 65535) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var offset = 0
    while case .message(_, let range) = MessageHeader.find(in: bytes.span.bytes, at: offset, limit: limit) {
      found.append(Array(bytes[range]))
      offset = range.upperBound
    }
    #expect(offset == bytes.count)
    return found
  }

  @Test func `An IPv6 route on the wire`() throws {
    var writer = WireWriter()
    var updates = UpdateWriter()
    let session = ExportTests.to(65002)
    #expect(updates.writeUpdates(try route(to: session), [prefix("2001:db8:b1::/48")], .ipv6, session, into: &writer))
    #expect(
      hexText(writer.bytes)
        == hexText(
          hex(
            "ffffffffffffffffffffffffffffffff 0054 02 0000 003d"
              + "900e002c 0002 01 20 20010db800ff00000000000000000000 fe80000000000000000000000000000a 00 30 20010db800b1"
              + "40010100 400206 0201 0000fde9")))
  }

  @Test func `An IPv4 route and withdrawals on the wire`() throws {
    var writer = WireWriter()
    var updates = UpdateWriter()
    let session = ExportTests.to(65002) { $0.ipv4 = ChannelOptions() }
    #expect(
      updates.writeUpdates(try route(.ipv4, to: session), [prefix("10.0.0.0/8"), prefix("0.0.0.0/0")], .ipv4, session, into: &writer))
    updates.writeWithdrawals([prefix("192.0.2.128/25")], .ipv4, session, into: &writer)
    updates.writeWithdrawals([prefix("2001:db8::/32"), prefix("::/0")], .ipv6, session, into: &writer)
    let marker = "ffffffffffffffffffffffffffffffff"
    #expect(
      hexText(writer.bytes)
        == hexText(
          hex(
            marker + "002e 02 0000 0014 40010100 400206 0201 0000fde9 400304 c0000201 080a 00" + marker + "001c 02 0005 19c0000280 0000"
              + marker + "0024 02 0000 000d 900f0009 0002 01 20 20010db8 00")))
  }

  @Test(arguments: [AddressFamily.ipv4, .ipv6], [false, true])
  func `Many prefixes fill few messages and come back the same`(family: AddressFamily, extended: Bool) throws {
    let session = ExportTests.to(65002) {
      $0.ipv4 = ChannelOptions()
      $0.enableExtendedMessages = extended
    }
    #expect(session.extendedMessages == extended)
    var generator = SeededGenerator(seed: 4)
    let prefixes = (0..<20_000).map { _ in
      family == .ipv4
        ? Prefix(IPAddress(ipv4: UInt32(truncatingIfNeeded: generator.next())), UInt8(generator.next() % 33), .ipv4)
        : Prefix(IPAddress(high: generator.next(), low: generator.next()), UInt8(generator.next() % 129), .ipv6)
    }
    var writer = WireWriter()
    var updates = UpdateWriter()
    #expect(updates.writeUpdates(try route(family, to: session), prefixes, family, session, into: &writer))
    let announced = messages(writer.bytes, limit: session.maximumMessageLength)
    let octets = prefixes.reduce(0) { $0 + 1 + (Int($1.length) + 7) / 8 }
    // Each message but the last has no room for one more prefix of full length.
    #expect(announced.count <= octets / (session.maximumMessageLength - 120) + 1)
    var decoder = UpdateDecoder()
    var mirrored = session
    // The peer's view: our address is not its own.
    mirrored = SessionParameters(
      configurationB { $0.ipv4 = ChannelOptions() }, endpointsB,
      open: OpenMessage(session.configuration, capabilities: session.localCapabilities),
      sent: session.localCapabilities, timers: (6, 2))
    decoder.begin(mirrored)
    var sink = RecordingSink()
    for body in announced { #expect(try decoder.decode(body.span.bytes, sink: &sink) == nil) }
    #expect(sink.lines.filter { $0.hasPrefix("+") } == prefixes.map { "+ \($0)" })
    writer.removeAll()
    sink.lines.removeAll()
    updates.writeWithdrawals(prefixes, family, session, into: &writer)
    for body in messages(writer.bytes, limit: session.maximumMessageLength) {
      #expect(try decoder.decode(body.span.bytes, sink: &sink) == nil)
    }
    #expect(sink.lines == prefixes.map { "- \($0)" })
  }

  @Test func `Attributes that do not fit are refused and nothing is written`() throws {
    let session = ExportTests.to(65002)
    var route = try route(to: session)
    route.set(.communities, flags: 0xc0, [UInt8](repeating: 1, count: 4000))
    var updates = UpdateWriter()
    var writer = WireWriter()
    #expect(!updates.writeUpdates(route, [prefix("2001:db8::/32")], .ipv6, session, into: &writer))
    #expect(writer.count == 0)
    route.set(.communities, flags: 0xc0, [UInt8](repeating: 1, count: 3900))
    #expect(updates.writeUpdates(route, [prefix("2001:db8::/32")], .ipv6, session, into: &writer))
    #expect(messages(writer.bytes, limit: 4096).count == 1)
  }

  @Test func `An old peer gets two octets and AS4_PATH`() throws {
    let old = session(
      configurationA {
        $0.ipv4 = ChannelOptions(); $0.localAS = 4_200_000_000
      }
    ) { $0.as4 = nil }
    var base = ExportTests.own()
    base.set(.asPath, hex("0202 0000fdea 00000007"))
    base.set(.aggregator, flags: 0xc0, hex("fa56ea00 01020304"))
    let route = try #require(ExportTests.prepared(base, to: old, .ipv4))
    var updates = UpdateWriter()
    var writer = WireWriter()
    #expect(updates.writeUpdates(route, [prefix("10.0.0.0/8")], .ipv4, old, into: &writer))
    #expect(
      hexText(Array(writer.bytes.dropFirst(23)))
        == hexText(
          hex(
            "40010100 400208 0203 5ba0 fdea 0007 400304 c0000201 c00706 5ba0 01020304"
              + "c0110e 0203 fa56ea00 0000fdea 00000007 c01208 fa56ea00 01020304 080a")))
    let peer = SessionParameters(
      configurationB {
        $0.ipv4 = ChannelOptions(); $0.enableAS4 = false
      }, endpointsB,
      open: OpenMessage(old.configuration, capabilities: old.localCapabilities), sent: Capabilities(), timers: (6, 2))
    var decoder = UpdateDecoder()
    decoder.begin(peer)
    var sink = RecordingSink()
    let body = try #require(messages(writer.bytes).first)
    // Our neighbour is in the path, so the path is a loop for it; what matters is how it was read.
    #expect(try decoder.decode(body.span.bytes, sink: &sink) == nil)
    let path = try #require(decoder.attributes.value(.asPath))
    #expect(ASPath.text(path.span.bytes) == "4200000000 65002 7")
    #expect(decoder.attributes.value(.aggregator) == hex("fa56ea00 01020304"))
  }

  @Test func `Unknown transitive attributes travel on with the Partial bit`() throws {
    let session = ExportTests.to(65002)
    let text = UpdateDecodingTests.origin + UpdateDecodingTests.path + UpdateDecodingTests.hop4 + "c063 02 beef"
    var received = try #require(UpdateDecodingTests.decode(text, nlri: "08 0a").attributes)
    received.remove(.nextHop)
    let route = try #require(ExportTests.prepared(received, to: session))
    var updates = UpdateWriter()
    var writer = WireWriter()
    #expect(updates.writeUpdates(route, [prefix("2001:db8::/32")], .ipv6, session, into: &writer))
    #expect(hexText(writer.bytes).hasSuffix("e06302beef"))
  }
}
