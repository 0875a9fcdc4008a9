/// Where the walk over a table's networks is (`Router+Flush`). It goes round: whoever needs it to see all networks joins at the place where
/// it is, and is through when it has come there again.
struct TableWalk {
  var circle = SlabCircle<NetID>(limit: 1)
  /// Whether the walk is going on.
  var isRunning = false

  /// Next-hop sets that have come to something else: the networks that use them are decided anew.
  var changedSets = HandleSet<NextHopSetID>()
  var isRedeciding = false
  /// How many networks still have to be looked at for that.
  var redecisionRemaining: UInt32 = 0
  /// Sets that have changed since: their turn comes when those before are through, so that each change is told once.
  var nextSets: [NextHopSetID] = []
}

/// A channel's routes that are on their way out.
struct Flush {
  var channel: ChannelID
  /// The channel's table, or its import table.
  var table: TableID
  /// How many networks the walk still has to look at.
  var remaining: UInt32
}

/// What closed channels leave behind, to be given back bit by bit.
struct Leftovers {
  /// Networks that a channel would have looked at, each with a pin.
  var queues: [(queue: Queue<NetID>, table: TableID)] = []
  /// Import and export tables, and the next network of each.
  var tables: [(table: TableID, cursor: NetCursor)] = []

  var isEmpty: Bool { queues.isEmpty && tables.isEmpty }
}
