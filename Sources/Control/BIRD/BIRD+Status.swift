import ControlLanguage
import RouteCore

extension ReplyWriter {
  /// The first lines of `show status`.
  mutating func head(of status: Snapshot.Status, _ look: CLIFormat) {
    line(.version, "BIRD \(look.version)")
    begin(.uptime)
    text.append("Router ID is ")
    text.append(status.routerID)
    end()
  }

  mutating func times(of status: Snapshot.Status, _ format: TimeFormat) {
    for (label, time) in [
      ("Current server time is ", status.now), ("Last reboot on ", status.lastReboot),
      ("Last reconfiguration on ", status.lastReconfiguration),
    ] {
      begin(.uptime)
      text.append(label)
      format.write(time, to: &text)
      end()
    }
  }

  /// `what` is waited for.
  mutating func recovery(_ recovery: Snapshot.Status.Recovery?, of what: String, _ precision: TimerPrecision) {
    guard let recovery else { return }
    line(.gracefulRestartStatus, "Graceful restart recovery in progress")
    line(.gracefulRestartStatus, "  Waiting for \(recovery.waitingChannels) \(what) to recover")
    begin(.gracefulRestartStatus)
    text.append("  Wait timer is ")
    text.append(seconds: recovery.remaining, precision)
    text.append("/\(recovery.limit.wholeSeconds)")
    end()
  }
}

extension Snapshot.Status.State {
  /// The last line of `show status`.
  package var words: String {
    switch self {
    case .running: "Daemon is up and running"
    case .reconfiguring: "Reconfiguration in progress"
    case .shuttingDown: "Shutdown in progress"
    }
  }
}

extension Snapshot.Memory.Use {
  var words: String {
    switch self {
    case .routingTables: "Routing tables"
    case .routeAttributes: "Route attributes"
    case .roaTables: "ROA tables"
    case .protocols: "Protocols"
    case .configuration: "Current config"
    case .standby: "Standby memory"
    }
  }
}

extension ReplyWriter {
  /// A row of `show memory`.
  mutating func memory(_ name: String, _ write: (inout TextBuffer) -> Void) {
    begin(.memory)
    text.append(name)
    text.append(":")
    pad(to: 18)
    write(&text)
    end()
  }
}

extension TextBuffer {
  private static let units: [UInt8] = [0x20, UInt8(ascii: "k"), UInt8(ascii: "M"), UInt8(ascii: "G"), UInt8(ascii: "T")]

  /// `  22 kB`
  mutating func append(wholeBytes value: UInt64) {
    var value = value
    var unit = 0
    while value >= 10_000, unit < TextBuffer.units.count - 1 {
      value = value / 1024 + (value % 1024 >= 512 ? 1 : 0)
      unit += 1
    }
    append(value, width: 4)
    append(unit: unit)
  }

  /// `  19.6 kB`
  mutating func append(tenthsOfBytes value: UInt64) {
    var whole = value
    var tenths: UInt64 = 0
    var unit = 0
    while whole >= 10_000, unit < TextBuffer.units.count - 1 {
      // The remainder of this step, rounded to tenths; a carry makes the next whole.
      tenths = (whole % 1024 * 10 + 512) / 1024
      whole = whole / 1024 + tenths / 10
      tenths %= 10
      unit += 1
    }
    append(whole, width: 4)
    append(byte: UInt8(ascii: "."))
    append(tenths)
    append(unit: unit)
  }

  private mutating func append(unit: Int) {
    append(byte: 0x20)
    append(byte: TextBuffer.units[unit])
    append("B")
  }
}

extension BIRDPresentation {
  package func write(_ symbols: [Snapshot.Symbol], to reply: inout ReplyWriter) {
    for symbol in symbols {
      reply.begin(.symbol)
      reply.symbol(symbol)
      reply.end()
    }
    reply.final(.ok)
  }

  package func write(only symbol: Snapshot.Symbol, to reply: inout ReplyWriter) {
    reply.beginFinal(.symbol)
    reply.symbol(symbol)
    reply.endFinal()
  }

  package func write(_ authorizations: [RouteOriginAuthorization], to reply: inout ReplyWriter) {
    for entry in authorizations {
      reply.line(.routeOriginAuthorization, "\(entry.prefix) max \(entry.maximumLength) as \(entry.asn)")
    }
    reply.final(.ok)
  }
}

extension ReplyWriter {
  fileprivate mutating func symbol(_ symbol: Snapshot.Symbol) {
    text.append(symbol.name)
    pad(to: 8)
    text.append("\t")
    text.append(symbol.kind.rawValue)
  }
}
