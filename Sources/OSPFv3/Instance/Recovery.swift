import RouteCore

/// How far the restart of this router is (RFC 3623 §2).
struct Recovery: Hashable, Sendable {
  enum Stage: Hashable, Sendable {
    case none
    /// The adjacencies of the life before are being formed again; no LSA is originated.
    case recovering(until: Instant)
    /// The router speaks for itself again; its routes are about to be complete.
    case settling
  }
  var stage = Stage.none
  /// The routes that the router announced before are not all known again: their LSAs stay.
  var awaitsExports = false
}

extension InstanceConfiguration {
  /// `graceful restart` (RFC 3623, RFC 5187).
  public enum GracefulRestart: Hashable, Sendable {
    case off
    /// Help neighbours that restart.
    case aware
    /// Restart gracefully, too.
    case able
  }
}
