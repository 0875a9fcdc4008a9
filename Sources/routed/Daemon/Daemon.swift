import Configuration
import Linux
import RouteCore

// The daemon: one object that owns the tables, the protocols and everything of the operating system, on one thread.
//
// The way of an event: the loop calls a protocol (bytes came, a link changed, a deadline passed) → the protocol asks its machine → routes
// go into the router at once, everything else the machine wants is done → `scheduleTurn`. The turn, once per round of the loop and after
// all events, resolves next hops, lets each protocol pull a slice of what the tables have for it, and sets the next deadline. So bursts
// coalesce, and no protocol can keep the others from their keepalives.

/// The running daemon.
final class Daemon {
  let loop: EventLoop
  let log: DaemonLog
  let options: CommandOptions
  private(set) var configuration: Configuration
  var protocols: [ProtocolInstance] = []
  var interfaces = InterfaceTable()
  var kernel: KernelAccess?
  var bgpTransport: BGPTransport?
  var control: ControlServer?

  /// The tables. Behind a pointer, so that the hot paths pay for no exclusivity check at run time; all of it is on the main thread.
  private let routerStorage: UnsafeMutablePointer<Router>
  var router: Router {
    unsafeAddress { UnsafePointer(routerStorage) }
    unsafeMutableAddress { routerStorage }
  }
  /// For the sinks that decoders write routes into.
  var routerPointer: UnsafeMutablePointer<Router> { routerStorage }

  let epoch: Instant
  let startedAt: WallClock
  var reconfiguredAt: WallClock
  /// How many rounds of faults were counted since they were last logged.
  var faults = FaultReporter()
  var reconfiguration = ReconfigurationState()
  private(set) var isShuttingDown = false
  /// What comes after the last protocol is down.
  private var whenDown: EventLoop.Work?

  private var timer: DeadlineTimer?
  private var isTurnScheduled = false
  var generator: SeededGenerator

  init(_ configuration: Configuration, _ options: CommandOptions, _ loop: EventLoop, _ log: DaemonLog) {
    self.configuration = configuration
    self.options = options
    self.loop = loop
    self.log = log
    routerStorage = Router.allocate()
    epoch = Clock.now()
    startedAt = Clock.wallClock()
    reconfiguredAt = startedAt
    generator = SeededGenerator(seed: Clock.entropySeed())
    router.showsFirstHopOfMultipath = !configuration.dialect.isBird1
  }

  // MARK: Time

  var now: Instant { Clock.now() }
  var wallClock: WallClock { Clock.wallClock() }
  /// The time in the unit of the tables: milliseconds since the start.
  var routeTime: UInt64 { UInt64(max((Clock.now() - epoch).milliseconds, 0)) }

  /// The time of day of a route's time.
  func wallClock(ofRoute time: UInt64) -> WallClock {
    wallClock.before(.milliseconds(Int64(clamping: routeTime) - Int64(clamping: time)))
  }

  // MARK: Start

  /// Opens what the system has to give, learns the interfaces, and starts the protocols.
  func start() throws(SystemError) {
    timer = DeadlineTimer(loop) { [weak self] in self?.deadlinesReached() }
    let kernel = try KernelAccess(self)
    self.kernel = kernel
    try kernel.learnInterfaces()
    configuration = withRouterID(configuration)
    for table in configuration.tables { _ = router.addTable(table.name, table.family) }
    bgpTransport = BGPTransport(self)
    for protocolConfiguration in configuration.protocols { protocols.append(makeProtocol(protocolConfiguration)) }
    for (order, instance) in protocols.enumerated() { instance.setOrder(order) }
    for instance in protocols { instance.startIfEnabled() }
    scheduleTurn()
  }

  func makeProtocol(_ configuration: ProtocolConfiguration) -> ProtocolInstance {
    switch configuration.specification {
    case .device: DeviceProtocol(configuration, self)
    case .direct: DirectProtocol(configuration, self)
    case .kernel: KernelProtocol(configuration, self)
    case .static: StaticProtocol(configuration, self)
    case .pipe: PipeProtocol(configuration, self)
    case .ospf: OSPFProtocol(configuration, self)
    case .bgp: BGPProtocol(configuration, self)
    }
  }

  /// Makes a configuration the present one; `withRouterID` went before.
  func take(_ new: Configuration) {
    let id = routerID(for: new)
    chosenRouterID = id.rawValue == 0 ? nil : id
    configuration = new
  }

  func instance(_ name: String) -> ProtocolInstance? { protocols.first { $0.name == name } }
  func protocolName(of channel: ChannelID) -> String { router[channel: channel].protocolName }

  // MARK: Router ID

  /// The one in use, once there is one: it stays while the interfaces change.
  private var chosenRouterID: RouterID?

  /// The router id for protocols without their own.
  var routerID: RouterID {
    if let chosenRouterID { return chosenRouterID }
    let id = routerID(for: configuration)
    if id.rawValue != 0 { chosenRouterID = id }
    return id
  }

