import RouteCore

/// OPEN (RFC 4271 §4.2).
///
///     | Version (1) | My AS (2) | Hold time (2) | BGP identifier (4) | Parameters length (1) | Parameters |
///
/// A parameter is type (1), length (1), value; or, after 255 255 and a length of two octets, type (1), length (2), value (RFC 9072).
public struct OpenMessage: Hashable, Sendable {
  /// AS_TRANS (RFC 6793 §9).
  public static let asTrans: UInt16 = 23456

  /// The two-octet field; the real number may be in the capabilities.
  public var myAS: UInt16
  /// In seconds.
  public var holdTime: UInt16
  /// The BGP Identifier; never 0 (RFC 6286 §2.1).
  public var identifier: RouterID
  /// Of all its optional parameters together (RFC 5492).
  public var capabilities: Capabilities

  /// The peer's AS number (RFC 6793 §4.1).
  public var autonomousSystem: UInt32 { capabilities.as4 ?? UInt32(myAS) }

  /// Our OPEN.
  init(_ configuration: PeerConfiguration, capabilities: Capabilities) {
    myAS = UInt16(exactly: configuration.publicAS) ?? Self.asTrans
    holdTime = configuration.holdTime
    identifier = configuration.routerID
    self.capabilities = capabilities
  }

  /// Decodes a body and checks what can be checked without the configuration (RFC 4271 §6.2).
  init(decoding body: RawSpan) throws(Notification) {
    var reader = WireReader(body)
    guard let version = try? reader.u8(), let myAS = try? reader.u16(), let holdTime = try? reader.u16(),
      let identifier = try? reader.u32(), let length = try? reader.u8()
    else { throw .malformedOpen }
    guard version == 4 else { throw .unsupportedVersion }
    guard holdTime == 0 || holdTime >= 3 else { throw .unacceptableHoldTime }
    // RFC 6286 §2.1: any identifier but zero.
    guard identifier != 0 else { throw .badIdentifier }
    self.myAS = myAS
    self.holdTime = holdTime
    self.identifier = RouterID(rawValue: identifier)
    capabilities = Capabilities()
    try decodeParameters(&reader, length)
  }

  private mutating func decodeParameters(_ reader: inout WireReader, _ length: UInt8) throws(Notification) {
    // RFC 9072 §2: a length that is not zero and a first parameter of type 255 say that the extended form follows.
    let extended = length != 0 && reader.remaining > 0 && reader.rest.unsafeLoad(as: UInt8.self) == 255
    var size = Int(length)
    if extended {
      guard (try? reader.u8()) != nil, let long = try? reader.u16() else { throw .malformedOpen }
      size = Int(long)
    }
    guard size == reader.remaining else { throw .malformedOpen }
    while !reader.isEmpty {
      guard let type = try? reader.u8(), let count = try? (extended ? Int(reader.u16()) : Int(reader.u8())),
        let value = try? reader.take(count)
      else { throw .malformedOpen }
      guard type == 2 else { throw .unsupportedParameter }
      try capabilities.decode(value)
    }
    capabilities.requireGracefulRestart()
  }

  /// The whole message. All capabilities go into one parameter.
  var encoded: [UInt8] {
    var list = WireWriter()
    if capabilities.isPresent { capabilities.write(into: &list) }
    var writer = WireWriter(reserving: MessageHeader.size + 12 + list.count)
    MessageHeader.write(.open, into: &writer)
    writer.u8(4)
    writer.u16(myAS)
    writer.u16(holdTime)
    writer.u32(identifier.rawValue)
    if list.count == 0 {
      writer.u8(0)
    } else if list.count <= 253 {
      writer.u8(UInt8(truncatingIfNeeded: list.count + 2))
      writer.u8(2)
      writer.u8(UInt8(truncatingIfNeeded: list.count))
      writer.append(list.bytes)
    } else {
      // RFC 9072 §2.
      writer.u16(0xffff)
      writer.u16(UInt16(truncatingIfNeeded: list.count + 3))
      writer.u8(2)
      writer.u16(UInt16(truncatingIfNeeded: list.count))
      writer.append(list.bytes)
    }
    MessageHeader.finish(at: 0, in: &writer)
    return writer.bytes
  }

  /// Checks that need the configuration (RFC 4271 §6.2). `minHoldTime` does not forbid 0, as in BIRD.
  func check(_ configuration: PeerConfiguration) throws(Notification) {
    let peerAS = autonomousSystem
    let expected: Bool
    switch configuration.neighborAS {
    case .number(let number): expected = peerAS == number
    case .internal: expected = peerAS == configuration.localAS
    case .external: expected = peerAS != configuration.localAS
    }
    guard peerAS != 0, expected else { throw .badPeerAS }
    guard capabilities.agreesOnRole(configuration) else { throw .roleMismatch }
    // RFC 6286 §2.2: unique within an AS.
    guard peerAS != configuration.localAS || identifier != configuration.routerID else { throw .badIdentifier }
    guard holdTime == 0 || holdTime >= configuration.minHoldTime else { throw .unacceptableHoldTime }
  }
}
