import RouteCore

/// One of the two connections of a `Peer`: its state, its timers and what is left of the last chunk of input.
struct Connection {
  let id: ConnectionID
  var state: Peer.State
  /// Known once the connection is open.
  var endpoints: Endpoints?
  /// What we announced on this connection.
  var sentCapabilities = Capabilities()
  /// The hold time that our OPEN has offered, in seconds; the configuration may have another one by now.
  var offeredHoldTime: UInt16 = 0
  /// Known from the peer's OPEN on.
  var session: SessionParameters? {
    didSet { messageLimit = session?.maximumMessageLength ?? MessageHeader.maximumLength }
  }
  /// The longest message to be accepted now. RFC 8654 §4: longer ones only once both have announced it.
  private(set) var messageLimit = MessageHeader.maximumLength

  /// The beginning of a message whose end has not come yet: at most one message.
  var partial: [UInt8] = []

  /// When the attempt to connect is given up.
  var attemptDeadline: Instant?
  /// HoldTimer, in OpenSent the large value of RFC 4271 §8.2.2.
  var holdDeadline: Instant?
  var holdTime = Duration.zero
  var keepaliveDeadline: Instant?
  var keepaliveTime = Duration.zero
  /// SendHoldTimer (RFC 9687); runs while something waits to be sent.
  var sendHoldDeadline: Instant?
  var pending = 0

  /// An attempt to connect.
  init(connecting id: ConnectionID, until deadline: Instant) {
    self.id = id
    state = .connect
    attemptDeadline = deadline
  }

  /// A connection that the peer has opened.
  init(accepted id: ConnectionID) {
    self.id = id
    state = .connect
  }

  var nextDeadline: Instant? {
    earliest(earliest(attemptDeadline, holdDeadline), earliest(keepaliveDeadline, sendHoldDeadline))
  }

  /// When the peer is given up: it does not answer, has said nothing for too long, or takes nothing.
  var silenceDeadline: Instant? { earliest(attemptDeadline, earliest(holdDeadline, sendHoldDeadline)) }

  mutating func restartHoldTimer(at now: Instant) { holdDeadline = holdTime == .zero ? nil : now + holdTime }
}
