import BFD
import RouteCore

// Records of 26 or, with bit 6 of the first, 50 bytes: one that says how the packet comes and what of it is made right, one for the time
// that passes after it, and the control packet, maybe with a section of authentication. They meet two sessions: one of a neighbour on the
// link, one with authentication several hops away.

private let link = SessionKey(IPAddress(high: 0xfe80 << 48, low: 1), interface: 7)
private let remote = SessionKey(IPAddress(high: 0x2001_0db8 << 32, low: 1))

func test(_ bytes: [UInt8]) {
  var configuration = BFDConfiguration()
  configuration.multihop.passive = true
  configuration.multihop.authentication = Authentication(method: .keyedMD5, keys: [.init(id: 1, secret: [1, 2, 3])])
  var sessions = Sessions(configuration: configuration, seed: 1)
  var output = Sessions.Output()
  output.trace = [.events, .packets]
  var now = Instant.zero
  var discriminators: [UInt32] = []
  for key in [link, remote] {
    sessions.handle(
      .open(key, from: .unspecified, interfaceName: key.isMultihop ? nil : "l0", SessionOverrides()), at: now, into: &output)
    // What a neighbour would know of us.
    for packet in output.packets where packet.destination == link {
      if let sent = try? ControlPacket(output.bytes.span.bytes.extracting(packet.range)) { discriminators.append(sent.myDiscriminator) }
    }
  }
  var rest = bytes[...]
  var count = 0
  while rest.count > 2, count < 64 {
    count += 1
    let how = rest[rest.startIndex]
    let pause = rest[rest.startIndex + 1]
    let size = ControlPacket.size + (how & 64 == 0 ? 0 : 24)
    var packet = Array(rest.dropFirst(2).prefix(size))
    rest = rest.dropFirst(2 + size)
    // Bit 0: a right start. Bit 1: our discriminator. Bit 2: several hops. Bit 3: another hop limit. Bit 4: from somebody else.
    if how & 1 != 0, packet.count == size {
      packet[0] = packet[0] & 0x1f | 0x20
      packet[3] = UInt8(size)
    }
    if how & 2 != 0, packet.count == size, let own = discriminators.first {
      for byte in 0..<4 { packet[8 + byte] = UInt8(truncatingIfNeeded: own >> UInt32(24 - 8 * byte)) }
    }
    let isMultihop = how & 4 != 0
    let source = how & 16 != 0 ? IPAddress.unspecified : isMultihop ? remote.address : link.address
    output.removeAll()
    sessions.receive(
      packet.span.bytes, .init(from: source, on: 7, hopLimit: how & 8 != 0 ? 64 : 255, isMultihop: isMultihop), at: now, into: &output)
    precondition(output.packets.count <= 4, "one packet is answered by many")
    if how & 32 != 0 {
      var overrides = SessionOverrides()
      overrides.minRxInterval = UInt32(pause) * 10_000
      overrides.minTxInterval = UInt32(how) * 1000
      sessions.handle(.change(link, overrides), at: now, into: &output)
    }
    run(&sessions, from: &now, until: now + .milliseconds(Int64(pause) * 20))
  }
  sessions.handle(.close(link), at: now, into: &output)
  sessions.handle(.stop(.told), at: now, into: &output)
}

/// Deadlines up to the given time; one that does not move would keep the daemon busy for ever.
private func run(_ sessions: inout Sessions, from now: inout Instant, until end: Instant) {
  var output = Sessions.Output()
  var idle = 0
  while let deadline = sessions.nextDeadline, deadline <= end {
    idle = deadline <= now ? idle + 1 : 0
    precondition(idle < 100, "the deadline does not move")
    now = max(now, deadline)
    output.removeAll()
    sessions.handle(.deadline, at: now, into: &output)
  }
  now = end
}
