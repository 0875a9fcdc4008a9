/// A route while a filter looks at it: what the language can read and write. Reuse one value for many routes.
public struct PolicyRoute: Sendable {
  public var prefix: Prefix
  /// The header and the records. Reads scan the records; writes edit them in place.
  public var attributes: RouteAttributes
  /// The first next hop; filled only if the program says `readsNextHop`.
  public var gateway: IPAddress
  public var interfaceIndex: UInt32
  /// At most 15 bytes, so that copying it is free.
  public var interfaceName: String
  public var weight: UInt16
  public var isOnLink: Bool
  /// The outermost MPLS label that the first next hop pushes.
  public var label: UInt32?
  /// How many next hops the route has; tells RTD_MULTIPATH of 1.6.
  public var nextHopCount: UInt16
  public var protocolName: String
  /// Nil if the route has none.
  public var igpMetric: UInt32?
  public var changes: Changes

  /// What a filter changed. `run` starts it with nothing.
  public struct Changes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The header or the records.
    @inlinable public static var attributes: Changes { Changes(rawValue: 1) }
    /// `gw` was set: find its interface where `interfaceIndex` is 0 and no interface was set.
    @inlinable public static var gateway: Changes { Changes(rawValue: 2) }
    /// `ifname` was set: the route goes out of `interfaceName`; `interfaceIndex` is 0.
    @inlinable public static var interface: Changes { Changes(rawValue: 4) }
    /// `dest` was set (it is in the header): there is no next hop any more.
    @inlinable public static var destination: Changes { Changes(rawValue: 8) }
    @inlinable public static var weight: Changes { Changes(rawValue: 16) }
    @inlinable public static var igpMetric: Changes { Changes(rawValue: 32) }
    /// MED was set.
    @inlinable public static var med: Changes { Changes(rawValue: 64) }
    /// NEXT_HOP was set.
    @inlinable public static var nextHopAttribute: Changes { Changes(rawValue: 128) }
    @inlinable public static var onLink: Changes { Changes(rawValue: 256) }
    @inlinable public static var label: Changes { Changes(rawValue: 512) }

    /// Any change to where the route goes, and how.
    @inlinable public static var nextHop: Changes { [.gateway, .interface, .destination, .weight, .onLink, .label] }
  }

  public init(prefix: Prefix, attributes: RouteAttributes, protocolName: String = "") {
    self.prefix = prefix
    self.attributes = attributes
    self.protocolName = protocolName
    gateway = .unspecified
    interfaceIndex = 0
    interfaceName = ""
    weight = 1
    isOnLink = false
    label = nil
    nextHopCount = 0
    igpMetric = nil
    changes = []
  }

  /// `gw_mpls` of a route without labels.
  static var noLabel: UInt32 { .max }

  /// For what looks at no route.
  package static var none: PolicyRoute {
    PolicyRoute(prefix: Prefix(.unspecified, 0), attributes: RouteAttributes(AttributeHeader(source: .none, preference: 0)))
  }

  @inlinable public var attributesChanged: Bool { changes.contains(.attributes) }
  @inlinable public var nextHopChanged: Bool { !changes.isDisjoint(with: .nextHop) }

  /// What a protocol has to know an export filter's own word from what the route brought.
  var setByFilter: AttributeHeader.Flags {
    var flags: AttributeHeader.Flags = []
    if changes.contains(.med) { flags.insert(.medSetByFilter) }
    if changes.contains(.nextHopAttribute) { flags.insert(.nextHopAttributeSetByFilter) }
    return flags
  }
}

/// What a filter decided.
public enum PolicyVerdict: Hashable, Sendable {
  case accept
  case reject
  /// The filter failed: the route is rejected, and `PolicyProgram.describe` says why for the log.
  case failed(PolicyFault)

  @inlinable public var isAccept: Bool { self == .accept }
}

/// Why and where a filter failed.
public struct PolicyFault: Hashable, Sendable, BitwiseCopyable {
  public enum Reason: UInt8, Hashable, Sendable, BitwiseCopyable {
    case noVerdict, errorCommand, notBool, incompatible, notInteger, divisionByZero, badMatch, badMember, outOfRange, readOnly, invalidValue
    case stackOverflow, tooLong, tooMuchMemory, badProgram, quitCommand, missingPath, noSuchNextHop, invalidHex
  }
  public var reason: Reason
  /// The instruction that failed.
  var instruction: UInt32
}
