import RouteCore

@testable import BGP
@testable import Control
@testable import OSPFv3

/// The running state behind the transcript of BIRD 1.6.8, as views filled by hand.
enum Lab1 {
  static var style: any Presentation { look(.bird1) }
  private static let kernelUp: Snapshot.Interface.Flags = [.up, .adminUp, .linkUp, .multiAccess]
  private static let linkLocal = "fe80::24d4:cdff:feea:d516"

  static let status = Snapshot.Status(
    routerID: id("1.0.0.1"), hostname: "vm", now: at("16:09:45"), lastReboot: at("16:08:53"), lastReconfiguration: at("16:08:53"))

  static var protocols: [Snapshot.ProtocolStatus] {
    [
      Snapshot.ProtocolStatus(name: "device1", type: "Device", table: "master", state: .up, since: at("16:08:53")),
      kernel,
      Snapshot.ProtocolStatus(name: "ST", type: "Static", table: "master", state: .up, since: at("16:08:53")),
      ospf, bgp,
    ]
  }

  static func channel(_ preference: UInt16, _ imported: UInt32, _ exported: UInt32, _ preferred: UInt32) -> Snapshot.Channel {
    var channel = Snapshot.Channel(
      name: "ipv6", state: .up, table: "master", preference: preference, filters: ("ACCEPT", "ACCEPT"))
    channel.imported = imported
    channel.exported = exported
    channel.preferred = preferred
    return channel
  }

  static var kernel: Snapshot.ProtocolStatus {
    var view = Snapshot.ProtocolStatus(name: "kernel1", type: "Kernel", table: "master", state: .up, since: at("16:08:53"))
    var channel = channel(10, 0, 6, 0)
    channel.statistics.exportUpdates = .init(received: 9, rejected: 1, accepted: 8)
    channel.statistics.exportWithdraws = .init(received: 2, accepted: 2)
    view.channels = [channel]
    return view
  }

  static var ospf: Snapshot.ProtocolStatus {
    var view = Snapshot.ProtocolStatus(
      name: "PRIVATE", type: "OSPF", table: "master", state: .up, since: at("16:08:53"), details: .ospf(isRunning: true))
    var channel = channel(150, 3, 3, 1)
    channel.statistics.importUpdates = .init(received: 3, accepted: 3)
    channel.statistics.exportUpdates = .init(received: 7, rejected: 1, accepted: 6)
    channel.statistics.exportWithdraws = .init(received: 2, accepted: 2)
    view.channels = [channel]
    return view
  }

  static var bgp: Snapshot.ProtocolStatus {
    let capabilities = bgpCapabilities.descriptions
    var bgp = Snapshot.BGPPeer(state: .established, neighborAddress: address("2001:db8:ff::1"), neighborAS: 65002, localAS: 65001)
    bgp.session = Snapshot.BGPPeer.Session(
      neighborID: id("1.0.0.2"), local: capabilities, neighbor: capabilities, flags: .as4, source: address("2001:db8:ff::"),
      hold: .init(.seconds(4), of: .seconds(6)), keepalive: .init(.seconds(1), of: .seconds(2)))
    var view = Snapshot.ProtocolStatus(name: "IBGP_X", type: "BGP", table: "master", state: .up, since: at("16:08:55"), details: .bgp(bgp))
    var channel = channel(160, 2, 3, 1)
    channel.statistics.importUpdates = .init(received: 2, accepted: 2)
    channel.statistics.exportUpdates = .init(received: 4, rejected: 1, accepted: 3)
    view.channels = [channel]
    return view
  }

