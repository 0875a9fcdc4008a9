import Configuration
import RouteCore

/// What the kernel is to have for a route, whatever the state of the links.
struct WantedKernelRoute: Hashable {
  var destination: RouteDestination
  var hops: [NextHop]
  var metric: UInt32
  var preferredSource: IPAddress?

  init(_ id: AttributeID, _ specification: KernelConfiguration, _ router: borrowing Router) {
    let header = router.attributes.header(id)
    hops = header.destination == .unicast ? router.nextHops.hops(header.nextHops) : []
    // A next hop that was not found leads nowhere.
    destination = header.destination == .unicast && hops.isEmpty ? .unreachable : header.destination
    (metric, preferredSource) = WantedKernelRoute.properties(id, specification, router)
  }

  /// The metric, the protocol's own before the attribute, and the preferred source address.
  static func properties(
    _ id: AttributeID, _ specification: KernelConfiguration, _ router: borrowing Router
  ) -> (metric: UInt32, source: IPAddress?) {
    let records = router.attributes.records(id)
    let metric = specification.metric != 0 ? specification.metric : AttributeRecords.u32(.kernelMetric, in: records) ?? 0
    guard let found = AttributeRecords.find(.kernelPreferredSource, in: records) else { return (metric, nil) }
    var reader = WireReader(records.extracting(found.value))
    return (metric, found.value.count == 4 ? try? reader.ipv4() : try? reader.ipv6())
  }
}
