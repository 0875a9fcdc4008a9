import RouteCore

extension PeerConfiguration {
  /// What part a side takes in restarts (RFC 4724, RFC 9494).
  public enum RestartMode: Sendable, Hashable {
    /// None.
    case no
    /// It keeps the routes of a peer that restarts.
    case aware
    /// It may restart itself, too, and the peer is to keep its routes.
    case yes
  }

  /// The two kinds of restart.
  public enum RestartKind: Sendable, Hashable {
    /// RFC 4724
    case gracefulRestart
    /// RFC 9494
    case longLived
  }

  /// `long lived graceful restart` with its default applied.
  public var effectiveLongLivedGracefulRestart: RestartMode {
    longLivedGracefulRestart ?? (gracefulRestart == .no ? .no : .aware)
  }

  /// Whether the peer is asked to keep our routes of a family: the channel's option, else the protocol's.
  public func keepsStateOver(_ kind: RestartKind, _ family: AddressFamily) -> Bool {
    guard let channel = channel(family) else { return false }
    switch kind {
    case .gracefulRestart: return channel.gracefulRestart ?? (gracefulRestart == .yes)
    case .longLived: return channel.longLivedGracefulRestart ?? (effectiveLongLivedGracefulRestart == .yes)
    }
  }

  /// The stale time of a family, in seconds.
  public func staleTime(_ family: AddressFamily) -> UInt32 { channel(family)?.longLivedStaleTime ?? longLivedStaleTime }

  /// Whether a session may end without a word, so that the peer keeps our routes.
  public var mayRestart: Bool { gracefulRestart == .yes || effectiveLongLivedGracefulRestart == .yes }
}
