import Configuration
import Control
import ControlLanguage
import Linux
import RouteCore

/// Executes one command on the daemon and writes the answer.
struct CommandRunner {
  let daemon: Daemon
  let presentation: any Presentation
  let clock: DisplayClock
  /// The time of day when the clock of the tables began.
  let tableEpoch: WallClock

  init(_ server: ControlServer, _ format: CLIFormat, _ form: AnswerForm) {
    daemon = server.daemon
    tableEpoch = server.tableEpoch
    presentation = form.presentation(format, TimeFormats(shown: daemon.configuration.timeFormats))
    clock = DisplayClock(daemon.wallClock)
  }

  /// The BIRD version whose commands and messages it uses.
  var format: CLIFormat { presentation.look }
  var snapshot: SnapshotReader { SnapshotReader(daemon: daemon, clock: clock) }

  /// The answer is complete in `reply`, unless there is more to come.
  func run(_ command: Command, _ reply: inout ReplyWriter) -> (any LongAnswer)? {
    do throws(ControlError) {
      if case .showRoute(let query) = command { return try RouteAnswer(query, self) }
      if case .plan(let file, let detail) = command { return plan(file, detail, &reply) }
      try answer(command, &reply)
    } catch {
      reply.fail(error)
    }
    return nil
  }

  private func answer(_ command: Command, _ reply: inout ReplyWriter) throws(ControlError) {
    switch command {
    case .showStatus: presentation.write(snapshot.status, to: &reply)
    case .showMemory: presentation.write(snapshot.memory, to: &reply)
    case .showInterfaces: presentation.write(snapshot.interfaces, .all, to: &reply)
    case .showInterfacesSummary: presentation.write(snapshot.interfaces, .brief, to: &reply)
    case .showProtocols(let selection, let detail): showProtocols(selection, detail, &reply)
    case .showSymbols(let selection): showSymbols(selection, &reply)
    case .showStatic(let name): try showStatic(name, &reply)
    case .showROA(let query): try showROA(query, &reply)
    case .showOSPF(let name): try showOSPF(name, &reply)
    case .showOSPFNeighbors(let query): try showOSPFNeighbors(query, &reply)
    case .showOSPFInterface(let query): try showOSPFInterfaces(query, &reply)
    case .showOSPFTopology(let name, let detail): try showOSPFTopology(name, .topology, detail, &reply)
    case .showOSPFState(let name, let detail): try showOSPFTopology(name, .state, detail, &reply)
    case .showOSPFLSADB(let query): try showOSPFDatabase(query, &reply)
    case .showBFDSessions(let name): try showBFDSessions(name, &reply)
    case .configure(let request): configure(request, &reply)
    case .enable(let selection, let message): act(on: selection, &reply) { enable($0, message) }
    case .disable(let selection, let message): act(on: selection, &reply) { disable($0, message) }
    case .restart(let selection, let message): act(on: selection, &reply) { restart($0, message) }
    case .reload(let selection, let direction): act(on: selection, &reply) { reload($0, direction) }
    case .debug(let selection, let flags): debug(selection, flags, &reply)
    case .mrtdump(let selection, let flags): record(selection, flags, &reply)
    case .evaluate(let text): try evaluate(text, &reply)
    case .dump(let subject):
      daemon.dump(subject)
      reply.final(.ok)
    case .gracefulRestart:
      reply.gracefulRestartOrdered()
      shutDown(for: .gracefulRestart)
    case .down:
      reply.shutdownOrdered()
      shutDown(for: .shutdown(""))
    case .showRoute, .plan, .restrict, .echoOff:
      // The first ones have long answers, the others are handled by the session.
      reply.final(.ok)
    }
  }

  private func evaluate(_ text: String, _ reply: inout ReplyWriter) throws(ControlError) {
    do throws(RunTimeTextError) {
      reply.final(.evaluation, try daemon.configuration.evaluate(text))
    } catch {
      throw ControlError(error)
    }
  }

  private func shutDown(for reason: ProtocolInstance.StopReason) {
    let daemon = daemon
    daemon.loop.perform { daemon.shutDown(for: reason) { daemon.loop.stop() } }
  }
}

extension ControlError {
  init(_ error: RunTimeTextError) {
    switch error {
    case .syntax(let message): self.init(.parseError, message)
    case .evaluation: self.init(.evaluationError, "runtime error")
    }
  }
}
