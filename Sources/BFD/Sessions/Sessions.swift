import RouteCore

/// All sessions of one `protocol bfd`.
///
/// Packets go to `receive`, everything else that happens to `handle`.
public struct Sessions: Machine, Sendable {
  /// What the last `.reconfigure` brought.
  public private(set) var configuration: BFDConfiguration
  /// In the order of their keys.
  public private(set) var all: [Session] = []
  private var places: [UInt32: Int] = [:]
  private var random: SeededGenerator
  /// Not later than any session's deadline, and exact after each `.deadline`: a packet costs no look at the other sessions.
  public private(set) var nextDeadline: Instant?
  /// Bad packets are told of once a second.
  private var nextComplaint = Instant(nanoseconds: .min)

  /// What can happen, besides packets.
  public enum Event: MachineEvent, Sendable {
    /// Somebody wants to know about a neighbour. `interfaceName` is nil for several hops.
    case open(SessionKey, from: IPAddress, interfaceName: String?, SessionOverrides)
    /// It wants the session to be run otherwise.
    case change(SessionKey, SessionOverrides)
    /// Nobody wants to know any more. The session ends when that has lasted a while: who wanted may be about to want again, and the
    /// neighbour would take a new session for a failure of the old one.
    case close(SessionKey)
    /// The configuration file was read anew: all sessions take over their options without going down.
    case reconfigure(BFDConfiguration)
    /// `nextDeadline` has come.
    case deadline
    /// Ends all sessions.
    case stop(Farewell)
  }

  /// RFC 5880 §6.8.16 wants neighbours to be told. Not where their protocols are left as well: BIRD before 2.14 takes it for a failure,
  /// and might hear of it first.
  public enum Farewell: Hashable, Sendable { case told, silent }

  static let lingering = Duration.seconds(3)

  /// How a packet came.
  public struct Arrival: Hashable, Sendable {
    /// The sender's address.
    public var source: IPAddress
    /// The kernel's index of the interface it came in by.
    public var interface: UInt32
    /// Nil where the kernel does not tell.
    public var hopLimit: UInt8?
    /// By the port: 4784 (RFC 5883 §5) or 3784.
    public var isMultihop: Bool

    /// `hopLimit` is the received TTL or hop limit: single-hop packets must have 255 (RFC 5881 §5).
    public init(from source: IPAddress, on interface: UInt32, hopLimit: UInt8?, isMultihop: Bool) {
      self.source = source
      self.interface = interface
      self.hopLimit = hopLimit
      self.isMultihop = isMultihop
    }
  }

  /// No session yet. `seed` is for jitter, discriminators and the first sequence numbers.
  public init(configuration: BFDConfiguration, seed: UInt64) {
    self.configuration = configuration
    random = SeededGenerator(seed: seed)
  }

  /// Looked for only where something is due: between deadlines nobody has to know.
  public var silenceDeadline: Instant? { all.reduce(nil) { earliest($0, $1.detectionDeadline) } }

  /// The session that watches a neighbour; nil if nobody has asked for one.
  public subscript(key: SessionKey) -> Session? { place(of: key).map { all[$0] } }

  /// See `Machine`. Opening a session that is there changes its options; changing or closing one that is not does nothing.
  public mutating func handle(_ event: Event, at now: Instant, into output: inout Output) {
    switch event {
    case .open(let key, let source, let name, let overrides):
      open(SessionRequest(key: key, source: source, interfaceName: name, overrides: overrides), at: now, into: &output)
    case .change(let key, let overrides):
      guard let place = place(of: key) else { return }
      all[place].overrides = overrides
      reconfigure(place, at: now, into: &output)
    case .close(let key):
      guard let place = place(of: key) else { return }
      all[place].closingDeadline = now + Sessions.lingering
      nextDeadline = earliest(nextDeadline, all[place].nextDeadline)
    case .reconfigure(let new):
      configuration = new
      for place in all.indices { reconfigure(place, at: now, into: &output) }
    case .deadline:
      nextDeadline = nil
      for place in all.indices.reversed() {
        if let closing = all[place].closingDeadline, closing <= now {
          remove(place, at: now, into: &output)
        } else {
          all[place].expireIfDue(at: now, into: &output)
          runTimers(place, at: now, into: &output)
        }
      }
    case .stop(let farewell):
      if farewell == .told { for place in all.indices { all[place].shutDown(at: now, into: &output) } }
      all = []
      places = [:]
      nextDeadline = nil
      output.sessionsChanged = true
    }
  }

