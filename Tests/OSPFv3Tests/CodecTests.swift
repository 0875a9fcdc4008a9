import OSPFv3
import RouteCore
import Testing

@Suite struct CodecTests {
  static func bytes(_ hex: String) -> [UInt8] {
    let digits = Array(hex.utf8)
    return stride(from: 0, to: digits.count - 1, by: 2).map { at in
      func value(_ digit: UInt8) -> UInt8 { digit < 58 ? digit - 48 : digit - 87 }
      return value(digits[at]) << 4 | value(digits[at + 1])
    }
  }

  /// Decodes a packet and encodes it again.
  private func again(_ bytes: [UInt8]) throws -> [UInt8] {
    let header = try PacketHeader.decode(bytes.span.bytes)
    let body = bytes.span.bytes.extracting(PacketHeader.size..<Int(header.length))
    var writer = WireWriter()
    header.encode(into: &writer)
    switch header.type {
    case .hello: try HelloPacket.decode(body).encode(into: &writer)
    case .databaseDescription: try DatabaseDescriptionPacket.decode(body).encode(into: &writer)
    case .linkStateRequest: try LinkStateRequestPacket.decode(body).encode(into: &writer)
    case .linkStateUpdate: try LinkStateUpdatePacket.decode(body).encode(into: &writer)
    case .linkStateAcknowledgment: try LinkStateAcknowledgmentPacket.decode(body).encode(into: &writer)
    }
    // The checksum is the kernel's.
    writer.patch(UInt16(bytes[12]) << 8 | UInt16(bytes[13]), at: 12)
    return writer.bytes
  }

  @Test(
    arguments: Fixtures.hello + Fixtures.databaseDescription + Fixtures.linkStateRequest + Fixtures.linkStateUpdate
      + Fixtures.linkStateAcknowledgment)
  func `recorded packets are decoded and encoded to the same bytes`(hex: String) throws {
    let bytes = Self.bytes(hex)
    #expect(try again(bytes) == bytes)
  }

  @Test(arguments: Fixtures.lsas)
  func `recorded LSAs have a right checksum, and their bodies come out as they went in`(hex: String) throws {
    let bytes = Self.bytes(hex)
    let isValid = LSAEncoding.isChecksumValid(bytes.span.bytes)
    #expect(isValid)
    let decoded = LSAHeader(bytes.span.bytes)
    let header = try #require(decoded)
    var writer = WireWriter()
    switch try #require(DecodedLSA(bytes, header.type)) {
    case .router(let lsa): lsa.encode(into: &writer)
    case .network(let lsa): lsa.encode(into: &writer)
    case .interAreaPrefix(let lsa): lsa.encode(into: &writer)
    case .interAreaRouter(let lsa): lsa.encode(into: &writer)
    case .asExternal(let lsa), .nssa(let lsa): lsa.encode(into: &writer)
    case .link(let lsa): lsa.encode(into: &writer)
    case .intraAreaPrefix(let lsa): lsa.encode(into: &writer)
    case .grace(let lsa): lsa.encode(into: &writer)
    }
    #expect(LSAEncoding.lsa(header, body: writer.bytes) == bytes)
  }

  @Test func `a Hello is what RFC 5340 A.3.2 draws`() throws {
    let bytes = Self.bytes(Fixtures.hello[2])
    let header = try PacketHeader.decode(bytes.span.bytes)
    #expect(header == PacketHeader(type: .hello, length: 40, routerID: RouterID("10.0.0.3")!, areaID: RouterID("0.0.0.1")!, instanceID: 0))
    let hello = try HelloPacket.decode(bytes.span.bytes.extracting(droppingFirst: PacketHeader.size))
    #expect(hello.interfaceID == 2)
    #expect(hello.priority == 1)
    #expect(hello.options == [.v6, .e, .r])
    #expect(hello.helloInterval == 2)
    #expect(hello.deadInterval == 8)
    #expect(hello.neighbors == [RouterID("10.0.0.2")!])
  }

  @Test func `an external with forwarding address, tag and referenced LSA keeps all three`() throws {
    let lsa = ASExternalLSA(
      isType2: true, metric: 0x123456, prefix: LSAPrefix(try #require(Prefix("2001:db8:1:2::/63")), options: [.p], field: 0x2001),
      forwardingAddress: IPAddress("2001:db8::7"), tag: 0xdead_beef, referencedLinkStateID: 9)
    var writer = WireWriter()
    lsa.encode(into: &writer)
    let expected = "07123456" + "3f082001" + "20010db800010002" + "20010db8000000000000000000000007" + "deadbeef" + "00000009"
    #expect(writer.bytes == Self.bytes(expected))
    let decoded = try ASExternalLSA.decode(writer.bytes.span.bytes)
    #expect(decoded == lsa)
  }

  @Test func `prefixes of every length survive`() throws {
    let address = try #require(IPAddress("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"))
    for length in UInt8(0)...128 {
      let prefix = LSAPrefix(Prefix(address, length, .ipv6), options: .la, field: 7)
      var writer = WireWriter()
      prefix.encode(into: &writer)
      #expect(writer.count == prefix.size)
      var reader = WireReader(writer.bytes.span.bytes)
      let decoded = try LSAPrefix.decode(&reader)
      let rest = reader.remaining
      #expect(decoded == prefix)
      #expect(rest == 0)
    }
  }

  @Test(arguments: [
    (UInt16(0x2001), LSAType.FloodingScope.area), (0x0008, .link), (0x4005, .autonomousSystem), (0xa011, .area),
    (0xc011, .autonomousSystem),
    (0x2011, .link), (0x4011, .link), (0x8011, .link),
  ])
  func `unknown types are flooded by scope only with the U-bit`(type: UInt16, scope: LSAType.FloodingScope) {
    #expect(LSAType(rawValue: type).floodingScope == scope)
  }

  @Test func `the reserved scope is none`() { #expect(LSAType(rawValue: 0xe001).floodingScope == nil) }

  @Test func `every truncation of every recorded packet is refused or read, never a crash`() {
    let all =
      Fixtures.hello + Fixtures.databaseDescription + Fixtures.linkStateRequest + Fixtures.linkStateUpdate
      + Fixtures.linkStateAcknowledgment
    for hex in all {
      let bytes = Self.bytes(hex)
      for length in 0..<bytes.count {
        var short = Array(bytes[..<length])
        Fuzzing.decode(short)
        if short.count >= 4 {
          short[2] = UInt8(length >> 8)
          short[3] = UInt8(length & 0xff)
          Fuzzing.decode(short)
        }
      }
    }
    #expect(!Fuzzing.decode([]))
  }

  @Test func `the more recent instance is told by sequence number, checksum, MaxAge and age`() {
    let base = LSAHeader(
      age: 10, type: .router, linkStateID: 0, advertisingRouter: RouterID(rawValue: 1), sequenceNumber: 5, checksum: 100, length: 24)
    func compare(_ change: (inout LSAHeader) -> Void) -> LSAHeader.Recency {
      var other = base
      change(&other)
      return other.recency(comparedTo: base)
    }
    #expect(compare { $0.sequenceNumber = 6 } == .newer)
    #expect(compare { $0.sequenceNumber = Constants.initialSequenceNumber } == .older)
    #expect(compare { $0.checksum = 99 } == .older)
    #expect(compare { $0.age = 3600 } == .newer)
    #expect(compare { $0.age = 910 } == .same)
    #expect(compare { $0.age = 911 } == .older)
    #expect(compare { $0.age = 20 } == .same)
  }
}
