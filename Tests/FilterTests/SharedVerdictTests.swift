import Testing

@testable import Configuration
@testable import RouteCore

/// Prefixes with the same attributes share what the filter said of one of them, if they do not differ in what it asks.
@Suite struct SharedVerdictTests {
  static let text = """
    function far() { return net.len > 44 && bgp_med > 5; }
    filter test {
    if net ~ [ 2001:db8::/32+ ] then reject;
    if net.len >= 40 then bgp_local_pref = 200;
    if net = 2001:beef::/32 then bgp_community.add((1, 2));
    if far() then bgp_med = net.len;
    if net.type != NET_IP6 then reject;
    accept;
    }
    """
  /// The same without anything that can be shared: the prefix is read freely at the end.
  static let alone = swap(text, "accept;", "if net.len + 1 = 0 then reject; accept;")

  static let prefixes: [Prefix] =
    (0..<200).map { (number: UInt64) in
      let length = UInt8(32 + number * 7 % 30)
      let high = [0x2001_0db8, 0x2001_beef, 0x2400_0000, 0x2a00_0000][Int(number % 4)] << 32 | number << 24
      return Prefix(IPAddress(high: high, low: 0).masked(length, .ipv6), length, .ipv6)
    } + ["2001:beef::/32", "2001:db8::/32"].compactMap { Prefix($0) }

  /// What comes of importing all prefixes with the same attributes through a filter, in one run or one by one.
  func imported(_ program: PolicyProgram, inOneRun: Bool, keepFiltered: Bool) -> [String] {
    var router = Router()
    let table = router.addTable("master", .ipv6)
    var configuration = ChannelConfiguration(family: .ipv6, table: "master", preference: 100)
    configuration.importPolicy = .filter(program, name: "test")
    configuration.keepFiltered = keepFiltered
    let channel = router.addChannel(configuration, protocolName: "a", table: table)
    router.open(channel, exporting: .off)
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.flags = [.hasOrigin, .hasMED]
    header.med = 10
    let attributes = RouteAttributes(header)
    var run = ImportRun()
    if inOneRun { router.open(&run, channel, attributes, at: 0) }
    for prefix in Self.prefixes {
      if inOneRun { router.announce(prefix, in: &run) } else { router.announce(channel, prefix, attributes, at: 0) }
    }
    router.close(&run)
    let lines = Self.prefixes.map { prefix in
      guard let net = router[table: table].find(prefix), let found = router[table: table].route(of: channel, path: 0, in: net) else {
        return "\(prefix) -"
      }
      let stored = router[table: table].routes[found.route]
      let header = router.attributes.header(stored.attributes)
      let records = router.attributes.records(stored.attributes).withUnsafeBytes { Array($0) }
      return "\(prefix) \(stored.flags.rawValue) \(header.localPref) \(header.med) \(records)"
    }
    for prefix in Self.prefixes { router.withdraw(channel, prefix, at: 0) }
    #expect(router.attributes.count == 0)
    return lines
  }

  @Test(arguments: [false, true]) func `a run of announcements gives what each of them gives alone`(keepFiltered: Bool) throws {
    let shared = try Filter(file: Self.text).program
    let alone = try Filter(file: Self.alone).program
    #expect(!alone.isUniformOverOutcomes)
    let expected = imported(alone, inOneRun: false, keepFiltered: keepFiltered)
    #expect(Set(expected.map { $0.split(separator: " ", maxSplits: 1).last }).count > 4)
    #expect(imported(shared, inOneRun: false, keepFiltered: keepFiltered) == expected)
    #expect(imported(shared, inOneRun: true, keepFiltered: keepFiltered) == expected)
  }

  @Test func `a verdict is shared only where the prefix matters in nothing but conditions`() throws {
    #expect(try Filter("if net ~ [ 10.0.0.0/8+ ] || net.len > 24 then reject; accept;").program.isUniformOverOutcomes)
    #expect(try Filter("if net !~ 10.0.0.0/8 && net != 10.0.0.0/8 then reject; accept;").program.isUniformOverOutcomes)
    #expect(try !Filter("bgp_med = net.len; accept;").program.isUniformOverOutcomes)
    #expect(try !Filter("if net.len = bgp_med then accept; reject;").program.isUniformOverOutcomes)
    #expect(try !Filter("print \"x\"; if net.len > 24 then reject; accept;").program.isUniformOverOutcomes)
    #expect(try Filter("if net.len > 24 then reject; accept;").program.readsPrefix)
  }

  @Test func `a filter that fails is asked again for each prefix`() throws {
    let program = try Filter("if net.len > 24 then accept; if bgp_med < 5 then accept; reject;").program
    var interpreter = PolicyInterpreter()
    var route = PolicyRoute(
      prefix: try #require(Prefix("10.0.0.0/8")), attributes: RouteAttributes(AttributeHeader(source: .bgp, preference: 0)))
    #expect(!interpreter.run(program, on: &route).isAccept)
    let none = interpreter.reusableOutcomes
    #expect(none == nil)
    route.prefix = try #require(Prefix("10.0.0.0/28"))
    #expect(interpreter.run(program, on: &route).isAccept)
    let last = interpreter.reusableOutcomes
    let outcomes = try #require(last)
    var known = PolicyPrefixOutcomes()
    #expect(program.agrees(outcomes, for: route.prefix, &known))
    known = PolicyPrefixOutcomes()
    #expect(!program.agrees(outcomes, for: try #require(Prefix("10.0.0.0/8")), &known))
  }

  @Test func `an export shares verdicts in the same way`() throws {
    var told: [[Prefix: UInt32]] = []
    for text in [Self.text, Self.alone] {
      var router = Router()
      let table = router.addTable("master", .ipv6)
      let source = router.addChannel(ChannelConfiguration(family: .ipv6, table: "master", preference: 100), protocolName: "a", table: table)
      var configuration = ChannelConfiguration(family: .ipv6, table: "master", preference: 100)
      configuration.exportPolicy = .filter(try Filter(file: text).program, name: "test")
      let target = router.addChannel(configuration, protocolName: "b", table: table)
      router.open(source, exporting: .off)
      router.open(target, exporting: .best)
      var header = AttributeHeader(source: .bgp, preference: 0)
      header.flags = [.hasOrigin, .hasMED]
      header.med = 10
      for prefix in Self.prefixes { router.announce(source, prefix, RouteAttributes(header), at: 0) }
      var batch = ExportBatch()
      while router.pullExports(target, limit: 1000, gate: OpenGate(), into: &batch) {}
      var heard: [Prefix: UInt32] = [:]
      for item in batch.items {
        let header = router.attributes.header(item.attributes)
        heard[item.prefix] = header.localPref * 1000 + header.med
      }
      router.finish(&batch)
      told.append(heard)
    }
    #expect(told[0] == told[1])
    #expect(Set(told[0].values).count > 2)
  }
}
