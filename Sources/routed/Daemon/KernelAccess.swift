import KernelSync
import Linux
import RouteCore

/// The kernel as the daemon shares it: one monitor for all notifications, one dumper, and the shell of the machine that keeps its tables.
final class KernelAccess {
  let daemon: Daemon
  private let driver: MachineDriver<KernelSync>
  /// The first batch, and those that are not with the kernel.
  private let batch: RouteBatch
  private var freeBatches: [RouteBatch]
  /// The queue that writes to the kernel: it takes a while, and longer when others write too.
  private let writing: WorkQueue
  private let dumper: KernelDumper
  private var monitor: KernelMonitor?
  /// The protocols that have a table each.
  private var shells: [KernelTableID: KernelProtocol] = [:]
  /// Next hops that were removed from the kernel, with the channels that vouched for them, until the tables have caught up.
  private var lost: [(channels: [ChannelID], hops: [NextHop])] = []
  /// The number of tables whose routes are being removed, and what to do when there are none left.
  private var ending = 0
  private var whenEnded: EventLoop.Work?
  private var patience: DeadlineTimer?

  init(_ daemon: Daemon) throws(SystemError) {
    self.daemon = daemon
    driver = MachineDriver(KernelSync(objectBase: KernelAccess.objectBase(daemon.options.socket)))
    batch = try RouteBatch()
    freeBatches = [batch]
    writing = try WorkQueue(daemon.loop, label: "netlink")
    dumper = try KernelDumper(daemon.loop)
    let monitor = try KernelMonitor(
      daemon.loop, onEvent: { event in self.handle(event) }, resyncNeeded: { self.resync() })
    // A filter that cannot be attached costs time only: our own changes are recognised by their protocol number too.
    do throws(SystemError) { try monitor.ignoreChanges(of: batch.port) } catch { daemon.log.warning("netlink: \(error)") }
    self.monitor = monitor
  }

