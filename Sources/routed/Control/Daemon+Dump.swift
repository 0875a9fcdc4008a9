import Configuration
import Control
import Linux
import RouteCore

// `dump …` and SIGUSR1: the internal state as debug lines in the log. Routes are counted, not listed: `show route` is for that.
extension Daemon {
  /// Everything.
  func dumpState() { for subject in DumpSubject.allCases { dump(subject) } }

  func dump(_ subject: DumpSubject) {
    switch subject {
    case .resources:
      for id in router.tableIDs { say("Table \(router[table: id].name): \(router[table: id].byteCount) bytes") }
      say("Attributes: \(router.attributes.byteCount) bytes")
    case .sockets:
      say("Control: \(options.socket), \(control?.clients.count ?? 0) clients")
      for instance in protocols { instance.shown?.socketLines.forEach(say) }
    case .events:
      let now = self.now
      for instance in protocols {
        guard let deadline = instance.nextDeadline else { continue }
        say("\(instance.name): next deadline in \((deadline - now).milliseconds) ms")
      }
    case .interfaces:
      for interface in interfaces.all {
        let addresses = interface.addresses.map { "\($0.address)/\($0.prefixLength)" }.joined(separator: " ")
        say("Interface \(interface.name) (\(interface.index)) \(interface.isUp ? "up" : "down") MTU \(interface.link.mtu) \(addresses)")
      }
    case .neighbors: for instance in protocols { instance.shown?.neighborLines.forEach(say) }
    case .attributes: say("Attributes: \(router.attributes.count) sets")
    case .routes:
      for id in router.tableIDs {
        say("Table \(router[table: id].name): \(router[table: id].routeCount) routes for \(router[table: id].netCount) networks")
      }
    case .protocols:
      for instance in protocols {
        say(
          "Protocol \(instance.name): \(instance.configuration.kind.displayName), \(instance.state.rawValue) \(instance.shown?.info ?? "")")
      }
    }
  }

  private func say(_ text: String) { log.write(.debug, text) }
}
