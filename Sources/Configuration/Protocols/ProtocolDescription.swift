import RouteCore

/// How one kind of protocol is configured: its row. Everything else about the kind is in `routed/Protocols`.
package class ProtocolDescription: @unchecked Sendable {
  /// How many channels a protocol has, and where their options are in 2.x. In 1.6 they are always directly in the protocol.
  package enum Channels: Sendable {
    case none
    /// One, whose options are directly in the protocol: for pipes.
    case inline
    case single
    case several
  }

  /// The word after `protocol`; default names of protocols begin with it.
  package let name: String
  /// The Proto column of `show protocols`.
  package let displayName: String
  /// As in BIRD; a channel's `preference` overrides it.
  package let defaultPreference: UInt16
  package let channels: Channels
  let traits: Traits

  package struct Traits: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// It speaks with a router ID, its own or the global one.
    static let needsRouterID = Traits(rawValue: 1)
    /// It watches neighbours with BFD for others.
    static let watchesNeighbors = Traits(rawValue: 2)
  }

  init(_ name: String, displayName: String, preference: UInt16, channels: Channels, _ traits: Traits = []) {
    self.name = name
    self.displayName = displayName
    defaultPreference = preference
    self.channels = channels
    self.traits = traits
  }

  /// A new protocol has a line here.
  package static let all: [ProtocolDescription] = [.device, .direct, .kernel, .static, .pipe, .ospf, .bgp, .bfd]

  static func named(_ name: String) -> ProtocolDescription? { all.first { $0.name == name } }

  // MARK: What `ProtocolRow` knows

  /// The options directly in the protocol that other kinds do not have.
  var options: OptionIndex { OptionIndex([]) }
  /// The options of its channels.
  var channelOptions: OptionTable<ChannelDraft> { CommonOptions.channel }
  /// The blocks within it that have options.
  var blocks: [OptionBlock] { [] }
  /// An empty protocol, before its name.
  func draft(at token: Token, _ dialect: Dialect) -> ProtocolDraft { ProtocolDraft(self, at: token, dialect) }
  /// A number after the word, as in `ospf v3`.
  func takeVariant(_ parser: Parser) throws(ParseFailure) -> UInt8? { nil }
  /// The differences between two protocols in options that only this kind has.
  func compare(
    _ old: ProtocolConfiguration.Specification, _ new: ProtocolConfiguration.Specification,
    _ change: inout ConfigurationDifference.ProtocolChange
  ) {}
  /// The tables it uses in addition to those of its channels.
  func otherTables(of item: ProtocolConfiguration) -> [String] { [] }
  /// Whether it asks BFD to watch neighbours.
  func wantsBFD(_ item: ProtocolConfiguration) -> Bool { false }
  /// Sets the router ID to be used, once it is known: at the end of the file, or when the daemon has chosen one.
  func setRouterID(_ id: RouterID, of specification: inout ProtocolConfiguration.Specification) {}
}

extension ProtocolDescription: Hashable {
  package static func == (a: ProtocolDescription, b: ProtocolDescription) -> Bool { a === b }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension ProtocolDescription {
  package var needsRouterID: Bool { traits.contains(.needsRouterID) }
  var watchesNeighbors: Bool { traits.contains(.watchesNeighbors) }
  /// Whether protocols of the kind have routes.
  var hasChannels: Bool { channels != .none }
  /// Whether in 2.x channels are named: `ipv6 { … }`.
  var namesChannels: Bool { channels == .single || channels == .several }
}

/// A block within a protocol, and where it is.
struct OptionBlock: Sendable {
  let options: OptionIndex
  /// Where an option of that name belongs, in words.
  let place: @Sendable (String) -> String
}
