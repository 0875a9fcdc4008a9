import OSPFv3
import RouteCore

/// Routers joined by links that delay, lose, duplicate and reorder packets, on a virtual clock that jumps to the next event.
struct Simulation {
  struct Attachment: Hashable {
    var host: Int
    var interface: UInt32
    var cost: UInt16
  }

  struct Link {
    var members: [Attachment]
    var isPointToPoint: Bool
    var isUp = true
    /// Pairs of hosts that do not hear each other, though they share the link.
    var separated: Set<Set<Int>> = []
    /// Carries no multicast.
    var isUnicastOnly = false
    var prefix: Prefix
    var area: RouterID
  }

  struct Host {
    var instance: Instance
    var routes: [Prefix: OSPFRoute] = [:]
    var groups: Set<Output.Membership> = []
    /// Those of global scope.
    var addresses: Set<IPAddress> = []
    var routeChanges = 0
    var packets = 0
    var lines: [Output.Line] = []
    /// How often it said that its restart is over.
    var recoveries = 0
    /// Neither hears nor says anything.
    var isGone = false
    /// Does nothing for now; what arrives meanwhile waits in `socket`.
    var isStopped = false
    var socket: [Event] = []
  }

  private struct Flight {
    var at: Instant
    var order: Int
    var host: Int
    var interface: UInt32
    var source: IPAddress
    var destination: IPAddress
    var bytes: [UInt8]
  }

  var now = Instant.zero
  var hosts: [Host] = []
  var links: [Link] = []
  var random: SeededGenerator
  var delay: Duration = .milliseconds(1)
  /// Up to this much more, at random: reorders packets.
  var jitter: Duration = .zero
  /// In percent.
  var loss: UInt64 = 0
  var duplication: UInt64 = 0
  /// The next to arrive is the last.
  private var flights: [Flight] = []
  private var deadlines: [Instant?] = []
  private var sent = 0

  /// Of whom to note which LSAs are flushed, and those.
  var watched: RouterID?
  private(set) var flushed: Set<LSAKey> = []

  /// Note all events, with their time in milliseconds.
  var trace = false

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  static func linkLocal(_ host: Int, _ interface: UInt32) -> IPAddress {
    IPAddress(high: UInt64(0xfe80) << 48, low: UInt64(host + 1) << 16 | UInt64(interface))
  }
  static func stub(_ host: Int, _ family: AddressFamily = .ipv6) -> Prefix {
    family == .ipv4
      ? Prefix(IPAddress(ipv4: 0x0a64_0000 | UInt32(host + 1) << 8), 24)
      : Prefix(IPAddress(high: 0x2001_0db8_0000_0000 | UInt64(host + 1) << 16, low: 0), 64, .ipv6)
  }
  /// A host's IPv4 address on a link, which on a point-to-point link is in no network with the other end's.
  static func ipv4(_ host: Int, _ link: Int) -> IPAddress { IPAddress(ipv4: 0x0a00_0000 | UInt32(link) << 8 | UInt32(host + 1)) }
  static func routerID(_ host: Int) -> RouterID { RouterID(rawValue: 0x0a00_0000 | UInt32(host + 1)) }

  /// A router with a stub interface "dummy0" (index 1) in the area; its others are named after their links.
  mutating func addHost(area: UInt32 = 0, _ change: (inout InstanceConfiguration) -> Void = { _ in }) {
    let host = hosts.count
    var configuration = InstanceConfiguration(routerID: Self.routerID(host))
    configuration.ecmp = true
    var area = AreaConfiguration(id: RouterID(rawValue: area))
    var stub = InterfaceOptions()
    stub.stub = true
    stub.cost = 1
    area.interfaces.append(.init(pattern: InterfacePattern(name: "dummy0"), options: stub))
    configuration.areas = [area]
    change(&configuration)
    hosts.append(Host(instance: Instance(configuration: configuration, seed: random.next(), now: now)))
    hosts[host].addresses.formUnion(stubStatus(host).addresses.map(\.address))
    deliver(.interfaceChanged(stubStatus(host)), to: host)
  }

