import BFD
import RouteCore

extension ProtocolDescription {
  package static let bfd: ProtocolDescription = ProtocolRow<BFDConfiguration>(
    "bfd", displayName: "BFD", preference: 0, channels: .none, .watchesNeighbors)
}

extension BFDConfiguration: ProtocolBody {
  static let options = OptionTable<Draft<BFDConfiguration>>([
    Option("interface", repeats: true) { (parser, draft) throws(ParseFailure) in
      let pattern = try parser.interfacePattern(prefixes: false)
      let options = try parser.sessionBlock(in: "interface")
      draft.body.interfaces.append(BFDConfiguration.InterfaceBlock(pattern: pattern, options: options))
    },
    Option("multihop") { (parser, draft) throws(ParseFailure) in draft.body.multihop = try parser.sessionBlock(in: "multihop") },
    Option("neighbor", repeats: true) { (parser, draft) throws(ParseFailure) in draft.body.neighbors.append(try parser.bfdNeighbor()) },
    Option("accept", .bird2) { (parser, draft) throws(ParseFailure) in draft.body.accepted = parser.acceptedSessions() },
    .flag("strict bind", { $0.body.strictBind = $1 }, .bird2),
  ])

  /// Sessions continue with changed options; which sessions the protocol accepts is decided when it starts.
  static let settings: [Setting<BFDConfiguration>] = [
    Setting("interfaces", .adjust) { $0.interfaces },
    Setting("multihop", .adjust) { $0.multihop },
    Setting("neighbors", .adjust) { $0.neighbors },
    Setting("accept", .restart) { $0.accepted },
    Setting("strict bind", .restart) { $0.strictBind },
  ]

  static let blocks = [
    OptionBlock(options: Parser.bfdInterfaceOptions.index) { "it belongs in an interface: interface \"…\" { \($0) …; };" }
  ]

  init(_ dialect: Dialect) { self.init() }

  /// As in BIRD, the interfaces of a BFD protocol are not inherited.
  mutating func inherit() {
    interfaces = []
    neighbors = []
  }

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification { .bfd(draft.body) }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .bfd(let old) = old, case .bfd(let new) = new { change.compare(old, new, settings) }
  }
}
