import Testing

@testable import BGP
@testable import RouteCore

/// The accumulated IGP metric (RFC 7311).
@Suite struct AIGPTests {
  private static let metric5 = "01 000b 0000000000000005"

  private func decode(_ value: String, flags: String = "80", on session: SessionParameters = UpdateDecodingTests.inside()) -> (
    metric: UInt64?, lines: [String], problem: String?
  ) {
    let length = String(hex(value).count + 0x100, radix: 16).suffix(2)
    let result = UpdateDecodingTests.decode(
      UpdateDecodingTests.reach + UpdateDecodingTests.origin + "400200" + "40050400000064" + flags + "1a" + length + value, on: session)
    return (result.attributes.flatMap { AccumulatedMetric.metric(in: $0.records.span.bytes) }, result.lines, result.problem)
  }

  @Test func `the first TLV of type 1 holds the metric, others are kept`() {
    #expect(decode(Self.metric5).metric == 5)
    #expect(decode("07 0004 ff" + Self.metric5 + "01 000b 0000000000000009").metric == 5)
    #expect(decode("07 0004 ff").metric == nil)
    #expect(decode("07 0004 ff").problem == nil)
  }

  @Test(arguments: ["01 000a 00000000000005", "01 000b 00000000000005", "01 0002", "01", "01 000b 0000000000000005 00"])
  func `a malformed one is discarded and the route stays`(value: String) {
    let result = decode(value)
    #expect(result.lines == ["begin ipv6", "+ 2001:db8::/32"])
    #expect(result.metric == nil && result.problem == "malformed AIGP, attribute discarded")
  }

  @Test func `so is one with wrong flags, and one that the peer is not to send`() {
    #expect(decode(Self.metric5, flags: "c0").problem == "malformed AIGP, attribute discarded")
    #expect(decode(Self.metric5, flags: "c0").lines.last == "+ 2001:db8::/32")
    let off = UpdateDecodingTests.inside { $0.ipv6?.aigp = false }
    let result = decode(Self.metric5, on: off)
    #expect(result.metric == nil && result.problem == "unexpected AIGP, attribute discarded" && result.lines.last == "+ 2001:db8::/32")
  }

  @Test func `it is exchanged with internal peers, and with others if asked for`() {
    let asked = ExportTests.to(65002) { $0.ipv6?.aigp = true }
    let member = ExportTests.to(65002) { ($0.confederation, $0.confederationMember) = (65000, true) }
    let sessions = [ExportTests.to(65001), ExportTests.to(65002), asked, member]
    #expect(sessions.map { $0.accumulatesMetric(.ipv6) } == [true, false, true, true])
  }

  private func sent(
    _ value: String?, _ route: RouteAttributes = ExportTests.received(), igpMetric: UInt32 = 3, to session: SessionParameters
  ) -> [UInt8]? {
    var route = route
    if let value { route.set(.accumulatedMetric, flags: 0x80, hex(value)) }
    return ExportTests.prepared(route, via: ExportGateway(igpMetric: igpMetric), to: session)?.value(.accumulatedMetric)
  }

  @Test func `where we become the next hop the way to the old one is added`() {
    let own = ExportTests.to(65001) { $0.ipv6?.nextHopSelf = .yes }
    let keep = ExportTests.to(65001)
    #expect(sent(Self.metric5, to: own) == hex("01 000b 0000000000000008"))
    #expect(sent(Self.metric5, to: keep) == hex(Self.metric5))
    #expect(sent(Self.metric5, igpMetric: 0, to: own) == hex("01 000b 0000000000000006"))
    #expect(sent("01 000b fffffffffffffffe", to: own) == hex("01 000b ffffffffffffffff"))
    #expect(sent(Self.metric5, igpMetric: NextHopTable.unknownMetric, to: own) == hex("01 000b ffffffffffffffff"))
    #expect(sent("07 0004 ff" + Self.metric5, to: own) == hex("01 000b 0000000000000008 07 0004 ff"))
    #expect(sent(Self.metric5, to: ExportTests.to(65002)) == nil)
    let asked = ExportTests.to(65002) { $0.ipv6?.aigp = true }
    #expect(sent(Self.metric5, to: asked) == hex("01 000b 0000000000000008"))
  }

  @Test func `routes of other protocols get one if their cost is known`() {
    let plain = ExportTests.to(65001)
    let originating = ExportTests.to(65001) {
      $0.ipv6?.aigp = true
      $0.ipv6?.originatesAIGP = true
    }
    #expect(sent(nil, ExportTests.own(.ospf), igpMetric: 20, to: plain) == nil)
    #expect(sent(nil, ExportTests.own(.ospf), igpMetric: 20, to: originating) == hex("01 000b 0000000000000014"))
    #expect(sent(nil, ExportTests.own(.device), igpMetric: 0, to: originating) == hex("01 000b 0000000000000000"))
    #expect(sent(nil, ExportTests.own(), igpMetric: NextHopTable.unknownMetric, to: originating) == nil)
    #expect(sent(nil, ExportTests.received(), to: originating) == nil)
  }
}
