import RouteCore

extension Parser {
  /// What needs the whole file: the router ID of each protocol, and the list of symbols.
  func complete() {
    if needsProtocols, configuration.protocols.isEmpty, !hasErrors {
      // At the end of the file, where they would be.
      report("No protocol is specified in the config file", at: tokens.last ?? peek, hint: "at least: protocol device { }")
    }
    if case .automatic = configuration.routerID, dialect == .bird1(.ipv6), globalMarks["router id"] == nil,
      let first = configuration.protocols.first(where: { $0.kind.needsRouterID }) ?? configuration.protocols.first
    {
      report(
        "Router ID must be configured manually", at: first.location, length: first.name.utf8.count,
        hint: "an IPv6 router has no address to take it from: write router id 192.0.2.1; outside of the protocols")
    }
    if !hasErrors, !configuration.protocols.contains(where: { $0.kind.watchesNeighbors }),
      let first = configuration.protocols.first(where: { $0.kind.wantsBFD($0) })
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
    configuration.symbols = symbols.globals.map { SymbolListing(name: $0.name, kind: $0.symbol.kind) }
  }
}
