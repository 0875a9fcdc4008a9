// In BIRD 1.6 an external session puts its own AS in front of a path before the export filter sees it: the filter finds it there, and
// what it prepends stands before it. In 2.x the session does that behind the filter, which is what the rest of this code expects.

extension Router {
  /// Puts an AS in front of the path that a filter is about to see (RFC 4271 §5.1.2).
  mutating func lead(with asn: UInt32) {
    var path = PolicyBytes(limit: 0x1_0000)
    let range = policyRoute.attributes.range(of: .asPath) ?? 0..<0
    policyRoute.attributes.records.withUnsafeBytes { bytes in
      PolicyPath(UnsafeRawBufferPointer(rebasing: bytes[range])).prepend(asn, into: &path)
    }
    setPath(Array(path.view))
  }

  /// A path that the filter has changed is sent as it is; from another the AS is taken again, which the session will add.
  mutating func settlePath(of route: Route) {
    if policyRoute.changes.contains(.path) {
      policyRoute.attributes.header.flags.insert(.hasOwnAS)
      return
    }
    let header = attributes.header(route.attributes)
    policyRoute.attributes.header.pathLength = header.pathLength
    policyRoute.attributes.header.neighborAS = header.neighborAS
    if let path = path(of: route.attributes) { setPath(path) } else { policyRoute.attributes.remove(.asPath) }
  }

  private func path(of id: AttributeID) -> [UInt8]? {
    let records = attributes.records(id)
    return AttributeRecords.find(.asPath, in: records).map { records.extracting($0.value).withUnsafeBytes { Array($0) } }
  }

  private mutating func setPath(_ path: [UInt8]) {
    // Well-known, transitive.
    policyRoute.attributes.set(.asPath, flags: 0x40, path)
  }
}
