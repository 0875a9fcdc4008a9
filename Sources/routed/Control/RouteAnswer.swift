import Configuration
import Control
import ControlLanguage
import Linux
import RouteCore

/// The answer of `show route`: walks the tables in the order of their networks, a slice at a time. Changes made meanwhile show
/// in the part that the walk has not reached yet.
final class RouteAnswer: LongAnswer {
  private let daemon: Daemon
  private let query: RouteQuery
  private let condition: PolicyProgram?
  private let scope: RouteScopeOfQuery
  private var listing: RouteListing
  private var clock: DisplayClock
  /// The time of day when the clock of the tables began.
  private let tableEpoch: WallClock
  private var remaining: ArraySlice<TableID>
  /// The names of the tables when the answer began; a reconfiguration may give a number to another one.
  private var names: [TableID: String] = [:]
  /// The current table, and the part of it that is still to be shown.
  private var current: (table: TableID, prefixes: PrefixQueue)?
  private var view: Snapshot.Route

  /// How many networks are examined in one slice.
  private static let networksPerSlice = 2048
  /// How many bytes are written in one slice.
  private static let bytesPerSlice = 32 * 1024

  init(_ query: RouteQuery, _ runner: CommandRunner) throws(ControlError) {
    daemon = runner.daemon
    self.query = query
    scope = try RouteScopeOfQuery(query, runner)
    condition = try RouteAnswer.program(query.condition, runner)
    listing = RouteListing(query, runner.presentation, customAttributes: CustomAttribute.all(of: daemon.configuration))
    clock = runner.clock
    tableEpoch = runner.tableEpoch
    remaining = scope.tables[...]
    for table in scope.tables { names[table] = runner.daemon.router[table: table].name }
    view = Snapshot.Route(
      prefix: Prefix(.unspecified, 0), header: AttributeHeader(source: .none, preference: 0), protocolName: "",
      since: clock.stamp(clock.now))
  }

  private static func program(_ condition: RouteQuery.Condition?, _ runner: CommandRunner) throws(ControlError) -> PolicyProgram? {
    let configuration = runner.daemon.configuration
    do throws(RunTimeTextError) {
      switch condition {
      case nil: return nil
      case .term(let text): return try configuration.condition(text)
      case .inlineFilter(let body): return try configuration.filter(body: body)
      case .filter(let name):
        if let program = configuration.filter(named: name) { return program }
      }
    } catch {
      throw ControlError(error)
    }
    guard case .filter(let name)? = condition else { return nil }
    throw .noSuchFilter(name, runner.format)
  }

  // MARK: The walk

  func writeSlice(to reply: inout ReplyWriter) -> Bool {
    let end = reply.count + RouteAnswer.bytesPerSlice
    var budget = RouteAnswer.networksPerSlice
    guard var place = place() else { return finish(&reply) }
    while budget > 0, reply.count < end {
      guard let prefix = current?.prefixes.popFirst() else {
        listing.endTable(to: &reply)
        current = nil
        guard let next = self.place() else { return finish(&reply) }
        place = next
        continue
      }
      if scope.export != nil && place.export == nil || daemon.router[table: place.table].name != names[place.table] {
        // Its channel or table was removed by a reconfiguration.
        reply.fail(ControlError(.stoppedByReconfiguration, "Stopped due to reconfiguration"))
        return true
      }
      show(prefix, place, &reply)
      budget -= 1
    }
    return false
  }

  private func finish(_ reply: inout ReplyWriter) -> Bool {
    listing.finish(to: &reply)
    return true
  }

  /// What a slice needs to know about the current table, looked up again for each, since protocols come and go.
  private struct Place {
    var table: TableID
    var export: (instance: ProtocolInstance, channel: ChannelID, side: ExportSide)?
    /// The protocols that pull routes from the table, some of which may not be in use there.
    var exporters: [any RouteExporter]
  }

  /// The current table, begun if necessary; nil after the last.
  private func place() -> Place? {
    if current == nil, let table = remaining.popFirst() {
      current = (table, PrefixQueue(prefixes(in: table), seed: daemon.generator.next()))
      listing.beginTable(daemon.router[table: table].name)
    }
    guard let table = current?.table else { return nil }
    let exporters = daemon.protocols.compactMap { $0.exporter }.filter { exporter in
      exporter.channels.contains { daemon.router[channel: $0].table == table }
    }
    return Place(table: table, export: scope.channel(in: table, daemon), exporters: exporters)
  }

  private func prefixes(in table: TableID) -> [Prefix] {
    switch query.target {
    case .everything: return daemon.router[table: table].prefixes()
    case .within(let range):
      return range.family == daemon.router[table: table].family ? daemon.router[table: table].prefixes(in: range) : []
    case .exact(let prefix): return [prefix]
    case .matching(let prefix): return daemon.router.longestMatch(prefix, in: table).map { [$0] } ?? []
    }
  }

  // MARK: One network

  private struct Network {
    var prefix: Prefix
    var net: NetID
  }

  private func show(_ prefix: Prefix, _ place: Place, _ reply: inout ReplyWriter) {
    guard let net = daemon.router.network(prefix, in: place.table) else { return }
    let network = Network(prefix: prefix, net: net)
    var rest = daemon.router[table: place.table].routes(of: net)
    var isFirst = true
    var isShown = false
    while let (number, _) = daemon.router[table: place.table].next(&rest) {
      let route = daemon.router.shownRoute(number, of: net, in: place.table)
      guard route.isFiltered == query.isFilteredOnly else { continue }
      listing.current.routes &+= 1
      if isFirst { listing.current.networks &+= 1 }
      if isCandidate(isFirst: isFirst, isShown, place), show(number, route, of: network, place, &reply) { isShown = true }
      if query.isPrimaryOnly { return }
      isFirst = false
    }
  }

