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
    if old.description != new.description { note(.adjust, "description") }
    if old.debug != new.debug { note(.adjust, "debug") }
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
    case (.kernel(let a), .kernel(let b)): compare(a, b, .restart, adjustable: ["scan time", "persist"])
    case (.static(let a), .static(let b)):
      if a.checkLink != b.checkLink { note(.restart, "check link") }
      if a.igpTable != b.igpTable { note(.restart, "igp table") }
      let same = a.routes.count == b.routes.count && zip(a.routes, b.routes).allSatisfy { $0.isSame(as: $1) }
      if !same { note(.adjust, "routes") }
    case (.pipe(let a), .pipe(let b)): compare(a, b, .restart)
    case (.ospf(let a), .ospf(let b)):
      if a.version != b.version { note(.restart, "version") }
      compare(a.instance, b.instance, .restart)
    case (.bgp(let a), .bgp(let b)): compare(a, b, .restart)
    default: note(.restart, "type")
    }
  }

  /// Compares member by member, so that no option can be forgotten and the reason names the ones that differ.
  private mutating func compare<Value: Hashable>(
    _ old: Value, _ new: Value, _ effect: ConfigurationDifference.Effect, adjustable: Set<String> = []
  ) {
    guard old != new else { return }
    var found = false
    for (before, after) in zip(Mirror(reflecting: old).children, Mirror(reflecting: new).children) {
      guard let a = before.value as? any Hashable, let b = after.value as? any Hashable, AnyHashable(a) != AnyHashable(b) else { continue }
      let option = ConfigurationDifference.optionName(before.label ?? "options")
      note(adjustable.contains(option) ? .adjust : effect, option)
      found = true
    }
    if !found { note(effect, "options") }
  }

  private mutating func compare(_ old: ChannelConfiguration, _ new: ChannelConfiguration, _ changedTables: Set<String>) {
    let family = new.family
    if old.table != new.table { note(.restart, "table of \(family)") }
    if changedTables.contains(new.table) { note(.restart, "table \(new.table) changed") }
    var reload = ConfigurationDifference.ChannelReload(family: family, imports: false, exports: false)
    func differs(_ differs: Bool, _ path: WritableKeyPath<ConfigurationDifference.ChannelReload, Bool>, _ reason: String) -> String? {
      guard differs else { return nil }
      reload[keyPath: path] = true
      return "\(reason) of \(family)"
    }
    let found = [
      differs(!old.importPolicy.isSame(as: new.importPolicy), \.imports, "import filter"),
      differs(old.preference != new.preference, \.imports, "preference"),
      differs(old.keepFiltered != new.keepFiltered, \.imports, "import keep filtered"),
      differs(old.receiveLimit != new.receiveLimit, \.imports, "receive limit"),
      differs(old.importLimit != new.importLimit, \.imports, "import limit"),
      differs(!old.exportPolicy.isSame(as: new.exportPolicy), \.exports, "export filter"),
      differs(old.exportLimit != new.exportLimit, \.exports, "export limit"),
    ]
    for reason in found.compactMap({ $0 }) { note(.reload, reason) }
    if reload.imports || reload.exports { reloads.append(reload) }
  }
}

extension ConfigurationDifference {
  /// The words of an option from its member's name: `holdTime` is `hold time`, `localAS` is `local as`.
  static func optionName(_ label: String) -> String {
    var out = ""
    var wasUppercase = true
    for character in label {
      if character.isUppercase, !wasUppercase { out += " " }
      wasUppercase = character.isUppercase
      out += character.lowercased()
    }
    return out
  }
}
