/// The connection of one protocol with one table: policies, limits, counters, and which networks still have to be looked at for export.
package struct Channel {
  package enum State: Sendable, Hashable { case down, up }

  /// How a network is presented to the channel's protocol.
  package enum ExportMode: Sendable, Hashable {
    /// Nothing is exported.
    case off
    /// The best route.
    case best
    /// The best route with the next hops of all that are as good (`merge paths`), at most so many next hops.
    case merged(limit: Int)
    /// The first route, in the order of preference, that the export filter accepts. It needs a sorted table.
    case accepted
    /// Every route that the export filter accepts, each with a path identifier (RFC 7911).
    case everyPath
    /// All routes: pipes (`pullPipe`).
    case any
  }

  package let id: ChannelID
  /// The protocol's name, which the filters see as `proto`.
  package var protocolName: String
  package var table: TableID
  package var configuration: ChannelConfiguration
  package var decision: DecisionOptions
  package var state = State.down
  /// Routes keep the preference they come with: a transparent pipe.
  package var keepsPreference = false
  /// The place of the channel's protocol in the configuration, which decides between routes of different protocols.
  package var order: UInt16 = 0
  /// One end of a pipe.
  package var isPipe = false
  /// Where the routes are kept as they were received, and as they were sent; nil without `import table`, `export table`. A channel
  /// that exports every path always has the second: it tells which ones were sent.
  package internal(set) var importTable: TableID?
  package internal(set) var exportTable: TableID?
  package var exportMode = ExportMode.off
  /// Nothing is exported until `Router.releaseExport`, whatever the mode.
  package internal(set) var holdsExport = false
  package var statistics = ChannelStatistics()

  /// By which its routes are told apart.
  var marks = RouteMarks()
  /// Counts how often the channel was closed: what is said of another session (`NextHopTable.Voucher`) does not hold.
  var session: UInt16 = 0

  var receiveLimit = LimitState()
  var importLimit = LimitState()
  var exportLimit = LimitState()

  var announced = HandleSet<NetID>()
  var dirty = HandleSet<NetID>()
  var queue = Queue<NetID>()
  /// The next network to be fed to a new channel; networks from here on are not queued, as the feed will come to them.
  var feedCursor: NetCursor?
  /// Whether the feed is not the first, and how many routes it has let through.
  var isRefeed = false
  var feedCount: UInt32 = 0
  /// Whether the feed tells what the protocol knows already, as its peer asked for it.
  var resends = false
  /// The next channel of the same table that exports.
  var nextExporter: ChannelID?
  /// The export policy before the present one, while its change is being carried out: where both say the same, nothing is announced.
  var previousExport: Policy?
  /// Some networks were announced under the present policy and others under an older one (`configure soft`).
  var announcedUnderSeveralPolicies = false
  /// Whether the slot is in use; one that is not may still have routes that go.
  package var isLive = true

  package var limitsHit: (receive: Bool, import: Bool, export: Bool) { (receiveLimit.isHit, importLimit.isHit, exportLimit.isHit) }
  /// Whether something is left to be exported.
  package var hasPendingExports: Bool { feedCursor != nil || !queue.isEmpty }
}
