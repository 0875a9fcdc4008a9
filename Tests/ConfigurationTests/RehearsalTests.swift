import RouteCore
import Testing

@testable import Configuration

/// A router with the channels of a configuration, fed by hand: one route of each source for each of its networks.
private struct Fed: ~Copyable {
  struct Announced {
    var source: String
    var prefix: Prefix
    var attributes: RouteAttributes
    var hop: NextHopSource
  }

  var router = Router()
  var channels: [String: ChannelID] = [:]
  var pipes: [(ChannelID, ChannelID)] = []
  let configuration: Configuration

  init(_ configuration: Configuration) {
    self.configuration = configuration
    for table in configuration.tables { _ = router.addTable(table.name, table.family) }
    for (order, item) in configuration.protocols.enumerated() {
      for channel in item.channels {
        let table = router.table(named: channel.table) ?? 0
        if case .pipe(let pipe) = item.specification {
          var (own, peer) = (channel, channel)
          own.importPolicy = .all
          peer.importPolicy = .all
          peer.exportPolicy = channel.importPolicy
          let ends = (
            router.addChannel(own, protocolName: item.name, table: table),
            router.addChannel(peer, protocolName: item.name, table: router.table(named: pipe.peerTable) ?? 0)
          )
          for end in [ends.0, ends.1] {
            router[channel: end].keepsPreference = true
            router[channel: end].order = UInt16(order)
            router[channel: end].isPipe = true
            router.open(end, exporting: .any)
          }
          pipes.append(ends)
        } else {
          let id = router.addChannel(channel, protocolName: item.name, table: table)
          router[channel: id].order = UInt16(order)
          router.open(id, exporting: Fed.mode(item))
          channels[item.name] = id
        }
      }
    }
  }

  static func mode(_ item: ProtocolConfiguration) -> ExportMode {
    if case .kernel(let kernel) = item.specification, let limit = kernel.mergePathsLimit { return .merged(limit: limit) }
    return .best
  }

  mutating func announce(_ routes: [Announced]) {
    for route in routes {
      guard let channel = channels[route.source] else { continue }
      var attributes = route.attributes
      switch route.hop {
      case .direct(let hops, let cost): attributes.header.nextHops = router.nextHops.intern(hops, cost: cost)
      case .recursive(let hop): attributes.header.nextHops = router.intern(hop)
      case .connected(let hop): attributes.header.nextHops = (try? router.intern(hop)) ?? .none
      }
      let hops = attributes.header.nextHops
      router.announce(channel, route.prefix, attributes, at: 5)
      router.nextHops.release(hops)
    }
    settle()
  }

  /// Runs the pipes and looks next hops up until nothing moves.
  mutating func settle() {
    for _ in 0..<8 {
      for (one, other) in pipes {
        _ = router.pullPipe(from: one, to: other, limit: .max, gate: OpenGate(), at: 5)
        _ = router.pullPipe(from: other, to: one, limit: .max, gate: OpenGate(), at: 5)
      }
      if router.nextHopsAreStale { router.resolveNextHops() }
      router.finishFlushes()
    }
  }

  /// What a channel's protocol is told, in words.
  mutating func exports(_ name: String) -> [Prefix: String] {
    var batch = ExportBatch()
    var found: [Prefix: String] = [:]
    guard let channel = channels[name] else { return found }
    _ = router.pullExports(channel, limit: .max, gate: OpenGate(), into: &batch)
    for item in batch.items where item.attributes != .none { found[item.prefix] = Fed.words(router, item) }
    router.finish(&batch)
    return found
  }

  static func words(_ router: borrowing Router, _ item: ExportItem) -> String {
    var header = router.attributes.header(item.attributes)
    let hops = router.nextHops.hops(header.nextHops)
    header.nextHops = .none
    var attributes = RouteAttributes(header)
    router.attributes.load(item.attributes, into: &attributes)
    return "\(header.source) \(header.preference) \(header.localPref) \(header.med) \(header.routerID) \(attributes.records) \(hops)"
  }
}

