/// Work that has been put off, to be done once for everything that asks for it. `Instance+DueWork.swift` does it all.
///
/// An area and an interface have such a set for what concerns them alone; the instance has one for the rest.
struct DueWork: OptionSet, Hashable, Sendable {
  let rawValue: UInt16
  init(rawValue: UInt16) { self.rawValue = rawValue }

  // At the end of the present event, in this order:

  /// The topology has changed: restarts of the neighbours of an interface are no longer helped (RFC 3623 §3.2 (3)).
  static let helpCancellation = DueWork(rawValue: 1 << 0)
  /// Neighbours that are Down are removed.
  static let deadNeighbors = DueWork(rawValue: 1 << 1)
  /// A request list has become empty: by LSAs that other neighbours sent (RFC 2328 §13.3 (1b)).
  static let loading = DueWork(rawValue: 1 << 2)
  /// What the interfaces have queued is flooded.
  static let flooding = DueWork(rawValue: 1 << 3)
  /// LSAs of MaxAge are removed if nobody needs them any more (RFC 2328 §14).
  static let maxAgedRemoval = DueWork(rawValue: 1 << 4)

  // When LSAs are originated (`Origination.deadline`):

  /// The router's own LSAs for an area are looked at again.
  static let origination = DueWork(rawValue: 1 << 5)

  // With the next calculation (`CalculationSchedule.calculationDeadline`):

  /// The shortest paths of an area are calculated again.
  static let shortestPaths = DueWork(rawValue: 1 << 6)
  /// Other networks may be in the area ranges (RFC 2328 §12.4.3).
  static let areaRanges = DueWork(rawValue: 1 << 7)
  /// Other externals may be in the ranges of NSSAs (RFC 3101 §3.2).
  static let externalRanges = DueWork(rawValue: 1 << 8)

  // As soon as an interface has acted (`Instance.act`):

  /// The LSAs of the link are forgotten.
  static let linkRemoval = DueWork(rawValue: 1 << 9)
  /// The link is up, and its routers are to hear of the graceful restart of this one.
  static let recoveryAnnouncement = DueWork(rawValue: 1 << 12)
  /// The router is now, or no longer, the endpoint of a virtual link through the transit area (RFC 2328 §12.4.1, bit V).
  static let virtualLinkEndpoint = DueWork(rawValue: 1 << 10)
  /// A neighbour has left Exchange and Loading.
  static let exchangeEnd = DueWork(rawValue: 1 << 11)

  /// What a change of the router's own links or networks in an area asks for.
  static let area: DueWork = [.origination, .shortestPaths]
}
