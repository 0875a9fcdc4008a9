import Testing

@testable import RouteCore

/// Three tables with pipes between them, and a protocol's channel in each.
private final class PipeFixture {
  var router = Router()
  /// The two ends of each pipe.
  var pipes: [(near: ChannelID, far: ChannelID)] = []

  init(tables: Int = 3) { for index in 0..<tables { _ = router.addTable("t\(index)", .ipv6) } }

  func channel(_ name: String, in table: TableID, preference: UInt16 = 100) -> ChannelID {
    let configuration = ChannelConfiguration(family: .ipv6, table: "t\(table.rawValue)", preference: preference)
    let id = router.addChannel(configuration, protocolName: name, table: table)
    router.open(id, exporting: .off)
    return id
  }

  func pipe(
    _ from: TableID, _ to: TableID, export: Policy = .all, import back: Policy = .none, opaque: Bool = false, limit: RouteLimit? = nil
  ) {
    let name = "p\(pipes.count)"
    var configuration = ChannelConfiguration(family: .ipv6, table: "t\(from.rawValue)", preference: 70)
    configuration.exportPolicy = export
    let near = router.addChannel(configuration, protocolName: name, table: from)
    configuration.exportPolicy = back
    configuration.importLimit = limit
    let far = router.addChannel(configuration, protocolName: name, table: to)
    for end in [near, far] {
      router[channel: end].isPipe = true
      router[channel: end].keepsPreference = !opaque
      router.open(end, exporting: .any)
    }
    pipes.append((near, far))
  }

  func announce(_ channel: ChannelID, _ prefix: String, pathLength: UInt16 = 1) {
    var header = AttributeHeader(source: .bgp, preference: 0)
    header.nextHops = router.nextHops.intern([NextHop(interface: UInt32(channel.rawValue) + 1)])
    header.pathLength = pathLength
    router.announce(channel, (Prefix(prefix) ?? Prefix(.unspecified, 0)), RouteAttributes(header), at: 0)
    router.nextHops.release(header.nextHops)
  }

  func withdraw(_ channel: ChannelID, _ prefix: String) { router.withdraw(channel, (Prefix(prefix) ?? Prefix(.unspecified, 0)), at: 0) }

  /// Lets everything flow until it comes to rest.
  func settle() {
    for _ in 0..<100 {
      var more = false
      for (near, far) in pipes {
        for (from, to) in [(near, far), (far, near)] where router[channel: from].hasPendingExports {
          _ = router.pullPipe(from: from, to: to, limit: 2, gate: OpenGate(), at: 0)
          more = true
        }
      }
      if !more { return }
    }
    Issue.record("the pipes do not come to rest")
  }

  /// The protocols whose routes to a network a table has, the best first.
  func names(_ prefix: String, in table: TableID) -> [String] {
    guard let net = router.network((Prefix(prefix) ?? Prefix(.unspecified, 0)), in: table) else { return [] }
    var out: [String] = []
    var rest = router[table: table].routes(of: net)
    while let (_, route) = router[table: table].next(&rest) {
      out.append(router.protocolName(of: route.channel))
    }
    return out
  }
}

private let net = "2001:db8::/32"

