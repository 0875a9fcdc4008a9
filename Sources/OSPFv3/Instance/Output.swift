import RouteCore

/// What an instance wants done. Pass the same one in again after `removeAll()`: its storage is reused.
public struct Output: MachineOutput, Sendable {
  public struct Packet: Sendable {
    /// 0: by the routing table, on a virtual link.
    public var interface: UInt32
    /// The link-local address to send from; on a virtual link one of global scope.
    public var source: IPAddress
    public var destination: IPAddress
    public var hopLimit: UInt8
    /// Traffic Class, and the kernel's queueing priority.
    public var trafficClass: UInt8
    public var priority: UInt32
    /// Where its bytes lie in `bytes`. The checksum field is zero: the kernel fills it.
    public var range: Range<Int>
  }

  /// Joining or leaving a multicast group on a link.
  public struct Membership: Hashable, Sendable {
    public var interface: UInt32
    public var group: IPAddress
    public var isMember: Bool

    public init(interface: UInt32, group: IPAddress, isMember: Bool) {
      self.interface = interface
      self.group = group
      self.isMember = isMember
    }
  }

  public struct RouteChange: Hashable, Sendable {
    public var prefix: Prefix
    /// nil: there is no route any more.
    public var route: OSPFRoute?
  }

  public struct Line: Hashable, Sendable {
    public var level: Level
    public var text: String

    public init(level: Level, text: String) {
      self.level = level
      self.text = text
    }

    /// `trace` lines carry the `debug` flag that asks for them.
    public enum Level: Hashable, Sendable {
      case trace(Trace)
      case info
      case remote
      case warning
      case error
    }
  }

  /// The `debug { … }` flags of the protocol.
  public struct Trace: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let states = Trace(rawValue: 1)
    public static let interfaces = Trace(rawValue: 2)
    public static let events = Trace(rawValue: 4)
    public static let packets = Trace(rawValue: 8)
  }

  public var packets: [Packet] = []
  public var memberships: [Membership] = []
  public var routes: [RouteChange] = []
  public var lines: [Line] = []
  /// `watchedNeighbors` may have changed.
  public var neighborsChanged = false
  /// The restart of this router is over (RFC 3623 §2.3): the routes are complete.
  public var hasRecovered = false
  /// The trace lines to write; others cost nothing.
  public var trace: Trace = []
  package var writer = WireWriter()

  public init() {}

  /// The bytes of all packets.
  public var bytes: [UInt8] { writer.bytes }

  /// Frees what a large burst has needed; the steady state allocates nothing.
  public mutating func removeAll() {
    packets.removeAll(keepingCapacity: packets.capacity <= Self.keptCapacity)
    memberships.removeAll(keepingCapacity: true)
    routes.removeAll(keepingCapacity: routes.capacity <= Self.keptCapacity)
    lines.removeAll(keepingCapacity: lines.capacity <= Self.keptCapacity)
    neighborsChanged = false
    hasRecovered = false
    if writer.count > Self.keptCapacity * 64 { writer = WireWriter() } else { writer.removeAll() }
  }

  private static let keptCapacity = 1024

  mutating func trace(_ flag: Trace, _ text: @autoclosure () -> String) {
    if trace.contains(flag) { lines.append(Line(level: .trace(flag), text: text())) }
  }

  mutating func log(_ level: Line.Level, _ text: String) { lines.append(Line(level: level, text: text)) }

  /// Sends the packets from the one at `first` on to others too; all share their bytes.
  mutating func repeatPackets(from first: Int, to destinations: ArraySlice<IPAddress>) {
    let end = packets.count
    for destination in destinations {
      for place in first..<end {
        var packet = packets[place]
        packet.destination = destination
        packets.append(packet)
        trace(.packets, "the same sent to \(destination), length \(packet.range.count)")
      }
    }
  }
}
