import RouteCore

/// What an instance wants done. Pass the same one in again after `removeAll()`: its storage is reused.
public struct Output: MachineOutput, Sendable {
  /// A packet to send.
  public struct Packet: Sendable {
    /// 0: by the routing table, on a virtual link.
    public var interface: UInt32
    /// The link-local address to send from; on a virtual link one of global scope.
    public var source: IPAddress
    /// A multicast group (RFC 5340 §A.1) or a neighbour's address.
    public var destination: IPAddress
    /// 1, or 255 with `ttl security`; 64 on virtual links.
    public var hopLimit: UInt8
    /// The Traffic Class of the IPv6 header.
    public var trafficClass: UInt8
    /// The kernel's queueing priority (SO_PRIORITY).
    public var priority: UInt32
    /// Where its bytes lie in `bytes`. The checksum field is zero: the kernel fills it.
    public var range: Range<Int>
  }

  /// Joining or leaving a multicast group on a link.
  public struct Membership: Hashable, Sendable {
    /// The kernel's index of the link.
    public var interface: UInt32
    /// ff02::5 (AllSPFRouters) or ff02::6 (AllDRouters).
    public var group: IPAddress
    /// Whether the group is to be joined, or left.
    public var isMember: Bool

    /// What a link's membership in a group is to be.
    public init(interface: UInt32, group: IPAddress, isMember: Bool) {
      self.interface = interface
      self.group = group
      self.isMember = isMember
    }
  }

  /// A route that has come, changed or gone.
  public struct RouteChange: Hashable, Sendable {
    /// The destination, of the instance's family.
    public var prefix: Prefix
    /// nil: there is no route any more.
    public var route: OSPFRoute?
  }

  /// One line for the log.
  public struct Line: Hashable, Sendable {
    /// How it is logged, and whether at all.
    public var level: Level
    /// Without the protocol's name and a line end.
    public var text: String

    /// A line for the log.
    public init(level: Level, text: String) {
      self.level = level
      self.text = text
    }

    /// `trace` lines carry the `debug` flag that asks for them.
    public enum Level: Hashable, Sendable {
      /// Wanted only with that `debug` flag.
      case trace(Trace)
      /// Of interest in normal operation.
      case info
      /// Another router does something wrong.
      case remote
      /// Something is odd, but the protocol works.
      case warning
      /// Something does not work.
      case error
    }
  }

  /// The `debug { … }` flags of the protocol.
  public struct Trace: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// `states`: what becomes of the instance as a whole.
    public static let states = Trace(rawValue: 1)
    /// `interfaces`: interfaces and their states.
    public static let interfaces = Trace(rawValue: 2)
    /// `events`: neighbours, elections, calculations.
    public static let events = Trace(rawValue: 4)
    /// `packets`: each packet, sent and received.
    public static let packets = Trace(rawValue: 8)
  }

  /// To be sent, in order.
  public var packets: [Packet] = []
  /// To be carried out in order.
  public var memberships: [Membership] = []
  /// To be carried out in order.
  public var routes: [RouteChange] = []
  /// For the log, in order.
  public var lines: [Line] = []
  /// `watchedNeighbors` may have changed.
  public var neighborsChanged = false
  /// The restart of this router is over (RFC 3623 §2.3): the routes are complete.
  public var hasRecovered = false
  /// The trace lines to write; others cost nothing.
  public var trace: Trace = []
  package var writer = WireWriter()

  /// Nothing to do and nothing traced.
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