@Suite struct PipeTests {
  @Test func `a pipe carries all routes of a network, each with the name of its protocol`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    let b = fixture.channel("b", in: 0)
    fixture.pipe(0, 1)
    fixture.announce(a, net, pathLength: 3)
    fixture.announce(b, net, pathLength: 2)
    fixture.settle()
    #expect(fixture.names(net, in: 1) == ["b", "a"])
    fixture.withdraw(b, net)
    fixture.settle()
    #expect(fixture.names(net, in: 1) == ["a"])
    fixture.withdraw(a, net)
    fixture.settle()
    #expect(fixture.router[table: 1].netCount == 0)
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `what comes by a pipe does not go back by it`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    let b = fixture.channel("b", in: 1)
    fixture.pipe(0, 1, import: .all)
    fixture.announce(a, net)
    fixture.announce(b, net)
    fixture.settle()
    #expect(fixture.names(net, in: 0) == ["a", "b"])
    #expect(fixture.names(net, in: 1) == ["b", "a"] || fixture.names(net, in: 1) == ["a", "b"])
    fixture.withdraw(a, net)
    fixture.settle()
    #expect(fixture.names(net, in: 0) == ["b"])
    #expect(fixture.names(net, in: 1) == ["b"])
  }

  @Test func `a circle of pipes comes to rest, and keeps nothing alive`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    fixture.pipe(0, 1)
    fixture.pipe(1, 2)
    fixture.pipe(2, 0)
    fixture.announce(a, net)
    fixture.settle()
    for table in fixture.router.tableIDs { #expect(fixture.names(net, in: table) == ["a"]) }
    #expect(fixture.router.pipeCollisions.last != nil)
    fixture.withdraw(a, net)
    fixture.settle()
    for table in fixture.router.tableIDs { #expect(fixture.names(net, in: table) == []) }
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `a circle beside the table of the route keeps nothing alive, whatever arrives first`() {
    let fixture = PipeFixture(tables: 4)
    let a = fixture.channel("a", in: 0)
    fixture.pipe(0, 1)
    fixture.pipe(1, 2)
    fixture.pipe(2, 3)
    fixture.pipe(3, 1)
    fixture.announce(a, net)
    fixture.settle()
    // The last pipe looks at its table once more, and the route leaves by the first one before the others have heard.
    fixture.router.refeed(fixture.pipes[3].near)
    fixture.withdraw(a, net)
    let entrance = fixture.pipes[0]
    _ = fixture.router.pullPipe(from: entrance.near, to: entrance.far, limit: 10, gate: OpenGate(), at: 0)
    let circle = fixture.pipes[3]
    _ = fixture.router.pullPipe(from: circle.near, to: circle.far, limit: 10, gate: OpenGate(), at: 0)
    #expect(fixture.names(net, in: 1) == ["a"])
    fixture.settle()
    for table in fixture.router.tableIDs { #expect(fixture.names(net, in: table) == []) }
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `of two ways into a table the first counts`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    fixture.pipe(0, 1)
    fixture.pipe(0, 1)
    fixture.announce(a, net)
    fixture.settle()
    #expect(fixture.names(net, in: 1) == ["a"])
    #expect(fixture.router.pipeCollisions.count == 1)
    fixture.withdraw(a, net)
    fixture.settle()
    #expect(fixture.names(net, in: 1) == [])
  }

  @Test func `an opaque pipe carries the best route as its own`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    let b = fixture.channel("b", in: 0)
    fixture.pipe(0, 1, opaque: true)
    fixture.announce(a, net, pathLength: 3)
    fixture.announce(b, net, pathLength: 2)
    fixture.settle()
    #expect(fixture.names(net, in: 1) == ["p0"])
    let table = fixture.router[table: 1].find(Prefix(net)!)!
    let route = fixture.router[table: 1].routes[fixture.router.firstRoute(table, in: 1)]
    #expect(fixture.router.attributes.header(route.attributes).preference == 70)
    fixture.withdraw(a, net)
    fixture.withdraw(b, net)
    fixture.settle()
    #expect(fixture.router.attributes.count == 0)
  }

  @Test func `closing a pipe takes all it brought out of both tables`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    let b = fixture.channel("b", in: 0)
    let c = fixture.channel("c", in: 1)
    fixture.pipe(0, 1, import: .all)
    for channel in [a, b, c] { fixture.announce(channel, net) }
    fixture.settle()
    #expect(fixture.names(net, in: 0).count == 3)
    let (near, far) = fixture.pipes[0]
    fixture.router.close(far, at: 0)
    fixture.router.close(near, at: 0)
    #expect(fixture.names(net, in: 0).sorted() == ["a", "b"])
    #expect(fixture.names(net, in: 1) == ["c"])
    #expect(fixture.router[channel: far].statistics.imported == 0)
    #expect(fixture.router[channel: near].statistics.preferred == 0)
  }

  @Test func `the limit of a pipe counts what it brings`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    fixture.pipe(0, 1, limit: RouteLimit(count: 2, action: .block))
    for index in 1...4 { fixture.announce(a, "2001:db8:\(index)::/48") }
    fixture.settle()
    #expect(fixture.router[table: 1].routeCount == 2)
    #expect(fixture.router.limitEvents.map(\.direction) == [.import])
  }
}

extension PipeTests {
  @Test func `what a removed channel had beyond a pipe goes before its number is given again`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    fixture.pipe(0, 1)
    fixture.announce(a, net)
    fixture.settle()
    fixture.router.close(a, at: 1)
    fixture.router.removeChannel(a)
    for (near, far) in fixture.pipes {
      for end in [near, far] {
        let table = fixture.router[channel: end].table
        fixture.router.finishFlushesOfRemovedChannels(in: table)
      }
    }
    fixture.settle()
    #expect(fixture.names(net, in: 1) == [])
    #expect(fixture.channel("b", in: 1) == a)
  }

  @Test func `a pipe carries on what a peer's channel had until its routes are gone, and follows its next session`() {
    let fixture = PipeFixture()
    let a = fixture.channel("a", in: 0)
    fixture.pipe(0, 1)
    for index in 1...50 { fixture.announce(a, "2001:db8:\(index)::/48") }
    fixture.settle()
    fixture.router.close(a, at: 1)
    fixture.router.open(a, exporting: .off)
    fixture.announce(a, "2001:db8:7::/48", pathLength: 9)
    while fixture.router.flushSome(budget: 60) { fixture.settle() }
    fixture.settle()
    #expect(fixture.router[table: 1].prefixes().map(\.description) == ["2001:db8:7::/48"])
    #expect(fixture.router[channel: fixture.pipes[0].far].statistics.imported == 1)
    #expect(fixture.router[channel: fixture.pipes[0].far].statistics.preferred == 1)
  }
}
