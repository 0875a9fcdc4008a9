import ControlLanguage
import RouteCore

extension CommandParser {
  /// What follows the keywords of a command.
  mutating func arguments(of summary: CommandSummary) throws(ControlError) -> Command {
    switch summary.path.first {
    case "show": return try showCommand(summary)
    case "configure": return .configure(try configureRequest(summary))
    case "plan":
      let file = try optionalText()
      let detail: Detail = try take("all") ? .all : .brief
      try end()
      return .plan(file: file, detail)
    case "reload":
      let direction: ReloadDirection = summary.name == "reload in" ? .in : summary.name == "reload out" ? .out : .both
      let selection = try selection()
      try end()
      return .reload(selection, direction)
    case "dump":
      guard let subject = DumpSubject(rawValue: summary.path.last ?? "") else { throw try syntaxError() }
      try end()
      return .dump(subject)
    case "debug":
      let selection = try selection()
      let flags = try flags(all: DebugFlags.all, named: DebugFlags.named)
      try end()
      return .debug(selection, flags)
    case "mrtdump":
      let selection = try selection()
      let flags = try flags(all: MRTDumpFlags.all, named: MRTDumpFlags.named)
      try end()
      return .mrtdump(selection, flags)
    default: return try plainCommand(summary)
    }
  }

  private mutating func plainCommand(_ summary: CommandSummary) throws(ControlError) -> Command {
    switch summary.name {
    case "enable", "disable", "restart":
      let selection = try selection()
      let message = try optionalText()
      try end()
      if summary.name == "enable" { return .enable(selection, message: message) }
      return summary.name == "disable" ? .disable(selection, message: message) : .restart(selection, message: message)
    case "down":
      try end()
      return .down
    case "restrict":
      try end()
      return .restrict
    case "graceful restart":
      try end()
      return .gracefulRestart
    case "eval":
      let text = lexer.rest()
      guard !text.isEmpty else { throw try syntaxError() }
      return .evaluate(text)
    case "echo":
      guard try take("off") else { throw ControlError(.parseError, "Echoing of log messages is not supported") }
      try end()
      return .echoOff
    case "mrt dump": throw ControlError(.parseError, "MRT dumps of tables are not supported")
    case "add roa", "delete roa", "flush roa": throw ControlError(.parseError, "No ROA table defined")
    default: throw try syntaxError()
    }
  }

  private mutating func showCommand(_ summary: CommandSummary) throws(ControlError) -> Command {
    if summary.path.count > 1, summary.path[1] == "ospf" { return try ospfCommand(summary) }
    let command: Command
    switch summary.name {
    case "show route": return .showRoute(try routeQuery())
    case "show status": command = .showStatus
    case "show memory": command = .showMemory
    case "show interfaces": command = .showInterfaces
    case "show interfaces summary": command = .showInterfacesSummary
    case "show protocols", "show protocols all":
      let detail: Detail = summary.path.count == 3 ? .all : .brief
      let selection = try lexer.peek() == nil ? ProtocolSelection.all : try selectionWithoutAll()
      command = .showProtocols(selection, detail)
    case "show symbols": command = .showSymbols(try symbolSelection())
    case "show static": command = .showStatic(try optionalName())
    case "show bfd sessions": command = .showBFDSessions(try optionalName())
    case "show rip interfaces", "show rip neighbors": throw try noInstance(of: "RIP")
    case "show babel interfaces", "show babel neighbors", "show babel entries", "show babel routes": throw try noInstance(of: "Babel")
    case "show roa": command = .showROA(try roaQuery())
    default: throw try syntaxError()
    }
    try end()
    return command
  }

  /// The answer to a command for a kind of protocol that routed lacks.
  private mutating func noInstance(of kind: String) throws(ControlError) -> ControlError {
    if let name = try optionalName() { return .notAProtocolInstance(name, exists: false, kind: kind) }
    return .noInstance(of: kind)
  }

  private mutating func selectionWithoutAll() throws(ControlError) -> ProtocolSelection {
    if let pattern = try optionalText() { return .matching(pattern) }
    return .named(try name())
  }

