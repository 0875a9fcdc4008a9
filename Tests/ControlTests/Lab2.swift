import RouteCore

@testable import BGP
@testable import Control
@testable import OSPFv3

/// The running state behind the transcript of BIRD 2.0.12, as views filled by hand.
enum Lab2 {
  static var style: any Presentation { look(.bird2) }
  private static let kernelUp: Snapshot.Interface.Flags = [.up, .adminUp, .linkUp, .multiAccess]
  private static let start = at("16:10:25.413")
  private static let linkLocal = "fe80::18dc:d7ff:fe61:f36a"

  static let status = Snapshot.Status(
    routerID: id("1.0.0.1"), hostname: "vm", now: at("16:10:39.423"), lastReboot: start, lastReconfiguration: start)

  static var protocols: [Snapshot.ProtocolStatus] {
    [
      Snapshot.ProtocolStatus(name: "device1", type: "Device", table: nil, state: .up, since: start),
      kernel,
      Snapshot.ProtocolStatus(name: "ST", type: "Static", table: "master6", state: .up, since: start),
      ospf, bgp,
    ]
  }

  static func channel(_ preference: UInt16, _ imported: UInt32, _ exported: UInt32, _ preferred: UInt32) -> Snapshot.Channel {
    var channel = Snapshot.Channel(
      name: "ipv6", state: .up, table: "master6", preference: preference, filters: ("ACCEPT", "ACCEPT"))
    channel.imported = imported
    channel.exported = exported
    channel.preferred = preferred
    return channel
  }

  static var kernel: Snapshot.ProtocolStatus {
    var view = Snapshot.ProtocolStatus(name: "kernel1", type: "Kernel", table: "master6", state: .up, since: start)
    var channel = channel(10, 0, 2, 0)
    channel.statistics.exportUpdates = .init(received: 3, accepted: 3)
    view.channels = [channel]
    return view
  }

  static var ospf: Snapshot.ProtocolStatus {
    var view = Snapshot.ProtocolStatus(
      name: "PRIVATE", type: "OSPF", table: "master6", state: .up, since: start, details: .ospf(isRunning: true))
    var channel = channel(150, 2, 2, 0)
    channel.statistics.importUpdates = .init(received: 2, accepted: 2)
    channel.statistics.exportUpdates = .init(received: 2, accepted: 2)
    view.channels = [channel]
    return view
  }

  static var bgp: Snapshot.ProtocolStatus {
    let capabilities = bgpCapabilities.descriptions
    var bgp = Snapshot.BGPPeer(state: .established, neighborAddress: address("2001:db8:ff::1"), neighborAS: 65002, localAS: 65001)
    bgp.session = Snapshot.BGPPeer.Session(
      neighborID: id("1.0.0.2"), local: capabilities, neighbor: capabilities, flags: .as4, source: address("2001:db8:ff::"),
      hold: .init(.milliseconds(4442), of: .seconds(6)), keepalive: .init(.milliseconds(634), of: .seconds(2)))
    var view = Snapshot.ProtocolStatus(name: "IBGP_X", type: "BGP", table: nil, state: .up, since: at("16:10:26.227"), details: .bgp(bgp))
    var channel = channel(160, 1, 1, 1)
    channel.statistics.importUpdates = .init(received: 1, accepted: 1)
    channel.statistics.exportUpdates = .init(received: 2, rejected: 1, accepted: 1)
    channel.nextHops = [address("2001:db8:ff::")]
    view.channels = [channel]
    return view
  }

  static let routes: [Route] = [
    Route("2001:db8:b1::/48", .static, 200, "ST", "16:10:25.413").to(.unreachable).best,
    external("2001:db8:b1::/48"),
    Route("2001:db8:b2::/48", .bgp, 160, "IBGP_X", "16:10:26.372").via("2001:db8:ff::1", "veA")
      .bgp([65002], .igp, from: "2001:db8:ff::1", nextHop: ["2001:db8:ff::1"]).best,
    external("2001:db8:b2::/48"),
  ]

  private static func external(_ net: String) -> Route {
    Route(net, .ospfExternal2, 150, "PRIVATE", "16:10:31.513").via(linkLocal, "ve2A").ospf(10, 10000, "1.0.0.2")
  }

  static let interfaces: [Snapshot.Interface] = [
    Snapshot.Interface(
      name: "lo", index: 1, flags: kernelUp.union([.loopback, .ignored]), mtu: 65536,
      addresses: [.init(address("127.0.0.1"), 8, scope: .host), .init(address("::1"), 128, scope: .host)]),
    Snapshot.Interface(
      name: "veA", index: 2, flags: kernelUp.union([.broadcast, .multicast]), mtu: 1500,
      addresses: [
        .init(address("2001:db8:ff::"), 127, opposite: address("2001:db8:ff::1")),
        .init(address("fe80::7cae:fbff:fec1:67f2"), 64, rank: .unselected, scope: .link),
      ]),
    Snapshot.Interface(
      name: "ve2A", index: 3, flags: kernelUp.union([.broadcast, .multicast]), mtu: 1500,
      addresses: [.init(address("fe80::a453:deff:fe10:fcba"), 64, scope: .link)]),
  ]

  static let neighbors = Snapshot.OSPFNeighbors(
    "PRIVATE", [.init(neighbor("1.0.0.2", .full, .pointToPoint, on: "ve2A", linkLocal), deadTime: .milliseconds(3454))])

  static var ospfInterfaces: Snapshot.OSPFInterfaces {
    var view = ospfInterface("ve2A", .pointToPoint, area: "0.0.0.0", .pointToPoint)
    view.helloInterval = 1
    view.waitInterval = 4
    view.deadInterval = 4
    return .init("PRIVATE", hasECMP: true, [view])
  }

  static let topology: TopologyView = {
    func externals(_ nets: [String]) -> [TopologyView.Item] { nets.map { .external("2001:db8:\($0)::/48", metric2: 10000) } }
    return TopologyView(
      areas: [
        .init(
          id: id("0.0.0.0"),
          nodes: [
            .init(
              name: .router(id("1.0.0.1")), distance: 0, links: [.router(id("1.0.0.2"), metric: 10)],
              destinations: externals(["b1", "b2"])),
            .init(
              name: .router(id("1.0.0.2")), distance: 10, links: [.router(id("1.0.0.1"), metric: 10)],
              destinations: externals(["b2", "b1"])),
          ])
      ], otherBoundaryRouters: [])
  }()

  static let memory = Snapshot.Memory(
    rows: [
      .init(.routingTables, effective: 20_070, overhead: 9240), .init(.routeAttributes, effective: 1446, overhead: 9040),
      .init(.protocols, effective: 68_096, overhead: 28_262), .init(.configuration, effective: 16_486, overhead: 520),
      .init(.standby, effective: 0, overhead: 36_864),
    ], total: 125_850, overhead: 89_805)
}
