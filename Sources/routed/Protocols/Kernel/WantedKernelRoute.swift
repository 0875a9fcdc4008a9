import Configuration
import Linux
import RouteCore

/// What the kernel is to have for a route, whatever the state of the links.
struct WantedKernelRoute: Hashable {
  var destination: RouteDestination
  var hops: [NextHop]
  var metric: UInt32
  var details: KernelDetails

  init(_ id: AttributeID, _ specification: KernelConfiguration, _ family: AddressFamily, _ router: borrowing Router) {
    let header = router.attributes.header(id)
    hops = header.destination == .unicast ? router.nextHops.hops(header.nextHops) : []
    // A next hop that was not found leads nowhere.
    destination = header.destination == .unicast && hops.isEmpty ? .unreachable : header.destination
    (metric, details) = WantedKernelRoute.properties(id, specification, family, router)
  }

  /// The metric, the protocol's own before the attribute, and what else attributes of the kernel say.
  static func properties(
    _ id: AttributeID, _ specification: KernelConfiguration, _ family: AddressFamily, _ router: borrowing Router
  ) -> (metric: UInt32, details: KernelDetails) {
    let records = router.attributes.records(id)
    let metric = specification.metric != 0 ? specification.metric : AttributeRecords.u32(.kernelMetric, in: records) ?? 0
    return (metric, KernelDetails(records, family))
  }
}
