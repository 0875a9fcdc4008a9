import BGP
import RouteCore

extension BGPDraft {
  static let options = OptionTable<Draft<BGPDraft>>(session + timers + restart + routes + refused)

  private static let session: [Option<Draft<BGPDraft>>] = [
    Option("local", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.bgpLocal(&draft.body) },
    Option("neighbor", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.bgpNeighbor(&draft.body) },
    Option("interface") { (parser, draft) throws(ParseFailure) in
      if parser.peek.is("range") { throw parser.failure("'interface range' is not supported yet") }
      draft.body.peer.interface = try parser.text("an interface's name in quotes")
    },
    Option("direct", repeats: true) { (_, draft) throws(ParseFailure) in draft.body.peer.reach = .direct },
    Option("multihop") { (parser, draft) throws(ParseFailure) in
      let hasNumber = !parser.peek.is(.semicolon) && !parser.peek.is(.braceClose)
      draft.body.peer.reach = .multihop(hasNumber ? try parser.number(in: 1...UInt8.max, "multihop") : 64)
    },
    Option("source address") { (parser, draft) throws(ParseFailure) in draft.body.peer.localAddress = try parser.address() },
    .flag("passive") { $0.body.peer.passive = $1 }, .flag("ttl security") { $0.body.peer.ttlSecurity = $1 },
    .flag("check link") { $0.body.peer.checkLink = $1 },
    Option("dynamic name", .bird2) { (parser, draft) throws(ParseFailure) in draft.body.peer.dynamicName = try parser.bgpDynamicName() },
    .number("dynamic name digits", 0...UInt8(10), { $0.body.peer.dynamicNameDigits = $1 }, .bird2),
    .flag("strict bind", { $0.body.peer.strictBind = $1 }, .bird2), .flag("free bind", { $0.body.peer.freeBind = $1 }, .bird2),
    Option("password") { (parser, draft) throws(ParseFailure) in draft.body.peer.password = try parser.bgpPassword() },
    .flag("rr client") { $0.body.peer.routeReflectorClient = $1 }, .flag("rs client") { $0.body.peer.routeServerClient = $1 },
    Option("confederation", .bird2) { (parser, draft) throws(ParseFailure) in
      // As in BIRD 0 is none.
      let number: UInt32 = try parser.number("confederation")
      draft.body.peer.confederation = number == 0 ? nil : number
    },
    .flag("confederation member", { $0.body.peer.confederationMember = $1 }, .bird2),
    Option("local role", .bird2) { (parser, draft) throws(ParseFailure) in
      draft.body.peer.localRole = try parser.choice(
        [Role.peer, .provider, .customer, .routeServer, .routeServerClient].map { (role: Role) -> (String, Role) in (role.name, role) })
    },
    .flag("require roles", { $0.body.peer.requireRoles = $1 }, .bird2),
    Option("rr cluster id") { (parser, draft) throws(ParseFailure) in draft.body.peer.clusterID = try parser.identifier("a cluster ID") },
    Option("capabilities") { (parser, draft) throws(ParseFailure) in draft.body.peer.capabilities = try parser.bool() ? .automatic : .no },
    .flag("enable route refresh") { $0.body.peer.enableRouteRefresh = $1 }, .flag("enable as4") { $0.body.peer.enableAS4 = $1 },
    .flag("enable extended messages") { $0.body.peer.enableExtendedMessages = $1 },
    .flag("advertise hostname", { $0.body.peer.advertiseHostname = $1 }, .bird2),
    .flag("advertise ipv4", { $0.body.peer.advertiseIPv4 = $1 }, .bird1),
    .flag("disable after error") { $0.body.peer.disableAfterError = $1 },
    Option("disable after cease") { (parser, draft) throws(ParseFailure) in draft.body.peer.disableAfterCease = try parser.bgpCeaseSet() },
    Option("bfd", repeats: true) { (parser, draft) throws(ParseFailure) in draft.bfd = try parser.bfdRequest(draft.bfd) },
  ]

