import RouteCore
import Testing

@testable import BFD

@Suite("Control packets")
struct PacketTests {
  /// Up, Poll, "neighbor signaled session down", 5 × 100 ms / 10 ms.
  static let wire = hex("23 e0 05 18 11223344 55667788 000186a0 00002710 00000000")
  static var packet: ControlPacket {
    var packet = ControlPacket()
    packet.diagnostic = .neighborSignaledSessionDown
    packet.state = .up
    packet.flags = .poll
    packet.detectMultiplier = 5
    packet.myDiscriminator = 0x1122_3344
    packet.yourDiscriminator = 0x5566_7788
    packet.desiredMinTxInterval = 100_000
    packet.requiredMinRxInterval = 10_000
    return packet
  }

  @Test("RFC 5880 §4.1: a packet is written as drawn there")
  func written() {
    var writer = WireWriter()
    PacketTests.packet.encode(into: &writer)
    #expect(writer.bytes == PacketTests.wire)
  }

  @Test("RFC 5880 §4.1: and read, whatever follows it in its datagram")
  func read() throws {
    #expect(try ControlPacket(PacketTests.wire.span.bytes) == PacketTests.packet)
    let longer = PacketTests.wire + [1, 2, 3]
    #expect(try ControlPacket(longer.span.bytes) == PacketTests.packet)
  }

  @Test(
    "RFC 5880 §6.8.6: what makes a packet useless",
    arguments: [
      (0, "43", "version mismatch (2)"), (2, "00", "invalid detect mult (0)"), (3, "17", "length mismatch (23)"),
      (3, "19", "length mismatch (25)"), (1, "e1", "invalid flags (33)"), (1, "f0", "invalid flags (48)"),
      (4, "00000000", "invalid my discriminator (0)"), (8, "00000000", "invalid init state (3)"), (1, "c4", "length mismatch (24)"),
    ])
  func refused(place: Int, bytes: String, problem: String) {
    var wire = PacketTests.wire
    let other = hex(bytes)
    wire.replaceSubrange(place..<place + other.count, with: other)
    #expect(said(wire) == problem)
  }

  @Test("every shorter packet is too short")
  func truncated() {
    for count in 0..<ControlPacket.size { #expect(said(Array(PacketTests.wire.prefix(count))) == "too short (\(count))") }
  }

  private func said(_ bytes: [UInt8]) -> String {
    do throws(PacketProblem) {
      _ = try ControlPacket(bytes.span.bytes)
      return ""
    } catch {
      return error.description
    }
  }
}
