import RouteCore
import Testing

@testable import BGP

/// RFC 9234: roles of external sessions, and ONLY_TO_CUSTOMER.
@Suite struct RoleTests {
  private static func decode(_ role: Role?, _ otc: String) -> (lines: [String], otc: UInt32?, problem: String?) {
    let base = UpdateDecodingTests.origin + UpdateDecodingTests.path + UpdateDecodingTests.hop4
    let result = UpdateDecodingTests.decode(base + otc, nlri: "08 0a", on: UpdateDecodingTests.both { $0.localRole = role })
    return (result.lines, result.attributes?.u32(.onlyToCustomer), result.problem)
  }

  @Test(arguments: [
    // From a customer or a route server's client: a mark is a leak.
    (Role?.some(.provider), "", "+", UInt32?.none), (.provider, "c02304 0000fdeb", "-", nil), (.routeServer, "c02304 0000fdea", "-", nil),
    (.routeServer, "", "+", nil),
    // From a provider or a route server: marked, if it is not yet.
    (.customer, "", "+", 65002), (.customer, "c02304 0000fdeb", "+", 65003), (.routeServerClient, "", "+", 65002),
    (.routeServerClient, "c02304 0000fdeb", "+", 65003),
    // From a peer: its own mark or none.
    (.peer, "", "+", 65002), (.peer, "c02304 0000fdea", "+", 65002), (.peer, "c02304 0000fdeb", "-", nil),
    // Without a role it just passes.
    (nil, "", "+", nil), (nil, "c02304 0000fdeb", "+", 65003),
  ])
  func `What comes in is marked or refused by its sender's role`(role: Role?, otc: String, verdict: String, kept: UInt32?) {
    let found = Self.decode(role, otc)
    #expect(found.lines.last == "\(verdict) 10.0.0.0/8")
    #expect(found.otc == kept)
    #expect(found.problem == (verdict == "-" ? "route leak shown by ONLY_TO_CUSTOMER, treated as withdraw" : nil))
  }

  @Test func `A mark of another length is treated as withdraw, one with wrong flags too, and Partial is kept`() throws {
    #expect(Self.decode(nil, "c02303 0000fd").problem == "malformed ONLY_TO_CUSTOMER, treated as withdraw")
    #expect(Self.decode(nil, "802304 0000fdea").problem == "wrong flags of ONLY_TO_CUSTOMER, treated as withdraw")
    let result = UpdateDecodingTests.decode(
      UpdateDecodingTests.origin + UpdateDecodingTests.path + UpdateDecodingTests.hop4 + "e02304 0000fdea", nlri: "08 0a")
    let attributes = try #require(result.attributes)
    #expect(AttributeRecords.find(.onlyToCustomer, in: attributes.records.span.bytes)?.flags == 0xe0)
    #expect(AttributeText.lines(attributes.header, attributes.records.span.bytes).last == .init(name: "BGP.otc", texts: ["65002"]))
  }

  @Test(arguments: [
    (Role?.some(.provider), true, UInt32?.some(65001)), (.routeServer, true, 65001), (.peer, false, 65001), (.customer, false, nil),
    (.routeServerClient, false, nil), (nil, true, nil),
  ])
  func `Marked routes go to customers only, and what goes down or across is marked`(role: Role?, mayPass: Bool, mark: UInt32?) {
    let session = ExportTests.to(65002) { $0.localRole = role }
    var marked = ExportTests.received()
    marked.set(.onlyToCustomer, flags: 0xc0, u32: 65500)
    #expect(ExportTests.mayExport(marked, session) == mayPass)
    #expect(ExportTests.mayExport(ExportTests.received(), session))
    #expect(ExportTests.prepared(ExportTests.received(), to: session)?.u32(.onlyToCustomer) == mark)
    if mayPass { #expect(ExportTests.prepared(marked, to: session)?.u32(.onlyToCustomer) == 65500) }
  }

  @Test func `A role that does not fit ends the session with Role Mismatch, and the peer is left alone for a while`() {
    var bench = Bench(configurationA { $0.localRole = .customer })
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(
      bench.at(5, Bench.out1, receives: Bench.open { $0.localRole = .peer }) == [
        "send out1 NOTIFICATION Role mismatch", "close out1", "Idle",
      ])
    #expect(bench.peer.lastError?.description == "BGP Error: Role mismatch")
    #expect(bench.peer.errorWaitTimer(at: bench.now)?.total == .seconds(60))
    let agreed = Bench.established({ $0.localRole = .customer }, remote: { $0.localRole = .provider })
    #expect(agreed.peer.session?.remoteCapabilities.role == Role.provider.rawValue)
  }
}
