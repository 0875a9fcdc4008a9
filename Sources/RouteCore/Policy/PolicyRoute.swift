/// A route while a filter looks at it: what the language can read and write. Reuse one value for many routes.
public struct PolicyRoute: Sendable {
  /// The network, `net`.
  public var prefix: Prefix
  /// The header and the records. Reads scan the records; writes edit them in place.
  public var attributes: RouteAttributes
  /// The first next hop; filled only if the program says `readsNextHop`.
  public var gateway: IPAddress
  /// The kernel's index of the first next hop's interface; 0 for none.
  public var interfaceIndex: UInt32
  /// At most 15 bytes, so that copying it is free.
  public var interfaceName: String
  /// Of the first next hop, 1...256.
  public var weight: UInt16
  /// `onlink`: the gateway is taken to be on the link.
  public var isOnLink: Bool
  /// The outermost MPLS label that the first next hop pushes.
  public var label: UInt32?
  /// How many next hops the route has; tells RTD_MULTIPATH of 1.6.
  public var nextHopCount: UInt16
  /// Which protocol's route it is, `proto`; needed only if the program says `readsProtocol`.
  public var protocolName: String
  /// Nil if the route has none.
  public var igpMetric: UInt32?
  /// What the last run has changed.
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
    /// `weight` was set.
    @inlinable public static var weight: Changes { Changes(rawValue: 16) }
    /// `igp_metric` was set.
    @inlinable public static var igpMetric: Changes { Changes(rawValue: 32) }
    /// MED was set.
    @inlinable public static var med: Changes { Changes(rawValue: 64) }
    /// NEXT_HOP was set.
    @inlinable public static var nextHopAttribute: Changes { Changes(rawValue: 128) }
    /// `onlink` was set.
    @inlinable public static var onLink: Changes { Changes(rawValue: 256) }
    /// `gw_mpls` was set.
    @inlinable public static var label: Changes { Changes(rawValue: 512) }

    /// Any change to where the route goes, and how.
    @inlinable public static var nextHop: Changes { [.gateway, .interface, .destination, .weight, .onLink, .label] }
  }

  /// A route without a next hop; fill in what the program's effects ask for.
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

  /// Whether the last run changed the header or the records.
  @inlinable public var attributesChanged: Bool { changes.contains(.attributes) }
  /// Whether the last run changed where the route goes.
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
  /// The route passes, with its changes.
  case accept
  /// The route does not pass.
  case reject
  /// The filter failed: the route is rejected, and `PolicyProgram.describe` says why for the log.
  case failed(PolicyFault)

  /// False for rejected and failed alike.
  @inlinable public var isAccept: Bool { self == .accept }
}

/// Why and where a filter failed.
public struct PolicyFault: Hashable, Sendable, BitwiseCopyable {
  /// What went wrong; `text` says it in words.
  public enum Reason: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// It ended with neither `accept` nor `reject`.
    case noVerdict
    /// It came to `error`.
    case errorCommand
    /// A condition was not Boolean.
    case notBool
    /// Values of different types were compared, or an undefined one.
    case incompatible
    /// Arithmetic on something else than integers.
    case notInteger
    /// The divisor was 0.
    case divisionByZero
    /// `~` between types that do not match each other.
    case badMatch
    /// The value has no such member or method.
    case badMember
    /// A number does not fit where it was put.
    case outOfRange
    /// The attribute cannot be set to that.
    case readOnly
    /// A value of the wrong type, or undefined.
    case invalidValue
    /// Functions are nested too deeply.
    case stackOverflow
    /// It took more steps than a run may.
    case tooLong
    /// It made more data than a run may.
    case tooMuchMemory
    /// The program is damaged; never so for one that was compiled here.
    case badProgram
    /// It came to `quitbird`, which ends nothing here.
    case quitCommand
    /// AS_PATH was wanted, and the route has none.
    case missingPath
    /// It set an interface that is not there, or a gateway that is on no link.
    case noSuchNextHop
    /// A text that should hold pairs of hexadecimal digits does not.
    case invalidHex
  }
  /// What went wrong.
  public var reason: Reason
  /// The instruction that failed.
  var instruction: UInt32
}
