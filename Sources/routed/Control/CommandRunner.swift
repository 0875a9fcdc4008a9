import Configuration
import Control
import Linux
import RouteCore

/// Executes one command on the daemon and writes the answer.
struct CommandRunner {
  let daemon: Daemon
  let style: ReplyStyle
  let clock: DisplayClock
  /// The time of day when the clock of the tables began.
  let tableEpoch: WallClock

  init(_ server: ControlServer, _ format: CLIFormat, _ output: ReplyStyle.Output) {
    daemon = server.daemon
    tableEpoch = server.tableEpoch
    style = ReplyStyle(format: format, output: output, times: TimeFormats(shown: daemon.configuration.timeFormats))
    clock = DisplayClock(daemon.wallClock)
  }

  var format: CLIFormat { style.format }

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
    case .showStatus: statusView.write(style, to: &reply)
    case .showMemory: memoryView.write(style, to: &reply)
    case .showInterfaces: InterfaceView.write(interfaceViews, style, to: &reply)
    case .showInterfacesSummary: InterfaceView.writeSummary(interfaceViews, style, to: &reply)
    case .showProtocols(let selection, let detail): showProtocols(selection, detail, &reply)
    case .showSymbols(let selection): showSymbols(selection, &reply)
    case .showStatic(let name): try showStatic(name, &reply)
    case .showROA(let query): try showROA(query, &reply)
    case .showOSPF, .showOSPFNeighbors, .showOSPFInterface, .showOSPFTopology, .showOSPFState, .showOSPFLSADB:
      try showOSPF(command, &reply)
    case .showBFDSessions(let name): try showBFDSessions(name, &reply)
    case .configure(let request): configure(request, &reply)
    case .enable, .disable, .restart, .reload: control(command, &reply)
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
      // The first have long answers, the others are the session's.
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
