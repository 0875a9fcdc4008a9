import RouteCore

/// One parsed command with typed arguments: what the daemon executes.
///
/// Names of tables, protocols and filters are still text; the daemon resolves them and answers with the `ControlError`s of
/// `ControlError+Names.swift` if they do not exist.
package enum Command: Hashable, Sendable {
  case showStatus
  case showMemory
  case showInterfaces
  case showInterfacesSummary
  case showProtocols(ProtocolSelection, Detail)
  case showSymbols(SymbolSelection)
  case showRoute(RouteQuery)
  /// The instance, or nil for the only one (1.6) or all of them (2.x).
  case showStatic(String?)
  case showROA(ROAQuery)
  case showOSPF(String?)
  case showOSPFNeighbors(OSPFInterfaceQuery)
  case showOSPFInterface(OSPFInterfaceQuery)
  case showOSPFTopology(String?, Detail)
  case showOSPFState(String?, Detail)
  case showOSPFLSADB(LSADBQuery)
  case showBFDSessions(String?)
  case configure(ConfigureRequest)
  /// The effect of another configuration (nil: the file in use, as it is now) on the routes; with `.all` on each of them.
  case plan(file: String?, Detail)
  case enable(ProtocolSelection, message: String?)
  case disable(ProtocolSelection, message: String?)
  case restart(ProtocolSelection, message: String?)
  case reload(ProtocolSelection, ReloadDirection)
  case debug(ProtocolSelection, DebugFlags)
  case mrtdump(ProtocolSelection, MRTDumpFlags)
  /// `eval EXPR`: the text is for the configuration's term parser.
  case evaluate(String)
  case dump(DumpSubject)
  case gracefulRestart
  case down
  /// Answered by the session itself.
  case restrict
  /// `echo off`, answered by the session: there are no asynchronous messages to switch off.
  case echoOff
}

/// A command and the form its answer should have.
package struct Request: Hashable, Sendable {
  package var command: Command
  package var form: AnswerForm
}

package enum ProtocolSelection: Hashable, Sendable {
  case all
  case named(String)
  /// A quoted pattern with `*` and `?`.
  case matching(String)
}

package enum SymbolSelection: Hashable, Sendable {
  case all
  case kind(Snapshot.Symbol.Kind)
  case named(String)
}

package struct OSPFInterfaceQuery: Hashable, Sendable {
  package var instance: String?
  /// A pattern with `*` and `?`; nil: all.
  package var interfaces: String?
}

package struct LSADBQuery: Hashable, Sendable {
  package enum Scope: Hashable, Sendable {
    case any
    case global
    case area(RouterID)
    case link
  }
  package enum Origin: Hashable, Sendable {
    case any
    case ourselves
    case router(RouterID)
  }
  package var instance: String?
  package var scope = Scope.any
  /// Compared with the low 12 bits of the LSA's type.
  package var type: UInt16?
  package var id: UInt32?
  package var origin = Origin.any
}

package enum ConfigureRequest: Hashable, Sendable {
  /// Reads the file (nil: the one in use) and applies it; undone after the timeout unless confirmed.
  case load(file: String?, Strength, undoAfter: Duration?)
  case check(file: String?)
  case confirm
  case undo
  /// 2.x
  case status

  package enum Strength: Hashable, Sendable {
    case hard
    /// Changed filters do not refeed.
    case soft
  }
}

package enum ReloadDirection: Hashable, Sendable {
  case both
  case `in`
  case out
}

package struct DebugFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let states = DebugFlags(rawValue: 1)
  package static let routes = DebugFlags(rawValue: 2)
  package static let filters = DebugFlags(rawValue: 4)
  package static let interfaces = DebugFlags(rawValue: 8)
  package static let events = DebugFlags(rawValue: 16)
  package static let packets = DebugFlags(rawValue: 32)
  package static let all = DebugFlags(rawValue: 63)

  static func named(_ name: String) -> DebugFlags? {
    switch name {
    case "states": .states
    case "routes": .routes
    case "filters": .filters
    case "interfaces": .interfaces
    case "events": .events
    case "packets": .packets
    default: nil
    }
  }
}

/// What `mrtdump` records.
package struct MRTDumpFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let states = MRTDumpFlags(rawValue: 1)
  package static let messages = MRTDumpFlags(rawValue: 2)
  package static let all: MRTDumpFlags = [.states, .messages]

  static func named(_ name: String) -> MRTDumpFlags? {
    switch name {
    case "states": .states
    case "messages": .messages
    default: nil
    }
  }
}

package enum DumpSubject: String, Hashable, Sendable, CaseIterable {
  case resources, sockets, events, interfaces, neighbors, attributes, routes, protocols
}

extension Command {
  /// Whether `restrict` forbids the command.
  package func isMutating(in format: CLIFormat) -> Bool {
    switch self {
    case .configure(.check), .configure(.status): format == .bird2
    // A named file is read with the rights of the daemon's user, as with `configure check`.
    case .plan(let file, _): file != nil && format == .bird2
    case .configure, .enable, .disable, .restart, .reload, .debug, .mrtdump, .gracefulRestart, .down: true
    case .showStatus, .showMemory, .showInterfaces, .showInterfacesSummary, .showProtocols, .showSymbols, .showRoute, .showStatic, .showROA,
      .showOSPF, .showOSPFNeighbors, .showOSPFInterface, .showOSPFTopology, .showOSPFState, .showOSPFLSADB, .showBFDSessions, .evaluate,
      .dump, .restrict, .echoOff:
      false
    }
  }
}
