import RouteCore

extension Parser {
  /// `('protocol'|'template') TYPE [NAME] ['from' NAME] '{' items '}'`
  func parseProtocol() throws(ParseFailure) {
    let isTemplate = advance().is("template")
    let (type, typeToken) = try expectSymbol("a type of protocol")
    guard let kind = ProtocolKind(rawValue: type) else { throw unknownProtocolType(type, typeToken) }
    let version = kind == .ospf ? try takeOSPFVersion() : nil
    var draft = ProtocolDraft(kind: kind, name: "", token: typeToken, dialect: dialect)
    if let name = peek.symbol, name != "from" {
      draft.token = advance()
      draft.name = name
    }
    if take("from") { draft = try inherited(by: draft) }
    draft.isTemplate = isTemplate
    if let version { draft.ospf.version = version }
    nameAndDefine(&draft)
    let errors = errorCount
    currentKind = kind
    defer { currentKind = nil }
    try block { () throws(ParseFailure) in try protocolItem(&draft) }
    if isTemplate {
      templates[draft.name] = draft
    } else {
      finish(draft, isSound: errorCount == errors)
      finishedDrafts[draft.name] = draft
    }
  }

  private func unknownProtocolType(_ type: String, _ token: Token) -> ParseFailure {
    if ["rip", "radv", "babel", "mrt", "rpki", "l3vpn", "perf", "bmp", "aggregator", "evpn", "bridge"].contains(type) {
      return failure("protocol \(type) is not supported yet", at: token)
    }
    let near = NearMiss.find(type, among: ProtocolKind.allCases.map { $0.rawValue } + ["ospfv3"])
    let meant = near == "ospfv3" ? (dialect.isBird1 ? "ospf" : "ospf v3") : near
    return failure("'\(type)' is no type of protocol", at: token, hint: meant.map { "did you mean '\($0)'?" })
  }

  /// `v2` or `v3`, of 2.x.
  private func takeOSPFVersion() throws(ParseFailure) -> OSPFConfiguration.Version? {
    if dialect.isBird1, peek.is("v2") || peek.is("v3"), peek(1).symbol != nil {
      throw failure("'ospf \(peek.symbol ?? "")' is of BIRD 2", hint: dialectHint)
    }
    guard dialect == .bird2 else { return nil }
    if take("v3") { return .v3 }
    if take("v2") { return .v2 }
    return nil
  }

  /// The whole configuration of a template or another protocol, under the new name.
  private func inherited(by draft: ProtocolDraft) throws(ParseFailure) -> ProtocolDraft {
    let (name, token) = try expectSymbol("a template or protocol")
    guard let parent = templates[name] ?? finishedDrafts[name] else {
      let known = templates.keys.sorted() + configuration.protocols.map { $0.name }
      throw unknownSymbol(token, expected: "a template or protocol", among: known)
    }
    guard parent.kind == draft.kind else {
      throw failure("Protocol type differs from that of '\(name)', which is \(parent.kind.rawValue)", at: token)
    }
    return parent.inherited(by: draft)
  }

  /// Gives a protocol without a name the first free one of its type, and defines the name.
  private func nameAndDefine(_ draft: inout ProtocolDraft) {
    if draft.name.isEmpty {
      repeat {
        let number = (nameCounters[draft.kind] ?? 0) + 1
        nameCounters[draft.kind] = number
        draft.name = "\(draft.kind.rawValue)\(number)"
      } while symbols.lookup(draft.name) != nil
    }
    define(draft.name, as: draft.isTemplate ? .template : .protocolInstance, at: draft.token)
  }

