import RouteCore

/// An IPv6 prefix in an LSA (RFC 5340 §A.4.1): length, options, a 16-bit field that depends on the LSA, then the address in as
/// many 32-bit words as the length needs.
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

  package static func decode(_ reader: inout WireReader) throws(Truncated) -> LSAPrefix {
    let length = try reader.u8()
    let options = try Options(rawValue: reader.u8())
    let field = try reader.u16()
    // No more than 128 bits make an address: what claims more cannot be read.
    guard length <= 128 else { throw Truncated() }
    var words = WireReader(try reader.take((Int(length) + 31) / 32 * 4))
    return try LSAPrefix(Prefix(words.prefixBits(length, .ipv6), length, .ipv6), options: options, field: field)
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
