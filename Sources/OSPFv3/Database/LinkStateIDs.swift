import RouteCore

/// The Link State IDs of LSAs that stand for one prefix each (RFC 5340 §4.4.3.4, §4.4.3.6): in OSPFv3 mere numbers, so the same one
/// serves a prefix in all areas and as an external.
struct LinkStateIDs: Sendable {
  private var owners: [UInt32: Prefix] = [:]
  /// Those who do not have the number that follows from the prefix, since another has it.
  private var displaced: [Prefix: UInt32] = [:]

  subscript(id: UInt32) -> Prefix? { owners[id] }

  /// The prefix's number; from now on it is taken. It is the same after a restart, as far as others do not have it: so the LSAs of the
  /// earlier life are taken over.
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
