import Configuration
import RouteCore

/// The recovery from our own restart (`-R`, RFC 4724 §4.1): the routes that the kernel and the neighbours have kept are not touched until
/// the tables are complete again, that is, until the End-of-RIB of every session that has not lost its state and until the adjacencies of
/// every OSPF protocol are restored (RFC 3623), but no longer than `graceful restart wait`. Only protocols that start with the daemon take
/// part.
struct Recovery {
  enum Stage {
    case none
    /// The protocols are being started.
    case beginning
    case waiting
  }
  private(set) var stage = Stage.none
  private(set) var deadline: Instant?
  private(set) var limit = Duration.zero
  /// Channels whose routes are awaited.
  private(set) var pending: Set<ChannelID> = []
  /// Channels whose export begins only afterwards.
  private(set) var waiting: Set<ChannelID> = []

  var isComplete: Bool { stage == .waiting && pending.isEmpty }

  mutating func begin() { stage = .beginning }

  /// All protocols are started.
  mutating func wait(_ limit: Duration, from now: Instant) {
    stage = .waiting
    self.limit = limit
    deadline = now + limit
  }

  mutating func await(_ channels: [ChannelID]) { pending.formUnion(channels) }
  mutating func release(_ channel: ChannelID) { pending.remove(channel) }
  mutating func hold(_ channel: ChannelID) { waiting.insert(channel) }
  mutating func drop(_ channel: ChannelID) { waiting.remove(channel) }
  mutating func forget(_ channels: [ChannelID]) {
    pending.subtract(channels)
    waiting.subtract(channels)
  }

  mutating func end() { self = Recovery() }
}

extension Daemon {
  /// Begins the recovery, if the command line asks for one; before any protocol starts.
  func beginRecovery() {
    if options.recovers { recovery.begin() }
  }

  /// The protocols are started: from now on it is known which ones are awaited.
  func waitForRecovery() {
    guard recovery.stage == .beginning else { return }
    log.info("Graceful restart started")
    recovery.wait(.seconds(Int64(configuration.gracefulRestartWait)), from: now)
    endRecoveryIfDue(now)
  }

  /// Ends the recovery when nothing is awaited any more, or the time is over.
  func endRecoveryIfDue(_ now: Instant) {
    guard recovery.stage == .waiting, recovery.isComplete || recovery.deadline.map({ $0 <= now }) ?? false else { return }
    let waiting = recovery.waiting
    recovery.end()
    log.info("Graceful restart done")
    for instance in protocols { instance.recovered(waiting) }
    scheduleTurn()
  }
}
