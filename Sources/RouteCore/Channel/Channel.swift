/// The connection of one protocol with one table: policies, limits, counters, and which networks still have to be looked at for export.
package struct Channel {
  package enum State: Sendable, Hashable { case down, up }

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
  var export = ExportState.closed
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
  /// The next channel of the same table that exports.
  var nextExporter: ChannelID?
  /// Whether the slot is in use; one that is not may still have routes that go.
  package var isLive = true

  package var limitsHit: (receive: Bool, import: Bool, export: Bool) { (receiveLimit.isHit, importLimit.isHit, exportLimit.isHit) }
  /// Whether something is left to be exported.
  package var hasPendingExports: Bool { export.isFeeding || !queue.isEmpty }
  package var exportMode: ExportMode { export.mode }
  /// Whether nothing is exported until `Router.releaseExport`.
  package var holdsExport: Bool { export.isHeld }
}
