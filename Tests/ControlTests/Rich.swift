import RouteCore

@testable import BGP
@testable import Control
@testable import OSPFv3

/// Views with everything in them that an answer can show, beside the two transcripts.
enum Rich {
  static var status: Snapshot.Status {
    var status = Lab1.status
    status.recovery = .init(waitingChannels: 3, remaining: .milliseconds(61_250), limit: .seconds(240))
    status.state = .shuttingDown
    return status
  }

  static let interfaces: [Snapshot.Interface] = {
    var interfaces = [
      Snapshot.Interface(
        name: "eth0.100.long", index: 12, flags: [.adminUp, .multiAccess, .broadcast, .multicast], mtu: 9000,
        addresses: [
          .init(address("10.0.0.2"), 24, rank: .secondary, scope: .site), .init(address("10.0.0.1"), 24, scope: .site),
          .init(address("fe80::1"), 64, rank: .unselected, scope: .link), .init(address("2001:db8::1"), 64),
        ]),
      Snapshot.Interface(name: "ppp0", index: 13, flags: [.up, .adminUp, .linkUp], mtu: 1492, addresses: []),
    ]
    interfaces[0].master = "br0"
    return interfaces
  }()

  static var protocols: [Snapshot.ProtocolStatus] { [bgp, restarting, opening, ospf] }

  private static var bgp: Snapshot.ProtocolStatus {
    var near = Capabilities()
    near.multiprotocol = [FamilyCode(.ipv4), FamilyCode(.ipv6)]
    near.routeRefresh = true
    near.enhancedRefresh = true
    near.extendedNextHop = [FamilyCode(.ipv4)]
    near.extendedMessages = true
    near.as4 = 65001
    near.addPathReceive = [FamilyCode(.ipv6)]
    near.hostname = "here"
    near.role = Role.customer.rawValue
    near.gracefulRestart = .init(restartTime: 120, restarted: true, families: [FamilyCode(.ipv6)], preserved: [FamilyCode(.ipv6)])
    near.longLivedGracefulRestart = .init(families: [.init(code: FamilyCode(.ipv6), staleTime: 3600, isPreserved: false)])
    var far = Capabilities()
    far.addPathSend = [FamilyCode(.ipv4)]
    var bgp = Snapshot.BGPPeer(state: .established, neighborAddress: address("fe80::2"), neighborAS: 4_200_000_001, localAS: 65001)
    bgp.neighborInterface = "eth0"
    bgp.session = Snapshot.BGPPeer.Session(
      neighborID: id("1.0.0.2"), local: near.descriptions, neighbor: far.descriptions,
      flags: [.multihop, .routeReflector, .routeServer, .as4, .addPathRX, .addPathTX, .extendedMessages], source: address("fe80::1"),
      hold: .init(.milliseconds(60_001), of: .seconds(180)), keepalive: .init(.zero, of: .zero))
    var view = Snapshot.ProtocolStatus(
      name: "a_long_name", type: "BGP", table: "t_long_name", state: .up, since: at("16:08:55.25"), details: .bgp(bgp))
    var channel = Lab1.channel(100, 5, 6, 4)
    channel.filtered = 2
    channel.receiveLimit = .init(RouteLimit(count: 100, action: .warn))
    channel.importLimit = .init(RouteLimit(count: 5, action: .restart), isHit: true)
    channel.exportLimit = .init(RouteLimit(count: 7))
    channel.recovery = .init(isPending: true, isWaiting: true)
    channel.statistics.importUpdates = .init(received: 1, rejected: 2, filtered: 3, ignored: 4, accepted: 5)
    channel.statistics.importWithdraws = .init(received: 6, rejected: 7, filtered: 8, ignored: 9, accepted: 10)
    channel.statistics.exportUpdates = .init(received: 11, rejected: 12, filtered: 13, ignored: 14, accepted: 15)
    channel.statistics.exportWithdraws = .init(received: 16, rejected: 17, filtered: 18, ignored: 19, accepted: 4_294_967_295)
    channel.nextHops = [address("2001:db8::1"), address("fe80::1")]
    channel.igpTables = [.init(.ipv4, "master4"), .init(.ipv6, "igp6")]
    view.channels = [channel]
    return view
  }

  private static var restarting: Snapshot.ProtocolStatus {
    var bgp = Snapshot.BGPPeer(state: .active, neighborAddress: address("10.0.0.2"), neighborAS: 65002, localAS: 65001)
    bgp.isNeighborRestarting = true
    bgp.restartTimer = .init(.milliseconds(12_001), of: nil)
    bgp.staleTimer = .init(.seconds(3), of: nil)
    bgp.lastError = .init(.sent, "Hold timer expired")
    var view = Snapshot.ProtocolStatus(name: "B2", type: "BGP", table: nil, state: .start, since: at("16:08:55"), details: .bgp(bgp))
    var channel = Snapshot.Channel(name: "ipv4", state: .start, table: "master4", preference: 100, filters: ("f", "REJECT"))
    channel.neighborRestart = .longLived
    channel.staleTimer = .milliseconds(3_000_001)
    view.channels = [channel]
    return view
  }

