import OSPFv3
import RouteCore

// The first byte: bit 0 gives the LSAs of updates right checksums, bit 1 chooses a broadcast link, bit 2 lets an hour pass at the end,
// bit 3 makes the router an area border router of the backbone, where the link is, bit 4 one of an NSSA, where the link is, bit 5 the
// end of a virtual link: then packets are of the link or of the virtual link, by the first bit of their checksums. Bit 6 takes
// multicast from the link.
// The rest is one packet after another, as long as its header says. Each meets the decoders, and then, in the name of a neighbour, a
// router that is Full with it. After each, time passes.

private let linkIndex: UInt32 = 100
private let backbone = RouterID(rawValue: 0)

private func address(_ host: UInt64) -> IPAddress { IPAddress(high: UInt64(0xfe80) << 48, low: host) }
private func global(_ host: UInt64) -> IPAddress { IPAddress(high: 0x2001_0db8_0000_0000, low: host) }
private func routerID(_ host: UInt64) -> RouterID { RouterID(rawValue: 0x0a00_0000 | UInt32(truncatingIfNeeded: host)) }

/// Where the router under test is.
private enum Place { case alone, border, nssa, transit }

/// Two routers that have become Full; what is done to a copy of the first is the test.
private struct Pair {
  var routers: [Instance]
  var now = Instant.zero

  let area: RouterID

  init(_ type: NetworkType, _ place: Place) {
    area = place == .nssa ? RouterID(rawValue: 7) : place == .transit ? RouterID(rawValue: 1) : backbone
    let area = area
    routers = [UInt64(1), 2].map { host in
      var configuration = InstanceConfiguration(routerID: routerID(host))
      configuration.ecmp = true
      configuration.isASBoundaryRouter = true
      var options = InterfaceOptions()
      options.type = type
      options.waitInterval = 1
      options.neighbors = [1, 2].map { InterfaceOptions.Neighbor(address: address($0), isEligible: true) }
      var shared = AreaConfiguration(id: area)
      shared.interfaces = [.init(pattern: InterfacePattern(name: "l0"), options: options)]
      if place == .nssa {
        shared.kind = .nssa
        shared.summary = true
        shared.defaultNSSA = true
        shared.externals = [.init(prefix: Prefix(IPAddress(high: 0x2001_0db8_0000_0000, low: 0), 40, .ipv6), tag: 5)]
      }
      if place == .transit {
        shared.virtualLinks = [.init(peer: routerID(3 - host))]
        configuration.areas = [shared, AreaConfiguration(id: RouterID(rawValue: UInt32(truncatingIfNeeded: host) + 8))]
      } else {
        configuration.areas = [shared]
        if place != .alone, host == 1 { configuration.areas += Pair.otherAreas }
      }
      return Instance(configuration: configuration, seed: host, now: .zero)
    }
    var waiting: [(to: Int, event: Event)] = [0, 1].map { host in
      let status = InterfaceStatus(
        index: linkIndex, name: "l0", isUp: true, linkLocal: address(UInt64(host) + 1),
        addresses: [.init(global(UInt64(host) + 1), length: 64)])
      return (host, .interfaceChanged(status))
    }
    if place != .alone {
      let address = IPAddress(high: 0x2001_0db8_0001_0000, low: 1)
      waiting.append((0, .interfaceChanged(InterfaceStatus(index: 5, name: "d0", linkLocal: nil, addresses: [.init(address, length: 64)]))))
    }
    while now < .zero + .seconds(60) {
      while !waiting.isEmpty {
        let (host, event) = waiting.removeFirst()
        var output = Output()
        routers[host].handle(event, at: now, into: &output)
        for packet in output.packets {
          let bytes = Array(output.bytes[packet.range])
          waiting.append(
            (1 - host, .received(interface: linkIndex, source: packet.source, destination: packet.destination, bytes: bytes)))
        }
      }
      now += .milliseconds(100)
      for host in routers.indices where routers[host].nextDeadline.map({ $0 <= now }) == true { waiting.append((host, .deadline)) }
    }
    let adjacencies = place == .transit ? 2 : 1
    precondition(
      routers.allSatisfy { $0.neighborViews.map(\.state) == Array(repeating: .full, count: adjacencies) },
      "the routers of the target do not become Full")
  }
}

