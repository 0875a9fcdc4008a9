import BGP
import RouteCore

/// A protocol or template while it is being read: what all kinds have. What is specific to a kind is in its `Draft`.
class ProtocolDraft: OptionTarget {
  let kind: ProtocolDescription
  var name = ""
  /// Where errors about the whole protocol point.
  var token: Token
  var isTemplate = false
  /// The number behind the kind's word.
  var variant: UInt8?
  var marks = OptionMarks()

  var disabled = false
  var debug: DebugMask?
  var mrtdump: MRTDumpMask?
  var description: String?
  var routerID: RouterID?
  var vrf: VRFChoice?
  /// `bfd` of a protocol that has neighbours watched as a whole.
  var bfd: BFDRequestOptions?
  /// 2.x: the channels, in the order of the file.
  var channels: [ChannelDraft] = []
  /// 1.6: the one channel whose options stand directly in the protocol. In 2.x only pipes have it.
  var implied: ChannelDraft

  init(_ kind: ProtocolDescription, at token: Token, _ dialect: Dialect) {
    self.kind = kind
    self.token = token
    implied = ChannelDraft(family: dialect.impliedFamily ?? .ipv6, dialect: dialect, kind: kind, token: token)
  }

  /// What `from` inherits: everything but the name.
  init(copying other: ProtocolDraft) {
    kind = other.kind
    token = other.token
    variant = other.variant
    marks = other.marks
    disabled = other.disabled
    debug = other.debug
    mrtdump = other.mrtdump
    description = other.description
    routerID = other.routerID
    vrf = other.vrf
    bfd = other.bfd
    channels = other.channels
    implied = other.implied
    marks.inherit()
    implied.marks.inherit()
    for index in channels.indices {
      channels[index].isInherited = true
      channels[index].marks.inherit()
    }
  }

  // MARK: What `Draft` knows

  func copy() -> ProtocolDraft { ProtocolDraft(copying: self) }
  /// Reads one of the kind's own options, by its number.
  func apply(_ option: Int, _ parser: Parser) throws(ParseFailure) {}
  func takeChannel(_ name: String, _ parser: Parser) throws(ParseFailure) -> Bool { false }
  func completed(_ channels: [ChannelDraft], _ parser: Parser) -> [ChannelDraft] { channels }
  /// Nil for an unknown kind.
  func specification(_ channels: [ChannelDraft], _ parser: Parser) -> ProtocolConfiguration.Specification? { nil }
  func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], _ parser: Parser) {}
}

/// A channel while it is read.
struct ChannelDraft: OptionTarget {
  var configuration: ChannelConfiguration
  var bgp = ChannelOptions()
  var debug: DebugMask?
  var token: Token
  /// Whether it comes from a template: only then may it be named again.
  var isInherited = false
  var marks = OptionMarks()

  init(family: AddressFamily, dialect: Dialect, kind: ProtocolDescription, token: Token) {
    configuration = ChannelConfiguration(
      family: family, table: ChannelDraft.defaultTable(family, dialect), preference: kind.defaultPreference)
    // defaults of pipes: 1.6 exports nothing, 2.x everything
    if kind.channels == .inline, dialect == .bird2 { configuration.exportPolicy = .all }
    self.token = token
  }

  /// The implicit tables.
  static func defaultTable(_ family: AddressFamily, _ dialect: Dialect) -> String {
    if dialect.isBird1 { return "master" }
    return family == .ipv4 ? "master4" : "master6"
  }
}
