/// How a network is presented to a channel's protocol.
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

/// How far a channel's export is.
enum ExportState {
  /// Nothing is exported.
  case closed
  /// Nothing is exported until `Router.releaseExport`, whatever is asked for.
  case held
  /// All networks of the table are presented, from a place on; those before it when they change.
  case feeding(ExportMode, Feed)
  /// Networks are presented when they change. `isMixed`: some were announced under the present policy and others under an older one
  /// (`configure soft`).
  case open(ExportMode, isMixed: Bool)

  /// A walk over all networks of a table.
  struct Feed {
    enum Reason {
      /// The export begins.
      case opening
      /// What is let through, or how it is presented, may be something else than before.
      case again
      /// The policy before the present one is known: where both say the same nothing is announced.
      case changed(before: Policy)
      /// The peer wants to hear also what it has been told (RFC 2918).
      case refresh
    }
    let reason: Reason
    /// Networks behind it are not queued when they change, as the feed will come to them.
    var cursor = NetCursor()
    /// How many routes it has let through.
    var passed: UInt32 = 0
    /// See `open`.
    var isMixed = false
  }

  var mode: ExportMode {
    switch self {
    case .closed, .held: .off
    case .feeding(let mode, _), .open(let mode, _): mode
    }
  }

  var isHeld: Bool { if case .held = self { true } else { false } }
  var isFeeding: Bool { if case .feeding = self { true } else { false } }

  /// Whether the feed will come to a network.
  func willFeed(_ net: NetID) -> Bool { if case .feeding(_, let feed) = self { feed.cursor.isBefore(net) } else { false } }

  /// Whether the protocol is told what it knows already.
  var resends: Bool { if case .feeding(_, let feed) = self, case .refresh = feed.reason { true } else { false } }

  /// The policy before the present one, while its change is being carried out.
  var previousPolicy: Policy? {
    if case .feeding(_, let feed) = self, case .changed(let before) = feed.reason { before } else { nil }
  }

  /// Takes note of routes that were let through.
  mutating func note(passed: UInt32) {
    guard passed > 0, case .feeding(let mode, var feed) = self else { return }
    feed.passed &+= passed
    self = .feeding(mode, feed)
  }

  /// What is announced follows from now on from the present policy and from an older one.
  mutating func mix() {
    switch self {
    case .closed, .held: break
    case .feeding(let mode, var feed):
      feed.isMixed = true
      self = .feeding(mode, feed)
    case .open(let mode, _): self = .open(mode, isMixed: true)
    }
  }
}
