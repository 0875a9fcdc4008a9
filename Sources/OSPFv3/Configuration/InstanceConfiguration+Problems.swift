import RouteCore

extension InstanceConfiguration {
  /// What keeps the configuration from being run, in the words the user reads; empty if nothing does.
  public var problems: [String] {
    var found: [String] = []
    if areas.isEmpty { found.append("No configured areas in OSPF") }
    if routerID.rawValue == 0 { found.append("Router ID must be configured for OSPFv3") }
    if isASBoundaryRouter, areas.count == 1, areas[0].kind == .stub { found.append("ASBR must be in non-stub area") }
    var seen: Set<RouterID> = []
    for area in areas {
      if !seen.insert(area.id).inserted { found.append("Area \(area.id) is configured twice") }
      found += area.problems
      for block in area.interfaces { found += block.problems }
    }
    return found
  }
}

extension AreaConfiguration {
  /// What does not go together within the area.
  public var problems: [String] {
    var found: [String] = []
    if id == .backbone, kind != .ordinary { found.append("Backbone area cannot be stub/NSSA") }
    if summary, kind == .ordinary { found.append("Only stub/NSSA areas can use summary propagation") }
    if kind == .nssa { found.append("NSSA areas are not supported yet (area \(id))") }
    if !externals.isEmpty { found.append("External networks of NSSA areas are not supported yet (area \(id))") }
    return found
  }
}

extension AreaConfiguration.InterfaceBlock {
  fileprivate var problems: [String] {
    var found: [String] = []
    if options.type == .nonBroadcast { found.append("Interface type nonbroadcast is not supported yet") }
    if options.type == .pointToMultipoint { found.append("Interface type pointomultipoint is not supported yet") }
    if pattern.nodes.contains(where: { $0.prefix != nil }) { found.append("Interface name/mask expected, not IP prefix") }
    // RFC 5340 §A.3.2: the Hello packet has 16 bits for the interval.
    if options.effectiveDeadInterval > 65535 { found.append("Dead interval must be in range 1-65535") }
    return found
  }
}
