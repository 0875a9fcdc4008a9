import RouteCore
import Testing

@testable import BGP

@Suite struct MessageTests {
  private func body(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.dropFirst(MessageHeader.size)) }

  @Test func `OPEN has the octets of the RFCs, both ways`() throws {
    var configuration = configurationA { configuration in
      configuration.localAS = 4_200_000_000
      configuration.ipv4 = ChannelOptions()
      configuration.enableEnhancedRefresh = true
      configuration.enableExtendedMessages = true
    }
    configuration.holdTime = 90
    let open = OpenMessage(configuration, capabilities: Capabilities(configuration))
    let expected =
      "ffffffffffffffffffffffffffffffff 003d 01" + "04 5ba0 005a 01000001 20" + "021e"
      + "010400010001 010400020001 0200 40020078 4104fa56ea00 4600 0600 4700"
    #expect(hexText(open.encoded) == hexText(hex(expected)))
    let decoded = try OpenMessage(decoding: body(open.encoded).span.bytes)
    #expect(decoded == open)
    #expect(decoded.autonomousSystem == 4_200_000_000)
  }

  @Test func `A host name is announced where asked for, in extended parameters if need be`() throws {
    var configuration = configurationA {
      $0.advertiseHostname = true
      $0.hostname = "rox"
      $0.gracefulRestart = .no
    }
    let open = OpenMessage(configuration, capabilities: Capabilities(configuration))
    let expected =
      "ffffffffffffffffffffffffffffffff 0034 01" + "04 fde9 0006 01000001 17" + "0215" + "010400020001 0200 4104 0000fde9 4905 03 726f78 00"
    #expect(hexText(open.encoded) == hexText(hex(expected)))
    #expect(try OpenMessage(decoding: body(open.encoded).span.bytes) == open)
    #expect(open.capabilities.lines.last == "Hostname: rox")
    // The longest, which does not fit the short form (RFC 9072).
    configuration.hostname = String(repeating: "x", count: Capabilities.longestHostname)
    let long = OpenMessage(configuration, capabilities: Capabilities(configuration))
    #expect(body(long.encoded).dropFirst(9).prefix(7) == [255, 255, 1, 18, 2, 1, 15][...])
    #expect(try OpenMessage(decoding: body(long.encoded).span.bytes) == long)
    configuration.advertiseHostname = false
    #expect(Capabilities(configuration).hostname == nil)
    configuration.advertiseHostname = true
    configuration.hostname = ""
    #expect(Capabilities(configuration).hostname == nil)
  }

  @Test(arguments: Role.allCases)
  func `A role is announced, and only its counterpart accepted`(_ role: Role) throws {
    let local = configurationA { ($0.localRole, $0.gracefulRestart) = (role, .no) }
    let open = OpenMessage(local, capabilities: Capabilities(local))
    #expect(hexText(body(open.encoded)).contains("0901" + hexText([role.rawValue]) + "4104"))
    #expect(try OpenMessage(decoding: body(open.encoded).span.bytes) == open)
    #expect(open.capabilities.lines.last == "Role: \(role.name)")
    for other in Role.allCases {
      let remote = configurationB { $0.localRole = other }
      let message = OpenMessage(remote, capabilities: Capabilities(remote))
      let fits: [Set<Role>] = [[.provider, .customer], [.routeServer, .routeServerClient], [.peer]]
      let agree = fits.contains([role, other])
      #expect(((try? message.check(local)) != nil) == agree, "\(role) and \(other)")
    }
    // Without a role of its own the peer is taken all the same, unless roles are required.
    let silent = OpenMessage(configurationB(), capabilities: Capabilities(configurationB()))
    try silent.check(local)
    let strict = configurationA {
      $0.localRole = role
      $0.requireRoles = true
    }
    #expect(throws: Notification.roleMismatch) { try silent.check(strict) }
  }

  // RFC 9234 §4.2.
  @Test(arguments: [("0901 04", true), ("0901 04 0901 04", true), ("0901 04 0901 03", false), ("0901 ff", false)])
  func `Several roles have to be the same one`(input: (String, Bool)) {
    let list = hex(input.0)
    let message = hex("04 fdea 0006 01000002") + [UInt8(list.count + 2), 2, UInt8(list.count)] + list
    if input.1 {
      #expect((try? OpenMessage(decoding: message.span.bytes))?.capabilities.role == 4)
    } else {
      #expect(throws: Notification.roleMismatch) { try OpenMessage(decoding: message.span.bytes) }
    }
  }

  @Test func `OPEN of another implementation is understood`() throws {
    // Several parameters with one capability each, graceful restart, ADD-PATH, LLGR, a host name, and an unknown capability.
    let parameters = hex(
      "0206 010400020001 0202 0200 0204 4002 0078 0206 4104 0000fdea 0202 4600 0209 4707 000201 00 000e10"
        + "0206 4504 00020103 0206 4904 03 726f78 0204 f002 0102")
    let bytes = hex("04 fdea 0006 01000002") + [UInt8(parameters.count)] + parameters
    let open = try OpenMessage(decoding: bytes.span.bytes)
    #expect(open.capabilities.words == ["refresh", "enhanced-refresh", "restart-aware", "llgr-able", "AS4", "add-path-rx", "add-path-tx"])
    #expect(
      open.capabilities.lines == [
        "Multiprotocol", "  AF announced: ipv6", "Route refresh", "Graceful restart", "4-octet AS numbers", "ADD-PATH", "  RX: ipv6",
        "  TX: ipv6", "Enhanced refresh", "Long-lived graceful restart", "  LL stale time: 3600", "  AF supported: ipv6", "Hostname: rox",
      ])
  }

  @Test func `The extended parameters of RFC 9072 are understood`() throws {
    let open = try OpenMessage(decoding: hex("04 fdea 0006 01000002 ff ff 0009 02 0006 010400020001").span.bytes)
    #expect(open.capabilities.multiprotocol == [FamilyCode(.ipv6)])
  }

  @Test(arguments: [
    ("03 fdea 0006 01000002 00", "Unsupported version number"),
    ("04 fdea 0002 01000002 00", "Unacceptable hold time"),
    ("04 fdea 0006 00000000 00", "Bad BGP identifier"),
    ("04 fdea 0006 01000002 04 0102 0000", "Unsupported optional parameter"),
    ("04 fdea 0006 01000002 04 0203 0200", "Invalid OPEN message"),
    ("04 fdea 0006 01000002 05 0202 0200", "Invalid OPEN message"),
    ("04 fdea 0006 01000002 04 0202 0203", "Invalid OPEN message"),
    ("04 fdea 0006 0100", "Invalid OPEN message"),
  ])
  func `A wrong OPEN has its own subcode`(input: (String, String)) {
    do throws(Notification) {
      _ = try OpenMessage(decoding: hex(input.0).span.bytes)
      Issue.record("accepted \(input.0)")
    } catch {
      #expect(error.text == input.1)
      #expect(error.code == .open)
    }
  }

  @Test(arguments: [
    (UInt32(65003), UInt32(0x0100_0002), UInt16(6), "Bad peer AS"), (65002, 0x0100_0002, 4, "Unacceptable hold time"),
  ])
  func `OPEN is checked against the configuration`(input: (UInt32, UInt32, UInt16, String)) {
    let local = configurationA { $0.minHoldTime = 5 }
    var remote = configurationB()
    remote.localAS = input.0
    remote.routerID = RouterID(rawValue: input.1)
    remote.holdTime = input.2
    do throws(Notification) {
      try OpenMessage(remote, capabilities: Capabilities(remote)).check(local)
      Issue.record("accepted")
    } catch { #expect(error.text == input.3) }
  }

  @Test func `Within an AS identifiers must differ and between ASes they need not`() throws {
    var remote = configurationB()
    remote.routerID = RouterID(rawValue: 0x0100_0001)
    try OpenMessage(remote, capabilities: Capabilities(remote)).check(configurationA())
    remote.localAS = 65001
    #expect(throws: Notification.badIdentifier) {
      try OpenMessage(remote, capabilities: Capabilities(remote)).check(configurationA { $0.neighborAS = .internal })
    }
  }

  @Test func `The hold time is the smaller one, and keepalives follow it`() throws {
    let peer = Peer(
      configuration: configurationA {
        $0.holdTime = 240; $0.keepaliveTime = 80
      }, seed: 0)
    var open = OpenMessage(configurationB(), capabilities: Capabilities())
    #expect(try peer.negotiateTimers(open, offered: peer.configuration.holdTime) == (6, 2))
    open.holdTime = 1000
    #expect(try peer.negotiateTimers(open, offered: peer.configuration.holdTime) == (240, 80))
    open.holdTime = 0
    #expect(try peer.negotiateTimers(open, offered: peer.configuration.holdTime) == (0, 0))
  }

  @Test func `NOTIFICATION carries the operator's words`() {
    let shutdown = Notification.cease(.administrativeShutdown, message: "Wartung")
    #expect(hexText(shutdown.encoded) == "ffffffffffffffffffffffffffffffff001d03" + "0602" + "07" + hexText(Array("Wartung".utf8)))
    #expect(Notification(decoding: body(shutdown.encoded).span.bytes) == shutdown)
    #expect(shutdown.shutdownCommunication == "Wartung")
    // Never more than 255 octets, and no half characters.
    let long = Notification.cease(.administrativeReset, message: String(repeating: "ü", count: 200))
    #expect(long.data.count == 255 && long.data[0] == 254)
    // A length beyond the end says nothing.
    #expect(Notification(.cease, 2, data: [9, 65]).shutdownCommunication == nil)
    #expect(Notification(Notification.Code(rawValue: 6), 99).text == "Unknown error 6.99")
    #expect(Notification(decoding: [UInt8]().span.bytes).text == "Unknown error 0.0")
  }

  @Test func `ROUTE-REFRESH both ways`() throws {
    let refresh = RouteRefresh(.ipv6, .end)
    #expect(hexText(refresh.encoded) == "ffffffffffffffffffffffffffffffff001705" + "0002" + "02" + "01")
    #expect(try RouteRefresh(decoding: body(refresh.encoded).span.bytes) == refresh)
    #expect(try RouteRefresh(decoding: hex("00190041").span.bytes) == nil)
    #expect(throws: Notification(.routeRefresh, 1, data: hex("0002000100"))) {
      _ = try RouteRefresh(decoding: hex("0002000100").span.bytes)
    }
  }
}
