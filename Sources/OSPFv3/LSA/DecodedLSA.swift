import RouteCore

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
    guard lsa.count >= LSAHeader.size else { return nil }
    let body = lsa.span.bytes.extracting(droppingFirst: LSAHeader.size)
    do {
      switch type {
      case .router: self = .router(try RouterLSA.decode(body))
      case .network: self = .network(try NetworkLSA.decode(body))
      case .interAreaPrefix: self = .interAreaPrefix(try InterAreaPrefixLSA.decode(body, family))
      case .interAreaRouter: self = .interAreaRouter(try InterAreaRouterLSA.decode(body))
      case .asExternal: self = .asExternal(try ASExternalLSA.decode(body, family))
      case .nssa: self = .nssa(try ASExternalLSA.decode(body, family))
      case .link: self = .link(try LinkLSA.decode(body, family))
      case .intraAreaPrefix: self = .intraAreaPrefix(try IntraAreaPrefixLSA.decode(body, family))
      case .grace: self = .grace(try GraceLSA.decode(body))
      default: return nil
      }
    } catch {
      return nil
    }
  }
}
