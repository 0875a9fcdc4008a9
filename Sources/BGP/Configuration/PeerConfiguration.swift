import RouteCore

/// Everything a user can set about one BGP peer; the defaults are BIRD's. Two equal values need no change when the configuration is
/// read again. Filters, limits and preferences belong to the channels (`ChannelConfiguration`).
public struct PeerConfiguration: Sendable, Hashable {
  // MARK: Who

  /// `local ADDRESS`, or `source address`, which means the same: where connections come from. Default nil: the system chooses.
  public var localAddress: IPAddress?
  /// `local PORT` (2.x): where the listening socket waits. Default: 179.
  public var localPort: UInt16 = 179
  /// `local as`. Required.
  public var localAS: UInt32
  /// The 1.6 language: export filters find the attributes that the peer is to get, and have the last word on them.
  public var presetsAttributes = false
  /// The router id, from the protocol's `router id` or the global one. It is our BGP Identifier.
  public var routerID: RouterID
  /// `neighbor ADDRESS`. Required, unless there is a range.
  public var neighborAddress: IPAddress
  /// `neighbor range PREFIX` (2.x): whoever connects from there is a peer. A protocol that was spawned for one of them has it too.
  public var neighborRange: Prefix?
  /// `dynamic name` (2.x): how the names of spawned protocols begin. Default: dynbgp.
  public var dynamicName = "dynbgp"
  /// `dynamic name digits` (2.x): how many digits their numbers have at least. Default: 0.
  public var dynamicNameDigits: UInt8 = 0
  /// `neighbor PORT`. Default: 179.
  public var neighborPort: UInt16 = 179
  /// `neighbor as`, or what `internal` and `external` (2.x) leave open.
  public var neighborAS: NeighborAS
  /// `neighbor ADDRESS%INTERFACE`, or `interface`: where the neighbour is. Required for a link-local address.
  public var interface: String?

  // MARK: The transport

  /// `direct` or `multihop N`. Default nil: direct for external sessions, multihop 64 for internal ones.
  public var reach: Reach?
  /// `passive`: never open a connection, only accept one. Default: no.
  public var passive = false
  /// `password`: TCP MD5 signatures (RFC 2385). Default: none.
  public var password: String?
  /// `ttl security` (RFC 5082): send with hop limit 255 and accept only what came no farther than it may. Default: no.
  public var ttlSecurity = false
  /// `check link`: the session follows the state of the link. Default: no.
  public var checkLink = false
  /// `strict bind` (2.x): listen on the local address only. Default: no.
  public var strictBind = false
  /// `free bind` (2.x): the listening socket may wait on an address that is not there yet (IP_FREEBIND). Default: no.
  public var freeBind = false

  // MARK: Timers

  /// `hold time`, in seconds: 0 (none) or 3...65535. Default: 240.
  public var holdTime: UInt16 = 240
  /// `min hold time` (2.x): the lowest hold time accepted from the peer. Default: 0.
  public var minHoldTime: UInt16 = 0
  /// `startup hold time`, in seconds: how long the peer's OPEN is waited for. Default: 240.
  public var startupHoldTime: UInt16 = 240
  /// `keepalive time`, in seconds. Default nil: a third of the hold time.
  public var keepaliveTime: UInt16?
  /// `min keepalive time` (2.x). Default: 0.
  public var minKeepaliveTime: UInt16 = 0
  /// `send hold time` (RFC 9687), in seconds. Default nil: twice the hold time, at least 8 minutes. 0: none.
  public var sendHoldTime: UInt16?
  /// `connect delay time`: how long we wait for the peer to connect before we do. Default: 5 s.
  public var connectDelayTime: Duration = .seconds(5)
  /// `connect retry time`: the longest time spent on one attempt. Default: 120 s.
  public var connectRetryTime: Duration = .seconds(120)
  /// `error wait time MIN, MAX`: the pause after an error, doubled each time. Default: 60 s.
  public var errorWaitMinimum: Duration = .seconds(60)
  /// The longest pause after an error. Default: 300 s.
  public var errorWaitMaximum: Duration = .seconds(300)
  /// `error forget time`: after that long without an error the pause starts from its minimum again. Default: 300 s.
  public var errorForgetTime: Duration = .seconds(300)

  // MARK: Ends of a session

