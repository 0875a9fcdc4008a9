// What a filter costs per route: compiles each file of filters/ and runs its last filter over a fixed mix of routes.
//
//   swift run -c release FilterBenchmark filters/lab.conf filters/transit.conf filters/routeserver.conf

import Configuration
import RouteCore

final class Files: SourceProvider {
  func read(_ path: String) throws(SourceError) -> [UInt8] {
    guard let bytes = slurp(path) else { throw SourceError(reason: "cannot be read") }
    return bytes
  }
  func glob(_ pattern: String) throws(SourceError) -> [String] { [] }
}

func program(in path: String) -> PolicyProgram? {
  var lexer = Lexer(provider: Files())
  lexer.tokenize(path)
  let parser = Parser(tokens: lexer.tokens, sources: lexer.sources, dialect: .bird2, diagnostics: lexer.diagnostics)
  do {
    while !parser.isAtEnd {
      switch parser.peek.symbol {
      case "define":
        parser.advance()
        let (name, token) = try parser.expectSymbol("a name")
        try parser.expect(.equal)
        parser.define(name, as: .constant(try parser.parseConstantTerm()), at: token)
        try parser.expectSemicolon()
      case "function": try parser.parseFunctionDefinition()
      default: try parser.parseFilterDefinition()
      }
    }
  } catch {}
  for diagnostic in parser.diagnostics { print(diagnostic) }
  guard !parser.hasErrors, case .filter(let filter) = parser.symbols.globals.last?.symbol else { return nil }
  return filter.program
}

/// Routes as a peer of a route server sends them: paths of 2 to 7 hops, 2 to 9 communities.
func routes(_ count: Int) -> [PolicyRoute] {
  var random = SeededGenerator(seed: 42)
  func word(_ writer: inout WireWriter, _ value: UInt32) { writer.u32(value) }
  return (0..<count).map { _ in
    var header = AttributeHeader(source: .bgp, preference: 100)
    header.flags = [.hasOrigin, .external]
    header.origin = .igp
    var attributes = RouteAttributes(header)
    var path = WireWriter()
    let hops = UInt8.random(in: 2...7, using: &random)
    path.u8(2)
    path.u8(hops)
    for _ in 0..<hops { path.u32(UInt32.random(in: 10_000..<60_000, using: &random)) }
    attributes.set(.asPath, flags: 0x40, path.bytes)
    var nextHop = WireWriter()
    nextHop.ipv6(IPAddress(high: 0x2001_0db8_0000_0000, low: 1))
    attributes.set(.nextHop, flags: 0x40, nextHop.bytes)
    var communities = WireWriter()
    for _ in 0..<Int.random(in: 2...9, using: &random) { communities.u32(UInt32.random(in: 0x2710_0000..<0xfc00_0000, using: &random)) }
    attributes.set(.communities, flags: 0xc0, communities.bytes)
    if Bool.random(using: &random) {
      var large = WireWriter()
      for word in [UInt32(50_000), 1, 2] { large.u32(word) }
      attributes.set(.largeCommunities, flags: 0xc0, large.bytes)
    }
    let address = IPAddress(high: 0x2400_0000_0000_0000 | random.next() >> 8, low: 0)
    var route = PolicyRoute(prefix: Prefix(address, UInt8.random(in: 32...48, using: &random), .ipv6), attributes: attributes)
    route.interfaceName = Bool.random(using: &random) ? "eth1" : "vti12"
    route.interfaceIndex = 4
    return route
  }
}

let samples = routes(1000)
let rounds = 200

for path in CommandLine.arguments.dropFirst() {
  guard let program = program(in: path) else { continue }
  var interpreter = PolicyInterpreter()
  var route = samples[0]
  var figures: [Double] = []
  var accepted = 0
  for _ in 0..<5 {
    // What the channel does anyway, filling the route, is measured apart and taken off.
    let start = cpuTime()
    for _ in 0..<rounds { for index in samples.indices { refill(&route, samples[index]) } }
    let filled = cpuTime()
    accepted = 0
    for _ in 0..<rounds {
      for index in samples.indices {
        refill(&route, samples[index])
        if interpreter.run(program, on: &route) == .accept { accepted += 1 }
      }
    }
    let end = cpuTime()
    figures.append(((end - filled) - (filled - start)) / Double(rounds * samples.count))
  }
  print(path, "\(Int(figures.sorted()[2])) ns CPU per route (median of 5), \(accepted / rounds) of \(samples.count) accepted")
}

@inline(never)
func refill(_ route: inout PolicyRoute, _ sample: PolicyRoute) {
  route.prefix = sample.prefix
  route.attributes.assign(sample.attributes.header, sample.attributes.records.span.bytes)
  route.interfaceName = sample.interfaceName
}