  private func stubStatus(_ host: Int) -> InterfaceStatus {
    let network = Self.stub(host, hosts[host].instance.configuration.family)
    let address = IPAddress(high: network.address.high, low: network.address.low | 1)
    return InterfaceStatus(
      index: 1, name: "dummy0", linkLocal: Self.linkLocal(host, 1), addresses: [.init(address, length: network.length)])
  }

  /// Joins hosts by a new link. Costs are per member.
  mutating func join(
    _ members: [(host: Int, cost: UInt16)], pointToPoint: Bool, area: UInt32? = nil,
    _ change: (inout InterfaceOptions) -> Void = { _ in }
  ) {
    let area = area.map { RouterID(rawValue: $0) } ?? hosts[members[0].host].instance.configuration.areas[0].id
    let number = links.count
    let prefix = Prefix(IPAddress(high: 0x2001_0db8_ffff_0000 | UInt64(number), low: 0), 64, .ipv6)
    let index = UInt32(100 + number)
    links.append(
      Link(
        members: members.map { Attachment(host: $0.host, interface: index, cost: $0.cost) }, isPointToPoint: pointToPoint, prefix: prefix,
        area: area))
    for (host, cost) in members {
      var options = InterfaceOptions()
      options.cost = cost
      options.type = pointToPoint ? .pointToPoint : .broadcast
      change(&options)
      var configuration = hosts[host].instance.configuration
      if !configuration.areas.contains(where: { $0.id == area }) { configuration.areas.append(AreaConfiguration(id: area)) }
      for a in configuration.areas.indices where configuration.areas[a].id == area {
        configuration.areas[a].interfaces.append(.init(pattern: InterfacePattern(name: "l\(number)"), options: options))
      }
      deliver(.reconfigure(configuration), to: host)
      let status = status(host, number, isUp: true)
      hosts[host].addresses.formUnion(status.addresses.map { $0.address })
      deliver(.interfaceChanged(status), to: host)
    }
  }

  private func status(_ host: Int, _ number: Int, isUp: Bool) -> InterfaceStatus {
    let isPointToPoint = links.indices.contains(number) && links[number].isPointToPoint
    let prefix = IPAddress(high: 0x2001_0db8_ffff_0000 | UInt64(number), low: UInt64(host + 1))
    if hosts[host].instance.configuration.family == .ipv4 {
      return InterfaceStatus(
        index: UInt32(100 + number), name: "l\(number)", isUp: isUp, linkLocal: Self.linkLocal(host, UInt32(100 + number)),
        addresses: [.init(Self.ipv4(host, number), length: isPointToPoint ? 32 : 24)])
    }
    return InterfaceStatus(
      index: UInt32(100 + number), name: "l\(number)", isUp: isUp, linkLocal: Self.linkLocal(host, UInt32(100 + number)),
      addresses: isPointToPoint ? [] : [.init(prefix, length: 64)])
  }

  /// The link stops carrying packets; with `noticed` its ends see it at once.
  mutating func setLink(_ number: Int, up: Bool, noticed: Bool = true) {
    links[number].isUp = up
    guard noticed else { return }
    for member in links[number].members {
      deliver(.interfaceChanged(status(member.host, number, isUp: up)), to: member.host)
    }
  }

  mutating func deliver(_ event: Event, to host: Int) {
    if hosts[host].isGone { return }
    var output = Output()
    if trace { output.trace = [.interfaces, .events] }
    hosts[host].instance.handle(event, at: now, into: &output)
    while deadlines.count < hosts.count { deadlines.append(nil) }
    deadlines[host] = hosts[host].instance.nextDeadline
    for change in output.routes {
      hosts[host].routes[change.prefix] = change.route
      hosts[host].routeChanges += 1
    }
    hosts[host].lines += output.lines.map {
      Output.Line(level: $0.level, text: trace ? "\(now.nanoseconds / 1_000_000) \($0.text)" : $0.text)
    }
    for membership in output.memberships {
      var member = membership
      member.isMember = true
      if membership.isMember { hosts[host].groups.insert(member) } else { hosts[host].groups.remove(member) }
    }
    if output.hasRecovered { hosts[host].recoveries += 1 }
    for packet in output.packets { transmit(packet, Array(output.bytes[packet.range]), from: host) }
  }

