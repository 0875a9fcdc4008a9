import BGP
import Configuration
import Control
import ControlLanguage
import Linux
import RouteCore

// `enable`, `disable`, `restart`, `reload`, `debug`, `mrtdump`.
extension CommandRunner {
  func act(on selection: ProtocolSelection, _ reply: inout ReplyWriter, _ action: (ProtocolInstance) -> ProtocolOutcome) {
    let outcomes = daemon.protocols.filter { selection.includes($0.name) }.map { (name: $0.name, outcome: action($0)) }
    daemon.scheduleTurn()
    ProtocolOutcome.write(outcomes, nothing: selection.nothingFound(format), to: &reply)
  }

  func debug(_ selection: ProtocolSelection, _ flags: DebugFlags, _ reply: inout ReplyWriter) {
    let chosen = daemon.protocols.filter { selection.includes($0.name) }
    guard !chosen.isEmpty else { return reply.fail(selection.nothingFound(format)) }
    for instance in chosen { instance.trace(DebugMask(flags)) }
    reply.final(.ok)
  }

  func record(_ selection: ProtocolSelection, _ flags: MRTDumpFlags, _ reply: inout ReplyWriter) {
    let chosen = daemon.protocols.filter { selection.includes($0.name) }
    guard !chosen.isEmpty else { return reply.fail(selection.nothingFound(format)) }
    var mask: MRTDumpMask = []
    if flags.contains(.states) { mask.insert(.states) }
    if flags.contains(.messages) { mask.insert(.messages) }
    for instance in chosen { instance.record(mask) }
    reply.final(.ok)
  }

  func enable(_ instance: ProtocolInstance, _ message: String?) -> ProtocolOutcome {
    guard !instance.isEnabled else { return .alreadyEnabled }
    daemon.log.info("Enabling protocol \(instance.name)")
    instance.isEnabled = true
    instance.message = message
    instance.startIfEnabled()
    daemon.updateAuthorizations()
    return .enabled
  }

  func disable(_ instance: ProtocolInstance, _ message: String?) -> ProtocolOutcome {
    guard instance.isEnabled else { return .alreadyDisabled }
    daemon.log.info("Disabling protocol \(instance.name)")
    instance.isEnabled = false
    instance.message = message
    if instance.state != .down { instance.stop(.shutdown(message ?? "")) }
    daemon.updateAuthorizations()
    return .disabled
  }

  func restart(_ instance: ProtocolInstance, _ message: String?) -> ProtocolOutcome {
    guard instance.isEnabled else { return .alreadyDisabled }
    daemon.log.info("Restarting protocol \(instance.name)")
    instance.message = message
    daemon.restart(instance, reason: .restart(message ?? ""))
    return .restarted
  }

  func reload(_ instance: ProtocolInstance, _ direction: ReloadDirection) -> ProtocolOutcome {
    guard instance.isEnabled else { return .alreadyDisabled }
    guard instance.state == .up else { return .untouched }
    if direction != .out {
      // 1.6 cannot ask these for their routes again, and scripts know that answer.
      if format == .bird1, instance.importer?.isReloadedInBird1 != true { return .reloadFailed }
      for channel in instance.channels {
        daemon.router.resetImportLimits(channel)
        if instance.importer?.reloadImport(channel) != true { return .reloadFailed }
      }
    }
    daemon.log.info("Reloading protocol \(instance.name)")
    if direction != .in { for channel in instance.channels { daemon.router.refeed(channel, resend: true) } }
    return .reloading
  }
}

extension DebugMask {
  fileprivate init(_ flags: DebugFlags) {
    self = []
    for (flag, mask) in [
      (.states, .states), (.routes, .routes), (.filters, .filters), (.interfaces, .interfaces), (.events, .events), (.packets, .packets),
    ] as [(DebugFlags, DebugMask)] where flags.contains(flag) {
      insert(mask)
    }
  }
}
