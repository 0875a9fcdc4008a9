import RouteCore

/// NOTIFICATION (RFC 4271 §4.5): what is wrong, also as the error that decoding throws.
///
///     0                   1                   2
///     | Error code    | Error subcode | Data (variable) …
public struct Notification: Error, Hashable, Sendable {
  /// What kind of error it is.
  public var code: Code
  /// What it is in particular, by the code's own registry; 0 is unspecific.
  public var subcode: UInt8
  /// What helps to find the cause, as the subcode defines it; often the offending field.
  public var data: [UInt8]

  /// An error with its subcode and data.
  public init(_ code: Code, _ subcode: UInt8 = 0, data: [UInt8] = []) {
    self.code = code
    self.subcode = subcode
    self.data = data
  }

  /// Error codes (IANA "BGP Error (Notification) Codes").
  public struct Code: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// RFC 4271 §6.1
    public static let messageHeader = Code(rawValue: 1)
    /// RFC 4271 §6.2
    public static let open = Code(rawValue: 2)
    /// RFC 4271 §6.3
    public static let update = Code(rawValue: 3)
    /// RFC 4271 §6.5
    public static let holdTimerExpired = Code(rawValue: 4)
    /// A message that the state does not allow (RFC 4271 §6.6, RFC 6608).
    public static let finiteStateMachine = Code(rawValue: 5)
    /// The session ends without an error in the protocol (RFC 4271 §6.7); see `CeaseSubcode`.
    public static let cease = Code(rawValue: 6)
    /// RFC 7313 §5
    public static let routeRefresh = Code(rawValue: 7)
    /// RFC 9687 §3.3
    public static let sendHoldTimerExpired = Code(rawValue: 8)
  }

  // RFC 4271 §6.1
  static let connectionNotSynchronized = Notification(.messageHeader, 1)
  static func badLength(_ length: UInt16) -> Notification { Notification(.messageHeader, 2, data: bigEndian(length)) }
  static func badType(_ type: UInt8) -> Notification { Notification(.messageHeader, 3, data: [type]) }
  // RFC 4271 §6.2, RFC 5492 §5
  static let malformedOpen = Notification(.open, 0)
  static let unsupportedVersion = Notification(.open, 1, data: bigEndian(4))
  static let badPeerAS = Notification(.open, 2)
  static let badIdentifier = Notification(.open, 3)
  static let unsupportedParameter = Notification(.open, 4)
  static let unacceptableHoldTime = Notification(.open, 6)
  static func unsupportedCapability(_ data: [UInt8]) -> Notification { Notification(.open, 7, data: data) }
  /// RFC 9234 §4.2.
  static let roleMismatch = Notification(.open, 11)
  // RFC 4271 §6.3
  static let malformedAttributeList = Notification(.update, 1)
  static func unrecognizedWellKnown(_ attribute: [UInt8]) -> Notification { Notification(.update, 2, data: attribute) }
  static let optionalAttributeError = Notification(.update, 9)
  static let invalidNetworkField = Notification(.update, 10)
  static let holdTimerExpired = Notification(.holdTimerExpired)
  /// RFC 9687 §3.3.
  static let sendHoldTimerExpired = Notification(.sendHoldTimerExpired)

  /// A message that the state does not allow (RFC 6608).
  static func unexpected(_ type: MessageType, in state: Peer.State) -> Notification {
    let subcode: UInt8
    switch state {
    case .openSent: subcode = 1
    case .openConfirm: subcode = 2
    case .established: subcode = 3
    case .idle, .connect, .active: subcode = 0
    }
    return Notification(.finiteStateMachine, subcode, data: [type.rawValue])
  }

  private static func bigEndian(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)] }
}

/// Subcodes of a Cease (RFC 4486, 8538, 9384).
public struct CeaseSubcode: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// None of the others.
  public static let unspecific = CeaseSubcode(rawValue: 0)
  /// The peer announced more routes than a limit allows (RFC 4486 §4).
  public static let maximumPrefixes = CeaseSubcode(rawValue: 1)
  /// The operator disabled the session; may have words (RFC 9003).
  public static let administrativeShutdown = CeaseSubcode(rawValue: 2)
  /// The peer is no longer configured.
  public static let peerDeconfigured = CeaseSubcode(rawValue: 3)
  /// The operator restarted the session; may have words (RFC 9003).
  public static let administrativeReset = CeaseSubcode(rawValue: 4)
  /// The connection is not wanted now.
  public static let connectionRejected = CeaseSubcode(rawValue: 5)
  /// The configuration of the session has changed.
  public static let configurationChange = CeaseSubcode(rawValue: 6)
  /// The other of two connections is kept (RFC 4271 §6.8).
  public static let connectionCollision = CeaseSubcode(rawValue: 7)
  /// Memory, for instance, is short.
  public static let outOfResources = CeaseSubcode(rawValue: 8)
  /// Ends the session in spite of graceful restart (RFC 8538 §3.1).
  public static let hardReset = CeaseSubcode(rawValue: 9)
  /// BFD does not reach the peer (RFC 9384).
  public static let bfdDown = CeaseSubcode(rawValue: 10)
}

extension Notification {
  /// A Cease, with the operator's words where the subcode has room for them (RFC 9003 §2: at most 255 octets of UTF-8).
  public static func cease(_ subcode: CeaseSubcode, message: String = "") -> Notification {
    var data = [UInt8]()
    if subcode == .administrativeShutdown || subcode == .administrativeReset, !message.isEmpty {
      var text = Substring(message)
      while text.utf8.count > 255 { text.removeLast() }
      data = [UInt8(text.utf8.count)] + Array(text.utf8)
    }
    return Notification(.cease, subcode.rawValue, data: data)
  }

  /// The shutdown communication of a received Cease (RFC 9003 §2), control characters replaced; nil if there is none.
  public var shutdownCommunication: String? {
    guard code == .cease, subcode == CeaseSubcode.administrativeShutdown.rawValue || subcode == CeaseSubcode.administrativeReset.rawValue,
      let length = data.first, length > 0, Int(length) <= data.count - 1
    else { return nil }
    let text = String(decoding: data[1...Int(length)], as: UTF8.self)
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
  }

  /// Decodes the body of a NOTIFICATION. RFC 4271 §6.4: errors in a NOTIFICATION are never answered.
  init(decoding body: RawSpan) {
    var reader = WireReader(body)
    let code = (try? reader.u8()) ?? 0
    let subcode = (try? reader.u8()) ?? 0
    var data = [UInt8]()
    reader.rest.withUnsafeBytes { data.append(contentsOf: $0) }
    self.init(Code(rawValue: code), subcode, data: data)
  }

  /// The whole message.
  public var encoded: [UInt8] {
    var writer = WireWriter(reserving: MessageHeader.size + 2 + data.count)
    MessageHeader.write(.notification, into: &writer)
    writer.u8(code.rawValue)
    writer.u8(subcode)
    writer.append(data)
    MessageHeader.finish(at: 0, in: &writer)
    return writer.bytes
  }
}
