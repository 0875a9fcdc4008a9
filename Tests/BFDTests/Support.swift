import RouteCore
import Testing

@testable import BFD

func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func address(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified }
func ms(_ count: Int64) -> Instant { .zero + .milliseconds(count) }

/// A and B on one link, with a virtual clock. Packets take no time; they can be lost.
struct Pair {
  static let names = ["A", "B"]
  static let addresses = [address("fe80::a"), address("fe80::b")]
  var ends: [Sessions] = []
  var now = Instant.zero
  /// Packets to A and to B that get lost.
  var isCut = [false, false]
  /// `12345 A Up`, and packets if wanted.
  var lines: [String] = []
  var showsPackets = false
  /// How many packets each has sent.
  var sent = [0, 0]
  var failures = [0, 0]

  init(_ options: [SessionOptions], seed: UInt64 = 1) {
    for end in 0...1 {
      var configuration = BFDConfiguration()
      configuration.interfaces = [.init(pattern: InterfacePattern(name: "*"), options: options[end])]
      ends.append(Sessions(configuration: configuration, seed: seed &+ UInt64(end)))
    }
  }

  init(_ change: (inout SessionOptions) -> Void = { _ in }) {
    var options = SessionOptions()
    change(&options)
    self.init([options, options])
  }

  /// Both sessions are Up, a second after the beginning.
  static func up(_ change: (inout SessionOptions) -> Void = { _ in }) -> Pair {
    var pair = Pair(change)
    for end in 0...1 { pair.open(end) }
    pair.run(until: ms(1000))
    _ = pair.takeLines()
    return pair
  }

  static func key(_ end: Int) -> SessionKey { SessionKey(addresses[1 - end], interface: 7) }

  subscript(end: Int) -> Session? { ends[end][Pair.key(end)] }

  mutating func open(_ end: Int, _ overrides: SessionOverrides = SessionOverrides()) {
    handle(end, .open(Pair.key(end), from: Pair.addresses[end], interfaceName: "l0", overrides))
  }

  mutating func handle(_ end: Int, _ event: Sessions.Event) {
    var output = Sessions.Output()
    ends[end].handle(event, at: now, into: &output)
    take(output, of: end)
  }

  private mutating func take(_ output: Sessions.Output, of end: Int) {
    for change in output.changes {
      lines.append("\(now.nanoseconds / 1_000_000) \(Pair.names[end]) \(change.state.name)\(change.hasFailed ? " failed" : "")")
      if change.hasFailed { failures[end] += 1 }
    }
    for packet in output.packets {
      sent[end] += 1
      let bytes = Array(output.bytes[packet.range])
      if showsPackets, let read = try? ControlPacket(bytes.span.bytes) {
        lines.append(
          "\(now.nanoseconds / 1_000_000) \(Pair.names[end])> \(read.state.name)\(read.flags.names) \(read.desiredMinTxInterval / 1000)/"
            + "\(read.requiredMinRxInterval / 1000)")
      }
      guard !isCut[1 - end] else { continue }
      var answer = Sessions.Output()
      let arrival = Sessions.Arrival(from: packet.source, on: 7, hopLimit: 255, isMultihop: false)
      ends[1 - end].receive(bytes.span.bytes, arrival, at: now, into: &answer)
      take(answer, of: 1 - end)
    }
  }

  mutating func run(until end: Instant) {
    while let next = earliest(ends[0].nextDeadline, ends[1].nextDeadline), next <= end {
      now = max(now, next)
      for end in 0...1 where ends[end].nextDeadline.map({ $0 <= now }) == true { handle(end, .deadline) }
    }
    now = end
  }

  mutating func takeLines() -> [String] {
    defer { lines = [] }
    return lines
  }
}
