import BGP

extension Parser {
  /// `log (text [size text] | syslog [name text] | stderr) (all | { classes })`
  func parseLog() throws(ParseFailure) {
    advance()
    let destination: LogTarget.Destination
    if case .text(let path) = peek.kind {
      advance()
      destination = .file(path, limit: try logFileLimit())
    } else if take("syslog") {
      destination = .syslog(name: take("name") ? try text("a name in quotes") : nil)
    } else if take("stderr") {
      destination = .standardError
    } else if peek.is("udp") || peek.is("fixed") {
      throw failure("'log \(peek.symbol ?? "")' is not supported yet")
    } else {
      throw unexpected("a file's name in quotes, 'syslog' or 'stderr'")
    }
    guard peek.is("all") || peek.is(.braceOpen) else {
      let isClass = LogClasses.names.contains { peek.is($0.name) }
      throw unexpected("'all' or { classes }", hint: isClass ? "write { \(peek.symbol ?? "") }" : "log … all;")
    }
    let classes = try mask(LogClasses.names, all: .all, what: "class of messages")
    configuration.logTargets.append(LogTarget(destination: destination, classes: classes))
  }

  /// `size "name"`, if something stands there. A size of 0 is none.
  private func logFileLimit() throws(ParseFailure) -> LogTarget.FileLimit? {
    let hint = "write the size in bytes and the name of the old file: log \"file\" 1000000 \"file.old\" all;"
    switch peek.kind {
    case .number, .punctuation(.parenthesisOpen): break
    case .symbol(let name):
      if name == "limit" { throw unexpected("a size, 'all' or { classes }", hint: hint) }
      guard case .constant = symbols.lookup(name)?.symbol else { return nil }
    default: return nil
    }
    let size = try number("the size of the log file")
    if peek.is("all") || peek.is(.braceOpen) { throw unexpected("the name of the old file in quotes", hint: hint) }
    let backup = try text("the name of the old file in quotes")
    return size == 0 ? nil : LogTarget.FileLimit(size: size, backup: backup)
  }

  /// `debug protocols MASK`, `debug commands N`, `debug latency …`
  func parseDebug() throws(ParseFailure) {
    let first = advance()
    if let what = peek.symbol, what == "protocols" || what == "channels" || what == "commands" {
      noteGlobal("debug \(what)", spanning(first, peek))
    }
    if take("protocols") {
      configuration.debugProtocols = try debugMask()
    } else if take("commands") {
      configuration.debugCommands = try number("debug commands")
    } else if take("latency") {
      let token = previous
      if take("limit") { _ = try time("debug latency limit") } else { _ = try bool() }
      warn("'debug latency' has no effect", at: token)
    } else if dialect == .bird2, take("channels") {
      configuration.debugChannels = try debugMask()
    } else if dialect.isBird1, peek.is("channels") {
      throw failure("'debug channels' is of BIRD 2", hint: dialectHint)
    } else if dialect == .bird2, peek.is("tables") || peek.is("show") {
      throw failure("'debug \(peek.symbol ?? "")' is not supported yet")
    } else {
      throw unexpected("'protocols' or 'commands'")
    }
  }

  /// `mrtdump "file"`, `mrtdump protocols MASK`
  func parseMRTDump() throws(ParseFailure) {
    let first = advance()
    if take("protocols") {
      noteGlobal("mrtdump protocols", spanning(first, previous))
      configuration.mrtdumpProtocols = try mrtdumpMask()
    } else {
      noteGlobal("mrtdump", first)
      configuration.mrtdumpFile = try text("a file's name in quotes or 'protocols'")
    }
  }

  /// `all | off | { states, messages }`
  func mrtdumpMask() throws(ParseFailure) -> MRTDumpMask {
    try mask([("states", .states), ("messages", .messages)], all: .all, what: "MRT dump flag")
  }

  /// `timeformat PLACE FORMAT`
  func parseTimeFormat() throws(ParseFailure) {
    let first = advance()
    enum Place { case route, `protocol`, base, log }
    let place = try choice([("route", Place.route), ("protocol", .protocol), ("base", .base), ("log", .log)])
    noteGlobal("timeformat \(previous.symbol ?? "")", spanning(first, previous))
    let format = try timeFormat()
    switch place {
    case .route: configuration.timeFormats.route = format
    case .protocol: configuration.timeFormats.protocol = format
    case .base: configuration.timeFormats.base = format
    case .log: configuration.timeFormats.log = format
    }
  }

  private func timeFormat() throws(ParseFailure) -> TimeFormat {
    if take("iso") {
      let short = try choice([("short", true), ("long", false)])
      var fraction = TimeFormat.Fraction.none
      if dialect == .bird2 {
        if take("ms") { fraction = .milliseconds } else if take("us") { fraction = .microseconds }
      }
      return short ? .isoShort(fraction) : .isoLong(fraction)
    }
    if take("old") { return try choice([("short", .oldShort), ("long", .oldLong)]) }
    let recent = try text("a format in quotes, 'iso' or 'old'")
    guard !peek.is(.semicolon) else { return .custom(recent: recent, limit: 0, older: nil) }
    let limit = try number("timeformat")
    return .custom(recent: recent, limit: limit, older: try text("the format of older times in quotes"))
  }
}
