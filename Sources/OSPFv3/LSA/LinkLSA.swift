import RouteCore

/// RFC 5340 §A.4.9: Rtr Priority, Options, the link-local interface address (RFC 5838 §2.5: for IPv4 any address of the interface), the
/// number of prefixes, the prefixes of the link.
package struct LinkLSA: LSABody, Hashable, Sendable {
  package var priority: UInt8
  package var options: Options
  package var linkLocalAddress: IPAddress
  package var prefixes: [LSAPrefix]

  package init(priority: UInt8, options: Options, linkLocalAddress: IPAddress, prefixes: [LSAPrefix]) {
    self.priority = priority
    self.options = options
    self.linkLocalAddress = linkLocalAddress
    self.prefixes = prefixes
  }

  package static func decode(_ body: RawSpan, _ family: AddressFamily = .ipv6) throws(Truncated) -> LinkLSA {
    var reader = WireReader(body)
    var lsa = try LinkLSA(
      priority: reader.u8(), options: Options(rawValue: reader.u24()), linkLocalAddress: reader.address(family), prefixes: [])
    let count = try reader.u32()
    guard count <= UInt32(clamping: reader.remaining / 4) else { throw Truncated() }
    lsa.prefixes.reserveCapacity(Int(count))
    for _ in 0..<count { lsa.prefixes.append(try LSAPrefix.decode(&reader, family)) }
    return lsa
  }

  package func encode(into writer: inout WireWriter) {
    writer.u8(priority)
    writer.u24(options.rawValue)
    writer.address(linkLocalAddress)
    writer.u32(UInt32(clamping: prefixes.count))
    for prefix in prefixes { prefix.encode(into: &writer) }
  }
}