@Suite struct RehearsalTests {
  private func text(_ x: String, _ y: String, _ kernel: String, _ pipe: String = "import all; export none;", more: String = "") -> String {
    """
    router id 192.0.2.1; ipv6 table t; \(more)
    protocol bgp X { local as 1; neighbor 2001:db8::2 as 2; ipv6 { \(x) }; }
    protocol bgp Y { local as 1; neighbor 2001:db8::3 as 3; ipv6 { table t; \(y) }; }
    protocol bgp Z { local as 1; neighbor 2001:db8::4 as 4; ipv6 { import all; export none; }; }
    protocol pipe P { table master6; peer table t; \(pipe) }
    protocol kernel K { \(kernel) }
    """
  }

  private func routes(_ count: Int, _ generator: inout SeededGenerator) throws -> [Fed.Announced] {
    var out: [Fed.Announced] = []
    for index in 0..<count {
      let prefix = try #require(Prefix("2001:db8:\(String(index, radix: 16))::/\(48 + index % 3)"))
      for (number, source) in ["X", "Y", "Z"].enumerated() where Int.random(in: 0..<3, using: &generator) > 0 {
        var header = AttributeHeader(source: .bgp, preference: 0)
        header.flags = [.external, .hasOrigin, .hasLocalPref]
        header.localPref = 100
        header.med = UInt32.random(in: 0..<3, using: &generator)
        header.flags.insert(.hasMED)
        header.pathLength = UInt16.random(in: 1..<3, using: &generator)
        header.neighborAS = UInt32(number + 2)
        header.routerID = UInt32(number + 2)
        let gateway = try #require(IPAddress("fe80::\(number + 2)"))
        let hop = NextHop(gateway: gateway, interface: UInt32(number + 1))
        out.append(Fed.Announced(source: source, prefix: prefix, attributes: RouteAttributes(header), hop: .direct([hop])))
      }
    }
    return out
  }

  /// A rehearsal of a configuration: all import filters are run anew, since everything was imported as it came.
  private func rehearse(_ new: Configuration, _ present: borrowing Fed, _ channels: inout [String: ChannelID]) -> Rehearsal {
    var rehearsal = Rehearsal()
    rehearsal.takeSurroundings(from: present.router)
    for table in new.tables { _ = rehearsal.addTable(table.name, table.family, present: present.router.table(named: table.name)) }
    for (order, item) in new.protocols.enumerated() {
      guard let channel = item.channels.first, let table = rehearsal.router.table(named: channel.table) else { continue }
      if case .pipe(let pipe) = item.specification, let peerTable = rehearsal.router.table(named: pipe.peerTable) {
        var own = RehearsedChannel(channel, item.name, table: table, order: UInt16(order), mode: .any)
        var peer = RehearsedChannel(channel, item.name, table: peerTable, order: UInt16(order), mode: .any)
        own.keepsPreference = true
        peer.keepsPreference = true
        own.configuration.importPolicy = .all
        peer.configuration.importPolicy = .all
        peer.configuration.exportPolicy = channel.importPolicy
        rehearsal.addPipe(rehearsal.addChannel(own), rehearsal.addChannel(peer))
      } else {
        let id = rehearsal.addChannel(RehearsedChannel(channel, item.name, table: table, order: UInt16(order), mode: Fed.mode(item)))
        channels[item.name] = id
        if let before = present.channels[item.name] { rehearsal.bring(before, through: id, includingFiltered: false) }
      }
    }
    return rehearsal
  }

