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

  // BGP. ORIGIN (1), MULTI_EXIT_DISC (4) and LOCAL_PREF (5) live in the header.
  @inlinable public static var asPath: AttributeKey { AttributeKey(.bgp, 2) }
  /// NEXT_HOP: 4 bytes, 16 bytes, or 32 bytes (global and link-local, RFC 2545 §3).
  @inlinable public static var nextHop: AttributeKey { AttributeKey(.bgp, 3) }
  @inlinable public static var atomicAggregate: AttributeKey { AttributeKey(.bgp, 6) }
  @inlinable public static var aggregator: AttributeKey { AttributeKey(.bgp, 7) }
  @inlinable public static var communities: AttributeKey { AttributeKey(.bgp, 8) }
  @inlinable public static var originatorID: AttributeKey { AttributeKey(.bgp, 9) }
  @inlinable public static var clusterList: AttributeKey { AttributeKey(.bgp, 10) }
  @inlinable public static var extendedCommunities: AttributeKey { AttributeKey(.bgp, 16) }
  /// AIGP (RFC 7311).
  @inlinable public static var accumulatedMetric: AttributeKey { AttributeKey(.bgp, 26) }
  @inlinable public static var largeCommunities: AttributeKey { AttributeKey(.bgp, 32) }
  /// ONLY_TO_CUSTOMER (RFC 9234).
  @inlinable public static var onlyToCustomer: AttributeKey { AttributeKey(.bgp, 35) }

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
