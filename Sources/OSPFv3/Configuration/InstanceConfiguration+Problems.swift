import RouteCore

extension InstanceConfiguration {
  /// What keeps the configuration from being run, in the words the user reads; empty if nothing does.
  public var problems: [String] {
    var found: [String] = []
    if areas.isEmpty { found.append("No configured areas in OSPF") }
    if routerID.rawValue == 0 { found.append("Router ID must be configured for OSPFv3") }
    if isASBoundaryRouter, areas.count == 1, areas[0].kind == .stub { found.append("ASBR must be in non-stub area") }
    // RFC 2328 §15: the ends of virtual links are area border routers.
    if areas.count == 1, !areas[0].virtualLinks.isEmpty { found.append("Vlinks cannot be used on single area router") }
    // RFC 5838 §2.8: what is sent to an address that an IPv4 LSA names would be no IPv6 packet.
    if family != .ipv6, areas.contains(where: { !$0.virtualLinks.isEmpty }) {
      found.append("Vlinks not supported in AFs other than IPv6 unicast")
    }
    var seen: Set<RouterID> = []
    for area in areas {
      if !seen.insert(area.id).inserted { found.append("Area \(area.id) is configured twice") }
      found += area.problems.map { $0.text }
      for block in area.interfaces { found += block.problems }
      for link in area.virtualLinks { found += link.options.problems }
    }
    return found
  }
}

extension AreaConfiguration {
  /// What does not go together within an area.
  public enum Problem: Hashable, Sendable {
    /// The backbone is a stub area or NSSA.
    case backboneKind
    /// The backbone is a transit area (RFC 2328 §15 forbids it).
    case backboneVirtualLink
    /// `summary` in an ordinary area, which hears of other areas anyway.
    case summaryOfOrdinary
    /// `default nssa` without `nssa` and `summary`.
    case defaultWithoutSummary
    /// `default cost2` without `default nssa`.
    case type2WithoutDefault

    /// In the words the user reads.
    public var text: String {
      switch self {
      case .backboneKind: "Backbone area cannot be stub/NSSA"
      case .backboneVirtualLink: "Virtual link cannot be in backbone"
      case .summaryOfOrdinary: "Only stub/NSSA areas can use summary propagation"
      case .defaultWithoutSummary: "Only NSSA areas with summary propagation can use NSSA default route"
      case .type2WithoutDefault: "Only NSSA default route can use type 2 metric"
      }
    }
  }

  /// In a fixed order; empty if all is well.
  public var problems: [Problem] {
    var found: [Problem] = []
    if id == .backbone, kind != .ordinary { found.append(.backboneKind) }
    if id == .backbone, !virtualLinks.isEmpty { found.append(.backboneVirtualLink) }
    if summary, kind == .ordinary { found.append(.summaryOfOrdinary) }
    if defaultNSSA, kind != .nssa || !summary { found.append(.defaultWithoutSummary) }
    if isDefaultType2, !defaultNSSA { found.append(.type2WithoutDefault) }
    return found
  }
}

extension AreaConfiguration.InterfaceBlock {
  fileprivate var problems: [String] {
    var found: [String] = []
    if pattern.nodes.contains(where: { $0.prefix != nil }) { found.append("Interface name/mask expected, not IP prefix") }
    return found + options.problems
  }
}

extension InterfaceOptions {
  fileprivate var problems: [String] {
    // RFC 5340 §A.3.2: the Hello packet has 16 bits for the interval.
    effectiveDeadInterval > 65535 ? ["Dead interval must be in range 1-65535"] : []
  }
}
