import Configuration
import Control
import Glibc
import Linux
import RouteCore
import Testing

@testable import routed

/// A daemon within the test's process: its time is the test's, its network the loopback, and there is no kernel to speak to. What it does
/// of itself, it does when the test lets its time pass.
final class TestDaemon {
  let daemon: Daemon
  let network: TestNetwork
  private(set) var log: [String] = []

  private final class Watch {
    var now: Instant
    init(_ now: Instant) { self.now = now }
  }
  private let watch: Watch

  fileprivate init(_ text: String, _ network: TestNetwork) throws {
    self.network = network
    // What the loop may think due stays in the future.
    let watch = Watch(Clock.now() + .seconds(3600))
    self.watch = watch
    let log = DaemonLog(Log(programName: "routed"))
    _ = log.log.setTargets([])
    daemon = Daemon(try TestDaemon.configuration(text), CommandOptions(), network.loop, log, clock: { watch.now })
    log.log.onMessage = { self.log.append("\($1)") }
    daemon.startProtocols()
  }

  static func configuration(_ text: String) throws -> Configuration {
    let result = ConfigurationReader.read(file: "routed.conf", provider: MemorySources(["routed.conf": text]), options: .init())
    return try #require(result.configuration, "\(result.diagnostics.map { $0.description })")
  }

  /// Time passes; what has arrived meanwhile is not read by itself.
  func pass(_ duration: Duration) {
    watch.now += duration
    daemon.deadlinesReached()
    for case let instance as BFDProtocol in daemon.protocols { instance.timerFired() }
  }

  func reconfigure(_ text: String) throws { daemon.apply(try TestDaemon.configuration(text)) }

  /// What `plan all` answers, line by line and without codes.
  func plan(_ text: String) throws -> [String] {
    let answer = PlanAnswer(
      RoutePlan(daemon, to: try TestDaemon.configuration(text)), "new.conf",
      AnswerForm.text.presentation(.bird2, .init(.bird2)).plan(listsRoutes: true))
    var reply = ReplyWriter()
    while !answer.writeSlice(to: &reply) {}
    return String(decoding: reply.text.bytes, as: UTF8.self).split(separator: "\n").map { line in
      String(line.dropFirst(line.hasPrefix(" ") ? 1 : 5))
    }
  }

  func bgp(_ name: String = "B") throws -> BGPProtocol { try #require(daemon.instance(name) as? BGPProtocol) }

  func isEstablished(_ name: String = "B") -> Bool { (daemon.instance(name) as? BGPProtocol)?.session != nil }

  /// The networks that a protocol has brought.
  func networks(of name: String) -> [String] {
    guard let instance = daemon.instance(name) else { return [] }
    return instance.channels.flatMap { channel -> [String] in
      let table = daemon.router[channel: channel].table
      var found: [String] = []
      var nets = NetCursor()
      while let net = daemon.router[table: table].next(&nets) {
        let own = daemon.router[table: table].firstRoute(in: net) { $1.channel == channel }
        if own != nil { found.append(daemon.router[table: table].prefix(net).description) }
      }
      return found
    }.sorted()
  }

  /// The attributes of the best route to a network of the main table.
  func route(_ network: String) -> RouteAttributes? {
    guard let table = daemon.router.table(named: "master4"), let net = Prefix(network).flatMap({ daemon.router[table: table].find($0) }),
      let best = daemon.router[table: table].best(net)
    else { return nil }
    var attributes = RouteAttributes(AttributeHeader(source: .none, preference: 0))
    daemon.router.attributes.load(daemon.router[table: table].routes[best].attributes, into: &attributes)
    return attributes
  }

  /// How many networks a protocol is told.
  func exported(to name: String) -> UInt32 {
    daemon.instance(name)?.channels.reduce(0) { $0 + daemon.router[channel: $1].statistics.exported } ?? 0
  }

  func hasLogged(_ text: String) -> Bool { log.contains { $0.contains(text) } }
}

/// The daemons of a test, on one loop.
final class TestNetwork {
  let loop: EventLoop
  private(set) var daemons: [TestDaemon] = []
  private let number: Int
  private static var count = 0

  init() throws {
    loop = EventLoop()
    TestNetwork.count += 1
    number = TestNetwork.count
  }

  /// An address of the loopback that no other test has.
  func address(_ host: Int) -> String { "127.\(1 + (Int(getpid()) >> 8) % 250).\(Int(getpid()) & 0xff).\(number * 8 + host)" }

  func add(_ text: String) throws -> TestDaemon {
    let daemon = try TestDaemon(text, self)
    daemons.append(daemon)
    return daemon
  }

  /// The configuration of a host with networks of its own and one session, to the other host of two. `options` are the session's, `channel`
  /// those of its channel.
  func configuration(_ host: Int, _ networks: [String], options: String = "", channel: String = "import all; export all;") -> String {
    """
    router id 10.255.0.\(host);
    protocol static S {
      ipv4;
    \(networks.map { "  route \($0) blackhole;" }.joined(separator: "\n"))
    }
    protocol bgp B {
      local \(address(host)) port \(TestNetwork.port) as \(65000 + host);
      neighbor \(address(3 - host)) port \(TestNetwork.port) as \(65003 - host);
      multihop;
      strict bind yes;
      connect delay time 1;
      hold time 6;
      \(options)
      ipv4 { next hop address 192.0.2.\(host); \(channel) };
    }
    """
  }

  /// Two daemons with a session between them, each of which has the other's networks.
  func pair(_ networks: [[String]] = [["10.1.0.0/16"], ["10.2.0.0/16"]], options: String = "") throws -> (TestDaemon, TestDaemon) {
    let a = try add(configuration(1, networks[0], options: options))
    let b = try add(configuration(2, networks[1], options: options))
    a.pass(.seconds(1))
    try until("established") { a.isEstablished() && b.isEstablished() }
    try until("the routes are there") { a.networks(of: "B") == networks[1] && b.networks(of: "B") == networks[0] }
    return (a, b)
  }

  static let port: UInt16 = 1790

  /// Lets the loop run until something is so.
  func until(_ what: String, sourceLocation: Testing.SourceLocation = #_sourceLocation, _ condition: () -> Bool) throws {
    try #require(try loop.run(atMost: .seconds(60), until: condition), "\(what)", sourceLocation: sourceLocation)
  }

  /// Ends all in order.
  func close() {
    for daemon in daemons { daemon.daemon.shutDown {} }
    _ = try? loop.run(atMost: .seconds(60)) { daemons.allSatisfy { $0.daemon.protocols.allSatisfy { $0.state == .down } } }
  }
}