  private static var opening: Snapshot.ProtocolStatus {
    var bgp = Snapshot.BGPPeer(state: .idle, neighborAddress: address("10.0.0.3"), neighborAS: 65002, localAS: 65001)
    bgp.errorWait = .init(.milliseconds(59_999), of: .seconds(60))
    bgp.connectDelay = .init(.milliseconds(500), of: .seconds(5))
    bgp.lastError = .init(.automaticShutdown, "Route limit exceeded")
    var view = Snapshot.ProtocolStatus(name: "B3", type: "BGP", table: nil, state: .start, since: at("16:08:55"), details: .bgp(bgp))
    view.message = "wait"
    view.vrf = "blue"
    return view
  }

  private static var ospf: Snapshot.ProtocolStatus {
    Snapshot.ProtocolStatus(name: "O", type: "OSPF", table: "master6", state: .up, since: at("16:08:55"), details: .ospf(isRunning: false))
  }

  static let instances: [Snapshot.OSPFInstance] = {
    var backbone = area("0.0.0.0", .ordinary, interfaces: 2, neighbors: 3, adjacent: 1)
    backbone.isTransit = true
    var stub = area("0.0.0.2", .stub, interfaces: 0, neighbors: 0, adjacent: 0)
    stub.networks = [.init(prefix: prefix("10.0.0.0/8"), isHidden: true, isActive: true)]
    var nssa = area("10.0.0.0", .nssa, interfaces: 1, neighbors: 0, adjacent: 0)
    nssa.isTranslating = true
    nssa.isRunningDown = true
    nssa.networks = [.init(prefix: prefix("2001:db8:1::/48"), isHidden: false, isActive: false)]
    nssa.externalNetworks = [.init(prefix: prefix("2001:db8:3::/48"), isHidden: true, isActive: true)]
    var other = area("10.0.0.1", .nssa, interfaces: 1, neighbors: 0, adjacent: 0)
    other.externalNetworks = [.init(prefix: prefix("10.1.0.0/16"), isHidden: false, isActive: true)]
    var first = instance(lsaCount: 17, [backbone, stub, nssa, other])
    first.rfc1583Compatibility = true
    first.isStubRouter = true
    first.tick = 2
    return [.init("O", first), .init("P", instance(lsaCount: 0, []))]
  }()

  static let neighbors: [Snapshot.OSPFNeighbors] = {
    var helped = neighbor("100.100.100.200", .exStart, .backup, on: "a_long_interface", "fe80::24d4:cdff:feea:d516")
    helped.priority = 0
    helped.isRestarting = true
    var late = neighbor("1.0.0.3", .twoWay, .other, on: "e0", "10.0.0.9")
    late.priority = 255
    return [.init("O", [.init(helped, deadTime: .milliseconds(125_250)), .init(late, deadTime: .zero)]), .init("P", [])]
  }()

  static let ospfInterfaces: Snapshot.OSPFInterfaces = {
    var link = ospfInterface("vlink1", .pointToPoint, area: "0.0.0.0", .pointToPoint)
    link.virtualLink = .init(peer: id("1.0.0.9"), peerAddress: address("2001:db8::9"), transitArea: id("0.0.0.1"))
    link.cost = 30
    var broadcast = ospfInterface("e0", .broadcast, area: "0.0.0.1", .designatedRouterOther)
    broadcast.isStub = true
    broadcast.instanceID = 7
    broadcast.designatedRouter = id("1.0.0.2")
    broadcast.designatedRouterAddress = address("fe80::2")
    return .init("O", hasECMP: false, [link, broadcast])
  }()

  static let topology = TopologyView(
    areas: [
      .init(
        id: id("0.0.0.1"),
        nodes: [
          .init(
            name: .router(id("1.0.0.1")), distance: 0, links: [.virtualLink(id("1.0.0.9"), metric: 7)],
            destinations: [
              .stubNetwork(prefix("2001:db8:5::/64"), metric: 10), .address(prefix("2001:db8::1/128")),
              .interAreaNetwork(prefix("2001:db8:6::/64"), metric: 20), .interAreaRouter(id("1.0.0.7"), metric: 30),
              .external(prefix("2001:db8:7::/64"), isType2: false, metric: 40, via: address("2001:db8::7"), tag: 0xabc),
              .nssa(prefix("2001:db8:8::/64"), isType2: true, metric: 50, via: nil, tag: nil),
            ]), .init(name: .router(id("9.9.9.9")), distance: nil, links: [], destinations: []),
        ])
    ],
    otherBoundaryRouters: [.init(name: .router(id("8.8.8.8")), distance: 3, links: [], destinations: [.external("::/0", metric2: 1)])])

