import RouteCore
import Testing

@testable import BGP
@testable import Control
@testable import OSPFv3

/// Looks that the transcripts do not show; the expected lines are facts about BIRD 1.6.8 and 2.0.12, read off the running programs.
@Suite struct FormatTests {
  private func lines(_ write: (inout ReplyWriter) -> Void) -> String { visible(asClientShows(written(write))) }

  private func show(_ views: [Snapshot.ProtocolStatus], _ format: CLIFormat) -> String {
    lines { look(format).write(views, .all, to: &$0) }
  }

  static let session: Snapshot.BFDSession = {
    var session = Snapshot.BFDSession(address: address("2001:db8::1"), interface: "eth0", state: .up, since: at("18:34:59.001"))
    session.interval = .milliseconds(100)
    session.timeout = .microseconds(1_500_500)
    return session
  }()

  @Test func `sessions of BFD`() {
    let distant = Snapshot.BFDSession(
      address: address("10.0.0.1"), interface: nil, state: .adminDown, since: at("18:34:59.001"))
    let listing: [(name: String, sessions: [Snapshot.BFDSession]?)] = [("B", [FormatTests.session, distant]), ("C", nil)]
    #expect(
      lines { look(.bird1).write(listing, to: &$0) } == """
        1020-B:$
             IP address                Interface  State      Since       Interval  Timeout$
             2001:db8::1               eth0       Up         18:34:59      0.100    1.500$
             10.0.0.1                  ---        AdminDown  18:34:59      0.000    0.000$
             C: is not up$
        """)
    #expect(
      lines { look(.bird2).write(listing, to: &$0) } == """
        1020-B:$
             IP address                Interface  State      Since         Interval  Timeout$
             2001:db8::1               eth0       Up         18:34:59.001    0.100    1.500$
             10.0.0.1                  ---        AdminDown  18:34:59.001    0.000    0.000$
             C: is not up$
        """)
  }

  private func pipe(_ format: CLIFormat) -> Snapshot.ProtocolStatus {
    var channel = Snapshot.Channel(
      name: "main", state: .up, table: "master", preference: 70, filters: ("ACCEPT", "REJECT"))
    channel.imported = 1
    channel.exported = 6
    channel.statistics.importUpdates = .init(received: 11, rejected: 10, accepted: 1)
    channel.statistics.exportUpdates = .init(received: 7, filtered: 1, accepted: 6)
    var view = Snapshot.ProtocolStatus(
      name: "P1", type: "Pipe", table: format == .bird1 ? "master" : nil, state: .up, since: at("18:34:59.001"),
      details: .pipe(.init(table: "master6", peerTable: "tab2")))
    view.channels = [channel]
    return view
  }

  @Test func `a pipe has its own table of counters`() {
    #expect(
      show([pipe(.bird1)], .bird1) == """
        2002-name     proto    table    state  since       info$
        1002-P1       Pipe     master   up     18:34:59    => tab2$
        1006-  Preference:     70$
               Input filter:   ACCEPT$
               Output filter:  REJECT$
               Routes:         1 imported, 6 exported$
               Route change stats:     received   rejected   filtered    ignored   accepted$
                 Import updates:             11         10          0          0          1$
                 Import withdraws:            0          0        ---          0          0$
                 Export updates:              7          0          1          0          6$
                 Export withdraws:            0          0        ---          0          0$
             $
        """)
    #expect(
      show([pipe(.bird2)], .bird2) == """
        2002-Name       Proto      Table      State  Since         Info$
        1002-P1         Pipe       ---        up     18:34:59.001  master6 <=> tab2$
        1006-  Channel main$
                 Table:          master6$
                 Peer table:     tab2$
                 Import state:   up$
                 Export state:   up$
                 Import filter:  ACCEPT$
                 Export filter:  REJECT$
               Routes:         1 imported, 6 exported$
               Route change stats:     received   rejected   filtered    ignored   accepted$
                 Import updates:             11         10          0          0          1$
                 Import withdraws:            0          0        ---          0          0$
                 Export updates:              7          0          1          0          6$
                 Export withdraws:            0          0        ---          0          0$
             $
        """)
  }

  @Test func `a session with several paths and a restart`() {
    var view = Lab2.bgp
    guard case .bgp(var bgp) = view.details, var session = bgp.session else { return #expect(Bool(false)) }
    session.flags = [.internal, .as4, .addPathTX, .extendedMessages]
    var (near, far) = (bgpCapabilities, bgpCapabilities)
    near.addPathSend = [FamilyCode(.ipv6)]
    far.addPathReceive = [FamilyCode(.ipv4), FamilyCode(.ipv6)]
    far.gracefulRestart = .init(restartTime: 120, restarted: false, families: [FamilyCode(.ipv6)])
    session.localCapabilities = near.descriptions
    session.neighborCapabilities = far.descriptions
    bgp.session = session
    view.details = .bgp(bgp)
    let tree = show([view], .bird2)
    #expect(tree.contains("Session:          internal AS4$"))
    #expect(tree.contains("           ADD-PATH$\n             RX:$\n             TX: ipv6$\n           Enhanced refresh$\n"))
    #expect(tree.contains("             Restart time: 120$\n             AF supported: ipv6$\n             AF preserved:$\n"))
    #expect(tree.contains("             RX: ipv4 ipv6$\n             TX:$\n"))
    let line = show([view], .bird1)
    #expect(line.contains("Neighbor caps:    refresh enhanced-refresh restart-able llgr-aware AS4 add-path-rx$"))
    #expect(line.contains("Session:          internal AS4 add-path-tx ext-messages$"))
  }

  private func stopped() -> Snapshot.ProtocolStatus {
    var bgp = Snapshot.BGPPeer(state: .down, neighborAddress: address("fe80::1"), neighborAS: 65002, localAS: 65001)
    bgp.neighborInterface = "eth0"
    bgp.lastError = .init(.received, "Hold timer expired")
    var view = Snapshot.ProtocolStatus(name: "B1", type: "BGP", table: nil, state: .down, since: at("18:35:32.5"), details: .bgp(bgp))
    view.description = "hello there"
    view.message = "because of this"
    view.routerID = id("9.9.9.9")
    view.vrf = "foo"
    var channel = Snapshot.Channel(name: "ipv6", state: .down, table: "t6", preference: 100, filters: ("f", "(unnamed)"))
    channel.importLimit = .init(RouteLimit(count: 10, action: .block), isHit: true)
    view.channels = [channel]
    return view
  }

  @Test func `a protocol that is down shows its settings, its error and no counters`() {
    #expect(
      show([stopped()], .bird1) == """
        2002-name     proto    table    state  since       info$
        1002-B1       BGP      master   down   18:35:32    Received: Hold timer expired$
        1006-  Description:    hello there$
               Message:        because of this$
               Router ID:      9.9.9.9$
               VRF:            foo$
               Preference:     100$
               Input filter:   f$
               Output filter:  (unnamed)$
               Import limit:   10 [HIT]$
                 Action:       block$
               BGP state:          Down$
                 Neighbor address: fe80::1%eth0$
                 Neighbor AS:      65002$
                 Last error:       Received: Hold timer expired$
             $
        """)
    #expect(
      show([stopped()], .bird2) == """
        2002-Name       Proto      Table      State  Since         Info$
        1002-B1         BGP        ---        down   18:35:32.005  Received: Hold timer expired$
        1006-  Description:    hello there$
               Message:        because of this$
               Router ID:      9.9.9.9$
               VRF:            foo$
               BGP state:          Down$
                 Neighbor address: fe80::1%eth0$
                 Neighbor AS:      65002$
                 Local AS:         65001$
                 Last error:       Received: Hold timer expired$
               Channel ipv6$
                 State:          DOWN$
                 Table:          t6$
                 Preference:     100$
                 Input filter:   f$
                 Output filter:  (unnamed)$
                 Import limit:   10 [HIT]$
                   Action:       block$
             $
        """)
  }

  @Test func `a session being set up shows its timers, and a kept error after the state`() {
    var bgp = Snapshot.BGPPeer(state: .active, neighborAddress: address("2001:db8:ff::2"), neighborAS: 65002, localAS: 65001)
    bgp.connectDelay = .init(.milliseconds(90_071), of: .seconds(100))
    bgp.lastError = .init(.socket, "No route to host")
    let view = Snapshot.ProtocolStatus(name: "B2", type: "BGP", table: nil, state: .start, since: at("18:47:30"), details: .bgp(bgp))
    let old = show([view], .bird1)
    #expect(old.contains("1002-B2       BGP      master   start  18:47:30    Active        Socket: No route to host$"))
    #expect(old.contains("         Connect delay:    91/100$\n         Last error:       Socket: No route to host$"))
    #expect(show([view], .bird2).contains("         Connect delay:    90.071/100$"))
  }

  @Test func `a protocol that waits for the peers of a range shows the range`() {
    var bgp = Snapshot.BGPPeer(state: .passive, neighborAddress: .unspecified, neighborAS: 65002, localAS: 65001)
    bgp.neighborRange = Prefix("10.0.0.0/28")
    let view = Snapshot.ProtocolStatus(name: "R4", type: "BGP", table: nil, state: .start, since: at("18:47:30"), details: .bgp(bgp))
    let shown = show([view], .bird2)
    #expect(shown.contains("1002-R4         BGP        ---        start  18:47:30.000  Passive"))
    #expect(shown.contains("         Neighbor range:   10.0.0.0/28$\n         Neighbor AS:      65002$"))
    #expect(!shown.contains("Neighbor address"))
  }

  private let kinds: [Route] = [
    Route("2001:db8:c6::/48", .static, 200, "ST", "18:34:59").to(.blackhole).best,
    Route("2001:db8:c7::/48", .static, 200, "ST", "18:34:59").to(.prohibit).best,
    Route("2001:db8:c1::/48", .static, 200, "ST", "18:34:59").via("2001:db8:ff::1", "ve0").via("2001:db8:ff::2", "ve0", weight: 5).best,
    Route("2001:db8:c2::/48", .staticDevice, 200, "ST", "18:34:59").via("::", "lo").best,
  ]

  @Test func `each kind of destination has its look`() {
    #expect(
      lines { listing("show route", .bird1, [("master", kinds)], to: &$0) } == """
        1007-2001:db8:c6::/48   blackhole [ST 18:34:59] * (200)$
             2001:db8:c7::/48   prohibited [ST 18:34:59] * (200)$
             2001:db8:c1::/48   multipath [ST 18:34:59] * (200)$
             ^Ivia 2001:db8:ff::1 on ve0 weight 1$
             ^Ivia 2001:db8:ff::2 on ve0 weight 5$
             2001:db8:c2::/48   dev lo [ST 18:34:59] * (200)$
        """)
    #expect(
      lines { listing("show route", .bird2, [("master4", []), ("master6", kinds), ("t", [kinds[0]])], to: &$0) } == """
        1007-Table master6:$
             2001:db8:c6::/48     blackhole [ST 18:34:59.000] * (200)$
             2001:db8:c7::/48     prohibited [ST 18:34:59.000] * (200)$
             2001:db8:c1::/48     unicast [ST 18:34:59.000] * (200)$
             ^Ivia 2001:db8:ff::1 on ve0 weight 1$
             ^Ivia 2001:db8:ff::2 on ve0 weight 5$
             2001:db8:c2::/48     unicast [ST 18:34:59.000] * (200)$
             ^Idev lo$
             $
             Table t:$
             2001:db8:c6::/48     blackhole [ST 18:34:59.000] * (200)$
        """)
  }

  @Test func `counts are of one table in 1.6, and of each and all in 2.x`() {
    #expect(
      written { listing("show route stats", .bird1, [("master", [kinds[0]])], to: &$0) }.hasSuffix("0014 1 of 1 routes for 1 networks\n"))
    #expect(
      written { listing("show route count", .bird2, [("t", kinds)], to: &$0) } == "1007-4 of 4 routes for 4 networks in table t\n0000 \n")
    #expect(
      lines { listing("show route stats", .bird2, [("a", [kinds[0]]), ("b", [kinds[1]])], to: &$0) } == """
        1007-Table a:$
             2001:db8:c6::/48     blackhole [ST 18:34:59.000] * (200)$
             1 of 1 routes for 1 networks in table a$
             $
             Table b:$
             2001:db8:c7::/48     prohibited [ST 18:34:59.000] * (200)$
             1 of 1 routes for 1 networks in table b$
             $
        0014 Total: 2 of 2 routes for 2 networks in 2 tables$
        """)
  }

  @Test(arguments: [CLIFormat.bird1, .bird2])
  func `a link-local next hop alone stands behind the place of the global one`(_ format: CLIFormat) {
    func nextHop(_ addresses: [String]) -> Substring? {
      let route = Route("2001:db8:b1::/48", .bgp, 100, "B", "10:00:00").via("fe80::b", "eth0")
        .bgp([65002], .igp, from: "fe80::b", nextHop: addresses)
      let text = lines { reply in
        var query = RouteQuery()
        query.detail = .all
        var listing = RouteListing(query, look(format))
        listing.table("master6", [route], to: &reply)
        listing.finish(to: &reply)
      }
      return text.split(separator: "\n").first { $0.contains("BGP.next_hop") }?.split(separator: "BGP.next_hop: ").last
    }
    #expect(nextHop(["fe80::b"]) == ":: fe80::b$")
    #expect(nextHop(["2001:db8::b", "fe80::b"]) == "2001:db8::b fe80::b$")
    #expect(nextHop(["2001:db8::b"]) == "2001:db8::b$")
  }

  @Test func `all attributes are shown in the order of their keys`() {
    var route = Route("2001:db8:b1::/48", .bgp, 100, "B", "10:00:00").via("fe80::1", "eth0")
      .bgp([65002, 65001], .incomplete, from: "2001:db8::1", nextHop: ["2001:db8::1", "::"])
    route.view.header.flags.formUnion([.hasMED, .stale])
    route.view.header.med = 7
    route.view.isBest = true
    route.view.kernelError = "No buffer space available"
    route.view.resolution = .metric(20)
    route.attributes.set(.asPath, segment(2, [65002]) + segment(1, [1, 2]) + segment(3, [3]) + segment(4, [4]))
    route.attributes.set(.atomicAggregate, [])
    route.attributes.set(.aggregator, [0, 0, 0xfd, 0xe9, 10, 0, 0, 1])
    route.attributes.set(.communities, [0, 1, 0, 2, 0xff, 0xff, 0xff, 1])
    route.attributes.set(.originatorID, [1, 0, 0, 1])
    route.attributes.set(.clusterList, [1, 0, 0, 1, 1, 0, 0, 2])
    route.attributes.set(
      .extendedCommunities, [0, 2, 0, 1, 0, 0, 0, 2, 1, 3, 10, 0, 0, 1, 0, 5, 2, 9, 0, 1, 0, 0, 0, 3, 6, 0, 0, 1, 0, 0, 0, 2])
    route.attributes.set(.largeCommunities, [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3])
    route.attributes.set(AttributeKey(.bgp, 0x63), flags: 0xc0, [1, 0xab])
    route.attributes.set(.kernelMetric, u32: 44)
    route.attributes.set(AttributeKey(.custom, 0), [0, 0, 0, 7])
    let text = lines { reply in
      var query = RouteQuery()
      query.detail = .all
      var listing = RouteListing(query, look(.bird2), customAttributes: [.init(name: "myattr", kind: .integer)])
      listing.table("master6", [route], to: &reply)
      listing.finish(to: &reply)
    }
    #expect(
      text == """
        1007-Table master6:$
             2001:db8:b1::/48     unicast [B 10:00:00.000 from 2001:db8::1] ! (100s/20) [?]$
             ^Ivia fe80::1 on eth0$
        1008-^IType: BGP univ$
             ^IKernel error: No buffer space available$
        1012-^IBGP.origin: Incomplete$
             ^IBGP.as_path: 65002 {1 2} (3) ({4})$
             ^IBGP.next_hop: 2001:db8::1$
             ^IBGP.med: 7$
             ^IBGP.local_pref: 100$
             ^IBGP.atomic_aggr: $
             ^IBGP.aggregator: 10.0.0.1 AS65001$
             ^IBGP.community: (1,2) (65535,65281)$
             ^IBGP.originator_id: 1.0.0.1$
             ^IBGP.cluster_list: 1.0.0.1 1.0.0.2$
             ^IBGP.ext_community: (rt, 1, 2) (ro, 10.0.0.1, 5) (unknown 0x209, 65536, 3) (generic, 0x6000001, 0x2)$
             ^IBGP.large_community: (1, 2, 3)$
             ^IBGP.63 [t]: 01 ab$
             ^IKernel.metric: 44$
             ^Imyattr: 7$
        """)
  }

  @Test func `long lists go on in further lines, and none overflows`() {
    var route = Route("2001:db8::/32", .bgp, 100, "B", "10:00:00").via("fe80::1", "eth0").bgp([], .igp, from: "fe80::1")
    route.attributes.set(.asPath, segment(2, [UInt32](repeating: 4_200_000_000, count: 200)))
    route.attributes.set(.communities, [UInt8](repeating: 0xff, count: 4 * 300))
    let wire = written { listing("show route all", .bird1, [("master", [route])], to: &$0) }
    let long = wire.split(separator: "\n")
    #expect(!wire.contains("overflow"))
    #expect(long.allSatisfy { $0.utf8.count <= 510 })
    #expect(long.filter { $0.contains("\t\t") }.count >= 10)
    #expect(wire.split { !$0.isNumber }.count { $0 == "4200000000" } == 201)  // the last AS is in the first line too
    #expect(wire.split { " \n\t".contains($0) }.count { $0 == "(65535,65535)" } == 300)
  }

  @Test func `segments of a path stand in brackets, in 1_6 with blanks, and the mark of RFC 9234 has its name in 2`() {
    var route = Route("2001:db8::/32", .bgp, 100, "B", "10:00:00").via("fe80::1", "eth0").bgp([], .igp, from: "fe80::1")
    route.attributes.set(.asPath, segment(2, [65001]) + segment(1, [1, 2]) + segment(3, [3, 4]) + segment(4, [5]))
    route.attributes.set(.onlyToCustomer, flags: 0xc0, u32: 65001)
    let old = written { listing("show route all", .bird1, [("master", [route])], to: &$0) }
    #expect(old.contains("BGP.as_path: 65001 { 1 2 } ( 3 4 ) ({ 5 })\n") && old.contains("BGP.23 [t]: 00 00 fd e9\n"))
    let new = written { listing("show route all", .bird2, [("master6", [route])], to: &$0) }
    #expect(new.contains("BGP.as_path: 65001 {1 2} (3 4) ({5})\n") && new.contains("BGP.otc: 65001\n"))
  }

  @Test func `static routes say what is dormant`() {
    let gateway = Snapshot.StaticRoute.Hop(gateway: address("fe80::1"), interface: "lo", .dormant)
    let routes: [Snapshot.StaticRoute] = [
      .init(prefix: prefix("2001:db8:c2::/48"), target: .hops([.init(interface: "lo")])),
      .init(prefix: prefix("2001:db8:c3::/48"), target: .hops([gateway])),
      .init(prefix: prefix("2001:db8:c5::/48"), target: .recursive(address("2001:db8::1"))),
      .init(
        prefix: prefix("2001:db8:c8::/48"),
        target: .hops([
          .init(gateway: address("2001:db8::1"), weight: 5, .dormant), .init(gateway: address("2001:db8::2"), .onLink),
        ])),
    ]
    #expect(
      lines { look(.bird1).write([routes], to: &$0) } == """
        1009-2001:db8:c2::/48 dev lo$
             2001:db8:c3::/48 via fe80::1%lo (dormant)$
             2001:db8:c5::/48 recursive 2001:db8::1$
             2001:db8:c8::/48 multipath$
             ^Ivia 2001:db8::1 weight 5 (dormant)$
             ^Ivia 2001:db8::2 weight 1$
        """)
    #expect(
      lines {
        look(.bird2).write([routes, [.init(prefix: prefix("10.0.0.0/8"), target: .blackhole)]], to: &$0)
      }
        == """
        1009-2001:db8:c2::/48$
             ^Idev lo$
             2001:db8:c3::/48$
             ^Ivia fe80::1%lo (dormant)$
             2001:db8:c5::/48^Irecursive 2001:db8::1$
             2001:db8:c8::/48$
             ^Ivia 2001:db8::1 (dormant)$
             ^Ivia 2001:db8::2 onlink$
             $
             10.0.0.0/8^Iblackhole$
        """)
  }

  @Test func `areas show their kind and networks`() {
    var shown = area("0.0.0.1", .nssa, interfaces: 0, neighbors: 0, adjacent: 0)
    shown.isTranslating = true
    shown.networks = [.init(prefix: prefix("2001:db8:1::/48"), isHidden: false, isActive: false)]
    shown.externalNetworks = [.init(prefix: prefix("2001:db8:3::/48"), isHidden: true, isActive: true)]
    let text = lines { look(.bird1).write([Snapshot.OSPFInstance("P", instance(lsaCount: 17, [shown]))], to: &$0) }
    #expect(
      text.hasSuffix(
        """
             ^IArea: 0.0.0.1 (1) $
             ^I^IStub:^INo$
             ^I^INSSA:^IYes$
             ^I^ITransit:^INo$
             ^I^INSSA translation:^IYes$
             ^I^INumber of interfaces:^I0$
             ^I^INumber of neighbors:^I0$
             ^I^INumber of adjacent neighbors:^I0$
             ^I^IArea networks:$
             ^I^I^I                           2001:db8:1::/48^IAdvertise^I$
             ^I^IArea external networks:$
             ^I^I^I                           2001:db8:3::/48^IHidden^IActive$
        """))
  }

  @Test func `interfaces of networks without multicast tell of strictness, those with polls of their interval`() {
    func text(_ type: NetworkType, isStrict: Bool) -> String {
      var view = ospfInterface("wg0", type, area: "0.0.0.0", .waiting)
      view.isStrict = isStrict
      return lines { look(.bird2).write([Snapshot.OSPFInterfaces("O", hasECMP: false, [view])], to: &$0) }
    }
    #expect(text(.nonBroadcast, isStrict: false).contains("Type: nbma$"))
    #expect(text(.nonBroadcast, isStrict: true).contains("Type: nbma (strict)$"))
    #expect(text(.nonBroadcast, isStrict: true).contains("Hello timer: 10$\n     ^IPoll timer: 20$\n     ^IWait timer: 40$"))
    #expect(text(.nonBroadcast, isStrict: true).contains("Designated router (ID)"))
    #expect(text(.pointToMultipoint, isStrict: false).contains("Type: ptmp$"))
    #expect(text(.pointToMultipoint, isStrict: true).contains("Type: ptmp (strict)$"))
    #expect(!text(.pointToMultipoint, isStrict: true).contains("Designated router (ID)"))
  }

  @Test func `times older than the limit are shown by their day`() {
    let time = at("16:09:45.123").time
    #expect(TimeFormat.isoShort.text(Timestamp(time, age: .seconds(20 * 3600 - 1))) == "16:09:45")
    #expect(TimeFormat.isoShort.text(Timestamp(time, age: .seconds(20 * 3600))) == "2026-11-22")
    #expect(TimeFormat.isoLongMilliseconds.text(Timestamp(time, age: .seconds(1 << 40))) == "2026-11-22 16:09:45.123")
    #expect(TimeFormat.isoShortMicroseconds.text(Timestamp(time)) == "16:09:45.123000")
    #expect(
      TimeFormat("%a %A %b %B %j %I %p %e %y %u %w %s %z %% %Q %").text(Timestamp(time))
        == "Sun Sunday Nov November 326 04 PM 22 26 7 0 1795363785 +0000 % %Q %")
  }

  @Test func `configure reports each error of a file`() {
    let text = written { reply in
      ConfigureOutcome.writeReading("f", to: &reply)
      ConfigureOutcome.failed(["f:1:2 a", "f:3:4 b"]).write(to: &reply)
    }
    #expect(text == "0002-Reading configuration from f\n8002-f:1:2 a\n8002 f:3:4 b\n")
  }
}
