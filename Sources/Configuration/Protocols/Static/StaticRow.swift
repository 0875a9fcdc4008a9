import RouteCore

extension ProtocolDescription {
  package static let `static`: ProtocolDescription = ProtocolRow<StaticDraft>(
    "static", displayName: "Static", preference: 200, channels: .single)
}

/// `protocol static` while it is read.
struct StaticDraft: ProtocolBody {
  var configuration = StaticConfiguration()
  /// Static route origin authorizations of 2.x, and the channels they go to.
  var authorizations: [(RouteOriginAuthorization, SourceLocation)] = []
  var authorizationChannels: [AuthorizationChannel] = []
  /// There was a channel of a kind that is skipped.
  var passesOver = false

  static let options = OptionTable<Draft<StaticDraft>>([
    .flag("check link") { $0.body.configuration.checkLink = $1 },
    Option("igp table", repeats: true) { (parser, draft) throws(ParseFailure) in
      let (name, family) = try parser.igpTable(&draft.marks)
      draft.body.configuration.igpTables[family] = name
    },
    Option("route", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.staticRoute(into: draft) },
  ])

  init(_ dialect: Dialect) { configuration.marksDeviceRoutes = dialect.isBird1 }

  static func takeChannel(_ name: String, of draft: Draft<Self>, _ parser: Parser) throws(ParseFailure) -> Bool {
    guard parser.dialect == .bird2 else { return false }
    if name == "roa4" || name == "roa6" {
      try parser.parseAuthorizationChannel(of: draft)
      return true
    }
    guard parser.readsTests, name != "ipv4", name != "ipv6" else { return false }
    draft.body.passesOver = true
    parser.passOver()
    return true
  }

  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft] {
    if channels.isEmpty, draft.body.authorizationChannels.isEmpty, !draft.body.passesOver {
      parser.report("protocol static needs a channel", at: draft.token, hint: Parser.channelHint)
    }
    return channels
  }

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification {
    var routes = draft.body.configuration
    for family in parser.dialect.impliedFamily.map({ [$0] }) ?? AddressFamily.allCases where routes.igpTables[family] == nil {
      let own = channels.first { $0.configuration.family == family }?.configuration.table
      routes.igpTables[family] = own ?? ChannelDraft.defaultTable(family, parser.dialect)
    }
    return .static(routes)
  }

  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {
    parser.announceAuthorizations(of: draft)
    guard parser.dialect == .bird2, !channels.isEmpty else { return }
    for route in draft.body.configuration.routes where !channels.contains(where: { $0.configuration.family == route.prefix.family }) {
      parser.report("The route's type \(route.prefix.family) has no channel here", at: route.location, hint: "add \(route.prefix.family);")
    }
  }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .static(let old) = old, case .static(let new) = new { change.compare(old, new, StaticConfiguration.settings) }
  }

  static func otherTables(of item: ProtocolConfiguration) -> [String] {
    if case .static(let routes) = item.specification { routes.igpTables.values.sorted() } else { [] }
  }

  static func wantsBFD(_ item: ProtocolConfiguration) -> Bool {
    guard case .static(let routes) = item.specification else { return false }
    return routes.routes.contains { route in
      if case .nextHops(let hops) = route.destination { hops.contains { $0.bfd == true } } else { false }
    }
  }
}

extension StaticConfiguration {
  static let settings: [Setting<StaticConfiguration>] = [
    Setting("check link", .restart) { $0.checkLink }, Setting("the language of the file", .restart) { $0.marksDeviceRoutes },
    Setting("igp table", .restart) { $0.igpTables },
    Setting("routes") { old, new in
      let isSame = old.routes.count == new.routes.count && zip(old.routes, new.routes).allSatisfy { $0.isSame(as: $1) }
      return isSame ? nil : .adjust
    },
  ]
}
