import OSPFv3
import RouteCore

/// `area ID { … }` while it is read.
struct AreaDraft: OptionTarget {
  var area: AreaConfiguration
  var defaultCheckLink: Bool
  var version: OSPFConfiguration.Version
  var instanceIDs: [(token: Token, value: UInt8)] = []
  var marks = OptionMarks()
}

/// `interface … { … }` while it is read.
struct InterfaceDraft: OptionTarget {
  var options = InterfaceOptions()
  var version: OSPFConfiguration.Version
  var marks = OptionMarks()
}

/// `stubnet … { … }` while it is read.
struct StubNetworkDraft: OptionTarget {
  var network: AreaConfiguration.StubNetwork
  var marks = OptionMarks()
}

extension Option<AreaDraft> {
  /// The cost of a default route.
  fileprivate static func cost(_ name: String, isType2: Bool) -> Option {
    .number(name, 1...0xff_fffe) { (draft, cost: UInt32) in
      draft.area.defaultCost = cost
      draft.area.isDefaultType2 = isType2
    }
  }
}

extension Option<InterfaceDraft> {
  /// A switch that only OSPFv2 knows.
  fileprivate static func ofVersion2(_ name: String, _ title: String, _ dialects: Dialects = .all) -> Option {
    Option(name, dialects) { (parser, draft) throws(ParseFailure) in
      _ = try parser.bool()
      if draft.version == .v3 { parser.report("\(title) option requires OSPFv2", at: draft.marks[name] ?? parser.previous) }
    }
  }
}

extension Parser {
  /// `area ID { … }`, behind the word `area`. An area named again (as after a template) is added to.
  func ospfArea(into draft: Draft<OSPFDraft>) throws(ParseFailure) {
    let token = peek
    let id = try identifier("an area ID")
    let index = draft.body.instance.areas.firstIndex { $0.id == id }
    var area = AreaDraft(
      area: index.map { draft.body.instance.areas[$0] } ?? AreaConfiguration(id: id), defaultCheckLink: dialect == .bird2,
      version: OSPFDraft.version(of: draft))
    defer {
      if let index { draft.body.instance.areas[index] = area.area } else { draft.body.instance.areas.append(area.area) }
      draft.body.instanceIDs += area.instanceIDs
    }
    try block { () throws(ParseFailure) in try option(of: Parser.areaOptions, in: "area \(id)", for: &area) }
    check(area, at: token)
  }

  static let areaOptions = OptionTable<AreaDraft>([
    Option("interface", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.ospfInterface(into: &draft) },
    Option("stubnet", repeats: true) { (parser, draft) throws(ParseFailure) in
      var stub = StubNetworkDraft(network: AreaConfiguration.StubNetwork(prefix: try parser.prefix()))
      defer { draft.area.stubNetworks.append(stub.network) }
      guard parser.peek.is(.braceOpen) else { return }
      try parser.block { () throws(ParseFailure) in try parser.option(of: stubNetworkOptions, in: "stubnet", for: &stub) }
    },
    Option("networks", repeats: true) { (parser, draft) throws(ParseFailure) in draft.area.networks += try parser.areaRanges() },
    .flag("stub") { $0.area.kind = $1 ? .stub : .ordinary }, .flag("summary") { $0.area.summary = $1 },
    Option("nssa") { (_, draft) throws(ParseFailure) in draft.area.kind = .nssa }, .flag("default nssa") { $0.area.defaultNSSA = $1 },
    .cost("default cost", isType2: false), .cost("stub cost", isType2: false), .cost("default cost2", isType2: true),
    .flag("translator") { $0.area.translator = $1 }, .number("translator stability", 0...UInt32.max) { $0.area.translatorStability = $1 },
    Option("external", repeats: true) { (parser, draft) throws(ParseFailure) in draft.area.externals += try parser.areaRanges() },
    Option("virtual link", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.ospfVirtualLink(into: &draft) },
  ])

