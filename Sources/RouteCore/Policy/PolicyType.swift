/// What a value of the filter language is while a filter runs.
public enum PolicyKind: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  /// Nothing: an attribute that is not there, a variable not set.
  case void
  /// True or false.
  case bool
  /// 32 bits, unsigned.
  case int
  /// A community (RFC 1997): two numbers of 16 bits.
  case pair
  /// A router ID, written as a dotted quad.
  case quad
  /// An IPv4 or IPv6 address.
  case ip
  /// An IPv4 or IPv6 network.
  case prefix
  /// A route distinguisher (RFC 4364 §4.2), 64 bits.
  case rd
  /// An extended community (RFC 4360), 64 bits.
  case ec
  /// A large community (RFC 8092): three numbers of 32 bits.
  case lc
  /// A constant of one of `PolicyEnum`.
  case enumeration
  /// UTF-8 text.
  case string
  /// Bytes, written in hexadecimal digits.
  case bytestring
  /// A prefix of a kind that has more to it, see `PolicyNetwork`; its static type is `prefix`.
  case network
  /// A pattern for AS paths, `[= * 65000 * =]`.
  case mask
  /// An AS path.
  case path
  /// A list of communities.
  case clist
  /// A list of extended communities.
  case eclist
  /// A list of large communities.
  case lclist
  /// A set of ranges of one kind, `[1..10, 20]`.
  case set
  /// A set of prefixes, `[10.0.0.0/8{16,24}]`.
  case prefixSet
  /// Only as a static type: not known before the filter runs.
  case any

  /// The value is bytes somewhere else (in the program, the arena or the route).
  @inlinable var isBytes: Bool { rawValue >= PolicyKind.string.rawValue && rawValue <= PolicyKind.lclist.rawValue }
  @inlinable var isCommunityList: Bool { self == .clist || self == .eclist || self == .lclist }
  /// An attribute of this type reads as empty when it is missing.
  @inlinable var hasEmptyValue: Bool { rawValue >= PolicyKind.path.rawValue && rawValue <= PolicyKind.lclist.rawValue }
}

/// The enumerations of the language, by the numbers that `eval` shows.
public enum PolicyEnum: UInt8, Sendable, Hashable {
  /// RTS_: `RouteSource`.
  case source = 0x30
  /// ORIGIN_: `Origin`.
  case origin = 0x31
  /// SCOPE_: `RouteScope`.
  case scope = 0x32
  /// RTC_: unicast and the like.
  case cast = 0x33
  /// RTD_: `RouteDestination`.
  case destination = 0x34
  /// ROA_: the outcome of origin validation (RFC 6811 §2).
  case roa = 0x35
  /// NET_: the kind of a prefix.
  case netType = 0x36
  /// AF_: an address family.
  case addressFamily = 0x38
  /// What an opaque attribute reads as.
  case empty = 0x3f

  package var name: String {
    switch self {
    case .source: "RTS"
    case .origin: "ORIGIN"
    case .scope: "SCOPE"
    case .cast: "RTC"
    case .destination: "RTD"
    case .roa: "ROA"
    case .netType: "NET"
    case .addressFamily: "AF"
    case .empty: "opaque"
    }
  }
}

/// The static type of a term: what the checker knows when the configuration is read.
public struct PolicyType: Hashable, Sendable {
  /// What it is, apart from its elements.
  public var kind: PolicyKind
  /// What a `.set` is of; `.any` for the empty set.
  public var element: PolicyKind
  /// Which enumeration, for `.enumeration` and sets of it.
  public var enumeration: PolicyEnum

  /// A type with no elements: neither a set nor an enumeration.
  @inlinable public init(_ kind: PolicyKind) { (self.kind, element, enumeration) = (kind, .void, .empty) }
  /// The type of an enumeration's constants.
  @inlinable public init(_ enumeration: PolicyEnum) { (kind, element, self.enumeration) = (.enumeration, .void, enumeration) }
  /// A set of this type.
  package var set: PolicyType {
    if kind == .prefix { return PolicyType(.prefixSet) }
    var type = PolicyType(.set)
    type.element = kind
    type.enumeration = enumeration
    return type
  }
  /// What a set's elements are.
  package var elementType: PolicyType {
    switch kind {
    case .prefixSet: return PolicyType(.prefix)
    case .set:
      var type = PolicyType(element)
      type.enumeration = enumeration
      return type
    case .path: return PolicyType(.int)
    case .clist: return PolicyType(.pair)
    case .eclist: return PolicyType(.ec)
    case .lclist: return PolicyType(.lc)
    default: return PolicyType(.void)
    }
  }

  package static var any: PolicyType { PolicyType(.any) }
  package static var void: PolicyType { PolicyType(.void) }
  package static var bool: PolicyType { PolicyType(.bool) }
  package static var int: PolicyType { PolicyType(.int) }
}

extension PolicyType: CustomStringConvertible {
  /// The type's name in the language.
  public var description: String {
    switch kind {
    case .void: "void"
    case .mask: "bgpmask"
    case .network: "prefix"
    case .path: "bgppath"
    case .enumeration: "enum \(enumeration.name)"
    case .prefixSet: "prefix set"
    case .any: "any type"
    case .set: element == .any ? "empty set" : "\(elementType) set"
    case .bool: "bool"
    case .int: "int"
    case .pair: "pair"
    case .quad: "quad"
    case .ip: "ip"
    case .prefix: "prefix"
    case .rd: "rd"
    case .ec: "ec"
    case .lc: "lc"
    case .string: "string"
    case .bytestring: "bytestring"
    case .clist: "clist"
    case .eclist: "eclist"
    case .lclist: "lclist"
    }
  }
}
