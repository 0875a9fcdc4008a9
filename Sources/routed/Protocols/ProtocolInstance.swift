import BGP
import Configuration
import Linux
import RouteCore

/// The states of `show protocols`.
enum ProtocolState: String {
  case down, start, up, stop
}

/// A running `protocol`: the shell around a machine of a pure module. It owns the protocol's channels, passes events to the machine
/// and carries out its output. Decisions are made in the machine, never here.
class ProtocolInstance {
  let name: String
  let daemon: Daemon
  private(set) var configuration: ProtocolConfiguration
  private(set) var state = ProtocolState.down
  /// When the present state began.
  private(set) var since: WallClock
  /// The operator's message on why the protocol was stopped.
  var message: String?
  /// Whether the operator or the configuration wants it to run.
  var isEnabled: Bool
  /// One for each channel of the configuration, in its order.
  private(set) var channels: [ChannelID] = []
  /// Its place in the configuration.
  private(set) var order = 0
  /// The neighbours that BFD watches for it; set by `watch`.
  var watched: [BFDRequest] = []

  init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    name = configuration.name
    self.daemon = daemon
    self.configuration = configuration
    isEnabled = !configuration.disabled
    since = daemon.wallClock
    for channel in configuration.channels {
      guard let table = daemon.router.table(named: channel.table) else { continue }
      channels.append(daemon.router.addChannel(channel, protocolName: name, table: table, decision: decisionOptions))
    }
  }

  // MARK: What a kind of protocol overrides

  /// How the protocol's routes rank among each other.
  var decisionOptions: RouteCore.DecisionOptions { .defaults }
  /// Its channels, and the other end of a pipe.
  var ends: [ChannelID] { channels }
  /// Begins to work; calls `opened()` when routes may flow.
  func start() { opened() }
  /// Ends its work; calls `closed()` when it has.
  func stop(_ reason: StopReason) { closed() }
  /// An interface came, went, or changed its state or addresses; `previous` is nil for a new one, `current` for one that is gone.
  func interfaceChanged(_ previous: Interface?, _ current: Interface?) {}
  /// The state of a watched neighbour's session has changed; `hasFailed`: the path worked and does not any more.
  func watchedChanged(_ request: BFDRequest, hasFailed: Bool) {}
  /// When `deadlineReached` wants to be called.
  var nextDeadline: Instant? { nil }
  func deadlineReached(_ now: Instant) {}
  /// Whether `reconfigure` can apply a configuration whose changed options do not require a restart.
  func canReconfigure(to new: ProtocolConfiguration) -> Bool { true }
  /// Applies a changed configuration in place. It differs only in settings that do not require a restart.
  func reconfigure(_ new: ProtocolConfiguration) { adopt(new) }
  /// Another configuration is in use now, whether it changed the protocol or not.
  func configurationApplied() {}
  /// The configuration that a protocol not named in any file would have under another configuration; nil if it would not exist.
  func successor(in new: Configuration) -> ProtocolConfiguration? { nil }
  /// What it would do under another configuration of the same kind, for `plan`.
  func rehearsal(of item: ProtocolConfiguration) -> ProtocolRehearsal { ProtocolShell.rehearsal(of: item, daemon) }

  // MARK: Roles that not all kinds have

  var importer: (any RouteImporter)? { nil }
  var exporter: (any RouteExporter)? { nil }
  var shown: (any ShownProtocol)? { nil }
  /// The object that the commands of its kind ask.
  var subject: CommandSubject { .none }

  /// Why a protocol is stopped.
  enum StopReason: Equatable {
    case shutdown(String)
    case restart(String)
    case deconfigured
    case reconfigured
    case limit
    /// The daemon ends, to be started again soon.
    case gracefulRestart
  }

  // MARK: Export

  /// How a channel wants changes of its table.
  func exportMode(_ channel: ChannelID) -> ExportMode { exporter?.exportMode(of: channel) ?? .off }

  /// How it sees the routes that a channel exports; nil while it receives none.
  func exportObserver(_ channel: ChannelID) -> RouteObserver? { exporter.map { $0.exportObserver(of: channel) } ?? RouteObserver() }

  /// Offers the routes of the tables to the protocol again, after a channel's export filter changed from `before`.
  func reloadExport(_ channel: ChannelID, before: Policy) { daemon.router.reexport(channel, exportMode(channel), before: before) }

  /// Applies the changed filters of a channel only to changes from now on (`configure soft`).
  func keepAnnounced(_ channel: ChannelID, _ reload: ConfigurationDifference.ChannelReload) {
    if reload.exports { daemon.router.keepAnnounced(channel, exportMode(channel)) }
  }

  // MARK: Recovery

  /// The recovery from a restart has ended: what was held back for these channels goes out.
  func recovered(_ waiting: Set<ChannelID>) {
    for id in channels where waiting.contains(id) { daemon.router.releaseExport(id, exporting: exportMode(id)) }
  }

  /// Holds a channel's export back until the recovery has ended.
  func waitForRecovery(_ channel: ChannelID) {
    daemon.recovery.hold(channel)
    daemon.router.holdExport(channel)
  }

  // MARK: VRF

  /// Whether the protocol may see an interface (`vrf`).
  func sees(_ interface: Interface) -> Bool { daemon.interfaces.contains(interface, in: configuration.vrf) }

  /// The interfaces of the protocol's VRF.
  var interfaces: [Interface] { daemon.interfaces.all.filter(sees) }

  /// The master that the protocol's interfaces have, 0 for none; nil if it does not matter.
  var master: UInt32? {
    switch configuration.vrf {
    case nil: nil
    case .default?: 0
    case .named(let name)?: daemon.interfaces.named(name)?.index ?? .max
    }
  }

  /// The device of the protocol's VRF appeared or disappeared: sockets bound to it have to be reopened.
  func vrfChanged() {}

  // MARK: Life

  /// Enters a state, and records the time.
  func enter(_ new: ProtocolState) {
    guard new != state else { return }
    daemon.log.trace(self, .states, "State changed to \(new.rawValue)")
    state = new
    since = daemon.wallClock
    daemon.scheduleTurn()
  }

  /// Starts it if it is wanted and not running.
  func startIfEnabled() {
    guard isEnabled, state == .down else { return }
    guard hasRouterID else { return awaitRouterID() }
    if message == ProtocolInstance.noRouterID { message = nil }
    enter(.start)
    start()
  }

  private static let noRouterID = "There is no router ID yet"

  /// Whether there is a router id, if it needs one.
  private var hasRouterID: Bool { !configuration.kind.needsRouterID || (configuration.routerID ?? daemon.routerID).rawValue != 0 }

  /// An identifier of 0 is invalid (RFC 6286 §2.1, RFC 2328 §C.1): the protocol starts when an interface provides one.
  private func awaitRouterID() {
    guard message != ProtocolInstance.noRouterID else { return }
    message = ProtocolInstance.noRouterID
    daemon.log.warning("\(name): \(ProtocolInstance.noRouterID): set `router id`, or give an interface an IPv4 address")
  }

  /// Routes may flow: opens the channels.
  func opened() {
    opened(channels)
  }

  /// Opens only some channels; for sessions that do not carry all configured families.
  func opened(_ some: [ChannelID]) {
    for channel in some { daemon.router.open(channel, exporting: exportMode(channel)) }
    enter(.up)
  }

  /// All routes of the protocol are gone.
  func closed() {
    watch([])
    closeChannels()
    enter(.down)
    daemon.protocolClosed(self)
  }

  func closeChannels() {
    daemon.kernel?.takeOut(channels)
    let time = daemon.routeTime
    for channel in channels { daemon.router.close(channel, at: time) }
    daemon.scheduleTurn()
  }

  /// Ends the protocol for good, after it is down.
  func remove() {
    for channel in ends.reversed() { daemon.router.removeChannel(channel) }
    channels = []
  }

  /// Takes over the settings that need no restart: policies, limits, preference, debug.
  func adopt(_ new: ProtocolConfiguration) {
    configuration = new
    for (id, channel) in zip(channels, new.channels) { daemon.router[channel: id].configuration = channel }
  }

  /// Puts the limits of the configuration into force.
  func applyLimits() { for channel in ends { daemon.router.applyLimits(channel) } }

  /// Whether a channel is the protocol's.
  func owns(_ channel: ChannelID) -> Bool { ends.contains(channel) }

  /// Sets what is traced, until the next configuration.
  func trace(_ flags: DebugMask) { configuration.debug = flags }
  /// Sets what goes to the MRT file, until the next configuration.
  func record(_ mask: MRTDumpMask) { configuration.mrtdump = mask }

  func channel(_ family: AddressFamily) -> ChannelID? {
    channels.first { daemon.router[channel: $0].configuration.family == family }
  }

  /// Its place in the configuration.
  func setOrder(_ order: Int) {
    self.order = order
    for channel in ends { daemon.router[channel: channel].order = UInt16(clamping: order) }
  }
}
