import RouteCore
import Testing

@testable import BGP

/// RFC 5065: A is member AS 65001 of confederation 65100, whose other members are 65002 and 65003.
@Suite struct ConfederationTests {
  private static let origin = UpdateDecodingTests.origin
  private static let hop = UpdateDecodingTests.hop4
  /// (65002 65003) 65500
  private static let inside = "400210 0302 0000fdea 0000fdeb 0201 0000ffdc"

  private static func member(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    UpdateDecodingTests.both {
      $0.confederation = 65100
      $0.confederationMember = true
      change(&$0)
    }
  }

  private static func outside() -> SessionParameters { UpdateDecodingTests.both { $0.confederation = 65100 } }

  private static func decode(_ path: String, _ more: String = "", on session: SessionParameters)
    -> (lines: [String], attributes: RouteAttributes?, problem: String?)
  {
    let result = UpdateDecodingTests.decode(origin + path + hop + more, nlri: "08 0a", on: session)
    return (result.lines, result.attributes, result.problem)
  }

  @Test func `To the outside OPEN has the number of the confederation, to members that of the member AS`() {
    let outside = configurationA { $0.confederation = 65100 }
    #expect(OpenMessage(outside, capabilities: Capabilities(outside)).autonomousSystem == 65100)
    let member = configurationA {
      $0.confederation = 65100
      $0.confederationMember = true
    }
    #expect(OpenMessage(member, capabilities: Capabilities(member)).autonomousSystem == 65001)
    let internalPeer = configurationA {
      $0.confederation = 65100
      $0.neighborAS = .number(65001)
    }
    #expect(OpenMessage(internalPeer, capabilities: Capabilities(internalPeer)).myAS == 65001)
  }

  @Test func `A path from another member keeps its segments, which count nothing, and comes with LOCAL_PREF`() throws {
    let result = Self.decode(Self.inside, "400504 000000c8", on: Self.member())
    #expect(result.lines == ["begin ipv4", "+ 10.0.0.0/8"] && result.problem == nil)
    let attributes = try #require(result.attributes)
    #expect(attributes.header.pathLength == 1 && attributes.header.neighborAS == 65500 && attributes.header.localPref == 200)
    #expect(attributes.header.flags.isSuperset(of: [.external, .confederation]))
    #expect(AttributeText.lines(attributes.header, attributes.records.span.bytes, .bird2)[1].texts == ["(65002 65003) 65500"])
    #expect(AttributeText.origin(attributes.header, attributes.records.span.bytes) == "AS65500i")
    // Of the member itself.
    let own = try #require(Self.decode("400206 0301 0000fdea", on: Self.member()).attributes)
    #expect(own.header.pathLength == 0 && own.header.neighborAS == 0)
    #expect(AttributeText.origin(own.header, own.records.span.bytes) == "AS65002i")
    #expect(Self.decode("400206 0301 0000fdea", on: Self.member { $0.enforceFirstAS = true }).lines.last == "+ 10.0.0.0/8")
  }

  @Test(arguments: [
    // RFC 5065 §5: a member has put its number in front, an outsider knows of no such segments.
    ("400206 0201 0000ffdc", true, "-"), ("400200", true, "-"), (inside, false, "-"), ("400206 0201 0000ffdc", false, "+"),
    // AS_CONFED_SET
    ("40020c 0301 0000fdea 0401 0000fdeb", true, "+"), ("400206 0401 0000fdeb", true, "-"),
    // Loops: our member AS, and from outside the confederation too.
    ("40020a 0302 0000fdea 0000fde9", true, "-"), ("40020a 0202 0000fdea 0000fe4c", false, "-"),
    ("40020a 0202 0000fdea 0000fde9", false, "-"),
  ])
  func `Where segments may stand, and loops`(path: String, isMember: Bool, verdict: String) {
    #expect(Self.decode(path, on: isMember ? Self.member() : Self.outside()).lines.last == "\(verdict) 10.0.0.0/8")
  }

  @Test func `AS_CONFED_SETs are sets where these are not allowed`() {
    let path = "40020c 0301 0000fdea 0401 0000fdeb"
    #expect(Self.decode(path, on: Self.member { $0.allowASSets = false }).problem == "malformed AS_PATH, treated as withdraw")
  }

