import RouteCore

/// The progress of a graceful restart of this router (RFC 3623 §2).
struct Recovery: Hashable, Sendable {
  enum Stage: Hashable, Sendable {
    case none
    /// The former adjacencies are being formed again; no LSA is originated.
    case recovering(until: Instant)
    /// The router originates its LSAs again; its routes are about to be complete.
    case calculatingRoutes
  }
  var stage = Stage.none
  /// Not all routes that the router announced before are known again: their LSAs stay.
  var awaitsExports = false
}

extension InstanceConfiguration {
  /// `graceful restart` (RFC 3623, RFC 5187).
  public enum GracefulRestart: Hashable, Sendable {
    /// Neither help nor restart gracefully.
    case off
    /// Help neighbours that restart.
    case aware
    /// Restart gracefully, too.
    case able
  }
}
