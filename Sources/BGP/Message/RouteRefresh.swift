import RouteCore

/// ROUTE-REFRESH (RFC 2918 §3, RFC 7313 §3.2).
///
///     | AFI (2) | Subtype (1) | SAFI (1) |
public struct RouteRefresh: Hashable, Sendable {
  /// RFC 7313 §3.2; others are ignored (§4.2).
  public enum Subtype: UInt8, Sendable {
    /// All routes of the family are to be announced again.
    case request = 0
    /// The peer begins to announce its routes again.
    case begin = 1
    /// The peer has announced them all.
    case end = 2
  }

  /// Whose routes are meant; unicast.
  public var family: AddressFamily
  /// Whether it asks for routes or marks their coming.
  public var subtype: Subtype

  /// A message for the unicast routes of a family.
  public init(_ family: AddressFamily, _ subtype: Subtype = .request) {
    self.family = family
    self.subtype = subtype
  }

  /// The message, or nil for a family or subtype that we do not know. RFC 7313 §5: another length is error 7/1.
  init?(decoding body: RawSpan) throws(Notification) {
    // A longer one carries the outbound filters of RFC 5291, which we never announced.
    guard body.byteCount == 4 else {
      var data = [UInt8]()
      body.withUnsafeBytes { data.append(contentsOf: $0.prefix(64)) }
      throw Notification(.routeRefresh, 1, data: data)
    }
    var reader = WireReader(body)
    guard let afi = try? reader.u16(), let subtype = try? reader.u8(), let safi = try? reader.u8(),
      let family = FamilyCode(afi: afi, safi: safi).unicast, let subtype = Subtype(rawValue: subtype)
    else { return nil }
    self.init(family, subtype)
  }

  /// The whole message.
  public var encoded: [UInt8] {
    var writer = WireWriter(reserving: MessageHeader.size + 4)
    MessageHeader.write(.routeRefresh, into: &writer)
    let code = FamilyCode(family)
    writer.u16(code.afi)
    writer.u8(subtype.rawValue)
    writer.u8(code.safi)
    MessageHeader.finish(at: 0, in: &writer)
    return writer.bytes
  }
}
