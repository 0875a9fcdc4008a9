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
    for table in new.kind.otherTables(of: new) where changedTables.contains(table) { note(.restart, "table \(table) changed") }
    compare(old, new, ProtocolConfiguration.settings)
    new.kind.compare(old.specification, new.specification, &self)
    for family in AddressFamily.allCases {
      switch (old.channel(family), new.channel(family)) {
      case (nil, nil): break
      case (let before?, let after?): compare(before, after, changedTables)
      case (nil, _?): note(.restart, "channel \(family) added")
      case (_?, nil): note(.restart, "channel \(family) removed")
      }
    }
  }

  /// Something differs that is no setting of its own.
  mutating func note(_ effect: ConfigurationDifference.Effect, _ reason: String) {
    self.effect = max(self.effect, effect)
    if !reasons.contains(reason) { reasons.append(reason) }
  }

  /// Notes the settings that differ, and gives their effects; `place` follows their names.
  @discardableResult
  mutating func compare<Owner>(_ old: Owner, _ new: Owner, _ settings: [Setting<Owner>], place: String = "") -> [ChangeEffect] {
    settings.compactMap { setting in
      guard let effect = setting.change(old, new) else { return nil }
      switch effect {
      case .adjust: note(.adjust, setting.name + place)
      case .importAgain, .exportAgain: note(.reload, setting.name + place)
      case .restart: note(.restart, setting.name + place)
      }
      return effect
    }
  }

  private mutating func compare(_ old: ChannelConfiguration, _ new: ChannelConfiguration, _ changedTables: Set<String>) {
    let family = new.family
    let place = " of \(family)"
    compare(old, new, ChannelConfiguration.tableSettings, place: place)
    if changedTables.contains(new.table) { note(.restart, "table \(new.table) changed") }
    let effects = compare(old, new, ChannelConfiguration.settings, place: place)
    let imports = effects.contains(.importAgain)
    let exports = effects.contains(.exportAgain)
    if imports || exports { reloads.append(.init(family: family, imports: imports, exports: exports)) }
  }
}

extension ProtocolConfiguration {
  /// What all kinds have.
  static let settings: [Setting<ProtocolConfiguration>] = [
    Setting("description", .adjust) { $0.description }, Setting("vrf", .restart) { $0.vrf }, Setting("debug", .adjust) { $0.debug },
    Setting("mrtdump", .adjust) { $0.mrtdump }, Setting("bfd", .adjust) { $0.bfd },
  ]
}

extension ChannelConfiguration {
  static let tableSettings: [Setting<ChannelConfiguration>] = [
    Setting("table", .restart) { $0.table }, Setting("import table", .restart) { $0.importTable },
    Setting("export table", .restart) { $0.exportTable },
  ]

  static let settings: [Setting<ChannelConfiguration>] = [
    Setting("rpki reload", .adjust) { $0.reloadsOnAuthorizations },
    Setting("import filter", change: { differ($0.importPolicy, $1.importPolicy, $1) ? .importAgain : nil }),
    Setting("preference", .importAgain) { $0.preference }, Setting("import keep filtered", .importAgain) { $0.keepFiltered },
    Setting("receive limit", .importAgain) { $0.receiveLimit }, Setting("import limit", .importAgain) { $0.importLimit },
    Setting("export filter", change: { differ($0.exportPolicy, $1.exportPolicy, $1) ? .exportAgain : nil }),
    Setting("secondary", .exportAgain) { $0.exportsSecondary }, Setting("export limit", .exportAgain) { $0.exportLimit },
  ]

  private static func differ(_ old: Policy, _ new: Policy, _ channel: ChannelConfiguration) -> Bool {
    !(channel.reloadsOnAuthorizations ? old.isSame(as: new) : old.isSameBesidesAuthorizations(as: new))
  }
}
