import RouteCore

/// MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760 §3, §4): optional non-transitive.
///
///     MP_REACH:   | AFI (2) | SAFI (1) | Length of next hop (1) | Next hop | Reserved (1) | NLRI … |
///     MP_UNREACH: | AFI (2) | SAFI (1) | Withdrawn routes … |
enum Multiprotocol {
  /// Where the parts of MP_REACH_NLRI lie in its value.
  struct Reach {
    var family: AddressFamily?
    var nextHop: Range<Int>
    var routes: Range<Int>
  }

  /// RFC 7606 §7.11: with a broken next hop or NLRI the routes cannot be told, and the session is reset. RFC 8950 §3: where that was
  /// agreed on, IPv4 routes may have next hops of IPv6.
  static func decodeReach(_ value: RawSpan, _ context: DecodeContext) throws(Notification) -> Reach {
    guard value.byteCount >= 5 else { throw .optionalAttributeError }
    let family = FamilyCode(afi: value.loadU16(0), safi: value.loadU8(2)).unicast
    let length = Int(value.loadU8(3))
    guard value.byteCount >= 5 + length else { throw .optionalAttributeError }
    switch family {
    case .ipv4: guard length == 4 || context.extendedIPv4 && (length == 16 || length == 32) else { throw .optionalAttributeError }
    case .ipv6: guard length == 16 || length == 32 else { throw .optionalAttributeError }
    case nil: break
    }
    let reach = Reach(family: family, nextHop: 4..<(4 + length), routes: (5 + length)..<value.byteCount)
    if let family { try NLRI.check(value.extracting(reach.routes), context.form(family)) }
    return reach
  }

  /// The family of MP_UNREACH_NLRI; its routes follow the first three octets. RFC 7606 §7.12.
  static func decodeUnreach(_ value: RawSpan, _ context: DecodeContext) throws(Notification) -> AddressFamily? {
    guard value.byteCount >= 3 else { throw .optionalAttributeError }
    let family = FamilyCode(afi: value.loadU16(0), safi: value.loadU8(2)).unicast
    if let family { try NLRI.check(value.extracting(droppingFirst: 3), context.form(family)) }
    return family
  }
}

/// Network layer reachability information (RFC 4271 §4.3): length in bits (1), then as many octets as these need. Where both sides have
/// agreed on it, a path identifier of four octets comes before each (RFC 7911 §3).
enum NLRI {
  struct Form {
    var family: AddressFamily
    var hasPaths: Bool
  }

  /// RFC 7606 §5.3: a length beyond the family's, or a prefix beyond the end, makes the whole field unreadable.
  static func check(_ routes: RawSpan, _ form: Form) throws(Notification) {
    var offset = 0
    let end = routes.byteCount
    let width = form.family.bitWidth
    while offset < end {
      if form.hasPaths {
        offset += 4
        guard offset < end else { throw .invalidNetworkField }
      }
      let bits = routes.loadU8(offset)
      offset += 1 + (Int(bits) + 7) / 8
      guard bits <= width, offset <= end else { throw .invalidNetworkField }
    }
  }

  /// Visits the prefixes of a checked field, each with its path identifier, 0 where there are none.
  @inline(__always)
  static func forEach(_ routes: RawSpan, _ form: Form, _ body: (Prefix, UInt32) -> Void) {
    var reader = WireReader(routes)
    let family = form.family
    while !reader.isEmpty {
      guard let path = form.hasPaths ? try? reader.u32() : 0, let bits = try? reader.u8(),
        let address = try? reader.prefixBits(bits, family)
      else { return }
      body(Prefix(address, bits, family), path)
    }
  }
}
