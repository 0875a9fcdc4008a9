import RouteCore

// Intervals, and what is done when they change: RFC 5880 §6.5, §6.8.2 to §6.8.4, §6.8.7.

extension Session {
  /// §6.8.7: not more often than the neighbour takes.
  public var transmitInterval: UInt32 { max(desiredMinTxInterval.used, remoteMinRxInterval) }

  /// §6.8.4: so long may nothing come. Zero until something has.
  public var detectionTime: Duration {
    .microseconds(Int64(max(requiredMinRxInterval.used, remoteMinTxInterval)) * Int64(remoteDetectMultiplier))
  }

  /// What `show bfd sessions` gives as interval: none while no periodic packets are sent.
  public var shownInterval: Duration { lastTransmission == nil ? .zero : .microseconds(Int64(transmitInterval)) }

  /// §6.8.7: which sessions send periodic packets.
  private var transmitsPeriodically: Bool {
    if options.passive, remoteDiscriminator == 0 { return false }
    if remoteDemandMode, poll.isEmpty, state == .up, remoteState == .up { return false }
    return remoteMinRxInterval != 0
  }

  enum Promptness { case atOnce, whenDue }

  /// Starts, hastens or ends the periodic packets.
  mutating func scheduleTransmission(_ promptness: Promptness, at now: Instant) {
    guard transmitsPeriodically else {
      transmitDeadline = nil
      lastTransmission = nil
      return
    }
    if promptness == .atOnce || transmitDeadline == nil { transmitDeadline = now }
  }

  /// §6.8.7: shortened by 10 to 25 %, which suits every Detect Mult.
  mutating func jittered(_ interval: UInt32) -> Duration {
    let whole = Int64(interval)
    let span = UInt64(whole * 15 / 100) + 1
    return .microseconds(whole * 75 / 100 + Int64(generator.next() % span))
  }

  /// The next periodic packet keeps to the new interval.
  mutating func transmitIntervalChanged() {
    guard let lastTransmission, transmitDeadline != nil else { return }
    transmitDeadline = lastTransmission + jittered(transmitInterval)
  }

  mutating func updateDetection() {
    if let lastReception { detectionDeadline = lastReception + detectionTime }
  }

  // MARK: Changes

  mutating func change(to new: SessionOptions, at now: Instant) {
    options = new
    setMinTxInterval(at: now)
    setMinRxInterval(at: now)
    scheduleTransmission(.whenDue, at: now)
  }

  /// §6.8.3: what belongs to the state. An increase while Up is used when the neighbour knows of it.
  mutating func setMinTxInterval(at now: Instant) {
    let wanted = state == .up ? options.minTxInterval : options.idleTxInterval
    guard wanted != desiredMinTxInterval.announced else { return }
    desiredMinTxInterval.announced = wanted
    if state != .up || wanted < desiredMinTxInterval.used {
      desiredMinTxInterval.used = wanted
      transmitIntervalChanged()
    }
    beginPoll(.transmit, at: now)
  }

  /// §6.8.3: a decrease while Up is used when the neighbour knows of it.
  private mutating func setMinRxInterval(at now: Instant) {
    guard options.minRxInterval != requiredMinRxInterval.announced else { return }
    requiredMinRxInterval.announced = options.minRxInterval
    if state != .up || options.minRxInterval > requiredMinRxInterval.used {
      requiredMinRxInterval.used = options.minRxInterval
      updateDetection()
    }
    beginPoll(.receive, at: now)
  }

  // MARK: Poll sequences

  /// §6.5: only one at a time; what changes meanwhile is the next one's.
  private mutating func beginPoll(_ subject: Poll, at now: Instant) {
    // Nobody would answer.
    guard remoteDiscriminator != 0 else { return }
    nextPoll.insert(subject)
    guard poll.isEmpty else { return }
    poll = nextPoll
    nextPoll = []
    scheduleTransmission(.atOnce, at: now)
  }

  /// The neighbour has answered: what was announced is in use, unless it has changed since.
  mutating func finishPoll() {
    let known = poll.subtracting(nextPoll)
    if known.contains(.transmit) { desiredMinTxInterval.used = desiredMinTxInterval.announced }
    if known.contains(.receive) { requiredMinRxInterval.used = requiredMinRxInterval.announced }
    poll = nextPoll
    nextPoll = []
  }
}
