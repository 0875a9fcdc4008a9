import RouteCore

/// What a protocol of one kind has of its own while it is read. With what follows from it that is all the language knows of the kind.
protocol ProtocolBody: Sendable {
  typealias Specification = ProtocolConfiguration.Specification

  /// The options that stand directly in it.
  static var options: OptionTable<Draft<Self>> { get }

  static var channelOptions: OptionTable<ChannelDraft> { get }
  /// The blocks within it that have options.
  static var blocks: [OptionBlock] { get }

  init(_ dialect: Dialect)
  /// `from` has copied it: takes away what every protocol has of its own.
  mutating func inherit()
  /// See `ProtocolDescription`.
  static func takeVariant(_ parser: Parser) throws(ParseFailure) -> UInt8?
  /// Takes a channel of a kind that others do not have.
  static func takeChannel(_ name: String, of draft: Draft<Self>, _ parser: Parser) throws(ParseFailure) -> Bool
  /// Checks how many channels a protocol of 2.x has, and adds the one it may leave out.
  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft]
  /// The typed configuration.
  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification
  /// Checks what needs more than one option, of a protocol whose own are right. It stands last in the parser's configuration.
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

/// A protocol or template of one kind while it is read.
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
