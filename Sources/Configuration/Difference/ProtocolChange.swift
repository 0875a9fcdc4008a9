import BGP
import OSPFv3
import RouteCore

extension ConfigurationDifference.ProtocolChange {
  init(from old: ProtocolConfiguration, to new: ProtocolConfiguration, changedTables: Set<String>) {
    name = new.name
    effect = .none
    reasons = []
    reloads = []
    guard old.kind == new.kind else {
      note(.restart, "type")
      return
    }
    if old.disabled != new.disabled { note(.restart, new.disabled ? "disabled" : "enabled") }
    for table in new.otherTables where changedTables.contains(table) { note(.restart, "table \(table) changed") }
    if old.description != new.description { note(.adjust, "description") }
    if old.vrf != new.vrf { note(.restart, "vrf") }
    if old.debug != new.debug { note(.adjust, "debug") }
    if old.mrtdump != new.mrtdump { note(.adjust, "mrtdump") }
    if old.bfd != new.bfd { note(.adjust, "bfd") }
    compare(old.specification, new.specification)
    for family in AddressFamily.allCases {
      switch (old.channel(family), new.channel(family)) {
      case (nil, nil): break
      case (let before?, let after?): compare(before, after, changedTables)
      case (nil, _?): note(.restart, "channel \(family) added")
      case (_?, nil): note(.restart, "channel \(family) removed")
      }
    }
  }

  private mutating func note(_ effect: ConfigurationDifference.Effect, _ reason: String) {
    self.effect = max(self.effect, effect)
    if !reasons.contains(reason) { reasons.append(reason) }
  }

  private mutating func compare(_ old: ProtocolConfiguration.Specification, _ new: ProtocolConfiguration.Specification) {
    switch (old, new) {
    // Scans and what they choose from change from one to the next.
    case (.device(let a), .device(let b)): compare(a, b, .adjust)
    case (.direct(let a), .direct(let b)): compare(a, b, .restart)
    case (.kernel(let a), .kernel(let b)):
      compare(a, b, .restart, adjustable: ["scan time", "persist", "graceful restart", "nexthop objects"])
    case (.static(let a), .static(let b)):
      if a.checkLink != b.checkLink { note(.restart, "check link") }
      if a.marksDeviceRoutes != b.marksDeviceRoutes { note(.restart, "the language of the file") }
      if a.igpTables != b.igpTables { note(.restart, "igp table") }
      let same = a.routes.count == b.routes.count && zip(a.routes, b.routes).allSatisfy { $0.isSame(as: $1) }
      if !same { note(.adjust, "routes") }
    case (.pipe(let a), .pipe(let b)): compare(a, b, .restart)
    case (.ospf(let a), .ospf(let b)): compare(a, b)
    case (.bgp(let a), .bgp(let b)): compare(a, b)
    // Sessions go on with other options; which of them the protocol takes is decided when it starts.
    case (.bfd(let a), .bfd(let b)): compare(a, b, .restart, adjustable: ["interfaces", "multihop", "neighbors"])
    default: note(.restart, "type")
    }
  }

  private mutating func compare(_ old: OSPFConfiguration, _ new: OSPFConfiguration) {
    if old.version != new.version { note(.restart, "version") }
    var before = old.instance
    // Router-LSAs say whether their router exports routes (RFC 2328 §A.4.2, bit E): a new one is enough.
    if before.isASBoundaryRouter != new.instance.isASBoundaryRouter {
      note(.adjust, new.instance.isASBoundaryRouter ? "begins to export" : "ceases to export")
      before.isASBoundaryRouter = new.instance.isASBoundaryRouter
    }
    compare(before.areas, new.instance.areas)
    before.areas = new.instance.areas
    compare(before, new.instance, .restart, adjustable: ["graceful restart", "graceful restart time"])
  }

  /// Areas come, go and change one by one, and the interfaces in them too; adjacencies end in an area that becomes another kind or is
  /// left, and where hello or dead interval or the kind of network change.
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

  /// Which options a session takes in place is known where sessions are.
  private mutating func compare(_ old: PeerConfiguration, _ new: PeerConfiguration) {
    let effect = old.needsNewSession(for: new) ? ConfigurationDifference.Effect.restart : .adjust
    var before = old
    before.ipv4 = new.ipv4
    before.ipv6 = new.ipv6
    before.decision = new.decision
    compare(before, new, effect)
    compare(old.decision, new.decision, effect)
    // A channel that comes or goes is reported with the channels.
    for family in AddressFamily.allCases {
      guard let a = old.channel(family), let b = new.channel(family) else { continue }
      compare(a, b, effect, suffix: " of \(family)")
    }
  }

  /// Names the options that differ.
  private mutating func compare<Value: OptionNames>(
    _ old: Value, _ new: Value, _ effect: ConfigurationDifference.Effect, adjustable: Set<String> = [], suffix: String = ""
  ) {
    guard old != new else { return }
    var found = OptionDifference()
    Value.compare(old, new, &found)
    for option in found.names { note(adjustable.contains(option) ? .adjust : effect, option + suffix) }
    if found.names.isEmpty { note(effect, "options") }
  }

  private mutating func compare(_ old: ChannelConfiguration, _ new: ChannelConfiguration, _ changedTables: Set<String>) {
    let family = new.family
    if old.table != new.table { note(.restart, "table of \(family)") }
    if old.importTable != new.importTable { note(.restart, "import table of \(family)") }
    if old.exportTable != new.exportTable { note(.restart, "export table of \(family)") }
    if changedTables.contains(new.table) { note(.restart, "table \(new.table) changed") }
    var reload = ConfigurationDifference.ChannelReload(family: family, imports: false, exports: false)
    func imports(_ differ: Bool, _ reason: String) {
      guard differ else { return }
      reload.imports = true
      note(.reload, "\(reason) of \(family)")
    }
    func exports(_ differ: Bool, _ reason: String) {
      guard differ else { return }
      reload.exports = true
      note(.reload, "\(reason) of \(family)")
    }
    func isSame(_ old: Policy, _ new: Policy, _ channel: ChannelConfiguration) -> Bool {
      channel.reloadsOnAuthorizations ? old.isSame(as: new) : old.isSameBesidesAuthorizations(as: new)
    }
    if old.reloadsOnAuthorizations != new.reloadsOnAuthorizations { note(.adjust, "rpki reload of \(family)") }
    imports(!isSame(old.importPolicy, new.importPolicy, new), "import filter")
    imports(old.preference != new.preference, "preference")
    imports(old.keepFiltered != new.keepFiltered, "import keep filtered")
    imports(old.receiveLimit != new.receiveLimit, "receive limit")
    imports(old.importLimit != new.importLimit, "import limit")
    exports(!isSame(old.exportPolicy, new.exportPolicy, new), "export filter")
    exports(old.exportsSecondary != new.exportsSecondary, "secondary")
    exports(old.exportLimit != new.exportLimit, "export limit")
    if reload.imports || reload.exports { reloads.append(reload) }
  }
}

extension ProtocolConfiguration {
  /// The tables a protocol uses beside those of its channels.
  var otherTables: [String] {
    switch specification {
    case .pipe(let pipe): [pipe.peerTable]
    case .static(let routes): routes.igpTables.values.sorted()
    case .bgp(let peer):
      AddressFamily.allCases.flatMap { [peer.channel($0)?.igpTable, peer.channel($0)?.otherIGPTable].compactMap { $0 } }
    case .device, .direct, .kernel, .ospf, .bfd: []
    }
  }
}
