import RouteCore

/// Everything the configuration file says about one `protocol ospf`, apart from its channel.
///
/// The defaults are those of BIRD, so that a router can be exchanged on a live network (RFC 5340 leaves them to the
/// administrator; the constants RFC 2328 appendix B fixes are not here).
public struct InstanceConfiguration: Hashable, Sendable {
  /// Must not be 0.0.0.0.
  public var routerID: RouterID
  /// `instance id`: the Instance ID in packets of all interfaces that name none of their own (RFC 5340 §2.4). Default 0.
  public var instanceID: UInt8 = 0
  /// The family of the routes, which is that of the channel (RFC 5838). OSPF itself speaks IPv6 in any case. Default IPv6.
  public var family = AddressFamily.ipv6
  /// `rfc5838`: says in the AF-bit that Instance IDs tell the family (RFC 5838 §2.2); needed for IPv4. Default no.
  public var hasFamilyBit = false
  /// `ecmp`: keep all equally good next hops instead of one. Default no.
  public var ecmp = false
  /// `ecmp limit`: at most that many next hops in a route. Default 16.
  public var ecmpLimit = 16
  /// `merge external`: equally good AS-external routes of several routers form one ECMP route (needs `ecmp`). Default no.
  public var mergeExternal = false
  /// `rfc1583compat`: the old preference of paths to AS boundary routers (RFC 2328 §16.4.1). Default no.
  public var rfc1583Compatibility = false
  /// `stub router`: offer no transit, by links of the highest metric (RFC 6987). Default no.
  public var stubRouter = false
  /// `tick`: the longest a burst of changes may delay the routing table, in seconds. Default 1.
  public var tick: UInt32 = 1
  /// `graceful restart`: whether to help neighbours that restart, and to restart gracefully (RFC 3623, RFC 5187). Default aware.
  public var gracefulRestart = GracefulRestart.aware
  /// `graceful restart time`: for how many seconds neighbours are asked to wait; 1...1800, default 120.
  public var gracefulRestartTime: UInt32 = 120
  /// Whether routes of other protocols may be exported here, which makes the router an AS boundary router: set it unless
  /// the export policy is `none`. Default no.
  public var isASBoundaryRouter = false
  /// The areas, in the order of the file. Interfaces are matched in that order.
  public var areas: [AreaConfiguration] = []

  /// The defaults, without areas.
  public init(routerID: RouterID) { self.routerID = routerID }

  /// The Options that are the same for all areas (RFC 5340 §4.1.1, RFC 5838 §2.3): active, and routing IPv6.
  var options: Options {
    var options: Options = .r
    if family == .ipv6 { options.insert(.v6) }
    if hasFamilyBit { options.insert(.af) }
    return options
  }

  /// The areas the router is attached to: those configured, and the backbone if there are several, as area border routers are
  /// (RFC 2328 §3.3).
  var attachedAreas: [AreaConfiguration] {
    if areas.count < 2 || areas.contains(where: { $0.id == .backbone }) { return areas }
    return [AreaConfiguration(id: .backbone)] + areas
  }
}

extension RouterID {
  /// Area 0.0.0.0.
  static let backbone = RouterID(rawValue: 0)
  /// As a Router ID 0.0.0.0 stands for none.
  static let unspecified = RouterID(rawValue: 0)
}

extension AreaConfiguration {
  /// All networks that are configured in it.
  public var prefixes: [Prefix] { stubNetworks.map { $0.prefix } + networks.map { $0.prefix } + externals.map { $0.prefix } }
}

/// `area ID { … }`.
public struct AreaConfiguration: Hashable, Sendable {
  /// What an area hears of the world outside the AS.
  public enum Kind: UInt8, Hashable, Sendable {
    /// AS-external-LSAs.
    case ordinary
    /// `stub`: nothing but a default route (RFC 2328 §3.6).
    case stub
    /// `nssa`: as a stub area, but with externals of its own (RFC 3101).
    case nssa
  }

