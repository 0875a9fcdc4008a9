import RouteCore

extension ProtocolDescription {
  package static let kernel: ProtocolDescription = ProtocolRow<KernelConfiguration>(
    "kernel", displayName: "Kernel", preference: 10, channels: .single)
}

package struct KernelConfiguration: Hashable, Sendable {
  package var persist = false
  /// `scan time`, in seconds.
  package var scanTime: UInt32 = 60
  package var learn = false
  /// `merge paths`: the greatest number of next hops in a route; nil is off.
  package var mergePathsLimit: Int?
  /// `kernel table`.
  package var table: UInt32 = 254
  /// `metric`; 0 leaves it to the kernel. Default: 32 in 2.x, 0 in 1.6.
  package var metric: UInt32 = 0
  /// `graceful restart`: after a restart (`-R`) nothing is changed before the tables are complete again.
  package var gracefulRestart = false
  /// `device routes` (1.6): export device routes to the kernel too.
  package var deviceRoutes = false
  /// `nexthop objects`: routes refer to nexthop objects, if the kernel has them.
  package var nextHopObjects = true
}

extension KernelConfiguration: ProtocolBody {
  static let options = OptionTable<Draft<KernelConfiguration>>([
    .flag("persist") { $0.body.persist = $1 },
    .number("scan time", 0...UInt32.max) { $0.body.scanTime = $1 },
    Option("learn") { (parser, draft) throws(ParseFailure) in
      if parser.peek.is("all") { throw parser.failure("'learn all' is not supported yet") }
      draft.body.learn = try parser.bool()
    },
    Option("merge paths") { (parser, draft) throws(ParseFailure) in
      // The limit may follow the words directly.
      let isOn = parser.nextIs("limit") ? true : try parser.bool()
      let limit: UInt16 = parser.take("limit") ? try parser.number(in: 1...255, "limit") : 16
      draft.body.mergePathsLimit = isOn ? Int(limit) : nil
    },
    .number("kernel table", 0...UInt32.max) { $0.body.table = $1 },
    .number("metric", 0...UInt32.max) { $0.body.metric = $1 },
    .flag("device routes", { $0.body.deviceRoutes = $1 }, .bird1),
    .flag("graceful restart") { $0.body.gracefulRestart = $1 },
    .flag("nexthop objects") { $0.body.nextHopObjects = $1 },
    .withoutEffect("netlink rx buffer", .bird2) { parser throws(ParseFailure) in _ = try parser.number("netlink rx buffer") },
  ])

  static let settings: [Setting<KernelConfiguration>] = [
    Setting("persist", .adjust) { $0.persist },
    Setting("graceful restart", .adjust) { $0.gracefulRestart },
    Setting("scan time", .adjust) { $0.scanTime },
    Setting("learn", .restart) { $0.learn },
    Setting("merge paths", .restart) { $0.mergePathsLimit },
    Setting("table", .restart) { $0.table },
    Setting("metric", .restart) { $0.metric },
    Setting("device routes", .restart) { $0.deviceRoutes },
    Setting("nexthop objects", .adjust) { $0.nextHopObjects },
  ]

  init(_ dialect: Dialect) {
    guard dialect == .bird2 else { return }
    metric = 32
    // BIRD 2 has no such option: an interface's own network is exported to the kernel like any other.
    deviceRoutes = true
  }

  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft] {
    if channels.count != 1 { parser.report("protocol kernel needs exactly one channel", at: draft.token, hint: Parser.channelHint) }
    return channels
  }

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification { .kernel(draft.body) }

  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {
    for other in parser.configuration.protocols.dropLast() {
      guard case .kernel(let before) = other.specification else { continue }
      for channel in result.channels {
        guard let known = other.channel(channel.family) else { continue }
        if known.table == channel.table {
          parser.report("Kernel syncer '\(other.name)' already attached to table \(known.table)", at: draft.marks["table"] ?? draft.token)
        } else if before.table == draft.body.table {
          parser.report(
            "Kernel table \(draft.body.table) already used by '\(other.name)'", at: draft.marks["kernel table"] ?? draft.token,
            hint: "kernel table N; names another")
        }
      }
    }
  }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .kernel(let old) = old, case .kernel(let new) = new { change.compare(old, new, settings) }
  }
}
