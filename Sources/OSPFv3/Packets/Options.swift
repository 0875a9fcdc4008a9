/// The Options field of Hellos, Database Descriptions and some LSAs (RFC 5340 §A.2), 24 bits.
package struct Options: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue & 0xff_ffff }

  /// The router (or link) takes part in IPv6 routing.
  package static let v6 = Options(rawValue: 0x01)
  /// AS-external-LSAs are flooded here.
  package static let e = Options(rawValue: 0x02)
  /// The area is an NSSA.
  package static let n = Options(rawValue: 0x08)
  /// The originator is an active router: traffic may pass through it.
  package static let r = Options(rawValue: 0x10)
  /// Demand circuits (RFC 1793).
  package static let dc = Options(rawValue: 0x20)
  /// Instance IDs tell the address family (RFC 5838 §2.2).
  package static let af = Options(rawValue: 0x100)
}