  static let memory = Snapshot.Memory(
    rows: [.init(.routingTables, effective: 123_456_789, overhead: 1_048_575), .init(.protocols, effective: 9_999, overhead: 10_000)],
    total: 12_345_678_901, overhead: 10_239)

  static let statics: [Snapshot.StaticRoute] = [
    .init(prefix: prefix("10.0.0.0/8"), target: .prohibited),
    .init(prefix: prefix("10.1.0.0/16"), target: .hops([.init(gateway: address("fe80::1"), interface: "e0", .bfd)])),
    .init(
      prefix: prefix("10.2.0.0/16"),
      target: .hops([
        .init(gateway: address("10.0.0.1"), weight: 3, [.onLink, .bfd]), .init(interface: "e1", weight: 256, .dormant),
      ])), .init(prefix: prefix("10.3.0.0/16"), target: .hops([])),
  ]

  static let symbols = [
    Snapshot.Symbol(name: "a_name_that_is_long", kind: .template), Snapshot.Symbol(name: "x", kind: .roaTable),
    Snapshot.Symbol(name: "y", kind: .attribute),
  ]

  static let routes: [Route] = [bgpRoute, suppressed, unresolved, external1, inter, tagged, device]

  private static var bgpRoute: Route {
    var route = Route("2001:db8:b1::/48", .bgp, 100, "B", "10:00:00").via("fe80::1", "eth0").via("2001:db8::9", "eth1", weight: 7)
      .bgp([65002, 65001], .incomplete, from: "2001:db8::1", nextHop: ["2001:db8::1", "fe80::b"])
    route.view.header.flags.formUnion([.hasMED, .stale])
    route.view.header.med = 7
    route.view.isBest = true
    route.view.kernelError = "No buffer space available"
    route.view.resolution = .metric(20)
    route.view.path = 5
    route.view.hops[0].isOnLink = true
    route.attributes.set(.asPath, segment(2, [65002]) + segment(1, [1, 2]) + segment(3, [3]) + segment(4, [4]))
    route.attributes.set(.atomicAggregate, [])
    route.attributes.set(.aggregator, [0, 0, 0xfd, 0xe9, 10, 0, 0, 1])
    route.attributes.set(.communities, [0, 1, 0, 2, 0xff, 0xff, 0xff, 1])
    route.attributes.set(.originatorID, [1, 0, 0, 1])
    route.attributes.set(.clusterList, [1, 0, 0, 1, 1, 0, 0, 2])
    route.attributes.set(.extendedCommunities, [0, 2, 0, 1, 0, 0, 0, 2, 1, 3, 10, 0, 0, 1, 0, 5])
    route.attributes.set(.largeCommunities, [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3])
    route.attributes.set(.accumulatedMetric, [1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9])
    route.attributes.set(.onlyToCustomer, flags: 0xc0, u32: 65001)
    route.attributes.set(AttributeKey(.bgp, 0x63), flags: 0xc0, [1, 0xab])
    route.attributes.set(.kernelMetric, u32: 44)
    route.attributes.set(.kernelPreferredSource, address("2001:db8::5").bytes)
    for code in 0..<UInt8(6) { route.attributes.set(AttributeKey(.custom, code), [10, 0, 0, 7]) }
    return route
  }

  private static var suppressed: Route {
    var route = Route("2001:db8:b1::/48", .bgp, 100, "B2", "10:00:00.123").via("fe80::1", "eth0").bgp([65002], .egp, from: "fe80::1")
    route.view.isSuppressed = true
    route.view.resolution = .unknownMetric
    return route
  }

  private static var unresolved: Route {
    var route = Route("2001:db8:b2::/48", .bgp, 100, "B2", "10:00:00").bgp([], .igp, from: "2001:db8::1").to(.unreachable)
    route.view.resolution = .unresolvable
    return route
  }

  private static var external1: Route {
    Route("2001:db8:c1::/48", .ospfExternal1, 150, "O", "10:00:00").via("fe80::1", "e0").ospf(10, 0, "1.0.0.2").best
  }

  private static var inter: Route {
    var route = Route("2001:db8:c2::/48", .ospfInterArea, 150, "O", "10:00:00").via("fe80::1", "e0")
    route.attributes.set(.ospfMetric1, u32: 9)
    route.attributes.set(.ospfRouterID, u32: id("1.0.0.3").rawValue)
    return route
  }

  private static var tagged: Route {
    var route = Route("2001:db8:c3::/48", .ospfExternal2, 150, "O", "10:00:00").via("fe80::1", "e0").ospf(10, 77, "1.0.0.2")
    route.attributes.set(.ospfTag, u32: 0xbeef)
    return route
  }

  private static var device: Route {
    var route = Route("10.0.0.0/24", .device, 240, "D", "10:00:00").via("::", "e0")
    route.view.header.scope = .link
    return route
  }

  static let custom: [CustomAttribute] = [CustomAttribute.Kind.integer, .quad, .address, .bytes, .string].map {
    CustomAttribute(name: "c", kind: $0)
  }
}
