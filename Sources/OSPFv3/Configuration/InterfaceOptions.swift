import RouteCore

/// The kinds of network an interface may attach to (RFC 2328 §1.2).
public enum NetworkType: UInt8, Hashable, Sendable, CaseIterable {
  /// Many routers, all reached by multicast; one is designated router.
  case broadcast
  /// Two routers and no designated router.
  case pointToPoint
  /// Many routers, each of which is sent everything alone; one is designated router.
  case nonBroadcast
  /// As many point-to-point links as there are neighbours.
  case pointToMultipoint
}

/// The options inside one `interface` block. Intervals are in seconds.
public struct InterfaceOptions: Hashable, Sendable {
  /// `instance N`; nil takes the protocol's `instance id`.
  public var instanceID: UInt8?
  /// `type`; nil finds out by what the link can do (`NetworkType.init(suiting:)`).
  public var type: NetworkType?
  /// `cost`: 1...65535, default 10.
  public var cost: UInt16 = 10
  /// `hello`: HelloInterval, 1...65535, default 10. All routers of a link must agree.
  public var helloInterval: UInt16 = 10
  /// `poll`: PollInterval, how often a neighbour on a nonbroadcast network is tried that does not answer. Default 20.
  public var pollInterval: UInt32 = 20
  /// `retransmit`: RxmtInterval, at least 2, default 5.
  public var retransmitInterval: UInt32 = 5
  /// `dead`: RouterDeadInterval; nil is `dead count` times `hello`. All routers of a link must agree.
  public var deadInterval: UInt32?
  /// `dead count`: at least 2, default 4.
  public var deadCount: UInt32 = 4
  /// `wait`: how long to listen for a designated router before electing one; nil is `dead count` times `hello`.
  public var waitInterval: UInt32?
  /// `transmit delay`: InfTransDelay, added to the age of each LSA sent; 1...3600, default 1.
  public var transmitDelay: UInt16 = 1
  /// `priority`: for the designated router; 0 is never. Default 1.
  public var priority: UInt8 = 1
  /// `stub`: announce the interface's networks, speak OSPF to nobody on it. Default no.
  public var stub = false
  /// `check link`: treat an interface without carrier as down. Default no.
  public var checkLink = false
  /// `ecmp weight`: 1...256, default 1.
  public var ecmpWeight: UInt16 = 1
  /// `link lsa suppression`: no link-LSA on a point-to-point link (RFC 5340 §4.4.3.8). Default no.
  public var linkLSASuppression = false
  /// `rx buffer`.
  public var receiveBuffer: ReceiveBuffer = .normal
  /// `tx class`: the Traffic Class of packets. Default 0xc0, internetwork control.
  public var transmitClass: UInt8 = 0xc0
  /// `tx priority`: the kernel's queueing priority, default 7.
  public var transmitPriority: UInt32 = 7
  /// `tx length`: the longest packet sent, IPv6 header included; nil is the interface's MTU.
  public var transmitLength: UInt16?
  /// `ttl security`.
  public var ttlSecurity: TTLSecurity = .off
  /// `neighbors`: to whom Hellos go where there is no multicast.
  public var neighbors: [Neighbor] = []
  /// `strict nonbroadcast`: there, others than `neighbors` are refused. Default no.
  public var strictNonBroadcast = false
  /// `bfd`: neighbours are watched with BFD (RFC 5882 §10.2). Default no.
  public var bfd = false

  /// `rx buffer`: the longest packet that can be received.
  public enum ReceiveBuffer: Hashable, Sendable {
    /// As large as the MTU (and at least as `tx length`) asks for.
    case normal
    /// 64 KB, for neighbours with a larger MTU.
    case large
    /// 256...65535.
    case bytes(UInt16)
  }

  /// Hop limit 255 and its check (RFC 5082) instead of 1.
  public enum TTLSecurity: Hashable, Sendable {
    /// Send with 1, accept anything.
    case off
    /// Send with 255, accept nothing else.
    case on
    /// Send with 255, accept anything.
    case transmitOnly
  }

  /// One of `neighbors`.
  public struct Neighbor: Hashable, Sendable {
    /// Should be its link-local address, from which its packets come (RFC 5340 §C.5).
    public var address: IPAddress
    /// `eligible`: it may become designated router.
    public var isEligible: Bool

    /// A neighbour by its address.
    public init(address: IPAddress, isEligible: Bool = false) {
      self.address = address
      self.isEligible = isEligible
    }
  }

  /// The defaults.
  public init() {}

  /// RouterDeadInterval as announced in Hellos.
  public var effectiveDeadInterval: UInt32 { deadInterval ?? UInt32(helloInterval) &* deadCount }
  /// The Wait Timer of RFC 2328 §9.
  public var effectiveWaitInterval: UInt32 { waitInterval ?? UInt32(helloInterval) &* deadCount }
  /// The hop limit of packets sent.
  public var hopLimit: UInt8 { ttlSecurity == .off ? 1 : 255 }
}
