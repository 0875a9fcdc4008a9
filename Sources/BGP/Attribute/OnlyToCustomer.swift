import RouteCore

/// ONLY_TO_CUSTOMER (RFC 9234 §5): optional transitive, the AS that has sent the route down or across first, in four octets.
enum OnlyToCustomer {
  /// RFC 9234 §5, ingress: false if the route has leaked; one that came from above or from beside is marked.
  static func receive(_ attributes: inout RouteAttributes, _ role: Role, remoteAS: UInt32) -> Bool {
    guard let marked = attributes.u32(.onlyToCustomer) else {
      if role.facesUpOrAcross { mark(&attributes, remoteAS) }
      return true
    }
    switch role {
    case .provider, .routeServer: return false
    case .peer: return marked == remoteAS
    case .customer, .routeServerClient: return true
    }
  }

  /// RFC 9234 §5, egress: a marked route goes to customers only.
  static func mayExport(_ records: RawSpan, _ role: Role) -> Bool {
    !role.facesUpOrAcross || AttributeRecords.find(.onlyToCustomer, in: records) == nil
  }

  /// RFC 9234 §5, egress: from here on the route goes down only.
  static func send(_ attributes: inout RouteAttributes, _ role: Role, localAS: UInt32) {
    if role.facesDownOrAcross, !attributes.contains(.onlyToCustomer) { mark(&attributes, localAS) }
  }

  private static func mark(_ attributes: inout RouteAttributes, _ number: UInt32) {
    attributes.set(.onlyToCustomer, flags: AttributeFlags.optionalTransitive.rawValue, u32: number)
  }
}
