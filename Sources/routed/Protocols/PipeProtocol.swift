import Configuration
import Linux
import RouteCore

/// `protocol pipe`: carries routes between two tables of one family. The configured channel is that of the protocol's own table; a
/// second one, on the peer table, takes the routes in the other direction.
///
/// `export` is what goes from the table to the peer table, `import` what comes back. Each end filters on its way out, so that a route
/// passes each filter once.
final class PipeProtocol: ProtocolInstance {
  private(set) var peer: ChannelID?
  private var batch = ExportBatch()

  override init(_ configuration: ProtocolConfiguration, _ daemon: Daemon) {
    super.init(configuration, daemon)
    guard case .pipe(let pipe) = configuration.specification, let own = channels.first,
      let table = daemon.router.tableIndex(pipe.peerTable)
    else { return }
    peer = daemon.router.addChannel(PipeProtocol.reversed(daemon.router[channel: own].configuration), protocolName: name, table: table)
    apply()
  }

  /// The peer end: what the pipe imports, it exports; what comes into the peer table is filtered already.
  private static func reversed(_ channel: ChannelConfiguration) -> ChannelConfiguration {
    var reversed = channel
    reversed.exportPolicy = channel.importPolicy
    reversed.importPolicy = .all
    return reversed
  }

  private func apply() {
    // The own end imports what the peer end has filtered.
    guard let own = channels.first, let peer else { return }
    daemon.router[channel: own].configuration.importPolicy = .all
    for end in [own, peer] { daemon.router[channel: end].keepsPreference = !isOpaque }
  }

  override func start() {
    if let peer { daemon.router.open(peer, exporting: .best) }
    opened()
  }

  override func stop(_ reason: StopReason) {
    if let peer { daemon.router.close(peer, at: daemon.routeTime) }
    closed()
  }

  override func remove() {
    if let peer { daemon.router.removeChannel(peer) }
    peer = nil
    super.remove()
  }

  override func adopt(_ new: ProtocolConfiguration) {
    super.adopt(new)
    if let peer, let channel = new.channels.first { daemon.router[channel: peer].configuration = PipeProtocol.reversed(channel) }
    apply()
  }

  override func reloadImport(_ channel: ChannelID) -> Bool {
    if let peer { daemon.router.reexport(peer, .best) }
    return true
  }

  override func keepAnnounced(_ channel: ChannelID, imports: Bool, exports: Bool) {
    super.keepAnnounced(channel, imports: imports, exports: exports)
    if imports, let peer { daemon.router.keepAnnounced(peer, .best) }
  }

  override func setOrder(_ order: Int) {
    super.setOrder(order)
    if let peer { daemon.router[channel: peer].order = UInt16(clamping: order) }
  }

  override var hasPendingExports: Bool { super.hasPendingExports || peer.map { daemon.router[channel: $0].hasPendingExports } ?? false }

  override func pumpExports(_ now: Instant) -> Bool {
    guard state == .up, let own = channels.first, let peer else { return false }
    let more = move(from: own, to: peer)
    return move(from: peer, to: own) || more
  }

  /// Pulls changes of one end and announces them at the other.
  private func move(from: ChannelID, to: ChannelID) -> Bool {
    let more = daemon.router.pullExports(from, limit: 4096, gate: OpenGate(), into: &batch)
    let time = daemon.routeTime
    var attributes = RouteAttributes(AttributeHeader(source: .pipe, preference: 0))
    for item in batch.items {
      if item.attributes == .none {
        daemon.router.withdraw(to, item.prefix, at: time)
      } else {
        daemon.router.attributes.load(item.attributes, into: &attributes)
        daemon.router.announce(to, item.prefix, attributes, at: time)
      }
    }
    daemon.router.finish(&batch)
    return more
  }

  private var isOpaque: Bool { if case .pipe(let pipe) = configuration.specification { pipe.opaque } else { false } }
}