  /// The Area ID; 0.0.0.0 is the backbone.
  public var id: RouterID
  /// Default ordinary.
  public var kind: Kind = .ordinary
  /// `summary`: tell a stub area or NSSA of the networks of other areas, and not only a default route. Default no.
  public var summary = false
  /// `default cost`, `stub cost`: the cost of the default route that an area border router gives a stub area or NSSA. 1...0xfffffe,
  /// default 1000.
  public var defaultCost: UInt32 = 1000
  /// `default cost2`: that cost, as an external metric of type 2.
  public var isDefaultType2 = false
  /// `default nssa`: give an NSSA that hears of the networks of other areas a default route too, as an external. Default no.
  public var defaultNSSA = false
  /// `translator`: translate the NSSA's externals for the rest of the AS, whoever else does (RFC 3101 §3.1). Default no.
  public var translator = false
  /// `translator stability`: how many seconds to go on translating after another was elected. Default 40.
  public var translatorStability: UInt32 = 40
  /// The `interface` blocks, in the order of the file; for each Instance ID the first block that matches an interface is used.
  public var interfaces: [InterfaceBlock] = []
  /// `virtual link ID`: the area is the transit area of these links of the backbone (RFC 2328 §15).
  public var virtualLinks: [VirtualLink] = []
  /// `stubnet PREFIX`: networks the router announces besides those of its interfaces.
  public var stubNetworks: [StubNetwork] = []
  /// `networks { … }`: how an area border router condenses the area's networks for other areas.
  public var networks: [AreaRange] = []
  /// `external { … }`: how an NSSA translator condenses external networks.
  public var externals: [AreaRange] = []

  /// The defaults, without interfaces.
  public init(id: RouterID) { self.id = id }

  /// `interface PATTERNS { … }`.
  public struct InterfaceBlock: Hashable, Sendable {
    /// The interfaces it is for, by their names.
    public var pattern: InterfacePattern
    /// How OSPF is spoken on them.
    public var options: InterfaceOptions

    /// A block for the interfaces that the pattern selects.
    public init(pattern: InterfacePattern, options: InterfaceOptions = InterfaceOptions()) {
      self.pattern = pattern
      self.options = options
    }
  }

  /// `virtual link ID [instance N] { … }`.
  public struct VirtualLink: Hashable, Sendable {
    /// The router at the other end.
    public var peer: RouterID
    /// Of these only the Instance ID, the intervals and `transmit delay` count.
    public var options: InterfaceOptions

    /// A virtual link to a router, by its Router ID.
    public init(peer: RouterID, options: InterfaceOptions = InterfaceOptions()) {
      self.peer = peer
      self.options = options
    }
  }

  /// `stubnet PREFIX { hidden …; summary …; cost …; }`.
  public struct StubNetwork: Hashable, Sendable {
    /// The network announced.
    public var prefix: Prefix
    /// Do not announce: with `summary`, hides the interface networks the prefix contains. Default no.
    public var hidden: Bool
    /// Announced in place of the more specific networks of interfaces. Default no.
    public var summary: Bool
    /// Default 10.
    public var cost: UInt16

    /// `cost` is 0...65535.
    public init(prefix: Prefix, hidden: Bool = false, summary: Bool = false, cost: UInt16 = 10) {
      self.prefix = prefix
      self.hidden = hidden
      self.summary = summary
      self.cost = cost
    }
  }

  /// One line of `networks` or `external`.
  public struct AreaRange: Hashable, Sendable {
    /// The range: networks within it are announced as one.
    public var prefix: Prefix
    /// `hidden`: neither the range nor the networks within it are announced. Default no.
    public var hidden: Bool
    /// `tag`: the External Route Tag, of `external` only; 0 is none. Default 0.
    public var tag: UInt32

    /// A range, announced unless it is hidden.
    public init(prefix: Prefix, hidden: Bool = false, tag: UInt32 = 0) {
      self.prefix = prefix
      self.hidden = hidden
      self.tag = tag
    }
  }
}