  /// Reports options of an area that exclude each other, at their places.
  private func check(_ area: AreaDraft, at token: Token) {
    for problem in area.area.problems {
      let option =
        switch problem {
        case .backboneVirtualLink: "virtual link"
        case .backboneKind: area.area.kind == .nssa ? "nssa" : "stub"
        case .summaryOfOrdinary: "summary"
        case .defaultWithoutSummary: "default nssa"
        case .type2WithoutDefault: "default cost2"
        }
      report(problem.text, at: area.marks[option] ?? token)
    }
  }

  static let stubNetworkOptions = OptionTable<StubNetworkDraft>([
    .flag("hidden") { $0.network.hidden = $1 }, .flag("summary") { $0.network.summary = $1 },
    .number("cost", 0...UInt16.max) { $0.network.cost = $1 },
  ])

  /// `'{' { prefix ['hidden' | 'tag' expr] ';' } '}'`
  fileprivate func areaRanges() throws(ParseFailure) -> [AreaConfiguration.AreaRange] {
    var ranges: [AreaConfiguration.AreaRange] = []
    try block { () throws(ParseFailure) in
      var range = AreaConfiguration.AreaRange(prefix: try prefix())
      if take("hidden") { range.hidden = true } else if take("tag") { range.tag = try number("tag") }
      ranges.append(range)
    }
    return ranges
  }

  /// `interface PATTERNS [instance N] [{ … }]`, behind the word `interface`.
  fileprivate func ospfInterface(into area: inout AreaDraft) throws(ParseFailure) {
    let pattern = try interfacePattern(prefixes: dialect != .bird1(.ipv6))
    var draft = InterfaceDraft(version: area.version)
    draft.options.checkLink = area.defaultCheckLink
    if take("instance") {
      let token = peek
      let id = try number(in: 0...UInt8.max, "instance")
      draft.options.instanceID = id
      area.instanceIDs.append((spanning(token, previous), id))
    }
    defer { area.area.interfaces.append(AreaConfiguration.InterfaceBlock(pattern: pattern, options: draft.options)) }
    guard peek.is(.braceOpen) else { return }
    try block { () throws(ParseFailure) in try option(of: Parser.interfaceOptions, in: "interface", for: &draft) }
    checkDeadInterval(draft)
  }

  /// `virtual link ID [instance N] [{ … }]`, behind the words `virtual link`.
  fileprivate func ospfVirtualLink(into area: inout AreaDraft) throws(ParseFailure) {
    let peer = try identifier("a router ID")
    var draft = InterfaceDraft(version: area.version)
    // Of these the address family does not tell the range (RFC 5838 §2.8).
    if take("instance") { draft.options.instanceID = try number(in: 0...UInt8.max, "instance") }
    defer { area.area.virtualLinks.append(AreaConfiguration.VirtualLink(peer: peer, options: draft.options)) }
    guard peek.is(.braceOpen) else { return }
    try block { () throws(ParseFailure) in try option(of: Parser.virtualLinkOptions, in: "virtual link", for: &draft) }
    checkDeadInterval(draft)
  }

  /// RFC 5340 §A.3.2: a Hello has 16 bits for the interval.
  private func checkDeadInterval(_ draft: InterfaceDraft) {
    if draft.options.effectiveDeadInterval > 65535, let place = draft.marks["dead count"] ?? draft.marks["hello"] {
      report(
        "Dead interval must be in range 1-65535", at: place, hint: "it is dead count times hello: \(draft.options.effectiveDeadInterval) s")
    }
  }

  private static let networkTypes: [(String, NetworkType?)] = [
    ("broadcast", .broadcast), ("bcast", .broadcast), ("pointopoint", .pointToPoint), ("ptp", .pointToPoint),
    ("nonbroadcast", .nonBroadcast), ("nbma", .nonBroadcast), ("pointomultipoint", .pointToMultipoint), ("ptmp", .pointToMultipoint),
  ]

  private static var authentication: Option<InterfaceDraft> {
    Option("authentication") { (parser, _) throws(ParseFailure) in
      guard !parser.take("none") else { return }
      if parser.dialect == .bird1(.ipv6) { throw parser.failure("Authentication not supported in OSPFv3", at: parser.previous) }
      throw parser.failure("'authentication' is not supported yet", at: parser.previous)
    }
  }

