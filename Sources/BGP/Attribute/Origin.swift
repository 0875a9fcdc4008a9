import RouteCore

/// ORIGIN (RFC 4271 §5.1.1): well-known mandatory, one octet.
enum OriginAttribute {
  /// RFC 7606 §7.1.
  static func decode(_ value: RawSpan, into attributes: inout RouteAttributes) -> Verdict {
    guard value.byteCount == 1, let origin = Origin(rawValue: value.loadU8(0)) else { return .treatAsWithdraw }
    attributes.header.origin = origin
    attributes.header.flags.insert(.hasOrigin)
    return .accept
  }

  static func encode(_ header: AttributeHeader, into writer: inout WireWriter) {
    writer.attribute(.origin, length: 1)
    writer.u8(header.origin.rawValue)
  }
}
