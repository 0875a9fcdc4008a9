import Linux
import RouteCore

/// The kernel as the daemon shares it: one monitor for all notifications, one dumper, one batch of route changes.
final class KernelAccess {
  let daemon: Daemon
  let batch: RouteBatch
  private let dumper: KernelDumper
  private var monitor: KernelMonitor?

  init(_ daemon: Daemon) throws(SystemError) {
    self.daemon = daemon
    batch = try RouteBatch()
    dumper = try KernelDumper(daemon.loop)
    let monitor = try KernelMonitor(
      daemon.loop, onEvent: { event in self.handle(event) }, resyncNeeded: { self.resync() })
    // A filter that cannot be attached costs time only: our own changes are recognised by their protocol number too.
    do throws(SystemError) { try monitor.ignoreChanges(of: batch.port) } catch { daemon.log.warning("netlink: \(error)") }
    self.monitor = monitor
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
    case .route(let route, _):
      for case let instance as KernelProtocol in daemon.protocols { instance.routeAppeared(route) }
    case .routeRemoved(let route):
      for case let instance as KernelProtocol in daemon.protocols { instance.routeDisappeared(route) }
    case .nextHopRemoved: break
    }
  }

  private func change(_ index: UInt32, _ body: (inout InterfaceTable) -> Bool) {
    let previous = daemon.interfaces[index]
    if body(&daemon.interfaces) { daemon.interfaceChanged(previous, daemon.interfaces[index]) }
  }

  /// Notifications were lost: everything known may be stale.
  private func resync() {
    daemon.log.warning("Kernel notifications were lost, scanning everything again")
    scanInterfaces()
    for case let instance as KernelProtocol in daemon.protocols { instance.scanSoon() }
  }

  /// Reads the routes of one table.
  func dumpRoutes(
    _ family: AddressFamily, table: UInt32, _ each: @escaping (KernelRoute) -> Void,
    completion: @escaping (KernelDumper.Outcome) -> Void
  ) {
    dumper.dump(.routes(family, table: table)) { event in
      if case .route(let route, _) = event { each(route) }
    } completion: {
      completion($0)
    }
  }
}
