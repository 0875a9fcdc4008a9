import Testing

@testable import Configuration
@testable import RouteCore

/// Export filters over routes that their protocol has made ready before (`ExportGate.preset`).
@Suite struct PresetExportTests {
  /// Gives every route MED 7.
  struct Gate: ExportGate {
    var presetsRoutes = true
    func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { true }
    func preset(_ route: inout RouteAttributes, via hops: [NextHop]) {
      route.header.med = 7
      route.header.flags.formUnion([.hasMED, .isPreset])
    }
  }

  /// The header of the one route after an export filter, what `show route export` shows of it, and what `noexport` would.
  func exported(_ filter: String, _ gate: Gate = Gate()) throws -> (AttributeHeader?, shown: AttributeHeader?, refused: AttributeHeader?) {
    let program = try Filter(filter).program
    let prefix = try #require(Prefix("2001:db8::/32"))
    var router = Router()
    let table = router.addTable("master", .ipv6)
    let source = router.addChannel(ChannelConfiguration(family: .ipv6, table: "master", preference: 100), protocolName: "a", table: table)
    var configuration = ChannelConfiguration(family: .ipv6, table: "master", preference: 100)
    configuration.exportPolicy = .filter(program, name: "test")
    let target = router.addChannel(configuration, protocolName: "b", table: table)
    router.open(source, exporting: .off)
    router.open(target, exporting: .best)
    router.announce(source, prefix, RouteAttributes(AttributeHeader(source: .static, preference: 200)), at: 0)
    var batch = ExportBatch()
    while router.pullExports(target, limit: 10, gate: gate, into: &batch) {}
    let header = batch.items.first.map { router.attributes.header($0.attributes) }
    let found = router.network(prefix, in: table)
    let net = try #require(found)
    func shown(_ side: ExportSide) -> AttributeHeader? {
      guard
        let id = router.attributes(of: router.firstRoute(net, in: table), net, exportedTo: target, side, gate: gate)
      else { return nil }
      let shown = router.preset(id, gate: gate)
      defer { router.release(shown) }
      return router.attributes.header(shown)
    }
    let sides = (shown(.accepted), shown(.rejected))
    router.finish(&batch)
    let sets = router.attributes.count
    #expect(sets == 1)
    return (header, sides.0, sides.1)
  }

  @Test func `A filter finds what was preset, and what it makes of it goes out`() throws {
    let (header, shown, refused) = try exported("if bgp_med = 7 then { bgp_med = 8; accept; } reject;")
    #expect(header?.med == 8)
    #expect(header?.flags.contains([.isPreset, .medSetByFilter]) == true)
    #expect(shown == header)
    #expect(refused == nil)
  }

  @Test func `What the filter leaves alone goes out as it lies in the table, and is shown as it will be sent`() throws {
    let (header, shown, _) = try exported("accept;")
    #expect(header?.flags.contains(.isPreset) == false && header?.flags.contains(.hasMED) == false)
    #expect(shown?.med == 7)
  }

  @Test func `A rejected route is shown as the filter found it`() throws {
    let (header, shown, refused) = try exported("reject;")
    #expect(header == nil && shown == nil)
    #expect(refused?.med == 7)
  }

  @Test func `Without presets the filter finds the table's route`() throws {
    let (header, shown, _) = try exported("if defined(bgp_med) then reject; bgp_med = 0; accept;", Gate(presetsRoutes: false))
    #expect(header?.flags.contains(.medSetByFilter) == true && header?.flags.contains(.isPreset) == false)
    #expect(shown == header)
  }

  @Test func `Setting an attribute to what it is counts as setting it`() throws {
    let (header, _, _) = try exported("bgp_med = bgp_med; bgp_next_hop = 2001:db8::1; accept;")
    #expect(header?.flags.contains([.medSetByFilter, .nextHopAttributeSetByFilter]) == true)
    let (other, _, _) = try exported("bgp_local_pref = 1; accept;")
    #expect(other?.flags.isDisjoint(with: [.medSetByFilter, .nextHopAttributeSetByFilter]) == true)
  }
}
