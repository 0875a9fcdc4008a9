import BGP
import RouteCore

/// The options of channels: inside `ipv6 { … }` in 2.x, directly in the protocol in 1.6.
enum ChannelOptionTable {
  /// The words that begin a channel in 2.x.
  static let channelNames: Set<String> = [
    "ipv4", "ipv6", "vpn4", "vpn6", "roa4", "roa6", "flow4", "flow6", "mpls", "evpn", "eth",
  ]

  static func table(for kind: ProtocolKind) -> OptionTable<ChannelDraft> { kind == .bgp ? bgp : common }

  private static let common = OptionTable<ChannelDraft>(options)
  private static let bgp = OptionTable<ChannelDraft>(options + bgpOptions)

  private static let options: [Option<ChannelDraft>] = [
    Option("import") { (parser, channel) throws(ParseFailure) in channel.configuration.importPolicy = try parser.policy() },
    Option("export") { (parser, channel) throws(ParseFailure) in channel.configuration.exportPolicy = try parser.policy() },
    Option("receive limit") { (parser, channel) throws(ParseFailure) in channel.configuration.receiveLimit = try parser.routeLimit() },
    Option("import limit") { (parser, channel) throws(ParseFailure) in channel.configuration.importLimit = try parser.routeLimit() },
    Option("export limit") { (parser, channel) throws(ParseFailure) in channel.configuration.exportLimit = try parser.routeLimit() },
    .flag("import keep filtered") { $0.configuration.keepFiltered = $1 },
    .number("preference", 0...UInt16.max) { $0.configuration.preference = $1 },
    Option("table") { (parser, channel) throws(ParseFailure) in
      channel.configuration.table = try parser.tableReference(channel.configuration.family)
    },
    Option("debug", .bird2) { (parser, channel) throws(ParseFailure) in channel.debug = try parser.debugMask() },
    .flag("rpki reload", { $0.configuration.reloadsOnAuthorizations = $1 }, .bird2),
  ]

  private static let bgpOptions: [Option<ChannelDraft>] = [
    Option("next hop self") { (parser, channel) throws(ParseFailure) in channel.bgp.nextHopSelf = try nextHopRule(parser) },
    Option("next hop keep") { (parser, channel) throws(ParseFailure) in channel.bgp.nextHopKeep = try nextHopRule(parser) },
    Option("next hop address", .bird2) { (parser, channel) throws(ParseFailure) in channel.bgp.nextHopAddress = try parser.address() },
    Option("missing lladdr") { (parser, channel) throws(ParseFailure) in
      let values: [(String, ChannelOptions.MissingLinkLocal)] = [("self", .self), ("drop", .drop), ("ignore", .ignore)]
      channel.bgp.missingLinkLocal = try parser.choice(values)
    },
    Option("gateway") { (parser, channel) throws(ParseFailure) in
      let values: [(String, ChannelOptions.GatewayMode)] = [("direct", .direct), ("recursive", .recursive)]
      channel.bgp.gateway = try parser.choice(values)
    },
    Option("igp table", repeats: true) { (parser, channel) throws(ParseFailure) in
      let (name, family) = try parser.igpTable(&channel.marks)
      if family == channel.configuration.family { channel.bgp.igpTable = name } else { channel.bgp.otherIGPTable = name }
    },
    Option("next hop prefer", .bird2) { (parser, channel) throws(ParseFailure) in
      channel.bgp.prefersGlobalNextHop = try parser.choice([("global", true)])
    },
    .flag("extended next hop", { $0.bgp.extendedNextHop = $1 }, .bird2),
    .flag("mandatory", { $0.bgp.mandatory = $1 }, .bird2), .number("cost", 1...UInt32.max, { $0.bgp.cost = $1 }, .bird2),
    .flag("secondary", { $0.configuration.exportsSecondary = $1 }),
    .flag("import table", { $0.configuration.importTable = $1 }, .bird2),
    .flag("export table", { $0.configuration.exportTable = $1 }, .bird2),
    Option("add paths") { (parser, channel) throws(ParseFailure) in
      let way = parser.take("rx") ? (true, false) : parser.take("tx") ? (false, true) : nil
      let both = way == nil ? try parser.bool() : false
      (channel.bgp.receivesPaths, channel.bgp.sendsPaths) = way ?? (both, both)
    },
    .flag("graceful restart", { $0.bgp.gracefulRestart = $1 }, .bird2),
    .flag("long lived graceful restart", { $0.bgp.longLivedGracefulRestart = $1 }, .bird2),
    .number(
      "long lived stale time", 0...Capabilities.LongLivedGracefulRestart.longestTime, { $0.bgp.longLivedStaleTime = $1 }, .bird2),
    Option("aigp", .bird2) { (parser, channel) throws(ParseFailure) in
      channel.bgp.originatesAIGP = parser.take("originate")
      channel.bgp.aigp = channel.bgp.originatesAIGP ? true : try parser.bool()
    },
    .unsupported("validate", .bird2),
    .unsupported("base table", .bird2), .unsupported("link local next hop format", .bird2), .unsupported("require", .bird2),
    .unsupported("export settle time", .bird2),
  ]

  private static func nextHopRule(_ parser: Parser) throws(ParseFailure) -> ChannelOptions.NextHopRule {
    if parser.dialect == .bird2 {
      if parser.take("ibgp") { return .ibgp }
      if parser.take("ebgp") { return .ebgp }
      return try parser.bool() ? .yes : .no
    }
    return .yes
  }
}

extension Parser {
  /// One of several words.
  func choice<Value>(_ values: [(String, Value)]) throws(ParseFailure) -> Value {
    if let word = peek.symbol, let value = values.first(where: { $0.0 == word })?.1 {
      advance()
      return value
    }
    let names = values.map { $0.0 }
    let near = peek.symbol.flatMap { NearMiss.find($0, among: names) }
    let quoted = names.map { "'\($0)'" }
    let list = quoted.count > 1 ? quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "") : quoted.joined()
    throw unexpected(list, hint: near.map { "did you mean '\($0)'?" })
  }
}
