import Configuration
import Linux
import RouteCore

extension ProtocolShell {
  static let kernel = ProtocolShell(
    kind: .kernel, make: { KernelProtocol($0, $1) }, rehearse: { KernelRehearsal($0, $1, nil) })
}

/// `plan` for `protocol kernel`.
final class KernelRehearsal: ProtocolRehearsal {
  private let running: KernelProtocol?
  private var specification: KernelConfiguration { KernelProtocol.specification(item) }

  init(_ item: ProtocolConfiguration, _ daemon: Daemon, _ running: KernelProtocol?) {
    self.running = running
    super.init(item, daemon)
  }

  override func exportMode(_ channel: ChannelConfiguration) -> ExportMode { KernelProtocol.exportMode(specification) }
  override var isExporter: Bool { true }

  override func observer(_ family: AddressFamily, present: RouteObserver?) -> RouteObserver? { KernelObserver(specification, family) }

  override func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {
    guard specification.learn else { return }
    guard let running, running.specification.learn, running.specification.table == specification.table else {
      return plan.note("routes that \(item.name) learns are known only when it is up")
    }
    for route in running.learntRoutes {
      let hops = route.destination == .unicast ? route.nextHops.map { $0.hop } : []
      plan.rehearsal.bring(RehearsedRoute(id, route.prefix, KernelProtocol.attributes(of: route), NextHopSource(hops)))
    }
  }
}

/// How the kernel sees routes: what it is to have, whatever the state of the links.
final class KernelObserver: RouteObserver {
  private let specification: KernelConfiguration
  private let family: AddressFamily

  init(_ specification: KernelConfiguration, _ family: AddressFamily) {
    self.specification = specification
    self.family = family
  }

  override var refusesDevices: Bool { !specification.deviceRoutes }

  override func observe(_ id: AttributeID, _ router: borrowing Router) -> ObservedRoute? {
    let header = router.attributes.header(id)
    let hops = header.destination == .unicast ? router.nextHops.hops(header.nextHops) : []
    var attributes = RouteAttributes(AttributeHeader(source: .inherit, preference: 0))
    // A next hop that was not found leads nowhere.
    attributes.header.destination = header.destination == .unicast && hops.isEmpty ? .unreachable : header.destination
    let (metric, details) = KernelProtocol.properties(id, specification, family, router)
    KernelProtocol.set(&attributes, metric, details)
    return ObservedRoute(attributes: attributes, hops: hops)
  }

  override func lines(_ route: ObservedRoute, _ interfaces: [UInt32: String]) -> [String] {
    let records = route.attributes.records.span.bytes
    let destination = route.attributes.header.destination
    var lines = destination == .unicast ? route.hops.map { $0.words(interfaces) } : [KernelObserver.word(destination)]
    lines.append("Kernel.metric: \(AttributeRecords.u32(.kernelMetric, in: records) ?? 0)")
    let details = KernelDetails(records, family)
    if let source = details.preferredSource { lines.append("Kernel.prefsrc: \(source)") }
    if let realm = details.realm { lines.append("Kernel.realm: \(realm)") }
    if let scope = details.scope { lines.append("Kernel.scope: \(scope)") }
    details.metrics.forEach { lines.append("Kernel.\($0.name): \($1)") }
    return lines
  }

  private static func word(_ destination: RouteDestination) -> String {
    switch destination {
    case .unicast: "unicast"
    case .blackhole: "blackhole"
    case .unreachable: "unreachable"
    case .prohibit: "prohibit"
    }
  }
}
