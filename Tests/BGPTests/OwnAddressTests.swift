import RouteCore
import Testing

@testable import BGP

/// Our own addresses on the way to a peer change while there is a session.
@Suite struct OwnAddressTests {
  private static let link = address("fe80::a2")

  @Test func `RFC 2545 3: a new link-local address is announced with all routes`() {
    var bench = Bench.established()
    let v4 = endpointsA.otherFamily
    #expect(bench.at(6, .addressesChanged(linkLocal: endpointsA.linkLocal, otherFamily: v4)) == [])
    #expect(bench.at(7, .addressesChanged(linkLocal: Self.link, otherFamily: v4)) == ["announce again, link-local fe80::a2"])
    #expect(bench.at(8, .addressesChanged(linkLocal: Self.link, otherFamily: v4)) == [])
    #expect(bench.at(9, .addressesChanged(linkLocal: nil, otherFamily: v4)) == ["announce again, link-local none"])
  }

  @Test func `what is announced then has the new address, and the old one is no address of ours any more`() throws {
    var bench = Bench.established()
    _ = bench.at(6, .addressesChanged(linkLocal: Self.link, otherFamily: nil))
    let changed = bench.output.actions.compactMap { action -> SessionParameters? in
      if case .sessionChanged(let session, _) = action { session } else { nil }
    }
    let session = try #require(changed.first)
    var route = RouteAttributes(AttributeHeader(source: .static, preference: 200))
    #expect(ExportRules.prepare(&route, family: .ipv6, via: .none, to: session))
    let range = try #require(route.range(of: .nextHop))
    #expect(Array(route.records[range]) == address("2001:db8:ff::").bytes + Self.link.bytes)
    for (hop, isTaken) in [("fe80::a", true), ("fe80::a2", false)] {
      bench.sink.lines = []
      let update = message(
        .update,
        hex("0000 003c  40 01 01 00  40 02 06 02 01 0000fdea  80 0e 2c 0002 01 20") + address("::").bytes
          + address(hop).bytes + hex("00 30 20010db80001"))
      _ = bench.receive(update, Bench.out1)
      #expect(bench.sink.lines.contains { $0.hasPrefix("+") } == isTaken, "\(hop): \(bench.sink.lines)")
    }
  }

  @Test func `a session that is still to come begins with them`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(bench.at(5, .addressesChanged(linkLocal: Self.link, otherFamily: nil)) == [])
    _ = bench.at(5, Bench.out1, receives: Bench.open())
    _ = bench.at(5, Bench.out1, receives: MessageHeader.keepalive)
    let links = bench.output.actions.compactMap { action -> IPAddress? in
      if case .established(_, let session) = action { session.endpoints.linkLocal } else { nil }
    }
    #expect(links == [Self.link])
  }
}
