import Testing

@testable import Configuration
@testable import RouteCore

/// Reads definitions, then a filter body, and runs it.
struct Filter {
  let program: PolicyProgram

  /// The messages of what was refused.
  struct Refused: Error, CustomStringConvertible {
    var diagnostics: [Diagnostic]
    var description: String { diagnostics.map(\.description).joined(separator: "\n") }
    /// `line:column: message` of the first.
    var first: String { diagnostics.first.map { "\($0.location.line):\($0.location.column): \($0.message)" } ?? "" }
  }

  /// `text` is a whole file of definitions; the last filter of it is taken.
  init(file text: String, _ dialect: Dialect = .bird2) throws {
    let parser = Filter.parser(text, dialect)
    while !parser.isAtEnd {
      let start = parser.position
      do {
        switch parser.peek.symbol {
        case "filter": try parser.parseFilterDefinition()
        case "function": try parser.parseFunctionDefinition()
        case "attribute":
          try parser.parseAttributeDefinition()
          try parser.expectSemicolon()
        case "define":
          parser.advance()
          let (name, token) = try parser.expectSymbol("a name")
          try parser.expect(.equal)
          parser.define(name, as: .constant(try parser.parseConstantTerm()), at: token)
          try parser.expectSemicolon()
        default: throw parser.unexpected("a definition")
        }
      } catch {
        parser.recover(from: start)
      }
    }
    let errors = parser.diagnostics.filter { $0.severity == .error }
    let filters = parser.symbols.globals.compactMap { if case .filter(let filter) = $0.symbol { filter } else { nil } }
    guard errors.isEmpty, let last = filters.last else { throw Refused(diagnostics: errors) }
    program = last.program
  }

  /// A body between braces.
  init(_ body: String, _ dialect: Dialect = .bird2) throws { try self.init(file: "filter test {\n\(body)\n}", dialect) }

  static func parser(_ text: String, _ dialect: Dialect) -> Parser {
    var lexer = Lexer(provider: MemorySources(["t.conf": text]))
    lexer.tokenize("t.conf")
    lexer.fit(dialect)
    return Parser(tokens: lexer.tokens, sources: lexer.sources, dialect: dialect, diagnostics: lexer.diagnostics)
  }

  func run(_ route: inout PolicyRoute) -> PolicyVerdict {
    var interpreter = PolicyInterpreter()
    return interpreter.run(program, on: &route)
  }

  func run(_ route: PolicyRoute = .example) -> PolicyVerdict {
    var route = route
    return run(&route)
  }

  /// What it prints, and the verdict.
  func output(_ route: PolicyRoute = .example) -> ([String], PolicyVerdict) {
    var route = route
    var interpreter = PolicyInterpreter()
    let verdict = interpreter.run(program, on: &route)
    return (interpreter.takeOutput(), verdict)
  }
}

/// What `eval TERM` answers, or the first message.
func eval(_ term: String, _ dialect: Dialect = .bird2) -> String {
  let parser = Filter.parser(term, dialect)
  do {
    let text = try parser.parseEvaluated().text
    guard parser.isAtEnd, !parser.hasErrors else { throw ParseFailure() }
    return text
  } catch {
    return parser.diagnostics.first?.message ?? "more follows"
  }
}

/// Whether the term is true for the example route; nil if it fails.
func holds(_ term: String, _ dialect: Dialect = .bird2, _ route: PolicyRoute = .example) throws -> Bool? {
  let parser = Filter.parser(term, dialect)
  let program: PolicyProgram
  do { program = try parser.parseWhere() } catch { throw Filter.Refused(diagnostics: parser.diagnostics) }
  guard !parser.hasErrors, parser.isAtEnd else { throw Filter.Refused(diagnostics: parser.diagnostics) }
  var route = route
  var interpreter = PolicyInterpreter()
  switch interpreter.run(program, on: &route) {
  case .accept: return true
  case .reject: return false
  case .failed: return nil
  }
}

/// The first message about the term, `column: text`, or nil if it is fine.
func refusal(_ term: String, _ dialect: Dialect = .bird2) -> String? {
  do {
    _ = try holds(term, dialect)
    return nil
  } catch {
    return (error as? Filter.Refused)?.first
  }
}

func path(_ segments: (UInt8, [UInt32])...) -> [UInt8] {
  var writer = WireWriter()
  for (type, asns) in segments {
    writer.u8(type)
    writer.u8(UInt8(asns.count))
    for asn in asns { writer.u32(asn) }
  }
  return writer.bytes
}

func words(_ values: UInt32...) -> [UInt8] {
  var writer = WireWriter()
  for value in values { writer.u32(value) }
  return writer.bytes
}

extension PolicyRoute {
  /// A BGP route as an EBGP peer would send it.
  static var example: PolicyRoute {
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.from = IPAddress("2001:db8::1") ?? .unspecified
    header.origin = .igp
    header.med = 10
    header.flags = [.hasOrigin, .hasMED, .external]
    header.pathLength = 4
    header.neighborAS = 65001
    var attributes = RouteAttributes(header)
    attributes.set(.asPath, flags: 0x40, RouteFilterFixture.path)
    attributes.set(.nextHop, flags: 0x40, IPAddress("2001:db8::1")?.bytes ?? [])
    attributes.set(.communities, flags: 0xc0, words(65001 << 16 | 100, 65001 << 16 | 200))
    attributes.set(.extendedCommunities, flags: 0xc0, words(0x0002_000a, 20))
    attributes.set(.largeCommunities, flags: 0xc0, words(65001, 1, 2))
    var route = PolicyRoute(prefix: Prefix("2001:db8:1::/48") ?? Prefix(.unspecified, 0), attributes: attributes, protocolName: "bgp_up1")
    route.gateway = IPAddress("fe80::1") ?? .unspecified
    route.interfaceName = "eth1"
    route.interfaceIndex = 3
    route.nextHopCount = 1
    return route
  }
}

enum RouteFilterFixture {
  /// 65001 65002 { 65003 65004 } 65005
  static var path: [UInt8] { FilterTests.path((2, [65001, 65002]), (1, [65003, 65004]), (2, [65005])) }
}

/// `text` with every `from` replaced.
func swap(_ text: String, _ from: String, _ to: String) -> String {
  var out = ""
  var rest = text[...]
  while !rest.isEmpty {
    if rest.hasPrefix(from) {
      out += to
      rest = rest.dropFirst(from.count)
    } else {
      out.append(rest.removeFirst())
    }
  }
  return out
}
