import BFD

/// What a protocol wants of its BFD session.
package struct BFDRequestOptions: Hashable, Sendable {
  /// What it wants otherwise than the interface has it.
  package var overrides = SessionOverrides()
  /// `bfd graceful`: the end of the session is to be a graceful restart (RFC 5882 §4.3).
  package var isGraceful = false

  package init() {}
}
