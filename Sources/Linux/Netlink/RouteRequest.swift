import CLinux
import CMnl
import KernelSync
import RouteCore

/// A route to be written to the kernel, without its next hops.
package struct RouteRequest: Hashable, Sendable {
  package var prefix: Prefix
  package var table: UInt32
  package var protocolNumber: UInt8
  /// 0 leaves it to the kernel: 1024 for IPv6, 0 for IPv4.
  package var metric: UInt32
  package var destination: RouteDestination
  package var details: KernelDetails
  /// The nexthop object that it refers to, in place of next hops of its own; 0 for none.
  package var nextHopObject: UInt32 = 0

  package init(
    _ prefix: Prefix, table: UInt32 = KernelNumbers.mainTable, protocolNumber: UInt8 = KernelNumbers.protocolNumber,
    metric: UInt32 = 0, destination: RouteDestination = .unicast
  ) {
    self.prefix = prefix
    self.table = table
    self.protocolNumber = protocolNumber
    self.metric = metric
    self.destination = destination
    details = KernelDetails()
  }

  init(_ route: RouteChange, _ machine: borrowing KernelSync) {
    self.init(route.prefix, table: route.table, metric: route.metric, destination: route.destination)
    if route.details != .none { details = machine.details(route.details) }
    nextHopObject = route.object
  }

  /// The metric that the kernel gives the route.
  package var effectiveMetric: UInt32 {
    metric == 0 && prefix.family == .ipv6 ? KernelNumbers.defaultIPv6Metric : metric
  }
}

extension RouteMode {
  fileprivate var flags: UInt16 {
    switch self {
    case .create: UInt16(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL)
    case .replace: UInt16(NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE)
    }
  }
}