  /// Where the numbers of our nexthop objects begin. Daemons in one namespace must not mistake each other's objects for their own; the
  /// control socket tells them apart, also after a restart.
  private static func objectBase(_ path: String) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in path.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return 0x4000_0000 | (hash ^ hash >> 16) & 0x3f << 24
  }

  // MARK: The machine

  func handle(_ event: KernelSync.Event) {
    driver.handle(event, at: daemon.now, carryOut: carryOut)
    if driver.machine.hasMore { daemon.scheduleTurn() }
  }

  /// Passes wanted routes to the machine.
  func hand(_ body: (inout KernelSync) -> Void) {
    driver.tell {
      body(&$0)
      $0.handle(.turn, at: daemon.now, into: &$1)
    } carryOut: {
      carryOut($0)
    }
  }

  var nextDeadline: Instant? { driver.nextDeadline }

  func deadlineReached() {
    driver.deadlineReached({ daemon.now }, read: {}, carryOut: carryOut)
    if driver.machine.hasMore { daemon.scheduleTurn() }
  }

  /// These channels are about to close: next hops for which no other channel vouches are removed from the kernel at once, from all routes
  /// that have another one.
  func takeOut(_ channels: [ChannelID]) {
    let hops = daemon.router.solelyVouchedHops(by: channels)
    guard !hops.isEmpty else { return }
    lost.append((channels, hops))
    handle(.lost(hops))
  }

  /// Lost next hops may be used again once all routes of the closed channels have left the tables.
  private func regain() {
    guard !lost.isEmpty, !shells.values.contains(where: { $0.hasPendingExports }) else { return }
    let over = lost.filter { entry in !entry.channels.contains { daemon.router.isFlushing($0) } }
    guard !over.isEmpty else { return }
    lost.removeAll { entry in over.contains { $0.channels == entry.channels && $0.hops == entry.hops } }
    handle(.regained(over.flatMap { $0.hops }.filter { hop in !lost.contains { $0.hops.contains(hop) } }))
  }

  /// Continues work that was cut into slices.
  func turn() {
    regain()
    if driver.machine.hasMore || driver.machine.isWaiting { handle(.turn) }
  }

  var hasRoom: Bool { driver.machine.hasRoom }
  func failureText(_ prefix: Prefix, _ table: KernelTableID) -> String? { driver.machine.failureText(prefix, table) }
  func learntRoutes(_ table: KernelTableID) -> [KernelRoute] { driver.machine.learntRoutes(table) }

  private func carryOut(_ output: KernelSync.Output) {
    if !output.batch.isEmpty { write(output.batch) }
    for action in output.actions { act(on: action) }
  }

  private func act(on action: KernelSync.Action) {
    switch action {
    case .ready(let table): shells[table]?.ready()
    case .stopped: ended()
    case .dumpObjects: dump(.nextHops)
    case .dumpRoutes(let table, let number):
      let (kernelTable, family) = driver.machine.place(of: table)
      dump(.routes(family, table: kernelTable, protocolNumber: number))
    case .learnt(let table, let route): shells[table]?.learnt(route)
    case .forgotten(let table, let prefix): shells[table]?.forgotten(prefix)
    case .refused(let prefix, let others, let hops, let text): tellRefusal(prefix, others, driver.machine.hops(hops), text)
    case .log(let level, let text):
      switch level {
      case .info: daemon.log.info(text)
      case .warning: daemon.log.warning(text)
      case .error: daemon.log.error(text)
      }
    }
  }

  private func tellRefusal(_ prefix: Prefix, _ others: UInt32, _ hops: [NextHop], _ text: String) {
    var line = "Netlink: \(prefix)"
    if others > 0 { line += " and \(others) more" }
    for (index, hop) in hops.enumerated() {
      line += index == 0 ? " via " : ", "
      line += hop.gateway.isUnspecified ? "" : "\(hop.gateway) on "
      line += daemon.interfaces[hop.interface]?.name ?? "?"
    }
    daemon.log.error("\(line): \(text)")
  }

  private func write(_ changes: [KernelChange]) {
    let batch = freeBatches.popLast() ?? RouteBatch(besides: batch)
    batch.append(changes, of: driver.machine)
    writing.perform {
      batch.commit()
    } then: { [self] outcome in
      freeBatches.append(batch)
      var answer = KernelAnswer(isComplete: outcome.isComplete)
      for failure in outcome.failures {
        answer.refusals.append(KernelRefusal(index: Int(failure.token), code: failure.code, text: failure.text))
      }
      handle(.answered(answer))
      daemon.scheduleTurn()
    }
  }

  private func dump(_ request: KernelDumper.Request) {
    dumper.dump(request) { [self] event in
      switch event {
      case .route(let route, _): handle(.dumped(.route(route)))
      case .nextHop(let object): handle(.dumped(.object(object)))
      case .link, .linkRemoved, .address, .addressRemoved, .routeRemoved, .nextHopRemoved: break
      }
    } completion: { [self] outcome in
      switch outcome {
      case .complete: handle(.dumpEnded(.complete))
      case .interrupted: handle(.dumpEnded(.interrupted))
      case .failed(let error):
        handle(.dumpEnded(error.code == KernelNumbers.notSupported && request == .nextHops ? .unsupported : .failed("\(error)")))
      }
      daemon.scheduleTurn()
    }
  }

  // MARK: Tables

  /// The machine's number for a table.
  func table(_ number: UInt32, _ family: AddressFamily) -> KernelTableID { driver.machine.table(number, family) }

  /// From now on a protocol has a table.
  func attach(_ shell: KernelProtocol, to table: KernelTableID) { shells[table] = shell }
  func detach(_ table: KernelTableID) { shells[table] = nil }

  /// A table is to end.
  func stop(_ table: KernelTableID, _ end: KernelTableEnd) {
    ending += 1
    handle(.stop(table, end))
  }

  private func ended() {
    ending = max(ending - 1, 0)
    if ending == 0 { finishEnding() }
  }

  private func finishEnding() {
    guard let done = whenEnded else { return }
    whenEnded = nil
    patience?.cancel()
    patience = nil
    daemon.loop.perform(done)
  }

  /// Calls `done` when the routes of all ending tables are gone; does not wait forever for a kernel that does not answer.
  func whenAllEnded(_ done: @escaping EventLoop.Work) {
    if ending == 0 { return daemon.loop.perform(done) }
    whenEnded = done
    let timer = DeadlineTimer(daemon.loop) { [self] in
      daemon.log.error("The kernel does not answer, leaving routes in it")
      finishEnding()
    }
    timer.deadline = daemon.now + .seconds(60)
    patience = timer
  }

  /// Reads all links and addresses before the protocols start.
  func learnInterfaces() throws(SystemError) {
    var isDone = false
    var failure: SystemError?
    scan { outcome in
      if case .failed(let error) = outcome { failure = error }
      isDone = true
    }
    try daemon.loop.run(atMost: .seconds(10)) { isDone }
    if let failure { throw failure }
    if !isDone { throw SystemError(110, "learning the interfaces") }
  }

  /// Reads links and addresses again, and tells what has changed since.
  func scanInterfaces() {
    scan { [self] outcome in
      if case .interrupted = outcome { scanInterfaces() }
      if case .failed(let error) = outcome { daemon.log.error("Scanning interfaces: \(error)") }
    }
  }

  private func scan(_ done: @escaping (KernelDumper.Outcome) -> Void) {
    var links: [Link] = []
    var addresses: [InterfaceAddress] = []
    dumper.dump(.links) { event in
      if case .link(let link) = event { links.append(link) }
    } completion: { [self] outcome in
      guard outcome == .complete else { return done(outcome) }
      dumper.dump(.addresses) { event in
        if case .address(let address) = event { addresses.append(address) }
      } completion: { [self] outcome in
        if outcome == .complete { compare(links, addresses) }
        done(outcome)
      }
    }
  }

  /// Makes the interface table equal to a complete scan.
  private func compare(_ links: [Link], _ addresses: [InterfaceAddress]) {
    for interface in daemon.interfaces.all where !links.contains(where: { $0.index == interface.index }) {
      handle(.linkRemoved(interface.link))
    }
    for link in links { handle(.link(link)) }
    for interface in daemon.interfaces.all {
      for old in interface.addresses where !addresses.contains(where: { $0.interface == interface.index && $0.isSame(as: old) }) {
        handle(.addressRemoved(old))
      }
    }
    for address in addresses { handle(.address(address)) }
  }

  private func handle(_ event: NetlinkEvent) {
    switch event {
    case .link(let link): change(link.index) { $0.update(link) }
    case .linkRemoved(let link): change(link.index) { $0.remove(link: link.index) }
    case .address(let address): change(address.interface) { $0.update(address) }
    case .addressRemoved(let address): change(address.interface) { $0.remove(address) }
    case .route(let route, _): handle(.routeAppeared(route))
    case .routeRemoved(let route): handle(.routeDisappeared(route))
    case .nextHop(let object): handle(.objectChanged(object))
    case .nextHopRemoved(let id): handle(.objectRemoved(id))
    }
  }

  private func change(_ index: UInt32, _ body: (inout InterfaceTable) -> Bool) {
    let previous = daemon.interfaces[index]
    guard body(&daemon.interfaces) else { return }
    let current = daemon.interfaces[index]
    // Before the protocols, whose routes depend on it.
    handle(.link(index, KernelAccess.state(current)))
    if let previous, let current, previous.addresses != current.addresses || previous.link.master != current.link.master {
      handle(.addressesChanged(index))
    }
    daemon.interfaceChanged(previous, current)
  }

  private static func state(_ interface: Interface?) -> LinkState {
    guard let interface, interface.link.flags.contains(.up) else { return .down }
    return interface.isUp ? .up : .noCarrier
  }

  /// Notifications were lost: everything known may be stale.
  private func resync() {
    daemon.log.warning("Kernel notifications were lost, scanning everything again")
    scanInterfaces()
    handle(.notificationsLost)
  }
}
