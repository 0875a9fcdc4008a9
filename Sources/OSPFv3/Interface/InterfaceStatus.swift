import RouteCore

/// What the system says about a link; sent again whenever any of it changes.
public struct InterfaceStatus: Hashable, Sendable {
  public var index: UInt32
  public var name: String
  /// Administratively up.
  public var isUp: Bool
  /// The link has a carrier; only `check link` asks.
  public var hasCarrier: Bool
  public var mtu: UInt32
  /// More than two ends are possible.
  public var isMultiAccess: Bool
  /// A packet can be sent to all ends at once.
  public var isMulticast: Bool
  public var isLoopback: Bool
  /// The link-local address packets are sent from; without one no OSPF is spoken.
  public var linkLocal: IPAddress?
  /// The other end, where that address has just one.
  public var linkLocalPeer: IPAddress?
  /// The addresses of wider scope, each with the length of its prefix.
  public var addresses: [Address]

  public struct Address: Hashable, Sendable {
    public var address: IPAddress
    public var length: UInt8
    /// An address with a peer at the other end: its prefix is not a network of the link.
    public var isPeer: Bool

    public init(_ address: IPAddress, length: UInt8, isPeer: Bool = false) {
      self.address = address
      self.length = length
      self.isPeer = isPeer
    }
  }

  public init(
    index: UInt32, name: String, isUp: Bool = true, hasCarrier: Bool = true, mtu: UInt32 = 1500, isMultiAccess: Bool = true,
    isMulticast: Bool = true, isLoopback: Bool = false, linkLocal: IPAddress?, linkLocalPeer: IPAddress? = nil, addresses: [Address] = []
  ) {
    self.index = index
    self.name = name
    self.isUp = isUp
    self.hasCarrier = hasCarrier
    self.mtu = mtu
    self.isMultiAccess = isMultiAccess
    self.isMulticast = isMulticast
    self.isLoopback = isLoopback
    self.linkLocal = linkLocal
    self.linkLocalPeer = linkLocalPeer
    self.addresses = addresses
  }
}
