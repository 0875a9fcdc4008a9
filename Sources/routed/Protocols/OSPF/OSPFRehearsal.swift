import Configuration
import OSPFv3
import RouteCore

extension ProtocolShell {
  static let ospf = ProtocolShell(kind: .ospf, make: { OSPFProtocol($0, $1) }, rehearse: { OSPFRehearsal($0, $1, nil) })
}

/// `plan` for `protocol ospf`.
final class OSPFRehearsal: ProtocolRehearsal {
  private let running: OSPFProtocol?

  init(_ item: ProtocolConfiguration, _ daemon: Daemon, _ running: OSPFProtocol?) {
    self.running = running
    super.init(item, daemon)
  }

  override func exportMode(_ channel: ChannelConfiguration) -> ExportMode { .best }
  override var keepsRoutes: Bool { true }
  override var isExporter: Bool { true }
  override func observer(_ family: AddressFamily, present: RouteObserver?) -> RouteObserver? { OSPFObserver() }

  override func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {
    guard let running else { return plan.note("routes of \(item.name) are known only when it is up") }
    var attributes = RouteAttributes(AttributeHeader(source: .ospf, preference: 0))
    for (prefix, route) in running.instance.routes {
      OSPFProtocol.fill(&attributes, route)
      plan.rehearsal.bring(RehearsedRoute(id, prefix, attributes, NextHopSource(route.nextHops)))
    }
  }
}

/// How an OSPF area sees routes: as externals.
final class OSPFObserver: RouteObserver {
  override func observe(_ id: AttributeID, _ router: borrowing Router) -> ObservedRoute? {
    guard let external = OSPFProtocol.external(id, router) else { return nil }
    var attributes = RouteAttributes(AttributeHeader(source: .ospf, preference: 0))
    attributes.set(external.isType2 ? .ospfMetric2 : .ospfMetric1, u32: external.metric)
    attributes.set(.ospfTag, u32: external.tag)
    return ObservedRoute(attributes: attributes, hops: external.nextHop.map { [$0] } ?? [])
  }

  override func lines(_ route: ObservedRoute, _ interfaces: [UInt32: String]) -> [String] {
    let records = route.attributes.records.span.bytes
    let metric1 = AttributeRecords.u32(.ospfMetric1, in: records)
    let metric = metric1.map { "OSPF.metric1: \($0)" } ?? "OSPF.metric2: \(AttributeRecords.u32(.ospfMetric2, in: records) ?? 0)"
    return [metric, "OSPF.tag: \(AttributeRecords.u32(.ospfTag, in: records) ?? 0)"] + route.hops.map { $0.words(interfaces) }
  }
}
