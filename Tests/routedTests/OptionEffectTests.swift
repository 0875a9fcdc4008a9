import BGP
import RouteCore
import Testing

@testable import Configuration
@testable import routed

/// What `configure check` says of each option of each protocol is what `configure` does.
@Suite struct OptionEffectTests {
  /// One option that is changed. What both sides have stands in `base`; `from` becomes `to`.
  struct Sample {
    /// A kind of protocol, and the block in it: `bgp`, `bgp channel`, `ospf interface`.
    var place: String
    var option: String
    var from = ""
    var to: String
    var base = ""
    var dialect = Dialect.bird2

    init(_ place: String, _ option: String, _ to: String, from: String = "", base: String = "", _ dialect: Dialect = .bird2) {
      self.place = place
      self.option = option
      self.to = to
      self.from = from
      self.base = base
      self.dialect = dialect
    }

    /// With a value of its own.
    static func value(_ place: String, _ option: String, _ value: String, base: String = "") -> Sample {
      Sample(place, option, "\(option) \(value);", base: base)
    }

    var kind: String { String(place.prefix { $0 != " " }) }
  }

  // MARK: The options

  private static let common: [(String, String)] = [
    ("disabled", ""), ("debug", "all"), ("description", "\"x\""), ("router id", "10.9.9.9"), ("vrf", "default"),
    ("mrtdump", "{ messages }"),
  ]

  private static let channel: [(String, String)] = [
    ("import", "where net.len > 3"), ("export", "where net.len > 3"), ("receive limit", "5"), ("import limit", "5"), ("export limit", "5"),
    ("import keep filtered", ""), ("preference", "7"), ("table", "OTHER"), ("debug", "all"), ("rpki reload", "no"),
  ]

  private static func values(_ place: String, _ options: [(String, String)], base: String = "") -> [Sample] {
    options.map { .value(place, $0, $1, base: base) }
  }

  private static let small =
    [
      .value("device", "scan time", "7"), Sample("device", "interface", "interface \"x\" { preferred 10.0.0.1; };"),
      Sample("device", "primary", "primary 10.0.0.1;", .bird1(.ipv4)), .value("direct", "interface", "\"x\""),
      .value("direct", "check link", ""), Sample("kernel", "device routes", "device routes;", .bird1(.ipv4)),
      .value("static", "check link", ""), .value("static", "igp table", "OTHER"), .value("static", "route", "10.1.0.0/16 prohibit"),
      .value("pipe", "peer table", "OTHER"), .value("pipe", "table", "OTHER"), Sample("pipe", "mode", "mode opaque;", .bird1(.ipv4)),
      .value("bfd", "interface", "\"y\""), Sample("bfd", "multihop", "multihop { passive; };"), .value("bfd", "neighbor", "192.0.2.7"),
      .value("bfd", "accept", "ipv4"), .value("bfd", "strict bind", "no"),
      Sample("bfd interface", "authentication", "authentication keyed md5;", from: "authentication simple;", base: "password \"x\";"),
      Sample("bfd interface", "password", "password \"x\";", from: "password \"y\";", base: "authentication simple;"),
      Sample("bfd interface", "key", "key \"x\";", from: "key \"y\";", base: "authentication simple;"),
      Sample("bfd interface", "passwords", "passwords { password \"x\"; };", from: "key \"y\";", base: "authentication simple;"),
    ]
    + values(
      "kernel",
      [
        ("persist", ""), ("scan time", "7"), ("learn", ""), ("merge paths", ""), ("kernel table", "77"), ("metric", "5"),
        ("graceful restart", ""), ("nexthop objects", "no"),
      ])
    + values(
      "bfd interface",
      [
        ("interval", "300 ms"), ("min rx interval", "300 ms"), ("min tx interval", "300 ms"), ("idle tx interval", "300 ms"),
        ("multiplier", "7"), ("passive", ""),
      ])

