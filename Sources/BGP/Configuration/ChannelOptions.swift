import RouteCore

/// BGP's own options of one channel, that is of one address family of a session. In the 1.6 dialect they stand directly in the
/// protocol; in 2.x in its channels.
public struct ChannelOptions: Sendable, Hashable {
  /// Routes a next-hop option applies to, by the session over which they were received.
  public enum NextHopRule: Sendable, Hashable {
    /// None.
    case no
    /// All.
    case yes
    /// Only for routes received over internal sessions.
    case ibgp
    /// Only for routes received over external sessions.
    case ebgp
  }

  /// What to do if a third party's link-local address, which RFC 2545 §3 wants beside the global one, is not known.
  public enum MissingLinkLocal: Sendable, Hashable {
    /// Announce ourselves as the next hop.
    case `self`
    /// Do not announce the route.
    case drop
    /// Announce the global address alone.
    case ignore
  }

  /// How received next hops are resolved.
  public enum GatewayMode: Sendable, Hashable {
    /// The next hop has to be a neighbour on a connected network.
    case direct
    /// The next hop is looked up in the IGP table.
    case recursive
  }

  /// `next hop self`. Default: no.
  public var nextHopSelf = NextHopRule.no
  /// `next hop keep`. Default: no.
  public var nextHopKeep = NextHopRule.no
  /// `next hop address` (2.x): what "self" means on this channel. Default: the session's local address.
  public var nextHopAddress: IPAddress?
  /// `missing lladdr`. Default nil: self, or ignore for a route server's client.
  public var missingLinkLocal: MissingLinkLocal?
  /// `gateway`. Default nil: direct on direct sessions, recursive on multihop sessions.
  public var gateway: GatewayMode?
  /// `next hop prefer global` (2.x): where a recursive next hop is on a network of ours, its global address is the gateway and not the
  /// link-local one beside it. Direct next hops are always the global ones. Default: no.
  public var prefersGlobalNextHop = false
  /// `extended next hop` (2.x): next hops of the other family (RFC 8950 for IPv4, RFC 4798 §2 for IPv6). Default: no.
  public var extendedNextHop = false
  /// `add paths` (RFC 7911): whether several paths to a network are taken from the peer. Default: no.
  public var receivesPaths = false
  /// `add paths`: whether all paths that the export filter accepts are announced to the peer. Default: no.
  public var sendsPaths = false
  /// `aigp` (2.x): the accumulated IGP metric (RFC 7311) is exchanged. Default nil: with internal peers, and those of the confederation.
  public var aigp: Bool?
  /// `aigp originate` (2.x): routes of other protocols are given one. Default: no.
  public var originatesAIGP = false
  /// `mandatory` (2.x): a peer that does not carry the family is refused. Default: no.
  public var mandatory = false
  /// `cost` (2.x): the IGP metric of direct next hops. Default: 0.
  public var cost: UInt32 = 0
  /// `igp table`: where recursive next hops are looked up. Default nil: the channel's own table.
  public var igpTable: String?
  /// `igp table` for next hops of the other family. Default nil: that or the table of the protocol's other channel, or the main one.
  public var otherIGPTable: String?

  /// `graceful restart` of a channel (2.x). Default nil: the protocol's `yes`.
  public var gracefulRestart: Bool?
  /// `long lived graceful restart` of a channel (2.x). Default nil: the protocol's `yes`.
  public var longLivedGracefulRestart: Bool?
  /// `long lived stale time` of a channel (2.x), in seconds. Default nil: the protocol's.
  public var longLivedStaleTime: UInt32?

  /// The defaults.
  public init() {}
}
