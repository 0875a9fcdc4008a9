import BFD

/// What a protocol requests of its BFD session.
package struct BFDRequestOptions: Hashable, Sendable {
  /// Options that override those of the interface.
  package var overrides = SessionOverrides()
  /// `bfd graceful`: the end of the session is to be a graceful restart (RFC 5882 §4.3).
  package var isGraceful = false

  package init() {}
}
