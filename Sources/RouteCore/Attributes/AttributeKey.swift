/// Names one attribute of a route beyond the fixed header: a namespace (who defines it) and a code within it.
///
/// An open registry, since unknown BGP attributes must be carried on (RFC 4271 §5).
public struct AttributeKey: RawRepresentable, Hashable, Sendable, Comparable {
  public let rawValue: UInt16

  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ namespace: Namespace, _ code: UInt8) { rawValue = UInt16(namespace.rawValue) << 8 | UInt16(code) }

  public enum Namespace: UInt8, Sendable {
    /// Path attributes by their type code (RFC 4271 §4.3), value as on the wire, AS numbers always in 4 octets (RFC 6793).
    case bgp = 0
    /// OSPF's attributes; each value is a big-endian UInt32.
    case ospf = 1
    /// The kernel's attributes; each value is a big-endian UInt32, an address 4 or 16 bytes.
    case kernel = 2
    /// `attribute T name;` of the 2.x language, numbered in the order of declaration.
    case custom = 3
  }

  @inlinable public var namespace: Namespace? { Namespace(rawValue: UInt8(rawValue >> 8)) }
  @inlinable public var code: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
  @inlinable public static func < (a: AttributeKey, b: AttributeKey) -> Bool { a.rawValue < b.rawValue }

  // BGP. ORIGIN, MULTI_EXIT_DISC and LOCAL_PREF live in the header.
  @inlinable public static var asPath: AttributeKey { BGPAttribute.asPath.key }
  /// NEXT_HOP: 4 bytes, 16 bytes, or 32 bytes (global and link-local, RFC 2545 §3).
  @inlinable public static var nextHop: AttributeKey { BGPAttribute.nextHop.key }
  @inlinable public static var atomicAggregate: AttributeKey { BGPAttribute.atomicAggregate.key }
  @inlinable public static var aggregator: AttributeKey { BGPAttribute.aggregator.key }
  @inlinable public static var communities: AttributeKey { BGPAttribute.communities.key }
  @inlinable public static var originatorID: AttributeKey { BGPAttribute.originatorID.key }
  @inlinable public static var clusterList: AttributeKey { BGPAttribute.clusterList.key }
  @inlinable public static var extendedCommunities: AttributeKey { BGPAttribute.extendedCommunities.key }
  /// AIGP (RFC 7311).
  @inlinable public static var accumulatedMetric: AttributeKey { BGPAttribute.aigp.key }
  @inlinable public static var largeCommunities: AttributeKey { BGPAttribute.largeCommunities.key }
  /// ONLY_TO_CUSTOMER (RFC 9234).
  @inlinable public static var onlyToCustomer: AttributeKey { BGPAttribute.onlyToCustomer.key }

  @inlinable public static var ospfMetric1: AttributeKey { AttributeKey(.ospf, 1) }
  @inlinable public static var ospfMetric2: AttributeKey { AttributeKey(.ospf, 2) }
  @inlinable public static var ospfTag: AttributeKey { AttributeKey(.ospf, 3) }
  @inlinable public static var ospfRouterID: AttributeKey { AttributeKey(.ospf, 4) }

  /// The protocol that put the route into the kernel (`krt_source`).
  @inlinable public static var kernelSource: AttributeKey { AttributeKey(.kernel, 1) }
  @inlinable public static var kernelMetric: AttributeKey { AttributeKey(.kernel, 2) }
  // The codes are BIRD's, which are in the order of `show route all`; those of metrics are in `KernelMetric`.
  @inlinable public static var kernelPreferredSource: AttributeKey { AttributeKey(.kernel, 0x10) }
  @inlinable public static var kernelRealm: AttributeKey { AttributeKey(.kernel, 0x11) }
  @inlinable public static var kernelScope: AttributeKey { AttributeKey(.kernel, 0x12) }
}
