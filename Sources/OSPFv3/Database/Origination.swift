import RouteCore

/// One LSA of our own.
struct OwnLSA: Hashable, Sendable {
  var scope: Scope
  var key: LSAKey
}

/// What the router wants to announce beyond what the database already has: LSAs that have to wait, and the exported routes.
struct Origination: Sendable {
  /// Changes within this time become one LSA; a second LSA would have to wait for MinLSInterval.
  private static let gatheringTime: Duration = .milliseconds(20)

  /// What an LSA will be when its time comes.
  struct Deferred: Sendable {
    /// nil while the present instance is being flushed.
    var due: Instant?
    /// nil: flush.
    var body: [UInt8]?
  }

  /// When to look at the LSAs of areas and exports marked as changed.
  private(set) var scheduledDeadline: Instant?
  private(set) var deferred: [OwnLSA: Deferred] = [:]
  private(set) var deferredDeadline: Instant?
  var externals: [Prefix: ExternalRoute] = [:]
  var linkStateIDs = LinkStateIDs()
  var dirtyExternals: [Prefix] = []
  /// With which sequence number an LSA begins. Above those of the LSAs that have been flushed: a neighbour may still hold one of them
  /// with MaxAge, which would be the newer one if the numbers began anew.
  private(set) var firstSequenceNumber = Constants.initialSequenceNumber
  /// LSAs with our Router ID that came from neighbours: flushed unless the router originates them again itself (RFC 2328 §13.4).
  var unclaimed: [OwnLSA] = []

  var nextDeadline: Instant? { earliest(scheduledDeadline, deferredDeadline) }

  /// LSAs are to be looked at, a little later together with what else changes until then.
  mutating func schedule(at now: Instant) {
    if scheduledDeadline == nil { scheduledDeadline = now + Self.gatheringTime }
  }

  /// Returns whether it is time; asked once, answered once.
  mutating func takeScheduled(at now: Instant) -> Bool {
    guard let deadline = scheduledDeadline, deadline <= now else { return false }
    scheduledDeadline = nil
    return true
  }

  mutating func postpone(_ lsa: OwnLSA, until due: Instant?, body: [UInt8]?) {
    deferred[lsa] = Deferred(due: due, body: body)
    deferredDeadline = earliest(deferredDeadline, due)
  }

  mutating func forget(_ lsa: OwnLSA) { deferred[lsa] = nil }

  mutating func forget(scope: Scope) {
    for lsa in deferred.keys.filter({ $0.scope == scope }) { deferred[lsa] = nil }
    unclaimed.removeAll { $0.scope == scope }
  }

  /// An LSA has left the database: one that waited for that may be originated.
  mutating func flushed(_ lsa: OwnLSA, _ sequenceNumber: Int32, at now: Instant) {
    // Unless the numbers are about to run out, which no honest router ever gets to see.
    if sequenceNumber < 0 { firstSequenceNumber = max(firstSequenceNumber, sequenceNumber + 1) }
    guard let waiting = deferred[lsa], waiting.due == nil else { return }
    postpone(lsa, until: now, body: waiting.body)
  }

  /// What is due, in the order of the keys.
  mutating func takeDue(at now: Instant) -> [(OwnLSA, [UInt8]?)] {
    guard let deadline = deferredDeadline, deadline <= now else { return [] }
    var due: [(OwnLSA, [UInt8]?)] = []
    deferredDeadline = nil
    for (lsa, waiting) in deferred {
      guard let at = waiting.due else { continue }
      if at <= now { due.append((lsa, waiting.body)) } else { deferredDeadline = earliest(deferredDeadline, at) }
    }
    for (lsa, _) in due { deferred[lsa] = nil }
    return due.sorted { $0.0.key != $1.0.key ? $0.0.key < $1.0.key : Self.rank($0.0.scope) < Self.rank($1.0.scope) }
  }

  private static func rank(_ scope: Scope) -> UInt64 {
    switch scope {
    case .autonomousSystem: 0
    case .area(let id): 1 << 32 | UInt64(id.rawValue)
    case .link(let key): 2 << 48 | UInt64(key.index) << 8 | UInt64(key.instanceID)
    }
  }
}
