import OSPFv3
import RouteCore

extension ProtocolDescription {
  package static let ospf: ProtocolDescription = ProtocolRow<OSPFDraft>(
    "ospf", displayName: "OSPF", preference: 150, channels: .single, .needsRouterID)
}

/// `protocol ospf` while it is read.
struct OSPFDraft: ProtocolBody {
  var instance = InstanceConfiguration(routerID: RouterID(rawValue: 0))
  /// `rfc5838` (2.x): Instance IDs tell the address family.
  var hasAddressFamilies = true
  /// The Instance IDs written in the file, and where.
  var instanceIDs: [(token: Token, value: UInt8)] = []

  static let options = OptionTable<Draft<OSPFDraft>>([
    .flag("rfc1583compat") { $0.body.instance.rfc1583Compatibility = $1 },
    .flag("stub router") { $0.body.instance.stubRouter = $1 },
    Option("ecmp") { (parser, draft) throws(ParseFailure) in
      draft.body.instance.ecmp = parser.nextIs("limit") ? true : try parser.bool()
      guard parser.take("limit") else { return }
      // More next hops than the kernel takes in a route are as good as no limit; none is what `ecmp no` says.
      let limit = try parser.number("limit")
      if limit == 0 { draft.body.instance.ecmp = false }
      draft.body.instance.ecmpLimit = Int(min(max(limit, 1), 255))
    },
    .flag("merge external") { $0.body.instance.mergeExternal = $1 },
    .number("tick", 1...UInt32.max) { $0.body.instance.tick = $1 },
    Option("instance id") { (parser, draft) throws(ParseFailure) in
      let token = parser.peek
      draft.body.instance.instanceID = try parser.number(in: 0...UInt8.max, "instance id")
      draft.body.instanceIDs.append((parser.spanning(token, parser.previous), draft.body.instance.instanceID))
    },
    Option("area", repeats: true) { (parser, draft) throws(ParseFailure) in try parser.ospfArea(into: draft) },
    Option("rfc5838", .bird2) { (parser, draft) throws(ParseFailure) in draft.body.hasAddressFamilies = try parser.bool() },
    .onlyOff("vpn pe", .bird2),
    Option("graceful restart", .bird2) { (parser, draft) throws(ParseFailure) in
      draft.body.instance.gracefulRestart = parser.take("aware") ? .aware : try parser.bool() ? .able : .off
    },
    .number("graceful restart time", 1...1800, { $0.body.instance.gracefulRestartTime = $1 }, .bird2),
  ])

  static let blocks = [
    OptionBlock(options: Parser.interfaceOptions.index) {
      "it belongs in an interface: area 0 { interface \"…\" { \($0) …; }; };"
    }, OptionBlock(options: Parser.areaOptions.index) { "it belongs in an area: area 0 { \($0) …; };" },
    OptionBlock(options: Parser.stubNetworkOptions.index) { _ in "it belongs in a stubnet" },
  ]

  init(_ dialect: Dialect) {
    // The default that BIRD 2 changed.
    if dialect == .bird2 { instance.ecmp = true }
  }

  /// `v2` or `v3`, of 2.x; in 1.6 the family tells.
  static func takeVariant(_ parser: Parser) throws(ParseFailure) -> UInt8? {
    if let family = parser.dialect.impliedFamily {
      if parser.peek.is("v2") || parser.peek.is("v3"), parser.peek(1).symbol != nil {
        throw parser.failure("'ospf \(parser.peek.symbol ?? "")' is of BIRD 2", hint: parser.dialectHint)
      }
      return family == .ipv4 ? 2 : 3
    }
    return parser.take("v3") ? 3 : parser.take("v2") ? 2 : nil
  }

  /// v2 where 2.x says nothing.
  static func version(of draft: Draft<Self>) -> OSPFConfiguration.Version { draft.variant == 3 ? .v3 : .v2 }

  static func complete(_ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) -> [ChannelDraft] {
    let isNew = version(of: draft) == .v3
    if channels.isEmpty {
      return [ChannelDraft(family: isNew ? .ipv6 : .ipv4, dialect: parser.dialect, kind: .ospf, token: draft.token)]
    }
    for channel in channels where !isNew && channel.configuration.family == .ipv6 {
      parser.report("OSPFv2 takes an IPv4 channel only", at: channel.token, hint: "protocol ospf v3 is for IPv6")
    }
    for channel in channels where isNew && channel.configuration.family == .ipv4 && !draft.body.hasAddressFamilies {
      parser.report("Different channel type", at: channel.token, hint: "without rfc5838 OSPFv3 is for IPv6 only")
    }
    for channel in channels.dropFirst() {
      parser.report("Different channel type", at: channel.token, hint: "a protocol ospf has one channel; write another protocol")
    }
    return channels
  }

  /// RFC 5838 §2.1; from 128 on they are anybody's.
  private static func instanceIDs(_ family: AddressFamily) -> ClosedRange<UInt8> { family == .ipv6 ? 0...31 : 64...95 }

  static func specification(of draft: Draft<Self>, _ channels: [ChannelDraft], _ parser: Parser) -> Specification {
    var instance = draft.body.instance
    instance.family = channels.first?.configuration.family ?? .ipv6
    instance.hasFamilyBit = parser.dialect == .bird2 && draft.body.hasAddressFamilies
    if instance.hasFamilyBit, draft.marks["instance id"] == nil { instance.instanceID = instanceIDs(instance.family).lowerBound }
    instance.isASBoundaryRouter = channels.contains { if case .none = $0.configuration.exportPolicy { false } else { true } }
    return .ospf(OSPFConfiguration(version: version(of: draft), instance: instance))
  }

