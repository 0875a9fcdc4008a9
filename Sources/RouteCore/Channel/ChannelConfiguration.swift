/// What a channel lets through in one direction.
public enum Policy: Sendable {
  case all
  case none
  /// A filter; its name is shown by `show protocols all`, nil for one written in place (shown as `(unnamed)`).
  case filter(PolicyProgram, name: String?)
}

/// `import limit`, `receive limit`, `export limit`.
public struct RouteLimit: Hashable, Sendable {
  public enum Action: String, Sendable {
    case warn, block, restart, disable
  }
  public var count: UInt32
  public var action: Action

  public init(count: UInt32, action: Action = .disable) {
    self.count = count
    self.action = action
  }
}

/// The typed configuration of one channel: what connects a protocol with a table.
public struct ChannelConfiguration: Sendable {
  public var family: AddressFamily
  /// The table's name.
  public var table: String
  public var importPolicy: Policy
  public var exportPolicy: Policy
  /// The preference routes get on import, 0...65535.
  public var preference: UInt16
  public var receiveLimit: RouteLimit?
  public var importLimit: RouteLimit?
  public var exportLimit: RouteLimit?
  /// `import keep filtered`: rejected routes stay in the table, hidden.
  public var keepFiltered: Bool
  /// `import table`, `export table`: the routes as they were received and as they were sent are kept too.
  public var importTable = false
  public var exportTable = false
  /// `secondary`: if the export filter rejects the best route, the next in a sorted table that it accepts is announced.
  public var exportsSecondary = false
  /// `rpki reload`: when a table of authorizations changes, the filters that ask it are applied anew.
  public var reloadsOnAuthorizations = true

  public init(family: AddressFamily, table: String, preference: UInt16) {
    self.family = family
    self.table = table
    importPolicy = .all
    exportPolicy = .none
    self.preference = preference
    keepFiltered = false
  }
}
