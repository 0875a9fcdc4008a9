import RouteCore

extension Snapshot {
  /// `show memory`: one row for each use. The total is given, as it is more than the sum of the rows.
  package struct Memory: Hashable, Sendable {
    package enum Use: Hashable, Sendable {
      case routingTables, routeAttributes, roaTables, protocols, configuration, standby
    }
    package struct Row: Hashable, Sendable {
      package var use: Use
      /// Bytes in use.
      package var effective: UInt64
      /// Bytes reserved beyond it.
      package var overhead: UInt64
      package init(_ use: Use, effective: UInt64, overhead: UInt64 = 0) {
        self.use = use
        self.effective = effective
        self.overhead = overhead
      }
    }
    package var rows: [Row]
    package var total: UInt64
    package var overhead: UInt64
    package init(rows: [Row], total: UInt64, overhead: UInt64 = 0) {
      self.rows = rows
      self.total = total
      self.overhead = overhead
    }
  }
}
