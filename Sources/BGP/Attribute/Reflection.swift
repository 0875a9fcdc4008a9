import RouteCore

/// ORIGINATOR_ID and CLUSTER_LIST (RFC 4456 §8): optional non-transitive, between internal peers.
enum Reflection {
  /// RFC 4456 §8: whether a received route has come back to us.
  static func isLoop(_ attributes: borrowing RouteAttributes, _ context: DecodeContext) -> Bool {
    guard context.isInternal else { return false }
    if attributes.u32(.originatorID) == context.localID { return true }
    guard let range = attributes.range(of: .clusterList) else { return false }
    let list = attributes.records.span.bytes.extracting(range)
    var offset = 0
    while list.byteCount - offset >= 4 {
      if list.loadU32(offset) == context.clusterID { return true }
      offset += 4
    }
    return false
  }

  /// What a reflector adds (RFC 4456 §8): who originated the route, and its own cluster.
  static func reflect(_ attributes: inout RouteAttributes, originator: UInt32, cluster: RouterID) {
    let flags = AttributeFlags.optionalNonTransitive.rawValue
    if !attributes.contains(.originatorID) { attributes.set(.originatorID, flags: flags, u32: originator) }
    withUnsafeBytes(of: cluster.rawValue.bigEndian) { _ = attributes.prepend($0.bytes, to: .clusterList, flags: flags) }
  }
}
