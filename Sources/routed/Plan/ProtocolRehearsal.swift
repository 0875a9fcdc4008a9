import Configuration
import RouteCore

/// What becomes of a protocol under another configuration.
struct ProtocolFate {
  /// The one that runs now, if it is of the same kind and up.
  var running: ProtocolInstance?
  var action = ReconfigurationPlan.Action.start
  var reloads: [ConfigurationDifference.ChannelReload] = []

  var staysUp: Bool { action != .restart && action != .start }
  func imports(_ family: AddressFamily) -> Bool { reloads.contains { $0.family == family && $0.imports } }
}

/// One protocol under another configuration: which routes it would bring, and how it would look at those it is given. A kind of protocol
/// that has routes has a subclass.
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
  /// Whether the routes of a channel whose import filter is the same come in as they did.
  var keepsRoutes: Bool { fate.action != .restart }
  /// Brings the routes of a channel as they come before its import filter. `present` is the channel that runs now.
  func bring(_ family: AddressFamily, _ present: ChannelID?, through id: ChannelID, into plan: RoutePlan) {}
  /// Whether it takes routes out of the tables.
  var isExporter: Bool { false }
  /// How it would look at what a channel exports, and how it does now if it is `present`; nil where it would hear of nothing.
  func observer(_ family: AddressFamily, present: RouteObserver?) -> RouteObserver? { nil }
  /// Whether it looks at equal routes as it does now.
  var observesAlike: Bool { fate.staysUp }
  /// Adds all its channels.
  func add(to plan: RoutePlan, _ order: UInt16) { for channel in item.channels { plan.add(channel, of: self, order) } }

  /// What a channel is called: by its family too if there are several.
  func name(_ family: AddressFamily) -> String { item.channels.count > 1 ? "\(item.name).\(family)" : item.name }
}