  private static let timers: [Option<Draft<BGPDraft>>] = [
    .number("hold time", 0...UInt16.max) { $0.body.peer.holdTime = $1 },
    .number("startup hold time", 0...UInt16.max) { $0.body.peer.startupHoldTime = $1 },
    .number("min hold time", 0...UInt16.max, { $0.body.peer.minHoldTime = $1 }, .bird2),
    Option("keepalive time") { (parser, draft) throws(ParseFailure) in
      // BIRD 1.6 takes 0 for the default.
      let lowest: UInt16 = parser.dialect.isBird1 ? 0 : 1
      let value = try parser.number(in: lowest...UInt16.max, "keepalive time")
      draft.body.peer.keepaliveTime = value == 0 ? nil : value
    },
    .number("min keepalive time", 0...UInt16.max, { $0.body.peer.minKeepaliveTime = $1 }, .bird2),
    .number("send hold time", 0...UInt16.max, { $0.body.peer.sendHoldTime = $1 }, .bird2),
    .seconds("connect delay time", 0...UInt32.max) { $0.body.peer.connectDelayTime = $1 },
    Option("start delay time") { (parser, draft) throws(ParseFailure) in
      parser.warn(
        "'start delay time' is deprecated", at: draft.marks["start delay time"] ?? parser.previous, hint: "write connect delay time")
      draft.body.peer.connectDelayTime = .seconds(Int64(try parser.number("start delay time")))
    },
    .seconds("connect retry time", 1...UInt32.max) { $0.body.peer.connectRetryTime = $1 },
    Option("error wait time") { (parser, draft) throws(ParseFailure) in
      let token = parser.peek
      let shortest = try parser.number("error wait time")
      try parser.expect(.comma, "error wait time takes the shortest and the longest wait: error wait time 60, 300;")
      let longest = try parser.number("error wait time")
      if shortest > longest {
        parser.warn(
          "the shortest wait exceeds the longest one", at: parser.spanning(token, parser.previous), hint: "it will always be \(longest) s")
      }
      draft.body.peer.errorWaitMinimum = .seconds(Int64(min(shortest, longest)))
      draft.body.peer.errorWaitMaximum = .seconds(Int64(longest))
    },
    .seconds("error forget time", 0...UInt32.max) { $0.body.peer.errorForgetTime = $1 },
  ]

  private static let restart: [Option<Draft<BGPDraft>>] = [
    Option("graceful restart") { (parser, draft) throws(ParseFailure) in draft.body.peer.gracefulRestart = try parser.restartMode() },
    .number("graceful restart time", 0...Capabilities.GracefulRestart.longestTime) { $0.body.peer.gracefulRestartTime = $1 },
    Option("long lived graceful restart") { (parser, draft) throws(ParseFailure) in
      draft.body.peer.longLivedGracefulRestart = try parser.restartMode()
    },
    .number("long lived stale time", 0...Capabilities.LongLivedGracefulRestart.longestTime) { $0.body.peer.longLivedStaleTime = $1 },
  ]

  private static let routes: [Option<Draft<BGPDraft>>] = [
    .flag("path metric") { $0.body.peer.decision.pathMetric = $1 }, .flag("med metric") { $0.body.peer.decision.medMetric = $1 },
    .flag("igp metric") { $0.body.peer.decision.igpMetric = $1 }, .flag("prefer older") { $0.body.peer.decision.preferOlder = $1 },
    .flag("deterministic med") { $0.body.peer.decision.deterministicMED = $1 },
    .number("default bgp_med", 0...UInt32.max) { $0.body.peer.defaultMED = $1 },
    .number("default bgp_local_pref", 0...UInt32.max) { $0.body.peer.defaultLocalPref = $1 },
    .flag("interpret communities") { $0.body.peer.interpretCommunities = $1 },
    .flag("allow bgp_local_pref") { $0.body.peer.allowLocalPref = $1 },
    .flag("enforce first as", { $0.body.peer.enforceFirstAS = $1 }, .bird2),
    .flag("allow as sets", { $0.body.peer.allowASSets = $1 }, .bird2),
    Option("allow local as") { (parser, draft) throws(ParseFailure) in
      let hasNumber = !parser.peek.is(.semicolon) && !parser.peek.is(.braceClose)
      draft.body.peer.allowLocalAS = hasNumber ? try parser.number("allow local as") : .max
    },
    Option("route limit", .bird1) { (parser, draft) throws(ParseFailure) in
      let token = parser.previous
      draft.implied.configuration.importLimit = RouteLimit(count: try parser.number("route limit"), action: .restart)
      parser.warn("'route limit' is deprecated", at: token, hint: "write import limit … action restart")
    },
  ]

  /// Options that can only be off, which is the default anyway, and options that cannot be used at all.
  private static let refused: [Option<Draft<BGPDraft>>] = [
    // The Linux kernel needs no help with keys: as in BIRD, the option has no effect.
    Option("setkey") { (parser, _) throws(ParseFailure) in _ = try parser.bool() },
    .unsupported("authentication", .bird2),
    .unsupported("keys", .bird2), .unsupported("disable rx", .bird2), .unsupported("tx size warning", .bird2),
    .unsupported("onlink", .bird2), .unsupported("min graceful restart time", .bird2), .unsupported("max graceful restart time", .bird2),
  ]
}

