import Configuration
import RouteCore

/// What can be undone, and when it is undone automatically.
struct ReconfigurationState {
  /// The configuration before the last change.
  var previous: Configuration?
  /// When an unconfirmed configuration is undone (`configure timeout`).
  var deadline: Instant?
  /// How many configurations have been applied: work begun under an earlier one may have to end.
  var count: UInt32 = 0
}
