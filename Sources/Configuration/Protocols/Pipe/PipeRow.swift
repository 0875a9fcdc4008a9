import RouteCore

extension ProtocolDescription {
  package static let pipe: ProtocolDescription = ProtocolRow<PipeConfiguration>(
    "pipe", displayName: "Pipe", preference: 70, channels: .inline)
}

package struct PipeConfiguration: Hashable, Sendable {
  /// `peer table`; empty is none yet.
  package var peerTable = ""
  /// `mode opaque` (1.6): preferences and attributes do not pass.
  package var opaque = false
}

extension PipeConfiguration: ProtocolBody {
  static let options = OptionTable<Draft<PipeConfiguration>>([
    Option("peer table") { (parser, draft) throws(ParseFailure) in
      draft.body.peerTable = try parser.tableReference(parser.dialect.impliedFamily)
    },
    Option("mode", .bird1) { (parser, draft) throws(ParseFailure) in
      draft.body.opaque = try parser.choice([("transparent", false), ("opaque", true)])
    },
    Option("table", .bird2) { (parser, draft) throws(ParseFailure) in
      let name = try parser.tableReference(nil)
      draft.implied.configuration.table = name
      if case .table(let table) = parser.symbols.lookup(name)?.symbol { draft.implied.configuration.family = table.family }
    },
    .unsupported("max generation", .bird2),
  ])

  static let settings: [Setting<PipeConfiguration>] = [
    Setting("peer table", .restart) { $0.peerTable },
    Setting("opaque", .restart) { $0.opaque },
  ]

  init(_ dialect: Dialect) {}

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification { .pipe(draft.body) }

  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {
    let pipe = draft.body
    if parser.dialect == .bird2, draft.marks["table"] == nil {
      parser.report("Primary routing table not specified", at: draft.token, hint: "write table NAME;")
    }
    guard !pipe.peerTable.isEmpty else {
      return parser.report("Name of peer routing table not specified", at: draft.token, hint: "write peer table NAME;")
    }
    let own = draft.implied.configuration
    if own.receiveLimit != nil {
      parser.report(
        "Pipe protocol does not support receive limits", at: draft.implied.marks["receive limit"] ?? draft.token, hint: "import limit does")
    }
    if own.keepFiltered {
      parser.report("Pipe protocol prohibits keeping filtered routes", at: draft.implied.marks["import keep filtered"] ?? draft.token)
    }
    if pipe.peerTable == own.table {
      parser.report("Primary table and peer table must be different", at: draft.marks["peer table"] ?? draft.token)
    }
    if case .table(let peer) = parser.symbols.lookup(pipe.peerTable)?.symbol, peer.family != own.family {
      parser.report("Primary table and peer table must have the same type", at: draft.marks["peer table"] ?? draft.token)
    }
  }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .pipe(let old) = old, case .pipe(let new) = new { change.compare(old, new, settings) }
  }

  static func otherTables(of item: ProtocolConfiguration) -> [String] {
    if case .pipe(let pipe) = item.specification { [pipe.peerTable] } else { [] }
  }
}
