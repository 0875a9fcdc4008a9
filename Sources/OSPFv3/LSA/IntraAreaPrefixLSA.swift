import RouteCore

/// RFC 5340 §A.4.10
///
///     |         # Prefixes            |     Referenced LS Type        |
///     |                  Referenced Link State ID                     |
///     |                Referenced Advertising Router                  |
///     |                  prefixes, each with its metric               |
package struct IntraAreaPrefixLSA: LSABody, Hashable, Sendable {
  package static let fixedSize = 12

  /// The router- or network-LSA the prefixes belong to.
  package var reference: LSAKey
  package var prefixes: [LSAPrefix]

  package init(reference: LSAKey, prefixes: [LSAPrefix]) {
    self.reference = reference
    self.prefixes = prefixes
  }

  package static func decode(_ body: RawSpan, _ family: AddressFamily = .ipv6) throws(Truncated) -> IntraAreaPrefixLSA {
    var reader = WireReader(body)
    let count = try Int(reader.u16())
    let reference = try LSAKey(
      type: LSAType(rawValue: reader.u16()), linkStateID: reader.u32(), advertisingRouter: RouterID(rawValue: reader.u32()))
    guard count <= reader.remaining / 4 else { throw Truncated() }
    var lsa = IntraAreaPrefixLSA(reference: reference, prefixes: [])
    lsa.prefixes.reserveCapacity(count)
    for _ in 0..<count { lsa.prefixes.append(try LSAPrefix.decode(&reader, family)) }
    return lsa
  }

  package func encode(into writer: inout WireWriter) {
    writer.u16(UInt16(clamping: prefixes.count))
    writer.u16(reference.type.rawValue)
    writer.u32(reference.linkStateID)
    writer.u32(reference.advertisingRouter.rawValue)
    for prefix in prefixes { prefix.encode(into: &writer) }
  }
}
