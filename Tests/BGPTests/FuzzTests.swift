import RouteCore
import Testing

@testable import BGP

@Suite struct FuzzTests {
  /// Valid input for each entry of `Fuzzing.run`, to be damaged.
  private static func corpus() -> [[UInt8]] {
    let open = Array(Bench.open { $0.enableExtendedMessages = true }.dropFirst(MessageHeader.size))
    let attributes =
      UpdateDecodingTests.reach + UpdateDecodingTests.origin + "400210 0202 0000fdea fa56ea00 0101 00000001" + UpdateDecodingTests.hop4
      + "800404 0000000a 400504 00000064 400600 c00708 0000fdea 01020304 c00808 fde90001 00010002 800904 01020304 800a04 05050505"
      + "c01008 0002fde900000064 c0200c 00000001 00000002 00000003 e063 02 beef 800f 08 0002 01 20 20010db9"
    let list = hex(attributes)
    let update = hex("0003 10 ac10") + [UInt8(list.count >> 8), UInt8(list.count & 255)] + list + hex("18 c63364 08 0a 00")
    let old = hex(
      "0000 002a" + UpdateDecodingTests.origin + UpdateDecodingTests.hop4
        + "400206 0202 fdea 5ba0 c0110a 0202 0000fdea fa56ea00 c00706 5ba0 01020304 08 0a")
    let notification = Array(Notification.cease(.administrativeShutdown, message: "gone").encoded.dropFirst(MessageHeader.size))
    let stream = message(.update, update) + MessageHeader.keepalive + RouteRefresh(.ipv6).encoded + message(.update, hex("0000 0000"))
    return [
      [0] + open, [1] + update, [2] + update, [3] + old, [3] + update, [4] + hex("00020001"), [5] + notification, [6] + stream,
      [6] + stream,
    ]
  }

  @Test func `Damaged messages never harm`() {
    var system = SystemRandomNumberGenerator()
    let seed = system.next() as UInt64
    print("fuzz seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let corpus = Self.corpus()
    for bytes in corpus { Fuzzing.run(bytes.span.bytes) }
    for round in 0..<20_000 {
      var bytes = corpus[round % corpus.count]
      for _ in 0..<Int.random(in: 1...6, using: &generator) { Self.damage(&bytes, &generator) }
      bytes[0] = corpus[round % corpus.count][0]
      Fuzzing.run(bytes.span.bytes)
    }
  }

  @Test func `The undamaged messages are understood`() throws {
    let bytes = Array(Self.corpus()[2].dropFirst())
    var decoder = UpdateDecoder()
    decoder.begin(UpdateDecodingTests.inside())
    var sink = RecordingSink()
    #expect(try decoder.decode(bytes.span.bytes, sink: &sink) == nil)
    #expect(sink.lines.filter { $0.hasPrefix("+") }.count == 4)
    let old = Array(Self.corpus()[3].dropFirst())
    decoder.begin(UpdateDecodingTests.twoOctets())
    #expect(try decoder.decode(old.span.bytes, sink: &sink) == nil)
    #expect(sink.lines.last == "+ 10.0.0.0/8")
  }

  /// Flips, overwrites, inserts, removes, repeats or cuts; never empties.
  private static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 2: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][Int.random(in: 0..<5, using: &generator)]
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 4: if bytes.count > 2 { bytes.remove(at: place) }
    case 5:
      let end = min(bytes.count, place + Int.random(in: 1...16, using: &generator))
      bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    default: if place > 1 { bytes.removeSubrange(place...) }
    }
  }
}
