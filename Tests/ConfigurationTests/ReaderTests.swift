import BGP
import OSPFv3
import RouteCore
import Testing

@testable import Configuration

@Suite struct ReaderTests {
  @Test func `a log file may have a limit`() throws {
    let result = try configuration(
      """
      define size = 5000;
      log "a" 1000 "a.old" all;
      log "b" size "b.old" { error };
      log "c" (2 * size) "c.old" all;
      log "d" 0 "d.old" all;
      log "e" { error };
      protocol device { }
      """)
    #expect(
      result.logTargets.map { $0.destination } == [
        .file("a", limit: .init(size: 1000, backup: "a.old")), .file("b", limit: .init(size: 5000, backup: "b.old")),
        .file("c", limit: .init(size: 10000, backup: "c.old")), .file("d"), .file("e"),
      ])
  }

  @Test func `mrtdump of a protocol, or of all that follow`() throws {
    let text = """
      router id 1.1.1.1;
      protocol direct A { }
      mrtdump "/var/log/mrt";
      mrtdump protocols { states, messages };
      protocol direct B { }
      protocol direct C { mrtdump { messages }; }
      protocol direct D { mrtdump off; }
      """
    let result = try configuration(text)
    #expect(result.mrtdumpFile == "/var/log/mrt")
    #expect(result.protocols.map(\.mrtdump) == [[], .all, .messages, []])
  }

  @Test func `a 1.6 file becomes the typed configuration it means`() throws {
    let result = try configuration(bird1Sample)
    #expect(result.dialect == .bird1(.ipv6))
    #expect(result.logTargets.map(\.destination) == [.file("/var/log/bird.log"), .syslog(name: "bird6")])
    #expect(result.logTargets.map(\.classes) == [[.warning, .error, .fatal, .bug], .all])
    #expect(result.routerID == .explicit(RouterID(rawValue: 0xc000_0201)))
    #expect(result.debugCommands == 2)
    #expect(result.bgpListener == BGPListener(address: IPAddress("2001:db8::1"), port: 1790, dual: true))
    #expect(result.timeFormats.route == .custom(recent: "%T", limit: 72000, older: "%F"))
    #expect(result.timeFormats.log == .oldLong && result.timeFormats.base == .isoLong(.none))
    #expect(result.tables.map(\.name) == ["master", "other", "third"])
    #expect(result.tables.map(\.sorted) == [false, false, true])
    #expect(result.protocols.map(\.name) == ["device1", "direct1", "kernel1", "K2", "ST", "pipe1", "O", "E1", "I1", "F1", "F2", "L1"])
    #expect(result.protocols.allSatisfy { $0.debug == ($0.name == "E1" ? .all : [.states, .events]) })
    #expect(result.symbols.contains(SymbolListing(name: "AS_LOCAL", kind: .constant)))
    #expect(result.symbols.contains(SymbolListing(name: "peers", kind: .template)))
    #expect(result.symbols.first == SymbolListing(name: "master", kind: .table))
  }

  @Test func `device, direct, kernel, static and pipe options arrive`() throws {
    let result = try configuration(bird1Sample)
    guard case .device(let device) = result.protocols[0].specification, case .direct(let direct) = result.protocols[1].specification,
      case .kernel(let kernel) = result.protocols[2].specification, case .static(let routes) = result.protocols[4].specification,
      case .pipe(let pipe) = result.protocols[5].specification
    else { return #expect(Bool(false)) }
    #expect(device.scanTime == 10 && device.preferred.map(\.prefix.description) == ["2001:db8::/64"])
    #expect(direct.checkLink && direct.interfaces?.nodes.count == 3)
    #expect(direct.interfaces?.matches(name: "eth1") == true && direct.interfaces?.matches(name: "eth9") == true, "the first match decides")
    #expect(
      kernel
        == KernelConfiguration(persist: true, scanTime: 20, learn: true, mergePathsLimit: 8, table: 100, metric: 7, deviceRoutes: true))
    #expect(result.protocols[4].channels.map(\.preference) == [201])
    let gateway = try #require(IPAddress("2001:db8::2"))
    #expect(
      routes.routes.map(\.destination) == [
        .nextHops([StaticNextHop(gateway: gateway)]), .nextHops([StaticNextHop(gateway: .unspecified, interface: "eth0")]),
        .nextHops([StaticNextHop(gateway: try #require(IPAddress("fe80::1")), interface: "eth1")]),
        .recursive(try #require(IPAddress("2001:db8::1")), LabelStack()),
        .nextHops([
          StaticNextHop(gateway: gateway, weight: 3), StaticNextHop(gateway: try #require(IPAddress("2001:db8::3")), interface: "eth2"),
        ]),
        .blackhole, .unreachable, .prohibit, .blackhole,
      ])
    #expect(pipe == PipeConfiguration(peerTable: "third", opaque: true))
    #expect(result.protocols[5].channels.map(\.table) == ["other"])
  }

  @Test(arguments: ["protocol ospf {", "protocol ospf v3 {"])
  func `virtual links arrive`(head: String) throws {
    let text =
      "\(head) area 2 { }; area 1 { virtual link 0.0.0.5; virtual link 6 instance 255 { hello 5; dead 25; dead count 3; wait 12; "
      + "retransmit 4; transmit delay 2; authentication none; }; }; }"
    let result = try configuration("router id 1.1.1.1; \(text)", [:], .init(dialect: head.contains("v3") ? .bird2 : .bird1(.ipv6)))
    guard case .ospf(let ospf) = try #require(result.protocols.first).specification else { return }
    var options = InterfaceOptions()
    options.instanceID = 255
    options.helloInterval = 5
    options.deadInterval = 25
    options.deadCount = 3
    options.waitInterval = 12
    options.retransmitInterval = 4
    options.transmitDelay = 2
    #expect(
      ospf.instance.areas.map(\.virtualLinks) == [
        [], [.init(peer: RouterID(rawValue: 5)), .init(peer: RouterID(rawValue: 6), options: options)],
      ])
  }

  @Test func `OSPF options arrive, and the protocol's own router ID wins`() throws {
    guard case .ospf(let ospf) = try #require(configuration(bird1Sample).protocolInstance(named: "O")).specification else { return }
    var expected = InstanceConfiguration(routerID: RouterID(rawValue: 0xc000_0209))
    expected.instanceID = 3
    expected.ecmp = true
    expected.ecmpLimit = 4
    expected.mergeExternal = true
    expected.rfc1583Compatibility = true
    expected.stubRouter = true
    expected.tick = 2
    expected.isASBoundaryRouter = true
    var area = AreaConfiguration(id: RouterID(rawValue: 1))
    area.stubNetworks = [.init(prefix: try #require(Prefix("2001:db8:aa::/64")), hidden: true, summary: true, cost: 5)]
    area.networks = [
      .init(prefix: try #require(Prefix("2001:db8:10::/48"))), .init(prefix: try #require(Prefix("2001:db8:11::/48")), hidden: true),
    ]
    var options = InterfaceOptions()
    options.instanceID = 5
    options.cost = 20
    options.helloInterval = 5
    options.deadInterval = 25
    options.deadCount = 3
    options.waitInterval = 12
    options.retransmitInterval = 4
    options.transmitDelay = 2
    options.priority = 7
    options.type = .pointToPoint
    options.checkLink = true
    options.ecmpWeight = 9
    options.linkLSASuppression = true
    options.receiveBuffer = .large
    options.transmitClass = 0xc0
    options.transmitPriority = 6
    options.transmitLength = 1400
    options.ttlSecurity = .transmitOnly
    options.pollInterval = 9
    options.strictNonBroadcast = true
    options.neighbors = [
      .init(address: try #require(IPAddress("fe80::1"))), .init(address: try #require(IPAddress("fe80::2")), isEligible: true),
      .init(address: try #require(IPAddress("2001:db8::3"))),
    ]
    area.interfaces = [.init(pattern: InterfacePattern([.init(name: "eth0"), .init(name: "eth1")]), options: options)]
    expected.areas = [area]
    #expect(ospf == OSPFConfiguration(version: .v3, instance: expected))
  }

  @Test(
    arguments: [
      ("nonbroadcast", .nonBroadcast), ("nbma", .nonBroadcast), ("pointomultipoint", .pointToMultipoint), ("ptmp", .pointToMultipoint),
      ("broadcast", .broadcast), ("bcast", .broadcast), ("pointopoint", .pointToPoint), ("ptp", .pointToPoint),
    ] as [(String, NetworkType)])
  func `OSPF types of networks`(word: String, type: NetworkType) throws {
    let text = "router id 1.1.1.1; protocol ospf v3 O { area 0 { interface \"a\" { type \(word); }; }; }"
    guard case .ospf(let ospf) = try #require(configuration(text).protocols.first).specification else { return }
    #expect(ospf.instance.areas.first?.interfaces.first?.options.type == type)
    #expect(ospf.instance.problems == [])
  }

  @Test func `what only OSPFv2 has is read for it`() throws {
    let options = "real broadcast; ptp netmask no; ptp address yes; neighbors { 10.0.0.1 eligible; };"
    let text = "router id 1.1.1.1; protocol ospf v2 O { area 0 { interface \"a\" { \(options) }; }; }"
    guard case .ospf(let ospf) = try #require(configuration(text).protocols.first).specification else { return }
    #expect(ospf.version == .v2)
    #expect(ospf.instance.areas.first?.interfaces.first?.options.neighbors.map(\.isEligible) == [true])
  }

  @Test func `BGP options arrive, also through templates`() throws {
    let result = try configuration(bird1Sample)
    let external = try #require(result.protocolInstance(named: "E1"))
    guard case .bgp(let peer) = external.specification,
      case .bgp(let reflected) = try #require(result.protocolInstance(named: "I1")).specification,
      case .bgp(let local) = try #require(result.protocolInstance(named: "L1")).specification
    else { return #expect(Bool(false)) }
    #expect(external.disabled && external.description == "upstream")
    #expect(peer.localAS == 65001 && peer.neighborAS == .number(65002) && peer.holdTime == 30 && peer.keepaliveTime == 9)
    #expect(peer.errorWaitMinimum == .seconds(5) && peer.errorWaitMaximum == .seconds(50) && peer.errorForgetTime == .seconds(60))
    #expect(peer.connectDelayTime == .seconds(1) && peer.connectRetryTime == .seconds(20) && peer.startupHoldTime == 40)
    #expect(peer.password == "secret" && peer.passive && peer.ttlSecurity && !peer.interpretCommunities && peer.disableAfterError)
    #expect(!peer.enableRouteRefresh && !peer.enableAS4 && peer.defaultMED == 5 && peer.defaultLocalPref == 50)
    #expect(!peer.decision.pathMetric && peer.routerID.description == "192.0.2.1")
    #expect(peer.ipv6?.nextHopSelf == .yes && peer.ipv6?.missingLinkLocal == .drop && peer.ipv4 == nil)
    let channel = try #require(external.channels.first)
    #expect(channel.preference == 160 && channel.keepFiltered && channel.importLimit == RouteLimit(count: 1000, action: .restart))
    #expect(channel.receiveLimit == RouteLimit(count: 2000) && channel.exportLimit == RouteLimit(count: 10, action: .warn))
    #expect(reflected.isInternal && reflected.routeReflectorClient && reflected.clusterID?.description == "1.2.3.4")
    #expect(reflected.reach == .multihop(5) && reflected.localAddress == IPAddress("2001:db8::1"))
    #expect(reflected.disableAfterCease == [.prefixLimitHit, .outOfResources] && !reflected.ttlSecurity)
    #expect(reflected.ipv6?.gateway == .recursive && reflected.ipv6?.igpTable == "other")
    #expect(local.interface == "eth0" && local.neighborPort == 1179 && local.allowLocalAS == .max)
  }

  @Test func `a 2 file becomes the same typed configuration, with channels`() throws {
    let result = try configuration(bird2Sample)
    #expect(result.dialect == .bird2)
    #expect(result.tables.map(\.name) == ["master4", "master6", "t4", "t6", "t7"])
    #expect(result.tables.map(\.sorted) == [false, false, false, true, true])
    #expect(result.timeFormats.base == .isoLong(.microseconds) && result.timeFormats.log == .isoLong(.milliseconds))
    guard case .interfaces(let pattern) = result.routerID else { return #expect(Bool(false)) }
    #expect(pattern.nodes.count == 2)
    #expect(
      result.protocols.map { "\($0.name) " + $0.channels.map { "\($0.family):\($0.table)" }.joined(separator: " ") } == [
        "device1 ", "direct1 ipv4:master4 ipv6:master6", "kernel1 ipv4:master4", "k6 ipv6:t6", "s4 ipv4:master4", "pipe1 ipv6:t6",
        "o6 ipv6:master6", "o4 ipv4:master4", "f1 ipv4:master4", "b1 ipv4:master4 ipv6:master6", "b2 ipv4:master4",
      ])
    guard case .static(let routes) = result.protocols[4].specification, case .kernel(let kernel) = result.protocols[3].specification,
      case .ospf(let v3) = result.protocols[6].specification, case .ospf(let v2) = result.protocols[7].specification,
      case .bgp(let b1) = result.protocols[9].specification, case .bgp(let b2) = result.protocols[10].specification
    else { return #expect(Bool(false)) }
    #expect(routes.routes.map(\.prefix.description) == ["10.0.0.0/8", "192.0.2.128/25"])
    #expect(kernel.metric == 0 && kernel.mergePathsLimit == 16)
    #expect(v3.version == .v3 && v3.instance.ecmp && !v3.instance.isASBoundaryRouter && v2.version == .v2)
    #expect(v3.instance.areas.first?.interfaces.first?.options.checkLink == true, "the default of 2.x")
    #expect(b1.localPort == 179 && b1.neighborPort == 1790 && b1.ipv4?.nextHopSelf == .ebgp)
    #expect(b1.ipv6?.nextHopAddress == IPAddress("2001:db8::1"))
    #expect(b2.neighborAS == .internal && b2.strictBind && b2.minHoldTime == 3 && b2.isInternal)
    let channel = try #require(result.protocols[10].channels.first)
    #expect(channel.preference == 120)
    if case .none = channel.importPolicy {} else { Issue.record("the protocol's own policy wins over the template's") }
  }

  @Test func `roles, confederations and next hops of the other family arrive`() throws {
    let result = try configuration(
      """
      hostname "rox"; ipv6 table t6;
      protocol bgp B {
        local as 65001; neighbor 2001:db8::2 as 65002; allow as sets no; free bind yes; advertise hostname; confederation 65100;
        confederation member yes; require roles; local role rs_client;
        ipv4 { mandatory; cost 7; extended next hop yes; igp table t6; igp table master4; next hop prefer global; };
      }
      protocol bgp C {
        local as 65001; neighbor 2001:db8::3 as 65003; confederation 0; local role provider; ipv6 { import all; export all; };
      }
      """)
    guard case .bgp(let b) = result.protocols[0].specification, case .bgp(let c) = result.protocols[1].specification else {
      return #expect(Bool(false))
    }
    #expect(result.hostname == "rox" && !b.allowASSets && b.freeBind && b.advertiseHostname && b.requireRoles)
    #expect(b.confederation == 65100 && b.confederationMember && b.isInterior && b.localRole == .routeServerClient)
    let ipv4 = try #require(b.ipv4)
    #expect(ipv4.mandatory && ipv4.cost == 7 && ipv4.extendedNextHop && ipv4.prefersGlobalNextHop)
    #expect(ipv4.igpTable == "master4" && ipv4.otherIGPTable == "t6")
    // One table of each family is no repetition, two of one are.
    func warnings(_ options: String) -> Int {
      read(
        "router id 1.1.1.1; ipv6 table t6; protocol bgp { local as 1; neighbor ::2 as 1; ipv4 { extended next hop; \(options) }; }", [:]
      ).diagnostics.count
    }
    #expect(warnings("igp table t6; igp table master4;") == 0 && warnings("igp table t6; igp table master6;") == 1)
    func staticWarnings(_ options: String) -> Int {
      read("ipv6 table t6; protocol static { ipv4; \(options) route 10.0.0.0/8 recursive ::2; }").diagnostics.count
    }
    #expect(staticWarnings("igp table t6; igp table master4;") == 0 && staticWarnings("igp table t6; igp table master6;") == 1)
    #expect(c.confederation == nil && c.localRole == .provider && c.allowASSets && !c.isInterior)
  }

  @Test(
    arguments: [
      ("local as 1; neighbor ::2 as 1; local role peer; ipv6;", "Local role cannot be set on IBGP sessions"),
      ("local as 1; neighbor ::2 as 2; require roles; ipv6 { import all; export all; };", "Local role must be set if roles are required"),
      ("local as 1; neighbor ::2 as 2; confederation member; ipv6;", "Confederation ID must be set for member sessions"),
      ("local as 1; neighbor ::2 as 1; ipv6 { cost 0; };", "'cost' must be in range 1-4294967295"),
      ("local as 1; neighbor ::2 as 1; ipv6 { igp table master4; };", "'master4' is an ipv4 table, expected an ipv6 table"),
      ("local as 1; neighbor ::2 as 1; local role foo; ipv6;", "expected 'peer', 'provider', 'customer', 'rs_server' or 'rs_client'"),
    ] as [(String, String)])
  func `what of these cannot be is said`(text: String, message: String) {
    let found = read("router id 1.1.1.1; protocol bgp { \(text) }", [:]).errors
    #expect(found.count == 1 && found.first?.message.hasSuffix(message) == true, "\(found.map(\.message))")
  }

  @Test(arguments: [
    ("protocol device {}", Dialect.bird2), ("table x;", .bird1(.ipv4)), ("ipv6 table x;", .bird2),
    ("router id 1.1.1.1; protocol static { route 10.0.0.0/8 blackhole; }", .bird1(.ipv4)),
    ("router id 1.1.1.1; protocol static { route 2001:db8::/32 blackhole; }", .bird1(.ipv6)),
    ("router id 1.1.1.1; protocol kernel { export all; }", .bird1(.ipv6)),
    ("router id 1.1.1.1; protocol ospf X { export all; area 0.0.0.1 { interface \"*\"; }; }", .bird1(.ipv6)),
    ("protocol bgp { local as 1; neighbor 192.0.2.1 as 1; }", .bird1(.ipv4)),
    ("protocol bgp { local as 1; neighbor 192.0.2.1 as 1; ipv4; }", .bird2), ("protocol pipe { import all; }", .bird2),
    ("protocol ospf v2 X { area 0 {}; }", .bird2), ("include \"other\";\nprotocol device {}", .bird2),
  ]) func `the dialect is found from the text`(text: String, dialect: Dialect) {
    var lexer = Lexer(provider: MemorySources(["a": text, "other": "ipv4 table t;"]))
    lexer.tokenize("a")
    #expect(DialectDetection(tokens: lexer.tokens, sources: lexer.sources, family: nil).dialect == dialect)
  }

  @Test(
    arguments: [
      ("/etc/bird.conf", "protocol kernel { export all; }", .ipv4), ("/etc/bird6.conf", "protocol kernel { export all; }", .ipv6),
      ("/etc/bird.conf", "router id 192.0.2.1; protocol kernel { export all; }", .ipv6),
      ("/etc/bird.conf", "protocol ospf { router id 192.0.2.1; export all; area 0 { interface \"eth0\"; }; }", .ipv4),
      ("/etc/bird.conf", "protocol static { export all; route 10.0.0.0/8 blackhole; } router id 192.0.2.1;", .ipv4),
    ] as [(String, String, AddressFamily)])
  func `without an address a 1.6 file is for IPv6, unless it has no router ID and is not called bird6`(
    path: String, text: String, family: AddressFamily
  ) {
    let result = ConfigurationReader.read(file: path, provider: MemorySources([path: text]), options: .init())
    if let read = result.configuration { #expect(read.dialect == .bird1(family)) } else { #expect(path == "/etc/bird6.conf") }
  }

  @Test func `a function that decides itself may stand behind where, as in many configurations of BIRD`() {
    let function = "function decide(int a) { if net.len > a then reject; accept; }"
    #expect(read("\(function) protocol kernel { ipv4 { import where decide(24); }; }").diagnostics.isEmpty)
    #expect(read("\(function) protocol kernel { import where decide(24); }", [:], .init(family: .ipv4)).diagnostics.isEmpty)
    #expect(!read("function f() { print net; } protocol kernel { ipv4 { import where f(); }; }").errors.isEmpty)
  }

  @Test func `the dialect can be forced, and with -4 a 1.6 file is one for IPv4`() throws {
    let text = "router id 1.1.1.1; protocol kernel { export all; }"
    #expect(try configuration(text, [:], .init(family: .ipv4)).protocols.first?.channels.map(\.family) == [.ipv4])
    #expect(read(text, [:], .init(dialect: .bird2)).errors.count == 1)
    #expect(try configuration("protocol device {}", [:], .init(dialect: .bird1(.ipv4))).tables.map(\.name) == ["master"])
  }

  @Test func `names of iproute2 are constants, wherever a number may stand`() throws {
    let files = ["/etc/iproute2/rt_tables": "# comment\n255\tlocal\n0x64 my-table # mine\nbroken line\n"]
    let result = try configuration("router id 1.1.1.1; protocol kernel { export all; kernel table ipt_my_table; }", files)
    guard case .kernel(let kernel) = try #require(result.protocols.first).specification else { return }
    #expect(kernel.table == 100)
  }

  @Test func `generated names take the first free number`() throws {
    let text = "router id 1.1.1.1; protocol direct direct2 { import all; } protocol direct {} protocol direct {}"
    #expect(try configuration(text).protocols.map(\.name) == ["direct2", "direct1", "direct3"])
  }
}
