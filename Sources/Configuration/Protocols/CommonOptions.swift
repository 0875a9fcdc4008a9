import RouteCore

/// The options that all kinds of protocols have.
enum CommonOptions {
  /// The words that begin a channel in 2.x.
  static let channelNames: Set<String> = [
    "ipv4", "ipv6", "vpn4", "vpn6", "roa4", "roa6", "flow4", "flow6", "mpls", "evpn", "eth",
  ]

  /// Those that stand directly in a protocol.
  static let direct = OptionTable<ProtocolDraft>([
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

  /// Those of channels: inside `ipv6 { … }` in 2.x, directly in the protocol in 1.6.
  static let channel = OptionTable<ChannelDraft>([
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
  ])
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
