import RouteCore

extension StatusView {
  /// Writes the whole answer of `show status`.
  package func write(_ style: ReplyStyle, to reply: inout ReplyWriter) {
    if style.output == .json { return writeJSON(style, to: &reply) }
    reply.line(.version, "BIRD \(style.format.version)")
    reply.begin(.uptime)
    reply.text.append("Router ID is ")
    reply.text.append(routerID)
    reply.end()
    if style.format == .bird2 { reply.line(.uptime, "Hostname is \(hostname)") }
    for (label, time) in [
      ("Current server time is ", now), ("Last reboot on ", lastReboot), ("Last reconfiguration on ", lastReconfiguration),
    ] {
      reply.begin(.uptime)
      reply.text.append(label)
      style.times.base.write(time, to: &reply.text)
      reply.end()
    }
    if let recovery {
      reply.line(.gracefulRestartStatus, "Graceful restart recovery in progress")
      let what = style.format == .bird1 ? "protocols" : "channels"
      reply.line(.gracefulRestartStatus, "  Waiting for \(recovery.waitingChannels) \(what) to recover")
      reply.begin(.gracefulRestartStatus)
      reply.text.append("  Wait timer is ")
      reply.text.append(seconds: recovery.remaining, style.format)
      reply.text.append("/\(recovery.limit.wholeSeconds)")
      reply.end()
    }
    reply.final(.statusReport, state.words)
  }
}

extension StatusView.State {
  /// The last line of `show status`.
  package var words: String {
    switch self {
    case .running: "Daemon is up and running"
    case .reconfiguring: "Reconfiguration in progress"
    case .shuttingDown: "Shutdown in progress"
    }
  }

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

extension TextBuffer {
  /// What is left of a timer: whole seconds in 1.6, with milliseconds in 2.x.
  mutating func append(seconds duration: Duration, _ format: CLIFormat, width: Int = 0) {
    let milliseconds = UInt64(max(duration.milliseconds, 0))
    let start = count
    if format == .bird1 {
      append((milliseconds + 999) / 1000)
    } else {
      append(milliseconds / 1000)
      append(byte: UInt8(ascii: "."))
      append(zeroPadded: milliseconds % 1000, width: 3)
    }
    alignRight(from: start, to: width)
  }
}

extension MemoryView {
  /// Writes the whole answer of `show memory`.
  package func write(_ style: ReplyStyle, to reply: inout ReplyWriter) {
    reply.line(.memory, "BIRD memory usage")
    if style.format == .bird2 { reply.line(.memory, "                  Effective    Overhead") }
    for row in rows + [total] {
      reply.begin(.memory)
      reply.text.append(row.name)
      reply.text.append(":")
      reply.pad(to: 18)
      if style.format == .bird1 {
        MemoryView.write(whole: row.effective, to: &reply.text)
      } else {
        MemoryView.write(tenths: row.effective, to: &reply.text)
        reply.text.append("   ")
        MemoryView.write(tenths: row.overhead, to: &reply.text)
      }
      reply.end()
    }
    reply.final(.ok)
  }

  private static let units: [UInt8] = [0x20, UInt8(ascii: "k"), UInt8(ascii: "M"), UInt8(ascii: "G"), UInt8(ascii: "T")]

  /// `  22 kB`
  private static func write(whole value: UInt64, to text: inout TextBuffer) {
    var value = value
    var unit = 0
    while value >= 10_000, unit < units.count - 1 {
      value = value / 1024 + (value % 1024 >= 512 ? 1 : 0)
      unit += 1
    }
    text.append(value, width: 4)
    text.append(byte: 0x20)
    text.append(byte: units[unit])
    text.append("B")
  }

  /// `  19.6 kB`
  private static func write(tenths value: UInt64, to text: inout TextBuffer) {
    var whole = value
    var tenths: UInt64 = 0
    var unit = 0
    while whole >= 10_000, unit < units.count - 1 {
      // The remainder of this step, rounded to tenths; a carry makes the next whole.
      tenths = (whole % 1024 * 10 + 512) / 1024
      whole = whole / 1024 + tenths / 10
      tenths %= 10
      unit += 1
    }
    text.append(whole, width: 4)
    text.append(byte: UInt8(ascii: "."))
    text.append(tenths)
    text.append(byte: 0x20)
    text.append(byte: units[unit])
    text.append("B")
  }
}

extension SymbolView {
  /// `show symbols`: all of these, in this order.
  package static func write(_ symbols: [SymbolView], to reply: inout ReplyWriter) {
    for symbol in symbols {
      reply.begin(.symbol)
      symbol.writeText(to: &reply)
      reply.end()
    }
    reply.final(.ok)
  }

  /// `show symbols NAME`: one, as the only line.
  package func writeOnly(to reply: inout ReplyWriter) {
    reply.beginFinal(.symbol)
    writeText(to: &reply)
    reply.endFinal()
  }

  private func writeText(to reply: inout ReplyWriter) {
    reply.text.append(name)
    reply.pad(to: 8)
    reply.text.append("\t")
    reply.text.append(kind.rawValue)
  }
}
