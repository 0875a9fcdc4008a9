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

/// Everything about an established session that routes, in either direction, depend on.
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
  /// AS numbers have four octets on this session (RFC 6793).
  public var fourOctetAS: Bool { localCapabilities.as4 != nil && remoteCapabilities.as4 != nil }
  public var extendedMessages: Bool { localCapabilities.extendedMessages && remoteCapabilities.extendedMessages }
  public var maximumMessageLength: Int { extendedMessages ? MessageHeader.extendedLength : MessageHeader.maximumLength }
  /// The peer can be asked for its routes, and may ask for ours (RFC 2918).
  public var routeRefresh: Bool { localCapabilities.routeRefresh && remoteCapabilities.routeRefresh }
  public var enhancedRefresh: Bool { localCapabilities.enhancedRefresh && remoteCapabilities.enhancedRefresh }
  /// The peer keeps our routes while we restart: it is aware, and does not restart itself (RFC 4724 §4.1).
  public var peerAwaitsRestart: Bool { remoteCapabilities.gracefulRestart.map { !$0.restarted } ?? false }
  /// We have asked the peer to keep our routes of a family over a restart.
  public func keepsStateOverRestart(_ family: AddressFamily) -> Bool {
    localCapabilities.gracefulRestart?.families.contains(FamilyCode(family)) == true
  }
  /// The families both sides carry, IPv4 first.
  public var families: [AddressFamily] { AddressFamily.allCases.filter { carries($0) } }

  /// The same session under a configuration that needs no new one.
  public func under(_ new: PeerConfiguration) -> SessionParameters {
    var session = self
    session.configuration = new
    return session
  }

  public func carries(_ family: AddressFamily) -> Bool { family == .ipv4 ? ipv4 : ipv6 }

  /// Whether next hops may be of the other family: for IPv4 routes if both sides say so (RFC 8950 §4), for IPv6 ones in their mapped form
  /// (RFC 4798 §2) if we do.
  public func extendedNextHop(_ family: AddressFamily) -> Bool { family == .ipv4 ? extendedIPv4 : extendedIPv6 }

  /// Whether the peer may announce several paths of a family to a network (RFC 7911 §4), and whether we may.
  public func receivesPaths(_ family: AddressFamily) -> Bool {
    localCapabilities.addPathReceive.contains(FamilyCode(family)) && remoteCapabilities.addPathSend.contains(FamilyCode(family))
  }
  public func sendsPaths(_ family: AddressFamily) -> Bool {
    localCapabilities.addPathSend.contains(FamilyCode(family)) && remoteCapabilities.addPathReceive.contains(FamilyCode(family))
  }

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
    let code = FamilyCode(.ipv4)
    extendedIPv4 =
      configuration.ipv4?.extendedNextHop == true && sent.extendedNextHop.contains(code)
      && open.capabilities.extendedNextHop.contains(code)
    extendedIPv6 = configuration.ipv6?.extendedNextHop == true
    ipv4 = Self.agreed(.ipv4, configuration, open.capabilities, sent)
    ipv6 = Self.agreed(.ipv6, configuration, open.capabilities, sent)
  }

  /// RFC 4760 §8: a family is carried if both sides announced it. IPv4 needs no announcement from a side that announces no family.
  /// A peer without any capability, or one that we must not announce any to, is taken to carry what is configured, as BIRD 1.6 does.
  private static func agreed(
    _ family: AddressFamily, _ configuration: PeerConfiguration, _ remote: Capabilities, _ local: Capabilities
  ) -> Bool {
    guard configuration.channel(family) != nil else { return false }
    if !remote.isPresent || !local.isPresent {
      if remote.multiprotocol.contains(FamilyCode(family)) { return true }
      return remote.multiprotocol.isEmpty && (family == .ipv4 || configuration.ipv4 == nil)
    }
    if remote.multiprotocol.isEmpty { return family == .ipv4 }
    return remote.multiprotocol.contains(FamilyCode(family))
  }
}
