import Glibc
import Linux
import RouteCore
import Testing

/// Two namespaces joined by a veth pair, eth0 in both: 2001:db8::1 and ::2, 10.0.0.1 and .2.
@MainActor struct TwoHosts {
  let hosts: [NetworkNamespace]
  let interfaces: [UInt32]

  init() throws {
    hosts = try [NetworkNamespace(), NetworkNamespace()]
    try hosts[0].run("ip link add eth0 type veth peer name eth0 netns \(hosts[1].name)")
    for (index, host) in hosts.enumerated() {
      try host.run("ip address add 10.0.0.\(index + 1)/24 dev eth0")
      try host.run("ip -6 address add 2001:db8::\(index + 1)/64 dev eth0 nodad")
      try host.run("ip link set eth0 up")
    }
    interfaces = try hosts.map { host in try host.inside { if_nametoindex("eth0") } }
  }

  func close() { for host in hosts { host.close() } }
}

@Suite(.enabled(if: NetworkNamespace.isAvailable, "needs root and network namespaces"))
struct RoutingSocketTests {
  @Test func `An OSPF packet travels between two hosts, once duplicate address detection is over`() throws {
    let pair = try TwoHosts()
    defer { pair.close() }
    let loop = EventLoop()
    var arrivals = [OSPFSocket.Arrival]()
    var bytes = [UInt8]()
    var echoes = 0
    let first = try pair.hosts[0].inside {
      try OSPFSocket(loop, onPacket: { _, _ in echoes += 1 }, onError: { Issue.record($0) })
    }
    let second = try pair.hosts[1].inside {
      try OSPFSocket(
        loop,
        onPacket: { arrival, packet in
          arrivals.append(arrival)
          bytes = packet.withUnsafeBytes { Array($0) }
        }, onError: { Issue.record($0) })
    }
    defer {
      first.close()
      second.close()
    }
    for (socket, interface) in [(first, pair.interfaces[0]), (second, pair.interfaces[1])] {
      try socket.join(OSPFSocket.allSPFRouters, on: interface)
      try socket.join(OSPFSocket.allSPFRouters, on: interface)
    }
    let source = try linkLocal(pair.hosts[0], loop)
    // RFC 5340 appendix A.3.1: version 3, Hello, 36 bytes, router 1.0.0.1, area 0, checksum 0, instance 0; then a Hello body.
    var hello: [UInt8] = [3, 1, 0, 36, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    hello += [0, 0, 0, 5, 1, 0, 0, 0x13, 0, 10, 0, 40, 0, 0, 0, 0, 0, 0, 0, 0]
    var retries = 0
    var result = OSPFSocket.SendResult.failed(SystemError(0, ""))
    let end = Clock.now() + .seconds(5)
    while Clock.now() < end {
      result = first.send(hello.span.bytes, from: source, to: OSPFSocket.allSPFRouters, on: pair.interfaces[0])
      guard case .retry = result else { break }
      retries += 1
      try loop.run(atMost: .milliseconds(50)) { false }
    }
    #expect(result == .sent)
    #expect(retries > 0, "an address under detection cannot be sent from")
    #expect(try loop.run(atMost: .seconds(60)) { !arrivals.isEmpty })
    let arrival = try #require(arrivals.first)
    #expect(arrival.interface == pair.interfaces[1] && arrival.source == source && arrival.hopLimit == 1)
    #expect(arrival.destination == OSPFSocket.allSPFRouters)
    #expect(bytes.count == 36 && bytes[12..<14] != [0, 0], "the kernel fills the checksum")
    hello[12] = bytes[12]
    hello[13] = bytes[13]
    #expect(bytes == hello)
    #expect(echoes == 0, "what is sent is not heard by its sender")
    _ = first.send(hello.span.bytes, from: source, to: OSPFSocket.allSPFRouters, on: pair.interfaces[0], hopLimit: 255)
    #expect(try loop.run(atMost: .seconds(60)) { arrivals.count == 2 })
    #expect(arrivals.last?.hopLimit == 255)

    try second.leave(OSPFSocket.allSPFRouters, on: pair.interfaces[1])
    _ = first.send(hello.span.bytes, from: source, to: OSPFSocket.allSPFRouters, on: pair.interfaces[0])
    try loop.run(atMost: .milliseconds(100)) { false }
    #expect(arrivals.count == 2, "nothing after leaving the group")
  }

  private func linkLocal(_ host: NetworkNamespace, _ loop: EventLoop) throws -> IPAddress {
    let dumper = try host.inside { try KernelDumper(loop) }
    defer { dumper.close() }
    var found: IPAddress?
    var isDone = false
    dumper.dump(.addresses) { event in
      if case .address(let address) = event, address.address.isLinkLocal { found = address.address }
    } completion: { _ in
      isDone = true
    }
    try loop.run(atMost: .seconds(60)) { isDone }
    return try #require(found)
  }

  /// Tries to connect the first host to the second; the two ends, or nil if nothing came of it.
  private func connect(
    _ pair: TwoHosts, _ loop: EventLoop, _ listener: TCPListener, accepted: () -> StreamConnection?, to remote: Endpoint,
    options: TCPOptions, within limit: Duration
  ) throws -> (StreamConnection, StreamConnection)? {
    let client = try pair.hosts[0].inside { try StreamConnection.connect(loop, to: remote, options: options) }
    try loop.run(atMost: limit) { client.state != .connecting && accepted() != nil }
    guard client.state == .open, let server = accepted() else {
      client.abort()
      return nil
    }
    return (client, server)
  }

  @Test(arguments: ["10.0.0", "2001:db8:"])
  func `TCP MD5 connects with the same key only`(_ network: String) throws {
    let pair = try TwoHosts()
    defer { pair.close() }
    let loop = EventLoop()
    let ends = network.contains(":") ? ["\(network):1", "\(network):2"] : ["\(network).1", "\(network).2"]
    var accepted: StreamConnection?
    let listener = try pair.hosts[1].inside {
      try TCPListener(loop, on: TCPListener.everywhere(ip(ends[1]).family, port: 179)) { connection, _ in
        accepted = connection
      } onError: {
        Issue.record($0)
      }
    }
    defer { listener.close() }
    try listener.setPassword("secret", for: Prefix(host: ip(ends[0])))
    let remote = Endpoint(ip(ends[1]), port: 179)
    func attempt(_ password: String?, _ limit: Duration) throws -> Bool {
      accepted = nil
      let pair = try connect(
        pair, loop, listener, accepted: { accepted }, to: remote, options: TCPOptions(password: password), within: limit)
      guard let (client, server) = pair else { return false }
      var received = 0
      server.onReceive = { received += $0.byteCount }
      client.send("signed")
      try loop.run(atMost: .seconds(60)) { received == 6 }
      client.abort()
      server.abort()
      return received == 6
    }
    #expect(try attempt("secret", .seconds(3)))
    #expect(try !attempt("wrong", .milliseconds(400)))
    #expect(try !attempt(nil, .milliseconds(400)))
    try listener.setPassword(nil, for: Prefix(host: ip(ends[0])))
    try listener.setPassword(nil, for: Prefix(host: ip(ends[0])))
    #expect(try attempt(nil, .seconds(3)))
    // A key of a network, and a longer one in it.
    let network = Prefix(ip(ends[0]), ends[0].contains(":") ? 64 : 24)
    try listener.setPassword("range", for: network)
    #expect(try attempt("range", .seconds(3)))
    #expect(try !attempt(nil, .milliseconds(400)))
    try listener.setPassword("host", for: Prefix(host: ip(ends[0])))
    #expect(try attempt("host", .seconds(3)))
    #expect(try !attempt("range", .milliseconds(400)))
    try listener.setPassword(nil, for: Prefix(host: ip(ends[0])))
    try listener.setPassword(nil, for: network)
    try listener.setPassword(nil, for: network)
    #expect(try attempt(nil, .seconds(3)))
    #expect(throws: SystemError.self) { try listener.setPassword(String(repeating: "x", count: 81), for: Prefix(host: ip(ends[0]))) }
  }

  @Test func `TTL security lets through 255 only, and link-local peers connect over their interface`() throws {
    let pair = try TwoHosts()
    defer { pair.close() }
    let loop = EventLoop()
    var accepted: StreamConnection?
    let listener = try pair.hosts[1].inside {
      try TCPListener(loop, on: TCPListener.everywhere(.ipv6, port: 179)) { connection, _ in
        accepted = connection
      } onError: {
        Issue.record($0)
      }
    }
    defer { listener.close() }
    let remote = Endpoint(ip("2001:db8::2"), port: 179)
    let secure = TCPOptions(hopLimit: 255, minimumHopLimit: 255)
    let (client, server) = try #require(
      try connect(pair, loop, listener, accepted: { accepted }, to: remote, options: secure, within: .seconds(3)))
    try server.apply(secure)
    var received = 0
    server.onReceive = { received += $0.byteCount }
    client.send("near")
    #expect(try loop.run(atMost: .seconds(60)) { received == 4 })
    try client.apply(TCPOptions(hopLimit: 254))
    client.send("far")
    try loop.run(atMost: .milliseconds(300)) { false }
    #expect(received == 4, "what came from further away is dropped")
    client.abort()
    server.abort()

    accepted = nil
    var local = try linkLocal(pair.hosts[1], loop)
    try pair.hosts[0].run("sh -c 'while ip -6 address show dev eth0 | grep -q tentative; do sleep 0.1; done'")
    try pair.hosts[1].run("sh -c 'while ip -6 address show dev eth0 | grep -q tentative; do sleep 0.1; done'")
    local = try linkLocal(pair.hosts[1], loop)
    let scoped = Endpoint(local, port: 179, interface: pair.interfaces[0])
    let (near, far) = try #require(
      try connect(
        pair, loop, listener, accepted: { accepted }, to: scoped, options: TCPOptions(hopLimit: 1, device: "eth0"), within: .seconds(3)))
    #expect(near.localEndpoint?.address.isLinkLocal == true)
    #expect(far.remoteEndpoint?.address == near.localEndpoint?.address && far.remoteEndpoint?.interface == pair.interfaces[1])
    near.abort()
    far.abort()
  }
}
