import RouteCore

/// How long a protocol is kept that was spawned for a peer of a range. BIRD keeps each until a reconfiguration; but whoever can connect
/// from the range makes one, and peers that change their addresses would leave one behind each time.
package struct SpawnLifetime: Sendable {
  /// Kept for a peer that never had a session: long enough to be seen, and for the pause that its errors earned.
  package static let unestablished = Duration.seconds(300)
  /// Kept for a peer that had one and may come back, or be called back.
  package static let established = Duration.seconds(3600)
  /// Before that nobody else may have its place.
  package static let grace = Duration.seconds(10)

  private var hasBeenUp = false
  /// Since when there is no session; nil while there is one.
  private var idleSince: Instant?
  /// Disabled by its operator, who wants the peer to be refused.
  private var isHeld = false

  package init(at now: Instant) { idleSince = now }

  package mutating func started(at now: Instant) {
    isHeld = false
    idleSince = now
  }

  package mutating func established() {
    hasBeenUp = true
    idleSince = nil
  }

  package mutating func lost(at now: Instant) { idleSince = now }

  /// It went down by itself (`disable after error`).
  package mutating func failed(at now: Instant) { idleSince = idleSince ?? now }

  /// The operator, or a limit, has stopped it.
  package mutating func hold() { isHeld = true }

  /// When it is not needed any more; nil while it is.
  package var end: Instant? { isHeld ? nil : idleSince.map { $0 + (hasBeenUp ? SpawnLifetime.established : SpawnLifetime.unestablished) } }

  /// The lowest goes first when another peer needs a place; nil if this has to stay.
  package func worth(at now: Instant) -> Worth? {
    guard !isHeld, let idleSince, now - idleSince >= SpawnLifetime.grace else { return nil }
    return Worth(hasBeenUp: hasBeenUp, idleSince: idleSince)
  }

  /// Those that never had a session before those that had, then those without for the longest time.
  package struct Worth: Comparable, Sendable {
    var hasBeenUp: Bool
    var idleSince: Instant

    package static func < (a: Worth, b: Worth) -> Bool { a.hasBeenUp != b.hasBeenUp ? b.hasBeenUp : a.idleSince < b.idleSince }
  }
}
