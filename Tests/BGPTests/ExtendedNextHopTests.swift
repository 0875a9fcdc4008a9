import RouteCore
import Testing

@testable import BGP

/// RFC 8950: IPv4 routes with IPv6 next hops; RFC 4798 §2: IPv6 routes with IPv4 ones.
@Suite struct ExtendedNextHopTests {
  private static let attributes = UpdateDecodingTests.origin + UpdateDecodingTests.path
  private static let global = "20010db800ff00000000000000000001"
  private static let linkLocal = "fe80000000000000000000000000000b"

  /// The session of A over IPv6, with IPv4 as agreed.
  private static func agreed(_ mine: Bool = true, _ theirs: Bool = true, _ change: (inout PeerConfiguration) -> Void = { _ in })
    -> SessionParameters
  {
    let configuration = configurationA {
      $0.ipv4 = ChannelOptions()
      $0.ipv4?.extendedNextHop = mine
      change(&$0)
    }
    return session(configuration) { $0.extendedNextHop = theirs ? [FamilyCode(.ipv4)] : [] }
  }

  @Test func `The capability has the octets of the RFC, both ways, and both have to announce it`() throws {
    let configuration = configurationA {
      $0.ipv4 = ChannelOptions()
      $0.ipv4?.extendedNextHop = true
      $0.gracefulRestart = .no
    }
    let open = OpenMessage(configuration, capabilities: Capabilities(configuration))
    #expect(hexText(open.encoded).contains(hexText(hex("0200 0506 0001 0001 0002 4104"))))
    #expect(try OpenMessage(decoding: open.encoded.span.bytes.extracting(droppingFirst: MessageHeader.size)) == open)
    #expect(open.capabilities.lines.contains("  IPv6 nexthop: ipv4"))
    // What is not specified is left out (§4): IPv6 routes, IPv4 next hops.
    var other = Capabilities()
    try other.decode(hex("0512 0002 0001 0001 0001 0001 0001 0001 0080 0002").span.bytes)
    #expect(other.extendedNextHop == [FamilyCode(afi: 1, safi: 128)])
    #expect(Self.agreed().extendedNextHop(.ipv4) && !Self.agreed(true, false).extendedNextHop(.ipv4))
    #expect(!Self.agreed(false, true).extendedNextHop(.ipv4) && !Self.agreed().extendedNextHop(.ipv6))
  }

  @Test(arguments: [
    ("800e 18 0001 01 10 \(global) 00 10 0a01", ["2001:db8:ff::1"]),
    ("800e 28 0001 01 20 \(global) \(linkLocal) 00 10 0a01", ["2001:db8:ff::1 fe80::b"]),
    ("800e 28 0001 01 20 00000000000000000000000000000000 \(linkLocal) 00 10 0a01", ["fe80::b"]),
    ("800e 0c 0001 01 04 c0000202 00 10 0a01", ["192.0.2.2"]),
  ])
  func `IPv4 routes come with next hops of either family`(reach: String, hop: [String]) throws {
    let result = UpdateDecodingTests.decode(reach + Self.attributes, on: Self.agreed())
    #expect(result.lines == ["begin ipv4", "+ 10.1.0.0/16"] && result.problem == nil)
    let attributes = try #require(result.attributes)
    #expect(AttributeText.lines(attributes.header, attributes.records.span.bytes)[2].texts == hop)
  }

  @Test func `Where it was not agreed on, such a next hop resets the session`() {
    let reach = "800e 18 0001 01 10 \(Self.global) 00 10 0a01"
    for session in [Self.agreed(true, false), Self.agreed(false, true)] {
      #expect(UpdateDecodingTests.decode(reach + Self.attributes, on: session).error == "Optional attribute error")
    }
  }

  @Test func `IPv6 routes may have mapped IPv4 next hops where asked for`() throws {
    let reach = "800e 1a 0002 01 10 00000000000000000000ffffc0000202 00 20 20010db8"
    #expect(UpdateDecodingTests.decode(reach + Self.attributes).lines == ["- 2001:db8::/32"])
    let session = UpdateDecodingTests.both { $0.ipv6?.extendedNextHop = true }
    let result = UpdateDecodingTests.decode(reach + Self.attributes, on: session)
    #expect(result.lines == ["begin ipv6", "+ 2001:db8::/32"])
    let attributes = try #require(result.attributes)
    #expect(AttributeText.lines(attributes.header, attributes.records.span.bytes)[2].texts == ["192.0.2.2"])
  }

