import Configuration
import RouteCore

// From one configuration to the next. Unchanged protocols are not touched; changed filters and limits are applied to existing routes;
// only protocols that cannot be changed in place restart. `ReconfigurationPlan` decides which is which, so that `configure check` can
// show it beforehand.
extension Daemon {
  /// Whether changed filters are applied to existing routes (`configure` does, `configure soft` does not).
  enum ReconfigurationStrength { case full, soft }

  /// Reads the configuration file (or another one) as the daemon would use it.
  func readConfiguration(_ path: String? = nil) -> ConfigurationReader.Result {
    ConfigurationReader.read(
      file: path ?? options.configurationFile, provider: FileSources(), options: .init(family: options.family))
  }

  /// A configuration as it would be used now: with the router id filled in, and with the protocols that were spawned and can stay.
  func prepared(_ wanted: Configuration) -> Configuration {
    var new = withRouterID(wanted)
    // A configuration that was in use before has those of that time.
    new.protocols.removeAll { $0.spawnedBy != nil }
    let successors = protocols.compactMap { $0.successor(in: new) }
    guard !successors.isEmpty else { return new }
    var candidate = new
    candidate.protocols += successors
    let steps = ReconfigurationPlan(self, to: candidate).steps.indexed { $0.name }
    new.protocols += successors.filter { item in
      switch steps[item.name]?.action {
      case .keep?, .adjust?, .reload?: true
      case .restart?, .start?, .stop?, nil: false
      }
    }
    return new
  }

  /// Makes a configuration the current one. Everything is done when this returns: no second reconfiguration can interfere.
  func apply(_ wanted: Configuration, _ strength: ReconfigurationStrength = .full) {
    let new = prepared(wanted)
    // A configuration that was in use before has them as they were then.
    new.fillAuthorizationTables()
    let plan = ReconfigurationPlan(self, to: new)
    let old = configuration
    reconfiguration.previous = old
    reconfiguration.deadline = nil
    reconfiguration.count &+= 1
    // Always, so that a file that was moved away is released.
    log.configure(new, options)
    openMRTFile(new)
    take(new)
    router.showsFirstHopOfMultipath = !new.dialect.isBird1
    reconfiguredAt = wallClock
    for name in plan.difference.addedTables { if let table = new.table(named: name) { addTable(table) } }
    let orderBefore = protocols.map { $0.name }
    let kept = keptProtocols(new, plan, strength)
    drainPipes()
    replaceTables(old, new)
    protocols = new.protocols.compactMap { kept[$0.name] ?? ($0.spawnedBy == nil ? makeProtocol($0) : nil) }
    for item in new.protocols where item.spawnedBy != nil && kept[item.name] == nil { forget(spawned: item.name) }
    for instance in protocols { instance.configurationApplied() }
    // Before the new protocols bring routes.
    setOrders()
    let order = protocols.map { $0.name }
    if orderBefore.filter({ kept[$0] != nil }) != order.filter({ kept[$0] != nil }) { router.decideAgain() }
    for instance in protocols where instance.state == .down { instance.startIfEnabled() }
    if old.bgpListener != new.bgpListener { log.info("A changed `listen bgp` takes effect for protocols that restart") }
    log.info("Reconfigured")
    scheduleTurn()
  }

  /// Ends protocols that cannot stay, and gives the others their new configuration.
  private func keptProtocols(
    _ new: Configuration, _ plan: ReconfigurationPlan, _ strength: ReconfigurationStrength
  ) -> [String: ProtocolInstance] {
    var kept: [String: ProtocolInstance] = [:]
    let steps = plan.steps.indexed { $0.name }
    for instance in protocols {
      guard let item = new.protocolInstance(named: instance.name), let step = steps[instance.name] else {
        log.info("Removing protocol \(instance.name)")
        end(instance, .deconfigured)
        continue
      }
      if keep(instance, item, step, strength) {
        kept[instance.name] = instance
      } else {
        if instance.state != .down { log.info("Restarting protocol \(instance.name): \(step.reasons.joined(separator: ", "))") }
        end(instance, .reconfigured)
      }
    }
    return kept
  }

  /// Withdraws the routes of ended protocols through the pipes. Routes beyond a pipe are identified by the channel they came from, whose
  /// number the next protocol may get, so none of them may be left.
  func drainPipes() {
    let now = self.now
    let pipes = protocols.compactMap { $0.exporter }.filter { $0.feedsTables && $0.state == .up }
    for pipe in pipes {
      for end in pipe.ends { router.finishFlushesOfRemovedChannels(in: router[channel: end].table) }
    }
    var isMoving = true
    // A route passes 15 pipes at most.
    for _ in 0..<16 where isMoving {
      isMoving = false
      for pipe in pipes {
        while pipe.hasPendingExports {
          isMoving = true
          if !pipe.pumpExports(now) { break }
        }
      }
    }
  }

  func end(_ instance: ProtocolInstance, _ reason: ProtocolInstance.StopReason) {
    if instance.state != .down { instance.stop(reason) }
    instance.remove()
  }

  /// Removes tables that no longer exist, and recreates changed ones; nothing uses them now.
  private func replaceTables(_ old: Configuration, _ new: Configuration) {
    for table in old.tables where new.table(named: table.name) != table {
      if let index = router.table(named: table.name), !router.removeTable(index) {
        log.error("Table \(table.name) is still in use")
      }
    }
    for table in new.tables where router.table(named: table.name) == nil { addTable(table) }
  }

  /// Brings a protocol to its new configuration without a restart, if that is possible.
  private func keep(
    _ instance: ProtocolInstance, _ item: ProtocolConfiguration, _ step: ReconfigurationPlan.Step, _ strength: ReconfigurationStrength
  ) -> Bool {
    // A protocol that is down loses nothing by being recreated.
    guard instance.state != .down else { return false }
    switch step.action {
    case .restart, .start, .stop: return false
    case .keep:
      instance.adopt(item)
      return true
    case .adjust:
      instance.reconfigure(item)
      return true
    case .reload:
      let before = instance.configuration
      // Something other than its filters may have changed too.
      instance.reconfigure(item)
      return reload(instance, step.reloads, before, strength)
    }
  }

  private func reload(
    _ instance: ProtocolInstance, _ reloads: [ConfigurationDifference.ChannelReload], _ before: ProtocolConfiguration,
    _ strength: ReconfigurationStrength
  ) -> Bool {
    for reload in reloads {
      guard let channel = instance.channel(reload.family), router[channel: channel].state == .up else { continue }
      instance.applyLimits()
      if strength == .soft {
        instance.keepAnnounced(channel, reload)
        continue
      }
      if reload.exports { instance.reloadExport(channel, before: before.channel(reload.family)?.exportPolicy ?? .none) }
      if reload.imports {
        router.resetImportLimits(channel)
        if instance.importer?.reloadImport(channel) != true { return false }
      }
    }
    return true
  }

  /// Goes back to the configuration before.
  func undo() -> Bool {
    guard let previous = reconfiguration.previous else { return false }
    apply(previous)
    reconfiguration.previous = nil
    return true
  }

  func reconfigurationDeadlineReached(_ now: Instant) {
    guard let due = reconfiguration.deadline, due <= now else { return }
    reconfiguration.deadline = nil
    log.info("Config timeout expired, starting undo")
    _ = undo()
  }

  /// SIGHUP: read the file again; a broken one changes nothing.
  func reconfigureFromFile() {
    let result = readConfiguration()
    for diagnostic in result.diagnostics { log.error("\(diagnostic)") }
    if let new = result.configuration { apply(new) }
  }
}
