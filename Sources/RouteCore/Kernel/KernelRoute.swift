/// A way out as the kernel reports it.
package struct KernelNextHop: Hashable, Sendable {
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let dead = Flags(rawValue: 1)
    /// See `NextHop.isOnLink`.
    package static let onLink = Flags(rawValue: 4)
    package static let linkDown = Flags(rawValue: 16)
  }

  package var hop: NextHop
  package var flags: Flags

  package init(_ hop: NextHop, flags: Flags = []) {
    self.hop = hop
    self.hop.isOnLink = flags.contains(.onLink)
    self.flags = flags
  }
}

/// A route in one of the kernel's tables.
package struct KernelRoute: Hashable, Sendable {
  package var prefix: Prefix
  /// The table's number, 254 for the main one.
  package var table: UInt32
  /// Who installed it (RTPROT_): 2 the kernel, 3 boot, 4 static, 9 router advertisements, 12 us.
  package var protocolNumber: UInt8
  package var metric: UInt32
  package var destination: RouteDestination
  package var nextHops: [KernelNextHop]
  /// The scope is always there.
  package var details: KernelDetails
  /// The nexthop object it points at; 0 for none. Its next hops are reported as well.
  package var nextHopObject: UInt32
  /// RTM_F_ flags of the route as a whole.
  package var flags: UInt32

  package init(
    prefix: Prefix, table: UInt32 = 254, protocolNumber: UInt8, metric: UInt32 = 0, nextHops: [KernelNextHop] = []
  ) {
    self.prefix = prefix
    self.table = table
    self.protocolNumber = protocolNumber
    self.metric = metric
    destination = .unicast
    self.nextHops = nextHops
    details = KernelDetails()
    details.scope = 0
    nextHopObject = 0
    flags = 0
  }
}

/// The numbers of protocols and tables that matter here.
package enum KernelNumbers {
  /// RTPROT_BIRD: routes of either daemon are recognised by the other.
  package static let protocolNumber: UInt8 = 12
  /// RTPROT_REDIRECT, RTPROT_KERNEL: never learnt.
  package static let redirectProtocol: UInt8 = 1
  package static let kernelProtocol: UInt8 = 2
  /// Refusals because of a link that is down or gone: ENETDOWN, ENODEV, ENETUNREACH.
  package static func isLinkDown(_ code: Int32) -> Bool { code == 100 || code == 19 || code == 101 }
  /// EOPNOTSUPP.
  package static let notSupported: Int32 = 95
  package static let mainTable: UInt32 = 254
  /// What the kernel takes for an IPv6 route without a metric.
  package static let defaultIPv6Metric: UInt32 = 1024
}