  /// RFC 5880 §6.8.6, RFC 5881 §5
  public mutating func receive(_ bytes: RawSpan, _ arrival: Arrival, at now: Instant, into output: inout Output) {
    do throws(PacketProblem) {
      if !arrival.isMultihop, arrival.hopLimit != 255 { throw PacketProblem("wrong TTL", UInt32(arrival.hopLimit ?? 0)) }
      let packet = try ControlPacket(bytes)
      guard let place = try session(of: packet, arrival) else { return }
      do throws(PacketProblem) {
        try all[place].verify(packet, bytes.extracting(first: packet.length))
      } catch {
        return complain("Authentication failed for \(arrival.source) - \(error)", .auth, at: now, into: &output)
      }
      output.trace(.packets, "Packet from \(arrival.source): \(packet.state.name)\(packet.flags.names)")
      all[place].receive(packet, at: now, into: &output)
      runTimers(place, at: now, into: &output)
    } catch {
      complain("Bad packet from \(arrival.source) - \(error)", .remote, at: now, into: &output)
    }
  }

  /// §6.3: by Your Discriminator; the first packets of a neighbour, which knows none, by where they come from.
  private func session(of packet: ControlPacket, _ arrival: Arrival) throws(PacketProblem) -> Int? {
    if packet.yourDiscriminator != 0 {
      guard let place = places[packet.yourDiscriminator] else { throw PacketProblem("unknown session id", packet.yourDiscriminator) }
      return place
    }
    // Somebody whom nobody here asked about.
    guard let place = place(of: SessionKey(arrival.source, interface: arrival.isMultihop ? 0 : arrival.interface)) else { return nil }
    // A session that is Up is another one's, or its neighbour has begun anew: the Detection Time will tell.
    if all[place].state == .up, all[place].remoteDiscriminator != packet.myDiscriminator {
      throw PacketProblem("mismatched remote id", packet.myDiscriminator)
    }
    return place
  }

  private mutating func complain(_ text: String, _ level: Output.Line.Level, at now: Instant, into output: inout Output) {
    guard now >= nextComplaint else { return }
    nextComplaint = now + .seconds(1)
    output.lines.append(Output.Line(level: level, text: text))
  }

  // MARK: Sessions

  private mutating func open(_ request: SessionRequest, at now: Instant, into output: inout Output) {
    let key = request.key
    if let place = place(of: key) {
      if all[place].source == request.source { return reopen(place, request.overrides, at: now, into: &output) }
      remove(place, at: now, into: &output)
    }
    // §6.8.1: unique, not zero, and hard to guess.
    var discriminator: UInt32
    repeat { discriminator = UInt32(truncatingIfNeeded: random.next()) } while discriminator == 0 || places[discriminator] != nil
    let place = all.firstIndex { key < $0.key } ?? all.count
    let options = configuration.options(on: request.interfaceName).merged(with: request.overrides)
    all.insert(Session(request, options, discriminator: discriminator, seed: random.next(), at: now), at: place)
    indexPlaces()
    output.sessionsChanged = true
    output.trace(.events, "Session to \(key.address) added")
    runTimers(place, at: now, into: &output)
  }

  private mutating func reopen(_ place: Int, _ overrides: SessionOverrides, at now: Instant, into output: inout Output) {
    all[place].closingDeadline = nil
    all[place].overrides = overrides
    reconfigure(place, at: now, into: &output)
  }

  private mutating func remove(_ place: Int, at now: Instant, into output: inout Output) {
    all[place].shutDown(at: now, into: &output)
    output.trace(.events, "Session to \(all[place].key.address) removed")
    all.remove(at: place)
    indexPlaces()
    output.sessionsChanged = true
  }

  private mutating func reconfigure(_ place: Int, at now: Instant, into output: inout Output) {
    let options = configuration.options(on: all[place].interfaceName).merged(with: all[place].overrides)
    guard options != all[place].options else { return }
    all[place].change(to: options, at: now)
    output.trace(.events, "Session to \(all[place].key.address) reconfigured")
    runTimers(place, at: now, into: &output)
  }

  private mutating func runTimers(_ place: Int, at now: Instant, into output: inout Output) {
    all[place].runTimers(at: now, into: &output)
    nextDeadline = earliest(nextDeadline, all[place].nextDeadline)
  }

  private mutating func indexPlaces() {
    places.removeAll(keepingCapacity: true)
    for (place, session) in all.enumerated() { places[session.localDiscriminator] = place }
  }

  private func place(of key: SessionKey) -> Int? {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low < all.count && all[low].key == key ? low : nil
  }
}

/// A session that somebody wants.
struct SessionRequest {
  var key: SessionKey
  /// The address that packets leave from.
  var source: IPAddress
  var interfaceName: String?
  var overrides: SessionOverrides
}
