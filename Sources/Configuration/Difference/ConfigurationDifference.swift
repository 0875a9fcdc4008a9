import RouteCore

/// What has to be done to go from one configuration to another (`configure`), or would have to (`configure check`).
package struct ConfigurationDifference: Sendable {
  /// How much of a protocol a change disturbs; each includes those before it.
  package enum Effect: Int, Sendable, Comparable {
    /// Nothing changed.
    case none
    /// The running protocol adopts the new settings in place: its session, adjacencies and routes stay.
    case adjust
    /// Filters, limits or preferences changed: the routes of the channels in `reloads` are to be filtered again.
    case reload
    case restart

    package static func < (a: Effect, b: Effect) -> Bool { a.rawValue < b.rawValue }
  }

  /// A channel whose routes are to be run through the new filters.
  package struct ChannelReload: Hashable, Sendable {
    package var family: AddressFamily
    package var imports: Bool
    package var exports: Bool
  }

  package struct ProtocolChange: Sendable {
    package var name: String
    package var effect: Effect
    /// In the user's words, in a fixed order: `hold time`, `export filter of ipv6`.
    package var reasons: [String]
    package var reloads: [ChannelReload]
  }

  /// Names, in the order of the new file.
  package var added: [String] = []
  /// Names, in the order of the old file.
  package var removed: [String] = []
  /// Protocols in both, in the order of the new file, the unchanged ones included.
  package var changes: [ProtocolChange] = []
  package var addedTables: [String] = []
  package var removedTables: [String] = []
  /// Settings outside of protocols and tables that changed, in the user's words.
  package var globals: [String] = []

  /// Whether nothing at all is to be done.
  package var isEmpty: Bool {
    added.isEmpty && removed.isEmpty && addedTables.isEmpty && removedTables.isEmpty && globals.isEmpty
      && changes.allSatisfy { $0.effect == .none }
  }

  package init(from old: Configuration, to new: Configuration) {
    // A table that changes cannot be kept: its users restart.
    var changedTables: Set<String> = []
    for table in new.tables {
      guard let before = old.table(named: table.name) else {
        addedTables.append(table.name)
        continue
      }
      if before != table { changedTables.insert(table.name) }
    }
    removedTables = old.tables.map { $0.name }.filter { new.table(named: $0) == nil }
    for item in new.protocols {
      if let before = old.protocolInstance(named: item.name) {
        changes.append(ProtocolChange(from: before, to: item, changedTables: changedTables))
      } else {
        added.append(item.name)
      }
    }
    removed = old.protocols.map { $0.name }.filter { new.protocolInstance(named: $0) == nil }
    compareGlobals(old, new)
  }

  private mutating func compareGlobals(_ old: Configuration, _ new: Configuration) {
    if old.logTargets != new.logTargets { globals.append("log") }
    if old.mrtdumpFile != new.mrtdumpFile { globals.append("mrtdump") }
    if old.routerID != new.routerID { globals.append("router id") }
    if old.hostname != new.hostname { globals.append("hostname") }
    if old.bgpListener != new.bgpListener { globals.append("listen bgp") }
    if old.gracefulRestartWait != new.gracefulRestartWait { globals.append("graceful restart wait") }
    if old.debugCommands != new.debugCommands { globals.append("debug commands") }
    if old.timeFormats != new.timeFormats { globals.append("timeformat") }
    if old.dialect != new.dialect { globals.append("dialect") }
  }
}
