import RouteCore

/// Route refresh (RFC 2918 §2): without a value.
extension CapabilityRow {
  static let routeRefresh = CapabilityRow(
    code: 2, formerCode: 128,
    announce: { capabilities, configuration, _ in capabilities.routeRefresh = configuration.enableRouteRefresh },
    decode: { capabilities, _ in capabilities.routeRefresh = true },
    write: { capabilities, announce in if capabilities.routeRefresh { announce { _ in } } },
    describe: { capabilities, description in
      description.add("route_refresh", word: "refresh", line: "Route refresh", if: capabilities.routeRefresh)
    })

  /// Enhanced route refresh (RFC 7313 §3.1): without a value. Only announced together with the plain one.
  static let enhancedRefresh = CapabilityRow(
    code: 70,
    announce: { capabilities, configuration, _ in
      capabilities.enhancedRefresh = configuration.enableRouteRefresh && configuration.enableEnhancedRefresh
    },
    decode: { capabilities, _ in capabilities.enhancedRefresh = true },
    write: { capabilities, announce in if capabilities.enhancedRefresh { announce { _ in } } },
    describe: { capabilities, description in
      description.add("enhanced_refresh", word: "enhanced-refresh", line: "Enhanced refresh", if: capabilities.enhancedRefresh)
    })
}

extension SessionParameters {
  /// The peer can be asked for its routes, and may ask for ours (RFC 2918).
  public var routeRefresh: Bool { localCapabilities.routeRefresh && remoteCapabilities.routeRefresh }
  /// A refresh is marked at its beginning and its end (RFC 7313).
  public var enhancedRefresh: Bool { localCapabilities.enhancedRefresh && remoteCapabilities.enhancedRefresh }
}
