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

  public init() {}

  public struct InterfaceBlock: Hashable, Sendable {
    public var pattern: InterfacePattern
    public var options: SessionOptions

    public init(pattern: InterfacePattern, options: SessionOptions = SessionOptions()) {
      self.pattern = pattern
      self.options = options
    }
  }

  /// `neighbor ADDRESS [%INTERFACE] [local ADDRESS] [multihop]`.
  public struct ConfiguredNeighbor: Hashable, Sendable {
    public var address: IPAddress
    public var interface: String?
    public var local: IPAddress?
    public var isMultihop = false

    public init(_ address: IPAddress) { self.address = address }
  }

  public struct Accepted: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let ipv4 = Accepted(rawValue: 1)
    public static let ipv6 = Accepted(rawValue: 2)
    public static let direct = Accepted(rawValue: 4)
    public static let multihop = Accepted(rawValue: 8)
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
