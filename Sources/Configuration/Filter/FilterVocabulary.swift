import RouteCore

/// The words of the filter language that name attributes and enumeration values (routed.conf(5), FILTERS).
enum FilterVocabulary {
  struct Attribute {
    enum Place {
      case field(PolicyField)
      case record(AttributeKey, flags: UInt8)
      /// One bit of a number, as a bool.
      case bit(AttributeKey, UInt8)
    }
    var type: PolicyType
    var place: Place
    var isWritable = true
    var canBeUnset = false
  }

  private static func field(_ field: PolicyField, _ type: PolicyType, _ access: String) -> Attribute {
    Attribute(type: type, place: .field(field), isWritable: access.contains("w"), canBeUnset: access.contains("u"))
  }

  private static func record(_ key: AttributeKey, _ kind: PolicyKind, flags: UInt8 = 0, _ access: String = "wu") -> Attribute {
    Attribute(
      type: kind == .enumeration ? PolicyType(PolicyEnum.empty) : PolicyType(kind), place: .record(key, flags: flags),
      isWritable: access.contains("w"), canBeUnset: access.contains("u"))
  }

  private static let common: [String: Attribute] = {
    var all = others
    for attribute in BGPAttribute.allCases {
      if let name = attribute.row.filterName { all[name] = word(for: attribute.row, attribute.key) }
    }
    return all
  }()

  private static func word(for row: BGPAttribute.Row, _ key: AttributeKey) -> Attribute? {
    let flags = row.flags.rawValue
    return switch row.form {
    case .origin: field(.origin, PolicyType(.origin), "wu")
    case .med: field(.med, .int, "wu")
    case .localPref: field(.localPref, .int, "wu")
    case .asPath: record(key, .path, flags: flags)
    case .nextHop: record(key, .ip, flags: flags)
    case .number: record(key, .int, flags: flags)
    case .identifier: record(key, .quad, flags: flags)
    case .communities, .identifiers: record(key, .clist, flags: flags)
    case .extendedCommunities: record(key, .eclist, flags: flags)
    case .largeCommunities: record(key, .lclist, flags: flags)
    // Values that the language has no type for.
    case .empty, .aggregator, .accumulatedMetric: record(key, .enumeration, flags: flags, "u")
    case .message: nil
    }
  }

  private static let others: [String: Attribute] = [
    "from": field(.from, PolicyType(.ip), "w"),
    "gw": field(.gateway, PolicyType(.ip), "w"),
    "net": field(.network, PolicyType(.prefix), ""),
    "proto": field(.protocolName, PolicyType(.string), ""),
    "source": field(.source, PolicyType(.source), ""),
    "scope": field(.scope, PolicyType(.scope), "w"),
    "ifname": field(.interfaceName, PolicyType(.string), "w"),
    "ifindex": field(.interfaceIndex, .int, ""),
    "preference": field(.preference, .int, "w"),
    "igp_metric": field(.igpMetric, .int, "wu"),
    "ospf_metric1": record(.ospfMetric1, .int),
    "ospf_metric2": record(.ospfMetric2, .int),
    "ospf_tag": record(.ospfTag, .int),
    "ospf_router_id": record(.ospfRouterID, .quad),
    "krt_source": record(.kernelSource, .int, "u"),
    "krt_metric": record(.kernelMetric, .int),
    "krt_prefsrc": record(.kernelPreferredSource, .ip),
    "krt_realm": record(.kernelRealm, .int),
    "krt_scope": record(.kernelScope, .int),
  ]

  /// The kernel's metrics, and the bits of those that have bits. BIRD 2.14 writes `ssthresh` where others have `sstresh`.
  private static let kernelMetrics: [String: Attribute] = {
    var out: [String: Attribute] = [:]
    func add(_ name: String, _ attribute: Attribute) {
      out[name] = attribute
      if name.hasSuffix("sstresh") { out["\(name.dropLast(7))ssthresh"] = attribute }
    }
    for metric in KernelMetric.allCases {
      guard let bits = metric.bitNames else {
        add("krt_\(metric.name)", record(metric.key, .int))
        continue
      }
      let prefix = metric == .lock ? "lock" : "feature"
      for (bit, name) in bits {
        add("krt_\(prefix)_\(name)", Attribute(type: .bool, place: .bit(metric.key, bit), isWritable: true, canBeUnset: true))
      }
    }
    return out
  }()

  /// Attributes of protocols that routed lacks: filters can still set and read them. Numbered from the end of the custom ones.
  static let foreign: [(name: String, code: UInt8, kind: PolicyKind)] = [
    ("rip_metric", 0xf0, .int), ("rip_tag", 0xf1, .int), ("ra_preference", 0xf2, .enumeration), ("ra_lifetime", 0xf3, .int),
    ("babel_metric", 0xf4, .int), ("babel_router_id", 0xf5, .lc), ("babel_seqno", 0xf6, .int),
    ("bgp_mpls_label_stack", 0xf7, .enumeration),
  ]