  @Test func `An old member's segments are widened, and AS4_PATH takes none of them`() throws {
    let old = session(
      configurationA {
        $0.ipv4 = ChannelOptions()
        $0.confederation = 65100
        $0.confederationMember = true
      }
    ) { $0.as4 = nil }
    // (65002 65003) 23456 65500, with AS4_PATH 4200000000 65500, wrongly with the member's segment too.
    let as4 = "c01114 0301 0000fdea 0202 fa56ea00 0000ffdc"
    for more in [as4.replacing("c01114 0301 0000fdea", with: "c0110a"), "c01110 0301 0000fdea 0202 fa56ea00 0000ffdc"] {
      let attributes = try #require(Self.decode("40020c 0302 fdea fdeb 0202 5ba0 ffdc", more, on: old).attributes)
      #expect(
        AttributeText.lines(attributes.header, attributes.records.span.bytes, .bird2)[1].texts == ["(65002 65003) 4200000000 65500"])
      // And back: what is sent to an old peer inside has the segment in AS_PATH alone.
      var writer = WireWriter()
      AttributeEncoder.encode(attributes, fourOctets: false, nextHop: nil, into: &writer)
      #expect(hexText(writer.bytes).contains(hexText(hex("40020c 0302 fdea fdeb 0202 5ba0 ffdc"))))
      #expect(hexText(writer.bytes).contains(hexText(hex("c0110a 0202 fa56ea00 0000ffdc"))))
    }
  }

  /// A route from another member, with a path of the confederation.
  private static func received() -> RouteAttributes {
    var route = ExportTests.received()
    route.header.flags.insert(.confederation)
    route.set(.asPath, flags: 0x40, hex("0301 0000fdeb 0201 0000ffdc"))
    return route
  }

  private static func sent(_ route: RouteAttributes, to remoteAS: UInt32, _ change: (inout PeerConfiguration) -> Void = { _ in })
    -> [String]
  {
    let prepared = ExportTests.prepared(
      route,
      to: ExportTests.to(remoteAS) {
        $0.confederation = 65100
        change(&$0)
      })
    guard let prepared else { return ["not announced"] }
    return AttributeText.lines(prepared.header, prepared.records.span.bytes, .bird2).map { "\($0.name.dropFirst(4)) \($0.texts[0])" }
  }

  @Test func `To another member the path grows in its sequence, and LOCAL_PREF, MED and the next hop stay`() {
    let lines = Self.sent(Self.received(), to: 65002) { $0.confederationMember = true }
    #expect(lines.contains("as_path (65001 65003) 65500") && lines.contains("med 50") && lines.contains("local_pref 300"))
    #expect(lines.contains("next_hop 2001:db8:77::7"))
    let own = Self.sent(ExportTests.own(), to: 65002) { $0.confederationMember = true }
    #expect(own == ["origin IGP", "as_path (65001)", "next_hop 2001:db8:ff:: fe80::a", "local_pref 100"])
    #expect(Self.sent(Self.received(), to: 65001).contains("as_path (65003) 65500"))
  }

  @Test func `To the outside the confederation is one AS`() {
    let lines = Self.sent(Self.received(), to: 65200)
    #expect(lines.contains("as_path 65100 65500") && !lines.contains { $0.hasPrefix("med") || $0.hasPrefix("local_pref") })
    #expect(Self.sent(ExportTests.own(), to: 65200)[1] == "as_path 65100")
    // A route server's client outside is not told either, and neither is anybody where there is no confederation.
    #expect(Self.sent(Self.received(), to: 65200) { $0.routeServerClient = true }.contains("as_path 65500"))
    #expect(Self.sent(Self.received(), to: 65001) { $0.confederation = nil }.contains("as_path 65500"))
  }

  @Test func `NO_EXPORT stays in the confederation, NO_EXPORT_SUBCONFED in the member AS`() {
    func passes(_ community: String, to remoteAS: UInt32, member: Bool) -> Bool {
      var route = Self.received()
      route.set(.communities, flags: 0xc0, hex(community))
      let session = ExportTests.to(remoteAS) {
        $0.confederation = 65100
        $0.confederationMember = member
      }
      return ExportTests.mayExport(route, session)
    }
    #expect(passes("ffffff01", to: 65002, member: true) && !passes("ffffff01", to: 65200, member: false))
    #expect(!passes("ffffff03", to: 65002, member: true) && !passes("ffffff03", to: 65200, member: false))
    #expect(passes("ffffff03", to: 65001, member: false) && passes("ffffff01", to: 65001, member: false))
  }

  @Test func `A route of another member is announced to internal peers, without reflection`() {
    let session = ExportTests.to(65001) { $0.confederation = 65100 }
    #expect(ExportTests.mayExport(Self.received(), session))
    #expect(ExportTests.prepared(Self.received(), to: session)?.contains(.clusterList) == false)
  }

  @Test func `The session with a member comes up under the member's number`() {
    let bench = Bench.established({
      $0.confederation = 65100
      $0.confederationMember = true
    })
    #expect(bench.peer.session?.isInterior == true && bench.peer.session?.isInternal == false && bench.peer.session?.publicAS == 65001)
    #expect(bench.peer.session?.descriptionWords == ["external", "AS4"])
  }
}