  private static let ospf =
    values(
      "ospf",
      [
        ("rfc1583compat", ""), ("stub router", ""), ("ecmp", "no"), ("merge external", ""), ("tick", "7"), ("instance id", "5"),
        ("rfc5838", "no"), ("graceful restart", ""), ("graceful restart time", "7"),
      ]) + [Sample("ospf", "area", "area 2 { };")]
    + values(
      "ospf area",
      [
        ("stubnet", "2001:db8:1::/48"), ("networks", "{ 2001:db8:1::/48; }"), ("stub", ""), ("default cost", "7"),
        ("virtual link", "10.7.7.7"),
        ("interface", "\"x\""),
      ])
    + values(
      "ospf area", [("default nssa", ""), ("translator", ""), ("translator stability", "7"), ("stub cost", "7")], base: "nssa; summary;")
    + [
      Sample("ospf area", "nssa", "nssa;"), Sample("ospf area", "summary", "summary;", base: "stub;"),
      Sample("ospf area", "default cost2", "default cost2 7;", base: "nssa; summary; default nssa;"),
      Sample("ospf area", "external", "external { 2001:db8:1::/48; };", base: "nssa;"),
    ] + values("ospf stubnet", [("hidden", ""), ("summary", ""), ("cost", "7")])
    + values(
      "ospf link",
      [("hello", "7"), ("retransmit", "7"), ("wait", "7"), ("dead", "77"), ("dead count", "7"), ("transmit delay", "7")])
    + values(
      "ospf interface",
      [
        ("cost", "7"), ("hello", "7"), ("poll", "7"), ("retransmit", "7"), ("wait", "7"), ("dead", "77"), ("dead count", "7"),
        ("transmit delay", "7"), ("priority", "7"), ("stub", ""), ("check link", "no"), ("ecmp weight", "7"), ("link lsa suppression", ""),
        ("tx priority", "6"), ("tx length", "777"), ("type", "ptp"), ("neighbors", "{ fe80::7; }"), ("strict nonbroadcast", ""),
        ("rx buffer", "large"), ("tx class", "8"), ("tx dscp", "8"), ("ttl security", ""), ("bfd", ""),
      ])

  private static let bgp =
    [
      Sample("bgp", "local", "local HERE port PORT as 3;"), Sample("bgp", "local", "local HERE port 1791 as 1;"),
      Sample("bgp", "neighbor", "neighbor 127.0.0.9 as 2;"), Sample("bgp", "neighbor", "neighbor 127.0.0.7 as 3;"),
      Sample("bgp", "neighbor", "neighbor 127.0.0.7 port 5 as 2;"), Sample("bgp", "neighbor", "neighbor range 127.0.0.0/8 as 2;"),
      Sample("bgp", "interface", "direct; interface \"x\";", from: "direct;"), Sample("bgp", "direct", "direct;"),
      Sample("bgp", "source address", "source address 127.0.0.8;"), Sample("bgp", "bfd", "bfd;"),
      Sample("bgp", "dynamic name", "dynamic name \"x\";", base: "neighbor range 127.0.0.0/8 as 2;"),
      Sample("bgp", "dynamic name digits", "dynamic name digits 3;", base: "neighbor range 127.0.0.0/8 as 2;"),
      Sample("bgp", "rr client", "rr client;", base: "neighbor 127.0.0.7 internal;"),
      Sample("bgp", "rr cluster id", "rr cluster id 9.9.9.9;", base: "neighbor 127.0.0.7 internal; rr client;"),
      Sample("bgp", "confederation member", "confederation member;", base: "confederation 9;"),
      Sample("bgp", "require roles", "require roles;", base: "local role peer;"),
      Sample("bgp", "check link", "check link no;", base: "direct;"),
      Sample("bgp", "strict bind", "strict bind no;"),
      Sample("bgp", "advertise ipv4", "advertise ipv4 no;", .bird1(.ipv4)), Sample("bgp", "route limit", "route limit 5;", .bird1(.ipv4)),
      Sample("bgp channel", "mandatory", "", from: "mandatory;"),
      Sample("bgp channel", "secondary", "secondary;", base: "table SORTED; gateway direct;"),
      Sample("bgp channel", "next hop prefer", "next hop prefer global;"),
    ]
    + values(
      "bgp",
      [
        ("multihop", "3"), ("passive", "no"), ("ttl security", ""), ("free bind", ""), ("password", "\"x\""), ("rs client", ""),
        ("confederation", "9"), ("local role", "peer"), ("capabilities", "no"), ("enable route refresh", "no"), ("enable as4", "no"),
        ("enable extended messages", ""), ("advertise hostname", ""), ("disable after error", ""), ("disable after cease", ""),
        ("hold time", "99"), ("startup hold time", "99"), ("min hold time", "9"), ("keepalive time", "9"), ("min keepalive time", "9"),
        ("send hold time", "999"), ("connect delay time", "9"), ("start delay time", "9"), ("connect retry time", "9"),
        ("error wait time", "9, 99"), ("error forget time", "9"), ("graceful restart", ""), ("graceful restart time", "9"),
        ("long lived graceful restart", "no"), ("long lived stale time", "9"), ("path metric", "no"), ("med metric", ""),
        ("igp metric", "no"), ("prefer older", ""), ("deterministic med", ""), ("default bgp_med", "9"), ("default bgp_local_pref", "9"),
        ("interpret communities", "no"), ("allow bgp_local_pref", ""), ("enforce first as", ""), ("allow as sets", "no"),
        ("allow local as", "3"),
      ])
    + values(
      "bgp channel",
      [
        ("next hop self", ""), ("next hop keep", ""), ("next hop address", "192.0.2.9"), ("missing lladdr", "drop"),
        ("gateway", "recursive"),
        ("igp table", "OTHER"), ("extended next hop", ""), ("mandatory", ""), ("cost", "9"), ("import table", ""), ("export table", ""),
        ("add paths", ""), ("graceful restart", ""), ("long lived graceful restart", ""), ("long lived stale time", "9"), ("aigp", ""),
        ("aigp", "originate"),
      ])
    + values(
      "bgp bfd",
      [
        ("interval", "300 ms"), ("min rx interval", "300 ms"), ("min tx interval", "300 ms"), ("idle tx interval", "300 ms"),
        ("multiplier", "7"), ("passive", ""), ("graceful", ""),
      ])

