import RouteCore

/// Names one TCP connection of a peer. Outgoing ones are numbered by the `Peer`, accepted ones by the driver, as it likes, as long
/// as no two that live at the same time have the same number.
public struct ConnectionID: Hashable, Sendable {
  /// Who opened the connection.
  public enum Direction: UInt8, Sendable {
    /// We did.
    case outgoing
    /// The peer did.
    case incoming
  }
  /// Who opened it; numbers are unique within a direction.
  public var direction: Direction
  /// Any number; it has no meaning.
  public var number: UInt32

  /// A connection by its direction and number.
  public init(_ direction: Direction, _ number: UInt32) {
    self.direction = direction
    self.number = number
  }
}

/// The two ends of a connection, as the system knows them once it is there.
public struct Endpoints: Hashable, Sendable {
  /// Our address.
  public var local: IPAddress
  /// The peer's address.
  public var remote: IPAddress
  /// Index of the interface of a direct session; 0 if unknown or multihop.
  public var interface: UInt32
  /// Our link-local address on that interface, for the 32-octet next hops of RFC 2545.
  public var linkLocal: IPAddress?
  /// An address of ours of the other family on that interface: the next hop of its routes when one session carries both families.
  public var otherFamily: IPAddress?

  /// The addresses at both ends, and what is known of the interface.
  public init(local: IPAddress, remote: IPAddress, interface: UInt32 = 0, linkLocal: IPAddress? = nil, otherFamily: IPAddress? = nil) {
    self.local = local
    self.remote = remote
    self.interface = interface
    self.linkLocal = linkLocal
    self.otherFamily = otherFamily
  }
}

/// Everything about an established session that routes, in either direction, depend on. What was agreed on is said in the files of the
/// capabilities.
public struct SessionParameters: Hashable, Sendable {
  /// What the session was negotiated with, or what `under` has put in its place.
  public internal(set) var configuration: PeerConfiguration
  /// The ends of the connection, with our present addresses on the interface.
  public internal(set) var endpoints: Endpoints
  /// The peer's AS, from its OPEN (RFC 6793 §4.1).
  public let remoteAS: UInt32
  /// The peer's BGP Identifier.
  public let remoteID: RouterID
  /// What we announced.
  public let localCapabilities: Capabilities
  /// What the peer announced.
  public let remoteCapabilities: Capabilities
  /// Seconds, negotiated; 0 means none.
  public let holdTime: UInt16
  /// Seconds between our KEEPALIVEs; 0 means none.
  public let keepaliveTime: UInt16
  /// Whether both sides carry IPv4 unicast.
  public let ipv4: Bool
  /// Whether both sides carry IPv6 unicast.
  public let ipv6: Bool
  private let extendedIPv4: Bool
  private let extendedIPv6: Bool

  /// Our AS; within a confederation the member's number.
  public var localAS: UInt32 { configuration.localAS }
  /// Our BGP Identifier.
  public var localID: RouterID { configuration.routerID }
  /// What we put into CLUSTER_LIST (RFC 4456 §7).
  public var clusterID: RouterID { configuration.clusterID ?? configuration.routerID }
  /// Whether the peer is of our AS; another member AS does not count.
  public var isInternal: Bool { remoteAS == configuration.localAS }
  /// Within our AS or our confederation.
  public var isInterior: Bool { isInternal || configuration.confederationMember }
  /// The AS that the peer knows us by (RFC 5065 §4): to the outside that is the confederation.
  public var publicAS: UInt32 { isInterior ? localAS : configuration.confederation ?? localAS }
  /// Whether the peer has to be on a network we are connected to.
  public var isDirect: Bool { configuration.isDirect }
  /// The families both sides carry, IPv4 first.
  public var families: [AddressFamily] { AddressFamily.allCases.filter { carries($0) } }

  /// The same session under a configuration that needs no new one.
  public func under(_ new: PeerConfiguration) -> SessionParameters {
    var session = self
    session.configuration = new
    return session
  }

  /// Whether both sides carry unicast routes of a family.
  public func carries(_ family: AddressFamily) -> Bool { family == .ipv4 ? ipv4 : ipv6 }

  /// Whether next hops may be of the other family (RFC 8950, RFC 4798 §2).
  public func extendedNextHop(_ family: AddressFamily) -> Bool { family == .ipv4 ? extendedIPv4 : extendedIPv6 }

  /// Whether AIGP is exchanged with the peer (RFC 7311 §3.1).
  public func accumulatesMetric(_ family: AddressFamily) -> Bool { configuration.channel(family)?.aigp ?? isInterior }

  /// The address that "next hop self" stands for; nil if there is none of the family, so that no such route can be announced.
  public func nextHopSelf(_ family: AddressFamily) -> IPAddress? {
    if let address = configuration.channel(family)?.nextHopAddress { return address }
    if endpoints.local.family == family || extendedNextHop(family) { return endpoints.local }
    if let other = endpoints.otherFamily, other.family == family { return other }
    return nil
  }

  init(
    _ configuration: PeerConfiguration, _ endpoints: Endpoints, open: OpenMessage, sent: Capabilities,
    timers: (hold: UInt16, keepalive: UInt16)
  ) {
    self.configuration = configuration
    self.endpoints = endpoints
    remoteAS = open.autonomousSystem
    remoteID = open.identifier
    localCapabilities = sent
    remoteCapabilities = open.capabilities
    holdTime = timers.hold
    keepaliveTime = timers.keepalive
    extendedIPv4 = Self.agreesOnNextHops(.ipv4, configuration, sent, open.capabilities)
    extendedIPv6 = Self.agreesOnNextHops(.ipv6, configuration, sent, open.capabilities)
    ipv4 = Self.agrees(.ipv4, configuration, sent, open.capabilities)
    ipv6 = Self.agrees(.ipv6, configuration, sent, open.capabilities)
  }
}
