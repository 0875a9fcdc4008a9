import RouteCore

extension Snapshot {
  /// The head of the answer to `plan`: what would be done, and how much of it each peer and the kernel would see.
  package struct Plan: Sendable {
    /// One channel that routes are exported through.
    package struct Row: Sendable {
      package var name: String
      package var family: AddressFamily
      package var type: String
      package var state: State
      /// Routes that do not exist now, but would.
      package var gained: UInt64 = 0
      /// Routes that exist now, but would not.
      package var lost: UInt64 = 0
      /// Routes that would be there with other attributes.
      package var changed: UInt64 = 0
      package var unchanged: UInt64 = 0

      package var hasChanges: Bool { gained > 0 || lost > 0 || changed > 0 }

      package init(name: String, family: AddressFamily, type: String, state: State) {
        self.name = name
        self.family = family
        self.type = type
        self.state = state
      }
    }

    /// What would become of the channel's protocol.
    package enum State: String, Sendable {
      case kept
      /// Everything is lost for a moment, and sent again.
      case restarted
      /// Counted as if its peer were there.
      case new
      case removed
      /// Not up, so that nothing reaches it.
      case down
    }

    package var file: String
    /// The lines of `configure check`.
    package var actions: [String]
    package var rows: [Row]
    /// What cannot be predicted.
    package var notes: [String]

    package init(file: String, actions: [String], rows: [Row], notes: [String]) {
      self.file = file
      self.actions = actions
      self.rows = rows
      self.notes = notes
    }
  }
}

/// What would become of one route.
package struct PlannedRoute: Sendable {
  package enum Change: String, Sendable {
    case gained, lost, changed
  }
  package var prefix: Prefix
  package var change: Change
  /// For a changed route, what would disappear and what would take its place.
  package var before: [String]
  package var after: [String]

  package init(_ prefix: Prefix, _ change: Change, before: [String] = [], after: [String] = []) {
    self.prefix = prefix
    self.change = change
    self.before = before
    self.after = after
  }
}
