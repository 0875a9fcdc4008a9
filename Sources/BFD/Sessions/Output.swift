import RouteCore

extension Sessions {
  /// What is to be told to those who asked for a session.
  public struct Change: Hashable, Sendable {
    /// Which session changed.
    public var key: SessionKey
    /// What it is in now.
    public var state: Session.State
    /// The session was Up and is not any more, and that not because the neighbour was switched off: the path has failed.
    public var hasFailed: Bool
  }

  /// Reused by the driver from call to call; `removeAll` keeps its storage.
  public struct Output: MachineOutput, Sendable {
    /// What is written to the log beside complaints (`debug`).
    public struct Trace: OptionSet, Hashable, Sendable {
      public let rawValue: UInt8
      public init(rawValue: UInt8) { self.rawValue = rawValue }
      /// Sessions come, go, and change their states.
      public static let events = Trace(rawValue: 1)
      /// Each packet, sent and received.
      public static let packets = Trace(rawValue: 2)
    }

    /// One line for the log.
    public struct Line: Hashable, Sendable {
      /// What a line is about: something traced, a bad packet, or one that failed authentication.
      public enum Level: Hashable, Sendable { case trace, remote, auth }
      /// Which log classes it belongs to.
      public var level: Level
      /// Without the protocol's name and a line end.
      public var text: String
    }

    /// A packet to send: which of `bytes`, from where to whom.
    public struct Packet: Hashable, Sendable {
      /// The local address to send from.
      public var source: IPAddress
      /// Whom to send it to, and on which interface.
      public var destination: SessionKey
      /// Where it lies in `bytes`.
      public var range: Range<Int>
    }

    /// What is traced. The owner sets it; `removeAll` leaves it.
    public var trace: Trace = []
    /// For the log, in order.
    public internal(set) var lines: [Line] = []
    /// State changes, in order.
    public internal(set) var changes: [Change] = []
    /// To be sent, in order.
    public internal(set) var packets: [Packet] = []
    /// A session has come or gone.
    public internal(set) var sessionsChanged = false
    private var writer = WireWriter()

    /// Nothing to do and nothing traced.
    public init() {}

    /// The packets to send, one after another; see `Packet.range`.
    public var bytes: [UInt8] { writer.bytes }

    /// Forgets what was to be done, but neither `trace` nor the storage.
    public mutating func removeAll() {
      lines.removeAll(keepingCapacity: true)
      changes.removeAll(keepingCapacity: true)
      packets.removeAll(keepingCapacity: true)
      sessionsChanged = false
      writer.removeAll()
    }

    mutating func trace(_ flag: Trace, _ text: @autoclosure () -> String) {
      if trace.contains(flag) { lines.append(Line(level: .trace, text: text())) }
    }

    /// `finish` may add to the packet, which begins where it is told.
    mutating func send(_ packet: ControlPacket, from source: IPAddress, to key: SessionKey, finish: (inout WireWriter, Int) -> Void) {
      trace(.packets, "Packet to \(key.address): \(packet.state.name)\(packet.flags.names)")
      let start = writer.count
      packet.encode(into: &writer)
      finish(&writer, start)
      packets.append(Packet(source: source, destination: key, range: start..<writer.count))
    }
  }
}

extension ControlPacket.Flags {
  /// ` PD`, as traces show them.
  var names: String {
    let letters: [(Self, String)] = [
      (.poll, "P"), (.final, "F"), (.controlPlaneIndependent, "C"), (.authenticationPresent, "A"), (.demand, "D"), (.multipoint, "M"),
    ]
    return isEmpty ? "" : " " + letters.map { contains($0.0) ? $0.1 : "" }.joined()
  }
}
