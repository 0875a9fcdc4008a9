import RouteCore

/// The Link State IDs of LSAs that describe one prefix each (RFC 5340 §4.4.3.4, §4.4.3.6). In OSPFv3 they are mere numbers, so a prefix
/// has the same one in all areas and as an external.
struct LinkStateIDs: Sendable {
  private var owners: [UInt32: Prefix] = [:]
  /// Prefixes that have another number than their hash, as that was taken.
  private var displaced: [Prefix: UInt32] = [:]

  subscript(id: UInt32) -> Prefix? { owners[id] }

  /// Returns the prefix's number, and reserves it. Unless it was taken, it is the same after a restart, so that the LSAs originated before
  /// are taken over.
  mutating func take(for prefix: Prefix) -> UInt32 {
    if let known = displaced[prefix] { return known }
    let first = Self.hash(prefix)
    var id = first
    while let owner = owners[id], owner != prefix { id &+= 1 }
    owners[id] = prefix
    if id != first { displaced[prefix] = id }
    return id
  }

  mutating func release(_ id: UInt32) {
    guard let prefix = owners.removeValue(forKey: id) else { return }
    displaced[prefix] = nil
  }

  private static func hash(_ prefix: Prefix) -> UInt32 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in [prefix.address.high, prefix.address.low, UInt64(prefix.length)] {
      hash = (hash ^ value) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    return UInt32(truncatingIfNeeded: hash >> 16)
  }
}