/// Encodes values as RTM_NEWROUTE and RTM_DELROUTE. Pure; it appends to the writer.
package enum RouteEncoder {
  /// The route with all its next hops in one message; they are ignored if it refers to an object.
  package static func encode(
    _ request: RouteRequest, via nextHops: Span<NextHop>, mode: RouteMode, sequence: UInt32, into writer: inout NetlinkWriter
  ) {
    let family = request.prefix.family
    let isUnicast = request.destination == .unicast
    writer.beginMessage(type: UInt16(RTM_NEWROUTE), flags: mode.flags, sequence: sequence)
    let isDirect = isUnicast && nextHops.count == 1 && nextHops[0].gateway.isUnspecified
    let scope = request.details.scope ?? UInt8((isDirect && family == .ipv4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE).rawValue)
    let type =
      switch request.destination {
      case .unicast: RTN_UNICAST
      case .blackhole: RTN_BLACKHOLE
      case .unreachable: RTN_UNREACHABLE
      case .prohibit: RTN_PROHIBIT
      }
    let isOneHop = isUnicast && request.nextHopObject == 0 && nextHops.count == 1
    header(request, scope: scope, type: UInt8(type), flags: isOneHop && nextHops[0].isOnLink ? UInt32(onLink) : 0, &writer)
    writer.attribute(RTA_DST.rawValue, request.prefix.address, family)
    if request.metric != 0 { writer.attribute(RTA_PRIORITY.rawValue, u32: request.metric) }
    if let source = request.details.preferredSource, source.family == family { writer.attribute(RTA_PREFSRC.rawValue, source, family) }
    if let realm = request.details.realm { writer.attribute(RTA_FLOW.rawValue, u32: realm) }
    if !request.details.metrics.isEmpty {
      let nest = writer.beginNest(RTA_METRICS.rawValue)
      request.details.metrics.forEach { writer.attribute(UInt32($0.rawValue), u32: $1) }
      writer.endNest(nest)
    }
    if isUnicast {
      if request.nextHopObject != 0 {
        writer.attribute(RTA_NH_ID.rawValue, u32: request.nextHopObject)
      } else if nextHops.count == 1 {
        way(nextHops[0], family, &writer)
        writer.attribute(RTA_OIF.rawValue, u32: nextHops[0].interface)
      } else {
        multipath(nextHops, family, &writer)
      }
    }
    writer.endMessage()
  }

  /// Removes the route of this prefix, table, metric and protocol, whatever its next hops.
  package static func encodeRemoval(_ request: RouteRequest, sequence: UInt32, into writer: inout NetlinkWriter) {
    writer.beginMessage(type: UInt16(RTM_DELROUTE), flags: UInt16(NLM_F_REQUEST), sequence: sequence)
    header(request, scope: UInt8(RT_SCOPE_NOWHERE.rawValue), type: UInt8(RTN_UNSPEC), flags: 0, &writer)
    writer.attribute(RTA_DST.rawValue, request.prefix.address, request.prefix.family)
    // Without a metric the kernel would take the first route of this protocol number, which may not be ours.
    let metric = request.effectiveMetric
    if metric != 0 { writer.attribute(RTA_PRIORITY.rawValue, u32: metric) }
    writer.endMessage()
  }

  private static func header(
    _ request: RouteRequest, scope: UInt8, type: UInt8, flags: UInt32, _ writer: inout NetlinkWriter
  ) {
    writer.u8(UInt8(request.prefix.family == .ipv4 ? AF_INET : AF_INET6))
    writer.u8(request.prefix.length)
    writer.u8(0)
    writer.u8(0)
    writer.u8(request.table < 256 ? UInt8(request.table) : UInt8(RT_TABLE_COMPAT.rawValue))
    writer.u8(request.protocolNumber)
    writer.u8(scope)
    writer.u8(type)
    writer.u32(flags)
    writer.attribute(RTA_TABLE.rawValue, u32: request.table)
  }

  private static var onLink: UInt8 { KernelNextHop.Flags.onLink.rawValue }

  /// The gateway and the labels.
  private static func way(_ hop: NextHop, _ family: AddressFamily, _ writer: inout NetlinkWriter) {
    gateway(hop.gateway, family, &writer)
    if !hop.labels.isEmpty { encapsulation(hop.labels, type: RTA_ENCAP_TYPE.rawValue, value: RTA_ENCAP.rawValue, &writer) }
  }

  /// RTA_ENCAP of the type MPLS: a stack of entries as on the wire (RFC 3032 §2.1), of which the kernel takes the labels.
  static func encapsulation(_ labels: LabelStack, type: UInt32, value: UInt32, _ writer: inout NetlinkWriter) {
    writer.attribute(type, u16: UInt16(LWTUNNEL_ENCAP_MPLS.rawValue))
    let nest = writer.beginNest(value)
    let stack = writer.beginNest(UInt32(MPLS_IPTUNNEL_DST))
    for index in 0..<labels.count {
      let bottom: UInt32 = index == labels.count - 1 ? 0x100 : 0
      writer.u32((labels[index] << 12 | bottom).bigEndian)
    }
    writer.endNest(stack)
    writer.endNest(nest)
  }

  /// RTA_GATEWAY, or RTA_VIA for an IPv6 gateway of an IPv4 route (RFC 8950); the kernel refuses the reverse, which is better
  /// than a route without its gateway.
  static func gateway(_ gateway: IPAddress, _ family: AddressFamily, _ writer: inout NetlinkWriter) {
    if gateway.isUnspecified { return }
    if gateway.family == family { return writer.attribute(RTA_GATEWAY.rawValue, gateway, family) }
    let start = writer.count
    writer.u16(0)
    writer.u16(UInt16(truncatingIfNeeded: RTA_VIA.rawValue))
    writer.u16(UInt16(gateway.isIPv4 ? AF_INET : AF_INET6))
    writer.address(gateway, gateway.family)
    writer.patchLength(at: start)
    writer.u16(0)  // to the next multiple of 4
  }

  private static func multipath(_ nextHops: Span<NextHop>, _ family: AddressFamily, _ writer: inout NetlinkWriter) {
    let nest = writer.beginNest(RTA_MULTIPATH.rawValue)
    for index in nextHops.indices {
      let hop = nextHops[index]
      let start = writer.count
      writer.u16(0)
      writer.u8(hop.isOnLink ? onLink : 0)
      writer.u8(UInt8(truncatingIfNeeded: max(hop.weight, 1) - 1))
      writer.u32(hop.interface)
      way(hop, family, &writer)
      writer.patchLength(at: start)
    }
    writer.endNest(nest)
  }
}
