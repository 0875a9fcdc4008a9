import RouteCore

extension Sessions {
  /// What is to be told to those who asked for a session.
  public struct Change: Hashable, Sendable {
    public var key: SessionKey
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
      public static let events = Trace(rawValue: 1)
      public static let packets = Trace(rawValue: 2)
    }

    public struct Line: Hashable, Sendable {
      public enum Level: Hashable, Sendable { case trace, remote, auth }
      public var level: Level
      public var text: String
    }

    /// A packet to send: which of `bytes`, from where to whom.
    public struct Packet: Hashable, Sendable {
      public var source: IPAddress
      public var destination: SessionKey
      public var range: Range<Int>
    }

    public var trace: Trace = []
    public internal(set) var lines: [Line] = []
    public internal(set) var changes: [Change] = []
    public internal(set) var packets: [Packet] = []
    /// A session has come or gone.
    public internal(set) var sessionsChanged = false
    private var writer = WireWriter()

    public init() {}

    public var bytes: [UInt8] { writer.bytes }

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
