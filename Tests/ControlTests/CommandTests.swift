import ControlLanguage
import RouteCore
import Testing

@testable import Control

@Suite struct CommandTests {
  /// Below 10/8, of AS 5, in table R.
  static var roas: ROAQuery {
    var query = ROAQuery()
    query.target = .within(Prefix(IPAddress(ipv4: 10 << 24), 8))
    query.asn = 5
    query.table = "R"
    return query
  }

  private func parse(_ line: String, _ format: CLIFormat = .bird1) throws -> Command { try CommandParser.parse(line, format).command }

  private func error(_ line: String, _ format: CLIFormat = .bird1) -> String {
    do throws(ControlError) {
      return "parsed: \(try CommandParser.parse(line, format))"
    } catch {
      return "\(error.code.rawValue) \(error.message)"
    }
  }

  @Test(arguments: [
    ("show status", Command.showStatus), ("sho statu # why not", .showStatus), ("show memory", .showMemory),
    ("show interfaces", .showInterfaces), ("show interfaces summary", .showInterfacesSummary), ("show int sum", .showInterfacesSummary),
    ("show protocols", .showProtocols(.all, .brief)), ("show protocols all", .showProtocols(.all, .all)),
    ("show protocols al", .showProtocols(.named("al"), .brief)), ("show protocols all 'all'", .showProtocols(.named("all"), .all)),
    ("show protocols \"I*\"", .showProtocols(.matching("I*"), .brief)), ("show symbols", .showSymbols(.all)),
    ("show symbols table", .showSymbols(.kind(.table))), ("show symbols PRIVATE", .showSymbols(.named("PRIVATE"))),
    ("show roa", .showROA(ROAQuery())), ("show roa in 10.0.0.0/8 as 5 table R", .showROA(CommandTests.roas)),
    ("show static", .showStatic(nil)), ("show static ST", .showStatic("ST")), ("show ospf", .showOSPF(nil)),
    ("show ospf PRIVATE", .showOSPF("PRIVATE")), ("show bfd sessions", .showBFDSessions(nil)),
    ("show bfd sessions B", .showBFDSessions("B")), ("show ospf neighbors", .showOSPFNeighbors(.init())),
    ("show ospf interface P \"eth*\"", .showOSPFInterface(.init(instance: "P", interfaces: "eth*"))),
    ("show ospf topology", .showOSPFTopology(nil, .brief)), ("show ospf state all P", .showOSPFState("P", .all)),
    ("show ospf lsadb", .showOSPFLSADB(.init())),
    (
      "show ospf lsadb area 0.0.0.1 type 0x2001 lsid 5 self P",
      .showOSPFLSADB(.init(instance: "P", scope: .area(RouterID(rawValue: 1)), type: 1, id: 5, origin: .ourselves))
    ),
    (
      "show ospf lsadb link router 1.0.0.1",
      .showOSPFLSADB(.init(scope: .link, origin: .router(RouterID(rawValue: 0x0100_0001))))
    ),
    ("configure", .configure(.load(file: nil, .hard, undoAfter: nil))),
    ("configure \"/etc/b c.conf\"", .configure(.load(file: "/etc/b c.conf", .hard, undoAfter: nil))),
    ("configure soft \"f\" timeout 5", .configure(.load(file: "f", .soft, undoAfter: .seconds(5)))),
    ("configure timeout", .configure(.load(file: nil, .hard, undoAfter: .seconds(300)))),
    ("configure timeout 7", .configure(.load(file: nil, .hard, undoAfter: .seconds(7)))),
    ("configure confirm", .configure(.confirm)), ("configure undo", .configure(.undo)), ("configure check", .configure(.check(file: nil))),
    ("configure check \"f\"", .configure(.check(file: "f"))), ("enable P", .enable(.named("P"), message: nil)),
    ("disable all \"maintenance\"", .disable(.all, message: "maintenance")), ("restart \"V*\"", .restart(.matching("V*"), message: nil)),
    ("reload all", .reload(.all, .both)), ("reload in P", .reload(.named("P"), .in)), ("reload out \"*\"", .reload(.matching("*"), .out)),
    ("mrtdump P all", .mrtdump(.named("P"), .all)), ("mrtdump \"x\" {messages }", .mrtdump(.matching("x"), .messages)),
    ("debug P all", .debug(.named("P"), .all)), ("debug all off", .debug(.all, [])),
    ("debug \"x\" {states,routes }", .debug(.matching("x"), [.states, .routes])), ("eval 1 + 2", .evaluate("1 + 2")),
    ("dump routes", .dump(.routes)), ("graceful restart", .gracefulRestart), ("down", .down), ("restrict", .restrict),
    ("echo off", .echoOff),
  ])
  func `every command is understood`(line: String, command: Command) throws { #expect(try parse(line) == command) }

  @Test func `configure status exists in 2.x only`() throws {
    #expect(try parse("configure status", .bird2) == .configure(.status))
    #expect(error("configure status") == "9001 syntax error")
  }

  private func route(_ options: String, _ change: (inout RouteQuery) -> Void) throws {
    var query = RouteQuery()
    change(&query)
    #expect(try parse("show route \(options)") == .showRoute(query), "\(options)")
  }

  @Test func `show route takes its options in any order`() throws {
    try route("") { _ in }
    try route("2001:db8::/32 all") {
      $0.target = .exact(prefix("2001:db8::/32"))
      $0.detail = .all
    }
    try route("10.0.0.0:255.0.0.0") { $0.target = .exact(prefix("10.0.0.0/8")) }
    try route("count for 2001:db8::1 prim") {
      $0.target = .matching(prefix("2001:db8::1/128"))
      $0.counting = .count
      $0.isPrimaryOnly = true
    }
    try route("in 10.0.0.0/8 stats filtered") {
      $0.target = .within(prefix("10.0.0.0/8"))
      $0.counting = .stats
      $0.isFilteredOnly = true
    }
    try route("table a table all import table P.ipv6 export table P.ipv4") {
      let names = ["ipv6", "ipv4"].map { RouteQuery.ChannelName(protocol: "P", channel: $0) }
      $0.tables = [.named("a"), .all, .imported(names[0]), .exported(names[1])]
    }
    try route("protocol ST preexport 'P'") {
      $0.protocol = "ST"
      $0.export = .init(mode: .preexport, channel: .init(protocol: "P", channel: nil))
    }
    try route("exported P.ipv6") { $0.export = .init(mode: .exported, channel: .init(protocol: "P", channel: "ipv6")) }
    try route("proto ST noexp P") {
      $0.protocol = "ST"
      $0.export = .init(mode: .noexport, channel: .init(protocol: "P", channel: nil))
    }
  }

  @Test func `filters are handed on as they stand, up to the next option`() throws {
    try route("filter foo all") {
      $0.condition = .filter(named: "foo")
      $0.detail = .all
    }
    try route("filter { if net ~ [ 10.0.0.0/8+ ] then { print \"}\"; accept; } reject; } count") {
      $0.condition = .inlineFilter("{ if net ~ [ 10.0.0.0/8+ ] then { print \"}\"; accept; } reject; }")
      $0.counting = .count
    }
    try route("where ifname ~ \"eth* all\" && (1 + all > 2) primary all") {
      $0.condition = .term("ifname ~ \"eth* all\" && (1 + all > 2)")
      $0.isPrimaryOnly = true
      $0.detail = .all
    }
    try route("where net ~ [ 2001:db8::/32{48,64} ] table master") {
      $0.condition = .term("net ~ [ 2001:db8::/32{48,64} ]")
      $0.tables = [.named("master")]
    }
    try route("where bgp_path.len > 3 protocol IBGP") {
      $0.condition = .term("bgp_path.len > 3")
      $0.protocol = "IBGP"
    }
    try route("where ! defined(bgp_med) # all") { $0.condition = .term("! defined(bgp_med)") }
  }

  @Test(arguments: [
    ("bogus", "9001 syntax error"), ("show", "9001 syntax error"), ("", "9001 syntax error"), ("enable", "9001 syntax error"),
    ("show route bogus", "9001 IP address expected"), ("show route 2001:db8::1/48", "9001 Invalid prefix"),
    ("show route 10.0.0.0/33", "9001 Invalid prefix"), ("show route 2001:db8::", "9001 syntax error"),
    ("show route 10.0.0.0/8 11.0.0.0/8", "9001 Only one prefix expected"),
    ("show route for ::/0 for ::/0", "9001 Only one prefix expected"),
    ("show route filter a where b", "9001 Filter specified twice"), ("show route where", "9001 syntax error"),
    ("show route filter { accept;", "9001 syntax error"), ("show route where \"x", "9001 Unterminated string"),
    ("show route export A noexport B", "9001 Protocol specified twice"),
    ("show route protocol A protocol B", "9001 Protocol specified twice"),
    ("show rip neighbors", "9001 There is no RIP protocol running"), ("show babel entries", "9001 There is no Babel protocol running"),
    ("show roa as", "9001 syntax error"), ("show roa 10.0.0.0/8 in ::/0", "9001 syntax error"),
    ("add roa ::/0 max 48 as 5", "9001 No ROA table defined"),
    ("mrtdump P bogus", "9001 syntax error"), ("mrtdump P { routes }", "9001 syntax error"),
    ("mrt dump", "9001 MRT dumps of tables are not supported"),
    ("echo all", "9001 Echoing of log messages is not supported"), ("debug P bogus", "9001 syntax error"),
    ("debug P {", "9001 syntax error"),
    ("down now", "9001 syntax error"), ("configure timeout x", "9001 syntax error"), ("json down", "9001 No JSON form of this command"),
    ("show s", "9001 Ambiguous command, possible expansions are: show status, show symbols, show static"),
    ("'show' status", "9001 syntax error"),
  ])
  func `what is wrong is said as BIRD says it`(line: String, message: String) { #expect(error(line) == message) }

  @Test func `2.x says which token it did not expect`() {
    #expect(error("show route 2001:db8::", .bird2) == "9001 syntax error, unexpected END, expecting '/'")
    #expect(
      error("show route 2001:db8::1/48", .bird2) == "9001 Invalid IPv6 prefix 2001:db8::1/48, maybe you wanted 2001:db8::/48")
    #expect(error("enable", .bird2) == "9001 syntax error, unexpected END")
    #expect(error("show route export A export B", .bird2) == "9001 Export specified twice")
  }

  @Test func `json before a command asks for the other form`() throws {
    #expect(try CommandParser.parse("json show route all", .bird1).form == .json)
    #expect(try CommandParser.parse("show route all", .bird1).form == .text)
  }

  @Test(arguments: [
    ("sh proto", ClientCommand.send("show protocols")), ("sh pro a", .send("show protocols all")), ("sh r", .send("show route")),
    ("sh ro 10.0.0.0/8  all", .send("show route 10.0.0.0/8  all")), ("sh os n P \"e*\"", .send("show ospf neighbors P \"e*\"")),
    ("conf", .send("configure")), ("conf s", .ambiguous([])), ("disable \"V*\"", .send("disable \"V*\"")), ("bogus", .unknown),
    ("show", .unknown),
    ("", .empty), ("  ", .empty), ("quit", .quit), ("exit", .quit), ("help", .help([])), ("show os ?", .help(["show", "os"])),
    ("d", .ambiguous([])),
  ])
  func `the client spells out abbreviations`(line: String, expected: ClientCommand) {
    let command = ClientCommand(line)
    if case .ambiguous = expected {
      guard case .ambiguous(let commands) = command else { return #expect(Bool(false), "\(command)") }
      #expect(commands.count > 1)
    } else {
      #expect(command == expected)
    }
  }

  @Test func `every command of the tree is reached by its own words`() {
    for command in CommandTree.commands {
      #expect(CommandTree.match(command.path, .keywordsFirst) == .command(command, words: command.path.count))
    }
  }

  @Test func `words are completed as far as they agree`() {
    #expect(CommandTree.complete("sh pro").line == "show protocols ")
    #expect(CommandTree.complete("show s").line == "show s")
    #expect(CommandTree.complete("show st").candidates == ["status", "static"])
    #expect(CommandTree.complete("show st").line == "show stat")
    #expect(CommandTree.complete("show route ").line == "show route ")
    #expect(CommandTree.complete("bogus x").line == "bogus x")
    #expect(CommandTree.complete("").candidates.contains("show"))
  }

  @Test func `a line is edited, recalled and completed`() {
    var editor = LineEditor()
    func type(_ text: String) -> LineEditor.Effect { Array(text.utf8).reduce(.none) { _, byte in editor.handle(byte) } }
    #expect(type("sh pro\t") == .redraw)
    #expect(editor.line == "show protocols ")
    #expect(type("ü\u{7f}x\u{17}all\r") == .line("show protocols all"))
    #expect(type("\u{1b}[A") == .redraw)
    #expect(editor.line == "show protocols all")
    #expect(type("\u{1b}[D\u{1b}[D\u{1b}[3~") == .redraw)
    #expect(editor.line == "show protocols al" && editor.textAfterCursor == 1)
    #expect(type("\u{03}show st\t") == .redraw)
    #expect(type("\t") == .show(["status  static"]))
    #expect(type("\u{15}show protocols \"a?") == .redraw)
    #expect(editor.line.hasSuffix("a?"))
    #expect(type("\u{15}bogus ?") == .show([ClientCommand.unknownText]))
    #expect(type("\u{15}\u{04}") == .end)
  }
}
