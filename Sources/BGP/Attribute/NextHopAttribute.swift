import RouteCore

/// NEXT_HOP (RFC 4271 §5.1.3): well-known, four octets; and the next hop inside MP_REACH_NLRI (RFC 4760 §3, RFC 2545 §3): 16 octets,
/// or 32 with the link-local address behind the global one. Both are kept as one record in the form received, but for a second
/// address that is none.
package enum NextHopAttribute {
  static let flags = AttributeFlags.wellKnown.rawValue

  /// Takes the classic attribute; false if the address cannot be a next hop (RFC 4271 §6.3: such a route is ignored).
  static func store(ipv4 value: RawSpan, _ context: DecodeContext, into attributes: inout RouteAttributes) -> Bool {
    guard value.byteCount == 4 else { return false }
    guard isUsable(IPAddress(ipv4: value.loadU32(0)), context) else { return false }
    attributes.set(.nextHop, flags: flags, value)
    return true
  }

  /// Takes a next hop of 16 or 32 octets, which may be an IPv4 address in its mapped form where that is allowed (RFC 4798 §2).
  static func store(ipv6 value: RawSpan, _ family: AddressFamily, _ context: DecodeContext, into attributes: inout RouteAttributes) -> Bool
  {
    var reader = WireReader(value)
    guard let first = try? reader.ipv6() else { return false }
    let second = (try? reader.ipv6()) ?? .unspecified
    // A sender without a global address repeats the link-local one, or leaves the first place empty.
    if second.isLinkLocal, first.isUnspecified || first.isLinkLocal {
      guard isUsable(second, context) else { return false }
      attributes.set(.nextHop, flags: flags, value.extracting(16..<32))
      return true
    }
    guard isUsable(first, context), family == .ipv4 || context.extendedIPv6 || !first.isIPv4 else { return false }
    attributes.set(.nextHop, flags: flags, value.extracting(first: second.isLinkLocal ? 32 : 16))
    return true
  }

  /// RFC 4271 §6.3 (a) with the obvious: a host's own address, nobody's and everybody's are no next hops. That it is on a shared
  /// network (b) is checked where it is resolved.
  private static func isUsable(_ address: IPAddress, _ context: DecodeContext) -> Bool {
    if address.isUnspecified || address.isLoopback || address.isMulticast { return false }
    if let v4 = address.ipv4, v4 >> 24 == 0 || v4 == .max { return false }
    return address != context.localAddress && address != context.localLinkLocal
  }

  /// The addresses of a record: the first, and the link-local one behind it.
  package static func addresses(_ value: RawSpan) -> (IPAddress, IPAddress?)? {
    var reader = WireReader(value)
    if value.byteCount == 4 { return (try? reader.ipv4()).map { ($0, nil) } }
    guard let first = try? reader.ipv6() else { return nil }
    return (first, try? reader.ipv6())
  }
}