  @Test(arguments: 0..<40)
  func `what is rehearsed is what a router with that configuration exports`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let imports = [
      "import all;", "import none;", "import where net.len > 48;", "import filter { bgp_local_pref = 50 + net.len; accept; };",
      "import filter { if bgp_med = 1 then reject; preference = 150; bgp_community.add((1, 2)); accept; };", "import all; preference 90;",
    ]
    let exports = ["export all;", "export none;", "export where bgp_med < 2;", "export filter { bgp_med = net.len; accept; };"]
    let kernels = ["merge paths on; ipv6 { export all; };", "ipv6 { export where net.len < 50; };", "ipv6 { import none; export none; };"]
    let pipes = ["import all; export none;", "import none; export all;", "import all; export where bgp_med = 0;"]
    func pick(_ list: [String]) -> String { list[Int.random(in: 0..<list.count, using: &generator)] }
    let routes = try routes(150, &generator)
    var present = Fed(
      try configuration(text("import all;" + pick(exports), "import all;" + pick(exports), pick(kernels), pick(pipes))))
    present.announce(routes)
    for name in ["X", "Y", "K"] { _ = present.exports(name) }
    let before = (
      present.router.attributes.count, present.router[table: 0].netCount, present.router.channels.elements.map { $0.statistics }
    )
    let new = try configuration(text(pick(imports) + pick(exports), pick(imports) + pick(exports), pick(kernels), pick(pipes)))
    var real = Fed(new)
    real.announce(routes)
    var channels: [String: ChannelID] = [:]
    var rehearsal = rehearse(new, present, &channels)
    rehearsal.resolveNextHops(from: present.router)
    var found: [String: [Prefix: String]] = [:]
    let prefixes = Set(routes.map { $0.prefix }).sorted()
    for start in stride(from: 0, to: prefixes.count, by: 16) {
      rehearsal.stage(Array(prefixes[start..<min(start + 16, prefixes.count)]), from: present.router)
      for (name, channel) in channels {
        rehearsal.export(channel, gate: OpenGate()) { router, item in found[name, default: [:]][item.prefix] = Fed.words(router, item) }
      }
      rehearsal.clear()
      let count = rehearsal.router.attributes.count
      #expect(count == 0)
    }
    for name in ["X", "Y", "Z", "K"] {
      let wanted = real.exports(name)
      #expect(found[name] ?? [:] == wanted, "\(name)")
    }
    let nets = rehearsal.router.tableIDs.map { rehearsal.router[table: $0].netCount }
    #expect(nets.allSatisfy { $0 == 0 })
    let after = (present.router.attributes.count, present.router[table: 0].netCount, present.router.channels.elements.map { $0.statistics })
    #expect(before == after)
  }

  @Test func `a recursive next hop is looked up in the tables as they would be`() throws {
    let plain = "protocol static S { ipv6; }"
    let present0 = try configuration(text("import all; export none;", "import none; export none;", "ipv6 { export all; };", more: plain))
    var present = Fed(present0)
    let gateway = try #require(IPAddress("2001:db8:ff::1"))
    let near = NextHop(gateway: try #require(IPAddress("fe80::1")), interface: 1)
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.flags = [.external]
    let network = try #require(Prefix("2001:db8:1::/48"))
    let around = try #require(Prefix("2001:db8:f0::/44"))
    present.announce([
      .init(
        source: "S", prefix: around, attributes: RouteAttributes(AttributeHeader(source: .static, preference: 0)), hop: .direct([near])),
      .init(
        source: "X", prefix: network, attributes: RouteAttributes(header),
        hop: .recursive(RecursiveNextHop(gateway, table: present.router.table(named: "master6") ?? 0))),
    ])
    let now = present.exports("K")[network]
    #expect(now?.contains("interface: 1") == true)
    var channels: [String: ChannelID] = [:]
    var rehearsal = rehearse(present0, present, &channels)
    // A more specific route to the gateway, out of another interface.
    let far = NextHop(gateway: try #require(IPAddress("fe80::9")), interface: 9)
    let source = try #require(channels["S"])
    let longer = try #require(Prefix("2001:db8:ff::/64"))
    rehearsal.bring(RehearsedRoute(source, longer, RouteAttributes(AttributeHeader(source: .static, preference: 0)), .direct([far])))
    rehearsal.resolveNextHops(from: present.router)
    let added = rehearsal.newNetworks(beside: present.router)
    #expect(added == [longer])
    rehearsal.stage([network], from: present.router)
    var words = ""
    rehearsal.export(try #require(channels["K"]), gate: OpenGate()) { router, item in words = Fed.words(router, item) }
    rehearsal.clear()
    #expect(words.contains("interface: 9"))
    let later = present.exports("K")
    #expect(later.isEmpty)
  }

  @Test func `an export filter that changes announces what it changes, and nothing else`() throws {
    func base(_ export: String) -> String {
      text("import all; \(export)", "import all; export none;", "ipv6 { export none; };", "import none; export none;")
    }
    let rounds = [
      "export all;", "export where net.len > 48;", "export filter { if net.len = 50 then bgp_med = 7; accept; };",
      "export filter { if net.len = 50 then { bgp_med = 8; accept; } if net.len = 49 then reject; accept; };", "export none;",
      "export all;",
    ]
    var generator = SeededGenerator(seed: 5)
    var fed = Fed(try configuration(base(rounds[0])))
    let routes = try routes(60, &generator).filter { $0.source == "Z" }
    fed.announce(routes)
    let channel = try #require(fed.channels["X"])
    var batch = ExportBatch()
    var known: [Prefix: String] = [:]
    func pull(_ fed: inout Fed) -> Int {
      _ = fed.router.pullExports(channel, limit: .max, gate: OpenGate(), into: &batch)
      for item in batch.items { known[item.prefix] = item.attributes == .none ? nil : Fed.words(fed.router, item) }
      defer { fed.router.finish(&batch) }
      return batch.items.count
    }
    let first = pull(&fed)
    #expect(first == routes.count)
    for round in rounds.dropFirst() {
      let new = try configuration(base(round))
      let old = fed.router[channel: channel].configuration.exportPolicy
      fed.router[channel: channel].configuration = try #require(new.protocols.first { $0.name == "X" }?.channels.first)
      fed.router.reexport(channel, .best, before: old)
      let before = known
      let told = pull(&fed)
      var fresh = Fed(new)
      fresh.announce(routes)
      let wanted = fresh.exports("X")
      #expect(known == wanted, "\(round)")
      let differing = Set(before.keys).union(known.keys).filter { before[$0] != known[$0] }.count
      #expect(told == differing, "\(round)")
    }
    // After `configure soft` it is not known what was announced under which filter: everything is said again.
    let soft = try configuration(base(rounds[3]))
    fed.router[channel: channel].configuration = try #require(soft.protocols.first { $0.name == "X" }?.channels.first)
    fed.router.keepAnnounced(channel, .best)
    let quiet = pull(&fed)
    #expect(quiet == 0)
    let last = try configuration(base("export where net.len != 49;"))
    let policy = fed.router[channel: channel].configuration.exportPolicy
    fed.router[channel: channel].configuration = try #require(last.protocols.first { $0.name == "X" }?.channels.first)
    fed.router.reexport(channel, .best, before: policy)
    let all = pull(&fed)
    #expect(all == routes.count)
    var fresh = Fed(last)
    fresh.announce(routes)
    let wanted = fresh.exports("X")
    #expect(known == wanted)
  }

  @Test func `the order of the protocols decides, and decides again when it changes`() throws {
    var fed = Fed(
      try configuration(
        "router id 1.1.1.1; protocol static A { ipv6; } protocol static B { ipv6; } protocol bgp O { local as 1; neighbor 2001:db8::2 as 2; ipv6 { import none; export all; }; }"
      ))
    let prefix = try #require(Prefix("2001:db8:1::/48"))
    for (number, name) in ["A", "B"].enumerated() {
      let hop = NextHop(gateway: try #require(IPAddress("fe80::\(number + 1)")), interface: UInt32(number + 1))
      fed.announce([
        .init(
          source: name, prefix: prefix, attributes: RouteAttributes(AttributeHeader(source: .static, preference: 0)), hop: .direct([hop]))
      ])
    }
    let one = fed.exports("O")[prefix]
    #expect(one?.contains("interface: 1") == true)
    fed.router.decideAgain()
    let nothing = fed.exports("O")
    #expect(nothing.isEmpty)
    if let a = fed.channels["A"], let b = fed.channels["B"] {
      fed.router[channel: a].order = 1
      fed.router[channel: b].order = 0
    }
    fed.router.decideAgain()
    let two = fed.exports("O")[prefix]
    #expect(two?.contains("interface: 2") == true)
    let preferred = ["A", "B"].compactMap { name in fed.channels[name].map { fed.router[channel: $0].statistics.preferred } }
    #expect(preferred == [0, 1])
  }

  @Test func `a table that nobody uses can go, and its number serves another family`() throws {
    var fed = Fed(try configuration("router id 1.1.1.1; ipv6 table t; protocol static A { ipv6 { table t; }; }"))
    let found = fed.router.table(named: "t")
    let table = try #require(found)
    let channel = try #require(fed.channels["A"])
    let isRefused = !fed.router.removeTable(table)
    #expect(isRefused)
    fed.router.close(channel, at: 0)
    fed.router.removeChannel(channel)
    let isRemoved = fed.router.removeTable(table)
    #expect(isRemoved)
    let again = fed.router.addTable("u", .ipv4)
    #expect(again == table)
    let names = ["t", "u"].map { fed.router.table(named: $0) }
    #expect(names == [nil, table])
    let family = fed.router[table: table].family
    #expect(family == .ipv4)
  }
}
