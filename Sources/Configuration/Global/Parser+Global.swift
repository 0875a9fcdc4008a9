import BGP
import RouteCore

// Everything outside of protocols (routed.conf(5), GLOBAL OPTIONS).
extension Parser {
  /// The whole configuration.
  func parseConfiguration() {
    defineImplicitTables()
    while !isAtEnd {
      if take(.semicolon) { continue }
      if peek.is(.braceClose) {
        if unclosedBlocks > 0 { unclosedBlocks -= 1 } else { report("syntax error: unexpected '}'", hint: "there is no block open here") }
        advance()
        continue
      }
      globalStatement()
    }
    complete()
  }

  private func defineImplicitTables() {
    let tables: [(String, AddressFamily)]
    if let family = dialect.impliedFamily { tables = [("master", family)] } else { tables = [("master4", .ipv4), ("master6", .ipv6)] }
    for (name, family) in tables {
      configuration.tables.append(TableConfiguration(name: name, family: family))
      symbols.set(name, .table(TableSymbol(kind: .routes, family: family)), at: nil)
    }
  }

  static let keywords = [
    "log", "router id", "listen bgp", "graceful restart wait", "debug", "watchdog", "mrtdump", "timeformat", "table", "ipv4 table",
    "ipv6 table", "roa table", "protocol", "template", "filter", "function", "define", "eval", "include", "attribute", "hostname",
  ]

  private func globalStatement() {
    let start = position
    // Those that end with a block, or (tables) need no `;` at all.
    let withoutSemicolon: Bool
    switch peek.symbol {
    case "protocol", "template", "filter", "function", "table", "ipv4", "ipv6", "roa", "eval": withoutSemicolon = true
    default: withoutSemicolon = false
    }
    do {
      try globalDefinition()
      if withoutSemicolon { _ = take(.semicolon) } else { try expectSemicolon() }
    } catch {
      recover(from: start)
    }
  }

  private func globalDefinition() throws(ParseFailure) {
    guard let keyword = peek.symbol else { throw unexpected("a definition") }
    switch keyword {
    case "protocol", "template": try parseProtocol()
    case "filter": try parseFilterDefinition()
    case "function": try parseFunctionDefinition()
    case "define": try parseDefine()
    case "attribute" where dialect == .bird2: try parseAttributeDefinition()
    case "table", "ipv4", "ipv6": try parseTable()
    case "log": try parseLog()
    case "router": try parseRouterID()
    case "listen": try parseListen()
    case "debug": try parseDebug()
    case "timeformat": try parseTimeFormat()
    case "watchdog": try parseWithoutEffect(keyword)
    case "graceful": try parseGracefulRestartWait()
    case "hostname" where dialect == .bird2: try parseHostname()
    case "mrtdump": try parseMRTDump()
    case "eval": try parseEval()
    case "roa" where dialect.isBird1: try parseAuthorizationTable1()
    case "roa4", "roa6": if dialect == .bird2, peek(1).is("table") { try parseAuthorizationTable2() } else { throw unknownGlobal(keyword) }
    case "bt_test_suite", "bt_test_same": try parseFilterTest()
    case "include":
      guard case .text = peek(1).kind else { throw failure("'include' takes a file's name in quotes", hint: "include \"file\";") }
      throw failure("'include' must begin the line", hint: "include \"file\"; on a line of its own")
    default: try otherGlobal(keyword)
    }
  }

  private func otherGlobal(_ keyword: String) throws(ParseFailure) {
    guard readsTests, peek(1).is("table") else { throw unknownGlobal(keyword) }
    passOver()
  }

  private func unknownGlobal(_ keyword: String) -> ParseFailure {
    if dialect.isBird1, keyword == "attribute" || keyword == "hostname" {
      return failure("'\(keyword)' is of BIRD 2", hint: dialectHint)
    }
    let refused: Set = [
      "roa", "cli", "threads", "thread", "mpls", "vpn4", "vpn6", "roa4", "roa6", "flow4", "flow6", "aspa", "evpn",
      "bt_assert",
    ]
    if refused.contains(keyword) {
      let what = peek(1).is("table") ? "'\(keyword) table'" : "'\(keyword)'"
      return failure("\(what) is not supported yet")
    }
    let near = NearMiss.find(keyword, among: Parser.keywords.map { String($0.split(separator: " ").first ?? "") })
    if near == nil, let option = optionOfOthers() {
      return failure("'\(option.name)' stands outside of a protocol", hint: "is a '}' too many before it?")
    }
    return failure("syntax error: unexpected '\(keyword)', expected a definition", hint: near.map { "did you mean '\($0)'?" })
  }

  /// `define SYM = term`
  private func parseDefine() throws(ParseFailure) {
    advance()
    let (name, token) = try expectSymbol("a name")
    try expect(.equal)
    define(name, as: .constant(try parseConstantTerm()), at: token)
  }

