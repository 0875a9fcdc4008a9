import RouteCore
import Testing

@testable import BGP

@Suite struct UpdateDecodingTests {
  static let origin = "40010100"
  static let path = "400206 0201 0000fdea"
  static let reach = "800e 1a 0002 01 10 20010db800ff00000000000000000001 00 20 20010db8"
  static let hop4 = "400304 c0000202"

  /// Decodes one UPDATE with these attributes and classic NLRI on the session of A with both families.
  static func decode(
    _ attributes: String, nlri: String = "", withdrawn: String = "", on session: SessionParameters? = nil
  ) -> (lines: [String], attributes: RouteAttributes?, problem: String?, error: String?) {
    var decoder = UpdateDecoder()
    decoder.begin(session ?? both())
    var sink = RecordingSink()
    let (a, n, w) = (hex(attributes), hex(nlri), hex(withdrawn))
    let bytes = [UInt8(w.count >> 8), UInt8(w.count & 255)] + w + [UInt8(a.count >> 8), UInt8(a.count & 255)] + a + n
    do throws(Notification) {
      let problem = try decoder.decode(bytes.span.bytes, sink: &sink)
      return (sink.lines, sink.attributes, problem?.description, nil)
    } catch {
      return (sink.lines, sink.attributes, nil, error.text)
    }
  }

  static func both(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    session(
      configurationA {
        $0.ipv4 = ChannelOptions()
        change(&$0)
      })
  }

  static func inside(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    both {
      $0.neighborAS = .number(65001)
      change(&$0)
    }
  }

  static func twoOctets() -> SessionParameters {
    session(configurationA { $0.ipv4 = ChannelOptions() }) { $0.as4 = nil }
  }

  @Test func `An IPv6 route arrives with its attributes`() throws {
    let result = Self.decode(Self.reach + Self.origin + Self.path)
    #expect(result.lines == ["begin ipv6", "+ 2001:db8::/32"])
    #expect(result.problem == nil)
    let attributes = try #require(result.attributes)
    let header = attributes.header
    #expect(header.source == .bgp && header.origin == .igp && header.neighborAS == 65002 && header.pathLength == 1)
    #expect(header.from == address("2001:db8:ff::1") && header.routerID == 0x0100_0002 && header.localPref == 100)
    #expect(header.flags == [.external, .hasOrigin, .hasLocalPref])
    #expect(header.nextHops == .none)
    #expect(attributes.value(.nextHop) == address("2001:db8:ff::1").bytes)
    let lines = AttributeText.lines(header, attributes.records.span.bytes).map { "\($0.name): \($0.texts[0])" }
    #expect(lines == ["BGP.origin: IGP", "BGP.as_path: 65002", "BGP.next_hop: 2001:db8:ff::1", "BGP.local_pref: 100"])
    #expect(AttributeText.origin(header, attributes.records.span.bytes) == "AS65002i")
  }

  @Test func `The link-local next hop is kept`() throws {
    let reach = "800e 2a 0002 01 20 20010db800ff00000000000000000001 fe800000000000002c2e3efffe0ac0b3 00 20 20010db8"
    let attributes = try #require(Self.decode(reach + Self.origin + Self.path).attributes)
    let lines = AttributeText.lines(attributes.header, attributes.records.span.bytes)
    #expect(lines[2] == .init(name: "BGP.next_hop", texts: ["2001:db8:ff::1 fe80::2c2e:3eff:fe0a:c0b3"]))
    // No link-local address in the second place: it does not count. Only link-local ones: it is the next hop.
    for (hop, kept) in [
      ("20010db800ff00000000000000000001 20010db800ff00000000000000000002", "2001:db8:ff::1"),
      ("00000000000000000000000000000000 fe800000000000000000000000000001", "fe80::1"),
      ("fe800000000000000000000000000001 fe800000000000000000000000000001", "fe80::1"),
    ] {
      let attributes = try #require(Self.decode("800e 2a 0002 01 20 \(hop) 00 20 20010db8" + Self.origin + Self.path).attributes)
      #expect(attributes.value(.nextHop) == address(kept).bytes)
    }
  }

