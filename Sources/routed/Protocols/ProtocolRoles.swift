import Control
import Linux
import RouteCore

// Roles that only some protocols have. A shell has a role if the corresponding property of `ProtocolInstance` returns it.

/// A protocol whose routes can be obtained again after its import filter changed.
protocol RouteImporter: ProtocolInstance {
  /// Whether `reloadImport` can obtain all routes of a channel again.
  func canReloadImport(_ channel: ChannelID) -> Bool
  /// Asks for all routes of a channel again. Returns false if that is impossible.
  func reloadImport(_ channel: ChannelID) -> Bool
  /// Whether `reload` in BIRD 1.6 can: for some protocols it cannot, and scripts rely on that answer.
  var isReloadedInBird1: Bool { get }
}

extension RouteImporter {
  func canReloadImport(_ channel: ChannelID) -> Bool { true }
  var isReloadedInBird1: Bool { true }
}

/// A protocol that takes routes out of the tables.
protocol RouteExporter: ProtocolInstance {
  /// How a channel wants changes of its table.
  func exportMode(of channel: ChannelID) -> ExportMode
  /// Whether any channel has something to be pulled.
  var hasPendingExports: Bool { get }
  /// Pulls a slice of the marked networks. Returns whether to continue in the next round.
  func pumpExports(_ now: Instant) -> Bool
  /// How the protocol sees the routes that a channel exports; nil while it receives none.
  func exportObserver(of channel: ChannelID) -> RouteObserver?
  /// Why a network that was exported to it is not in use; nil if it is.
  func failureText(_ prefix: Prefix) -> String?
  /// Whether the routes it pulls enter another table.
  var feedsTables: Bool { get }
}

extension RouteExporter {
  func exportMode(of channel: ChannelID) -> ExportMode { .best }
  var hasPendingExports: Bool { hasMarkedExports }
  func failureText(_ prefix: Prefix) -> String? { nil }
  var feedsTables: Bool { false }
  /// Whether networks are marked for any of its channels.
  var hasMarkedExports: Bool { ends.contains { daemon.router[channel: $0].hasPendingExports } }
}

/// A protocol that shows more than all protocols do.
protocol ShownProtocol: ProtocolInstance {
  /// The last column of `show protocols`.
  var info: String { get }
  /// Adds to `show protocols all`.
  func fill(_ status: inout Snapshot.ProtocolStatus)
  /// Adds to one of its channels there.
  func fill(_ channel: inout Snapshot.Channel, _ id: ChannelID)
  /// The lines of `dump sockets` and `dump neighbors`.
  var socketLines: [String] { get }
  var neighborLines: [String] { get }
}

extension ShownProtocol {
  var info: String { "" }
  func fill(_ channel: inout Snapshot.Channel, _ id: ChannelID) {}
  var socketLines: [String] { [] }
  var neighborLines: [String] { [] }
}

/// The object that commands about one kind of protocol ask. Each kind with commands of its own has a case.
enum CommandSubject {
  case none
  case ospf(OSPFProtocol)
  case bfd(BFDProtocol)
  case routes(StaticProtocol)

  var ospf: OSPFProtocol? { if case .ospf(let instance) = self { instance } else { nil } }
  var bfd: BFDProtocol? { if case .bfd(let instance) = self { instance } else { nil } }
  var routes: StaticProtocol? { if case .routes(let instance) = self { instance } else { nil } }
}