  static let virtualLinkOptions = OptionTable<InterfaceDraft>([
    .number("hello", 1...UInt16.max) { $0.options.helloInterval = $1 },
    .number("retransmit", 2...UInt32.max) { $0.options.retransmitInterval = $1 },
    .number("wait", 2...UInt32.max) { $0.options.waitInterval = $1 }, .number("dead", 2...65535) { $0.options.deadInterval = $1 },
    .number("dead count", 2...65535) { $0.options.deadCount = $1 },
    .number("transmit delay", 1...UInt16.max) { $0.options.transmitDelay = $1 },
    authentication, .unsupported("password"), .unsupported("passwords"),
  ])

  static let interfaceOptions = OptionTable<InterfaceDraft>([
    .number("cost", 1...UInt16.max) { $0.options.cost = $1 }, .number("hello", 1...UInt16.max) { $0.options.helloInterval = $1 },
    .number("poll", 1...UInt32.max) { $0.options.pollInterval = $1 },
    .number("retransmit", 2...UInt32.max) { $0.options.retransmitInterval = $1 },
    .number("wait", 2...UInt32.max) { $0.options.waitInterval = $1 }, .number("dead", 2...65535) { $0.options.deadInterval = $1 },
    .number("dead count", 2...65535) { $0.options.deadCount = $1 },
    .number("transmit delay", 1...UInt16.max) { $0.options.transmitDelay = $1 },
    .number("priority", 0...UInt8.max) { $0.options.priority = $1 }, .flag("stub") { $0.options.stub = $1 },
    .flag("check link") { $0.options.checkLink = $1 },
    .number("ecmp weight", 1...256) { $0.options.ecmpWeight = $1 }, .flag("link lsa suppression") { $0.options.linkLSASuppression = $1 },
    .number("tx priority", 0...UInt32.max) { $0.options.transmitPriority = $1 },
    .number("tx length", 256...UInt16.max) { $0.options.transmitLength = $1 },
    Option("type") { (parser, draft) throws(ParseFailure) in draft.options.type = try parser.choice(networkTypes) },
    Option("neighbors", repeats: true) { (parser, draft) throws(ParseFailure) in
      try parser.block { () throws(ParseFailure) in
        let address = try parser.address()
        draft.options.neighbors.append(InterfaceOptions.Neighbor(address: address, isEligible: parser.take("eligible")))
      }
    },
    .flag("strict nonbroadcast") { $0.options.strictNonBroadcast = $1 },
    Option("rx buffer") { (parser, draft) throws(ParseFailure) in
      if parser.take("normal") {
        draft.options.receiveBuffer = .normal
      } else if parser.take("large") {
        draft.options.receiveBuffer = .large
      } else {
        draft.options.receiveBuffer = .bytes(try parser.number(in: 256...UInt16.max, "rx buffer"))
      }
    },
    Option("tx class") { (parser, draft) throws(ParseFailure) in
      // The two lowest bits belong to ECN.
      draft.options.transmitClass = try parser.number(in: 0...UInt8.max, "tx class") & 0xfc
    },
    Option("tx dscp") { (parser, draft) throws(ParseFailure) in
      draft.options.transmitClass = try parser.number(in: 0...UInt8(63), "tx dscp") << 2
    },
    Option("ttl security") { (parser, draft) throws(ParseFailure) in
      if parser.take(["tx", "only"]) {
        draft.options.ttlSecurity = .transmitOnly
      } else {
        draft.options.ttlSecurity = try parser.bool() ? .on : .off
      }
    },
    authentication,
    .flag("bfd") { $0.options.bfd = $1 },
    .ofVersion2("real broadcast", "Real broadcast"), .ofVersion2("ptp netmask", "PtP netmask"),
    .ofVersion2("ptp address", "PtP address", .bird2),
    .onlyOff("secondary", .bird1), .unsupported("password"), .unsupported("passwords"),
  ])
}