extension Pair {
  /// An ordinary area with a range and a network in it, and a stub area that hears of everything.
  fileprivate static var otherAreas: [AreaConfiguration] {
    var options = InterfaceOptions()
    options.stub = true
    var first = AreaConfiguration(id: RouterID(rawValue: 1))
    first.interfaces = [.init(pattern: InterfacePattern(name: "d0"), options: options)]
    first.networks = [.init(prefix: Prefix(IPAddress(high: 0x2001_0db8_0000_0000, low: 0), 40, .ipv6))]
    var second = AreaConfiguration(id: RouterID(rawValue: 2))
    second.kind = .stub
    second.summary = true
    return [first, second]
  }
}

private let types: [NetworkType] = [.pointToPoint, .broadcast, .pointToMultipoint, .nonBroadcast]
private let pairs = [Place.alone, .border, .nssa, .transit].map { place in types.map { Pair($0, place) } }

/// The packets in the bytes; the last may be damaged in its length.
private func packets(_ bytes: ArraySlice<UInt8>) -> [[UInt8]] {
  var rest = bytes
  var found: [[UInt8]] = []
  while rest.count >= PacketHeader.size, found.count < 64 {
    let length = Int(rest[rest.startIndex + 2]) << 8 | Int(rest[rest.startIndex + 3])
    let packet = length < PacketHeader.size || length > rest.count ? rest : rest.prefix(length)
    found.append(Array(packet))
    rest = rest.dropFirst(packet.count)
  }
  return found
}

/// Deadlines up to the given time. An instance that asks again and again for the same moment would keep the daemon busy for ever.
private func run(_ router: inout Instance, from now: inout Instant, until end: Instant) {
  var output = Output()
  var idle = 0
  while let deadline = router.nextDeadline, deadline <= end {
    idle = deadline <= now ? idle + 1 : 0
    precondition(idle < 1000, "the deadline does not move")
    now = max(now, deadline)
    output.removeAll()
    router.handle(.deadline, at: now, into: &output)
  }
  now = end
}

func test(_ bytes: [UInt8]) {
  guard let flags = bytes.first else { return }
  let place = flags & 32 != 0 ? 3 : flags & 16 != 0 ? 2 : flags & 8 != 0 ? 1 : 0
  let pair = pairs[place][(flags & 2 == 0 ? 0 : 1) + (flags & 64 == 0 ? 0 : 2)]
  var router = pair.routers[0]
  var now = pair.now
  var output = Output()
  for packet in packets(bytes.dropFirst()) {
    Fuzzing.decode(packet)
    // From the neighbour, in its area, so that it gets past the header.
    var packet = packet
    let isVirtual = flags & 32 != 0 && packet[12] & 0x80 == 0
    let area = isVirtual ? backbone : pair.area
    packet.replaceSubrange(4..<12, with: [10, 0, 0, 2, 0, 0, 0, UInt8(truncatingIfNeeded: area.rawValue)])
    if flags & 1 != 0 { packet = Fuzzing.repairChecksums(packet) }
    output.removeAll()
    router.handle(
      .received(
        interface: linkIndex, source: isVirtual ? global(2) : address(2), destination: isVirtual ? global(1) : Constants.allSPFRouters,
        bytes: packet), at: now, into: &output)
    run(&router, from: &now, until: now + .milliseconds(300))
  }
  run(&router, from: &now, until: now + (flags & 4 == 0 ? .seconds(5) : .seconds(3700)))
  _ = router.lsaViews(at: now)
  _ = router.neighborViews
  output.removeAll()
  router.handle(.stop, at: now, into: &output)
}
