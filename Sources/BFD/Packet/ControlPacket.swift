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
  public var diagnostic = DiagnosticCode.none
  public var state = Session.State.down
  public var flags: Flags = []
  public var detectMultiplier: UInt8 = 0
  public var myDiscriminator: UInt32 = 0
  public var yourDiscriminator: UInt32 = 0
  /// In microseconds, as the two that follow.
  public var desiredMinTxInterval: UInt32 = 0
  public var requiredMinRxInterval: UInt32 = 0
  public var requiredMinEchoRxInterval: UInt32 = 0

  public struct Flags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let poll = Flags(rawValue: 0x20)
    public static let final = Flags(rawValue: 0x10)
    public static let controlPlaneIndependent = Flags(rawValue: 0x08)
    public static let authenticationPresent = Flags(rawValue: 0x04)
    public static let demand = Flags(rawValue: 0x02)
    public static let multipoint = Flags(rawValue: 0x01)
  }

  /// Of the mandatory section.
  public static let size = 24
  /// The Length field: that of the whole packet.
  public private(set) var length = ControlPacket.size
  static let version: UInt8 = 1

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
  public static let none = DiagnosticCode(rawValue: 0)
  public static let controlDetectionTimeExpired = DiagnosticCode(rawValue: 1)
  public static let echoFunctionFailed = DiagnosticCode(rawValue: 2)
  public static let neighborSignaledSessionDown = DiagnosticCode(rawValue: 3)
  public static let forwardingPlaneReset = DiagnosticCode(rawValue: 4)
  public static let pathDown = DiagnosticCode(rawValue: 5)
  public static let concatenatedPathDown = DiagnosticCode(rawValue: 6)
  public static let administrativelyDown = DiagnosticCode(rawValue: 7)
  public static let reverseConcatenatedPathDown = DiagnosticCode(rawValue: 8)
}
