import Configuration
import Control
import Linux
import RouteCore

/// Fills the snapshot from the running state: one file per subject here, and for what only one kind of protocol has, in that kind's
/// folder. It is independent of how the snapshot is written.
struct SnapshotReader {
  let daemon: Daemon
  let clock: DisplayClock

  var status: Snapshot.Status {
    var status = Snapshot.Status(
      routerID: daemon.routerID, hostname: daemon.hostname, now: clock.stamp(clock.now),
      lastReboot: clock.stamp(daemon.startedAt), lastReconfiguration: clock.stamp(daemon.reconfiguredAt))
    if daemon.recovery.stage == .waiting, let deadline = daemon.recovery.deadline {
      status.recovery = .init(
        waitingChannels: daemon.recovery.pending.count, remaining: deadline - daemon.now, limit: daemon.recovery.limit)
    }
    if daemon.isShuttingDown { status.state = .shuttingDown }
    return status
  }

  /// The memory of tables and attributes is known; the rest of the allocated memory is attributed to the protocols.
  var memory: Snapshot.Memory {
    var tables = 0
    for id in daemon.router.tableIDs { tables += daemon.router[table: id].byteCount }
    let attributes = daemon.router.attributes.byteCount
    let heap = HeapUsage.now
    let used = Int(clamping: heap.used)
    return Snapshot.Memory(
      rows: [
        .init(.routingTables, effective: UInt64(tables)), .init(.routeAttributes, effective: UInt64(attributes)),
        .init(.roaTables, effective: 0), .init(.protocols, effective: UInt64(max(used - tables - attributes, 0))),
        .init(.standby, effective: 0, overhead: heap.free),
      ], total: UInt64(max(used, tables + attributes)), overhead: heap.free)
  }

  /// The names that the configuration defines, and those of protocols that were made for peers of a range.
  var symbols: [Snapshot.Symbol] {
    daemon.configuration.symbols.map { Snapshot.Symbol(name: $0.name, kind: .init($0.kind)) }
      + daemon.configuration.protocols.filter { $0.spawnedBy != nil }.map { Snapshot.Symbol(name: $0.name, kind: .protocol) }
  }
}

extension Snapshot.Symbol.Kind {
  fileprivate init(_ kind: SymbolKind) {
    switch kind {
    case .constant: self = .constant
    case .filter: self = .filter
    case .function: self = .function
    // Local ones are not listed.
    case .variable: self = .undefined
    case .attribute: self = .attribute
    case .table: self = .table
    case .roaTable: self = .roaTable
    case .protocol: self = .protocol
    case .template: self = .template
    }
  }
}
