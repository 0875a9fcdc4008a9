import Configuration
import Control
import ControlLanguage
import Linux
import RouteCore

// `configure` in all its forms.
extension CommandRunner {
  func configure(_ request: ConfigureRequest, _ reply: inout ReplyWriter) {
    switch request {
    case .load(let file, let strength, let limit): load(file, strength, undoAfter: limit, &reply)
    case .check(let file): check(file, &reply)
    case .confirm:
      let outcome: ConfigureOutcome = daemon.reconfiguration.deadline == nil ? .nothingToDo : .confirmed
      daemon.reconfiguration.deadline = nil
      outcome.write(to: &reply)
    case .undo:
      ConfigureOutcome.writeUndoRequested(to: &reply)
      let outcome: ConfigureOutcome = daemon.isShuttingDown ? .ignoredShuttingDown : daemon.undo() ? .reconfigured : .nothingToDo
      outcome.write(to: &reply)
    case .status: snapshot.status.state.writeConfigureStatus(to: &reply)
    }
  }

  private func load(_ file: String?, _ strength: ConfigureRequest.Strength, undoAfter limit: Duration?, _ reply: inout ReplyWriter) {
    guard let new = read(file, &reply) else { return }
    if daemon.isShuttingDown { return ConfigureOutcome.ignoredShuttingDown.write(to: &reply) }
    daemon.apply(new, strength == .soft ? .soft : .full)
    if let limit {
      daemon.reconfiguration.deadline = daemon.now + limit
      ConfigureOutcome.writeUndoScheduled(in: limit, to: &reply)
    }
    daemon.scheduleTurn()
    ConfigureOutcome.reconfigured.write(to: &reply)
  }

  /// Says what the file would change, if anything, before the last line.
  private func check(_ file: String?, _ reply: inout ReplyWriter) {
    guard let new = read(file, &reply) else { return }
    for line in ReconfigurationPlan(daemon, to: daemon.prepared(new)).lines { reply.line(.configurationOK, line) }
    ConfigureOutcome.checked.write(to: &reply)
  }

  /// `plan`: like `check`, and also what it would do to the routes.
  func plan(_ file: String?, _ detail: Detail, _ reply: inout ReplyWriter) -> PlanAnswer? {
    guard let new = read(file, &reply) else { return nil }
    let listing = presentation.plan(listsRoutes: detail == .all)
    return PlanAnswer(RoutePlan(daemon, to: new), file ?? daemon.options.configurationFile, listing)
  }

  /// Reads a file; when there are errors, the answer is complete.
  private func read(_ file: String?, _ reply: inout ReplyWriter) -> Configuration? {
    presentation.beginReading(file ?? daemon.options.configurationFile, to: &reply)
    let result = daemon.readConfiguration(file)
    for diagnostic in result.diagnostics where diagnostic.severity == .warning { daemon.log.warning("\(diagnostic)") }
    if let configuration = result.configuration { return configuration }
    ConfigureOutcome.failed(result.errors.map { $0.replyLine }).write(to: &reply)
    return nil
  }
}
