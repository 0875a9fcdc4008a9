import Configuration
import RouteCore

// Tables of route origin authorizations: the entries of a static protocol exist while the protocol is enabled. A reload changes
// them by replacing the old ones (`Configuration/Difference`).
extension Daemon {
  /// A protocol was enabled or disabled: fills the tables, and applies filters again that use changed ones.
  func updateAuthorizations() {
    guard !configuration.authorizationSources.isEmpty else { return }
    let changed = configuration.fillAuthorizationTables { self.instance($0)?.isEnabled == true }
    guard !changed.isEmpty else { return }
    for instance in protocols where instance.state == .up {
      for channel in instance.channels where router[channel: channel].state == .up { reload(instance, channel, asking: changed) }
    }
    scheduleTurn()
  }

  private func reload(_ instance: ProtocolInstance, _ channel: ChannelID, asking tables: [PolicyROATable]) {
    let configuration = router[channel: channel].configuration
    guard configuration.reloadsOnAuthorizations else { return }
    if configuration.importPolicy.asks(anyOf: tables) {
      if let importer = instance.importer, importer.canReloadImport(channel) {
        log.trace(instance, .events, "Applying the import filter of \(configuration.family) again, as authorizations changed")
        router.resetImportLimits(channel)
        _ = importer.reloadImport(channel)
      } else {
        log.warning("\(instance.name): Authorizations changed, but the routes of \(configuration.family) cannot be asked for again")
      }
    }
    if configuration.exportPolicy.asks(anyOf: tables) {
      log.trace(instance, .events, "Applying the export filter of \(configuration.family) again, as authorizations changed")
      // What was accepted before cannot be determined: the tables have already changed.
      router.reexport(channel, instance.exportMode(channel))
    }
  }
}