  /// The router is gone, whatever it had to do.
  mutating func end(_ host: Int) {
    hosts[host].isGone = true
    hosts[host].groups = []
    deadlines[host] = nil
  }

  /// The process is stopped.
  mutating func suspend(_ host: Int) {
    hosts[host].isStopped = true
    deadlines[host] = nil
  }

  /// It goes on, and reads first what has arrived.
  mutating func resume(_ host: Int) {
    hosts[host].isStopped = false
    let waiting = hosts[host].socket
    hosts[host].socket = []
    for event in waiting { deliver(event, to: host) }
    deadlines[host] = hosts[host].instance.nextDeadline
  }

  /// It starts anew, with what the system says of its links.
  mutating func begin(_ host: Int, recovers: Bool, _ change: (inout InstanceConfiguration) -> Void = { _ in }) {
    var configuration = hosts[host].instance.configuration
    change(&configuration)
    hosts[host].instance = Instance(configuration: configuration, seed: random.next(), now: now, recovers: recovers)
    hosts[host].routes = [:]
    hosts[host].isGone = false
    deliver(.interfaceChanged(stubStatus(host)), to: host)
    for number in links.indices where links[number].members.contains(where: { $0.host == host }) {
      deliver(.interfaceChanged(status(host, number, isUp: true)), to: host)
    }
  }

  private mutating func transmit(_ packet: Output.Packet, _ bytes: [UInt8], from host: Int) {
    hosts[host].packets += 1
    noteFlushes(bytes)
    if packet.interface == 0 {
      if let (target, interface) = route(packet, from: host) { launch(packet, bytes, to: target, interface) }
      return
    }
    guard packet.interface >= 100, links.indices.contains(Int(packet.interface) - 100), links[Int(packet.interface) - 100].isUp else {
      return
    }
    let link = links[Int(packet.interface) - 100]
    for member in link.members where member.host != host && !link.separated.contains([host, member.host]) {
      if packet.destination.isMulticast {
        if link.isUnicastOnly { continue }
        let membership = Output.Membership(interface: member.interface, group: packet.destination, isMember: true)
        guard hosts[member.host].groups.contains(membership) else { continue }
      } else if packet.destination != Self.linkLocal(member.host, member.interface) {
        continue
      }
      launch(packet, bytes, to: member.host, member.interface)
    }
  }

  private mutating func launch(_ packet: Output.Packet, _ bytes: [UInt8], to host: Int, _ interface: UInt32) {
    if random.next() % 100 < loss { return }
    for _ in 0..<(random.next() % 100 < duplication ? 2 : 1) {
      let extra = jitter == .zero ? 0 : Int64(random.next() % UInt64(jitter.nanoseconds))
      sent += 1
      let flight = Flight(
        at: now + delay + .nanoseconds(extra), order: sent, host: host, interface: interface, source: packet.source,
        destination: packet.destination, bytes: bytes)
      let place = flights.lastIndex { ($0.at, $0.order) > (flight.at, flight.order) }
      flights.insert(flight, at: place.map { $0 + 1 } ?? 0)
    }
  }

  /// Forwards by the routes that each host has at the moment. Returns the host whose address it is, and where it arrives there.
  private func route(_ packet: Output.Packet, from host: Int) -> (host: Int, interface: UInt32)? {
    guard hosts[host].addresses.contains(packet.source) else { return nil }
    var at = host
    var arrival: UInt32 = 0
    for _ in 0..<packet.hopLimit {
      if hosts[at].addresses.contains(packet.destination) { return at == host ? nil : (at, arrival) }
      guard let next = next(to: packet.destination, from: at) else { return nil }
      (at, arrival) = next
    }
    return nil
  }

