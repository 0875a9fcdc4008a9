import Configuration
import Linux
import RouteCore

// The daemon: one object that owns the tables, the protocols and all resources of the operating system, on one thread.
//
// How an event is handled: the loop calls a protocol (bytes arrived, a link changed, a deadline passed) → the protocol asks its machine →
// routes go into the router at once, all other output of the machine is carried out → `scheduleTurn`. The turn, once per round of the loop
// and after all events, resolves next hops, removes a slice of the routes to be withdrawn from the tables, lets each protocol pull a slice
// of its pending changes, and sets the next deadline. So bursts coalesce, and no protocol can delay the keepalives of others.

/// The running daemon.
final class Daemon {
  let loop: EventLoop
  let log: DaemonLog
  let options: CommandOptions
  private let clock: () -> Instant
  private(set) var configuration: Configuration
  private(set) var preferredAddresses: PreferredAddresses
  /// The router id that was chosen because the configuration gives none; kept as long as possible.
  var chosenRouterID: RouterID?
  var protocols: [ProtocolInstance] = []
  var interfaces = InterfaceTable()
  /// Nil before `start`, and in tests, which do not use the kernel.
  var kernel: KernelAccess?
  var bgpTransport: BGPTransport?
  var control: ControlServer?
  let bfd = BFDRequests()
  /// Where `mrtdump` writes.
  var mrtFile: RecordFile?

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
  /// How many rounds of faults have been counted since the last log entry.
  var faults = FaultReporter()
  var reconfiguration = ReconfigurationState()
  var recovery = Recovery()
  private(set) var isShuttingDown = false
  /// What to do after the last protocol is down.
  private var whenDown: EventLoop.Work?

  private var timer: DeadlineTimer?
  private var collisionLimiter = Limiter()
  private var surplusPathLimiter = Limiter()
  private var isTurnScheduled = false
  var generator: SeededGenerator

  /// The clock is that of all deadlines; tests have one of their own.
  init(
    _ configuration: Configuration, _ options: CommandOptions, _ loop: EventLoop, _ log: DaemonLog,
    clock: @escaping () -> Instant = Clock.now
  ) {
    self.clock = clock
    self.configuration = configuration
    self.options = options
    self.loop = loop
    self.log = log
    preferredAddresses = PreferredAddresses(configuration)
    routerStorage = Router.allocate()
    epoch = clock()
    startedAt = Clock.wallClock()
    reconfiguredAt = startedAt
    generator = SeededGenerator(seed: Clock.entropySeed())
    router.showsFirstHopOfMultipath = !configuration.dialect.isBird1
  }

  // MARK: Time

  var now: Instant { clock() }
  var wallClock: WallClock { Clock.wallClock() }
  /// The time in the unit of the tables: milliseconds since the start.
  var routeTime: UInt64 { UInt64(max((now - epoch).milliseconds, 0)) }

  /// The time of day of a route's time.
  func wallClock(ofRoute time: UInt64) -> WallClock {
    wallClock.before(.milliseconds(Int64(clamping: routeTime) - Int64(clamping: time)))
  }

  // MARK: Start

  /// Opens system resources, learns the interfaces, and starts the protocols.
  func start() throws(SystemError) {
    let kernel = try KernelAccess(self)
    self.kernel = kernel
    try kernel.learnInterfaces()
    startProtocols()
  }

  /// The interfaces are known.
  func startProtocols() {
    timer = DeadlineTimer(loop) { self.deadlinesReached() }
    take(withRouterID(configuration))
    for table in configuration.tables { addTable(table) }
    bgpTransport = BGPTransport(self)
    for protocolConfiguration in configuration.protocols { protocols.append(makeProtocol(protocolConfiguration)) }
    setOrders()
    beginRecovery()
    for instance in protocols { instance.startIfEnabled() }
    waitForRecovery()
    scheduleTurn()
  }

  func setOrders() { for (order, instance) in protocols.enumerated() { instance.setOrder(order) } }

  func addTable(_ table: TableConfiguration) {
    let index = router.addTable(table.name, table.family)
    router[table: index].isSorted = table.sorted
  }

  // Inlined into `start`, it makes the optimizer of Swift 6.3.1 fail ("a leaked owned value").
  @inline(never)
  func makeProtocol(_ configuration: ProtocolConfiguration) -> ProtocolInstance {
    ProtocolShell.instance(of: configuration, self)
  }

  /// Makes a configuration the current one; call `withRouterID` first.
  func take(_ new: Configuration) {
    chooseRouterID(routerID(for: new), new)
    configuration = new
    preferredAddresses = PreferredAddresses(new)
  }

  /// A router id has been found: the current configuration uses it from now on.
  func completeConfiguration() { configuration = withRouterID(configuration) }

  /// A protocol that is not in the file was created.
  func note(spawned item: ProtocolConfiguration) { configuration.protocols.append(item) }
  /// It was removed.
  func forget(spawned name: String) { configuration.protocols.removeAll { $0.name == name && $0.spawnedBy != nil } }

  func instance(_ name: String) -> ProtocolInstance? { protocols.first { $0.name == name } }
  func protocolName(of channel: ChannelID) -> String { router[channel: channel].protocolName }

  // MARK: Turns

  /// Asks for a turn after the events of this round.
  func scheduleTurn() {
    guard !isTurnScheduled else { return }
    isTurnScheduled = true
    loop.perform { self.turn() }
  }

