import RouteCore

/// Whom a session watches. There is one session for each.
public struct SessionKey: Hashable, Comparable, Sendable {
  /// The neighbour's address, IPv4 or IPv6.
  public var address: IPAddress
  /// The interface the neighbour is on (RFC 5881); 0 where it is several hops away (RFC 5883).
  public var interface: UInt32

  /// `interface` is the kernel's index; without one the neighbour is several hops away.
  public init(_ address: IPAddress, interface: UInt32 = 0) {
    self.address = address
    self.interface = interface
  }

  /// RFC 5883 rather than RFC 5881.
  public var isMultihop: Bool { interface == 0 }

  public static func < (a: SessionKey, b: SessionKey) -> Bool {
    a.address != b.address ? a.address < b.address : a.interface < b.interface
  }
}

/// One BFD session: the variables of RFC 5880 §6.8.1 by their names, and the machine of §6.2.
public struct Session: Sendable {
  /// In this order, "Down or less" is what a neighbour without a session is in.
  public enum State: UInt8, Hashable, Sendable, Comparable, CaseIterable {
    /// Switched off (RFC 5880 §6.8.16); says nothing about the path.
    case adminDown
    /// Nothing was heard, or the path has failed.
    case down
    /// The neighbour is heard, but does not hear us yet.
    case `init`
    /// Each hears the other.
    case up

    public static func < (a: State, b: State) -> Bool { a.rawValue < b.rawValue }

    /// As `show bfd sessions` names it.
    public var name: String {
      switch self {
      case .adminDown: "AdminDown"
      case .down: "Down"
      case .`init`: "Init"
      case .up: "Up"
      }
    }
  }

  /// The neighbour.
  public let key: SessionKey
  /// What our packets come from.
  public let source: IPAddress
  /// The interface's name; nil for several hops.
  public let interfaceName: String?
  /// What the one who asked for the session wants otherwise than its interface has it.
  var overrides: SessionOverrides
  var options: SessionOptions

  /// bfd.SessionState
  public internal(set) var state = State.down
  /// When it came into this state.
  public internal(set) var since: Instant
  /// bfd.LocalDiag: why it left Up last.
  public internal(set) var localDiagnostic = DiagnosticCode.none
  let localDiscriminator: UInt32

  /// What is known of the neighbour.
  public internal(set) var remoteState = State.down
  var remoteDiagnostic = DiagnosticCode.none
  var remoteDiscriminator: UInt32 = 0
  var remoteDemandMode = false
  var remoteMinTxInterval: UInt32 = 0
  var remoteMinRxInterval: UInt32 = 1
  var remoteDetectMultiplier: UInt8 = 0

  /// What is announced at once when it changes, and what is used: the more careful value until the neighbour knows (§6.8.3).
  var desiredMinTxInterval: Changing
  var requiredMinRxInterval: Changing
  /// Poll sequences (§6.5): what the running one is about, and what the next will be.
  var poll: Poll = []
  var nextPoll: Poll = []

  /// When the last periodic packet went out, and when the next will; nil while there are none.
  var lastTransmission: Instant?
  var transmitDeadline: Instant?
  /// When the last packet came, and when the Detection Time after it is over.
  var lastReception: Instant?
  var detectionDeadline: Instant?
  var authentication: AuthenticationState
  /// Nobody wants the session any more: when it ends.
  public internal(set) var closingDeadline: Instant?
  var generator: SeededGenerator

  struct Changing: Hashable, Sendable {
    var announced: UInt32
    var used: UInt32
  }

