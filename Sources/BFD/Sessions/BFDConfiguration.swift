import RouteCore

/// Everything the configuration file says about one `protocol bfd`.
public struct BFDConfiguration: Hashable, Sendable {
  /// The `interface` blocks in the order of the file: the first that matches an interface's name is used.
  public var interfaces: [InterfaceBlock] = []
  /// `multihop { … }`.
  public var multihop = SessionOptions()
  /// `neighbor …`: sessions that nobody else asks for.
  public var neighbors: [ConfiguredNeighbor] = []
  /// `accept` (2.x): which sessions this protocol takes. Default: all.
  public var accepted = Accepted.all
  /// `strict bind` (2.x): receive on the local addresses of sessions only. Default: no.
  public var strictBind = false

  /// The defaults; without `interfaces` all interfaces have the default options.
  public init() {}

  /// `interface PATTERN { … }`.
  public struct InterfaceBlock: Hashable, Sendable {
    /// The interfaces it is for, by their names.
    public var pattern: InterfacePattern
    /// How the sessions on them are run.
    public var options: SessionOptions

    /// A block for the interfaces that the pattern selects.
    public init(pattern: InterfacePattern, options: SessionOptions = SessionOptions()) {
      self.pattern = pattern
      self.options = options
    }
  }

  /// `neighbor ADDRESS [%INTERFACE] [local ADDRESS] [multihop]`.
  public struct ConfiguredNeighbor: Hashable, Sendable {
    /// The neighbour's address, IPv4 or IPv6.
    public var address: IPAddress
    /// The name of the interface it is on; nil if none was given.
    public var interface: String?
    /// The address our packets come from; nil if none was given.
    public var local: IPAddress?
    /// It is several hops away (RFC 5883).
    public var isMultihop = false

    /// `neighbor ADDRESS` and nothing more.
    public init(_ address: IPAddress) { self.address = address }
  }

  /// Kinds of session: one is accepted if its family and its distance are.
  public struct Accepted: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Sessions between IPv4 addresses.
    public static let ipv4 = Accepted(rawValue: 1)
    /// Sessions between IPv6 addresses.
    public static let ipv6 = Accepted(rawValue: 2)
    /// Sessions with neighbours on a link (RFC 5881).
    public static let direct = Accepted(rawValue: 4)
    /// Sessions over several hops (RFC 5883).
    public static let multihop = Accepted(rawValue: 8)
    /// Every session.
    public static let all: Accepted = [.ipv4, .ipv6, .direct, .multihop]
  }

  /// Whether the protocol takes a session.
  public func accepts(_ key: SessionKey) -> Bool {
    accepted.contains(key.address.isIPv4 ? .ipv4 : .ipv6) && accepted.contains(key.isMultihop ? .multihop : .direct)
  }

  /// The options of a session: on an interface of that name, or over several hops.
  public func options(on interfaceName: String?) -> SessionOptions {
    guard let interfaceName else { return multihop }
    return interfaces.first { $0.pattern.matches(name: interfaceName) }?.options ?? SessionOptions()
  }
}