  static let routes: [Route] = [
    Route("2001:db8:b1::/48", .static, 200, "ST", "16:08:53").to(.unreachable).best,
    external("2001:db8:b1::/48"),
    Route("2001:db8:b2::/48", .bgp, 160, "IBGP_X", "16:08:55").via("2001:db8:ff::1", "veA")
      .bgp([65002], .igp, from: "2001:db8:ff::1", nextHop: ["2001:db8:ff::1", "fe80::2c2e:3eff:fe0a:c0b3"]).best,
    external("2001:db8:b2::/48"),
    Route("2001:db8:c1::/48", .static, 200, "ST", "16:08:54").via("2001:db8:ff::1", "veA").best,
    Route("2001:db8:c1::/48", .bgp, 160, "IBGP_X", "16:09:38").via("2001:db8:ff::1", "veA")
      .bgp([65002], .incomplete, from: "2001:db8:ff::1"),
    external("2001:db8:c2::/48").best,
  ]

  private static func external(_ net: String) -> Route {
    Route(net, .ospfExternal2, 150, "PRIVATE", "16:09:37").via(linkLocal, "ve2A").ospf(10, 10000, "1.0.0.2")
  }

  static let interfaces: [Snapshot.Interface] = [
    Snapshot.Interface(
      name: "lo", index: 1, flags: kernelUp.union([.loopback, .ignored]), mtu: 65536,
      addresses: [.init(address("::1"), 128, scope: .host)]),
    Snapshot.Interface(
      name: "veA", index: 2, flags: kernelUp.union([.broadcast, .multicast]), mtu: 1500,
      addresses: [
        .init(address("fe80::fc5f:8aff:fe36:f2fb"), 64, rank: .unselected, scope: .link),
        .init(address("2001:db8:ff::"), 127, opposite: address("2001:db8:ff::1")),
      ]),
    Snapshot.Interface(
      name: "ve2A", index: 3, flags: kernelUp.union([.broadcast, .multicast]), mtu: 1500,
      addresses: [.init(address("fe80::ac7f:26ff:fe23:5f2"), 64, scope: .link)]),
  ]

  static let ospfInstance = Snapshot.OSPFInstance(
    "PRIVATE", instance(lsaCount: 14, [area("0.0.0.0", .ordinary, interfaces: 1, neighbors: 1, adjacent: 1)]))

  static let neighbors = Snapshot.OSPFNeighbors(
    "PRIVATE", [.init(neighbor("1.0.0.2", .full, .designatedRouter, on: "ve2A", linkLocal), deadTime: .seconds(39))])

  static var ospfInterfaces: Snapshot.OSPFInterfaces {
    var view = ospfInterface("ve2A", .broadcast, area: "0.0.0.0", .backup)
    view.designatedRouter = id("1.0.0.2")
    view.designatedRouterAddress = address(linkLocal)
    view.backupDesignatedRouter = id("1.0.0.1")
    view.backupDesignatedRouterAddress = address("fe80::ac7f:26ff:fe23:5f2")
    return .init("PRIVATE", hasECMP: true, [view])
  }

  static let topology: TopologyView = {
    let network = TopologyView.Item.network(designatedRouter: id("1.0.0.2"), interfaceID: 3, metric: 10)
    func externals(_ nets: [String]) -> [TopologyView.Item] { nets.map { .external("2001:db8:\($0)::/48", metric2: 10000) } }
    return TopologyView(
      areas: [
        .init(
          id: id("0.0.0.0"),
          nodes: [
            .init(name: .router(id("1.0.0.1")), distance: 0, links: [network], destinations: externals(["b1", "b2", "c1"])),
            .init(name: .router(id("1.0.0.2")), distance: 10, links: [network], destinations: externals(["b1", "b2", "c2"])),
            .init(
              name: .network(designatedRouter: id("1.0.0.2"), interfaceID: 3), distance: 10,
              links: [.router(id("1.0.0.2"), metric: nil), .router(id("1.0.0.1"), metric: nil)], destinations: []),
            .init(name: .router(id("9.9.9.9")), distance: nil, links: [], destinations: []),
          ])
      ], otherBoundaryRouters: [])
  }()