  static let samples: [Sample] = {
    var all = small + ospf + bgp
    for kind in ProtocolDescription.all {
      all += values(kind.name, common)
      if kind.channels != .none { all += values("\(kind.name) channel", channel) }
    }
    // Pipes have no such limits and keep nothing.
    all.removeAll { $0.place == "pipe channel" && ["receive limit", "import keep filtered", "table", "debug"].contains($0.option) }
    return all
  }()

  /// Those that cannot be changed: what they may say is what is done anyway.
  private static let without: Set = ["netlink rx buffer", "setkey", "vpn pe", "authentication", "secondary"]
  /// Those that do nothing in these places.
  private static func doesNothing(_ sample: Sample) -> Bool {
    switch sample.option {
    // Nobody there speaks with one.
    case "router id": !["ospf", "bgp"].contains(sample.kind)
    // Of OSPFv2.
    case "real broadcast", "ptp netmask", "ptp address": true
    default: false
    }
  }

  @Test func `every option has a sample`() {
    func check(_ options: OptionIndex, _ place: String, except: Set<String> = []) {
      for entry in options.entries where !entry.isRefused && !except.contains(entry.name) && !OptionEffectTests.without.contains(entry.name)
      {
        let sample = Sample(place, entry.name, "")
        let isKnown = OptionEffectTests.samples.contains { $0.place == place && $0.option == entry.name }
        #expect(isKnown || OptionEffectTests.doesNothing(sample), "\(place): \(entry.name)")
      }
    }
    for kind in ProtocolDescription.all {
      check(kind.options, kind.name)
      check(CommonOptions.direct.index, kind.name)
      let prohibited: Set = kind.channels == .inline ? ["receive limit", "import keep filtered", "table", "debug"] : []
      if kind.channels != .none { check(kind.channelOptions.index, "\(kind.name) channel", except: prohibited) }
    }
    check(Parser.bfdInterfaceOptions.index, "bfd interface")
    check(Parser.bfdRequestOptions.index, "bgp bfd")
    check(Parser.areaOptions.index, "ospf area")
    check(Parser.interfaceOptions.index, "ospf interface")
    check(Parser.virtualLinkOptions.index, "ospf link")
    check(Parser.stubNetworkOptions.index, "ospf stubnet")
  }

  // MARK: The configurations

