import ControlLanguage
import RouteCore
import Testing

@testable import Control

@Suite struct FuzzTests {
  private static let corpus: [[UInt8]] = {
    let commands = CommandTree.commands.map(\.name).joined(separator: "\n")
    let lines =
      "show route for 2001:db8::1 where net ~ [ 10.0.0.0/8+ ] table t all primary export P.ipv6 count\n"
      + "show route filter { if a then accept; \"x}\" } in 10.0.0.0/8\nconfigure soft \"f\" timeout 5\n"
      + "debug all { states, routes }\nshow ospf lsadb area 0.0.0.1 type 0x2001 lsid 1 router 1.1.1.1 self link P\n\r\njson show route\n"
    let replies = "0001 BIRD 1.6.8 ready.\n1007-a\n b\n+log\n0000 \n9001 no\n"
    var attributes = Route("10.0.0.0/8", .bgp, 100, "p", "00:00:00").bgp([1, 2], .igp, from: "10.0.0.1", nextHop: ["10.0.0.1"]).attributes
    attributes.set(.asPath, segment(2, [1, 2]) + segment(1, [3]) + segment(3, [4]) + segment(4, [5]))
    for key in [AttributeKey.communities, .extendedCommunities, .largeCommunities, .clusterList, .aggregator, .kernelPreferredSource] {
      attributes.set(key, flags: 0xc0, [UInt8](repeating: 7, count: 24))
    }
    attributes.set(AttributeKey(.bgp, 99), flags: 0xc0, [1, 2, 3])
    for code in 0..<UInt8(6) { attributes.set(AttributeKey(.custom, code), [1, 2, 3, 4]) }
    return [
      [0] + Array((commands + "\n" + lines).utf8), [1] + Array(lines.utf8), [2] + Array(replies.utf8),
      [3] + Array("sh pro\t?\u{1b}[A\u{1b}[3~ü\u{7f}\r".utf8), [4] + Array("%T.%3f %a %Z %".utf8), [5] + attributes.records,
    ]
  }()

  @Test func `damaged commands, replies, keys, formats and attributes never harm`() {
    var system = SystemRandomNumberGenerator()
    let seed = system.next() as UInt64
    print("fuzz seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    for bytes in Self.corpus { Fuzzing.run(bytes.span.bytes) }
    for round in 0..<3_000 {
      let original = Self.corpus[round % Self.corpus.count]
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &generator) { Self.damage(&bytes, &generator) }
      bytes[0] = original[0]
      Fuzzing.run(bytes.span.bytes)
    }
  }

  private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let place = Int.random(in: 1..<max(bytes.count, 2), using: &generator)
    guard place < bytes.count else { return bytes.append(UInt8.random(in: 0...255, using: &generator)) }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes.remove(at: place)
    case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    default: bytes.removeLast(bytes.count - place)
    }
  }
}
