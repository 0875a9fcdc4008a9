import RouteCore
import Testing

@testable import Configuration

/// Broken files are normal: whatever is in one, reading it ends, soon, with messages or a configuration.
@Suite(.serialized) struct MutationTests {
  private static let seeds = [bird1Sample, bird2Sample]
  private static let words = [
    "{", "}", ";", "(", ")", "[", "]", "\"", "'", ",", "..", "/", "%", "-", "=", "protocol", "bgp", "ospf", "area", "interface", "import",
    "filter", "where", "ipv6", "include \"x\";\n", "define", "4294967296", "0x", "::", "1.2.3.4", "as", "\n", "/*", "*/", "#", "template",
    "from", "limit", "true", "accept", "if", "then", "function",
  ]

  /// Reads and checks what must hold of any result.
  private func check(_ bytes: [UInt8]) {
    let result = ConfigurationReader.fuzz(bytes)
    if (result.configuration == nil) != result.errors.contains(where: { _ in true }) {
      Issue.record("neither errors nor a configuration: \(String(decoding: bytes, as: UTF8.self))")
    }
    for diagnostic in result.diagnostics
    where diagnostic.location.line < 1 || diagnostic.location.column < 1 || diagnostic.description.isEmpty {
      Issue.record("a message without a place: \(diagnostic)")
    }
  }

  @Test func `the samples themselves are read without a message`() {
    for seed in MutationTests.seeds { #expect(read(seed).diagnostics == []) }
  }

  @Test func `20,000 mutations by bytes and words end in a configuration or in messages`() {
    var random = SeededGenerator(seed: 0x726f_7574_6564)
    // Statements one by one are short, so that many can be tried; the whole files come in every hundredth time.
    let statements = MutationTests.seeds.flatMap { $0.split(separator: "\nprotocol ").map { Array("protocol \($0)".utf8) } }
    for round in 0..<20_000 {
      var bytes =
        round % 100 == 0
        ? Array((MutationTests.seeds.randomElement(using: &random) ?? "").utf8) : statements.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
      check(bytes)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &random)) }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(contentsOf: Array((MutationTests.words.randomElement(using: &random) ?? ";").utf8) + [32], at: place)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...30, using: &random)))
    case 4:
      let copy = Array(bytes[place..<min(bytes.count, place + Int.random(in: 1...40, using: &random))])
      bytes.insert(contentsOf: copy, at: Int.random(in: 0...bytes.count, using: &random))
    default:
      // A whole word becomes another.
      var start = place
      while start > 0, bytes[start - 1] != 32 { start -= 1 }
      let end = bytes[place...].firstIndex(of: 32) ?? bytes.count
      bytes.replaceSubrange(start..<max(start, end), with: Array((MutationTests.words.randomElement(using: &random) ?? ";").utf8))
    }
  }

  @Test func `random bytes are read to their end`() {
    var random = SeededGenerator(seed: 7)
    for length in 0..<400 { check((0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }) }
  }

  @Test func `a long file is read in linear time`() throws {
    let route = (0..<20_000).map { "  route 2001:db8:\(String($0, radix: 16))::/48 via 2001:db8::1;\n" }.joined()
    let clock = ContinuousClock()
    let duration = try clock.measure {
      let result = try configuration("router id 1.1.1.1;\nprotocol static { import all;\n\(route)}\n")
      guard case .static(let routes) = try #require(result.protocols.first).specification else { return }
      #expect(routes.routes.count == 20_000)
    }
    #expect(duration < .seconds(20))
  }
}