  @Test func `Both families, withdrawals first`() {
    let result = Self.decode(
      Self.reach + Self.origin + Self.path + Self.hop4 + "800f 08 0002 01 20 20010db9", nlri: "18 c63364 08 0a 00", withdrawn: "10 ac10")
    #expect(
      result.lines == [
        "- 172.16.0.0/16", "- 2001:db9::/32", "begin ipv4", "+ 198.51.100.0/24", "+ 10.0.0.0/8", "+ 0.0.0.0/0", "begin ipv6",
        "+ 2001:db8::/32",
      ])
    #expect(result.problem == nil)
  }

  @Test func `End-of-RIB in both forms`() {
    #expect(Self.decode("").lines == ["EoR ipv4"])
    #expect(Self.decode("800f03 0002 01").lines == ["EoR ipv6"])
    var writer = WireWriter()
    UpdateWriter.writeEndOfRIB(.ipv4, into: &writer)
    UpdateWriter.writeEndOfRIB(.ipv6, into: &writer)
    #expect(
      hexText(writer.bytes) == "ffffffffffffffffffffffffffffffff00170200000000"
        + "ffffffffffffffffffffffffffffffff001d0200000006800f03000201")
  }

  @Test func `Families that are not carried are ignored`() {
    let result = Self.decode(Self.reach + Self.origin + Self.path + Self.hop4, nlri: "08 0a", on: session())
    #expect(result.lines == ["begin ipv6", "+ 2001:db8::/32"])
    // Neither are multicast ones, whatever their next hop looks like.
    #expect(Self.decode("800e 06 0002 02 00 00 00" + Self.origin + Self.path).lines == [])
  }

  @Test func `All known attributes are kept in their place and shown`() throws {
    let result = Self.decode(
      Self.origin + "40021e 0203 0000fdea fa56ea00 0000fdec 0102 00000001 00000002 0201 0000fded" + Self.hop4 + "800404 0000000a"
        + "400600 c00708 0000fdea 01020304 c0080c fffff001 fde90001 00010002 c01010 0002fde900000064 030c000000000008"
        + "c0200c 00000001 00000002 00000003 e063 02 beef", nlri: "08 0a")
    let attributes = try #require(result.attributes)
    #expect(attributes.header.pathLength == 5 && attributes.header.neighborAS == 65002 && attributes.header.med == 10)
    let lines = AttributeText.lines(attributes.header, attributes.records.span.bytes).map { "\($0.name): \($0.texts[0])" }
    #expect(
      lines == [
        "BGP.origin: IGP", "BGP.as_path: 65002 4200000000 65004 { 1 2 } 65005", "BGP.next_hop: 192.0.2.2", "BGP.med: 10",
        "BGP.local_pref: 100", "BGP.atomic_aggr: ", "BGP.aggregator: 1.2.3.4 AS65002", "BGP.community: (65535,61441) (65001,1) (1,2)",
        "BGP.ext_community: (rt, 65001, 100) (generic, 0x30c0000, 0x8)", "BGP.large_community: (1, 2, 3)", "BGP.63 [t]: be ef",
      ])
    #expect(
      AttributeText.lines(attributes.header, attributes.records.span.bytes, .bird2)[1].texts == ["65002 4200000000 65004 {1 2} 65005"])
    // An attribute we do not know is now Partial; one that is not transitive is gone.
    #expect(AttributeRecords.find(AttributeKey(.bgp, 0x63), in: attributes.records.span.bytes)?.flags == 0xe0)
    #expect(
      Self.decode(Self.origin + Self.path + Self.hop4 + "8063 02 beef", nlri: "08 0a").attributes?.contains(AttributeKey(.bgp, 0x63))
        == false)
  }

  @Test func `Long lists go on in further lines`() throws {
    let list = (0..<60).map { _ in "ffff fff0" }.joined()
    let attributes = try #require(Self.decode(Self.origin + Self.path + Self.hop4 + "c008f0" + list, nlri: "08 0a").attributes)
    let line = try #require(AttributeText.lines(attributes.header, attributes.records.span.bytes).last)
    #expect(line.texts.count == 2 && line.texts.allSatisfy { $0.utf8.count < 480 })
    #expect(line.texts.joined(separator: " ").split(separator: " ").count == 60)
  }

  @Test func `Without four-octet AS numbers paths are widened and merged with AS4_PATH`() throws {
    func path(_ attributes: String) throws -> String {
      let result = Self.decode(Self.origin + Self.hop4 + attributes, nlri: "08 0a", on: Self.twoOctets())
      let found = try #require(result.attributes)
      let value = try #require(found.value(.asPath))
      return ASPath.text(value.span.bytes)
    }
    #expect(try path("400206 0202 fdea fdeb") == "65002 65003")
    // RFC 6793 §4.2.3: what AS4_PATH does not have comes from AS_PATH.
    #expect(try path("40020a 0204 fdea 5ba0 5ba0 0007 c0110a 0202 fa56ea00 00000007") == "65002 23456 4200000000 7")
    // A longer AS4_PATH is ignored, and so is a malformed one.
    #expect(try path("400204 0201 fdea c0110a 0202 fa56ea00 00000007") == "65002")
    #expect(try path("400206 0202 fdea 5ba0 c01105 0201 fa56ea") == "65002 23456")
    // An AGGREGATOR that is not AS_TRANS tells that AS4_PATH is stale.
    #expect(try path("400206 0202 fdea 5ba0 c01106 0201 fa56ea00 c00706 0001 01020304 c01208 fa56ea00 01020304") == "65002 23456")
    let result = Self.decode(
      Self.origin + Self.hop4 + "400204 0201 fdea c00706 5ba0 01020304 c01208 fa56ea00 01020304", nlri: "08 0a", on: Self.twoOctets())
    #expect(result.attributes?.value(.aggregator) == hex("fa56ea00 01020304"))
  }

  // MARK: RFC 7606

  @Test(arguments: [
    // §3 (c): flags.
    ("c0010100" + path + hop4, "wrong flags of ORIGIN, treated as withdraw"),
    // §3 (d): missing attributes.
    (path + hop4, "missing ORIGIN, treated as withdraw"),
    (origin + hop4, "missing AS_PATH, treated as withdraw"),
    (origin + path, "missing NEXT_HOP, treated as withdraw"),
    // §4: lengths inside the list that do not add up.
    (origin + path + hop4 + "c008ff 00", "malformed attribute list, treated as withdraw"),
    (origin + path + hop4 + "c0", "malformed attribute list, treated as withdraw"),
    // §7.1 ORIGIN, §7.2 AS_PATH, §7.3 NEXT_HOP, §7.4 MED.
    ("40010103" + path + hop4, "malformed ORIGIN, treated as withdraw"),
    ("4001020000" + path + hop4, "malformed ORIGIN, treated as withdraw"),
    (origin + "400206 0301 0000fdea" + hop4, "malformed AS_PATH, treated as withdraw"),
    (origin + "400205 0201 0000fd" + hop4, "malformed AS_PATH, treated as withdraw"),
    (origin + "400208 0201 0000fdea 0200" + hop4, "malformed AS_PATH, treated as withdraw"),
    (origin + "400206 0201 00000000" + hop4, "malformed AS_PATH, treated as withdraw"),
    (origin + path + "400303 c00002", "malformed NEXT_HOP, treated as withdraw"),
    (origin + path + hop4 + "800403 000001", "malformed MULTI_EXIT_DISC, treated as withdraw"),
    // §7.8 and the like: communities.
    (origin + path + hop4 + "c00803 000001", "malformed COMMUNITIES, treated as withdraw"),
    (origin + path + hop4 + "c00800", "malformed COMMUNITIES, treated as withdraw"),
    (origin + path + hop4 + "c01004 00000001", "malformed EXTENDED COMMUNITIES, treated as withdraw"),
    (origin + path + hop4 + "c02008 0000000100000001", "malformed LARGE_COMMUNITY, treated as withdraw"),
    // RFC 4271 §6.3: next hops that are none.
    (origin + path + "400304 00000000", "invalid NEXT_HOP, treated as withdraw"),
    (origin + path + "400304 e0000001", "invalid NEXT_HOP, treated as withdraw"),
  ])
  func `Treated as withdraw`(input: (String, String)) {
    let result = Self.decode(input.0, nlri: "08 0a")
    #expect(result.lines == ["- 10.0.0.0/8"])
    #expect(result.problem == input.1)
    #expect(result.error == nil)
  }

  @Test(arguments: [
    ("40060100", "malformed ATOMIC_AGGREGATE, attribute discarded", AttributeKey.atomicAggregate),
    ("c00706 fdea 01020304", "malformed AGGREGATOR, attribute discarded", .aggregator),
    ("c00708 00000000 01020304", "malformed AGGREGATOR, attribute discarded", .aggregator),
  ])
  func `The attribute is discarded and the route stays`(input: (String, String, AttributeKey)) {
    let result = Self.decode(Self.origin + Self.path + Self.hop4 + input.0, nlri: "08 0a")
    #expect(result.lines == ["begin ipv4", "+ 10.0.0.0/8"])
    #expect(result.problem == input.1)
    #expect(result.attributes?.contains(input.2) == false)
  }

  @Test func `The first of repeated attributes counts`() {
    let result = Self.decode(Self.origin + "40010102" + Self.path + Self.hop4, nlri: "08 0a")
    #expect(result.lines == ["begin ipv4", "+ 10.0.0.0/8"])
    #expect(result.problem == "repeated ORIGIN, attribute discarded")
    #expect(result.attributes?.header.origin == .igp)
  }

  @Test(arguments: [
    // §3 (g): repeated multiprotocol attributes.
    (reach + reach + origin + path, "", "", "Malformed attribute list"),
    // §5.2: an error that may have hidden the routes.
    ("40010103" + path, "", "", "Malformed attribute list"),
    // §5.3: unreadable NLRI.
    (origin + path + hop4, "21 0a000000", "", "Invalid network field"),
    (origin + path + hop4, "18 0a00", "", "Invalid network field"),
    ("", "", "18 0a00", "Invalid network field"),
    ("800e 1a 0002 01 10 20010db800ff00000000000000000001 00 81 20010db8" + origin + path, "", "", "Invalid network field"),
    ("800f 05 0002 01 20 20", "", "", "Invalid network field"),
    // §7.11: the next hop inside MP_REACH_NLRI.
    ("800e 0e 0002 01 04 c0000202 00 20 20010db8" + origin + path, "", "", "Optional attribute error"),
    ("800e 05 0002 01 10 00" + origin + path, "", "", "Optional attribute error"),
    ("800f 02 0002", "", "", "Optional attribute error"),
    // RFC 4271 §6.3.
    (origin + path + hop4 + "406300", "08 0a", "", "Unrecognized well-known attribute"),
  ])
  func `The session is reset`(input: (String, String, String, String)) {
    let result = Self.decode(input.0, nlri: input.1, withdrawn: input.2)
    #expect(result.error == input.3)
    #expect(result.lines == [])
  }

  // §3 (b).
  @Test(arguments: ["", "00", "0001", "000000", "0000 0005 40", "0003 18 0a00 0001"])
  func `Lengths that do not fit the message reset the session`(body: String) {
    var decoder = UpdateDecoder()
    var sink = RecordingSink()
    decoder.begin(Self.both())
    #expect(throws: Notification.malformedAttributeList) { _ = try decoder.decode(hex(body).span.bytes, sink: &sink) }
    #expect(sink.lines == [])
  }

  // MARK: What is not for us

  @Test func `From an external peer LOCAL_PREF and the reflection attributes do not count`() throws {
    let extra = "400504 000000c8 800904 01020304 800a04 09090909"
    let outside = try #require(Self.decode(Self.origin + Self.path + Self.hop4 + extra, nlri: "08 0a").attributes)
    #expect(outside.header.localPref == 100 && !outside.contains(.originatorID) && !outside.contains(.clusterList))
    let allowed = Self.both { $0.allowLocalPref = true }
    #expect(Self.decode(Self.origin + Self.path + Self.hop4 + extra, nlri: "08 0a", on: allowed).attributes?.header.localPref == 200)
    let inside = try #require(Self.decode(Self.origin + Self.path + Self.hop4 + extra, nlri: "08 0a", on: Self.inside()).attributes)
    #expect(inside.header.localPref == 200 && inside.header.routerID == 0x0102_0304 && !inside.header.flags.contains(.external))
    #expect(inside.contains(.clusterList))
    // Even what is malformed in them.
    #expect(Self.decode(Self.origin + Self.path + Self.hop4 + "400501 00", nlri: "08 0a").lines == ["begin ipv4", "+ 10.0.0.0/8"])
    let bad = Self.decode(Self.origin + Self.path + Self.hop4 + "400501 00", nlri: "08 0a", on: Self.inside())
    #expect(bad.problem == "malformed LOCAL_PREF, treated as withdraw")
  }

  @Test func `Loops are withdrawn without complaint`() {
    let looped = Self.origin + "40020a 0202 0000fdea 0000fde9" + Self.hop4
    #expect(Self.decode(looped, nlri: "08 0a").lines == ["- 10.0.0.0/8"])
    #expect(Self.decode(looped, nlri: "08 0a").problem == nil)
    #expect(Self.decode(looped, nlri: "08 0a", on: Self.both { $0.allowLocalAS = 1 }).lines == ["begin ipv4", "+ 10.0.0.0/8"])
    let originator = Self.origin + Self.path + Self.hop4 + "800904 01000001"
    #expect(Self.decode(originator, nlri: "08 0a", on: Self.inside()).lines == ["- 10.0.0.0/8"])
    let cluster = Self.origin + Self.path + Self.hop4 + "800a08 02020202 07070707"
    #expect(
      Self.decode(cluster, nlri: "08 0a", on: Self.inside { $0.clusterID = RouterID(rawValue: 0x0707_0707) }).lines == ["- 10.0.0.0/8"])
    #expect(Self.decode(cluster, nlri: "08 0a", on: Self.inside()).lines == ["begin ipv4", "+ 10.0.0.0/8"])
  }

  @Test func `The first AS is enforced where asked for`() {
    let path = "400206 0201 0000fdeb"
    #expect(Self.decode(Self.origin + path + Self.hop4, nlri: "08 0a").lines == ["begin ipv4", "+ 10.0.0.0/8"])
    #expect(
      Self.decode(Self.origin + path + Self.hop4, nlri: "08 0a", on: Self.both { $0.enforceFirstAS = true }).lines == ["- 10.0.0.0/8"])
  }

  @Test func `Paths with sets are malformed where they are not allowed`() {
    let path = "400210 0201 0000fdea 0102 00000001 00000002"
    #expect(Self.decode(Self.origin + path + Self.hop4, nlri: "08 0a").lines == ["begin ipv4", "+ 10.0.0.0/8"])
    let strict = Self.both { $0.allowASSets = false }
    let result = Self.decode(Self.origin + path + Self.hop4, nlri: "08 0a", on: strict)
    #expect(result.lines == ["- 10.0.0.0/8"] && result.problem == "malformed AS_PATH, treated as withdraw")
    #expect(Self.decode(Self.origin + Self.path + Self.hop4, nlri: "08 0a", on: strict).lines == ["begin ipv4", "+ 10.0.0.0/8"])
    // An AS4_PATH with a set only does not count.
    let old = session(
      configurationA {
        $0.ipv4 = ChannelOptions()
        $0.allowASSets = false
      }
    ) { $0.as4 = nil }
    let both = Self.decode(
      Self.origin + "400206 0202 fdea 5ba0" + Self.hop4 + "c0110c 0201 0000fdea 0101 fa56ea00", nlri: "08 0a", on: old)
    #expect(both.lines == ["begin ipv4", "+ 10.0.0.0/8"])
    let lines = both.attributes.map { AttributeText.lines($0.header, $0.records.span.bytes) } ?? []
    #expect(lines.dropFirst().first?.texts == ["65002 23456"])
  }
}
