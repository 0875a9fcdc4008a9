import RouteCore

/// A restart of the neighbour, from the loss of its session to the last End-of-RIB of the next one, as the receiving speaker of
/// RFC 4724 §4.2 sees it; with RFC 9494, where the peer does not come back in time, what follows.
struct NeighborRestart: Hashable, Sendable {
  enum Stage: Hashable, Sendable {
    /// The routes are used as before.
    case graceful
    /// They are the last resort, and only until then (RFC 9494 §4.2).
    case longLived(until: Instant)
  }

  struct Entry: Hashable, Sendable {
    let family: AddressFamily
    var stage: Stage
    /// Long-Lived Stale Time as the last session had it; zero if the routes are not to be kept that long.
    let staleTime: Duration
  }

  /// How a session was lost.
  enum Loss: Sendable {
    case restart
    /// The peer has closed the connection of the session in favour of another one.
    case collision
  }

  /// The families whose routes are kept, IPv4 first.
  var entries: [Entry] = []
  /// The restart timer, until the session is back.
  var deadline: Instant?

  func entry(_ family: AddressFamily) -> Entry? { entries.first { $0.family == family } }

  mutating func remove(_ family: AddressFamily) { entries.removeAll { $0.family == family } }

  var nextDeadline: Instant? {
    var next = deadline
    for entry in entries { if case .longLived(let until) = entry.stage { next = earliest(next, until) } }
    return next
  }
}

extension SessionParameters {
  /// The families whose routes stay for a while if the session is lost without a NOTIFICATION (RFC 4724 §4.2): the peer has asked for
  /// it, and we have said that we understand.
  var restartFamilies: [AddressFamily] {
    families.filter { family in
      let graceful =
        localCapabilities.gracefulRestart != nil && remoteCapabilities.gracefulRestart?.families.contains(FamilyCode(family)) == true
      return graceful || longLived(family) != nil
    }
  }

  /// What the peer has asked for beyond its restart time.
  func longLived(_ family: AddressFamily) -> Capabilities.LongLivedGracefulRestart.Family? {
    guard carries(family), localCapabilities.longLivedGracefulRestart != nil else { return nil }
    return remoteCapabilities.longLivedGracefulRestart?.family(family)
  }

  /// Whether any family has a long-lived stale time: then a silent peer is taken for one that restarts.
  var isLongLived: Bool { families.contains { longLived($0) != nil } }

  /// RFC 4724 §4.2, RFC 9494 §4.2: the peer still has the forwarding state of a family, so what is kept may be used on.
  func confirms(_ entry: NeighborRestart.Entry) -> Bool {
    guard carries(entry.family) else { return false }
    switch entry.stage {
    case .graceful: return remoteCapabilities.gracefulRestart?.preserved.contains(FamilyCode(entry.family)) == true
    case .longLived: return remoteCapabilities.longLivedGracefulRestart?.family(entry.family)?.isPreserved == true
    }
  }
}