  /// The longest match; what is on one of the host's own links is there.
  private func next(to destination: IPAddress, from host: Int) -> (host: Int, interface: UInt32)? {
    let match = hosts[host].routes.filter { $0.key.contains(destination) }.max { $0.key.length < $1.key.length }
    guard let hop = match?.value.nextHops.first, hop.interface >= 100 else { return nil }
    let link = links[Int(hop.interface) - 100]
    guard link.isUp else { return nil }
    let next = hop.gateway.isLinkLocal ? Int(hop.gateway.low >> 16) - 1 : Int(destination.low) - 1
    return link.members.first { $0.host == next }.map { ($0.host, $0.interface) }
  }

  private mutating func noteFlushes(_ bytes: [UInt8]) {
    guard let watched, let header = try? PacketHeader.decode(bytes.span.bytes), header.type == .linkStateUpdate,
      let update = try? LinkStateUpdatePacket.decode(bytes.span.bytes.extracting(PacketHeader.size..<Int(header.length)))
    else { return }
    for lsa in update.lsas {
      guard let header = LSAHeader(lsa.span.bytes), header.age >= Constants.maxAge, header.advertisingRouter == watched else { continue }
      flushed.insert(header.key)
    }
  }

  /// Runs until nothing is left to do before `end`.
  mutating func run(until end: Instant) {
    while true {
      let next = deadlines.reduce(nil) { earliest($0, $1) }
      if let flight = flights.last, next.map({ flight.at <= $0 }) ?? true {
        guard flight.at <= end else { break }
        let packet = flights.removeLast()
        now = max(now, packet.at)
        let event = Event.received(
          interface: packet.interface, source: packet.source, destination: packet.destination, bytes: packet.bytes)
        if hosts[packet.host].isStopped { hosts[packet.host].socket.append(event) } else { deliver(event, to: packet.host) }
        continue
      }
      guard let next, next <= end else { break }
      now = max(now, next)
      for host in hosts.indices {
        if let deadline = deadlines[host], deadline <= now { deliver(.deadline, to: host) }
      }
    }
    now = end
  }

  mutating func run(for duration: Duration) { run(until: now + duration) }
}

/// The truth about a simulated network, by Floyd and Warshall over routers and shared links.
struct Reference {
  private var distance: [[UInt32]]
  private let simulation: Simulation
  static let infinite: UInt32 = 1 << 30

  init(_ simulation: Simulation) {
    self.simulation = simulation
    let n = simulation.hosts.count
    let size = n + simulation.links.count
    distance = Array(repeating: Array(repeating: Self.infinite, count: size), count: size)
    for vertex in 0..<size { distance[vertex][vertex] = 0 }
    for (number, link) in simulation.links.enumerated() where link.isUp {
      if link.isPointToPoint {
        for a in link.members {
          for b in link.members where a != b && !link.separated.contains([a.host, b.host]) {
            distance[a.host][b.host] = min(distance[a.host][b.host], UInt32(a.cost))
          }
        }
      } else {
        for a in link.members {
          distance[a.host][n + number] = UInt32(a.cost)
          distance[n + number][a.host] = 0
        }
      }
    }
    for k in 0..<size {
      for i in 0..<size where distance[i][k] < Self.infinite {
        for j in 0..<size where distance[i][k] + distance[k][j] < distance[i][j] { distance[i][j] = distance[i][k] + distance[k][j] }
      }
    }
  }

  /// Metric and next hops of the way from a host to another's stub network, whose cost is 1; nil if there is none.
  func route(from a: Int, to b: Int) -> (metric: UInt32, hops: [NextHop])? {
    guard distance[a][b] < Self.infinite else { return nil }
    var hops: Set<NextHop> = []
    for link in simulation.links where link.isUp {
      guard let own = link.members.first(where: { $0.host == a }) else { continue }
      for member in link.members
      where member.host != a && !link.separated.contains([a, member.host]) && UInt32(own.cost) + distance[member.host][b] == distance[a][b]
      {
        hops.insert(NextHop(gateway: Simulation.linkLocal(member.host, member.interface), interface: own.interface))
      }
    }
    return (distance[a][b] + 1, Array(hops.sorted().prefix(16)))
  }
}
