import RouteCore

/// A prefix in an LSA (RFC 5340 §A.4.1): length, options, a 16-bit field that depends on the LSA, then the address in as many 32-bit
/// words as the length needs. That of an IPv4 prefix begins with the first of them (RFC 5838 §2.5).
package struct LSAPrefix: Hashable, Sendable {
  package struct Options: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Not for unicast: leave it out of the routing calculation.
    package static let nu = Options(rawValue: 1)
    /// An address of the advertising router itself.
    package static let la = Options(rawValue: 2)
    /// To be translated from NSSA to AS-external.
    package static let p = Options(rawValue: 8)
    package static let dn = Options(rawValue: 16)
  }

  package var prefix: Prefix
  package var options: Options
  /// Intra-area-prefix-LSA: the metric. AS-external- and NSSA-LSA: the referenced LS type. Zero elsewhere.
  package var field: UInt16

  package init(_ prefix: Prefix, options: Options = [], field: UInt16 = 0) {
    self.prefix = prefix
    self.options = options
    self.field = field
  }

  /// Bytes on the wire.
  package var size: Int { 4 + (Int(prefix.length) + 31) / 32 * 4 }

  package static func decode(_ reader: inout WireReader, _ family: AddressFamily = .ipv6) throws(Truncated) -> LSAPrefix {
    let length = try reader.u8()
    let options = try Options(rawValue: reader.u8())
    let field = try reader.u16()
    // What claims more bits than an address has cannot be read.
    guard length <= family.bitWidth else { throw Truncated() }
    var words = WireReader(try reader.take((Int(length) + 31) / 32 * 4))
    return try LSAPrefix(Prefix(words.prefixBits(length, family), length, family), options: options, field: field)
  }

  package func encode(into writer: inout WireWriter) {
    writer.u8(prefix.length)
    writer.u8(options.rawValue)
    writer.u16(field)
    let start = writer.count
    writer.prefixBits(prefix)
    writer.zeros((4 - (writer.count - start) % 4) % 4)
  }
}

extension WireReader {
  /// An address in a field for one of IPv6, whose first four octets are an IPv4 address's (RFC 5838 §2.5).
  mutating func address(_ family: AddressFamily) throws(Truncated) -> IPAddress {
    let address = try ipv6()
    return family == .ipv6 ? address : IPAddress(ipv4: UInt32(truncatingIfNeeded: address.high >> 32))
  }
}

extension WireWriter {
  /// The reverse of `WireReader.address`.
  mutating func address(_ address: IPAddress) {
    if let ipv4 = address.ipv4 { ipv6(IPAddress(high: UInt64(ipv4) << 32, low: 0)) } else { ipv6(address) }
  }
}
