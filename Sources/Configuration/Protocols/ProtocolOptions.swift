import RouteCore

/// The options that stand directly in a protocol.
enum ProtocolOptions {
  static func table(for kind: ProtocolKind) -> OptionTable<ProtocolDraft> {
    switch kind {
    case .device: device
    case .direct: direct
    case .kernel: kernel
    case .static: staticRoutes
    case .pipe: pipe
    case .ospf: ospf
    case .bgp: bgp
    case .bfd: bfd
    }
  }

  /// Those of all types.
  static let common = OptionTable<ProtocolDraft>([
    .flag("disabled") { $0.disabled = $1 },
    Option("debug") { (parser, draft) throws(ParseFailure) in draft.debug = try parser.debugMask() },
    Option("description") { (parser, draft) throws(ParseFailure) in draft.description = try parser.text("a text in quotes") },
    Option("router id") { (parser, draft) throws(ParseFailure) in draft.routerID = try parser.identifier("a router ID") },
    Option("vrf") { (parser, draft) throws(ParseFailure) in
      draft.vrf = parser.take("default") ? .default : .named(try parser.text("the name of a VRF in quotes, or 'default'"))
    },
    Option("mrtdump") { (parser, draft) throws(ParseFailure) in draft.mrtdump = try parser.mrtdumpMask() },
    .unsupported("restart time", .bird2), .unsupported("hostname", .bird2), .unsupported("thread group", .bird2),
  ])

  static let device = OptionTable<ProtocolDraft>([
    .number("scan time", 0...UInt32.max) { $0.device.scanTime = $1 },
    Option("primary", .bird1, repeats: true) { (parser, draft) throws(ParseFailure) in
      var interfaces: InterfacePattern?
      if case .text(let name) = parser.peek.kind {
        parser.advance()
        interfaces = InterfacePattern(name: name)
      }
      draft.device.preferred.append(DeviceConfiguration.PreferredAddress(interfaces: interfaces, prefix: try parser.prefixOrAddress()))
    },
    Option("interface", .bird2, repeats: true) { (parser, draft) throws(ParseFailure) in
      let interfaces = try parser.interfacePattern(prefixes: false)
      guard parser.peek.is(.braceOpen) else { return }
      try parser.block { () throws(ParseFailure) in
        try parser.expect("preferred", "interface \"eth0\" { preferred ADDRESS; };")
        let prefix = Prefix(host: try parser.address())
        draft.device.preferred.append(DeviceConfiguration.PreferredAddress(interfaces: interfaces, prefix: prefix))
      }
    },
  ])

  static let direct = OptionTable<ProtocolDraft>([
    Option("interface", repeats: true) { (parser, draft) throws(ParseFailure) in
      let more = try parser.interfacePattern()
      draft.direct.interfaces = InterfacePattern((draft.direct.interfaces?.nodes ?? []) + more.nodes)
    },
    .flag("check link") { $0.direct.checkLink = $1 },
  ])

  static let kernel = OptionTable<ProtocolDraft>([
    .flag("persist") { $0.kernel.persist = $1 },
    .number("scan time", 0...UInt32.max) { $0.kernel.scanTime = $1 },
    Option("learn") { (parser, draft) throws(ParseFailure) in
      if parser.peek.is("all") { throw parser.failure("'learn all' is not supported yet") }
      draft.kernel.learn = try parser.bool()
    },
    Option("merge paths") { (parser, draft) throws(ParseFailure) in
      // The limit may follow the words directly.
      let isOn = parser.nextIs("limit") ? true : try parser.bool()
      let limit: UInt16 = parser.take("limit") ? try parser.number(in: 1...255, "limit") : 16
      draft.kernel.mergePathsLimit = isOn ? Int(limit) : nil
    },
    .number("kernel table", 0...UInt32.max) { $0.kernel.table = $1 },
    .number("metric", 0...UInt32.max) { $0.kernel.metric = $1 },
    .flag("device routes", { $0.kernel.deviceRoutes = $1 }, .bird1),
    .flag("graceful restart") { $0.kernel.gracefulRestart = $1 },
    .flag("nexthop objects") { $0.kernel.nextHopObjects = $1 },
    .withoutEffect("netlink rx buffer", .bird2) { parser throws(ParseFailure) in _ = try parser.number("netlink rx buffer") },
  ])

  static let pipe = OptionTable<ProtocolDraft>([
    Option("peer table") { (parser, draft) throws(ParseFailure) in
      draft.pipe.peerTable = try parser.tableReference(parser.dialect.impliedFamily)
    },
    Option("mode", .bird1) { (parser, draft) throws(ParseFailure) in
      draft.pipe.opaque = try parser.choice([("transparent", false), ("opaque", true)])
    },
    Option("table", .bird2) { (parser, draft) throws(ParseFailure) in
      let name = try parser.tableReference(nil)
      draft.implied.configuration.table = name
      if case .table(let table) = parser.symbols.lookup(name)?.symbol { draft.implied.configuration.family = table.family }
    },
    .unsupported("max generation", .bird2),
  ])
}
