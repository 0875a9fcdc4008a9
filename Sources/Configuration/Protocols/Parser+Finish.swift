import RouteCore

// Checks that are only possible at the end of a protocol.
extension Parser {
  /// The hint if a channel is missing.
  static let channelHint = "write ipv4; or ipv6; or ipv6 { import …; export …; };"

  /// Creates the typed configuration of a protocol. A protocol with errors is not checked further: what seems to be missing may only have
  /// been misread.
  func finish(_ draft: ProtocolDraft, isSound: Bool) {
    var channels = draft.channels
    if hasImpliedChannel(draft.kind) { channels = [draft.implied] }
    if isSound, dialect == .bird2 { channels = draft.completed(channels, self) }
    channels.sort { $0.configuration.family.rawValue < $1.configuration.family.rawValue }
    guard let specification = draft.specification(channels, self) else { return }
    var result = ProtocolConfiguration(kind: draft.kind, name: draft.name, location: draft.token.location, specification: specification)
    result.disabled = draft.disabled
    result.debug = channels.reduce(draft.debug ?? configuration.debugProtocols) { $0.union($1.debug ?? configuration.debugChannels) }
    result.mrtdump = draft.mrtdump ?? configuration.mrtdumpProtocols
    result.description = draft.description
    result.routerID = draft.routerID
    result.vrf = draft.vrf
    result.bfd = draft.bfd
    result.channels = channels.map { $0.configuration }
    configuration.protocols.append(result)
    if isSound { draft.check(result, channels, self) }
  }
}
