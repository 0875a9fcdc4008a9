import RouteCore

// What an LSA type is. To add one: its case, decoding and source in this file, its body in a file of its own, what it means for graph and
// prefixes in `SPF/Instance+Attachment.swift`, and, as far as they concern it, its origination (`Database`) and how it is shown
// (`Views/Instance+TopologyView.swift`).

/// The LSA types this router understands, by their code (RFC 5340 §A.4.2.1, RFC 5187 §2.2).
package enum LSAKind: UInt16, Hashable, Sendable, CaseIterable {
  case router = 0x2001
  case network = 0x2002
  case interAreaPrefix = 0x2003
  case interAreaRouter = 0x2004
  case asExternal = 0x4005
  case nssa = 0x2007
  case link = 0x0008
  case intraAreaPrefix = 0x2009
  case grace = 0x000b

  /// What the LSAs that this router originates follow from.
  package enum Source: Hashable, Sendable {
    /// The interfaces and neighbours of an area.
    case area
    /// The routes to the prefixes of other areas.
    case prefixes
    /// The paths to the AS boundary routers of other areas.
    case boundaryRouters
    /// The routes exported to OSPF, and those translated from NSSAs.
    case externals
    /// A graceful restart.
    case restart
  }

  package var source: Source {
    switch self {
    case .router, .network, .link, .intraAreaPrefix: .area
    case .interAreaPrefix: .prefixes
    case .interAreaRouter: .boundaryRouters
    case .asExternal, .nssa: .externals
    case .grace: .restart
    }
  }
}

/// The body of an LSA of a known type.
package enum DecodedLSA: Hashable, Sendable {
  case router(RouterLSA)
  case network(NetworkLSA)
  case interAreaPrefix(InterAreaPrefixLSA)
  case interAreaRouter(InterAreaRouterLSA)
  case asExternal(ASExternalLSA)
  case nssa(ASExternalLSA)
  case link(LinkLSA)
  case intraAreaPrefix(IntraAreaPrefixLSA)
  case grace(GraceLSA)

  /// nil if the type is unknown or the body malformed. Prefixes and addresses in it are of one family.
  package init?(_ lsa: [UInt8], _ type: LSAType, _ family: AddressFamily = .ipv6) {
    guard let kind = type.kind, lsa.count >= LSAHeader.size else { return nil }
    let body = lsa.span.bytes.extracting(droppingFirst: LSAHeader.size)
    do {
      switch kind {
      case .router: self = .router(try RouterLSA.decode(body))
      case .network: self = .network(try NetworkLSA.decode(body))
      case .interAreaPrefix: self = .interAreaPrefix(try InterAreaPrefixLSA.decode(body, family))
      case .interAreaRouter: self = .interAreaRouter(try InterAreaRouterLSA.decode(body))
      case .asExternal: self = .asExternal(try ASExternalLSA.decode(body, family))
      case .nssa: self = .nssa(try ASExternalLSA.decode(body, family))
      case .link: self = .link(try LinkLSA.decode(body, family))
      case .intraAreaPrefix: self = .intraAreaPrefix(try IntraAreaPrefixLSA.decode(body, family))
      case .grace: self = .grace(try GraceLSA.decode(body))
      }
    } catch {
      return nil
    }
  }
}

extension DecodedLSA {
  /// The body of an AS-external-LSA or NSSA-LSA.
  var external: ASExternalLSA? {
    switch self {
    case .asExternal(let lsa), .nssa(let lsa): lsa
    case .router, .network, .interAreaPrefix, .interAreaRouter, .link, .intraAreaPrefix, .grace: nil
    }
  }
}

/// What the body of an LSA is made of to be originated.
protocol LSABody {
  func encode(into writer: inout WireWriter)
}

extension LSABody {
  var bytes: [UInt8] {
    var writer = WireWriter()
    encode(into: &writer)
    return writer.bytes
  }
}

/// The LS type field (RFC 5340 §A.4.2.1): U-bit, flooding scope, function code. An open registry: unknown types are flooded on.
package struct LSAType: RawRepresentable, Hashable, Sendable, Comparable {
  package let rawValue: UInt16
  package init(rawValue: UInt16) { self.rawValue = rawValue }
  private init(_ kind: LSAKind) { rawValue = kind.rawValue }

  package static let router = LSAType(.router)
  package static let network = LSAType(.network)
  package static let interAreaPrefix = LSAType(.interAreaPrefix)
  package static let interAreaRouter = LSAType(.interAreaRouter)
  package static let asExternal = LSAType(.asExternal)
  package static let nssa = LSAType(.nssa)
  package static let link = LSAType(.link)
  package static let intraAreaPrefix = LSAType(.intraAreaPrefix)
  package static let grace = LSAType(.grace)

  package enum FloodingScope: UInt8, Hashable, Sendable {
    case link = 0
    case area = 1
    case autonomousSystem = 2
  }

  /// nil if this router does not understand the type.
  package var kind: LSAKind? { LSAKind(rawValue: rawValue) }

  /// Types 1 to 7 of LSA function codes, which describe the topology (RFC 5187 §3).
  package var isTopology: Bool { (1...7).contains(rawValue & 0x1fff) }

  /// The U-bit: flood even if unknown.
  package var isFloodedWhenUnknown: Bool { rawValue & 0x8000 != 0 }

  /// How far the LSA is flooded; nil for the reserved scope. An unknown type without the U-bit stays on its link
  /// (RFC 5340 §4.5.2).
  package var floodingScope: FloodingScope? {
    guard let scope = FloodingScope(rawValue: UInt8(rawValue >> 13 & 3)) else { return nil }
    return kind != nil || isFloodedWhenUnknown ? scope : .link
  }

  package static func < (a: LSAType, b: LSAType) -> Bool { a.rawValue < b.rawValue }
}
