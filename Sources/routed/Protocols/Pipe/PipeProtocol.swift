import Configuration
import Control
import Linux
import RouteCore

extension ProtocolShell {
  static let pipe = ProtocolShell(kind: .pipe, make: { PipeProtocol($0, $1) }, rehearse: { PipeRehearsal($0, $1) })
}

/// `protocol pipe`: carries routes between two tables of one family. The configured channel is that of the protocol's own table; a
/// second one, on the peer table, takes the routes in the other direction.
///
/// `export` is what goes from the table to the peer table, `import` what comes back. Each end filters the routes that leave its table, so that a
/// route passes each filter once. The transfer itself is `Router.pullPipe`.
final class PipeProtocol: ProtocolInstance, RouteImporter, RouteExporter, ShownProtocol {
  private(set) var peer: ChannelID?

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    super.init(configuration, daemon)
    guard case .pipe(let pipe) = configuration.specification, let own = channels.first,
      let table = daemon.router.table(named: pipe.peerTable)
    else { return }
    peer = daemon.router.addChannel(PipeProtocol.peerEnd(daemon.router[channel: own].configuration), protocolName: name, table: table)
    apply()
  }

  /// The peer end: it exports what the pipe imports; routes that enter the peer table have already been filtered, and count as exported.
  static func peerEnd(_ channel: ChannelConfiguration) -> ChannelConfiguration {
    var reversed = channel
    reversed.exportPolicy = channel.importPolicy
    reversed.importLimit = channel.exportLimit
    return withoutFilter(reversed)
  }

  /// An end imports what the other one has filtered.
  static func withoutFilter(_ channel: ChannelConfiguration) -> ChannelConfiguration {
    var channel = channel
    channel.importPolicy = .all
    channel.receiveLimit = nil
    channel.exportLimit = nil
    channel.keepFiltered = false
    return channel
  }

  private func apply() {
    guard let own = channels.first, let peer else { return }
    daemon.router[channel: own].configuration = PipeProtocol.withoutFilter(daemon.router[channel: own].configuration)
    for end in [own, peer] {
      daemon.router[channel: end].isPipe = true
      daemon.router[channel: end].keepsPreference = !isOpaque
    }
  }

  override var importer: (any RouteImporter)? { self }
  override var exporter: (any RouteExporter)? { self }
  override var shown: (any ShownProtocol)? { self }

  /// Also the one in the peer table.
  override var ends: [ChannelID] { peer.map { channels + [$0] } ?? channels }

  func exportMode(of channel: ChannelID) -> ExportMode { .any }
  func exportObserver(of channel: ChannelID) -> RouteObserver? { RouteObserver() }
  var feedsTables: Bool { true }

  override func start() {
    if let peer { daemon.router.open(peer, exporting: .any) }
    opened()
  }

  override func stop(_ reason: StopReason) {
    enter(.stop)
    if let peer { daemon.router.close(peer, at: daemon.routeTime) }
    closed()
  }

  override func remove() {
    super.remove()
    peer = nil
  }

  override func adopt(_ new: ProtocolConfiguration) {
    super.adopt(new)
    if let peer, let channel = new.channels.first { daemon.router[channel: peer].configuration = PipeProtocol.peerEnd(channel) }
    apply()
  }

  func reloadImport(_ channel: ChannelID) -> Bool {
    if let peer { daemon.router.reexport(peer, .any) }
    return true
  }

  override func keepAnnounced(_ channel: ChannelID, _ reload: ConfigurationDifference.ChannelReload) {
    super.keepAnnounced(channel, reload)
    if reload.imports, let peer { daemon.router.keepAnnounced(peer, .any) }
  }

  func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let own = channels.first, let peer else { return false }
    let time = daemon.routeTime
    let more = daemon.router.pullPipe(from: own, to: peer, limit: 4096, gate: OpenGate(), at: time)
    return daemon.router.pullPipe(from: peer, to: own, limit: 4096, gate: OpenGate(), at: time) || more
  }

  // MARK: For `show protocols`

  func fill(_ status: inout Snapshot.ProtocolStatus) {
    guard case .pipe(let pipe) = configuration.specification, let table = configuration.channels.first?.table else { return }
    status.details = .pipe(Snapshot.Pipe(table: table, peerTable: pipe.peerTable))
  }

  /// A pipe filters what leaves a table, and what it has exported is what the other end has imported.
  func fill(_ channel: inout Snapshot.Channel, _ id: ChannelID) {
    guard let peer else { return }
    func passed(_ out: ChannelStatistics.Line, _ in: ChannelStatistics.Line) -> Snapshot.Channel.Counters {
      .init(
        received: out.received, rejected: out.rejected, filtered: out.filtered, ignored: `in`.ignored, accepted: `in`.accepted)
    }
    let own = daemon.router[channel: id].statistics
    let other = daemon.router[channel: peer].statistics
    channel.exported = other.imported
    channel.statistics.importUpdates = passed(other.exportUpdates, own.importUpdates)
    channel.statistics.importWithdraws = passed(other.exportWithdraws, own.importWithdraws)
    channel.statistics.exportUpdates = passed(own.exportUpdates, other.importUpdates)
    channel.statistics.exportWithdraws = passed(own.exportWithdraws, other.importWithdraws)
  }

  private var isOpaque: Bool { if case .pipe(let pipe) = configuration.specification { pipe.opaque } else { false } }
}

/// `plan` for `protocol pipe`.
final class PipeRehearsal: ProtocolRehearsal {
  override func add(to plan: RoutePlan, _ order: UInt16) {
    guard case .pipe(let pipe) = item.specification, let channel = item.channels.first,
      let table = plan.rehearsal.router.table(named: channel.table), let peerTable = plan.rehearsal.router.table(named: pipe.peerTable)
    else { return }
    var own = RehearsedChannel(PipeProtocol.withoutFilter(channel), item.name, table: table, order: order, mode: .any)
    var peer = RehearsedChannel(PipeProtocol.peerEnd(channel), item.name, table: peerTable, order: order, mode: .any)
    own.keepsPreference = !pipe.opaque
    peer.keepsPreference = !pipe.opaque
    plan.rehearsal.addPipe(plan.rehearsal.addChannel(own), plan.rehearsal.addChannel(peer))
  }
}