extension Parser {
  /// `local [ipa] 'as' expr`; in 2.x also an interface and a port.
  fileprivate func bgpLocal(_ draft: inout BGPDraft) throws(ParseFailure) {
    let start = position
    if dialect.isBird1, peek.is("role") { throw failure("'local role' is an option of BIRD 2", hint: dialectHint) }
    if let address = takeAddress() {
      draft.peer.localAddress = address
      if dialect == .bird2, let interface = try takeScope() { draft.peer.interface = interface }
    }
    while true {
      if take("as") {
        draft.peer.localAS = try asNumber()
      } else if dialect == .bird2, take("port") {
        draft.peer.localPort = try number(in: 1...UInt16.max, "port")
      } else {
        break
      }
    }
    if position == start { throw unexpectedAddress("an address or 'as'", hint: "local as 65001;") }
  }

  /// `neighbor [ipa | 'range' net] { 'port' expr | 'as' expr }`; in 2.x also `internal` and `external`.
  fileprivate func bgpNeighbor(_ draft: inout BGPDraft) throws(ParseFailure) {
    let start = position
    let token = peek
    if peek.is("range") {
      guard dialect == .bird2 else { throw failure("'neighbor range' is of BIRD 2", hint: dialectHint) }
      advance()
      setNeighbor(.unspecified, range: try prefix(), &draft, at: token)
    } else if let address = takeAddress() {
      setNeighbor(address, range: nil, &draft, at: token)
      if let interface = try takeScope() { draft.peer.interface = interface }
    }
    loop: while let word = peek.symbol {
      switch word {
      case "port":
        advance()
        draft.peer.neighborPort = try number(in: 1...UInt16.max, "port")
      case "as":
        advance()
        draft.neighborAS = try asNumber()
      case "internal" where dialect == .bird2:
        advance()
        draft.isInternal = true
      case "external" where dialect == .bird2:
        advance()
        draft.isInternal = false
      case "onlink": throw failure("'onlink' is not supported yet")
      default: break loop
      }
    }
    if position == start { throw unexpectedAddress("the neighbor's address or 'as'", hint: "neighbor 2001:db8::1 as 65002;") }
  }

  /// Replaces the neighbor of a template, but not the protocol's own.
  private func setNeighbor(_ address: IPAddress, range: Prefix?, _ draft: inout BGPDraft, at token: Token) {
    if draft.neighborToken != nil { report("Only one neighbor per BGP instance is allowed", at: token) }
    draft.neighborToken = token
    draft.peer.neighborAddress = address
    draft.peer.neighborRange = range
  }

  fileprivate func bgpDynamicName() throws(ParseFailure) -> String {
    let token = peek
    let name = try text("the beginning of a name in quotes")
    if name.utf8.contains(UInt8(ascii: "%")) { report("Forbidden character '%' in dynamic name", at: token) }
    if name.utf8.count > 48 { report("Dynamic name too long", at: token, hint: "48 bytes at most") }
    return name
  }

  /// An AS number; 0 may not be used (RFC 7607).
  private func asNumber() throws(ParseFailure) -> UInt32 { try number(in: 1...UInt32.max, "as") }

  fileprivate func bgpPassword() throws(ParseFailure) -> String {
    let token = peek
    let password = try text("a password in quotes")
    // TCP_MD5SIG_MAXKEYLEN of Linux
    if password.utf8.count > 80 { report("The password must not exceed 80 bytes", at: token) }
    return password
  }

  /// `bool | 'aware'`
  fileprivate func restartMode() throws(ParseFailure) -> PeerConfiguration.RestartMode {
    if take("aware") { return .aware }
    return try bool() ? .yes : .no
  }

  private static let ceaseFlags: [(words: [String], subcode: UInt8)] = [
    (["cease"], 0), (["prefix", "limit", "hit"], 1), (["administrative", "shutdown"], 2), (["peer", "deconfigured"], 3),
    (["administrative", "reset"], 4), (["connection", "rejected"], 5), (["configuration", "change"], 6), (["connection", "collision"], 7),
    (["out", "of", "resources"], 8),
  ]

  /// `bool | '{' flag {',' flag} '}'`
  fileprivate func bgpCeaseSet() throws(ParseFailure) -> PeerConfiguration.CeaseSet {
    guard take(.braceOpen) else { return try bool() ? .allButCollision : [] }
    var set: PeerConfiguration.CeaseSet = []
    repeat {
      guard let flag = Parser.ceaseFlags.first(where: { take($0.words) }) else {
        throw unexpected("a reason", hint: Parser.ceaseFlags.map { $0.words.joined(separator: " ") }.joined(separator: ", "))
      }
      set.insert(PeerConfiguration.CeaseSet(flag.subcode))
    } while take(.comma)
    try expect(.braceClose)
    return set
  }
}
