import BGP
import RouteCore

/// The options of channels that only BGP's have.
extension BGPDraft {
  static let channelOptions = OptionTable<ChannelDraft>(CommonOptions.channel.options + ownChannelOptions)

  private static let ownChannelOptions: [Option<ChannelDraft>] = [
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
