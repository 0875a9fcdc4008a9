import RouteCore

/// AS-external-LSA and NSSA-LSA, RFC 5340 §A.4.7 and §A.4.8
///
///     |         |E|F|T|                Metric                         |
///     | PrefixLength  | PrefixOptions |     Referenced LS Type        |
///     |                        Address Prefix …                       |
///     |            Forwarding Address (16 bytes, if F)                |
///     |              External Route Tag (if T)                        |
///     |         Referenced Link State ID (if Referenced LS Type)      |
package struct ASExternalLSA: LSABody, Hashable, Sendable {
  /// The E-bit: the metric is larger than any within the AS.
  package var isType2: Bool
  package var metric: UInt32
  package var prefix: LSAPrefix
  package var forwardingAddress: IPAddress?
  package var tag: UInt32?
  package var referencedLinkStateID: UInt32?

  package init(
    isType2: Bool, metric: UInt32, prefix: LSAPrefix, forwardingAddress: IPAddress? = nil, tag: UInt32? = nil,
    referencedLinkStateID: UInt32? = nil
  ) {
    self.isType2 = isType2
    self.metric = metric
    self.prefix = prefix
    self.forwardingAddress = forwardingAddress
    self.tag = tag
    self.referencedLinkStateID = referencedLinkStateID
  }

  /// Whether there is a forwarding address, and one other than zero.
  package var hasForwardingAddress: Bool { forwardingAddress.map { !$0.isUnspecified } ?? false }

  package static func decode(_ body: RawSpan, _ family: AddressFamily = .ipv6) throws(Truncated) -> ASExternalLSA {
    var reader = WireReader(body)
    let flags = try reader.u8()
    var lsa = try ASExternalLSA(isType2: flags & 4 != 0, metric: reader.u24(), prefix: LSAPrefix.decode(&reader, family))
    if flags & 2 != 0 { lsa.forwardingAddress = try reader.address(family) }
    if flags & 1 != 0 { lsa.tag = try reader.u32() }
    if lsa.prefix.field != 0 { lsa.referencedLinkStateID = try reader.u32() }
    return lsa
  }

  package func encode(into writer: inout WireWriter) {
    writer.u8((isType2 ? 4 : 0) | (forwardingAddress == nil ? 0 : 2) | (tag == nil ? 0 : 1))
    writer.u24(metric & Constants.lsInfinity)
    prefix.encode(into: &writer)
    if let forwardingAddress { writer.address(forwardingAddress) }
    if let tag { writer.u32(tag) }
    if prefix.field != 0 { writer.u32(referencedLinkStateID ?? 0) }
  }
}
