import RouteCore

/// What the system says about a link; sent again whenever any of it changes.
public struct InterfaceStatus: Hashable, Sendable {
  /// The kernel's index, by which events name the link.
  public var index: UInt32
  /// What interface patterns are matched with.
  public var name: String
  /// Administratively up.
  public var isUp: Bool
  /// The link has a carrier; only `check link` asks.
  public var hasCarrier: Bool
  /// In bytes, the IPv6 header included.
  public var mtu: UInt32
  /// More than two ends are possible.
  public var isMultiAccess: Bool
  /// A packet can be sent to all ends at once.
  public var isMulticast: Bool
  /// Its networks are announced, OSPF is not spoken on it.
  public var isLoopback: Bool
  /// The link-local address packets are sent from; without one no OSPF is spoken.
  public var linkLocal: IPAddress?
  /// The other end, where that address has just one.
  public var linkLocalPeer: IPAddress?
  /// The addresses of wider scope, each with the length of its prefix.
  public var addresses: [Address]

  /// An address with the network it is in.
  public struct Address: Hashable, Sendable {
    /// Of the instance's family or the other.
    public var address: IPAddress
    /// Bits of its network, 0...32 or 0...128.
    public var length: UInt8
    /// An address with a peer at the other end: its prefix is not a network of the link.
    public var isPeer: Bool

    /// An address with the length of its prefix.
    public init(_ address: IPAddress, length: UInt8, isPeer: Bool = false) {
      self.address = address
      self.length = length
      self.isPeer = isPeer
    }
  }

  /// The defaults are those of an Ethernet that is up. `mtu` is in bytes.
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
