import BGP
import RouteCore

/// Everything a configuration file says, typed, the same for both dialects.
package struct Configuration: Sendable {
  package var dialect: Dialect
  /// The main file, as it was named.
  package var path: String
  /// In the order of the file. Empty: the daemon's default (syslog, or standard error in the foreground).
  package var logTargets: [LogTarget] = []
  package var routerID = RouterIDSource.automatic
  /// `hostname` (2.x); nil is the system's.
  package var hostname: String?
  package var bgpListener = BGPListener()
  /// `graceful restart wait`: how long the routes of all neighbours are waited for after a restart, in seconds.
  package var gracefulRestartWait: UInt32 = 240
  /// `debug protocols`: for the protocols that say nothing themselves (applied to them already).
  package var debugProtocols: DebugMask = []
  /// `debug channels` (2.x): for the channels that say nothing themselves (applied to their protocols already).
  package var debugChannels: DebugMask = []
  /// `mrtdump "file"`
  package var mrtdumpFile: String?
  /// `mrtdump protocols`: for the protocols that say nothing themselves (applied to them already).
  package var mrtdumpProtocols: MRTDumpMask = []
  /// `debug commands`: 1 logs connections of clients, 2 their commands too.
  package var debugCommands: UInt32 = 0
  package var timeFormats: TimeFormats
  /// In the order of definition, the implicit ones first.
  package var tables: [TableConfiguration] = []
  /// In the order of the file.
  package var protocols: [ProtocolConfiguration] = []
  /// `roa table` of 1.6, `roa4 table` and `roa6 table` of 2.x, with what they hold.
  package var authorizationTables: [PolicyROATable] = []
  /// What the file puts into them, in its order.
  package var authorizationSources: [AuthorizationSource] = []
  /// `bt_test_suite` and `bt_test_same`, in the order of the file.
  package var filterTests: [FilterTest] = []
  /// What the terms behind `eval` printed while the file was read.
  package var evalOutput: [String] = []
  /// The file's names and what they stand for, in the order of definition, for `show symbols`.
  package var symbols: [SymbolListing] = []
  /// The file's names with their meanings, for filters and terms that are given while the daemon runs.
  var scope = SymbolTable()

  package init(dialect: Dialect, path: String) {
    self.dialect = dialect
    self.path = path
    timeFormats = TimeFormats(dialect: dialect)
  }

  package func table(named name: String) -> TableConfiguration? { tables.first { $0.name == name } }
  /// Whether the file has given the name to anything, or a protocol has it.
  package func isTaken(_ name: String) -> Bool { scope.lookup(name) != nil || protocolInstance(named: name) != nil }
  package func protocolInstance(named name: String) -> ProtocolConfiguration? { protocols.first { $0.name == name } }
}

/// Where the router ID comes from.
package enum RouterIDSource: Hashable, Sendable {
  /// `router id A.B.C.D`
  case explicit(RouterID)
  /// `router id from PATTERNS`: an IPv4 address of these interfaces.
  case interfaces(InterfacePattern)
  /// Not given: the lowest IPv4 address that is no loopback.
  case automatic

  package var explicitID: RouterID? { if case .explicit(let id) = self { id } else { nil } }
}

/// `listen bgp` of 1.6: where connections are accepted.
package struct BGPListener: Hashable, Sendable {
  /// Nil: all addresses.
  package var address: IPAddress?
  package var port: UInt16 = 179
  /// `dual`: the IPv6 socket takes IPv4 connections too. Default `v6only`.
  package var dual = false
}

/// `table NAME`.
package struct TableConfiguration: Hashable, Sendable {
  package var name: String
  package var family: AddressFamily
  /// `sorted`: all routes of a network are kept in order of preference, not only the best in front.
  package var sorted = false
}

/// A line of `show symbols`.
package struct SymbolListing: Hashable, Sendable {
  package var name: String
  package var kind: SymbolKind
}
