import BGP
import OSPFv3
import RouteCore

extension Parser {
  /// What needs the whole file: the router ID of each protocol, and the list of symbols.
  func complete() {
    if needsProtocols, configuration.protocols.isEmpty, !hasErrors {
      // At the end of the file, where they would be.
      report("No protocol is specified in the config file", at: tokens.last ?? peek, hint: "at least: protocol device { }")
    }
    if case .automatic = configuration.routerID, dialect == .bird1(.ipv6), globalMarks["router id"] == nil,
      let first = configuration.protocols.first(where: { $0.kind == .ospf || $0.kind == .bgp }) ?? configuration.protocols.first
    {
      report(
        "Router ID must be configured manually", at: first.location, length: first.name.utf8.count,
        hint: "an IPv6 router has no address to take it from: write router id 192.0.2.1; outside of the protocols")
    }
    if !hasErrors, !configuration.protocols.contains(where: { $0.kind == .bfd }),
      let first = configuration.protocols.first(where: { $0.wantsBFD })
    {
      warn(
        "'bfd' without a protocol bfd: nobody watches the neighbors", at: first.location, length: first.name.utf8.count,
        hint: "write protocol bfd { }")
    }
    let global = configuration.routerID.explicitID
    for index in configuration.protocols.indices {
      guard let id = configuration.protocols[index].routerID ?? global else { continue }
      configuration.protocols[index].setRouterID(id)
    }
    configuration.fillAuthorizationTables()
    configuration.scope = symbols
    configuration.symbols = symbols.globals.map { SymbolListing(name: $0.name, kind: $0.symbol.kindName) }
  }
}

extension ProtocolConfiguration {
  /// Whether it asks for neighbours to be watched.
  fileprivate var wantsBFD: Bool {
    switch specification {
    case .bgp: bfd != nil
    case .ospf(let ospf): ospf.instance.areas.contains { area in area.interfaces.contains { $0.options.bfd } }
    case .static(let routes):
      routes.routes.contains { route in
        if case .nextHops(let hops) = route.destination { hops.contains { $0.bfd == true } } else { false }
      }
    case .device, .direct, .kernel, .pipe, .bfd: false
    }
  }

  /// Puts the router ID to use into what needs one, when it is known: at the end of the file, or when the daemon has found one.
  package mutating func setRouterID(_ id: RouterID) {
    switch specification {
    case .ospf(var ospf):
      ospf.instance.routerID = id
      specification = .ospf(ospf)
    case .bgp(var peer):
      peer.routerID = id
      specification = .bgp(peer)
    case .device, .direct, .kernel, .static, .pipe, .bfd: break
    }
  }
}
