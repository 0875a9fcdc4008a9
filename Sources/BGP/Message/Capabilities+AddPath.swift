import RouteCore

extension Capabilities {
  /// ADD-PATH (RFC 7911 §4).
  ///
  ///     | 69 (1) | Length (1) | AFI (2) | SAFI (1) | Send/Receive (1) | …
  static func writeAddPath(receive: [FamilyCode], send: [FamilyCode], into writer: inout WireWriter) {
    let families = receive + send.filter { !receive.contains($0) }
    // What a capability's length can say.
    guard !families.isEmpty, families.count <= 63 else { return }
    writer.u8(69)
    writer.u8(UInt8(4 * families.count))
    for family in families {
      writer.u16(family.afi)
      writer.u8(family.safi)
      writer.u8((receive.contains(family) ? 1 : 0) | (send.contains(family) ? 2 : 0))
    }
  }
}
