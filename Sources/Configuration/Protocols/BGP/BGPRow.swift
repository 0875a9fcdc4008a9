import BGP
import RouteCore

extension ProtocolDescription {
  package static let bgp: ProtocolDescription = ProtocolRow<BGPDraft>(
    "bgp", displayName: "BGP", preference: 100, channels: .several, .needsRouterID)
}

/// `protocol bgp` while it is read.
struct BGPDraft: ProtocolBody {
  var peer = PeerConfiguration(
    localAS: 0, routerID: RouterID(rawValue: 0), neighborAddress: .unspecified, neighborAS: .number(0))
  /// `neighbor as`, and what 2.x may say besides or instead: `internal`, `external`.
  var neighborAS: UInt32?
  var isInternal: Bool?
  /// Where this protocol itself (not its template) gave the neighbour's address.
  var neighborToken: Token?

  init(_ dialect: Dialect) { peer.presetsAttributes = dialect.isBird1 }

  mutating func inherit() { neighborToken = nil }

  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft] {
    if channels.isEmpty { parser.report("protocol bgp needs a channel", at: draft.token, hint: Parser.channelHint) }
    return channels
  }

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification {
    var peer = draft.body.peer
    // What 1.6 announces if it is only aware; nobody looks at it (RFC 4724 §3).
    if parser.dialect.isBird1, peer.gracefulRestart == .aware { peer.gracefulRestartTime = 0 }
    switch draft.body.isInternal {
    case true?: peer.neighborAS = .internal
    case false? where draft.body.neighborAS == nil: peer.neighborAS = .external
    default: peer.neighborAS = .number(draft.body.neighborAS ?? 0)
    }
    // BIRD 2 changed the default.
    if parser.dialect == .bird2, draft.marks["check link"] == nil { peer.checkLink = peer.isDirect }
    for channel in channels {
      var options = channel.bgp
      // 1.6 does not know it.
      if parser.dialect.isBird1 { options.aigp = false }
      // BIRD 2: reflectors and route servers leave next hops as they are unless told otherwise (RFC 4456 §10, RFC 7947 §2.2.1).
      if parser.dialect == .bird2, channel.marks["next hop keep"] == nil {
        if peer.routeReflectorClient { options.nextHopKeep = .ibgp } else if peer.routeServerClient { options.nextHopKeep = .yes }
      }
      if channel.configuration.family == .ipv4 { peer.ipv4 = options } else { peer.ipv6 = options }
    }
    return .bgp(peer)
  }

  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {
    if case .bgp(let peer) = result.specification { parser.checkBGP(peer, channels, draft) }
  }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    guard case .bgp(let old) = old, case .bgp(let new) = new else { return }
    change.compare(old, new, PeerConfiguration.settings)
    change.compare(old.decision, new.decision, BGP.DecisionOptions.settings)
    // A channel that comes or goes is reported with the channels.
    for family in AddressFamily.allCases {
      guard let before = old.channel(family), let after = new.channel(family) else { continue }
      change.compare(before, after, ChannelOptions.settings, place: " of \(family)")
    }
  }

  static func otherTables(of item: ProtocolConfiguration) -> [String] {
    guard case .bgp(let peer) = item.specification else { return [] }
    return AddressFamily.allCases.flatMap { [peer.channel($0)?.igpTable, peer.channel($0)?.otherIGPTable].compactMap { $0 } }
  }

  static func wantsBFD(_ item: ProtocolConfiguration) -> Bool { item.bfd != nil }

  static func setRouterID(_ id: RouterID, of specification: inout Specification) {
    guard case .bgp(var peer) = specification else { return }
    peer.routerID = id
    specification = .bgp(peer)
  }
}

extension ProtocolConfiguration {
  /// What a protocol with a range (`neighbor range`) makes of itself for one of its peers.
  package func spawned(_ name: String, for neighbor: IPAddress) -> ProtocolConfiguration? {
    guard case .bgp(let peer) = specification, peer.isListener else { return nil }
    var out = self
    out.name = name
    out.spawnedBy = self.name
    out.specification = .bgp(peer.spawned(for: neighbor))
    return out
  }
}
