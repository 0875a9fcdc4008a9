/// What the kernel keeps for a route beside its next hops and its metric, as filters set it (`krt_prefsrc` and others).
package struct KernelDetails: Hashable, Sendable {
  package var preferredSource: IPAddress?
  package var mtu: UInt32?
  /// For IPv4 only.
  package var realm: UInt32?
  /// For IPv4 only; nil is what fits the next hop.
  package var scope: RouteScope?

  package init(preferredSource: IPAddress? = nil, mtu: UInt32? = nil, realm: UInt32? = nil, scope: RouteScope? = nil) {
    self.preferredSource = preferredSource
    self.mtu = mtu
    self.realm = realm
    self.scope = scope
  }
}

/// The details of installed routes: very few different ones, and never forgotten.
package struct KernelDetailSets {
  private var sets: [KernelDetails] = [KernelDetails()]

  package init() {}

  package subscript(id: UInt16) -> KernelDetails { Int(id) < sets.count ? sets[Int(id)] : sets[0] }

  /// The number of these details, 0 for none. Of more than 65,535 the others are none.
  package mutating func id(of details: KernelDetails) -> UInt16 {
    if let place = sets.firstIndex(of: details) { return UInt16(place) }
    guard sets.count <= Int(UInt16.max) else { return 0 }
    sets.append(details)
    return UInt16(sets.count - 1)
  }
}
