import Configuration
import Control
import RouteCore

extension SnapshotReader {
  func status(of instance: ProtocolInstance) -> Snapshot.ProtocolStatus {
    let configuration = instance.configuration
    var status = Snapshot.ProtocolStatus(
      name: instance.name, type: configuration.kind.displayName, table: configuration.channels.first?.table,
      state: .init(instance.state), since: clock.stamp(instance.since))
    status.mayHaveSeveralChannels = configuration.kind.channels == .several
    status.description = configuration.description
    status.message = instance.message
    status.routerID = configuration.routerID
    status.vrf = configuration.vrf.map { $0.name ?? "default" }
    status.channels = zip(instance.channels, configuration.channels).map { channel($0, $1, of: instance) }
    if status.channels.isEmpty { status.impliedChannel = impliedChannel(configuration.kind) }
    instance.shown?.fill(&status)
    return status
  }

  private func impliedChannel(_ kind: ProtocolDescription) -> Snapshot.Channel {
    Snapshot.Channel(
      name: "\(daemon.configuration.dialect.impliedFamily ?? .ipv6)", state: .up, table: "master", preference: kind.defaultPreference,
      filters: ("ACCEPT", "REJECT"))
  }

  private func channel(_ id: ChannelID, _ configuration: ChannelConfiguration, of instance: ProtocolInstance) -> Snapshot.Channel {
    let channel = daemon.router[channel: id]
    var shown = Snapshot.Channel(
      name: "\(configuration.family)", state: state(of: channel, instance), table: configuration.table,
      preference: configuration.preference,
      filters: (Snapshot.Channel.name(of: configuration.importPolicy), Snapshot.Channel.name(of: configuration.exportPolicy)))
    let hit = channel.limitsHit
    shown.receiveLimit = configuration.receiveLimit.map { Snapshot.Channel.Limit($0, isHit: hit.receive) }
    shown.importLimit = configuration.importLimit.map { Snapshot.Channel.Limit($0, isHit: hit.import) }
    shown.exportLimit = configuration.exportLimit.map { Snapshot.Channel.Limit($0, isHit: hit.export) }
    if daemon.recovery.stage == .waiting {
      shown.recovery = .init(isPending: daemon.recovery.pending.contains(id), isWaiting: daemon.recovery.waiting.contains(id))
    }
    let statistics = channel.statistics
    shown.imported = statistics.imported
    shown.filtered = configuration.keepFiltered ? statistics.filtered : nil
    shown.exported = statistics.exported
    shown.preferred = statistics.preferred
    shown.statistics.importUpdates = .init(statistics.importUpdates)
    shown.statistics.importWithdraws = .init(statistics.importWithdraws)
    shown.statistics.exportUpdates = .init(statistics.exportUpdates)
    shown.statistics.exportWithdraws = .init(statistics.exportWithdraws)
    instance.shown?.fill(&shown, id)
    return shown
  }

  /// The channel of a peer that restarts keeps its routes while there is no session.
  private func state(of channel: Channel, _ instance: ProtocolInstance) -> Snapshot.Channel.State {
    channel.state == .down ? .down : instance.state == .up ? .up : .start
  }
}

extension Snapshot.ProtocolStatus.State {
  fileprivate init(_ state: ProtocolState) {
    switch state {
    case .down: self = .down
    case .start: self = .start
    case .up: self = .up
    case .stop: self = .stop
    }
  }
}

extension Snapshot.Channel.Counters {
  init(_ line: ChannelStatistics.Line) {
    self.init(
      received: line.received, rejected: line.rejected, filtered: line.filtered, ignored: line.ignored, accepted: line.accepted)
  }
}