  /// Whether a route is a candidate for the queried export, if any: most channels consider only the best route, pipes and peers with
  /// several paths all of them, and with `secondary` all until one is accepted.
  private func isCandidate(isFirst: Bool, _ isShown: Bool, _ place: Place) -> Bool {
    guard let export = place.export else { return true }
    switch daemon.router[channel: export.channel].exportMode {
    case .any, .everyPath: return true
    case .accepted: return export.side == .before || export.side == .rejected || !isShown
    case .best, .merged, .off: return isFirst
    }
  }

  /// Returns whether it was shown.
  private func show(
    _ number: RouteID, _ route: ShownRoute, of network: Network, _ place: Place, _ reply: inout ReplyWriter
  ) -> Bool {
    if let wanted = query.protocol, daemon.router.protocolName(of: route.channel) != wanted { return false }
    guard var id = exported(number, route, network.net, place) else { return false }
    defer { daemon.router.release(id) }
    if let condition {
      guard let changed = daemon.router.attributes(id, passing: condition, network.prefix, from: route.channel) else { return false }
      daemon.router.release(id)
      id = changed
    }
    let daemon = daemon
    fill(route, network.prefix, id, isFirst: number == daemon.router.firstRoute(network.net, in: place.table))
    if route.isBest { explainBest(of: network, place) }
    listing.write(view, daemon.router.attributes.records(id), to: &reply)
    return true
  }

  /// The attributes to be shown, with one reference: the route's own, or those that the queried channel would export.
  private func exported(_ number: RouteID, _ route: ShownRoute, _ net: NetID, _ place: Place) -> AttributeID? {
    guard let export = place.export else {
      daemon.router.attributes.retain(route.attributes)
      return route.attributes
    }
    guard let observer = export.instance.exportObserver(export.channel),
      let id = daemon.router.attributes(of: number, net, exportedTo: export.channel, export.side, gate: observer)
    else { return nil }
    return daemon.router.preset(id, gate: observer)
  }

  private func fill(_ route: ShownRoute, _ prefix: Prefix, _ id: AttributeID, isFirst: Bool) {
    let header = daemon.router.attributes.header(id)
    view.prefix = prefix
    view.header = header
    view.protocolName = daemon.router.protocolName(of: route.channel)
    view.since = clock.timestamp(tableEpoch.before(.milliseconds(-Int64(clamping: route.time))))
    view.isBest = route.isBest
    view.isFirst = isFirst
    view.kernelError = nil
    view.decision = nil
    view.path = route.path
    view.hops.removeAll(keepingCapacity: true)
    for hop in daemon.router.nextHops.hops(header.nextHops) {
      view.hops.append(
        Snapshot.Route.Hop(
          gateway: hop.gateway, interface: daemon.router.interfaceNames[hop.interface] ?? "#\(hop.interface)", weight: hop.weight,
          isOnLink: hop.isOnLink, labels: hop.labels))
    }
    // An unresolved next hop is shown as unreachable, whatever type of route it was announced as.
    if header.destination == .unicast, !daemon.router.nextHops.isReachable(header.nextHops) { view.header.destination = .unreachable }
    view.resolution = header.source == .bgp ? resolution(id) : nil
  }

  /// How a next hop that had to be looked up was found, or what a direct one costs.
  private func resolution(_ id: AttributeID) -> Snapshot.Route.Resolution? {
    let daemon = daemon
    let header = daemon.router.attributes.header(id)
    let igpMetric = daemon.router.nextHops.igpMetric(header.nextHops)
    let isReachable = daemon.router.nextHops.isReachable(header.nextHops)
    let total = AccumulatedMetric.total(in: daemon.router.attributes.records(id), igpMetric: igpMetric, isReachable: isReachable)
    if let total, total < AccumulatedMetric.infinity {
      return .metric(total)
    }
    switch daemon.router.nextHops.source(header.nextHops) {
    case nil: return nil
    case .direct(_, let cost)?: return cost == 0 ? nil : cost >= NextHopTable.unknownMetric ? .unknownMetric : .metric(UInt64(cost))
    case .connected(let hop)?:
      if isReachable, hop.cost < NextHopTable.unknownMetric { return hop.cost == 0 ? nil : .metric(UInt64(hop.cost)) }
    case .recursive?: break
    }
    if !isReachable { return .unresolvable }
    return igpMetric >= NextHopTable.unknownMetric ? .unknownMetric : .metric(UInt64(igpMetric))
  }

  /// Why the route is the best, and whether the kernel refused it.
  private func explainBest(of network: Network, _ place: Place) {
    view.decision = daemon.router.decidingStep(network.net, in: place.table)
    for exporter in place.exporters {
      guard let words = exporter.failureText(network.prefix) else { continue }
      view.kernelError = words
    }
  }
}

extension CustomAttribute {
  /// The attributes that a configuration declares.
  fileprivate static func all(of configuration: Configuration) -> [CustomAttribute] {
    configuration.customAttributes.map { name, kind in
      let shown: Kind =
        switch kind {
        case .quad: .quad
        case .ip: .address
        case .string: .string
        case .int, .bool: .integer
        default: .bytes
        }
      return CustomAttribute(name: name, kind: shown)
    }
  }
}