  @Test func `IPv4 routes go out in MP_REACH_NLRI with our IPv6 addresses, and are withdrawn in MP_UNREACH_NLRI`() throws {
    let session = Self.agreed()
    let route = try #require(ExportTests.prepared(ExportTests.own(), to: session, .ipv4))
    #expect(ExportTests.lines(route) == ["origin IGP", "as_path 65001", "next_hop 2001:db8:ff:: fe80::a"])
    var writer = WireWriter()
    var updates = UpdateWriter()
    #expect(updates.writeUpdates(route, [prefix("10.1.0.0/16"), prefix("10.2.0.0/16")], .ipv4, session, into: &writer))
    #expect(
      hexText(writer.bytes)
        == hexText(
          hex(
            "ffffffffffffffffffffffffffffffff 0053 02 0000 003c"
              + "900e002b 0001 01 20 20010db800ff00000000000000000000 fe80000000000000000000000000000a 00 10 0a01 10 0a02"
              + "40010100 400206 0201 0000fde9")))
    writer.removeAll()
    updates.writeWithdrawals([prefix("10.1.0.0/16")], .ipv4, session, into: &writer)
    #expect(hexText(writer.bytes) == hexText(hex("ffffffffffffffffffffffffffffffff 0021 02 0000 000a" + "900f0006 0001 01 10 0a01")))
    // Not agreed on: as ever.
    writer.removeAll()
    let plain = Self.agreed(true, false)
    let classic = try #require(ExportTests.prepared(ExportTests.own(), to: plain, .ipv4))
    #expect(ExportTests.lines(classic)[2] == "next_hop 192.0.2.1")
    #expect(updates.writeUpdates(classic, [prefix("10.1.0.0/16")], .ipv4, plain, into: &writer))
    #expect(hexText(writer.bytes).contains("400304c0000201"))
    // A next hop of the other family can not be told to such a peer.
    var foreign = ExportTests.received()
    foreign.set(.nextHop, flags: 0x40, address("2001:db8:77::7").bytes)
    let inside = Self.agreed(false, false) { $0.neighborAS = .number(65001) }
    #expect(ExportTests.lines(ExportTests.prepared(foreign, to: inside, .ipv4)).contains("next_hop 192.0.2.1"))
  }

  @Test func `A third party's next hop of the other family is kept inside, with a long list in several messages`() throws {
    var foreign = ExportTests.received()
    foreign.set(.nextHop, flags: 0x40, address("2001:db8:77::7").bytes)
    let inside = Self.agreed { $0.neighborAS = .number(65001) }
    let route = try #require(ExportTests.prepared(foreign, to: inside, .ipv4))
    #expect(ExportTests.lines(route).contains("next_hop 2001:db8:77::7"))
    var writer = WireWriter()
    var updates = UpdateWriter()
    let many = (0..<2000).map { Prefix(unchecked: IPAddress(ipv4: 0x0a00_0000 + UInt32($0) << 8), 24, .ipv4) }
    #expect(updates.writeUpdates(route, many, .ipv4, inside, into: &writer))
    var sink = RecordingSink()
    var decoder = UpdateDecoder()
    // Their view of the session is the mirror of ours; the next hop is a third party's in both.
    decoder.begin(inside)
    var offset = 0
    while case .message(_, let range) = MessageHeader.find(in: writer.bytes.span.bytes, at: offset, limit: 4096) {
      let problem = try decoder.decode(writer.bytes.span.bytes.extracting(range), sink: &sink)
      #expect(problem == nil)
      offset = range.upperBound
    }
    #expect(offset == writer.count && sink.lines.count { $0.hasPrefix("+ ") } == 2000)
  }

  @Test func `A configured next hop of the other family needs the option`() {
    let own = ExportTests.to(65002) { $0.ipv6?.nextHopAddress = address("192.0.2.9") }
    #expect(ExportTests.lines(ExportTests.prepared(ExportTests.own(), to: own)) == ["not announced"])
    let extended = ExportTests.to(65002) {
      $0.ipv6?.nextHopAddress = address("192.0.2.9")
      $0.ipv6?.extendedNextHop = true
    }
    #expect(ExportTests.lines(ExportTests.prepared(ExportTests.own(), to: extended)).contains("next_hop 192.0.2.9"))
  }

  @Test func `IPv6 routes go over an IPv4 session with our IPv4 address where asked for`() {
    let endpoints = Endpoints(local: address("192.0.2.1"), remote: address("192.0.2.2"), interface: 2, otherFamily: address("2001:db8::1"))
    let configuration = configurationA {
      $0.neighborAddress = address("192.0.2.2")
      $0.ipv6?.extendedNextHop = true
    }
    let session = SessionParameters(expecting: configuration, endpoints: endpoints)
    let route = ExportTests.prepared(ExportTests.own(), to: session)
    #expect(route?.value(.nextHop) == hex("00000000000000000000ffff c0000201"))
    #expect(ExportTests.lines(route).contains("next_hop 192.0.2.1"))
  }
}