  /// The router id under a configuration: that of the file; else the one in use, unless addresses to choose from are given and it is none
  /// of them; else the lowest IPv4 address of an interface that is no loopback (or of the chosen ones).
  private func routerID(for configuration: Configuration) -> RouterID {
    if let explicit = configuration.routerID.explicitID { return explicit }
    var pattern: InterfacePattern?
    if case .interfaces(let chosen) = configuration.routerID { pattern = chosen }
    if pattern == nil, let chosenRouterID { return chosenRouterID }
    var found: UInt32?
    for interface in interfaces.all where !interface.isLoopback {
      for address in interface.addresses {
        guard let v4 = address.address.ipv4, pattern?.matches(name: interface.name, address: address.address) ?? true else { continue }
        if v4 == chosenRouterID?.rawValue { return RouterID(rawValue: v4) }
        found = min(found ?? .max, v4)
      }
    }
    return found.map { RouterID(rawValue: $0) } ?? chosenRouterID ?? RouterID(rawValue: 0)
  }

  /// A configuration with the router id filled in where a protocol has none of its own, so that two can be compared.
  func withRouterID(_ configuration: Configuration) -> Configuration {
    let id = routerID(for: configuration)
    var out = configuration
    for index in out.protocols.indices where out.protocols[index].routerID == nil { out.protocols[index].setRouterID(id) }
    return out
  }

  // MARK: Turns

  /// Asks for a turn after the events of this round.
  func scheduleTurn() {
    guard !isTurnScheduled else { return }
    isTurnScheduled = true
    loop.perform { [weak self] in self?.turn() }
  }

  private func turn() {
    isTurnScheduled = false
    if router.nextHopsAreStale { router.resolveNextHops() }
    handleLimits()
    reportFaults()
    let now = self.now
    var more = false
    for instance in protocols where instance.hasPendingExports {
      if instance.pumpExports(now) { more = true }
    }
    if router.nextHopsAreStale { more = true }
    rearm()
    if more { scheduleTurn() }
  }

  private func rearm() {
    var next: Instant?
    for instance in protocols { next = earliest(next, instance.nextDeadline) }
    next = earliest(next, reconfiguration.deadline)
    next = earliest(next, faults.deadline)
    timer?.deadline = next
  }

  private func deadlinesReached() {
    let now = self.now
    for instance in protocols {
      if let due = instance.nextDeadline, due <= now { instance.deadlineReached(now) }
    }
    reconfigurationDeadlineReached(now)
    scheduleTurn()
  }

  // MARK: Limits and faults

  private func handleLimits() {
    guard !router.limitEvents.isEmpty else { return }
    let events = router.limitEvents
    router.limitEvents = []
    for event in events {
      guard let instance = protocols.first(where: { $0.channels.contains(event.channel) }) else { continue }
      let words = "Protocol \(instance.name) hits route \(event.direction.rawValue) limit (\(event.limit.count))"
      log.warning("\(words), action: \(event.limit.action.rawValue)")
      switch event.limit.action {
      case .warn, .block: break
      case .restart: restart(instance, reason: .limit)
      case .disable:
        instance.isEnabled = false
        instance.message = "Route limit exceeded"
        if instance.state != .down { instance.stop(.limit) }
      }
    }
  }

  private func reportFaults() {
    router.policyFaults.drain().forEach { faults.add($0) }
    for line in faults.due(at: now) { log.error(line) }
    if router.interpreter.hasOutput { for line in router.interpreter.takeOutput() { log.info(line) } }
  }

  // MARK: Protocols

  /// Stops a protocol and starts it again when it is down.
  func restart(_ instance: ProtocolInstance, reason: ProtocolInstance.StopReason) {
    guard instance.state != .down else { return instance.startIfEnabled() }
    restarting.insert(instance.name)
    instance.stop(reason)
  }

  private var restarting: Set<String> = []

  /// A protocol has come down.
  func protocolClosed(_ instance: ProtocolInstance) {
    if restarting.remove(instance.name) != nil, !isShuttingDown {
      loop.perform { [weak self, weak instance] in
        guard let self, let instance, protocols.contains(where: { $0 === instance }) else { return }
        instance.startIfEnabled()
      }
    }
    if isShuttingDown, protocols.allSatisfy({ $0.state == .down }) {
      let done = whenDown
      whenDown = nil
      done?()
    }
    scheduleTurn()
  }

  /// Tells all protocols of a change of an interface.
  func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    let index = current?.index ?? previous?.index ?? 0
    router.interfaceNames[index] = current?.name
    router.connected = interfaces.connectedNetworks
    for instance in protocols where instance.state != .down { instance.interfaceChanged(previous, current) }
    scheduleTurn()
  }

  func scanInterfaces() { kernel?.scanInterfaces() }

  // MARK: End

  /// Ends all protocols in an orderly way and calls `done` when they are down, or after a few seconds.
  func shutDown(_ done: @escaping EventLoop.Work) {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    log.info("Shutting down")
    whenDown = done
    for instance in protocols where instance.state != .down { instance.stop(.shutdown("")) }
    if protocols.allSatisfy({ $0.state == .down }) {
      whenDown = nil
      loop.perform(done)
    }
  }
}