  /// `table NAME [sorted]`; in 2.x with the family before it, and options in braces.
  private func parseTable() throws(ParseFailure) {
    let first = advance()
    var family = dialect.impliedFamily
    if !first.is("table") {
      guard dialect == .bird2 else { throw failure("'\(first.symbol ?? "") table' is of BIRD 2", at: first, hint: dialectHint) }
      family = first.is("ipv4") ? .ipv4 : .ipv6
      if peek.is("sadr") { throw failure("tables of type 'ipv6 sadr' are not supported yet", at: spanning(first, peek)) }
      try expect("table")
    }
    guard let family else {
      throw failure(
        "the table's type is missing", at: first, hint: "in BIRD 2 write ipv4 table NAME; or ipv6 table NAME;  (\(dialectHint))")
    }
    let (name, token) = try expectSymbol("the table's name")
    var table = TableConfiguration(name: name, family: family)
    if take("sorted") { table.sorted = true }
    // `ipv6 table master6 sorted;` only adds to the implicit one.
    if let index = configuration.tables.firstIndex(where: { $0.name == name && symbols.lookup(name)?.location == nil }) {
      let known = configuration.tables[index].family
      if known != family {
        throw failure("'\(name)' is an \(known) table", at: token, hint: "write \(known) table \(name), or another name")
      }
      configuration.tables[index].sorted = table.sorted
      symbols.set(name, .table(TableSymbol(kind: .routes, family: family)), at: token.location)
    } else {
      define(name, as: .table(TableSymbol(kind: .routes, family: family)), at: token)
      if configuration.table(named: name) == nil { configuration.tables.append(table) }
    }
    guard dialect == .bird2, peek.is(.braceOpen) else { return }
    try block { () throws(ParseFailure) in
      try tableOption(of: name)
    }
  }

  static let tableOptions = ["sorted", "trie", "min settle time", "max settle time", "gc threshold", "gc period"]

  /// One option of a table of 2.x. Most are about the inside of BIRD's tables.
  private func tableOption(of name: String) throws(ParseFailure) {
    let token = peek
    if take("sorted") {
      let sorted = try bool()
      guard let index = configuration.tables.firstIndex(where: { $0.name == name }) else { throw failure("no such table", at: token) }
      configuration.tables[index].sorted = sorted
      return
    }
    if take("trie") {
      _ = try bool()
    } else if take(["min", "settle", "time"]) || take(["max", "settle", "time"]) || take(["gc", "period"]) {
      _ = try time("a time")
    } else if take(["gc", "threshold"]) {
      _ = try number("gc threshold")
    } else {
      throw unknownOption(in: "table \(name)", names: Parser.tableOptions, otherDialect: nil)
    }
    warn("'\(token.symbol ?? "")' has no effect", at: token, hint: "routed's tables need no such setting")
  }

  /// `router id idval` and `router id from iface_patt_list`
  private func parseRouterID() throws(ParseFailure) {
    let first = advance()
    try expect("id")
    noteGlobal("router id", spanning(first, previous))
    guard take("from") else {
      let token = peek
      let id = try identifier("a router ID")
      // In BIRD 0 stands for none given; the IPv6 daemon of 1.6 cannot find one itself.
      guard id.rawValue != 0 || dialect == .bird1(.ipv6) else { return configuration.routerID = .automatic }
      if id.rawValue == 0 { report("Router ID must not be 0.0.0.0", at: token, hint: "router id 192.0.2.1;") }
      configuration.routerID = .explicit(id)
      return
    }
    let token = previous
    let pattern = try interfacePattern()
    if dialect == .bird1(.ipv6) { return warn("'router id from' needs IPv4 and has no effect here", at: token, hint: dialectHint) }
    configuration.routerID = .interfaces(pattern)
  }

  /// Warns if a global setting is given again.
  func noteGlobal(_ name: String, _ token: Token) {
    if let before = globalMarks.note(name) { warnRepeated(name, at: token, before: before) }
    globalMarks[name] = token
  }

  /// `listen bgp { address ipa | port expr | v6only | dual }`
  private func parseListen() throws(ParseFailure) {
    let token = advance()
    try expect("bgp")
    guard dialect.isBird1 else {
      throw failure("'listen bgp' is of BIRD 1.6", at: token, hint: "in BIRD 2 write local ADDRESS port N in the protocol")
    }
    while let word = peek.symbol {
      advance()
      switch word {
      case "address": configuration.bgpListener.address = try address()
      case "port": configuration.bgpListener.port = try number(in: 1...UInt16.max, "port")
      case "v6only": configuration.bgpListener.dual = false
      case "dual": configuration.bgpListener.dual = true
      default:
        throw failure(
          "syntax error: unexpected \(previous), expected 'address', 'port', 'v6only' or 'dual'", at: previous,
          hint: NearMiss.find(word, among: ["address", "port", "v6only", "dual"]).map { "did you mean '\($0)'?" })
      }
    }
  }

  /// `hostname TEXT`, of 2.x
  private func parseHostname() throws(ParseFailure) {
    let first = advance()
    noteGlobal("hostname", first)
    let token = peek
    let name = try text("a name in quotes")
    if name.utf8.count > Capabilities.longestHostname {
      report("The hostname must not exceed \(Capabilities.longestHostname) bytes", at: token)
    }
    configuration.hostname = name
  }

  /// `graceful restart wait NUMBER`
  private func parseGracefulRestartWait() throws(ParseFailure) {
    let first = advance()
    noteGlobal("graceful restart wait", first)
    try expect("restart")
    try expect("wait")
    configuration.gracefulRestartWait = try number("graceful restart wait")
  }

  /// What is checked, but changes nothing in routed: said, so that nobody relies on it.
  private func parseWithoutEffect(_ keyword: String) throws(ParseFailure) {
    let token = advance()
    guard take("warning") || take("timeout") else { throw unexpected("'warning' or 'timeout'") }
    _ = try time("watchdog")
    warn("'\(keyword)' has no effect", at: token)
  }
}
