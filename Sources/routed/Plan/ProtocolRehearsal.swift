import Configuration
import RouteCore

/// What happens to a protocol under another configuration.
struct ProtocolFate {
  /// The one that runs now, if it is of the same kind and up.
  var running: ProtocolInstance?
  var action = ReconfigurationPlan.Action.start
  var reloads: [ConfigurationDifference.ChannelReload] = []

  var staysUp: Bool { action != .restart && action != .start }
  func imports(_ family: AddressFamily) -> Bool { reloads.contains { $0.family == family && $0.imports } }
}

/// One protocol under another configuration: which routes it would import, and how it would see the routes exported to it. Each kind of
/// protocol that has routes has a subclass.
class ProtocolRehearsal {
  let item: ProtocolConfiguration
  let daemon: Daemon
  /// Set before anything is asked.
  var fate = ProtocolFate()

  init(_ item: ProtocolConfiguration, _ daemon: Daemon) {
    self.item = item
    self.daemon = daemon
  }

  // MARK: What a kind of protocol overrides

  /// How the protocol's routes rank among each other.
  var decision: RouteCore.DecisionOptions { .defaults }
  /// How a channel would want changes of its table.
  func exportMode(_ channel: ChannelConfiguration) -> ExportMode { .off }
  /// Whether the routes of a channel with an unchanged import filter come in as before.
  var keepsRoutes: Bool { fate.action != .restart }
  /// Delivers the routes of a channel as they are before its import filter. `present` is the running channel.
  func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {}
  /// Whether it takes routes out of the tables.
  var isExporter: Bool { false }
  /// How it would see the routes that a channel exports, or with `present` how it does now; nil if it would receive none.
  func observer(_ family: AddressFamily, present: RouteObserver?) -> RouteObserver? { nil }
  /// Whether it would see equal routes as it does now.
  var observesAlike: Bool { fate.staysUp }
  /// Adds all its channels.
  func add(to plan: RoutePlan, _ order: UInt16) { for channel in item.channels { plan.add(channel, of: self, order) } }

  /// What a channel is called: by its family too if there are several.
  func name(_ family: AddressFamily) -> String { item.channels.count > 1 ? "\(item.name).\(family)" : item.name }
}
