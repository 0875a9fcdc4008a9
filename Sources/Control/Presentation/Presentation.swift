import ControlLanguage
import OSPFv3
import RouteCore

/// One way to write the snapshot. Each method writes a complete answer about one subject, including its last line.
///
/// A presentation is a folder with a file for each subject; `AnswerForm.presentation` chooses among them.
package protocol Presentation: AnyObject {
  /// The BIRD version whose error messages it uses.
  var look: CLIFormat { get }

  /// The line that precedes the reading of a file, for commands whose answer continues after it.
  func beginReading(_ file: String, to reply: inout ReplyWriter)

  func write(_ status: Snapshot.Status, to reply: inout ReplyWriter)
  func write(_ memory: Snapshot.Memory, to reply: inout ReplyWriter)
  func write(_ symbols: [Snapshot.Symbol], to reply: inout ReplyWriter)
  /// `show symbols NAME`
  func write(only symbol: Snapshot.Symbol, to reply: inout ReplyWriter)
  func write(_ authorizations: [RouteOriginAuthorization], to reply: inout ReplyWriter)
  /// `.brief` is the summary.
  func write(_ interfaces: [Snapshot.Interface], _ detail: Detail, to reply: inout ReplyWriter)
  func write(_ protocols: [Snapshot.ProtocolStatus], _ detail: Detail, to reply: inout ReplyWriter)
  /// The routes of one or more static protocols.
  func write(_ protocols: [[Snapshot.StaticRoute]], to reply: inout ReplyWriter)
  /// The sessions of each `protocol bfd`; nil if it is not up.
  func write(_ protocols: [(name: String, sessions: [Snapshot.BFDSession]?)], to reply: inout ReplyWriter)
  func write(_ instances: [Snapshot.OSPFInstance], to reply: inout ReplyWriter)
  func write(_ instances: [Snapshot.OSPFNeighbors], to reply: inout ReplyWriter)
  func write(_ instances: [Snapshot.OSPFInterfaces], to reply: inout ReplyWriter)
  /// `show ospf topology` and `show ospf state`; only `.all` shows what is unreachable.
  func write(_ topology: TopologyView, _ part: Snapshot.OSPFTopologyPart, _ detail: Detail, to reply: inout ReplyWriter)
  /// The LSAs of each instance, in the order of its flooding domains.
  func write(_ databases: [[LSAView]], to reply: inout ReplyWriter)

  /// Writes the routes that a query selects, one at a time; see `RouteListing`.
  func routes(_ query: RouteQuery, _ custom: [CustomAttribute]) -> any RouteWriter
  /// Writes a plan piece by piece.
  func plan(listsRoutes: Bool) -> any PlanListing
}

/// Defaults for subjects that a presentation has no form for; `AnswerForm.presents` rejects such requests beforehand.
extension Presentation {
  package func beginReading(_ file: String, to reply: inout ReplyWriter) {}
  package func write(_ memory: Snapshot.Memory, to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(_ symbols: [Snapshot.Symbol], to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(only symbol: Snapshot.Symbol, to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(_ authorizations: [RouteOriginAuthorization], to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(_ protocols: [[Snapshot.StaticRoute]], to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(_ instances: [Snapshot.OSPFInstance], to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(_ instances: [Snapshot.OSPFInterfaces], to reply: inout ReplyWriter) { reply.fail(.noForm) }
  package func write(_ topology: TopologyView, _ part: Snapshot.OSPFTopologyPart, _ detail: Detail, to reply: inout ReplyWriter) {
    reply.fail(.noForm)
  }
  package func write(_ databases: [[LSAView]], to reply: inout ReplyWriter) { reply.fail(.noForm) }
}

extension Presentation {
  /// `nothing` is the answer where there is no protocol to show.
  package func write(
    _ protocols: [Snapshot.ProtocolStatus], _ detail: Detail, nothing: ControlError, to reply: inout ReplyWriter
  ) {
    protocols.isEmpty ? reply.fail(nothing) : write(protocols, detail, to: &reply)
  }
}

extension ControlError {
  static let noForm = ControlError(.parseError, "No JSON form of this command")
}
