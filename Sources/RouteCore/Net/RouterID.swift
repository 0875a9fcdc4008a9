/// A 32-bit identifier written as a dotted quad: BGP Identifier, OSPF Router ID, Area ID, Link State ID.
public struct RouterID: RawRepresentable, Hashable, Sendable, Comparable, LosslessStringConvertible, CustomStringConvertible {
  public var rawValue: UInt32

  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Reads a dotted quad, such as `192.0.2.1`; nil for anything else.
  public init?(_ text: String) {
    guard let address = IPAddress(text), let value = address.ipv4 else { return nil }
    rawValue = value
  }

  @inlinable public static func < (a: RouterID, b: RouterID) -> Bool { a.rawValue < b.rawValue }

  public var description: String {
    var out = ""
    write(to: &out)
    return out
  }

  package func write(to out: inout String) {
    out += String(rawValue >> 24)
    for shift in [UInt32(16), 8, 0] {
      out += "."
      out += String(rawValue >> shift & 0xff)
    }
  }
}
