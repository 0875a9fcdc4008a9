import RouteCore
import Testing

@testable import BGP

/// Path identifiers on the wire (RFC 7911).
@Suite struct AddPathTests {
  /// A session on which both families have path identifiers in both directions, or as `change` says.
  private func session(_ change: (inout PeerConfiguration) -> Void = { _ in }) -> SessionParameters {
    UpdateDecodingTests.both {
      $0.ipv4?.receivesPaths = true
      $0.ipv4?.sendsPaths = true
      $0.ipv6?.receivesPaths = true
      $0.ipv6?.sendsPaths = true
      change(&$0)
    }
  }

  @Test func `the capability names each family once`() {
    var writer = WireWriter()
    Capabilities(session().configuration).write(into: &writer)
    #expect(hexText(writer.bytes).contains(hexText(hex("45 08 0001 01 03 0002 01 03"))))
    let mixed = session {
      $0.ipv4?.sendsPaths = false
      $0.ipv6?.receivesPaths = false
    }
    writer.removeAll()
    Capabilities(mixed.configuration).write(into: &writer)
    #expect(hexText(writer.bytes).contains(hexText(hex("45 08 0001 01 01 0002 01 02"))))
    var read = Capabilities()
    #expect(throws: Never.self) { try read.decode(writer.bytes.span.bytes) }
    #expect(read.addPathReceive == [FamilyCode(.ipv4)] && read.addPathSend == [FamilyCode(.ipv6)])
  }

  @Test func `a direction counts if one side sends and the other receives`() {
    let all = session()
    #expect(all.receivesPaths(.ipv6) && all.sendsPaths(.ipv6))
    let ours = session { $0.ipv6?.sendsPaths = false }
    // The fixture's peer is configured as we are: it does not send either.
    #expect(!ours.receivesPaths(.ipv6) && !ours.sendsPaths(.ipv6))
    #expect(ours.receivesPaths(.ipv4))
  }

  @Test func `announcements and withdrawals of both families arrive with their identifiers`() {
    let announced = UpdateDecodingTests.decode(
      "800e 29 0002 01 10 20010db800ff00000000000000000001 00 00000007 20 20010db8 ffffffff 30 20010db800aa"
        + UpdateDecodingTests.origin + UpdateDecodingTests.path, on: session())
    #expect(announced.lines == ["begin ipv6", "+ 2001:db8::/32 #7", "+ 2001:db8:aa::/48 #4294967295"])
    let withdrawn = UpdateDecodingTests.decode("800f 0c 0002 01 00000007 20 20010db8", on: session())
    #expect(withdrawn.lines == ["- 2001:db8::/32 #7"])
    let classic = UpdateDecodingTests.decode(
      UpdateDecodingTests.origin + UpdateDecodingTests.path + UpdateDecodingTests.hop4, nlri: "00000001 08 0a", withdrawn: "00000002 08 0b",
      on: session())
    #expect(classic.lines == ["- 11.0.0.0/8 #2", "begin ipv4", "+ 10.0.0.0/8 #1"])
  }

  @Test(arguments: ["00", "000000", "00000001", "00000001 20 20010d", "00000001 81 20010db8"])
  func `an identifier without its prefix makes the field unreadable`(field: String) {
    let octets = hex(field).count + 3
    let length = octets < 16 ? "0" + String(octets, radix: 16) : String(octets, radix: 16)
    let result = UpdateDecodingTests.decode("800f \(length) 0002 01 " + field, on: session())
    #expect(result.error == "Invalid network field" && result.lines.isEmpty)
  }

  @Test func `what is written is read again`() throws {
    let session = session()
    let route = try #require(ExportTests.prepared(ExportTests.own(), to: session, .ipv6))
    var writer = WireWriter()
    var updates = UpdateWriter()
    let begun = updates.beginAnnouncing(route, .ipv6, session)
    #expect(begun)
    let prefixes = (0..<3000).map { Prefix(IPAddress(high: 0x2001_0db8 << 32 | UInt64($0 / 3), low: 0), 64, .ipv6) }
    for (index, prefix) in prefixes.enumerated() { updates.add(prefix, path: UInt32(index % 3) + 10, into: &writer) }
    updates.end(into: &writer)
    updates.beginWithdrawing(.ipv4, session)
    updates.add(prefix("10.0.0.0/8"), path: 5, into: &writer)
    updates.end(into: &writer)
    var decoder = UpdateDecoder()
    decoder.begin(
      SessionParameters(
        configurationB {
          $0.ipv4 = session.configuration.ipv4
          $0.ipv6 = session.configuration.ipv6
        }, endpointsB, open: OpenMessage(session.configuration, capabilities: session.localCapabilities), sent: session.localCapabilities,
        timers: (6, 2)))
    var sink = RecordingSink()
    var offset = 0
    while case .message(_, let range) = MessageHeader.find(in: writer.bytes.span.bytes, at: offset, limit: 4096) {
      #expect(try decoder.decode(writer.bytes[range].span.bytes, sink: &sink) == nil)
      offset = range.upperBound
    }
    #expect(offset == writer.bytes.count)
    let expected = prefixes.enumerated().map { "+ \($1) #\($0 % 3 + 10)" } + ["- 10.0.0.0/8 #5"]
    #expect(sink.lines.filter { !$0.hasPrefix("begin") } == expected)
  }

  @Test func `a change of the option restarts the session`() {
    let old = session().configuration
    var new = old
    new.ipv6?.sendsPaths = false
    #expect(old.needsNewSession(for: new))
  }
}
