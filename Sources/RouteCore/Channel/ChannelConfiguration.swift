/// What a channel lets through in one direction.
public enum Policy: Sendable {
  /// Every route passes.
  case all
  /// No route passes.
  case none
  /// A filter; its name is shown by `show protocols all`, nil for one written in place (shown as `(unnamed)`).
  case filter(PolicyProgram, name: String?)
}

/// `import limit`, `receive limit`, `export limit`.
public struct RouteLimit: Hashable, Sendable {
  /// What reaching a limit leads to.
  public enum Action: String, Sendable {
    /// A warning in the log, nothing else.
    case warn
    /// Further routes are dropped.
    case block
    /// The protocol restarts.
    case restart
    /// The protocol is disabled until the user enables it.
    case disable
  }
  /// The most routes allowed.
  public var count: UInt32
  /// What happens when one more comes.
  public var action: Action

  /// `limit COUNT action ACTION`.
  public init(count: UInt32, action: Action = .disable) {
    self.count = count
    self.action = action
  }
}

/// The typed configuration of one channel: what connects a protocol with a table.
public struct ChannelConfiguration: Sendable {
  /// The address family of its routes.
  public var family: AddressFamily
  /// The table's name.
  public var table: String
  /// From the protocol into the table. Default: all.
  public var importPolicy: Policy
  /// From the table to the protocol. Default: none.
  public var exportPolicy: Policy
  /// The preference routes get on import, 0...65535.
  public var preference: UInt16
  /// Counts the routes in the table, those that are kept filtered included; nil is no limit.
  public var receiveLimit: RouteLimit?
  /// Counts the routes that the import filter let through; nil is no limit.
  public var importLimit: RouteLimit?
  /// Counts the networks announced to the protocol; nil is no limit.
  public var exportLimit: RouteLimit?
  /// `import keep filtered`: rejected routes stay in the table, hidden.
  public var keepFiltered: Bool
  /// `import table`: the routes as they were received are kept too.
  public var importTable = false
  /// `export table`: the routes as they were sent are kept too.
  public var exportTable = false
  /// `secondary`: if the export filter rejects the best route, the next in a sorted table that it accepts is announced.
  public var exportsSecondary = false
  /// `rpki reload`: when a table of authorizations changes, the filters that ask it are applied anew.
  public var reloadsOnAuthorizations = true

  /// Imports everything, exports nothing, without limits.
  public init(family: AddressFamily, table: String, preference: UInt16) {
    self.family = family
    self.table = table
    importPolicy = .all
    exportPolicy = .none
    self.preference = preference
    keepFiltered = false
  }
}