  private func text(_ sample: Sample, _ statement: String, _ network: TestNetwork) -> String {
    func slot(_ block: String) -> String {
      let place = sample.place.dropFirst(sample.kind.count).trimmingPrefix(" ")
      return place == block ? sample.base + " " + statement : ""
    }
    let own = slot("")
    let isBird1 = sample.dialect.isBird1
    func channel(_ family: String = "ipv4") -> String {
      isBird1 ? "import all; export all; \(slot("channel"))" : "\(family) { import all; export all; \(slot("channel")) };"
    }
    let body: String
    switch sample.kind {
    case "device": body = own
    case "direct": body = "\(channel()) \(own)"
    case "kernel": body = "\(channel()) \(own)"
    case "static": body = "\(channel()) \(own) route 10.0.0.0/8 blackhole;"
    case "pipe": body = "table \(isBird1 ? "master" : "master4"); peer table peers; import all; export all; \(slot("channel")) \(own)"
    case "ospf":
      body = """
        \(channel("ipv6")) \(own)
        area 0 { };
        area 1 {
          interface "eth9" { \(slot("interface")) };
          stubnet 2001:db8:9::/48 { \(slot("stubnet")) };
          \(sample.place == "ospf link" ? "virtual link 10.8.8.8 { \(slot("link")) };" : "")
          \(slot("area"))
        };
        """
    case "bgp":
      let local = own.contains("local HERE") || isBird1 ? "" : "local HERE port PORT as 1;"
      let neighbor = own.contains("neighbor ") ? "" : "neighbor 127.0.0.7 as 2;"
      let bfd = sample.place == "bgp bfd" ? "bfd { \(slot("bfd")) };" : ""
      let bird1 = isBird1 ? "local as 1; source address HERE;" : "strict bind; keepalive time 30;"
      let reach = sample.option == "secondary" ? "direct" : "multihop"
      body = "\(reach); passive; \(local) \(neighbor) \(bird1) \(bfd) \(channel()) \(own)"
    case "bfd": body = "strict bind; interface \"eth9\" { \(slot("interface")) }; \(own)"
    default: body = ""
    }
    let tables =
      isBird1
      ? "table peers;"
      : "ipv4 table peers; ipv4 table u4; ipv6 table u6; ipv4 table s4 sorted; protocol bfd watcher { strict bind; accept direct; }"
    let header = "protocol \(sample.kind)\(sample.kind == "ospf" && !isBird1 ? " v3" : "") X"
    return "router id 10.255.0.1; \(sample.kind == "bfd" ? "ipv4 table u4;" : tables) \(header) { \(body) }"
      .replacing("OTHER", with: sample.kind == "ospf" ? "u6" : "u4").replacing("SORTED", with: "s4")
      .replacing("HERE", with: network.address(1)).replacing("PORT", with: "\(TestNetwork.port)")
  }

  private func read(_ text: String, _ dialect: Dialect) throws -> Configuration {
    let result = ConfigurationReader.read(
      file: "routed.conf", provider: MemorySources(["routed.conf": text]), options: .init(dialect: dialect))
    return try #require(result.configuration, "\(text)\n\(result.diagnostics.map { $0.description })")
  }

  // MARK: The comparison

  @Test func `the check tells what is done`() throws {
    let network = try TestNetwork()
    defer { network.close() }
    for sample in OptionEffectTests.samples {
      do { try check(sample, network) } catch { Issue.record(error, "\(sample.place): \(sample.option)") }
    }
  }

  private func check(_ sample: Sample, _ network: TestNetwork) throws {
    let title: Comment = "\(sample.place): \(sample.from) to \(sample.to)"
    let daemon = try network.add(text(sample, sample.from, network)).daemon
    defer { daemon.shutDown {} }
    let instance = try #require(daemon.instance("X"), title)
    // What the system does not allow a test cannot be changed either.
    guard instance.state != .down else { return }
    let since = (instance.state, instance.since)
    let new = try read(text(sample, sample.to, network), sample.dialect)
    let plan = ReconfigurationPlan(daemon, to: daemon.prepared(new))
    let step = try #require(plan.step("X"), title)
    #expect(step.action != .keep || OptionEffectTests.doesNothing(sample), title)
    if case .bgp(let before) = instance.configuration.specification, case .bgp(let after)? = new.protocolInstance(named: "X")?.specification
    {
      var prepared = after
      prepared.routerID = after.routerID.rawValue == 0 ? before.routerID : after.routerID
      let restarts = step.action == .restart && !step.reasons.contains { $0.contains("table") || $0 == "vrf" }
      #expect(before.needsNewSession(for: prepared) == (restarts || step.reasons.contains { $0.hasPrefix("igp table") }), title)
    }
    guard step.action == .adjust || step.action == .reload else { return }
    daemon.apply(new)
    #expect(daemon.instance("X") === instance && instance.state == since.0 && instance.since == since.1, title)
    #expect(ReconfigurationPlan(daemon, to: daemon.prepared(new)).lines.isEmpty, title)
    if let bgp = instance as? BGPProtocol {
      #expect(bgp.peer.configuration == BGPProtocol.peerConfiguration(bgp.configuration, daemon), title)
    }
  }
}