  /// Words of attributes whose protocols or options routed lacks.
  static func isUnsupported(_ name: String) -> Bool {
    unsupported.contains(name)
  }

  private static let unsupported: Set<String> = ["gw_mpls_stack", "krt_congctl", "krt_lock_congctl"]

  static func attribute(_ name: String, _ dialect: Dialect) -> Attribute? {
    switch name {
    case "dest": field(dialect.isBird1 ? .destination1 : .destination2, PolicyType(.destination), "w")
    case "cast": dialect.isBird1 ? field(.cast, PolicyType(.cast), "") : nil
    case "weight": dialect.isBird1 ? nil : field(.weight, .int, "w")
    case "onlink": dialect.isBird1 ? nil : field(.onLink, .bool, "w")
    case "gw_mpls": dialect.isBird1 ? nil : field(.label, .int, "w")
    default:
      common[name] ?? kernelMetrics[name]
        ?? foreign.first { $0.name == name }.map { record(AttributeKey(.custom, $0.code), $0.kind, $0.kind == .enumeration ? "u" : "wu") }
    }
  }

  /// Words that mean something in filters wherever they stand: nothing else can have these names.
  static func isReserved(_ name: String, _ dialect: Dialect) -> Bool {
    if attribute(name, dialect) != nil || enumeration(name, dialect) != nil || type(name, dialect) != nil { return true }
    return reserved.contains(name) || !dialect.isBird1 && reservedIn2.contains(name)
  }

  private static let reserved: Set<String> = [
    "true", "false", "if", "then", "else", "case", "accept", "reject", "error", "print", "printn", "return", "unset", "defined", "prepend",
    "add", "delete", "filter", "function", "roa_check", "empty", "set", "define", "eval", "where",
  ]
  private static let reservedIn2: Set<String> = ["for", "in", "do", "format", "attribute", "bt_assert", "bt_check_assign"]

  /// In an order that is the same each time.
  static func attributeNames(_ dialect: Dialect) -> [String] {
    let own = dialect.isBird1 ? ["cast"] : ["weight", "onlink", "gw_mpls"]
    return (Array(common.keys) + Array(kernelMetrics.keys) + foreign.map { $0.name } + own + ["dest"]).sorted()
  }

  private static let enumerations: [String: (PolicyEnum, UInt8)] = {
    var out: [String: (PolicyEnum, UInt8)] = [:]
    func add(_ enumeration: PolicyEnum, _ prefix: String, _ names: [String], from first: UInt8 = 0) {
      for (index, name) in names.enumerated() { out[prefix + name] = (enumeration, first + UInt8(index)) }
    }
    add(
      .source, "RTS_",
      [
        "DUMMY", "STATIC", "INHERIT", "DEVICE", "STATIC_DEVICE", "REDIRECT", "RIP", "OSPF", "OSPF_IA", "OSPF_EXT1", "OSPF_EXT2", "BGP",
        "PIPE", "BABEL",
      ])
    add(.origin, "ORIGIN_", ["IGP", "EGP", "INCOMPLETE"])
    add(.scope, "SCOPE_", ["HOST", "LINK", "SITE", "ORGANIZATION", "UNIVERSE", "UNDEFINED"])
    add(.roa, "ROA_", ["UNKNOWN", "VALID", "INVALID"])
    return out
  }()

  private static let enumerations1: [String: (PolicyEnum, UInt8)] = [
    "RTC_UNICAST": (.cast, 0), "RTC_BROADCAST": (.cast, 1), "RTC_MULTICAST": (.cast, 2), "RTC_ANYCAST": (.cast, 3),
    "RTD_ROUTER": (.destination, 0), "RTD_DEVICE": (.destination, 1), "RTD_BLACKHOLE": (.destination, 2),
    "RTD_UNREACHABLE": (.destination, 3), "RTD_PROHIBIT": (.destination, 4), "RTD_MULTIPATH": (.destination, 5),
  ]
  private static let enumerations2: [String: (PolicyEnum, UInt8)] = [
    "RTD_NONE": (.destination, 0), "RTD_UNICAST": (.destination, 1), "RTD_BLACKHOLE": (.destination, 2),
    "RTD_UNREACHABLE": (.destination, 3), "RTD_PROHIBIT": (.destination, 4), "RTS_RPKI": (.source, 14), "RTS_PERF": (.source, 15),
    "NET_IP4": (.netType, 1), "NET_IP6": (.netType, 2), "NET_VPN4": (.netType, 3), "NET_VPN6": (.netType, 4), "NET_ROA4": (.netType, 5),
    "NET_ROA6": (.netType, 6), "NET_FLOW4": (.netType, 7), "NET_FLOW6": (.netType, 8), "NET_IP6_SADR": (.netType, 9),
    "NET_MPLS": (.netType, 10),
  ]

