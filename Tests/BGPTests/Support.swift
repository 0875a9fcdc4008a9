import RouteCore
import Testing

@testable import BGP

/// Bytes from hex digits; blanks and line ends are ignored.
func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { (byte: UInt8) -> String in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

/// A message around a body.
func message(_ type: MessageType, _ body: [UInt8]) -> [UInt8] {
  var writer = WireWriter()
  MessageHeader.write(type, into: &writer)
  writer.append(body)
  MessageHeader.finish(at: 0, in: &writer)
  return writer.bytes
}

/// What arrived, as lines.
struct RecordingSink: RouteSink {
  var lines: [String] = []
  var attributes: RouteAttributes?

  mutating func begin(_ attributes: borrowing RouteAttributes, _ family: AddressFamily) {
    self.attributes = copy attributes
    lines.append("begin \(family)")
  }
  mutating func announce(_ prefix: Prefix, path: UInt32) { lines.append("+ \(prefix)" + name(path)) }
  mutating func withdraw(_ prefix: Prefix, path: UInt32) { lines.append("- \(prefix)" + name(path)) }
  private func name(_ path: UInt32) -> String { path == 0 ? "" : " #\(path)" }
  mutating func endOfRIB(_ family: AddressFamily) { lines.append("EoR \(family)") }
  mutating func refreshBegan(_ family: AddressFamily) { lines.append("BoRR \(family)") }
  mutating func refreshEnded(_ family: AddressFamily) { lines.append("EoRR \(family)") }
}

func address(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified }
func prefix(_ text: String) -> Prefix { Prefix(text) ?? Prefix(.unspecified, 0) }

/// A on 2001:db8:ff::, AS 65001, id 1.0.0.1, with hold time 6; its neighbour is B, AS 65002, id 1.0.0.2.
func configurationA(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> PeerConfiguration {
  var value = PeerConfiguration(
    localAS: 65001, routerID: RouterID(rawValue: 0x0100_0001), neighborAddress: address("2001:db8:ff::1"), neighborAS: .number(65002))
  value.ipv6 = ChannelOptions()
  value.holdTime = 6
  change(&value)
  return value
}

func configurationB(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> PeerConfiguration {
  var value = PeerConfiguration(
    localAS: 65002, routerID: RouterID(rawValue: 0x0100_0002), neighborAddress: address("2001:db8:ff::"), neighborAS: .number(65001))
  value.ipv6 = ChannelOptions()
  value.holdTime = 6
  change(&value)
  return value
}

let endpointsA = Endpoints(
  local: address("2001:db8:ff::"), remote: address("2001:db8:ff::1"), interface: 2, linkLocal: address("fe80::a"),
  otherFamily: address("192.0.2.1"))
let endpointsB = Endpoints(
  local: address("2001:db8:ff::1"), remote: address("2001:db8:ff::"), interface: 2, linkLocal: address("fe80::b"),
  otherFamily: address("192.0.2.2"))

/// The session that A has with a neighbour, without going through the machine.
func session(
  _ configuration: PeerConfiguration = configurationA(), remoteID: UInt32 = 0x0100_0002,
  _ change: (inout Capabilities) -> Void = { _ in }
) -> SessionParameters {
  var remote = configurationB()
  if case .number(let number) = configuration.neighborAS { remote.localAS = number }
  remote.routerID = RouterID(rawValue: remoteID)
  remote.ipv4 = configuration.ipv4
  remote.ipv6 = configuration.ipv6
  remote.enableExtendedMessages = configuration.enableExtendedMessages
  var capabilities = Capabilities(remote)
  change(&capabilities)
  var open = OpenMessage(remote, capabilities: capabilities)
  open.capabilities = capabilities
  return SessionParameters(configuration, endpointsA, open: open, sent: Capabilities(configuration), timers: (6, 2))
}

/// A peer under test on a virtual clock: inputs at given times, and every action as a line of a transcript.
struct Bench {
  var peer: Peer
  var now = Instant.zero
  var sink = RecordingSink()
  var output = Peer.Output()

  init(_ configuration: PeerConfiguration) { peer = Peer(configuration: configuration, seed: 1) }

  mutating func at(_ seconds: Double, _ event: Peer.Event) -> [String] {
    at(Instant(nanoseconds: Int64((seconds * 1e9).rounded())), event)
  }

  mutating func at(_ instant: Instant, _ event: Peer.Event) -> [String] {
    now = instant
    output.removeAll()
    peer.handle(event, at: now, into: &output)
    return lines()
  }

  mutating func at(_ seconds: Double, _ id: ConnectionID, receives bytes: [UInt8]) -> [String] {
    now = Instant(nanoseconds: Int64((seconds * 1e9).rounded()))
    return receive(bytes, id)
  }

  /// Another configuration now; nil if the peer cannot take it.
  mutating func reconfigure(_ new: PeerConfiguration) -> [String]? {
    output.removeAll()
    return peer.reconfigure(new, at: now, into: &output) ? lines() : nil
  }

  /// Bytes that arrive now.
  mutating func receive(_ bytes: [UInt8], _ id: ConnectionID) -> [String] {
    output.removeAll()
    peer.receiveAll(bytes, on: id, at: now, sink: &sink, into: &output)
    return lines()
  }

  /// Fires the next deadline, whenever that is, and says when it was.
  mutating func next() -> [String] {
    guard let deadline = peer.nextDeadline else { return ["nothing scheduled"] }
    return at(deadline, .deadline)
  }

  private func lines() -> [String] {
    output.actions.compactMap { action in
      switch action {
      case .connect(let id): return "connect \(Self.name(id))"
      case .close(let id): return "close \(Self.name(id))"
      case .abort(let id): return "abort \(Self.name(id))"
      case .send(let id, let bytes): return "send \(Self.name(id)) \(Self.describe(bytes))"
      case .established(let id, let session): return "established \(Self.name(id)) hold \(session.holdTime)"
      case .down: return "down"
      case .suspended(let families): return "suspended \(families.map { "\($0)" }.joined(separator: " "))"
      case .sweep(let family): return "sweep \(family)"
      case .depreference(let family): return "depreference \(family)"
      case .refresh(let family): return "refresh \(family)"
      case .sessionChanged(_, announcing: []): return "session changed"
      case .sessionChanged(let session, _) where session.endpoints.linkLocal == endpointsA.linkLocal: return "announce again"
      case .sessionChanged(let session, _): return "announce again, link-local \(session.endpoints.linkLocal.map { "\($0)" } ?? "none")"
      case .disable: return "disable"
      case .stateChanged(let state): return state.name
      case .log, .record: return nil
      }
    }
  }

  static func name(_ id: ConnectionID) -> String { "\(id.direction == .outgoing ? "out" : "in")\(id.number)" }

  static func describe(_ bytes: [UInt8]) -> String {
    guard case .message(let type, let range) = MessageHeader.find(in: bytes.span.bytes, at: 0, limit: 65535) else { return "malformed" }
    switch type {
    case .open: return "OPEN"
    case .keepalive: return "KEEPALIVE"
    case .update: return "UPDATE"
    case .routeRefresh: return "ROUTE-REFRESH"
    case .notification: return "NOTIFICATION \(Notification(decoding: bytes.span.bytes.extracting(range)).text)"
    }
  }

  static let out1 = ConnectionID(.outgoing, 1)
  static let out2 = ConnectionID(.outgoing, 2)
  static let in7 = ConnectionID(.incoming, 7)

  /// B's OPEN.
  static func open(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> [UInt8] {
    let configuration = configurationB(change)
    return OpenMessage(configuration, capabilities: configuration.capabilities == .no ? Capabilities() : Capabilities(configuration))
      .encoded
  }

  /// A bench whose peer has opened `out1` at 5 s and established the session at 5 s.
  static func established(_ change: (inout PeerConfiguration) -> Void = { _ in }, remote: (inout PeerConfiguration) -> Void = { _ in })
    -> Bench
  {
    var bench = Bench(configurationA(change))
    _ = bench.at(0, .start)
    _ = bench.at(5, .deadline)
    _ = bench.at(5, .connectionOpened(out1, endpointsA))
    _ = bench.at(5, out1, receives: open(remote))
    _ = bench.at(5, out1, receives: MessageHeader.keepalive)
    return bench
  }
}

extension Peer {
  /// Hands everything over, coming again with what follows the message that establishes the session.
  mutating func receiveAll(
    _ bytes: [UInt8], on id: ConnectionID, at now: Instant, sink: inout RecordingSink, into output: inout Peer.Output
  ) {
    var offset = 0
    while offset < bytes.count {
      offset += receive(bytes.span.bytes.extracting(droppingFirst: offset), on: id, at: now, sink: &sink, into: &output)
    }
  }
}
