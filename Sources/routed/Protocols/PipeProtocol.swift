import Configuration
import Linux
import RouteCore

/// `protocol pipe`: carries routes between two tables of one family. The configured channel is that of the protocol's own table; a
/// second one, on the peer table, takes the routes in the other direction.
///
/// `export` is what goes from the table to the peer table, `import` what comes back. Each end filters on its way out, so that a route
/// passes each filter once. The carrying itself is `Router.pullPipe`.
final class PipeProtocol: ProtocolInstance {
  private(set) var peer: ChannelID?

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    super.init(configuration, daemon)
    guard case .pipe(let pipe) = configuration.specification, let own = channels.first,
      let table = daemon.router.tableIndex(pipe.peerTable)
    else { return }
    peer = daemon.router.addChannel(PipeProtocol.peerEnd(daemon.router[channel: own].configuration), protocolName: name, table: table)
    apply()
  }

  /// The peer end: what the pipe imports, it exports; what comes into the peer table is filtered already, and counts as exported.
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

  override var exportMode: Channel.ExportMode { .any }

  override func start() {
    if let peer { daemon.router.open(peer, exporting: exportMode) }
    opened()
  }

  override func stop(_ reason: StopReason) {
    enter(.stop)
    if let peer { daemon.router.close(peer, at: daemon.routeTime) }
    closed()
  }

  override func owns(_ channel: ChannelID) -> Bool { super.owns(channel) || channel == peer }

  override func applyLimits() {
    super.applyLimits()
    if let peer { daemon.router.applyLimits(peer) }
  }

  override func remove() {
    if let peer { daemon.router.removeChannel(peer) }
    peer = nil
    super.remove()
  }

  override func adopt(_ new: ProtocolConfiguration) {
    super.adopt(new)
    if let peer, let channel = new.channels.first { daemon.router[channel: peer].configuration = PipeProtocol.peerEnd(channel) }
    apply()
  }

  override func reloadImport(_ channel: ChannelID) -> Bool {
    if let peer { daemon.router.reexport(peer, exportMode) }
    return true
  }

  override func keepAnnounced(_ channel: ChannelID, imports: Bool, exports: Bool) {
    super.keepAnnounced(channel, imports: imports, exports: exports)
    if imports, let peer { daemon.router.keepAnnounced(peer, exportMode) }
  }

  override func setOrder(_ order: Int) {
    super.setOrder(order)
    if let peer { daemon.router[channel: peer].order = UInt16(clamping: order) }
  }

  override var hasPendingExports: Bool { super.hasPendingExports || peer.map { daemon.router[channel: $0].hasPendingExports } ?? false }

  override func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let own = channels.first, let peer else { return false }
    let time = daemon.routeTime
    let more = daemon.router.pullPipe(from: own, to: peer, limit: 4096, gate: OpenGate(), at: time)
    return daemon.router.pullPipe(from: peer, to: own, limit: 4096, gate: OpenGate(), at: time) || more
  }

  private var isOpaque: Bool { if case .pipe(let pipe) = configuration.specification { pipe.opaque } else { false } }
}
