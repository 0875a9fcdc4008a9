import RouteCore

/// What is specific to one kind of protocol while it is being read. Everything the language knows about the kind follows from this.
protocol ProtocolBody: Sendable {
  typealias Specification = ProtocolConfiguration.Specification

  /// The options that stand directly in it.
  static var options: OptionTable<Draft<Self>> { get }

  static var channelOptions: OptionTable<ChannelDraft> { get }
  /// The blocks within it that have options.
  static var blocks: [OptionBlock] { get }

  init(_ dialect: Dialect)
  /// Called after `from` has copied it: removes what is not inherited.
  mutating func inherit()
  /// See `ProtocolDescription`.
  static func takeVariant(_ parser: Parser) throws(ParseFailure) -> UInt8?
  /// Reads a channel of a kind that other protocols do not have.
  static func takeChannel(_ name: String, of draft: Draft<Self>, _ parser: Parser) throws(ParseFailure) -> Bool
  /// Checks the number of channels of a 2.x protocol, and adds the one that may be omitted.
  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft]
  /// The typed configuration.
  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification
  /// Checks combinations of options, in a protocol whose single options are correct. It is the last protocol in the parser's configuration.
  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser)

  /// These as in `ProtocolDescription`.
  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange)
  static func otherTables(of item: ProtocolConfiguration) -> [String]
  static func wantsBFD(_ item: ProtocolConfiguration) -> Bool
  static func setRouterID(_ id: RouterID, of specification: inout Specification)
}

extension ProtocolBody {
  static var channelOptions: OptionTable<ChannelDraft> { CommonOptions.channel }
  static var blocks: [OptionBlock] { [] }
  mutating func inherit() {}
  static func takeVariant(_ parser: Parser) throws(ParseFailure) -> UInt8? { nil }
  static func takeChannel(_ name: String, of draft: Draft<Self>, _ parser: Parser) throws(ParseFailure) -> Bool { false }
  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft] { channels }
  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {}
  static func otherTables(of item: ProtocolConfiguration) -> [String] { [] }
  static func wantsBFD(_ item: ProtocolConfiguration) -> Bool { false }
  static func setRouterID(_ id: RouterID, of specification: inout Specification) {}
}

/// A protocol or template of one kind while it is being read.
final class Draft<Body: ProtocolBody>: ProtocolDraft {
  var body: Body

  override init(_ kind: ProtocolDescription, at token: Token, _ dialect: Dialect) {
    body = Body(dialect)
    super.init(kind, at: token, dialect)
  }

  private init(copying other: Draft<Body>) {
    body = other.body
    body.inherit()
    super.init(copying: other)
  }

  override func copy() -> ProtocolDraft { Draft(copying: self) }

  override func apply(_ option: Int, _ parser: Parser) throws(ParseFailure) {
    var draft = self
    try parser.apply(Body.options.options[option], to: &draft)
  }

  override func takeChannel(_ name: String, _ parser: Parser) throws(ParseFailure) -> Bool {
    try Body.takeChannel(name, of: self, parser)
  }

  override func completed(_ channels: [ChannelDraft], _ parser: Parser) -> [ChannelDraft] { Body.complete(channels, of: self, parser) }

  override func specification(_ channels: [ChannelDraft], _ parser: Parser) -> ProtocolConfiguration.Specification {
    Body.specification(of: self, channels, parser)
  }

  override func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], _ parser: Parser) {
    Body.check(result, channels, of: self, parser)
  }
}

/// The row of a kind of protocol.
final class ProtocolRow<Body: ProtocolBody>: ProtocolDescription, @unchecked Sendable {
  override var options: OptionIndex { Body.options.index }
  override var channelOptions: OptionTable<ChannelDraft> { Body.channelOptions }
  override var blocks: [OptionBlock] { Body.blocks }

  override func draft(at token: Token, _ dialect: Dialect) -> ProtocolDraft { Draft<Body>(self, at: token, dialect) }

  override func takeVariant(_ parser: Parser) throws(ParseFailure) -> UInt8? { try Body.takeVariant(parser) }

  override func compare(
    _ old: ProtocolConfiguration.Specification, _ new: ProtocolConfiguration.Specification,
    _ change: inout ConfigurationDifference.ProtocolChange
  ) {
    Body.compare(old, new, &change)
  }

  override func otherTables(of item: ProtocolConfiguration) -> [String] { Body.otherTables(of: item) }

  override func wantsBFD(_ item: ProtocolConfiguration) -> Bool { Body.wantsBFD(item) }

  override func setRouterID(_ id: RouterID, of specification: inout ProtocolConfiguration.Specification) {
    Body.setRouterID(id, of: &specification)
  }
}