  /// How much of the tables one turn examines for routes to be withdrawn: one or two milliseconds.
  private static let flushBudget = 1 << 17

  private func turn() {
    isTurnScheduled = false
    if router.nextHopsAreStale { router.resolveNextHops() }
    handleLimits()
    reportFaults()
    reportCollisions()
    reportSurplusPaths()
    let now = self.now
    endRecoveryIfDue(now)
    router.exportTime = routeTime
    var more = router.flushSome(budget: Daemon.flushBudget)
    for instance in protocols {
      if let exporter = instance.exporter, exporter.hasPendingExports, exporter.pumpExports(now) { more = true }
    }
    kernel?.turn()
    if router.nextHopsAreStale { more = true }
    rearm()
    if more { scheduleTurn() }
  }

  private func rearm() {
    var next: Instant?
    for instance in protocols { next = earliest(next, instance.nextDeadline) }
    next = earliest(next, reconfiguration.deadline)
    next = earliest(next, faults.deadline)
    next = earliest(next, recovery.deadline)
    next = earliest(next, kernel?.nextDeadline)
    timer?.deadline = next
  }

  /// Carries out what is due now.
  func deadlinesReached() {
    let now = self.now
    for instance in protocols {
      if let due = instance.nextDeadline, due <= now { instance.deadlineReached(now) }
    }
    kernel?.deadlineReached()
    reconfigurationDeadlineReached(now)
    scheduleTurn()
  }

  // MARK: Limits and faults

  private func handleLimits() {
    guard !router.limitEvents.isEmpty else { return }
    let events = router.limitEvents
    router.limitEvents = []
    for event in events {
      guard let instance = protocols.first(where: { $0.owns(event.channel) }) else { continue }
      let words = "Protocol \(instance.name) hits route \(event.direction.rawValue) limit (\(event.limit.count))"
      log.warning("\(words), action: \(event.limit.action.rawValue)")
      switch event.limit.action {
      case .warn, .block: break
      case .restart: restart(instance, reason: .limit)
      case .disable:
        instance.isEnabled = false
        instance.message = "Route limit exceeded"
        if instance.state != .down { instance.stop(.limit) }
        updateAuthorizations()
      }
    }
  }

  /// Routes that reached a table through pipes in two ways: logged once a minute.
  private func reportCollisions() {
    guard let last = router.pipeCollisions.last, collisionLimiter.admits(at: now) else { return }
    let table = router[table: last.table].name
    let count = router.pipeCollisions.count
    log.error("Pipe collision detected when sending \(last.prefix) to table \(table)\(count > 1 ? " (\(count) times)" : "")")
    router.pipeCollisions = PipeCollisions()
  }

  /// Paths beyond one peer's limit for one network: logged once a minute.
  private func reportSurplusPaths() {
    guard let last = router.surplusPaths.last, surplusPathLimiter.admits(at: now) else { return }
    let count = router.surplusPaths.count
    log.warning(
      "\(router.protocolName(of: last.channel)): More than \(Router.pathLimit) paths to \(last.prefix), not taken: \(count)")
    router.surplusPaths = SurplusPaths()
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
    recovery.forget(instance.channels)
    if restarting.remove(instance.name) != nil, !isShuttingDown {
      loop.perform { [self] in
        guard protocols.contains(where: { $0 === instance }) else { return }
        instance.startIfEnabled()
      }
    }
    endIfDown()
    scheduleTurn()
  }

  /// Tells all protocols of a change of an interface.
  func interfaceChanged(_ previous: Interface?, _ current: Interface?) {
    let index = current?.index ?? previous?.index ?? 0
    router.interfaceNames[index] = current?.name
    router.networks = interfaces.networks
    if previous == nil || current == nil, let name = current?.name ?? previous?.name {
      for instance in protocols where instance.state != .down && instance.configuration.vrf?.name == name { instance.vrfChanged() }
    }
    for instance in protocols where instance.state != .down {
      let before = previous.flatMap { instance.sees($0) ? $0 : nil }
      let after = current.flatMap { instance.sees($0) ? $0 : nil }
      if before != nil || after != nil { instance.interfaceChanged(before, after) }
    }
    bgpTransport?.interfacesChanged()
    chooseMissingRouterID()
    scheduleTurn()
  }

  func scanInterfaces() { kernel?.scanInterfaces() }

  // MARK: End

  /// Ends all protocols in an orderly way and calls `done` when they are down and their routes are gone from the kernel. For a restart,
  /// neighbours and the kernel keep the routes.
  func shutDown(for reason: ProtocolInstance.StopReason = .shutdown(""), _ done: @escaping EventLoop.Work) {
    guard !isShuttingDown else { return }
    isShuttingDown = true
    log.info(reason == .gracefulRestart ? "Shutting down for graceful restart" : "Shutting down")
    whenDown = done
    for instance in protocols where instance.state != .down { instance.stop(reason) }
    endIfDown()
  }

  /// All protocols are down: removes their routes from the kernel, then ends the daemon.
  private func endIfDown() {
    guard isShuttingDown, let done = whenDown, protocols.allSatisfy({ $0.state == .down }) else { return }
    whenDown = nil
    if let kernel { kernel.whenAllEnded(done) } else { loop.perform(done) }
  }
}