  static let lsas: [LSAView] = {
    var scope = LSAView.Scope.autonomousSystem
    func lsa(_ type: UInt16, _ lsid: String, _ router: String, _ sequence: UInt32, _ ageAndSum: (UInt16, UInt16)) -> LSAView {
      LSAView(
        scope: scope, type: type, linkStateID: id(lsid), advertisingRouter: id(router), sequenceNumber: 0x8000_0000 + sequence,
        age: ageAndSum.0, checksum: ageAndSum.1, isSelfOriginated: false)
    }
    var all = [
      lsa(0x4005, "157.5.0.0", "1.0.0.1", 1, (52, 0x3b31)), lsa(0x4005, "158.6.0.0", "1.0.0.1", 2, (46, 0x3038)),
      lsa(0x4005, "237.117.0.0", "1.0.0.1", 2, (47, 0xe0b9)), lsa(0x4005, "157.5.0.0", "1.0.0.2", 2, (47, 0x3337)),
      lsa(0x4005, "158.6.0.0", "1.0.0.2", 1, (53, 0x2c3c)), lsa(0x4005, "238.118.0.0", "1.0.0.2", 2, (48, 0xd1c4)),
    ]
    scope = .area(id("0.0.0.0"))
    all += [
      lsa(0x2001, "0.0.0.0", "1.0.0.1", 2, (9, 0x55b2)), lsa(0x2009, "0.0.0.0", "1.0.0.1", 1, (51, 0x0c04)),
      lsa(0x2001, "0.0.0.0", "1.0.0.2", 2, (10, 0x4fb7)), lsa(0x2009, "0.0.0.0", "1.0.0.2", 1, (52, 0x14f9)),
      lsa(0x2002, "0.0.0.3", "1.0.0.2", 1, (10, 0x31ec)), lsa(0x2009, "0.0.0.3", "1.0.0.2", 1, (10, 0x1aec)),
    ]
    scope = .link(name: "ve2A")
    all += [lsa(0x0008, "0.0.0.3", "1.0.0.1", 1, (50, 0x3d08)), lsa(0x0008, "0.0.0.3", "1.0.0.2", 1, (50, 0x70a3))]
    return all
  }()

  static let statics: [Snapshot.StaticRoute] = [
    .init(prefix: prefix("2001:db8:b1::/48"), target: .unreachable),
    .init(
      prefix: prefix("2001:db8:c1::/48"),
      target: .hops([.init(gateway: address("2001:db8:ff::1")), .init(gateway: address("2001:db8:ff::1"))])),
  ]

  static let symbols: [Snapshot.Symbol] = [
    "ips_site", "PRIVATE", "master", "ipt_unspec", "ipp_xorp", "ipp_dhcp", "ipp_bird", "ipp_boot", "ipt_main", "ips_link", "ipp_isis",
    "ips_global", "ipp_kernel", "ips_host", "ips_nowhere", "ipp_dnrouted", "IBGP_X", "kernel1", "ipp_ntk", "ipp_mrt", "ipr_cosmos",
    "ipp_babel", "ipp_redirect", "ipp_keepalived", "ipt_local", "ipp_bgp", "ipp_zebra", "ipp_gated", "ipp_openr", "ipp_eigrp", "ipp_rip",
    "device1", "ipt_default", "ST", "ipp_static", "ipp_ra", "ipp_ospf", "ipp_unspec",
  ].map { name in
    Snapshot.Symbol(name: name, kind: name == "master" ? .table : name.hasPrefix("ip") ? .constant : .protocol)
  }

  static let memory = Snapshot.Memory(
    rows: [
      .init(.routingTables, effective: 22_400), .init(.routeAttributes, effective: 10_100), .init(.roaTables, effective: 192),
      .init(.protocols, effective: 83_700),
    ], total: 156_700)
}

/// What both sides of the lab's sessions announce.
var bgpCapabilities: Capabilities {
  var capabilities = Capabilities()
  capabilities.multiprotocol = [FamilyCode(.ipv6)]
  capabilities.routeRefresh = true
  capabilities.enhancedRefresh = true
  capabilities.gracefulRestart = .init(restartTime: 0, restarted: false)
  capabilities.longLivedGracefulRestart = .init()
  capabilities.as4 = 65001
  return capabilities
}
