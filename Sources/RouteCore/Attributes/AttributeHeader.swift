/// The fixed part of a route's attributes: everything the decision process reads, in one trivially copyable value.
public struct AttributeHeader: Hashable, Sendable, BitwiseCopyable {
  /// Who announced the route: the BGP peer's address; `::` where that makes no sense.
  public var from: IPAddress
  /// The next hops, interned in the `NextHopTable`; `.none` for blackhole, unreachable and prohibit.
  public var nextHops: NextHopSetID
  /// LOCAL_PREF (RFC 4271 §5.1.5); meaningful where `.hasLocalPref`.
  public var localPref: UInt32
  /// MULTI_EXIT_DISC (RFC 4271 §5.1.4); meaningful where `.hasMED`.
  public var med: UInt32
  /// The AS the route was learned from: the first of AS_PATH, 0 if it is empty.
  public var neighborAS: UInt32
  /// ORIGINATOR_ID or the peer's BGP Identifier (RFC 4271 §9.1.2.2 f, RFC 4456 §9).
  public var routerID: UInt32
  /// Higher is better, before anything else is compared; 0...65535.
  public var preference: UInt16
  /// AS_PATH length as RFC 4271 §9.1.2.2 a counts it (an AS_SET is one, confederation segments none).
  public var pathLength: UInt16
  /// Which protocol, and which of its kinds of route, it comes from.
  public var source: RouteSource
  /// What becomes of packets: forwarded, or dropped in one of three ways.
  public var destination: RouteDestination
  /// The `scope` attribute of filters; `.universe` unless one sets it.
  public var scope: RouteScope
  /// ORIGIN (RFC 4271 §5.1.1); meaningful where `.hasOrigin`.
  public var origin: Origin
  /// What is present, and how the route was learned.
  public var flags: Flags
  /// The channel of the pipe that brought the route into its table, by its number plus one; 0 for a route that came by none.
  @usableFromInline package var pipe: UInt16

  /// What is known of a route in single bits. Bits 12...15 count the pipes it has passed.
  public struct Flags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// LOCAL_PREF is present.
    @inlinable public static var hasLocalPref: Flags { Flags(rawValue: 1) }
    /// MULTI_EXIT_DISC is present.
    @inlinable public static var hasMED: Flags { Flags(rawValue: 2) }
    /// ORIGIN is present, that is: the route carries BGP attributes.
    @inlinable public static var hasOrigin: Flags { Flags(rawValue: 4) }
    /// Learned over an external session.
    @inlinable public static var external: Flags { Flags(rawValue: 8) }
    /// Retained from a restarting peer (RFC 4724, RFC 9494).
    @inlinable public static var stale: Flags { Flags(rawValue: 16) }
    /// Learned from a client of ours (RFC 4456): it may be reflected to every internal peer.
    @inlinable public static var reflectorClient: Flags { Flags(rawValue: 64) }
    /// The attributes are those that the protocol announces (`ExportGate.preset`), with what its export filter made of them.
    @inlinable public static var isPreset: Flags { Flags(rawValue: 128) }
    /// An export filter set MED, be it to what it was.
    @inlinable public static var medSetByFilter: Flags { Flags(rawValue: 256) }
    /// An export filter set NEXT_HOP, be it to what it was.
    @inlinable public static var nextHopAttributeSetByFilter: Flags { Flags(rawValue: 512) }
    /// What is said of a route on its way out only.
    static var exported: Flags { [.isPreset, .medSetByFilter, .nextHopAttributeSetByFilter] }
    /// Learned from another member AS of our confederation (RFC 5065).
    @inlinable public static var confederation: Flags { Flags(rawValue: 1024) }

    /// How many pipes the route has passed, 0...15.
    package var pipeCount: UInt16 { rawValue >> 12 }
    package func passing(pipes count: UInt16) -> Flags { Flags(rawValue: rawValue & 0xfff | count << 12) }
  }

  /// A unicast route without BGP attributes or next hops.
  @inlinable public init(source: RouteSource, preference: UInt16) {
    from = .unspecified
    nextHops = .none
    localPref = 0
    med = 0
    neighborAS = 0
    routerID = 0
    self.preference = preference
    pathLength = 0
    self.source = source
    destination = .unicast
    scope = .universe
    origin = .incomplete
    flags = []
    pipe = 0
  }
}
