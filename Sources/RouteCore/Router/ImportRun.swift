/// A run of announcements with the same attributes: one UPDATE carries many prefixes, and what the channel's filter says of the first most
/// often holds for all. It belongs to who announces: `Router.open`, `announce` for each prefix, `close`. Reuse one, as it keeps its buffer.
package struct ImportRun: ~Copyable {
  enum Verdict { case unknown, perPrefix, accepted, rejected }

  /// The channel that the routes come through, and its table.
  private(set) var channel = ChannelID(rawValue: 0)
  private(set) var table = TableID(rawValue: 0)
  /// The channel of the protocol that announced the routes; another one than `channel` if that is a pipe's.
  private(set) var source = ChannelID(rawValue: 0)
  private(set) var time: UInt64 = 0
  private(set) var isOpen = false
  var base = RouteAttributes(AttributeHeader(source: .none, preference: 0))
  /// The path identifier of the prefix at hand.
  var path: UInt32 = 0
  /// The interned attributes where the verdict holds for all prefixes; one reference is held.
  var shared = AttributeID.none
  var verdict = Verdict.unknown
  /// What the filter said of earlier prefixes of the run; each holds one reference to its attributes.
  var outcomes = InlineArray<4, ImportOutcome>(repeating: ImportOutcome())
  var outcomeCount = 0

  package init() {}

  /// The attributes are put into `base` next.
  mutating func begin(_ channel: ChannelID, in table: TableID, source: ChannelID, at time: UInt64) {
    self.channel = channel
    self.table = table
    self.source = source
    self.time = time
    isOpen = true
  }

  mutating func end() {
    shared = .none
    verdict = .unknown
    outcomeCount = 0
    isOpen = false
  }

  /// What the routes have in their table besides their attributes.
  func flags(_ marks: RouteMarks) -> Route.Flags { (source == channel ? Route.Flags() : .piped).bearing(marks.current) }
}

/// A verdict that holds for all prefixes of the run for which the filter's tests end the same way.
struct ImportOutcome: BitwiseCopyable {
  var tests = PolicyPrefixOutcomes()
  var isAccepted = false
  /// To be stored, if the route is; else `.none`.
  var attributes = AttributeID.none
}
