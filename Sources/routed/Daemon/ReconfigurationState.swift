import Configuration
import RouteCore

/// What can be undone, and when it is undone by itself.
struct ReconfigurationState {
  /// The configuration before the last change.
  var previous: Configuration?
  /// When an unconfirmed configuration is undone (`configure timeout`).
  var deadline: Instant?
}
