import RouteCore

/// AGGREGATOR (RFC 4271 §5.1.7, RFC 6793): optional transitive; an AS number, held in four octets, and a BGP identifier.
enum Aggregator {
  /// RFC 7606 §7.7; RFC 7607 §2: AS 0 is malformed. `new` is AS4_AGGREGATOR where the peer does not know four octets.
  static func decode(_ received: borrowing ReceivedAttribute, new: RawSpan?, fourOctets: Bool, into attributes: inout RouteAttributes)
    -> Verdict
  {
    let value = received.value
    guard value.byteCount == (fourOctets ? 8 : 6) else { return .discard }
    let flags = received.keptFlags(.optionalTransitive)
    if fourOctets {
      guard value.loadU32(0) != 0 else { return .discard }
      attributes.set(.aggregator, flags: flags, value)
      return .accept
    }
    let number = value.loadU16(0)
    guard number != 0 else { return .discard }
    // RFC 6793 §4.2.3.
    if number == OpenMessage.asTrans, let new, new.byteCount == 8, new.loadU32(0) != 0 {
      attributes.set(.aggregator, flags: flags, new)
      return .accept
    }
    let identifier = value.loadU32(2)
    withUnsafeBytes(of: (UInt32(number).bigEndian, identifier.bigEndian)) { bytes in
      _ = attributes.set(.aggregator, flags: flags, bytes.bytes)
    }
    return .accept
  }

  static func encode(_ value: RawSpan, flags: AttributeFlags, fourOctets: Bool, into writer: inout WireWriter) {
    guard value.byteCount == 8 else { return }
    writer.attribute(BGPAttribute.aggregator.rawValue, flags, length: fourOctets ? 8 : 6)
    if fourOctets { return writer.append(value) }
    writer.u16(UInt16(exactly: value.loadU32(0)) ?? OpenMessage.asTrans)
    writer.u32(value.loadU32(4))
  }

  /// AS4_AGGREGATOR, where AGGREGATOR had to say AS_TRANS.
  static func encodeAS4(_ value: RawSpan, into writer: inout WireWriter) {
    guard value.byteCount == 8, value.loadU32(0) > 0xffff else { return }
    writer.attribute(.as4Aggregator, length: 8)
    writer.append(value)
  }
}
