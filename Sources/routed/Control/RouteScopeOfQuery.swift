import Configuration
import Control
import ControlLanguage
import RouteCore

/// What a `show route` is about: which tables, and whose export.
struct RouteScopeOfQuery {
  let tables: [TableID]
  /// By name, since protocols may go while the answer is given.
  let export: (protocolName: String, family: AddressFamily?, side: ExportSide)?

  init(_ query: RouteQuery, _ runner: CommandRunner) throws(ControlError) {
    let daemon = runner.daemon
    if let name = query.protocol, daemon.instance(name) == nil { throw .notAProtocolForRoutes(name) }
    export = try query.export.map { asked throws(ControlError) in
      let (instance, family) = try RouteScopeOfQuery.resolve(asked.channel, daemon)
      return (instance.name, family, ExportSide(asked.mode))
    }
    var found = try RouteScopeOfQuery.named(query.tables, daemon)
    let isExplicit = !found.isEmpty
    if !isExplicit { found = RouteScopeOfQuery.defaults(query, export, runner) }
    if let family = query.target.family {
      let fitting = found.filter { daemon.router[table: $0].family == family }
      if fitting.isEmpty {
        if runner.format == .bird1 { throw .networkNotFound(.bird1) }
        throw ControlError(.parseError, isExplicit ? "Incompatible type of prefix/ip with table" : "No valid tables")
      }
      found = fitting
    }
    tables = found
    guard let export else { return }
    for table in tables where channel(in: table, daemon) == nil {
      throw ControlError(.parseError, "\(export.protocolName) has no channel in table \(daemon.router[table: table].name)")
    }
  }

  /// The channel whose export is asked for, in one table.
  func channel(in table: TableID, _ daemon: Daemon) -> (instance: ProtocolInstance, channel: ChannelID, side: ExportSide)? {
    guard let export, let instance = daemon.instance(export.protocolName) else { return nil }
    for channel in instance.ends where daemon.router[channel: channel].table == table {
      if let family = export.family, daemon.router[channel: channel].configuration.family != family { continue }
      return (instance, channel, export.side)
    }
    return nil
  }

  private static func resolve(
    _ name: RouteQuery.ChannelName, _ daemon: Daemon
  ) throws(ControlError) -> (instance: ProtocolInstance, family: AddressFamily?) {
    guard let instance = daemon.instance(name.protocol) else { throw .notAProtocolForRoutes(name.protocol) }
    guard let channel = name.channel else { return (instance, nil) }
    guard let family = AddressFamily.allCases.first(where: { "\($0)" == channel }), instance.channel(family) != nil else {
      throw ControlError(.parseError, "\(name.protocol).\(channel) is not a channel")
    }
    return (instance, family)
  }

  private static func named(_ wanted: [RouteQuery.Table], _ daemon: Daemon) throws(ControlError) -> [TableID] {
    var found: [TableID] = []
    for table in wanted {
      switch table {
      case .named(let name):
        guard daemon.configuration.table(named: name) != nil, let index = daemon.router.table(named: name) else { throw .notATable(name) }
        found.append(index)
      case .all: found += daemon.configuration.tables.compactMap { daemon.router.table(named: $0.name) }
      case .imported(let name), .exported(let name):
        let (instance, family) = try resolve(name, daemon)
        let channel = family.map { "\(instance.name).\($0)" } ?? instance.name
        let ids = instance.channels.filter { family == nil || daemon.router[channel: $0].configuration.family == family }
        if case .imported = table {
          let tables = ids.compactMap { daemon.router[channel: $0].importTable }
          if tables.isEmpty { throw ControlError(.parseError, "No import table in channel \(channel)") }
          found += tables
        } else {
          let tables = ids.compactMap { daemon.router[channel: $0].exportTable }
          if tables.isEmpty { throw ControlError(.parseError, "No export table in channel \(channel)") }
          found += tables
        }
      }
    }
    return found
  }

  /// The tables of a command that names none.
  private static func defaults(
    _ query: RouteQuery, _ export: (protocolName: String, family: AddressFamily?, side: ExportSide)?, _ runner: CommandRunner
  ) -> [TableID] {
    let daemon = runner.daemon
    func tables(of name: String, _ family: AddressFamily?) -> [TableID] {
      daemon.instance(name)?.channels.map { daemon.router[channel: $0] }.filter { family == nil || $0.configuration.family == family }
        .map { $0.table } ?? []
    }
    if let export { return tables(of: export.protocolName, export.family) }
    if let name = query.protocol, runner.format == .bird2 { return tables(of: name, nil) }
    let names = daemon.configuration.dialect.isBird1 ? ["master"] : ["master4", "master6"]
    return names.compactMap { daemon.router.table(named: $0) }
  }
}

extension RouteQuery.Target {
  fileprivate var family: AddressFamily? {
    switch self {
    case .everything: nil
    case .exact(let prefix), .matching(let prefix), .within(let prefix): prefix.family
    }
  }
}

extension ExportSide {
  fileprivate init(_ mode: RouteQuery.ExportMode) {
    switch mode {
    case .export: self = .accepted
    case .preexport: self = .before
    case .noexport: self = .rejected
    case .exported: self = .announced
    }
  }
}
