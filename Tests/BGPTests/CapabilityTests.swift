import RouteCore
import Testing

@testable import BGP

@Suite struct CapabilityTests {
  private static let all = Capabilities(
    configurationA {
      $0.ipv4 = ChannelOptions()
      $0.ipv4?.extendedNextHop = true
      $0.ipv6?.receivesPaths = true
      $0.enableEnhancedRefresh = true
      $0.enableExtendedMessages = true
      $0.gracefulRestart = .yes
      $0.longLivedGracefulRestart = .yes
      $0.localRole = .provider
      $0.advertiseHostname = true
      $0.hostname = "a"
    }, isRecovering: true)

  @Test func `each is written as its RFC says, and read again`() throws {
    var writer = WireWriter()
    Self.all.write(into: &writer)
    let expected =
      "0104 0001 00 01  0104 0002 00 01  0200  0506 0001 0001 0002  0901 00  400a 8078 0001 01 80 0002 01 80  4104 0000fde9  "
      + "4504 0002 01 01  4600  0600  470e 0001 01 80000e10 0002 01 80000e10  4903 01 61 00"
    #expect(hexText(writer.bytes) == hexText(hex(expected)))
    var read = Capabilities()
    try read.decode(writer.bytes.span.bytes)
    #expect(read == Self.all)
  }

  @Test func `each says what it is, in three languages`() {
    let shown = Self.all.descriptions
    #expect(shown.map { $0.code } == [1, 2, 5, 9, 64, 65, 69, 70, 6, 71, 73])
    #expect(
      shown.map { $0.words } == [
        [], ["refresh"], [], [], ["restart-able"], ["AS4"], ["add-path-rx"], ["enhanced-refresh"], ["ext-messages"], ["llgr-able"], [],
      ])
    #expect(
      shown.map { $0.lines } == [
        ["Multiprotocol", "  AF announced: ipv4 ipv6"], ["Route refresh"], ["Extended next hop", "  IPv6 nexthop: ipv4"],
        ["Role: provider"],
        ["Graceful restart", "  Restart time: 120", "  Restart recovery", "  AF supported: ipv4 ipv6", "  AF preserved: ipv4 ipv6"],
        ["4-octet AS numbers"], ["ADD-PATH", "  RX: ipv6", "  TX:"], ["Enhanced refresh"], ["Extended message"],
        ["Long-lived graceful restart", "  LL stale time: 3600", "  AF supported: ipv4 ipv6", "  AF preserved: ipv4 ipv6"], ["Hostname: a"],
      ])
    #expect(
      shown.flatMap { $0.members }.map { $0.name } == [
        "multiprotocol", "route_refresh", "extended_next_hop", "role", "graceful_restart", "as4", "add_path_rx", "add_path_tx",
        "enhanced_refresh", "extended_message", "long_lived_graceful_restart", "hostname",
      ])
  }

  @Test func `what is not there is nothing, or false or empty in JSON`() {
    let shown = Capabilities().descriptions
    #expect(shown.allSatisfy { $0.words.isEmpty && $0.lines.isEmpty })
    #expect(
      shown.flatMap { $0.members } == [
        .init("multiprotocol", .list([])), .init("route_refresh", .flag(false)), .init("extended_next_hop", .list([])),
        .init("as4", .flag(false)), .init("add_path_rx", .list([])), .init("add_path_tx", .list([])),
        .init("enhanced_refresh", .flag(false)), .init("extended_message", .flag(false)),
      ])
  }

  @Test func `RFC 9234 4.2, 8: roles that differ and the reserved one are refused`() {
    func refused(_ text: String) -> Bool {
      var capabilities = Capabilities()
      do throws(Notification) { try capabilities.decode(hex(text).span.bytes) } catch { return true }
      return false
    }
    #expect(refused("0901 00 0901 01") && refused("0901 ff"))
    #expect(!refused("0901 00 0901 00") && !refused("0902 00ff"))
  }
}