  /// One item between the braces, without its `;`.
  private func protocolItem(_ draft: inout ProtocolDraft) throws(ParseFailure) {
    let table = ProtocolOptions.table(for: draft.kind)
    let place = "protocol \(draft.kind.rawValue)"
    let specific = table.match(self)
    let common = ProtocolOptions.common.match(self)
    let channel = hasImpliedChannel(draft.kind) ? ChannelOptionTable.table(for: draft.kind).match(self) : nil
    // The longest wins: `import limit` is no `import`.
    let longest = max(specific?.words.count ?? 0, common?.words.count ?? 0, channel?.words.count ?? 0)
    if longest > 0 {
      if let specific, specific.words.count == longest { return try apply(specific, to: &draft) }
      if let common, common.words.count == longest { return try apply(common, to: &draft) }
      if let channel {
        draft.marks[channel.name] = peek
        return try apply(channel, to: &draft.implied)
      }
    }
    if let family = channelFamily { return try parseChannel(family, of: &draft) }
    if dialect == .bird2, draft.kind.hasChannels, let option = ChannelOptionTable.table(for: draft.kind).match(self) {
      throw failure(
        "'\(option.name)' stands directly in the protocol, as in BIRD 1.6",
        hint: "in BIRD 2 it belongs in a channel: ipv6 { \(option.name) …; };  (\(dialectHint))")
    }
    var names = table.names(dialect) + ProtocolOptions.common.names(dialect)
    if hasImpliedChannel(draft.kind) { names += ChannelOptionTable.table(for: draft.kind).names(dialect) }
    if dialect == .bird2, draft.kind.hasChannels { names += ["ipv4", "ipv6"] }
    let other =
      table.matchOtherDialect(self)?.name ?? ProtocolOptions.common.matchOtherDialect(self)?.name
      ?? (dialect.isBird1 ? ChannelOptionTable.table(for: draft.kind).matchOtherDialect(self)?.name : nil)
    throw unknownOption(in: place, names: names, otherDialect: other)
  }

  /// Whether a channel's options may stand directly in a protocol.
  func hasImpliedChannel(_ kind: ProtocolKind) -> Bool { kind.hasChannels && (dialect.isBird1 || kind == .pipe) }

  /// The family of the channel that the next word names; channels of other kinds are refused by `parseChannel`.
  private var channelFamily: String? {
    guard let name = peek.symbol, ChannelOptionTable.channelNames.contains(name) else { return nil }
    return name
  }

  /// `CHANNEL [{ items }]`
  private func parseChannel(_ name: String, of draft: inout ProtocolDraft) throws(ParseFailure) {
    if dialect == .bird2, draft.kind == .static {
      if name == "roa4" || name == "roa6" { return try parseAuthorizationChannel(of: &draft) }
      if readsTests, name != "ipv4", name != "ipv6" {
        draft.passesOver = true
        return passOver()
      }
    }
    let token = advance()
    guard dialect == .bird2 else {
      throw failure("'\(name)' is a channel of BIRD 2", at: token, hint: dialectHint)
    }
    if let subtype = peek.symbol { throw failure("channels of type '\(name) \(subtype)' are not supported yet", at: spanning(token, peek)) }
    guard name == "ipv4" || name == "ipv6" else { throw failure("channels of type '\(name)' are not supported yet", at: token) }
    guard draft.kind.hasChannels, draft.kind != .pipe else {
      throw failure("protocol \(draft.kind.rawValue) has no channels", at: token)
    }
    let family: AddressFamily = name == "ipv4" ? .ipv4 : .ipv6
    // Naming a channel of the template again adds to it.
    let index: Int
    if let known = draft.channels.firstIndex(where: { $0.configuration.family == family }) {
      index = known
      if !draft.channels[index].isInherited {
        let line = draft.channels[index].token.location.line
        report("Multiple \(name) channels", at: token, hint: "write all its options into the one of line \(line)")
      }
      draft.channels[index].isInherited = false
      draft.channels[index].token = token
    } else {
      index = draft.channels.count
      draft.channels.append(ChannelDraft(family: family, dialect: dialect, kind: draft.kind, token: token))
    }
    var channel = draft.channels[index]
    defer { draft.channels[index] = channel }
    guard peek.is(.braceOpen) else { return }
    let table = ChannelOptionTable.table(for: draft.kind)
    try block { () throws(ParseFailure) in try option(of: table, in: "channel \(name)", for: &channel) }
  }
}
