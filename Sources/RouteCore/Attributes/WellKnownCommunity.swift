/// The communities that the tables themselves obey (RFC 9494 §3.2).
package enum WellKnownCommunity {
  /// LLGR_STALE: the route is kept for a peer that is away for long.
  package static let longLivedStale: UInt32 = 0xffff_0006
  /// NO_LLGR: it must not be.
  package static let noLongLived: UInt32 = 0xffff_0007
}

extension RouteAttributes {
  func contains(community wanted: UInt32) -> Bool {
    guard let range = range(of: .communities) else { return false }
    var reader = WireReader(records.span.bytes.extracting(range))
    while let community = try? reader.u32() { if community == wanted { return true } }
    return false
  }

  /// RFC 9494 §4.3: what has LLGR_STALE is stale, whoever gave it that.
  mutating func noteStaleness() {
    guard header.source == .bgp else { return }
    if contains(community: WellKnownCommunity.longLivedStale) { header.flags.insert(.stale) } else { header.flags.remove(.stale) }
  }

  /// Adds LLGR_STALE. Where there were no communities the attribute is marked as one that the route's origin has not given (Partial,
  /// RFC 4271 §4.3).
  mutating func makeLongLivedStale() {
    let old = AttributeRecords.find(.communities, in: records.span.bytes)
    var value = value(.communities) ?? []
    for shift: UInt32 in [24, 16, 8, 0] { value.append(UInt8(truncatingIfNeeded: WellKnownCommunity.longLivedStale >> shift)) }
    set(.communities, flags: old?.flags ?? 0xe0, value)
    header.flags.insert(.stale)
  }
}
