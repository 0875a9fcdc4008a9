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
    case (.kernel(let a), .kernel(let b)): compare(a, b, .restart, adjustable: ["scan time", "persist", "graceful restart"])
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
    // Interfaces come, go and change one by one; an adjacency ends only where hello or dead interval or the kind of network change.
    let blocks = new.instance.areas.map { $0.interfaces }
    if before.areas.map({ $0.id }) == new.instance.areas.map({ $0.id }), before.areas.map({ $0.interfaces }) != blocks {
      note(.adjust, "interfaces")
      for (index, interfaces) in blocks.enumerated() { before.areas[index].interfaces = interfaces }
    }
    compare(before, new.instance, .restart)
  }

  private mutating func compare(_ old: PeerConfiguration, _ new: PeerConfiguration) {
    var before = old
    before.ipv4 = new.ipv4
    before.ipv6 = new.ipv6
    before.decision = new.decision
    compare(before, new, .restart)
    compare(old.decision, new.decision, .restart)
    // A channel that comes or goes is reported with the channels.
    for family in AddressFamily.allCases {
      guard let a = old.channel(family), let b = new.channel(family) else { continue }
      compare(a, b, .restart, suffix: " of \(family)")
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
