import Configuration
import RouteCore

// From one configuration to the next. What has not changed is not touched; changed filters and limits are applied to the routes at hand;
// only what cannot be changed in place restarts. `ConfigurationDifference` decides which is which, so that `configure check` can say it
// beforehand.
extension Daemon {
  /// Whether changed filters are applied to routes that were let through before (`configure` does, `configure soft` does not).
  enum ReconfigurationStrength { case full, soft }

  /// Reads the configuration file (or another one) as the daemon would use it.
  func readConfiguration(_ path: String? = nil) -> ConfigurationReader.Result {
    ConfigurationReader.read(
      file: path ?? options.configurationFile, provider: FileSources(), options: .init(family: options.family))
  }

  /// Makes a configuration the present one.
  func apply(_ new: Configuration, _ strength: ReconfigurationStrength = .full) {
    let difference = ConfigurationDifference(from: configuration, to: new)
    reconfiguration.previous = configuration
    reconfiguration.deadline = nil
    if difference.globals.contains("log") { log.configure(new, options) }
    let old = configuration
    take(new)
    router.showsFirstHopOfMultipath = !new.dialect.isBird1
    reconfiguredAt = wallClock
    for table in new.tables where router.tableIndex(table.name) == nil { _ = router.addTable(table.name, table.family) }
    let changes = Dictionary(difference.changes.map { ($0.name, $0) }) { first, _ in first }
    let kept = Dictionary(protocols.map { ($0.name, $0) }) { first, _ in first }
    var stopped: Set<String> = []
    for instance in protocols {
      guard let item = new.protocolInstance(named: instance.name), let change = changes[instance.name] else {
        end(instance, .deconfigured)
        continue
      }
      if !keep(instance, item, change, strength, globalsChanged: difference.globals.contains("router id")) {
        log.info("Restarting protocol \(instance.name): \(change.reasons.joined(separator: ", "))")
        end(instance, .reconfigured)
        stopped.insert(instance.name)
      }
    }
    var next: [ProtocolInstance] = []
    for item in new.protocols {
      if let instance = kept[item.name], !stopped.contains(item.name) {
        next.append(instance)
      } else {
        next.append(makeProtocol(item))
      }
    }
    protocols = next
    for instance in protocols where instance.state == .down { instance.startIfEnabled() }
    if old.bgpListener != new.bgpListener { log.info("A changed `listen bgp` takes effect for protocols that restart") }
    log.info("Reconfigured")
    scheduleTurn()
  }

  private func end(_ instance: ProtocolInstance, _ reason: ProtocolInstance.StopReason) {
    if instance.state != .down { instance.stop(reason) }
    instance.remove()
  }

  /// Brings a protocol to its new configuration without a restart, if that is possible.
  private func keep(
    _ instance: ProtocolInstance, _ item: ProtocolConfiguration, _ change: ConfigurationDifference.ProtocolChange,
    _ strength: ReconfigurationStrength, globalsChanged: Bool
  ) -> Bool {
    switch change.effect {
    case .restart: return false
    case .none:
      if globalsChanged, instance.dependsOnRouterID, item.routerID == nil { return instance.reconfigure(item) }
      instance.adopt(item)
      return true
    case .adjust:
      return instance.reconfigure(item)
    case .reload:
      instance.adopt(item)
      // Beside its filters something else may have changed that can be taken over in place; where nothing can, `adopt` was all.
      _ = instance.reconfigure(item)
      guard instance.state == .up, strength == .full else { return true }
      for reload in change.reloads {
        guard let channel = instance.channel(reload.family) else { continue }
        router.applyLimits(channel)
        if reload.exports { router.reexport(channel, instance.exportMode) }
        if reload.imports, !instance.reloadImport() { return false }
      }
      return true
    }
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
