// The decision process: RFC 4271 §9.1.2 and §9.1.2.2, RFC 4456 §9, RFC 2328 §16.4, in the order of BIRD.
//
// A comparison of two routes is no total order once MED is among the criteria, as MED counts only between routes of one neighbouring
// AS. So the choice is not made by a comparator: each step looks at the whole set of candidates that are left and removes some.
// The same candidates give the same result in whatever order they came.

/// Narrows a set of candidates in place to the best one.
package struct Decision: ~Copyable {
  /// The candidates; the first `count` are still in.
  package var candidates: [Candidate] = []
  package private(set) var count = 0
  package private(set) var decidedBy = DecisionStep.onlyRoute

  package init() { candidates.reserveCapacity(16) }

  package mutating func removeAll() { candidates.removeAll(keepingCapacity: true) }

  /// The best candidate's place in `candidates`, or nil if there is none.
  package mutating func best() -> Int? {
    guard begin() else { return nil }
    guard count > 1 else { return 0 }
    switch candidates[0].header.source {
    case .bgp:
      narrowBGPToEquals()
      narrowBGPToOne()
    case .ospf, .ospfInterArea, .ospfExternal1, .ospfExternal2: narrowOSPF()
    default: break
    }
    // Deterministic whatever remains: the protocol configured first.
    narrow(.protocolOrder) { UInt64($0.protocolOrder) }
    return 0
  }

  /// Leaves the candidates that may share the traffic with the best (`merge paths` in routed.conf(5)): for BGP all that are equal up
  /// to the step before the router id; of other protocols only the best.
  package mutating func equals() -> Int {
    guard begin() else { return 0 }
    guard count > 1 else { return count }
    guard candidates[0].header.source == .bgp else { return best() == nil ? 0 : 1 }
    narrowBGPToEquals()
    return count
  }

  /// The steps common to all protocols. Whether any candidate is left.
  private mutating func begin() -> Bool {
    count = candidates.count
    decidedBy = .onlyRoute
    guard count > 1 else { return count == 1 }
    narrow(.preference) { UInt64(UInt16.max - $0.header.preference) }
    // Routes of different protocols are never compared by a protocol's own rules.
    var first = 0
    for index in 1..<max(count, 1) where candidates[index].protocolOrder < candidates[first].protocolOrder { first = index }
    let kind = Decision.kind(candidates[first].header.source)
    narrow(.protocolOrder) { Decision.kind($0.header.source) == kind ? 0 : 1 }
    return true
  }

  private static func kind(_ source: RouteSource) -> UInt8 { source.isOSPF ? RouteSource.ospf.rawValue : source.rawValue }

  private mutating func narrowBGPToEquals() {
    // RFC 4271 §9.1.2.1: an unresolvable route is not considered; it stays only where nothing better is known.
    narrow(.reachability) { $0.reachable ? 0 : 1 }
    // RFC 9494 §4.3: stale routes are least preferred.
    narrow(.staleness) { $0.header.flags.contains(.stale) ? 1 : 0 }
    // RFC 4271 §9.1.1
    narrow(.localPreference) { UInt64(UInt32.max - $0.header.localPref) }
    // RFC 7311 §4.1
    narrow(.accumulatedMetric) { $0.accumulatedMetric }
    // RFC 4271 §9.1.2.2 a
    if any({ $0.options.contains(.pathMetric) }) { narrow(.pathLength) { UInt64($0.header.pathLength) } }
    // b
    narrow(.origin) { UInt64($0.header.origin.rawValue) }
    // c
    narrowByMED()
    // d; RFC 5065 §5.3: members of the confederation are internal here
    narrow(.external) { $0.header.flags.isDisjoint(with: .confederation) && $0.header.flags.contains(.external) ? 0 : 1 }
    // e
    if any({ $0.options.contains(.igpMetric) }) { narrow(.igpMetric) { UInt64($0.igpMetric) } }
  }

  private mutating func narrowBGPToOne() {
    if any({ $0.options.contains(.preferOlder) }) { narrow(.age) { $0.time } }
    // f; with ORIGINATOR_ID in its place where present (RFC 4456 §9)
    narrow(.routerID) { UInt64($0.header.routerID) }
    // RFC 4456 §9
    narrow(.clusterListLength) { UInt64($0.metric1) }
    // g
    guard count > 1 else { return }
    var lowest = 0
    for index in 1..<count where candidates[index].header.from < candidates[lowest].header.from { lowest = index }
    let address = candidates[lowest].header.from
    narrow(.neighborAddress) { $0.header.from == address ? 0 : 1 }
    // What is left are paths of one peer (RFC 7911), of which it has told no order.
    narrow(.pathIdentifier) { UInt64($0.path) }
  }

  /// RFC 4271 §9.1.2.2 c: of the routes from one neighbouring AS only those with the lowest MED remain. With `med metric` all routes are
  /// compared with each other.
  private mutating func narrowByMED() {
    guard count > 1 else { return }
    if any({ $0.options.contains(.medMetric) }) {
      narrow(.multiExitDiscriminator) { UInt64($0.header.med) }
      return
    }
    let before = count
    var kept = 0
    // Two passes in one buffer: a candidate goes if any other of its AS has a lower MED, and only those ahead of `index` move.
    var lowest: UInt64 = 0
    for index in 0..<before {
      let candidate = candidates[index]
      lowest = UInt64(candidate.header.med)
      for other in 0..<before where candidates[other].header.neighborAS == candidate.header.neighborAS {
        lowest = min(lowest, UInt64(candidates[other].header.med))
      }
      if UInt64(candidate.header.med) == lowest {
        candidates.swapAt(kept, index)
        kept += 1
      }
    }
    if kept < before { decidedBy = .multiExitDiscriminator }
    count = kept
  }

  private mutating func narrowOSPF() {
    narrow(.pathType) { UInt64($0.header.source.rawValue) }
    if candidates[0].header.source == .ospfExternal2 { narrow(.metric2) { UInt64($0.metric2) } }
    narrow(.metric1) { UInt64($0.metric1) }
  }

  private func any(_ condition: (Candidate) -> Bool) -> Bool {
    for index in 0..<count where condition(candidates[index]) { return true }
    return false
  }

  /// Removes from consideration all candidates whose key is not the lowest.
  @inline(__always) private mutating func narrow(_ step: DecisionStep, _ key: (Candidate) -> UInt64) {
    guard count > 1 else { return }
    var lowest = UInt64.max
    for index in 0..<count { lowest = min(lowest, key(candidates[index])) }
    var kept = 0
    for index in 0..<count where key(candidates[index]) == lowest {
      if kept != index { candidates.swapAt(kept, index) }
      kept += 1
    }
    if kept < count {
      count = kept
      decidedBy = step
    }
  }
}
