import RouteCore

/// Whom the configuration names on a network without multicast (RFC 2328 §9.5.1, RFC 5340 §C.5).
///
/// OSPFv3 tells neighbours apart by their Router IDs, which one that was never heard has not told. So a silent one is no `Neighbor`:
/// its states Down and Attempt are here.
struct ConfiguredNeighbor: Sendable {
  let address: IPAddress
  /// It may become designated router.
  var isEligible: Bool
  /// Attempt lasts until then, with Hellos every HelloInterval. In Down they go every PollInterval.
  var attemptDeadline: Instant?

  func isAttempted(at now: Instant) -> Bool { attemptDeadline.map { now < $0 } ?? false }
}
