/// The LS type field (RFC 5340 §A.4.2.1): U-bit, flooding scope, function code. An open registry: unknown types are flooded on.
package struct LSAType: RawRepresentable, Hashable, Sendable, Comparable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let router = LSAType(rawValue: 0x2001)
  package static let network = LSAType(rawValue: 0x2002)
  package static let interAreaPrefix = LSAType(rawValue: 0x2003)
  package static let interAreaRouter = LSAType(rawValue: 0x2004)
  package static let asExternal = LSAType(rawValue: 0x4005)
  package static let nssa = LSAType(rawValue: 0x2007)
  package static let link = LSAType(rawValue: 0x0008)
  package static let intraAreaPrefix = LSAType(rawValue: 0x2009)
  package static let grace = LSAType(rawValue: 0x000b)

  package enum FloodingScope: UInt8, Hashable, Sendable {
    case link = 0
    case area = 1
    case autonomousSystem = 2
  }

  /// Whether this router understands the type.
  package var isKnown: Bool {
    switch self {
    case .router, .network, .interAreaPrefix, .interAreaRouter, .asExternal, .nssa, .link, .intraAreaPrefix, .grace: true
    default: false
    }
  }

  /// Types 1 to 7 of LSA function codes, which describe the topology (RFC 5187 §3).
  package var isTopology: Bool { (1...7).contains(rawValue & 0x1fff) }

  /// The U-bit: flood even if unknown.
  package var isFloodedWhenUnknown: Bool { rawValue & 0x8000 != 0 }

  /// How far the LSA is flooded; nil for the reserved scope. An unknown type without the U-bit stays on its link
  /// (RFC 5340 §4.5.2).
  package var floodingScope: FloodingScope? {
    guard let scope = FloodingScope(rawValue: UInt8(rawValue >> 13 & 3)) else { return nil }
    return isKnown || isFloodedWhenUnknown ? scope : .link
  }

  package static func < (a: LSAType, b: LSAType) -> Bool { a.rawValue < b.rawValue }
}
