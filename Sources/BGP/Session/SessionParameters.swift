import RouteCore

/// Names one TCP connection of a peer. Outgoing ones are numbered by the `Peer`, accepted ones by the driver, as it likes, as long
/// as no two that live at the same time have the same number.
public struct ConnectionID: Hashable, Sendable {
  public enum Direction: UInt8, Sendable {
    case outgoing
    case incoming
  }
  public var direction: Direction
  public var number: UInt32

  public init(_ direction: Direction, _ number: UInt32) {
    self.direction = direction
    self.number = number
  }
}

/// The two ends of a connection, as the system knows them once it is there.
public struct Endpoints: Hashable, Sendable {
  public var local: IPAddress
  public var remote: IPAddress
  /// Index of the interface of a direct session; 0 if unknown or multihop.
  public var interface: UInt32
  /// Our link-local address on that interface, for the 32-octet next hops of RFC 2545.
  public var linkLocal: IPAddress?
  /// An address of ours of the other family on that interface: the next hop of its routes when one session carries both families.
  public var otherFamily: IPAddress?

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
  public internal(set) var configuration: PeerConfiguration
  public internal(set) var endpoints: Endpoints
  public let remoteAS: UInt32
  public let remoteID: RouterID
  public let localCapabilities: Capabilities
  public let remoteCapabilities: Capabilities
  /// Seconds, negotiated; 0 means none.
  public let holdTime: UInt16
  public let keepaliveTime: UInt16
  public let ipv4: Bool
  public let ipv6: Bool
  private let extendedIPv4: Bool
  private let extendedIPv6: Bool

  public var localAS: UInt32 { configuration.localAS }
  public var localID: RouterID { configuration.routerID }
  public var clusterID: RouterID { configuration.clusterID ?? configuration.routerID }
  public var isInternal: Bool { remoteAS == configuration.localAS }
  /// Within our AS or our confederation.
  public var isInterior: Bool { isInternal || configuration.confederationMember }
  /// The AS that the peer knows us by (RFC 5065 §4): to the outside that is the confederation.
  public var publicAS: UInt32 { isInterior ? localAS : configuration.confederation ?? localAS }
  public var isDirect: Bool { configuration.isDirect }
  /// The families both sides carry, IPv4 first.
  public var families: [AddressFamily] { AddressFamily.allCases.filter { carries($0) } }

  /// The same session under a configuration that needs no new one.
  public func under(_ new: PeerConfiguration) -> SessionParameters {
    var session = self
    session.configuration = new
    return session
  }

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
