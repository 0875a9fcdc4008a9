import Configuration
import RouteCore

/// What happens to each protocol under another configuration: what `configure check` shows and `configure` does.
///
/// Besides the differences between the two files it depends on the protocols themselves: as in BIRD, the file decides again which of them
/// run, whatever was enabled or disabled by hand, and a BGP session whose peer does not support route refresh cannot be reloaded.
struct ReconfigurationPlan {
  enum Action {
    case keep, adjust, reload, restart, start, stop
  }

  /// One protocol that is in both configurations.
  struct Step {
    var name: String
    var action: Action
    var reasons: [String]
    var reloads: [ConfigurationDifference.ChannelReload]
  }

  let difference: ConfigurationDifference
  /// In the order of the new file.
  let steps: [Step]

  init(_ daemon: Daemon, to new: Configuration) {
    let difference = ConfigurationDifference(from: daemon.configuration, to: new)
    self.difference = difference
    steps = difference.changes.map { change in
      guard let item = new.protocolInstance(named: change.name), let instance = daemon.instance(change.name) else {
        return Step(name: change.name, action: .start, reasons: change.reasons, reloads: [])
      }
      return ReconfigurationPlan.step(instance, item, change)
    }
  }

  private static func step(
    _ instance: ProtocolInstance, _ new: ProtocolConfiguration, _ change: ConfigurationDifference.ProtocolChange
  ) -> Step {
    var step = Step(name: change.name, action: .keep, reasons: change.reasons, reloads: change.reloads)
    if instance.state == .down {
      if new.disabled {
        step.action = change.effect == .none ? .keep : .adjust
      } else {
        step.action = .start
        if step.reasons.isEmpty { step.reasons = ["was down"] }
      }
      return step
    }
    switch change.effect {
    case .none: step.action = .keep
    case .adjust: step.action = .adjust
    case .reload: step.action = .reload
    case .restart: step.action = .restart
    }
    if new.disabled {
      step.action = .stop
      if !step.reasons.contains("disabled") { step.reasons.append("disabled") }
    } else if step.action == .adjust || step.action == .reload {
      if !instance.canReconfigure(to: new) {
        step.action = .restart
        step.reasons.append("no route refresh")
        return step
      }
      for reload in change.reloads where reload.imports {
        guard let channel = instance.channel(reload.family), instance.importer?.canReloadImport(channel) != true else { continue }
        step.action = .restart
        step.reasons.append("no route refresh")
      }
    }
    return step
  }

  func step(_ name: String) -> Step? { steps.first { $0.name == name } }

  /// What would be done, a line for each thing; empty if nothing would.
  var lines: [String] {
    var lines: [String] = []
    for step in steps {
      if let words = step.action.words { lines.append("Protocol \(step.name): \(words) (\(step.reasons.joined(separator: ", ")))") }
    }
    lines += difference.added.map { "Protocol \($0): new" }
    lines += difference.removed.map { "Protocol \($0): removed" }
    lines += difference.addedTables.map { "Table \($0): new" }
    lines += difference.removedTables.map { "Table \($0): removed" }
    if !difference.globals.isEmpty { lines.append("Changed: \(difference.globals.joined(separator: ", "))") }
    return lines
  }
}

extension ReconfigurationPlan.Action {
  /// Nil if there is nothing to show.
  fileprivate var words: String? {
    switch self {
    case .keep: nil
    case .adjust: "adjusted"
    case .reload: "reloaded"
    case .restart: "restarted"
    case .start: "started"
    case .stop: "stopped"
    }
  }
}
