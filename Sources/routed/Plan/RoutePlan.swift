import Configuration
import Control
import RouteCore

// `plan`: which routes each peer and the kernel would gain, lose or see changed under another configuration.
//
//   RoutePlan           which routes enter and leave the tables under the other configuration, for a `Rehearsal` of its tables
//   ProtocolRehearsal   what one kind of protocol contributes to that
//   PlanAnswer          walks the networks, a few at a time, compares what is exported now with what the rehearsal exports, and answers
//
// Routes of a protocol whose import does not change are taken from the tables; others as they were before the filter, as far as that is
// known, which the answer says. Sessions that restart are assumed to bring the same routes again.

/// The other configuration, prepared for use.
final class RoutePlan {
  let daemon: Daemon
  let configuration: Configuration
  let reconfiguration: ReconfigurationPlan
  var rehearsal = Rehearsal()
  private(set) var exports: [PlannedExport] = []
  /// What cannot be predicted.
  private(set) var notes: [String] = []

  init(_ daemon: Daemon, to wanted: Configuration) {
    self.daemon = daemon
    configuration = daemon.prepared(wanted)
    reconfiguration = ReconfigurationPlan(daemon, to: configuration)
    rehearsal.takeSurroundings(from: daemon.router)
    rehearsal.router.showsFirstHopOfMultipath = !configuration.dialect.isBird1
    for table in configuration.tables {
      let present = daemon.router.table(named: table.name).flatMap { daemon.router[table: $0].family == table.family ? $0 : nil }
      let number = rehearsal.addTable(table.name, table.family, present: present)
      rehearsal.router[table: number].isSorted = table.sorted
    }
    for (order, item) in configuration.protocols.enumerated() where !item.disabled { add(item, UInt16(clamping: order)) }
    for instance in daemon.protocols {
      if let item = configuration.protocolInstance(named: instance.name), !item.disabled, item.kind == instance.configuration.kind {
        continue
      }
      for channel in instance.channels {
        guard let side = presentSide(instance, channel) else { continue }
        let row = row(instance.configuration, daemon.router[channel: channel].configuration.family, .removed)
        exports.append(PlannedExport(present: side, future: nil, isObservedAlike: false, row: row))
      }
    }
  }

  private func fate(_ item: ProtocolConfiguration) -> ProtocolFate {
    guard let step = reconfiguration.step(item.name), let instance = daemon.instance(item.name),
      instance.configuration.kind == item.kind, instance.state != .down
    else { return ProtocolFate() }
    return ProtocolFate(running: instance, action: step.action, reloads: step.reloads)
  }

  private func add(_ item: ProtocolConfiguration, _ order: UInt16) {
    let fate = fate(item)
    let protocolRehearsal = fate.running?.rehearsal(of: item) ?? ProtocolShell.rehearsal(of: item, daemon)
    protocolRehearsal.fate = fate
    protocolRehearsal.add(to: self, order)
  }

  /// A channel of a protocol: its own routes come in, what it exports goes out.
  func add(_ channel: ChannelConfiguration, of rehearsed: ProtocolRehearsal, _ order: UInt16) {
    let item = rehearsed.item
    guard let table = rehearsal.router.table(named: channel.table) else { return }
    var future = RehearsedChannel(channel, item.name, table: table, order: order, mode: rehearsed.exportMode(channel))
    let running = rehearsed.fate.running?.channel(channel.family)
    let present = running.flatMap { daemon.router[channel: $0].state == .up ? $0 : nil }
    let isStored = present != nil && !rehearsed.fate.imports(channel.family) && rehearsed.keepsRoutes
    future.decision = rehearsed.decision
    if isStored {
      future.configuration.importPolicy = .all
      future.keepsPreference = true
    }
    let id = rehearsal.addChannel(future)
    if isStored, let present {
      rehearsal.bring(present, through: id, includingFiltered: false)
    } else {
      rehearsed.bring(channel.family, present, through: id, into: self)
    }
    if rehearsed.isExporter { addExport(rehearsed, channel.family, present, id) }
  }

  /// Adds something that cannot be predicted.
  func note(_ text: String) { notes.append(text) }

  // MARK: What goes out

  private func row(_ item: ProtocolConfiguration, _ family: AddressFamily, _ state: Snapshot.Plan.State) -> Snapshot.Plan.Row {
    Snapshot.Plan.Row(name: item.name, family: family, type: item.kind.displayName, state: state)
  }

  private func addExport(_ rehearsed: ProtocolRehearsal, _ family: AddressFamily, _ present: ChannelID?, _ id: ChannelID) {
    let fate = rehearsed.fate
    let before = fate.running.flatMap { running in present.flatMap { presentSide(running, $0) } }
    let observer = rehearsed.observer(family, present: before?.observer)
    let future = observer.map { PlannedExport.Side(channel: id, observer: $0) }
    let state: Snapshot.Plan.State = fate.running == nil ? .new : future == nil ? .down : fate.staysUp ? .kept : .restarted
    exports.append(
      PlannedExport(present: before, future: future, isObservedAlike: rehearsed.observesAlike, row: row(rehearsed.item, family, state)))
  }

  /// Nil where nothing is exported.
  private func presentSide(_ instance: ProtocolInstance, _ channel: ChannelID) -> PlannedExport.Side? {
    guard daemon.router[channel: channel].state == .up else { return nil }
    return instance.exportObserver(channel).map { PlannedExport.Side(channel: channel, observer: $0) }
  }
}
