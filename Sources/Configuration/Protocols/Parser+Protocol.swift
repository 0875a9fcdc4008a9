import RouteCore

extension Parser {
  /// `('protocol'|'template') TYPE [NAME] ['from' NAME] '{' items '}'`
  func parseProtocol() throws(ParseFailure) {
    let isTemplate = advance().is("template")
    let (type, typeToken) = try expectSymbol("a type of protocol")
    guard let kind = ProtocolDescription.named(type) else { throw unknownProtocolType(type, typeToken) }
    let variant = try kind.takeVariant(self)
    var draft = kind.draft(at: typeToken, dialect)
    if let name = peek.symbol, name != "from" {
      draft.token = advance()
      draft.name = name
    }
    if take("from") { draft = try inherited(by: draft) }
    draft.isTemplate = isTemplate
    if let variant { draft.variant = variant }
    nameAndDefine(draft)
    let errors = errorCount
    currentKind = kind
    defer { currentKind = nil }
    try block { () throws(ParseFailure) in try protocolItem(draft) }
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
    let near = NearMiss.find(type, among: ProtocolDescription.all.map { $0.name } + ["ospfv3"])
    let meant = near == "ospfv3" ? (dialect.isBird1 ? "ospf" : "ospf v3") : near
    return failure("'\(type)' is no type of protocol", at: token, hint: meant.map { "did you mean '\($0)'?" })
  }

  /// The whole configuration of a template or another protocol, under the new name.
  private func inherited(by draft: ProtocolDraft) throws(ParseFailure) -> ProtocolDraft {
    let (name, token) = try expectSymbol("a template or protocol")
    guard let parent = templates[name] ?? finishedDrafts[name] else {
      let known = templates.keys.sorted() + configuration.protocols.map { $0.name }
      throw unknownSymbol(token, expected: "a template or protocol", among: known)
    }
    guard parent.kind == draft.kind else {
      throw failure("Protocol type differs from that of '\(name)', which is \(parent.kind.name)", at: token)
    }
    let copy = parent.copy()
    copy.name = draft.name
    copy.token = draft.token
    return copy
  }

  /// Gives a protocol without a name the first free one of its type, and defines the name.
  private func nameAndDefine(_ draft: ProtocolDraft) {
    if draft.name.isEmpty {
      repeat {
        let number = (nameCounters[draft.kind] ?? 0) + 1
        nameCounters[draft.kind] = number
        draft.name = "\(draft.kind.name)\(number)"
      } while symbols.lookup(draft.name) != nil
    }
    define(draft.name, as: draft.isTemplate ? .template : .protocolInstance, at: draft.token)
  }

  /// One item between the braces, without its `;`.
  private func protocolItem(_ draft: ProtocolDraft) throws(ParseFailure) {
    let own = draft.kind.options
    let specific = own.match(self)
    let common = CommonOptions.direct.match(self)
    let channelOptions = draft.kind.channelOptions
    let channel = hasImpliedChannel(draft.kind) ? channelOptions.match(self) : nil
    // The longest wins: `import limit` is no `import`.
    let specificCount = specific.map { own.entries[$0].words.count } ?? 0
    let longest = max(specificCount, common?.words.count ?? 0, channel?.words.count ?? 0)
    if longest > 0 {
      if let specific, specificCount == longest { return try draft.apply(specific, self) }
      if let common, common.words.count == longest {
        var target = draft
        return try apply(common, to: &target)
      }
      if let channel {
        draft.marks[channel.name] = peek
        return try apply(channel, to: &draft.implied)
      }
    }
    if let family = channelFamily { return try parseChannel(family, of: draft) }
    if dialect == .bird2, draft.kind.hasChannels, let name = channelOptions.index.name(self) {
      throw failure(
        "'\(name)' stands directly in the protocol, as in BIRD 1.6",
        hint: "in BIRD 2 it belongs in a channel: ipv6 { \(name) …; };  (\(dialectHint))")
    }
    var names = own.names(dialect) + CommonOptions.direct.index.names(dialect)
    if hasImpliedChannel(draft.kind) { names += channelOptions.index.names(dialect) }
    if dialect == .bird2, draft.kind.hasChannels { names += ["ipv4", "ipv6"] }
    let other =
      own.nameInOtherDialect(self) ?? CommonOptions.direct.index.nameInOtherDialect(self)
      ?? (dialect.isBird1 ? channelOptions.index.nameInOtherDialect(self) : nil)
    throw unknownOption(in: "protocol \(draft.kind.name)", names: names, otherDialect: other)
  }

  /// Whether a channel's options may stand directly in a protocol.
  func hasImpliedChannel(_ kind: ProtocolDescription) -> Bool { kind.hasChannels && (dialect.isBird1 || kind.channels == .inline) }

  /// The family of the channel that the next word names; channels of other kinds are refused by `parseChannel`.
  private var channelFamily: String? {
    guard let name = peek.symbol, CommonOptions.channelNames.contains(name) else { return nil }
    return name
  }

  /// `CHANNEL [{ items }]`
  private func parseChannel(_ name: String, of draft: ProtocolDraft) throws(ParseFailure) {
    if try draft.takeChannel(name, self) { return }
    let token = advance()
    guard dialect == .bird2 else {
      throw failure("'\(name)' is a channel of BIRD 2", at: token, hint: dialectHint)
    }
    if let subtype = peek.symbol { throw failure("channels of type '\(name) \(subtype)' are not supported yet", at: spanning(token, peek)) }
    guard name == "ipv4" || name == "ipv6" else { throw failure("channels of type '\(name)' are not supported yet", at: token) }
    guard draft.kind.namesChannels else {
      throw failure("protocol \(draft.kind.name) has no channels", at: token)
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
    try block { () throws(ParseFailure) in try option(of: draft.kind.channelOptions, in: "channel \(name)", for: &channel) }
  }
}
