import RouteCore

extension ProtocolDescription {
  package static let direct: ProtocolDescription = ProtocolRow<DirectConfiguration>(
    "direct", displayName: "Direct", preference: 240, channels: .several)
}

package struct DirectConfiguration: Hashable, Sendable {
  /// Nil: all interfaces.
  package var interfaces: InterfacePattern?
  package var checkLink = false
}

extension DirectConfiguration: ProtocolBody {
  static let options = OptionTable<Draft<DirectConfiguration>>([
    Option("interface", repeats: true) { (parser, draft) throws(ParseFailure) in
      let more = try parser.interfacePattern()
      draft.body.interfaces = InterfacePattern((draft.body.interfaces?.nodes ?? []) + more.nodes)
    },
    .flag("check link") { $0.body.checkLink = $1 },
  ])

  static let settings: [Setting<DirectConfiguration>] = [
    Setting("interfaces", .restart) { $0.interfaces },
    Setting("check link", .restart) { $0.checkLink },
  ]

  init(_ dialect: Dialect) {}

  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft] {
    // BIRD's own examples have it like that, disabled.
    if channels.isEmpty, !draft.disabled {
      parser.warn("protocol direct has no channel and no effect", at: draft.token, hint: Parser.channelHint)
    }
    return channels
  }

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification { .direct(draft.body) }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .direct(let old) = old, case .direct(let new) = new { change.compare(old, new, settings) }
  }
}
