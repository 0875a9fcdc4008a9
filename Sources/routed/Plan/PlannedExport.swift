import BGP
import Configuration
import Control
import Linux
import OSPFv3
import RouteCore

/// How the consumer of a channel looks at routes: what it refuses to hear of, what its filter finds, and what it sees of the others.
enum RouteObserver: ExportGate {
  case bgp(SessionParameters, AddressFamily)
  case kernel(KernelConfiguration, AddressFamily)
  case ospf
  /// The other table of a pipe, and what is exported to nobody.
  case none

  private var bgp: BGPGate? { if case .bgp(let session, let family) = self { BGPGate(session: session, family: family) } else { nil } }

  func admits(_ header: AttributeHeader, _ records: RawSpan) -> Bool { bgp?.admits(header, records) ?? true }
  var presetsRoutes: Bool { bgp?.presetsRoutes ?? false }
  func preset(_ route: inout RouteAttributes, via hops: [NextHop]) { bgp?.preset(&route, via: hops) }

  var refusesDevices: Bool {
    if case .kernel(let kernel, _) = self { !kernel.deviceRoutes } else { false }
  }
}

/// A route as a peer, the kernel or an OSPF area sees it.
enum ObservedRoute: Equatable {
  case bgp(RouteAttributes)
  case kernel(WantedKernelRoute)
  case ospf(ExternalRoute)

  /// Nil if it is not announced after all, for want of a next hop.
  init?(_ id: AttributeID, by observer: RouteObserver, _ router: borrowing Router) {
    switch observer {
    case .bgp(let session, let family):
      var attributes = RouteAttributes(AttributeHeader(source: .none, preference: 0))
      guard BGPExporter.prepare(&attributes, id, family, session, router) else { return nil }
      self = .bgp(attributes)
    case .kernel(let kernel, let family): self = .kernel(WantedKernelRoute(id, kernel, family, router))
    case .ospf:
      guard let external = OSPFProtocol.external(id, router) else { return nil }
      self = .ospf(external)
    case .none: return nil
    }
  }

  private static func word(_ destination: RouteDestination) -> String {
    switch destination {
    case .unicast: "unicast"
    case .blackhole: "blackhole"
    case .unreachable: "unreachable"
    case .prohibit: "prohibit"
    }
  }

  /// In words, a line for each property.
  func lines(_ interfaces: [UInt32: String]) -> [String] {
    func words(_ hop: NextHop) -> String {
      let name = interfaces[hop.interface] ?? "#\(hop.interface)"
      var text = hop.gateway.isUnspecified ? "dev \(name)" : "via \(hop.gateway) on \(name)"
      if !hop.labels.isEmpty { text += " mpls \(hop.labels)" }
      if hop.isOnLink { text += " onlink" }
      if hop.weight > 1 { text += " weight \(hop.weight)" }
      return text
    }
    switch self {
    case .bgp(let attributes): return RouteView.attributeLines(attributes)
    case .kernel(let route):
      var lines = route.destination == .unicast ? route.hops.map(words) : [ObservedRoute.word(route.destination)]
      lines.append("Kernel.metric: \(route.metric)")
      if let source = route.details.preferredSource { lines.append("Kernel.prefsrc: \(source)") }
      if let realm = route.details.realm { lines.append("Kernel.realm: \(realm)") }
      if let scope = route.details.scope { lines.append("Kernel.scope: \(scope)") }
      route.details.metrics.forEach { lines.append("Kernel.\($0.name): \($1)") }
      return lines
    case .ospf(let route):
      var lines = ["OSPF.metric\(route.isType2 ? 2 : 1): \(route.metric)", "OSPF.tag: \(route.tag)"]
      if let hop = route.nextHop { lines.append(words(hop)) }
      return lines
    }
  }
}

/// One channel that routes are exported through, in the running daemon, in the rehearsal, or in both.
struct PlannedExport {
  struct Side {
    var channel: ChannelID
    var observer: RouteObserver
  }
  /// Nil where nothing is announced now.
  var present: Side?
  /// Nil where nothing will be.
  var future: Side?
  /// Both sides look at routes in the same way, so that equal routes need no closer look.
  var isObservedAlike: Bool
  var row: PlanView.Row
}
