/// Names one attribute of a route beyond the fixed header: a namespace (who defines it) and a code within it.
///
/// An open registry, since unknown BGP attributes must be carried on (RFC 4271 §5).
public struct AttributeKey: RawRepresentable, Hashable, Sendable, Comparable {
  public let rawValue: UInt16

  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// The key of an attribute by its code in a namespace.
  @inlinable public init(_ namespace: Namespace, _ code: UInt8) { rawValue = UInt16(namespace.rawValue) << 8 | UInt16(code) }

  /// Who defines an attribute.
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

  /// Nil for a raw value that belongs to none.
  @inlinable public var namespace: Namespace? { Namespace(rawValue: UInt8(rawValue >> 8)) }
  /// Its number within the namespace: for BGP the type code.
  @inlinable public var code: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
  @inlinable public static func < (a: AttributeKey, b: AttributeKey) -> Bool { a.rawValue < b.rawValue }

  // BGP. ORIGIN, MULTI_EXIT_DISC and LOCAL_PREF live in the header.
  /// AS_PATH (RFC 4271 §5.1.2), see `ASPath`.
  @inlinable public static var asPath: AttributeKey { BGPAttribute.asPath.key }
  /// NEXT_HOP: 4 bytes, 16 bytes, or 32 bytes (global and link-local, RFC 2545 §3).
  @inlinable public static var nextHop: AttributeKey { BGPAttribute.nextHop.key }
  /// ATOMIC_AGGREGATE (RFC 4271 §5.1.6): no value.
  @inlinable public static var atomicAggregate: AttributeKey { BGPAttribute.atomicAggregate.key }
  /// AGGREGATOR (RFC 4271 §5.1.7): AS number (4), BGP Identifier (4).
  @inlinable public static var aggregator: AttributeKey { BGPAttribute.aggregator.key }
  /// COMMUNITIES (RFC 1997): 4 bytes each.
  @inlinable public static var communities: AttributeKey { BGPAttribute.communities.key }
  /// ORIGINATOR_ID (RFC 4456 §8): 4 bytes.
  @inlinable public static var originatorID: AttributeKey { BGPAttribute.originatorID.key }
  /// CLUSTER_LIST (RFC 4456 §8): 4 bytes for each reflector, the last one first.
  @inlinable public static var clusterList: AttributeKey { BGPAttribute.clusterList.key }
  /// Extended communities (RFC 4360): 8 bytes each.
  @inlinable public static var extendedCommunities: AttributeKey { BGPAttribute.extendedCommunities.key }
  /// AIGP (RFC 7311).
  @inlinable public static var accumulatedMetric: AttributeKey { BGPAttribute.aigp.key }
  /// Large communities (RFC 8092): 12 bytes each.
  @inlinable public static var largeCommunities: AttributeKey { BGPAttribute.largeCommunities.key }
  /// ONLY_TO_CUSTOMER (RFC 9234).
  @inlinable public static var onlyToCustomer: AttributeKey { BGPAttribute.onlyToCustomer.key }

  /// The metric within OSPF: of the whole path, or to the border router for a type 2 external route.
  @inlinable public static var ospfMetric1: AttributeKey { AttributeKey(.ospf, 1) }
  /// The metric of a type 2 external route (RFC 2328 §2.3).
  @inlinable public static var ospfMetric2: AttributeKey { AttributeKey(.ospf, 2) }
  /// The External Route Tag (RFC 5340 §A.4.7).
  @inlinable public static var ospfTag: AttributeKey { AttributeKey(.ospf, 3) }
  /// The Router ID of the router that announces the destination.
  @inlinable public static var ospfRouterID: AttributeKey { AttributeKey(.ospf, 4) }

  /// The protocol that put the route into the kernel (`krt_source`).
  @inlinable public static var kernelSource: AttributeKey { AttributeKey(.kernel, 1) }
  /// The kernel's priority of the route (RTA_PRIORITY, `krt_metric`); the lowest wins.
  @inlinable public static var kernelMetric: AttributeKey { AttributeKey(.kernel, 2) }
  // The codes are BIRD's, which are in the order of `show route all`; those of metrics are in `KernelMetric`.
  /// The source address that the kernel prefers (RTA_PREFSRC, `krt_prefsrc`).
  @inlinable public static var kernelPreferredSource: AttributeKey { AttributeKey(.kernel, 0x10) }
  /// The realm of IPv4 routes (RTA_FLOW, `krt_realm`).
  @inlinable public static var kernelRealm: AttributeKey { AttributeKey(.kernel, 0x11) }
  /// The kernel's own scope of the route (rtm_scope, `krt_scope`).
  @inlinable public static var kernelScope: AttributeKey { AttributeKey(.kernel, 0x12) }
}