  static func check(_ result: ProtocolConfiguration, _ channels: [ChannelDraft], of draft: Draft<Self>, _ parser: Parser) {
    guard case .ospf(let ospf) = result.specification else { return }
    guard !ospf.instance.areas.isEmpty else {
      return parser.report("No configured areas in OSPF", at: draft.token, hint: "area 0 { interface \"eth*\"; };")
    }
    guard ospf.version == .v3 else { return }
    if ospf.instance.hasFamilyBit {
      let known = instanceIDs(ospf.instance.family)
      for (token, value) in draft.body.instanceIDs where value < 128 && !known.contains(value) {
        let what = ospf.instance.family == .ipv6 ? "IPv6 (RFC 5838); or write rfc5838 no;" : "IPv4 (RFC 5838)"
        parser.report(
          "Instance ID \(value) invalid for given channel type", at: token,
          hint: "\(known.lowerBound) to \(known.upperBound) are for \(what)")
      }
    }
    for area in ospf.instance.areas {
      for prefix in area.prefixes where prefix.family != ospf.instance.family {
        parser.report("Area \(area.id): \(prefix) is not of the channel's type \(ospf.instance.family)", at: draft.token)
      }
    }
    var instance = ospf.instance
    // The router ID is only known at the end of the file.
    instance.routerID = RouterID(rawValue: 1)
    for problem in instance.problems { parser.report(problem, at: draft.token) }
  }

  static func compare(_ old: Specification, _ new: Specification, _ change: inout ConfigurationDifference.ProtocolChange) {
    if case .ospf(let old) = old, case .ospf(let new) = new { change.compare(old, new) }
  }

  static func wantsBFD(_ item: ProtocolConfiguration) -> Bool {
    guard case .ospf(let ospf) = item.specification else { return false }
    return ospf.instance.areas.contains { area in area.interfaces.contains { $0.options.bfd } }
  }

  static func setRouterID(_ id: RouterID, of specification: inout Specification) {
    guard case .ospf(var ospf) = specification else { return }
    ospf.instance.routerID = id
    specification = .ospf(ospf)
  }
}

extension InstanceConfiguration {
  static let settings: [Setting<InstanceConfiguration>] = [
    Setting("router id", .restart) { $0.routerID },
    Setting("channel type", .restart) { $0.family },
    Setting("rfc5838", .restart) { $0.hasFamilyBit },
    Setting("instance id", .restart) { $0.instanceID },
    Setting("ecmp", .adjust) { $0.ecmp },
    Setting("ecmp limit", .adjust) { $0.ecmpLimit },
    Setting("merge external", .adjust) { $0.mergeExternal },
    Setting("rfc1583compat", .restart) { $0.rfc1583Compatibility },
    Setting("stub router", .adjust) { $0.stubRouter },
    Setting("tick", .adjust) { $0.tick },
    Setting("graceful restart", .adjust) { $0.gracefulRestart },
    Setting("graceful restart time", .adjust) { $0.gracefulRestartTime },
    Setting("is asboundary router", .adjust) { $0.isASBoundaryRouter },
    Setting("areas", .adjust) { $0.areas },
  ]
}

extension ConfigurationDifference.ProtocolChange {
  fileprivate mutating func compare(_ old: OSPFConfiguration, _ new: OSPFConfiguration) {
    if old.version != new.version { note(.restart, "version") }
    var before = old.instance
    // Router-LSAs say whether their router exports routes (RFC 2328 §A.4.2, bit E): a new one is enough.
    if before.isASBoundaryRouter != new.instance.isASBoundaryRouter {
      note(.adjust, new.instance.isASBoundaryRouter ? "begins to export" : "ceases to export")
      before.isASBoundaryRouter = new.instance.isASBoundaryRouter
    }
    compare(before.areas, new.instance.areas)
    before.areas = new.instance.areas
    compare(before, new.instance, InstanceConfiguration.settings)
  }

  /// Areas can be added, removed and changed one by one, and so can their interfaces; adjacencies end only in areas that change their type or
  /// are removed, and on interfaces whose hello or dead interval or network type changes.
  private mutating func compare(_ old: [AreaConfiguration], _ new: [AreaConfiguration]) {
    for area in new where !old.contains(where: { $0.id == area.id }) { note(.adjust, "area \(area.id) added") }
    for before in old {
      guard let area = new.first(where: { $0.id == before.id }) else {
        note(.adjust, "area \(before.id) removed")
        continue
      }
      if before.kind != area.kind { note(.adjust, "area \(area.id) begins anew") }
      if before.interfaces != area.interfaces { note(.adjust, "interfaces") }
      if before.stubNetworks != area.stubNetworks { note(.adjust, "stubnet") }
      if before.virtualLinks != area.virtualLinks { note(.adjust, "virtual links") }
      if before.networks != area.networks { note(.adjust, "networks") }
      var other = before
      other.kind = area.kind
      other.interfaces = area.interfaces
      other.stubNetworks = area.stubNetworks
      other.networks = area.networks
      other.virtualLinks = area.virtualLinks
      if other != area { note(.adjust, "options of area \(area.id)") }
    }
    // An interface that two areas match belongs to the first.
    if old.map({ $0.id }) != new.map({ $0.id }), old.map({ $0.id }).sorted() == new.map({ $0.id }).sorted() {
      note(.adjust, "order of areas")
    }
  }
}
