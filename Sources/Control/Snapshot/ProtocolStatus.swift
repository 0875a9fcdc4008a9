import RouteCore

extension Snapshot {
  /// One protocol of `show protocols [all]`. For the brief form only the fields of the initializer and `details`' state are read.
  package struct ProtocolStatus: Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
      case down, start, wait, feed, up, stop, flush
      /// In any state other than down, the channels' counters are shown.
      package var isDown: Bool { self == .down }
    }
    /// What one kind of protocol shows in addition to what all show.
    package enum Details: Sendable {
      case none
      case bgp(BGPPeer)
      /// `Running` once there is a Full neighbour, else `Alone`.
      case ospf(isRunning: Bool)
      case pipe(Pipe)
    }
    package var name: String
    /// `Device`, `Kernel`, `Direct`, `Static`, `Pipe`, `OSPF`, `BGP`.
    package var type: String
    /// The table of its first channel.
    package var table: String?
    /// Its kind may have a channel for each family. In 2.x such a protocol shows no table.
    package var mayHaveSeveralChannels: Bool
    package var state: State
    package var since: Timestamp
    package var description: String?
    /// Why it was stopped: the text of `disable NAME "text"`, or of an error.
    package var message: String?
    /// Only if the protocol has its own.
    package var routerID: RouterID?
    package var vrf: String?
    package var channels: [Channel]
    /// For protocols without channels: the connection to the main table that 1.6 shows all the same.
    package var impliedChannel: Channel?
    package var details: Details

    package init(name: String, type: String, table: String?, state: State, since: Timestamp) {
      self.name = name
      self.type = type
      self.table = table
      self.state = state
      self.since = since
      details = .none
      mayHaveSeveralChannels = false
      channels = []
    }

    /// The table that a daemon of this look names.
    func table(in look: CLIFormat) -> String? { look == .bird2 && mayHaveSeveralChannels ? nil : table }

    /// The channels that a daemon of this look has.
    func channels(in look: CLIFormat) -> [Channel] {
      if look == .bird1, channels.isEmpty, let impliedChannel { return [impliedChannel] }
      return channels
    }
  }
}
