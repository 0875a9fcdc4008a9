import RouteCore

/// COMMUNITIES (RFC 1997), EXTENDED COMMUNITIES (RFC 4360) and LARGE_COMMUNITY (RFC 8092): optional transitive lists.
enum Communities {
  static let noExport: UInt32 = 0xffff_ff01
  static let noAdvertise: UInt32 = 0xffff_ff02
  static let noExportSubconfed: UInt32 = 0xffff_ff03

  /// Whether a route with these communities must stay (RFC 1997 "Well-known Communities"); a confederation is one AS for NO_EXPORT, and
  /// several for NO_EXPORT_SUBCONFED.
  static func forbidExport(_ value: RawSpan, to session: borrowing SessionParameters) -> Bool {
    let (leavesAS, leavesConfederation) = (!session.isInternal, !session.isInterior)
    // RFC 9494 §4.3: a peer that does not know how to treat stale routes is not to have any.
    let knowsStale = session.remoteCapabilities.longLivedGracefulRestart != nil
    var offset = 0
    while value.byteCount - offset >= 4 {
      let community = value.loadU32(offset)
      if community == noAdvertise { return true }
      if leavesAS, community == noExportSubconfed { return true }
      if leavesConfederation, community == noExport { return true }
      if !knowsStale, community == WellKnownCommunity.longLivedStale { return true }
      offset += 4
    }
    return false
  }

  /// RFC 4360 §6: extended communities that are not transitive stay in their AS.
  static func removeNonTransitive(from attributes: inout RouteAttributes) {
    guard let range = attributes.range(of: .extendedCommunities) else { return }
    func isTransitive(_ offset: Int) -> Bool { attributes.records[offset] & 0x40 == 0 }
    let places = stride(from: range.lowerBound, to: range.upperBound - 7, by: 8)
    if places.allSatisfy(isTransitive) { return }
    var kept = [UInt8]()
    for place in places where isTransitive(place) { kept += attributes.records[place..<(place + 8)] }
    if kept.isEmpty { return attributes.remove(.extendedCommunities) }
    attributes.set(.extendedCommunities, flags: AttributeFlags.optionalTransitive.rawValue, kept)
  }
}
