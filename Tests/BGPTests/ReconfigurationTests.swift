import RouteCore
import Testing

@testable import BGP

@Suite struct ReconfigurationTests {
  private typealias Change = @Sendable (inout PeerConfiguration) -> Void

  /// Options that count from the next session or the next error on, or only rank routes.
  private static let later: [(String, Change)] = [
    ("passive", { $0.passive = true }), ("check link", { $0.checkLink = true }),
    ("hold time", { $0.holdTime = 9 }), ("min hold time", { $0.minHoldTime = 3 }), ("startup hold time", { $0.startupHoldTime = 9 }),
    ("keepalive time", { $0.keepaliveTime = 1 }), ("min keepalive time", { $0.minKeepaliveTime = 1 }),
    ("send hold time", { $0.sendHoldTime = 9 }), ("connect delay time", { $0.connectDelayTime = .seconds(1) }),
    ("connect retry time", { $0.connectRetryTime = .seconds(1) }), ("error wait time", { $0.errorWaitMinimum = .seconds(1) }),
    ("error wait time", { $0.errorWaitMaximum = .seconds(100) }), ("error forget time", { $0.errorForgetTime = .seconds(1) }),
    ("disable after error", { $0.disableAfterError = true }), ("disable after cease", { $0.disableAfterCease = .cease }),
    ("hostname", { $0.hostname = "x" }), ("decision", { $0.decision.medMetric = true }),
  ]
  /// Options that change what comes in.
  private static let inbound: [(String, Change)] = [
    ("default bgp_med", { $0.defaultMED = 1 }), ("allow local as", { $0.allowLocalAS = 1 }), ("allow as sets", { $0.allowASSets = false }),
    ("enforce first as", { $0.enforceFirstAS = true }), ("gateway", { $0.ipv6?.gateway = .recursive }),
    ("next hop prefer", { $0.ipv6?.prefersGlobalNextHop = true }), ("cost", { $0.ipv6?.cost = 1 }),
  ]
  /// Options that change what goes out.
  private static let outbound: [(String, Change)] = [
    ("rs client", { $0.routeServerClient = true }), ("interpret communities", { $0.interpretCommunities = false }),
    ("next hop self", { $0.ipv6?.nextHopSelf = .yes }), ("next hop keep", { $0.ipv6?.nextHopKeep = .yes }),
    ("next hop address", { $0.ipv6?.nextHopAddress = address("2001:db8::9") }), ("missing lladdr", { $0.ipv6?.missingLinkLocal = .drop }),
    ("aigp originate", { $0.ipv6?.originatesAIGP = true }),
  ]
  private static let both: [(String, Change)] = [
    ("rr client", { $0.routeReflectorClient = true }), ("rr cluster id", { $0.clusterID = RouterID(rawValue: 9) }),
    ("default bgp_local_pref", { $0.defaultLocalPref = 1 }), ("allow bgp_local_pref", { $0.allowLocalPref = true }),
    ("aigp", { $0.ipv6?.aigp = true }),
  ]
  /// Options that the connection or our OPEN stands on.
  private static let session: [(String, Change)] = [
    ("local", { $0.localAddress = address("2001:db8:ff::") }), ("local port", { $0.localPort = 1179 }), ("local as", { $0.localAS = 3 }),
    ("language", { $0.presetsAttributes = true }), ("router id", { $0.routerID = RouterID(rawValue: 9) }),
    ("neighbor", { $0.neighborAddress = address("2001:db8:ff::2") }), ("neighbor range", { $0.neighborRange = prefix("2001:db8::/32") }),
    ("dynamic name", { $0.dynamicName = "x" }), ("dynamic name digits", { $0.dynamicNameDigits = 3 }),
    ("neighbor port", { $0.neighborPort = 1179 }), ("neighbor as", { $0.neighborAS = .number(3) }), ("interface", { $0.interface = "x" }),
    ("multihop", { $0.reach = .multihop(2) }), ("ttl security", { $0.ttlSecurity = true }), ("strict bind", { $0.strictBind = true }),
    ("free bind", { $0.freeBind = true }), ("password", { $0.password = "x" }), ("capabilities", { $0.capabilities = .no }),
    ("enable route refresh", { $0.enableRouteRefresh = false }), ("enhanced refresh", { $0.enableEnhancedRefresh = true }),
    ("enable as4", { $0.enableAS4 = false }), ("enable extended messages", { $0.enableExtendedMessages = true }),
    ("advertise hostname", { $0.advertiseHostname = true }), ("graceful restart", { $0.gracefulRestart = .no }),
    ("graceful restart time", { $0.gracefulRestartTime = 9 }), ("long lived graceful restart", { $0.longLivedGracefulRestart = .no }),
    ("long lived stale time", { $0.longLivedStaleTime = 9 }), ("advertise ipv4", { $0.advertiseIPv4 = false }),
    ("confederation", { $0.confederation = 5 }), ("confederation member", { $0.confederationMember = true }),
    ("local role", { $0.localRole = .peer }), ("require roles", { $0.requireRoles = true }), ("a channel", { $0.ipv4 = ChannelOptions() }),
    ("extended next hop", { $0.ipv6?.extendedNextHop = true }), ("add paths rx", { $0.ipv6?.receivesPaths = true }),
    ("add paths tx", { $0.ipv6?.sendsPaths = true }), ("mandatory", { $0.ipv6?.mandatory = true }),
    ("igp table", { $0.ipv6?.igpTable = "x" }),
    ("other igp table", { $0.ipv6?.otherIGPTable = "x" }), ("graceful restart of ipv6", { $0.ipv6?.gracefulRestart = false }),
    ("long lived graceful restart of ipv6", { $0.ipv6?.longLivedGracefulRestart = false }),
    ("long lived stale time of ipv6", { $0.ipv6?.longLivedStaleTime = 9 }),
  ]

