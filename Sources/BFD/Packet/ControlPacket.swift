import RouteCore

/// RFC 5880 §4.1, the mandatory section:
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |Vers |  Diag   |Sta|P|F|C|A|D|M|  Detect Mult  |    Length     |
///     |                       My Discriminator                        |
///     |                      Your Discriminator                       |
///     |                    Desired Min TX Interval                    |
///     |                   Required Min RX Interval                    |
///     |                 Required Min Echo RX Interval                 |
public struct ControlPacket: Hashable, Sendable {
  /// Diag: why the sender's session left Up last.
  public var diagnostic = DiagnosticCode.none
  /// Sta: the state of the sender's session.
  public var state = Session.State.down
  /// The six bits P, F, C, A, D and M.
  public var flags: Flags = []
  /// Detect Mult: how many packets in a row may be lost; 0 is invalid.
  public var detectMultiplier: UInt8 = 0
  /// The sender's number for the session; 0 is invalid.
  public var myDiscriminator: UInt32 = 0
  /// The receiver's number for the session; 0 while the sender does not know it.
  public var yourDiscriminator: UInt32 = 0
  /// In microseconds, as the two that follow.
  public var desiredMinTxInterval: UInt32 = 0
  /// The shortest interval the sender can receive at; 0: send nothing periodic.
  public var requiredMinRxInterval: UInt32 = 0
  /// The same for Echo packets; 0: none are looped back.
  public var requiredMinEchoRxInterval: UInt32 = 0

  /// The bits between Sta and Detect Mult.
  public struct Flags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// P: the sender wants its parameters confirmed (RFC 5880 §6.5).
    public static let poll = Flags(rawValue: 0x20)
    /// F: the answer to a Poll.
    public static let final = Flags(rawValue: 0x10)
    /// C: the sender's BFD outlives its control plane.
    public static let controlPlaneIndependent = Flags(rawValue: 0x08)
    /// A: an authentication section follows.
    public static let authenticationPresent = Flags(rawValue: 0x04)
    /// D: the sender wants no periodic packets (§6.6).
    public static let demand = Flags(rawValue: 0x02)
    /// M: reserved; a packet with it is discarded.
    public static let multipoint = Flags(rawValue: 0x01)
  }

  /// Of the mandatory section.
  public static let size = 24
  /// The Length field: that of the whole packet.
  public private(set) var length = ControlPacket.size
  static let version: UInt8 = 1

  /// A packet in state Down with all numbers 0; fill it in before sending.
  public init() {}

  /// RFC 5880 §6.8.6, as far as no session is needed. What follows the packet in its datagram is not looked at.
  public init(_ bytes: RawSpan) throws(PacketProblem) {
    var reader = WireReader(bytes)
    let first: UInt8
    do throws(Truncated) {
      first = try reader.u8()
      diagnostic = DiagnosticCode(rawValue: first & 0x1f)
      let second = try reader.u8()
      state = Session.State(rawValue: second >> 6) ?? .adminDown
      flags = Flags(rawValue: second & 0x3f)
      detectMultiplier = try reader.u8()
      length = Int(try reader.u8())
      myDiscriminator = try reader.u32()
      yourDiscriminator = try reader.u32()
      desiredMinTxInterval = try reader.u32()
      requiredMinRxInterval = try reader.u32()
      requiredMinEchoRxInterval = try reader.u32()
    } catch {
      throw PacketProblem("too short", UInt32(clamping: bytes.byteCount))
    }
    if first >> 5 != ControlPacket.version { throw PacketProblem("version mismatch", UInt32(first >> 5)) }
    // An authentication section has two octets at least (§4.1).
    let least = ControlPacket.size + (flags.contains(.authenticationPresent) ? 2 : 0)
    if length < least || length > bytes.byteCount { throw PacketProblem("length mismatch", UInt32(clamping: length)) }
    if detectMultiplier == 0 { throw PacketProblem("invalid detect mult", 0) }
    if flags.contains(.multipoint) || flags.isSuperset(of: [.poll, .final]) {
      throw PacketProblem("invalid flags", UInt32(flags.rawValue))
    }
    if myDiscriminator == 0 { throw PacketProblem("invalid my discriminator", 0) }
    // Only who knows no session yet may leave ours open.
    if yourDiscriminator == 0, state > .down { throw PacketProblem("invalid init state", UInt32(state.rawValue)) }
  }

  /// Appends the mandatory section, 24 bytes. An authentication section is the caller's to add.
  public func encode(into writer: inout WireWriter) {
    writer.u8(ControlPacket.version << 5 | diagnostic.rawValue & 0x1f)
    writer.u8(state.rawValue << 6 | flags.rawValue & 0x3f)
    writer.u8(detectMultiplier)
    writer.u8(UInt8(ControlPacket.size))
    writer.u32(myDiscriminator)
    writer.u32(yourDiscriminator)
    writer.u32(desiredMinTxInterval)
    writer.u32(requiredMinRxInterval)
    writer.u32(requiredMinEchoRxInterval)
  }
}

/// Why a packet is not used, with the value that is wrong.
public struct PacketProblem: Error, Hashable, Sendable, CustomStringConvertible {
  var text: String
  var value: UInt32

  init(_ text: String, _ value: UInt32) {
    self.text = text
    self.value = value
  }

  public var description: String { "\(text) (\(value))" }
}

/// Why a session left the state Up last (RFC 5880 §4.1; the registry is open).
public struct DiagnosticCode: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// No Diagnostic.
  public static let none = DiagnosticCode(rawValue: 0)
  /// Nothing came for the Detection Time.
  public static let controlDetectionTimeExpired = DiagnosticCode(rawValue: 1)
  /// Our Echo packets did not come back.
  public static let echoFunctionFailed = DiagnosticCode(rawValue: 2)
  /// The neighbour said Down or AdminDown.
  public static let neighborSignaledSessionDown = DiagnosticCode(rawValue: 3)
  /// The forwarding plane was reset.
  public static let forwardingPlaneReset = DiagnosticCode(rawValue: 4)
  /// Something else says that the path is down.
  public static let pathDown = DiagnosticCode(rawValue: 5)
  /// A path that this one is concatenated with is down (RFC 5880 §6.8.17).
  public static let concatenatedPathDown = DiagnosticCode(rawValue: 6)
  /// The session was switched off here.
  public static let administrativelyDown = DiagnosticCode(rawValue: 7)
  /// The same in the other direction.
  public static let reverseConcatenatedPathDown = DiagnosticCode(rawValue: 8)
}
