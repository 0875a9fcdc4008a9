import Configuration
import Control
import Linux
import RouteCore

extension CommandRunner {
  var statusView: StatusView {
    var view = StatusView(
      routerID: daemon.routerID, hostname: daemon.hostname, now: clock.stamp(clock.now),
      lastReboot: clock.stamp(daemon.startedAt), lastReconfiguration: clock.stamp(daemon.reconfiguredAt))
    if daemon.recovery.stage == .waiting, let deadline = daemon.recovery.deadline {
      view.recovery = .init(
        waitingChannels: daemon.recovery.pending.count, remaining: deadline - daemon.now, limit: daemon.recovery.limit)
    }
    if daemon.isShuttingDown { view.state = .shuttingDown }
    return view
  }

  /// What the tables and the attributes take is known; the rest of what is allocated is counted as the protocols'.
  var memoryView: MemoryView {
    var tables = 0
    for id in daemon.router.tableIDs { tables += daemon.router[table: id].byteCount }
    let attributes = daemon.router.attributes.byteCount
    let heap = HeapUsage.now
    let used = Int(clamping: heap.used)
    var rows = [
      MemoryView.Row("Routing tables", effective: UInt64(tables)), MemoryView.Row("Route attributes", effective: UInt64(attributes)),
    ]
    if format == .bird1 { rows.append(MemoryView.Row("ROA tables", effective: 0)) }
    rows.append(MemoryView.Row("Protocols", effective: UInt64(max(used - tables - attributes, 0))))
    if format == .bird2 { rows.append(MemoryView.Row("Standby memory", effective: 0, overhead: heap.free)) }
    return MemoryView(rows: rows, total: UInt64(max(used, tables + attributes)), overhead: heap.free)
  }

  func showSymbols(_ selection: SymbolSelection, _ reply: inout ReplyWriter) {
    var all = daemon.configuration.symbols.map {
      SymbolView(name: $0.name, kind: SymbolView.Kind(rawValue: $0.kind) ?? .undefined)
    }
    for item in daemon.configuration.protocols where item.spawnedBy != nil {
      all.append(SymbolView(name: item.name, kind: SymbolView.Kind(rawValue: Symbol.protocolInstance.kindName) ?? .undefined))
    }
    switch selection {
    case .all: SymbolView.write(all, to: &reply)
    case .kind(let kind): SymbolView.write(all.filter { $0.kind == kind }, to: &reply)
    case .named(let name):
      let symbol = all.first { $0.name == name } ?? SymbolView(name: name, kind: .undefined)
      symbol.writeOnly(to: &reply)
    }
  }

  func showStatic(_ name: String?, _ reply: inout ReplyWriter) throws(ControlError) {
    let protocols = try instances(named: name, kind: "Static") { $0.subject.routes }
    StaticRouteView.write(protocols.map { instance in instance.specification.routes.map { view($0, of: instance) } }, style, to: &reply)
  }

  /// Of the first table (1.6) or all of them (2.x), if none is named.
  func showROA(_ query: ROAQuery, _ reply: inout ReplyWriter) throws(ControlError) {
    var tables = daemon.configuration.authorizationTables
    if let name = query.table {
      tables = tables.filter { $0.name == name }
      if tables.isEmpty { throw .notATable(name) }
    }
    guard let first = tables.first else { throw ControlError(.parseError, "No ROA table defined") }
    for table in style.format == .bird1 ? [first] : tables {
      for entry in table.entries where query.selects(entry) {
        reply.line(.routeOriginAuthorization, "\(entry.prefix) max \(entry.maximumLength) as \(entry.asn)")
      }
    }
    reply.final(.ok)
  }

  private func view(_ route: StaticRoute, of instance: StaticProtocol) -> StaticRouteView {
    let target: StaticRouteView.Target =
      switch route.destination {
      case .blackhole: .blackhole
      case .unreachable: .unreachable
      case .prohibit: .prohibited
      case .recursive(let gateway, _): .recursive(gateway)
      case .nextHops(let hops):
        .hops(
          hops.map { hop in
            StaticRouteView.Hop(
              gateway: hop.gateway.isUnspecified ? nil : hop.gateway, interface: hop.interface, weight: hop.weight,
              isOnLink: hop.isOnLink, usesBFD: instance.isWatched(hop), isDormant: instance.resolve(hop) == nil)
          })
      }
    return StaticRouteView(prefix: route.prefix, target: target)
  }

  /// The protocols that a command about one type means. Without a name it is the only one that runs (1.6), or all of them (2.x).
  func instances<Kind: ProtocolInstance>(
    named name: String?, kind: String, _ subject: (ProtocolInstance) -> Kind?
  ) throws(ControlError) -> [Kind] {
    if let name {
      let found = daemon.instance(name)
      guard let instance = found.flatMap(subject) else { throw .notAProtocolInstance(name, exists: found != nil, kind: kind) }
      return [instance]
    }
    let running = daemon.protocols.compactMap(subject).filter { $0.state != .down }
    if running.isEmpty { throw .noInstance(of: kind) }
    if running.count > 1, format == .bird1 { throw .severalInstances(of: kind) }
    return running
  }
}