  struct Poll: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let transmit = Poll(rawValue: 1)
    static let receive = Poll(rawValue: 2)
  }

  var nextDeadline: Instant? { earliest(earliest(transmitDeadline, detectionDeadline), closingDeadline) }

  /// RFC 5880 §6.8.1
  init(
    _ request: SessionRequest, _ options: SessionOptions, discriminator: UInt32, seed: UInt64, at now: Instant
  ) {
    key = request.key
    source = request.source
    interfaceName = request.interfaceName
    overrides = request.overrides
    self.options = options
    localDiscriminator = discriminator
    since = now
    desiredMinTxInterval = Changing(announced: options.idleTxInterval, used: options.idleTxInterval)
    requiredMinRxInterval = Changing(announced: options.minRxInterval, used: options.minRxInterval)
    generator = SeededGenerator(seed: seed)
    authentication = AuthenticationState(sentSequence: UInt32(truncatingIfNeeded: generator.next()))
    scheduleTransmission(.atOnce, at: now)
  }

  // MARK: The machine

  /// RFC 5880 §6.8.6, behind the choice of the session.
  mutating func receive(_ packet: ControlPacket, at now: Instant, into output: inout Sessions.Output) {
    remoteDiscriminator = packet.myDiscriminator
    remoteState = packet.state
    remoteDiagnostic = packet.diagnostic
    remoteDemandMode = packet.flags.contains(.demand)
    remoteMinTxInterval = packet.desiredMinTxInterval
    remoteDetectMultiplier = packet.detectMultiplier
    let before = transmitInterval
    remoteMinRxInterval = packet.requiredMinRxInterval
    if packet.flags.contains(.final) { finishPoll() }
    if transmitInterval != before { transmitIntervalChanged() }
    lastReception = now
    updateDetection()
    if let next = nextState { enter(next.state, next.diagnostic, at: now, into: &output) }
    scheduleTransmission(.whenDue, at: now)
    if packet.flags.contains(.poll) { send(.final, at: now, into: &output) }
  }

  /// RFC 5880 §6.2 and §6.8.6: where the neighbour's state leads.
  private var nextState: (state: State, diagnostic: DiagnosticCode)? {
    switch (state, remoteState) {
    case (.adminDown, _): nil
    case (.down, .down): (.`init`, .none)
    case (.down, .`init`): (.up, .none)
    case (.down, .adminDown), (.down, .up): nil
    case (.`init`, .adminDown): (.down, .neighborSignaledSessionDown)
    case (.`init`, .down): nil
    case (.`init`, .`init`), (.`init`, .up): (.up, .none)
    case (.up, .adminDown), (.up, .down): (.down, .neighborSignaledSessionDown)
    case (.up, .`init`), (.up, .up): nil
    }
  }

  private mutating func enter(_ new: State, _ diagnostic: DiagnosticCode, at now: Instant, into output: inout Sessions.Output) {
    let old = state
    if new == old { return }
    output.trace(.events, "Session to \(key.address) changed state from \(old.name) to \(new.name)")
    state = new
    since = now
    localDiagnostic = diagnostic
    // RFC 5882 §3.2 and §4.2: a neighbour that was switched off says nothing about the path.
    output.changes.append(
      Sessions.Change(key: key, state: new, hasFailed: old == .up && new < .up && remoteState != .adminDown))
    if (new == .up) != (old == .up) { setMinTxInterval(at: now) }
    // §6.8.7: a change is told at once.
    scheduleTransmission(.atOnce, at: now)
  }

  /// RFC 5880 §6.8.4 and §6.8.5: nothing came for the Detection Time. Asked at `.deadline` only, before which all is read that has come.
  mutating func expireIfDue(at now: Instant, into output: inout Sessions.Output) {
    guard let deadline = detectionDeadline, deadline <= now else { return }
    output.trace(.events, "Session to \(key.address) expired")
    detectionDeadline = nil
    lastReception = nil
    remoteState = .down
    remoteDiscriminator = 0
    remoteDemandMode = false
    remoteMinTxInterval = 0
    remoteMinRxInterval = 1
    remoteDetectMultiplier = 0
    authentication.receivedSequence = nil
    poll = []
    nextPoll = []
    transmitIntervalChanged()
    if state > .down { enter(.down, .controlDetectionTimeExpired, at: now, into: &output) }
    scheduleTransmission(.whenDue, at: now)
  }

  /// RFC 5880 §6.8.16: the session ends here, and the neighbour is told, once.
  mutating func shutDown(at now: Instant, into output: inout Sessions.Output) {
    state = .adminDown
    localDiagnostic = .administrativelyDown
    poll = []
    if remoteDiscriminator != 0 { send([], at: now, into: &output) }
  }

  /// What is to be sent now.
  mutating func runTimers(at now: Instant, into output: inout Sessions.Output) {
    if let deadline = transmitDeadline, deadline <= now {
      lastTransmission = now
      transmitDeadline = now + jittered(transmitInterval)
      send(poll.isEmpty ? [] : .poll, at: now, into: &output)
    }
  }

  private mutating func send(_ flags: ControlPacket.Flags, at now: Instant, into output: inout Sessions.Output) {
    var packet = ControlPacket()
    packet.diagnostic = localDiagnostic
    packet.state = state
    packet.flags = flags
    packet.detectMultiplier = options.multiplier
    packet.myDiscriminator = localDiscriminator
    packet.yourDiscriminator = remoteDiscriminator
    packet.desiredMinTxInterval = desiredMinTxInterval.announced
    packet.requiredMinRxInterval = requiredMinRxInterval.announced
    output.send(packet, from: source, to: key) { writer, start in
      options.authentication?.sign(&writer, from: start, &authentication, at: now)
    }
  }

  /// §6.8.6: whether a packet says what it has to about who sent it. `bytes` are the packet's own.
  mutating func verify(_ packet: ControlPacket, _ bytes: RawSpan) throws(PacketProblem) {
    let isPresent = packet.flags.contains(.authenticationPresent)
    guard let expected = options.authentication else {
      if isPresent { throw PacketProblem("authentication method mismatch", 1) }
      return
    }
    if !isPresent { throw PacketProblem("authentication method mismatch", 0) }
    // §6.7.3: three Detection Times may have been lost.
    try expected.verify(bytes, window: 3 * UInt32(options.multiplier), &authentication)
  }
}