  private mutating func symbolSelection() throws(ControlError) -> SymbolSelection {
    guard let token = try lexer.next() else { return .all }
    guard token.kind == .word else {
      if token.kind == .quotedName { return .named(token.text) }
      throw try syntaxError()
    }
    switch token.text {
    case "table": return .kind(.table)
    case "filter": return .kind(.filter)
    case "function": return .kind(.function)
    case "protocol": return .kind(.protocol)
    case "template": return .kind(.template)
    case "roa": return .kind(.roaTable)
    default: return .named(token.text)
    }
  }

  private mutating func ospfCommand(_ summary: CommandSummary) throws(ControlError) -> Command {
    let command: Command
    let detail: Detail = summary.path.last == "all" ? .all : .brief
    switch summary.path.count > 2 ? summary.path[2] : "" {
    case "neighbors": command = .showOSPFNeighbors(try ospfInterfaceQuery())
    case "interface": command = .showOSPFInterface(try ospfInterfaceQuery())
    case "topology": command = .showOSPFTopology(try optionalName(), detail)
    case "state": command = .showOSPFState(try optionalName(), detail)
    case "lsadb": command = .showOSPFLSADB(try lsadbQuery())
    default: command = .showOSPF(try optionalName())
    }
    try end()
    return command
  }

  private mutating func ospfInterfaceQuery() throws(ControlError) -> OSPFInterfaceQuery {
    let instance = try optionalName()
    return OSPFInterfaceQuery(instance: instance, interfaces: try optionalText())
  }

  private mutating func lsadbQuery() throws(ControlError) -> LSADBQuery {
    var query = LSADBQuery()
    while let token = try lexer.peek() {
      guard token.kind == .word else {
        query.instance = try name()
        continue
      }
      switch token.text {
      case "global", "link", "self", "area", "type", "lsid", "router": _ = try lexer.next()
      default:
        guard query.instance == nil else { throw try syntaxError() }
        query.instance = try name()
        continue
      }
      switch token.text {
      case "global": query.scope = .global
      case "link": query.scope = .link
      case "area": query.scope = .area(try identifier())
      case "self": query.origin = .ourselves
      case "router": query.origin = .router(try identifier())
      case "lsid": query.id = try identifier().rawValue
      default: query.type = UInt16(truncatingIfNeeded: try number()) & 0xfff
      }
    }
    return query
  }

  private mutating func configureRequest(_ summary: CommandSummary) throws(ControlError) -> ConfigureRequest {
    let request: ConfigureRequest
    switch summary.path.count > 1 ? summary.path[1] : "" {
    case "confirm": request = .confirm
    case "undo": request = .undo
    case "check": request = .check(file: try optionalText())
    case "status":
      guard format == .bird2 else { throw try syntaxError() }
      request = .status
    case "timeout": request = .load(file: nil, .hard, undoAfter: try undoTimeout())
    case let word:
      let file = try optionalText()
      let timeout = try take("timeout") ? try undoTimeout() : nil
      request = .load(file: file, word == "soft" ? .soft : .hard, undoAfter: timeout)
    }
    try end()
    return request
  }

  /// The number of seconds; without one, the 300 of BIRD.
  private mutating func undoTimeout() throws(ControlError) -> Duration { .seconds(Int64(try optionalNumber() ?? 300)) }

  /// `all | off | { FLAG, … }`
  private mutating func flags<Flags: OptionSet>(all: Flags, named: (String) -> Flags?) throws(ControlError) -> Flags {
    if try take("all") { return all }
    if try take("off") { return [] }
    guard try takePunctuation("{") else { throw try syntaxError() }
    var flags: Flags = []
    repeat {
      guard let token = try lexer.peek(), token.kind == .word, let flag = named(token.text) else { throw try syntaxError() }
      _ = try lexer.next()
      flags.formUnion(flag)
    } while try takePunctuation(",")
    guard try takePunctuation("}") else { throw try syntaxError() }
    return flags
  }
}
