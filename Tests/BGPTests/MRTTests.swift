import RouteCore
import Testing

@testable import BGP

/// Records of RFC 6396 and RFC 8050, and which of them a session makes.
@Suite struct MRTTests {
  private func record(
    _ content: MRTRecord.Content, as4: Bool = true, paths: Bool = false, _ change: (inout MRTRecord) -> Void = { _ in }
  ) -> String {
    var value = MRTRecord(
      peerAS: 65002, localAS: 65001, interface: 3, peer: address("192.0.2.2"), local: address("192.0.2.1"), fourOctetAS: as4,
      hasPathIdentifiers: paths, content: content)
    change(&value)
    return hexText(value.encoded(at: 0x6543_2100))
  }

  private static let keepalive = "ffffffffffffffffffffffffffffffff" + "001304"

  @Test func `messages of each kind of session have their subtype`() {
    let content = MRTRecord.Content.message(MessageHeader.keepalive)
    let addresses = "0003 0001 c0000202 c0000201"
    #expect(record(content, as4: false) == hexText(hex("65432100 0010 0001 00000023 fdea fde9 \(addresses)" + Self.keepalive)))
    #expect(record(content) == hexText(hex("65432100 0010 0004 00000027 0000fdea 0000fde9 \(addresses)" + Self.keepalive)))
    #expect(record(content, as4: false, paths: true).hasPrefix(hexText(hex("65432100 0010 0008 00000023"))))
    #expect(record(content, paths: true).hasPrefix(hexText(hex("65432100 0010 0009 00000027"))))
  }

  @Test func `what has no room in two octets is AS_TRANS, or 0`() {
    let text = record(.message([]), as4: false) {
      $0.peerAS = 4_200_000_000
      $0.interface = 70_000
      $0.local = nil
    }
    #expect(text == hexText(hex("65432100 0010 0001 00000010 5ba0 fde9 0000 0001 c0000202 00000000")))
  }

  @Test func `state changes always have whole AS numbers, and the codes of RFC 6396`() {
    let text = record(.stateChange(from: .idle, to: .established), as4: false) {
      $0.peer = address("2001:db8::2")
      $0.local = address("2001:db8::1")
    }
    #expect(
      text
        == hexText(
          hex(
            """
            65432100 0010 0005 00000030 0000fdea 0000fde9 0003 0002 20010db8000000000000000000000002 20010db8000000000000000000000001
            0001 0006
            """)))
  }

  /// The records of what was done last, as words.
  private func records(_ bench: Bench) -> [String] {
    bench.output.actions.compactMap {
      guard case .record(let record) = $0 else { return nil }
      switch record.content {
      case .message(let bytes): return "\(record.subtype) \(Bench.describe(bytes)) of \(record.peerAS) at \(record.peer)"
      case .stateChange(let old, let new): return "\(old.name) to \(new.name)"
      }
    }
  }

  @Test func `a session records its states and what it receives`() {
    var bench = Bench(configurationA())
    bench.peer.record(.all)
    _ = bench.at(0, .start)
    #expect(records(bench) == ["Idle to Active"])
    _ = bench.next()
    #expect(records(bench) == ["Active to Connect"])
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    #expect(records(bench) == ["Connect to OpenSent"])
    _ = bench.at(5.1, Bench.out1, receives: Bench.open())
    // Before it is known how long AS numbers are.
    #expect(records(bench) == ["1 OPEN of 65002 at 2001:db8:ff::1", "OpenSent to OpenConfirm"])
    // In two pieces.
    _ = bench.at(5.2, Bench.out1, receives: Array(MessageHeader.keepalive.prefix(7)))
    #expect(records(bench) == [])
    _ = bench.at(5.2, Bench.out1, receives: Array(MessageHeader.keepalive.dropFirst(7)))
    #expect(records(bench) == ["4 KEEPALIVE of 65002 at 2001:db8:ff::1", "OpenConfirm to Established"])
    _ = bench.at(6, .stop(.shutdown("")))
    #expect(records(bench) == ["Established to Idle"])
  }

  @Test func `only what is asked for is recorded, from then on`() {
    var bench = Bench(configurationA())
    _ = bench.at(0, .start)
    #expect(records(bench) == [])
    bench.peer.record(.states)
    _ = bench.next()
    #expect(records(bench) == ["Active to Connect"])
    _ = bench.at(5, .connectionOpened(Bench.out1, endpointsA))
    bench.peer.record(.messages)
    _ = bench.at(5.1, Bench.out1, receives: Bench.open())
    #expect(records(bench) == ["1 OPEN of 65002 at 2001:db8:ff::1"])
    bench.peer.record([])
    _ = bench.at(5.2, Bench.out1, receives: MessageHeader.keepalive)
    #expect(records(bench) == [])
  }

  @Test func `each of two connections has its own states`() {
    var bench = Bench(configurationA { $0.passive = true })
    bench.peer.record(.states)
    _ = bench.at(0, .start)
    #expect(records(bench) == ["Idle to Active"])
    _ = bench.at(1, .accepted(Bench.in7, endpointsA))
    #expect(records(bench) == ["Active to Idle", "Idle to OpenSent"])
    _ = bench.at(2, .connectionClosed(Bench.in7, reason: nil))
    #expect(records(bench) == ["Idle to Active", "OpenSent to Idle"])
  }

  @Test func `path identifiers are looked for in the families that have them`() {
    let mixed = UpdateDecodingTests.both {
      $0.ipv6?.receivesPaths = true
      $0.ipv6?.sendsPaths = true
    }
    func finds(_ body: String, _ session: SessionParameters) -> Bool { session.findsPathIdentifiers(inUpdate: hex(body).span.bytes) }
    let reach6 = "0000 000a 400101 00 800f 03 0002 01"
    #expect(finds(reach6, mixed))
    #expect(finds("0000 000b 400101 00 900f 0003 0002 01", mixed))
    #expect(!finds("0000 0000", mixed))
    #expect(!finds("0000 000a 400101 00 800f 03 0001 01", mixed))
    // Of a family that we do not route, and broken in each place.
    #expect(!finds("0000 000a 400101 00 800f 03 0019 46", mixed))
    for count in 0..<14 { #expect(!finds(hexText(Array(hex(reach6).prefix(count))), mixed)) }
    let all = UpdateDecodingTests.both {
      $0.ipv4?.receivesPaths = true
      $0.ipv4?.sendsPaths = true
      $0.ipv6?.receivesPaths = true
      $0.ipv6?.sendsPaths = true
    }
    #expect(finds("0000 0000", all))
    #expect(!finds(reach6, UpdateDecodingTests.both { _ in }))
  }
}
