import RouteCore

/// What of a session is recorded: `mrtdump`.
public struct MRTDumpMask: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The steps of each connection through the states of RFC 4271 §8.2.2.
  public static let states = MRTDumpMask(rawValue: 1 << 0)
  /// The messages that were received.
  public static let messages = MRTDumpMask(rawValue: 1 << 1)
  /// Everything.
  public static let all: MRTDumpMask = [.states, .messages]
}

/// A record of type BGP4MP (RFC 6396 §4.4), but for its time.
///
///     | Timestamp (4) | Type (2) | Subtype (2) | Length of what follows (4) |
///     | Peer AS (2 or 4) | Local AS (2 or 4) | Interface index (2) | AFI (2) | Peer address (4 or 16) | Local address (4 or 16) |
///     | the message, or Old State (2) and New State (2) |
public struct MRTRecord: Hashable, Sendable {
  /// What was seen.
  public enum Content: Hashable, Sendable {
    /// A received message, header included.
    case message([UInt8])
    /// A connection changed its state.
    case stateChange(from: Peer.State, to: Peer.State)
  }
  /// The peer's AS; before its OPEN the expected one, or 0.
  public var peerAS: UInt32
  /// Our AS.
  public var localAS: UInt32
  /// 0 if unknown or multihop.
  public var interface: UInt32
  /// The peer's address.
  public var peer: IPAddress
  /// Nil before there is a connection.
  public var local: IPAddress?
  /// AS numbers have four octets in the message (RFC 6793).
  public var fourOctetAS: Bool
  /// The message has path identifiers (RFC 7911).
  public var hasPathIdentifiers: Bool
  /// The message, or the change of state.
  public var content: Content

  static let bgp4MP: UInt16 = 16
  static let transitionAS: UInt16 = 23456

  /// RFC 6396 §4.4, RFC 8050 §3. State changes do not depend on the session, and so have always room for the whole AS numbers.
  var subtype: UInt16 {
    switch (content, hasPathIdentifiers, fourOctetAS) {
    case (.stateChange, _, _): 5  // BGP4MP_STATE_CHANGE_AS4
    case (.message, false, false): 1  // BGP4MP_MESSAGE
    case (.message, false, true): 4  // BGP4MP_MESSAGE_AS4
    case (.message, true, false): 8  // BGP4MP_MESSAGE_ADDPATH
    case (.message, true, true): 9  // BGP4MP_MESSAGE_AS4_ADDPATH
    }
  }

  /// The record with its time, in seconds since 1970.
  public func encoded(at time: UInt32) -> [UInt8] {
    var body = WireWriter(reserving: 64)
    if subtype == 1 || subtype == 8 {
      body.u16(UInt16(exactly: peerAS) ?? Self.transitionAS)
      body.u16(UInt16(exactly: localAS) ?? Self.transitionAS)
    } else {
      body.u32(peerAS)
      body.u32(localAS)
    }
    body.u16(UInt16(exactly: interface) ?? 0)
    body.u16(FamilyCode(peer.family).afi)
    body.address(peer)
    // A connection has both ends of one family.
    if let local, local.family == peer.family { body.address(local) } else { body.zeros(peer.family == .ipv4 ? 4 : 16) }
    switch content {
    case .message(let bytes): body.append(bytes)
    case .stateChange(let old, let new):
      body.u16(old.mrtCode)
      body.u16(new.mrtCode)
    }
    var record = WireWriter(reserving: 12 + body.count)
    record.u32(time)
    record.u16(Self.bgp4MP)
    record.u16(subtype)
    record.u32(UInt32(truncatingIfNeeded: body.count))
    record.append(body.bytes)
    return record.bytes
  }
}

extension Peer.State {
  /// RFC 6396 §4.4.1: 1 is Idle.
  fileprivate var mrtCode: UInt16 { UInt16(rawValue) + 1 }
}