  /// What the established peer does, or nil if it needs another session.
  private func outcome(_ change: Change, remote: (inout PeerConfiguration) -> Void = { _ in }) -> [String]? {
    var bench = Bench.established(remote: remote)
    let new = configurationA(change)
    #expect(bench.peer.canReconfigure(to: new) == !configurationA().needsNewSession(for: new) || bench.peer.session?.routeRefresh == false)
    let lines = bench.reconfigure(new)
    #expect(bench.peer.configuration == (lines == nil ? configurationA() : new))
    #expect(bench.peer.session?.configuration == bench.peer.configuration)
    #expect(bench.peer.state == .established)
    return lines
  }

  @Test func `Each option is taken in place as far as it can be`() {
    for (name, change) in Self.later { #expect(outcome(change) == ["session changed"], "\(name)") }
    for (name, change) in Self.inbound { #expect(outcome(change) == ["session changed", "send out1 ROUTE-REFRESH"], "\(name)") }
    for (name, change) in Self.outbound { #expect(outcome(change) == ["announce again"], "\(name)") }
    for (name, change) in Self.both { #expect(outcome(change) == ["announce again", "send out1 ROUTE-REFRESH"], "\(name)") }
    for (name, change) in Self.session { #expect(outcome(change) == nil, "\(name)") }
    #expect(outcome({ _ in }) == [])
  }

  @Test func `The listener of a range takes another password in place, which a session cannot`() {
    var range = configurationA()
    range.neighborAddress = address("::")
    range.neighborRange = prefix("2001:db8::/32")
    for listens in [true, false] {
      var old = listens ? range : configurationA()
      old.password = "x"
      var new = old
      new.password = "y"
      #expect(old.needsNewSession(for: new) != listens)
    }
  }

  @Test func `Nothing is forgotten above`() {
    let all = Self.later + Self.inbound + Self.outbound + Self.both + Self.session
    func changed(_ value: Any, _ other: Any) -> Set<String> {
      let pairs = zip(Mirror(reflecting: value).children, Mirror(reflecting: other).children)
      return Set(pairs.compactMap { "\($0.value)" == "\($1.value)" ? nil : $0.label })
    }
    var members: Set<String> = []
    for (_, change) in all {
      members.formUnion(changed(configurationA(), configurationA(change)))
      if let new = configurationA(change).ipv6 { members.formUnion(changed(ChannelOptions(), new)) }
    }
    let labels = [configurationA(), ChannelOptions()].flatMap { Mirror(reflecting: $0 as Any).children.compactMap { $0.label } }
    #expect(members.symmetricDifference(labels).isEmpty)
  }

  @Test func `Without route refresh what comes in cannot be changed`() {
    for (name, change) in Self.inbound + Self.both {
      #expect(outcome(change, remote: { $0.enableRouteRefresh = false }) == nil, "\(name)")
    }
    for (name, change) in Self.outbound {
      #expect(outcome(change, remote: { $0.enableRouteRefresh = false }) == ["announce again"], "\(name)")
    }
  }

  @Test func `A family that is not mandatory any more asks for no new session`() {
    let old = configurationA { $0.ipv6?.mandatory = true }
    #expect(!old.needsNewSession(for: configurationA()))
  }

  @Test func `Received routes are looked at as the new configuration says`() throws {
    var bench = Bench.established()
    let update = message(
      .update,
      hex("0000 0037  40 01 01 00  40 02 0a 02 02 0000fdea 0000fde9  80 0e 23 0002 01 10") + address("2001:db8:ff::1").bytes
        + hex("00 30 20010db80001 30 20010db80002"))
    _ = bench.receive(update, Bench.out1)
    #expect(bench.sink.lines.contains { $0.hasPrefix("- ") } && !bench.sink.lines.contains { $0.hasPrefix("+ ") })
    _ = bench.reconfigure(configurationA { $0.allowLocalAS = 1 })
    bench.sink.lines = []
    _ = bench.receive(update, Bench.out1)
    #expect(bench.sink.lines.contains { $0.hasPrefix("+ ") } && !bench.sink.lines.contains { $0.hasPrefix("- ") })
  }

  @Test func `A connection that is being opened keeps the hold time it has offered, the next one has the new one`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(bench.reconfigure(configurationA { $0.holdTime = 90 }) == [])
    _ = bench.at(5, Bench.out1, receives: Bench.open { $0.holdTime = 180 })
    _ = bench.at(5, Bench.out1, receives: MessageHeader.keepalive)
    #expect(bench.peer.session?.holdTime == 6)
    _ = bench.at(6, .connectionClosed(Bench.out1, reason: nil))
    while bench.peer.state != .connect { _ = bench.next() }
    _ = bench.at(bench.now, .connectionOpened(Bench.out2, endpointsA))
    _ = bench.receive(Bench.open { $0.holdTime = 180 }, Bench.out2)
    _ = bench.receive(MessageHeader.keepalive, Bench.out2)
    #expect(bench.peer.session?.holdTime == 90)
  }

  @Test func `A peer that is no longer passive connects`() {
    var bench = Bench(configurationA { $0.passive = true })
    _ = bench.at(0, .start)
    #expect(bench.reconfigure(configurationA()) == [])
    #expect(bench.next() == ["connect out1", "Connect"])
  }

  @Test func `A restart for a hit limit waits and one by the operator does not`() {
    var bench = Bench.established()
    #expect(bench.at(6, .restart(.reset(""))) == ["send out1 NOTIFICATION Administrative reset", "close out1", "down", "Active"])
    bench = Bench.established()
    #expect(bench.at(6, .restart(.prefixLimit)).last == "Idle")
    #expect(bench.peer.lastError?.description == "Automatic shutdown: Route limit exceeded")
    #expect(bench.peer.errorWaitTimer(at: bench.now)?.remaining == .seconds(60))
  }
}