  static func enumeration(_ name: String, _ dialect: Dialect) -> PolicyConstant? {
    let value = enumerations[name] ?? (dialect.isBird1 ? enumerations1[name] : enumerations2[name])
    return value.map { PolicyConstant($0.0, $0.1) }
  }

  static func enumerationNames(_ dialect: Dialect) -> [String] {
    (Array(enumerations.keys) + (dialect.isBird1 ? enumerations1 : enumerations2).keys).sorted()
  }

  static func typeNames(_ dialect: Dialect) -> [String] {
    [
      "int", "bool", "ip", "prefix", "pair", "quad", "ec", "lc", "string", "clist", "eclist", "lclist", "rd", "bytestring", "bgpmask",
      "bgppath",
    ].filter { type($0, dialect) != nil }
  }

  /// The kinds that variables, arguments and custom attributes can have.
  static func type(_ name: String, _ dialect: Dialect) -> PolicyType? {
    switch name {
    case "int": PolicyType(.int)
    case "bool": PolicyType(.bool)
    case "ip": PolicyType(.ip)
    case "prefix": PolicyType(.prefix)
    case "pair": PolicyType(.pair)
    case "quad": PolicyType(.quad)
    case "ec": PolicyType(.ec)
    case "lc": PolicyType(.lc)
    case "string": PolicyType(.string)
    case "clist": PolicyType(.clist)
    case "eclist": PolicyType(.eclist)
    case "lclist": PolicyType(.lclist)
    case "rd": dialect.isBird1 ? nil : PolicyType(.rd)
    case "bytestring": dialect.isBird1 ? nil : PolicyType(.bytestring)
    case "bgpmask": PolicyType(.mask)
    case "bgppath": PolicyType(.path)
    default: nil
    }
  }

  /// Members by type: the name, the instruction's code and what comes out.
  static func member(_ name: String, of type: PolicyType) -> (PolicyMember, PolicyType)? {
    switch (name, type.kind) {
    case ("len", .prefix), ("len", .path), ("len", .clist), ("len", .eclist), ("len", .lclist): (.length, .int)
    case ("ip", .prefix): (.ip, PolicyType(.ip))
    case ("type", .prefix): (.type, PolicyType(.netType))
    case ("is_v4", .ip): (.isIPv4, .bool)
    case ("first", .path): (.first, .int)
    case ("last", .path): (.last, .int)
    case ("last_nonaggregated", .path): (.lastNonaggregated, .int)
    case ("asn", .pair), ("asn", .lc): (.asn, .int)
    case ("min", .clist), ("min", .eclist), ("min", .lclist): (.minimum, type.elementType)
    case ("max", .clist), ("max", .eclist), ("max", .lclist): (.maximum, type.elementType)
    case ("data", .pair): (.data, .int)
    case ("data1", .lc): (.data1, .int)
    case ("data2", .lc): (.data2, .int)
    case ("empty", .path), ("empty", .clist), ("empty", .eclist), ("empty", .lclist): (.empty, type)
    // Networks of other kinds than ours have these; ours fail when asked.
    case ("src", .prefix): (.source, PolicyType(.prefix))
    case ("dst", .prefix): (.destination, PolicyType(.prefix))
    case ("maxlen", .prefix): (.maximumLength, .int)
    case ("asn", .prefix): (.asn, .int)
    case ("rd", .prefix): (.routeDistinguisher, PolicyType(.rd))
    default: nil
    }
  }

  static func memberNames(of type: PolicyType, _ dialect: Dialect) -> [String] {
    [
      "len", "ip", "type", "min", "max", "first", "last", "last_nonaggregated", "asn", "data", "data1", "data2", "is_v4", "empty",
    ].filter { member($0, of: type) != nil && !(dialect.isBird1 && membersOf2.contains($0)) }
  }

  static let membersOf2: Set<String> = [
    "type", "is_v4", "min", "max", "asn", "data", "data1", "data2", "src", "dst", "maxlen", "rd",
  ]

  /// The member of a value whose type is known only when the filter runs.
  static func dynamicMember(_ name: String) -> (PolicyMember, PolicyType)? {
    for kind in [PolicyKind.prefix, .path, .lc, .pair, .clist, .ip] {
      if let (member, type) = member(name, of: PolicyType(kind)) { return (member, ["empty", "min", "max"].contains(name) ? .any : type) }
    }
    return nil
  }
}