  /// `disable after error`. Default: no.
  public var disableAfterError = false
  /// `disable after cease`. `yes` is `.allButCollision`. Default: none.
  public var disableAfterCease: CeaseSet = []

  // MARK: Capabilities

  /// `capabilities`. Default: yes, falling back to none for a peer that refuses them.
  public var capabilities = CapabilityMode.automatic
  /// `enable route refresh` (RFC 2918). Default: yes.
  public var enableRouteRefresh = true
  /// Enhanced route refresh (RFC 7313); only announced together with route refresh. Default: no; whoever sets it has to remove, at
  /// `RouteSink.refreshEnded`, what was not announced again.
  public var enableEnhancedRefresh = false
  /// `enable as4` (RFC 6793). Default: yes.
  public var enableAS4 = true
  /// `enable extended messages` (RFC 8654). Default: no.
  public var enableExtendedMessages = false
  /// `advertise hostname` (2.x, draft-walton-bgp-hostname-capability). Default: no.
  public var advertiseHostname = false
  /// The name it says: the global `hostname`, or the system's. The next OPEN has a new one.
  public var hostname = ""
  /// `graceful restart` (RFC 4724). Default: aware.
  public var gracefulRestart = RestartMode.aware
  /// `graceful restart time`: how long the peer may wait for us, in seconds. Default: 120.
  public var gracefulRestartTime: UInt16 = 120
  /// `long lived graceful restart` (RFC 9494). Default nil: aware, unless graceful restart is off.
  public var longLivedGracefulRestart: RestartMode?
  /// `long lived stale time`: how long the peer may keep our routes after that, in seconds. Default: 3600.
  public var longLivedStaleTime: UInt32 = 3600
  /// `advertise ipv4` of 1.6: announce IPv4 unicast as a capability even where it is implied. Default: yes.
  public var advertiseIPv4 = true

  // MARK: Roles

  /// `rr client` (RFC 4456). Default: no.
  public var routeReflectorClient = false
  /// `rr cluster id`. Default nil: the router id.
  public var clusterID: RouterID?
  /// `rs client` (RFC 7947): announce routes unchanged. Default: no.
  public var routeServerClient = false

  /// `confederation` (2.x, RFC 5065): its identifier, the AS number that the outside sees. Default: none.
  public var confederation: UInt32?
  /// `confederation member` (2.x): the peer is of another member AS of it. Default: no.
  public var confederationMember = false
  /// `local role` (2.x, RFC 9234). Default: none.
  public var localRole: Role?
  /// `require roles` (2.x): refuse a peer that does not say its role. Default: no.
  public var requireRoles = false

  // MARK: Routes

  /// `default bgp_med`: the MED of a route that has none, when compared. Default: 0.
  public var defaultMED: UInt32 = 0
  /// `default bgp_local_pref`: given to routes from external peers. Default: 100.
  public var defaultLocalPref: UInt32 = 100
  /// `allow bgp_local_pref`: take LOCAL_PREF from, and send it to, an external peer. Default: no.
  public var allowLocalPref = false
  /// `allow local as N`: how often our own AS may stand in a received AS_PATH. Without a number: `UInt32.max`. Default: 0.
  public var allowLocalAS: UInt32 = 0
  /// `allow as sets` (2.x): take paths with AS_SETs (RFC 6472). Default: yes.
  public var allowASSets = true
  /// `enforce first as` (2.x): the first AS of AS_PATH must be the external peer's. Default: no.
  public var enforceFirstAS = false
  /// `interpret communities`: obey NO_EXPORT, NO_ADVERTISE and NO_EXPORT_SUBCONFED (RFC 1997). Default: yes.
  public var interpretCommunities = true
  /// How the peer's routes rank.
  public var decision = DecisionOptions()

  // MARK: Channels

  /// The IPv4 channel, if there is one.
  public var ipv4: ChannelOptions?
  /// The IPv6 channel, if there is one.
  public var ipv6: ChannelOptions?

  /// The defaults, without channels: set `ipv4` or `ipv6`, or both.
  public init(localAS: UInt32, routerID: RouterID, neighborAddress: IPAddress, neighborAS: NeighborAS) {
    self.localAS = localAS
    self.routerID = routerID
    self.neighborAddress = neighborAddress
    self.neighborAS = neighborAS
  }
}

