import ControlLanguage
import RouteCore

/// The outcome of `enable`, `disable`, `restart` or `reload` for one protocol.
package enum ProtocolOutcome: Hashable, Sendable {
  case enabled
  case alreadyEnabled
  case disabled
  case alreadyDisabled
  case restarted
  case reloading
  case reloadFailed
  /// Nothing is written: the command has no effect in the protocol's state.
  case untouched

  private var code: ReplyCode? {
    switch self {
    case .enabled: .enabled
    case .alreadyEnabled: .alreadyEnabled
    case .disabled: .disabled
    case .alreadyDisabled: .alreadyDisabled
    case .restarted: .restarted
    case .reloading: .reloading
    case .reloadFailed: .reloadFailed
    case .untouched: nil
    }
  }

  private var words: String {
    switch self {
    case .enabled: "enabled"
    case .alreadyEnabled: "already enabled"
    case .disabled: "disabled"
    case .alreadyDisabled: "already disabled"
    case .restarted: "restarted"
    case .reloading: "reloading"
    case .reloadFailed: "reload failed"
    case .untouched: ""
    }
  }

  /// Writes the whole answer; `nothing` is the answer if no protocol matched.
  package static func write(
    _ outcomes: [(name: String, outcome: ProtocolOutcome)], nothing: ControlError, to reply: inout ReplyWriter
  ) {
    guard !outcomes.isEmpty else { return reply.fail(nothing) }
    for (name, outcome) in outcomes {
      guard let code = outcome.code else { continue }
      reply.line(code, "\(name): \(outcome.words)")
    }
    reply.final(.ok)
  }
}

/// How a `configure` command ended.
package enum ConfigureOutcome: Hashable, Sendable {
  case reconfigured
  /// Protocols are still shutting down.
  case inProgress
  case queued
  case ignoredShuttingDown
  case queuedRemoved
  case confirmed
  case nothingToDo
  case checked
  /// The messages of all errors, each `FILE:LINE:COLUMN message`.
  case failed([String])

  /// The answer of `configure` and `configure check` begins with this line.
  package static func writeReading(_ file: String, to reply: inout ReplyWriter) {
    reply.line(.readingConfiguration, "Reading configuration from \(file)")
  }

  /// `configure timeout`: comes before the outcome.
  package static func writeUndoScheduled(in time: Duration, to reply: inout ReplyWriter) {
    reply.line(.undoScheduled, "Undo scheduled in \(time.wholeSeconds) s")
  }

  /// `configure undo`: comes before the outcome.
  package static func writeUndoRequested(to reply: inout ReplyWriter) { reply.line(.undoRequested, "Undo requested") }

  /// Writes the last line.
  package func write(to reply: inout ReplyWriter) {
    switch self {
    case .reconfigured: reply.final(.reconfigured, "Reconfigured")
    case .inProgress: reply.final(.reconfigurationInProgress, "Reconfiguration in progress")
    case .queued: reply.final(.reconfigurationQueued, "Reconfiguration already in progress, queueing new config")
    case .ignoredShuttingDown: reply.final(.reconfigurationIgnored, "Reconfiguration ignored, shutting down")
    case .queuedRemoved: reply.final(.queuedConfigurationRemoved, "Reconfiguration already in progress, removing queued config")
    case .confirmed: reply.final(.confirmed, "Reconfiguration confirmed")
    case .nothingToDo: reply.final(.nothingToDo, "Nothing to do")
    case .checked: reply.final(.configurationOK, "Configuration OK")
    case .failed(let messages):
      for message in messages.dropLast() { reply.line(.configurationError, message) }
      reply.final(.configurationError, messages.last ?? "Configuration error")
    }
  }
}

extension ReplyWriter {
  /// `down`
  package mutating func shutdownOrdered() { final(.shutdownOrdered, "Shutdown requested") }
  /// `graceful restart`
  package mutating func gracefulRestartOrdered() { final(.gracefulRestartOrdered, "Graceful restart requested") }
}

extension Snapshot.Status.State {
  /// The answer of `configure status`.
  package func writeConfigureStatus(to reply: inout ReplyWriter) {
    switch self {
    case .running: reply.line(.reconfigured, words)
    case .reconfiguring: reply.line(.reconfigurationInProgress, words)
    case .shuttingDown: reply.line(.reconfigurationIgnored, words)
    }
    reply.final(.ok)
  }
}