extension PeerConfiguration {
  /// The peer's AS, or what is known of it before its OPEN.
  public enum NeighborAS: Sendable, Hashable {
    /// A given AS; 0 is a configuration error.
    case number(UInt32)
    /// `internal` (2.x): our own AS.
    case `internal`
    /// `external` (2.x): any other AS.
    case external
  }

  /// How far away the peer may be.
  public enum Reach: Sendable, Hashable {
    /// On a network we are connected to.
    case direct
    /// Up to that many hops away, 1...255.
    case multihop(UInt8)
  }

  /// Whether capabilities (RFC 5492) are announced.
  public enum CapabilityMode: Sendable, Hashable {
    /// Never.
    case no
    /// Always.
    case yes
    /// Announce them, but do without if the peer answers "Unsupported Optional Parameter".
    case automatic
  }

  /// Reasons in a received Cease (RFC 4486) after which the protocol is disabled.
  public struct CeaseSet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The set of one subcode.
    public init(_ subcode: UInt8) { rawValue = subcode < 16 ? 1 << UInt16(subcode) : 0 }

    /// Unspecific, subcode 0.
    public static let cease = CeaseSet(0)
    /// Maximum Number of Prefixes Reached, subcode 1.
    public static let prefixLimitHit = CeaseSet(1)
    /// Administrative Shutdown, subcode 2.
    public static let administrativeShutdown = CeaseSet(2)
    /// Peer De-configured, subcode 3.
    public static let peerDeconfigured = CeaseSet(3)
    /// Administrative Reset, subcode 4.
    public static let administrativeReset = CeaseSet(4)
    /// Connection Rejected, subcode 5.
    public static let connectionRejected = CeaseSet(5)
    /// Other Configuration Change, subcode 6.
    public static let configurationChange = CeaseSet(6)
    /// Connection Collision Resolution, subcode 7.
    public static let connectionCollision = CeaseSet(7)
    /// Out of Resources, subcode 8.
    public static let outOfResources = CeaseSet(8)
    /// What `disable after cease yes` means.
    public static let allButCollision = CeaseSet(rawValue: 0x1ff & ~(1 << 7))
  }

  /// Whether the session is internal, as far as the configuration tells.
  public var isInternal: Bool {
    switch neighborAS {
    case .number(let number): number == localAS
    case .internal: true
    case .external: false
    }
  }

  /// Whether the peer is of our AS or, as another member, of our confederation.
  public var isInterior: Bool { isInternal || confederationMember }
  /// The AS that the peer knows us by (RFC 5065 §4): to the outside that is the confederation.
  public var publicAS: UInt32 { isInterior ? localAS : confederation ?? localAS }

  /// `reach` with its default applied.
  public var effectiveReach: Reach { reach ?? (isInternal ? .multihop(64) : .direct) }
  /// Whether the peer has to be on a network we are connected to.
  public var isDirect: Bool { effectiveReach == .direct }

  /// The hop limit of sent packets, and with `ttl security` the lowest accepted.
  public var hopLimit: (send: UInt8, minimum: UInt8) {
    let hops: UInt8
    switch effectiveReach {
    case .direct: hops = 1
    case .multihop(let count): hops = max(count, 1)
    }
    return ttlSecurity ? (255, 255 - (hops - 1)) : (hops, 0)
  }

  /// The options of a family; nil if it has no channel.
  public func channel(_ family: AddressFamily) -> ChannelOptions? { family == .ipv4 ? ipv4 : ipv6 }
  /// The channels' families, IPv4 first.
  public var families: [AddressFamily] { AddressFamily.allCases.filter { channel($0) != nil } }

  /// `gateway` with its default applied.
  public func gatewayMode(_ family: AddressFamily) -> ChannelOptions.GatewayMode {
    channel(family)?.gateway ?? (isDirect ? .direct : .recursive)
  }

  /// `missing lladdr` with its default applied.
  public func missingLinkLocal(_ family: AddressFamily) -> ChannelOptions.MissingLinkLocal {
    channel(family)?.missingLinkLocal ?? (routeServerClient ? .ignore : .self)
  }

  /// The configured keepalive time with its default applied, in seconds.
  public var effectiveKeepaliveTime: UInt16 { keepaliveTime ?? holdTime / 3 }
}
